"""The published JSON Schema (draft 2020-12) of a facts file: what import, `check` and `match` read and export writes."""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import fields, is_dataclass
from datetime import datetime, time
from enum import Enum
from functools import cache
from typing import Annotated, Any, Union, cast, get_args, get_origin, get_type_hints

import jsonschema_rs
import msgspec

from desktop.clinic.facts import Facts

VERSION = 1
LONGEST_TEXT = 32_768
LARGEST_NUMBER = 1_000_000
TIME_PATTERN = r"^([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,6})?$"

type_hints = cache(get_type_hints)


def schema() -> dict[str, Any]:
    """The schema of a facts file, the same at every call; the caller may change what it gets."""
    return deepcopy(_made())


@cache
def _made() -> dict[str, Any]:
    made = msgspec.json.schema(Facts)
    definitions = made["$defs"]
    for kind in _kinds(Facts):
        if issubclass(kind, Enum):
            definitions[kind.__name__]["enum"] = list(allowed(kind))  # in the order of the rules, not of the alphabet
        else:
            _describe(kind, definitions[kind.__name__])
    facts = definitions.pop("Facts")
    facts["properties"] = {
        "$schema": {"type": "string", "description": "where this schema lies, for editors; not read"},
        **facts["properties"],
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:warm-handoff:facts:{VERSION}",
        "version": VERSION,
        **facts,
        "title": "Warm Handoff facts",
        "$defs": definitions,
    }


@cache
def validator() -> jsonschema_rs.Draft202012Validator:
    """The compiled schema; dates and date-times are checked as well."""
    return jsonschema_rs.Draft202012Validator(_made(), validate_formats=True)


def part_at(path: Sequence[str | int]) -> Mapping[str, Any]:
    """The part of the schema at a path, as the errors of `validator` name it; to look at, not to change."""
    place: Any = _made()
    for step in path:
        place = place[step]
    return cast("Mapping[str, Any]", place)


def bare(hint: object) -> tuple[Any, str]:
    """A type without its Annotated, and the plain string in it (empty when there is none)."""
    if get_origin(hint) is Annotated:
        base, *notes = get_args(hint)
        return base, next((note for note in notes if isinstance(note, str)), "")
    return hint, ""


def parts(hint: object) -> Iterator[Any]:
    """The types that a field's type is made of: of a union its members, of a tuple or set what it holds."""
    base, _note = bare(hint)
    if get_origin(base) in (Union, types.UnionType, tuple, frozenset):
        for one in get_args(base):
            yield from parts(one)
    elif base is not Ellipsis and base is not type(None):
        yield base


def _kinds(kind: object, seen: set[type] | None = None) -> Iterator[type]:
    """Every dataclass and enumeration that can occur in a value of `kind`, each once."""
    seen = set() if seen is None else seen
    if kind in seen or not (isinstance(kind, type) and (is_dataclass(kind) or issubclass(kind, Enum))):
        return
    seen.add(kind)
    yield kind
    for hint in type_hints(kind, include_extras=True).values() if is_dataclass(kind) else ():
        for one in parts(hint):
            yield from _kinds(one, seen)


def _describe(kind: type, definition: dict[str, Any]) -> None:
    """Close the definition of a dataclass, and give its fields their descriptions, formats and limits in place."""
    hints = type_hints(kind, include_extras=True)
    definition["additionalProperties"] = False
    for field in fields(kind):
        if field.name not in definition["properties"]:
            continue
        hint, note = bare(hints[field.name])
        spec = definition["properties"][field.name]
        _limit(spec, tuple(parts(hint)))
        if isinstance(spec.get("default"), list) and spec.get("uniqueItems"):
            spec["default"] = sorted(spec["default"])
        if field.name == "id":
            spec["minLength"] = 1
        if note:
            spec["description"] = note


def _limit(spec: dict[str, Any], kinds: tuple[Any, ...]) -> None:
    """Give the places for moments, wall-clock times, texts and numbers in `spec` their format or limit, in place."""
    if len(alternatives := spec.get("anyOf", ())) == 2 and alternatives[1] == {"type": "null"}:
        _limit(alternatives[0], kinds)
        if isinstance(alternatives[0].get("type"), str):  # one "type" reads better, and gives clearer errors
            only = alternatives[0]
            spec.pop("anyOf")
            spec.update(only, type=[only["type"], "null"])
    elif spec.get("type") == "array":
        _limit(spec["items"], kinds)
    elif spec.get("type") == "integer":
        spec.update(minimum=0, maximum=LARGEST_NUMBER)
    elif spec.get("type") == "string":
        if datetime in kinds:
            spec["format"] = "date-time"
            spec.setdefault("description", "with the UTC offset, for example 2026-12-03T15:00:00-05:00")
        elif time in kinds:
            spec["pattern"] = TIME_PATTERN
        elif "format" not in spec:
            spec["maxLength"] = LONGEST_TEXT


def allowed(enum: type[Enum]) -> tuple[str, ...]:
    """The values of an enumeration as a file writes them."""
    return tuple(str(one.value) for one in enum)
