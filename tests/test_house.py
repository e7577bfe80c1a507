"""The rules of the house that no tool knows: no clock in the rules, who acts is always said, words can be translated."""

from __future__ import annotations

import ast
import inspect
import pkgutil
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

import desktop
import desktop.office

TOP = Path(desktop.__file__).parent
SOURCES = sorted(TOP.rglob("*.py"))
CLOCKS = {"now", "today", "utcnow", "time_ns"}
# Where the clock is read: at the edges, and nowhere else.
EDGES = ("cli", "gui")
# Office modules whose functions work without an open clinic file, or make one.
WITHOUT_FILE = {"access", "rules", "demo", "facts", "arrivals"}


def _trees(*folders: str) -> Iterator[tuple[Path, ast.Module]]:
    for path in SOURCES:
        if path.relative_to(TOP).parts[0].removesuffix(".py") in folders:
            yield path, ast.parse(path.read_text())


def test_rules_memory_paper_and_work_never_read_the_clock() -> None:
    """`now` is handed in, so that every rule can be asked as of another instant."""
    found = [
        f"{path.name}:{node.lineno}"
        for path, tree in _trees("clinic", "records", "documents", "office")
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in CLOCKS
        and isinstance(node.value, ast.Name)
        and node.value.id in {"datetime", "date", "time"}
    ]
    assert found == []


def test_every_task_of_the_office_is_told_who_acts_and_when() -> None:
    """The first two parameters are the store and the actor."""
    silent = []
    for module in pkgutil.iter_modules(desktop.office.__path__):
        if module.name in WITHOUT_FILE:
            continue
        loaded = import_module(f"desktop.office.{module.name}")
        for name, task in inspect.getmembers(loaded, inspect.isfunction):
            parameters = list(inspect.signature(task).parameters)
            if not name.startswith("_") and parameters[:1] == ["store"] and parameters[:2] != ["store", "actor"]:
                silent.append(f"{module.name}.{name}")
    assert silent == []


def test_nobody_swallows_errors() -> None:
    """An error is a sentence for the user or it is our bug; there is no catch-all that carries on."""
    found = [
        f"{path.relative_to(TOP)}:{node.lineno}"
        for path, tree in _trees("clinic", "records", "documents", "office", "settings", "cli", "gui")
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or (isinstance(node.type, ast.Name) and node.type.id in {"Exception", "BaseException"}))
        and not any(isinstance(inner, ast.Raise) for inner in ast.walk(node))
    ]
    assert found in ([], ["gui/jobs.py"]) or all(one.startswith("gui/jobs.py") for one in found)


def test_words_for_the_user_are_translated_before_they_are_filled() -> None:
    """Gettext looks up what is written; a filled sentence is never in the catalog."""
    found = [
        f"{path.relative_to(TOP)}:{node.lineno}"
        for path, tree in _trees("clinic", "records", "documents", "office", "cli", "gui")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "_"
        and not (len(node.args) == 1 and isinstance(node.args[0], ast.Constant))
        # The docstring of an error is its sentence, that of a command its help.
        and "__doc__" not in ast.unparse(node)
    ]
    assert found == []


@pytest.mark.parametrize("name", ["util", "utils", "common", "helper", "helpers", "manager", "misc"])
def test_no_room_without_a_subject(name: str) -> None:
    """A module says what it is about."""
    assert not [path for path in SOURCES if name in path.stem.split("_")]


def test_modules_stay_readable() -> None:
    """No file beyond 500 lines, half of them within 150."""
    lengths = sorted(len(path.read_text().splitlines()) for path in SOURCES)
    assert lengths[-1] <= 500
    assert lengths[len(lengths) // 2] <= 150
