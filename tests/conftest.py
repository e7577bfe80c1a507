"""Real clinic files for every test that needs one: made once, then copied."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from desktop.clinic.change import Actor, UserId
from desktop.clinic.facts import Facts
from desktop.clinic.practice import Practice
from desktop.office import access
from desktop.office.demo import demo_facts, fill
from desktop.records.store import Store, open_store
from desktop.records.vault import Cost, key_file

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
ROSA = Actor(user=UserId("rosa"), now=NOW)
PASSPHRASE = "quiet river stone lamp"
CHEAP = Cost(memory_kib=64, passes=1, lanes=1)


@pytest.fixture(scope="session")
def blank_file(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes]:
    """An empty clinic file and its data key, made once."""
    path = tmp_path_factory.mktemp("blank") / "blank.handoff"
    access.new_clinic(
        path,
        user=ROSA.user,
        name="Rosa Desk",
        passphrase=PASSPHRASE,
        practice=Practice(name="Wissahickon Psychotherapy Group"),
        now=NOW,
        cost=CHEAP,
    )[0].close()
    return path, access.data_key(path, ROSA.user, PASSPHRASE)


@pytest.fixture(scope="session")
def demo() -> Facts:
    """The demo practice of the tests' day."""
    return demo_facts(today=TODAY)


@pytest.fixture(scope="session")
def demo_file(blank_file: tuple[Path, bytes], demo: Facts, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clinic file with the demo practice, made once; never changed."""
    path = tmp_path_factory.mktemp("demo") / "demo.handoff"
    _copy(blank_file[0], path)
    store = open_store(path, blank_file[1])
    fill(store, ROSA, demo)
    store.close()
    return path


@pytest.fixture
def opened(blank_file: tuple[Path, bytes], tmp_path: Path) -> Iterator[Callable[[Path], Store]]:
    """Open a copy of a clinic file of its own for this test."""
    stores: list[Store] = []

    def open_copy(source: Path) -> Store:
        path = tmp_path / f"{len(stores)}-{source.name}"
        _copy(source, path)
        stores.append(open_store(path, blank_file[1]))
        return stores[-1]

    yield open_copy
    for store in stores:
        store.close()


@pytest.fixture
def store(opened: Callable[[Path], Store], blank_file: tuple[Path, bytes]) -> Store:
    """An open, empty clinic file of its own."""
    return opened(blank_file[0])


@pytest.fixture
def demo_store(opened: Callable[[Path], Store], demo_file: Path) -> Store:
    """An open clinic file of its own with the demo practice."""
    return opened(demo_file)


@pytest.fixture(scope="session")
def shared_demo_store(demo_file: Path, blank_file: tuple[Path, bytes]) -> Iterator[Store]:
    """The demo practice, open, for tests that only read."""
    store = open_store(demo_file, blank_file[1])
    yield store
    store.close()


def _copy(source: Path, target: Path) -> None:
    shutil.copyfile(source, target)
    shutil.copyfile(key_file(source), key_file(target))
