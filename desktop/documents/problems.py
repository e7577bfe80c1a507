"""What is wrong in a facts file, said so that whoever wrote it by hand can mend it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from gettext import gettext as _
from typing import Any

import jsonschema_rs

from desktop.documents.rows import RowError
from desktop.documents.schema import LARGEST_NUMBER, LONGEST_TEXT, part_at

_WALL_CLOCK = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?")
_LONGEST_NAME = 40


def problems(errors: Iterable[jsonschema_rs.ValidationError], offset: int = 0) -> Iterator[RowError]:
    """The schema's errors as sentences with their path; `offset` is how many rows of the list came before.

    No sentence repeats a value of the file: it may be a name or a birth date.
    """
    for error in errors:
        path = list(error.instance_path)
        if len(path) > 1 and isinstance(path[1], int):
            path[1] += offset
        yield from _one(error, path)


def dotted(path: Sequence[str | int]) -> str:
    """A path as a file's reader counts, from 0: therapists[0].licenses[1].state."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{shown(step)}" if text else shown(step)
    return text


def row_of(path: Sequence[str | int]) -> int:
    """The row of its list that a path leads into, counted from 1; 0 when it leads into none."""
    return path[1] + 1 if len(path) > 1 and isinstance(path[1], int) else 0


def shown(name: str) -> str:
    """A field name of the file, cut to a length that fits a sentence."""
    clean = "".join(letter if letter.isprintable() else "?" for letter in name)
    return clean if len(clean) <= _LONGEST_NAME else clean[: _LONGEST_NAME - 1] + "…"


def choice(given: object, options: Sequence[str]) -> str:
    """The sentence for a value that is none of the options, with the likely one first."""
    sentence = _("choose one of: {options}.").format(options=", ".join(options))
    wanted = str(given).strip().lower().replace(" ", "_").replace("-", "_") if isinstance(given, str) else ""
    folded = {one.lower(): one for one in options}
    if near := difflib.get_close_matches(wanted[:100], list(folded), n=1):
        sentence += " " + _("Did you mean {option}?").format(option=folded[near[0]])
    return sentence


def _one(error: jsonschema_rs.ValidationError, path: list[str | int]) -> Iterator[RowError]:
    kind = error.kind
    if isinstance(kind, jsonschema_rs.ValidationErrorKind.AnyOf):
        for inner in _of_value(kind.context):
            yield from _one(inner, path + list(inner.instance_path[len(error.instance_path) :]))
        return
    if isinstance(kind, jsonschema_rs.ValidationErrorKind.AdditionalProperties):
        owner = part_at(error.schema_path[:-1])
        for name in kind.unexpected:
            yield _error([*path, name], _no_such_field(name, list(owner["properties"])))
        return
    if isinstance(kind, jsonschema_rs.ValidationErrorKind.Required):
        owner = part_at(error.schema_path[:-1])
        note = owner["properties"].get(kind.property, {}).get("description", "")
        sentence = _("this field is missing; it is required ({note}).") if note else _("this field is missing.")
        yield _error([*path, kind.property], sentence.format(note=note))
        return
    yield _error(path, _sentence(kind, error.instance, part_at(error.schema_path[:-1])))


def _of_value(context: Sequence[Sequence[jsonschema_rs.ValidationError]]) -> Sequence[jsonschema_rs.ValidationError]:
    """Of "this or null" the errors of the first: nobody who wrote a value meant null."""
    return context[0]


def _error(path: Sequence[str | int], sentence: str) -> RowError:
    return RowError(row=row_of(path), field=dotted(path), sentence=sentence)


def _no_such_field(name: str, fields: list[str]) -> str:
    near = difflib.get_close_matches(name[:100].lower(), fields, n=1)
    if near:
        return _("there is no such field. Did you mean {name}? The fields here are: {fields}.").format(
            name=near[0], fields=", ".join(fields)
        )
    return _("there is no such field. The fields here are: {fields}.").format(fields=", ".join(fields))


def _sentence(kind: object, given: object, spec: Mapping[str, Any]) -> str:
    kinds = jsonschema_rs.ValidationErrorKind
    if isinstance(kind, kinds.Enum):
        return choice(given, [one for one in kind.options if isinstance(one, str)])
    if isinstance(kind, kinds.Format):
        return _moment(given, kind.format)
    if isinstance(kind, kinds.Type):
        return _type(given, spec)
    if isinstance(kind, kinds.Pattern):
        return _("write the time as HH:MM:SS on a 24-hour clock, for example 17:00:00.")
    if isinstance(kind, kinds.Minimum | kinds.Maximum):
        return _("give a whole number from 0 to {most}.").format(most=LARGEST_NUMBER)
    if isinstance(kind, kinds.MaxLength):
        return _("keep it to {most} characters.").format(most=LONGEST_TEXT)
    if isinstance(kind, kinds.MinLength):
        return _("this must not be empty.")
    if isinstance(kind, kinds.UniqueItems):
        return _("an entry of this list occurs twice; keep one of them.")
    return _("this does not fit the schema; see `warm-handoff schema`.")


def _moment(value: object, form: str) -> str:
    if form == "date":
        return _("write an existing day as YYYY-MM-DD, for example 2026-12-03.")
    if isinstance(value, str) and _WALL_CLOCK.fullmatch(value):
        return _("give the UTC offset with the time, for example 2026-12-03T15:00:00-05:00.")
    return _("write the instant as date, T, time and UTC offset, for example 2026-12-03T15:00:00-05:00.")


def _type(value: object, spec: Mapping[str, Any]) -> str:
    wanted = spec.get("type", "object")
    wanted = wanted[0] if isinstance(wanted, list) else wanted
    words = {
        "string": _('this must be text in quotes, for example "abc".'),
        "array": _("this must be a list in square brackets, also when it has one entry."),
        "object": _("this must be an object in braces with named fields."),
        "boolean": _("this must be true or false, without quotes."),
        "integer": _("this must be a whole number without quotes."),
    }
    if spec.get("format") in ("date", "date-time"):
        words["string"] = _moment("", spec["format"])
    if value is None:
        return _("null cannot stand here; leave the field out, or give a value.") + " " + words[wanted]
    return words[wanted]
