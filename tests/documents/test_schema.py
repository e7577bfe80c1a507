"""The published schema says all that a person needs to write a facts file by hand, and allows nothing else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time
from typing import Any

import jsonschema_rs
import pytest

from desktop import resource
from desktop.clinic.facts import Facts
from desktop.documents.schema import VERSION, bare, parts, schema, type_hints, validator


def _objects(part: Any) -> Iterator[dict[str, Any]]:
    if isinstance(part, dict):
        if "properties" in part and isinstance(part["properties"], dict) and part.get("type") == "object":
            yield part
        for inner in part.values():
            yield from _objects(inner)


def _kinds() -> dict[str, type]:
    found: dict[str, type] = {"Facts": Facts}
    waiting: list[type] = [Facts]
    while waiting:
        for hint in type_hints(waiting.pop(), include_extras=True).values():
            for one in parts(hint):
                if isinstance(one, type) and is_dataclass(one) and one.__name__ not in found:
                    found[one.__name__] = one
                    waiting.append(one)
    return found


def test_is_a_valid_schema_of_2020_12_with_id_title_and_version() -> None:
    made = schema()
    jsonschema_rs.meta.validate(made)
    assert made["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert made["$id"].endswith(f":{VERSION}")
    assert made["version"] == VERSION
    assert made["title"] == "Warm Handoff facts"


def test_no_object_takes_unknown_fields() -> None:
    objects = list(_objects(schema()))
    assert len(objects) > 35
    assert [one["title"] for one in objects if one.get("additionalProperties") is not False] == []


def test_every_note_beside_a_field_is_its_description() -> None:
    made = schema()
    for name, kind in _kinds().items():
        properties = (made if kind is Facts else made["$defs"][name])["properties"]
        for field in fields(kind):
            _base, note = bare(type_hints(kind, include_extras=True)[field.name])
            assert not note or properties[field.name]["description"] == note, (name, field.name)


def test_every_docstring_is_a_description() -> None:
    made = schema()
    for name, kind in _kinds().items():
        assert kind.__doc__
        definition = made if kind is Facts else made["$defs"][name]
        assert definition["description"].split() == kind.__doc__.split()


def test_dates_moments_and_times_have_their_forms() -> None:
    made = schema()
    for name, kind in _kinds().items():
        properties = (made if kind is Facts else made["$defs"][name])["properties"]
        for field in fields(kind):
            held = set(parts(type_hints(kind, include_extras=True)[field.name]))
            spec = properties[field.name]
            spec = spec.get("items", spec)
            if datetime in held:
                assert spec["format"] == "date-time", (name, field.name)
            elif date in held:
                assert spec["format"] == "date", (name, field.name)
            elif time in held:
                assert "pattern" in spec, (name, field.name)


@pytest.mark.parametrize(
    ("moment", "fits"),
    [
        ("2026-12-03T15:00:00-05:00", True),
        ("2026-12-03T20:00:00Z", True),
        ("2026-12-03T15:00:00", False),
        ("2026-12-03", False),
        ("2026-12-03T25:00:00Z", False),
        ("12/3/2026 3 PM", False),
    ],
)
def test_a_moment_needs_its_offset(moment: str, fits: bool) -> None:
    assert validator().is_valid({"now": moment}) is fits


def test_a_caller_may_change_what_it_gets() -> None:
    schema()["$defs"].clear()
    assert schema()["$defs"]


def test_is_the_same_in_every_process() -> None:
    """Sets have no order of their own; the schema must not show it."""
    code = "import json; from desktop.documents.schema import schema; print(json.dumps(schema()))"
    texts = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(texts) == 1


@pytest.mark.parametrize("name", ["check", "match"])
def test_the_examples_fit(name: str) -> None:
    example = json.loads(resource(f"demo/{name}.json").read_bytes())
    assert [error.message for error in validator().iter_errors(example)] == []
