"""A facts file as a stream: its rows one after another, without ever holding the whole text.

The bytes are not trusted: nesting, values in a row, digits, NUL and repeated field names are limited while reading.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from gettext import gettext as _
from typing import Any, BinaryIO

import ijson

from desktop.documents.problems import dotted, shown
from desktop.documents.rows import BadFile, bad_file, refuse_other_kinds

DEEPEST = 32
MOST_VALUES = 200_000
"""Values in one row; the largest honest row has some thousands."""

_CHUNK = 64 * 1024
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Piece:
    """A top-level field (`index` None) or one row of a top-level list, in the order of the file."""

    name: str
    index: int | None
    value: Any


def pieces(stream: BinaryIO) -> Iterator[Piece]:
    """The top-level fields of a JSON object; a list of them comes row by row, and first once as an empty list.

    Raises BadFile when it is not UTF-8 JSON, not an object, or breaks a limit.
    """
    first = stream.read(_CHUNK)
    refuse_other_kinds(first)
    if not first.strip():
        raise bad_file(_("the file is empty."))
    builder = _Builder()
    try:
        rest = _Joined(first.removeprefix(_BOM), stream)
        yield from builder.pieces(ijson.basic_parse(rest, use_float=True, buf_size=_CHUNK))
    except (ijson.JSONError, UnicodeDecodeError) as error:
        # without the cause: the parser quotes the text around the fault, and that may be a name
        raise builder.not_json(error) from None


def value(data: bytes) -> object:
    """The JSON value of a short text, under the same limits; what it holds is decided by the caller."""
    builder = _Builder()
    try:
        return builder.whole(ijson.basic_parse(io.BytesIO(data), use_float=True))
    except (ijson.JSONError, UnicodeDecodeError) as error:
        raise builder.not_json(error) from None


class _Joined:
    """The bytes already looked at, then the rest of the stream."""

    def __init__(self, first: bytes, rest: BinaryIO) -> None:
        self._first = first
        self._rest = rest

    def read(self, size: int = -1) -> bytes:
        """The next bytes, as any stream gives them."""
        if size and self._first:
            taken, self._first = self._first, b""
            return taken
        return self._rest.read(size)


class _Builder:
    """Puts values together from the parser's events, and counts as it goes."""

    def __init__(self) -> None:
        self.path: list[str | int] = []
        self.values = 0

    def whole(self, events: Iterator[tuple[str, Any]]) -> object:
        """The one value that the text holds."""
        made = self._value(*next(events), events, 0)
        self._drain(events)
        return made

    def pieces(self, events: Iterator[tuple[str, Any]]) -> Iterator[Piece]:
        """The top-level fields of the object that the text holds."""
        kind, _given = next(events)
        if kind != "start_map":
            raise bad_file(_('a facts file is one JSON object in braces, such as {"clients": []}.'))
        seen: set[str] = set()
        for kind, name in events:
            if kind == "end_map":
                break
            self.path = [name]
            if name in seen:
                raise self._refused(_("this field occurs twice; keep one of them."))
            seen.add(name)
            yield from self._field(name, events)
        self._drain(events)

    def _field(self, name: str, events: Iterator[tuple[str, Any]]) -> Iterator[Piece]:
        kind, given = next(events)
        if kind != "start_array":
            self.values = 0
            yield Piece(name, None, self._value(kind, given, events, 1))
            return
        yield Piece(name, None, [])
        for index, (kind, given) in enumerate(events):
            if kind == "end_array":
                return
            self.path = [name, index]
            self.values = 0
            yield Piece(name, index, self._value(kind, given, events, 2))

    def _value(self, kind: str, given: object, events: Iterator[tuple[str, Any]], depth: int) -> object:
        self.values += 1
        if kind == "start_map":
            return self._object(events, depth + 1)
        if kind == "start_array":
            return self._list(events, depth + 1)
        if isinstance(given, str) and "\x00" in given:
            raise self._refused(_("this text holds a NUL character; remove it."))
        return given

    def _object(self, events: Iterator[tuple[str, Any]], depth: int) -> dict[str, Any]:
        self._check(depth)
        made: dict[str, Any] = {}
        for kind, name in events:
            if kind == "end_map":
                break
            if name in made:
                raise self._refused(_("the field {name} occurs twice here; keep one.").format(name=shown(name)))
            if "\x00" in name:
                raise self._refused(_("this text holds a NUL character; remove it."))
            made[name] = self._value(*next(events), events, depth)
        return made

    def _list(self, events: Iterator[tuple[str, Any]], depth: int) -> list[Any]:
        self._check(depth)
        made = []
        for kind, given in events:
            if kind == "end_array":
                break
            made.append(self._value(kind, given, events, depth))
            if self.values > MOST_VALUES:
                self._check(depth)
        return made

    def _check(self, depth: int) -> None:
        if depth > DEEPEST:
            raise self._refused(_("this is nested deeper than {most} levels.").format(most=DEEPEST))
        if self.values > MOST_VALUES:
            raise self._refused(_("this holds more than {most} values.").format(most=MOST_VALUES))

    def not_json(self, error: Exception) -> BadFile:
        """The error for text that the parser cannot read, with the place reached so far."""
        if "overflow" in str(error):
            return self._refused(_("a number here is too large."))
        sentence = _("this is not valid JSON in UTF-8; check commas, quotes and brackets here or just after.")
        return self._refused(sentence)

    def _refused(self, sentence: str) -> BadFile:
        row = self.path[1] + 1 if len(self.path) > 1 and isinstance(self.path[1], int) else 0
        return bad_file(sentence, row=row, field=dotted(self.path))

    @staticmethod
    def _drain(events: Iterator[tuple[str, Any]]) -> None:
        """Read to the end, so that text after the end is found."""
        for _event in events:
            raise bad_file(_("there is more text after the end of the JSON."))
