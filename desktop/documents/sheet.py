"""The clinic's JSON file, both ways: `check`, `match` and import read it, export writes it."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from functools import cache
from gettext import gettext as _
from typing import Any, BinaryIO, get_args, get_origin

import msgspec

from desktop.clinic.errors import BadInput
from desktop.clinic.facts import Facts
from desktop.documents.problems import dotted, problems, row_of
from desktop.documents.references import Reference, identity, references, repeated, unknown
from desktop.documents.rows import MOST_ERRORS, BadFile, Progress, RowError, bad_file, quiet
from desktop.documents.schema import bare, parts, type_hints, validator
from desktop.documents.stream import pieces

MOST_BYTES = 256 * 1024 * 1024
_BATCH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A facts file as far as it could be read: its values, and every error in it.

    `dangling` are the ids that name no record of the file; whether that is an error depends on who reads.
    """

    values: Mapping[str, Any]
    errors: tuple[RowError, ...]
    dangling: tuple[Reference, ...]

    def known(self, kind: type[Any]) -> Iterator[str]:
        """The ids of that kind in the file."""
        rows: Iterator[Any] = (one for name in lists() for one in self.values.get(name, ()))
        return (one.id for one in rows if isinstance(one, kind))


def read_facts(data: bytes) -> Facts:
    """The facts in a JSON file.

    Raises BadFile with every error: each names its field's path, what is wrong with it, and what would be right.
    """
    if len(data) > MOST_BYTES:
        raise too_large(MOST_BYTES)
    reading = examine(io.BytesIO(data), size=len(data))
    errors = reading.errors or tuple(unknown(one, reading.known(one.kind)) for one in reading.dangling[:MOST_ERRORS])
    if errors:
        raise BadFile(errors)
    return Facts(**reading.values)


def write_facts(facts: Facts) -> bytes:
    """The facts as JSON: lists by id, sets sorted, two spaces, a line feed at the end; same facts, same bytes."""
    ordered: dict[str, Any] = {name: tuple(sorted(getattr(facts, name), key=identity)) for name in lists()}
    written = msgspec.json.encode(replace(facts, **ordered), order="deterministic")
    return msgspec.json.format(written, indent=2) + b"\n"


def examine(stream: BinaryIO, *, size: int, progress: Progress = quiet) -> Reading:
    """Read a facts file row by row; `progress` is told the bytes done of `size` and may raise Canceled.

    Raises BadFile when the file as a whole cannot be read; errors in single rows are collected in the answer.
    """
    found = _Found()
    for name, offset, rows in _batches(pieces(stream)):
        found.take(name, offset, rows)
        progress(min(stream.tell(), size), size)
        if len(found.errors) >= MOST_ERRORS:
            break
    progress(size, size)
    values = {name: tuple(rows) if name in lists() else rows for name, rows in found.values.items()}
    if not found.errors:
        for name in lists():
            found.errors.extend(repeated(name, values.get(name, ())))
    return Reading(
        values=values,
        errors=tuple(found.errors[:MOST_ERRORS]),
        dangling=() if found.errors else tuple(_dangling(values)),
    )


def too_large(most: int) -> BadFile:
    """The error for a file larger than `most` bytes."""
    return bad_file(_("the file is larger than {size} MB; split it.").format(size=most // 1024 // 1024))


@dataclass(slots=True)
class _Found:
    """What was read so far."""

    values: dict[str, Any] = field(default_factory=dict)
    errors: list[RowError] = field(default_factory=list)

    def take(self, name: str, offset: int | None, given: Any) -> None:  # noqa: ANN401
        """Check and keep a top-level field (`offset` None), or rows of a list that follow `offset` earlier ones."""
        errors = list(problems(validator().iter_errors({name: given}), offset or 0))
        self.errors.extend(errors)
        if errors or name == "$schema":
            return
        hint = type_hints(Facts, include_extras=True)[name]
        try:
            made = msgspec.convert(given, hint)
        except (BadInput, msgspec.ValidationError):
            self.errors.extend(_faults(hint, given, (name,), offset or 0))
            return
        if offset is None and name not in lists():
            self.values[name] = made
        else:
            self.values.setdefault(name, []).extend(made)


def _batches(found: Iterator[Any]) -> Iterator[tuple[str, int | None, Any]]:
    """The rows of each list in handfuls (name, rows before, rows); other fields one by one (name, None, value)."""
    name, start = "", 0
    rows: list[Any] = []
    for piece in found:
        if rows and (piece.index is None or len(rows) >= _BATCH):
            yield name, start, rows
            rows = []
        if piece.index is None:
            yield piece.name, None, piece.value
        elif piece.name in lists():
            name, start = piece.name, start if rows else piece.index
            rows.append(piece.value)
    if rows:
        yield name, start, rows


def _faults(hint: object, given: Any, path: tuple[str | int, ...], offset: int = 0) -> Iterator[RowError]:  # noqa: ANN401
    """Where in a value, as deep as possible, the rules of its type refuse it."""
    try:
        msgspec.convert(given, hint)
    except (BadInput, msgspec.ValidationError) as error:
        inner = list(_inner_faults(hint, given, path, offset))
        yield from inner or [_fault(hint, given, path, error)]


def _inner_faults(hint: object, given: Any, path: tuple[str | int, ...], offset: int) -> Iterator[RowError]:  # noqa: ANN401
    if isinstance(given, list):
        item = get_args(bare(hint)[0])[0]
        for index, one in enumerate(given):
            yield from _faults(item, one, (*path, index + offset))
        return
    kind = next((part for part in parts(hint) if isinstance(part, type) and is_dataclass(part)), None)
    if isinstance(given, dict) and kind is not None:
        hints = type_hints(kind, include_extras=True)
        for name, one in given.items():
            yield from _faults(hints[name], one, (*path, name))


def _fault(hint: object, given: object, path: tuple[str | int, ...], error: Exception) -> RowError:
    if not isinstance(error, BadInput):
        sentence = _("this value does not fit the field; see `warm-handoff schema`.")
        if isinstance(given, float):
            sentence = _("write the whole number without a decimal point.")
        return RowError(row=row_of(path), field=dotted(path), sentence=sentence)
    names = {name for part in parts(hint) if isinstance(part, type) for name in type_hints(part)}
    place = (*path, error.field) if error.field in names else path
    return RowError(row=row_of(path), field=dotted(place), sentence=str(error).removeprefix(f"{error.field}: "))


def _dangling(values: Mapping[str, Any]) -> Iterator[Reference]:
    known: dict[type, set[str]] = {}
    for name in lists():
        for one in values.get(name, ()) if name != "rules" else ():
            known.setdefault(type(one), set()).add(one.id)
    for name, given in values.items():
        rows: Sequence[tuple[tuple[str | int, ...], Any]]
        rows = [((name, i), one) for i, one in enumerate(given)] if isinstance(given, tuple) else [((name,), given)]
        for path, one in rows:
            if is_dataclass(one):
                yield from (ref for ref in references(one, path) if ref.id not in known.get(ref.kind, ()))


@cache
def lists() -> tuple[str, ...]:
    """The fields of Facts that are lists of records."""
    hints = type_hints(Facts)
    return tuple(one.name for one in fields(Facts) if get_origin(hints[one.name]) is tuple)
