"""Strategies that make any value a facts file can hold, from the types themselves."""

from __future__ import annotations

import types
from collections.abc import Callable, Hashable, Mapping
from dataclasses import is_dataclass
from datetime import date, datetime, time, timedelta, timezone
from enum import Enum
from functools import cache
from typing import Any, NewType, Union, cast, get_args, get_origin

from hypothesis import strategies as st

from desktop.clinic.clients import Client
from desktop.clinic.facts import Facts
from desktop.clinic.moments import Window
from desktop.clinic.people import Name
from desktop.clinic.referral import NextAction, Referral
from desktop.clinic.requests import Proposal, Request
from desktop.clinic.rulebook import Fact
from desktop.clinic.services import Format
from desktop.clinic.therapists import License, Supervision, TimeOff
from desktop.clinic.visits import Seat, Visit
from desktop.clinic.waiting import Offer, Slot, Waiting
from desktop.documents.references import identity
from desktop.documents.schema import bare, type_hints
from desktop.documents.sheet import lists

Fields = dict[str, Any]

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12)
IDS = st.text(st.characters(codec="ascii", categories=("L", "N")), min_size=1, max_size=8)
DAYS = st.dates(date(1901, 1, 1), date(2099, 12, 31))
OFFSETS = st.integers(-12 * 60, 12 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.datetimes(datetime(1971, 1, 1), datetime(2099, 1, 1), timezones=OFFSETS)  # noqa: DTZ001
NUMBERS = st.integers(-(2**53), 2**53) | st.floats(-1e9, 1e9, allow_nan=False)
ANYTHING = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(IDS, inner, max_size=3),
    max_leaves=6,
)


def values(hint: object) -> st.SearchStrategy[Any]:
    """Values of a type as the clinic's dataclasses use them."""
    base, _note = bare(hint)
    if isinstance(base, NewType):
        return IDS
    if get_origin(base) in (Union, types.UnionType):
        return st.one_of(*(values(one) for one in get_args(base)))
    if get_origin(base) is tuple:
        item = get_args(base)[0]
        named = item is Fact or "id" in getattr(item, "__dataclass_fields__", {})
        return st.lists(values(item), max_size=2, unique_by=identity if named else None).map(tuple)
    if get_origin(base) is frozenset:
        return st.frozensets(values(get_args(base)[0]), max_size=3)
    if isinstance(base, type) and is_dataclass(base):
        kind = cast("Hashable", base)
        return st.deferred(lambda: _built(kind))
    if isinstance(base, type) and issubclass(base, Enum):
        return st.sampled_from(list(base))
    return _PLAIN[base]


@cache
def _built(kind: Any) -> st.SearchStrategy[Any]:
    hints = type_hints(kind, include_extras=True)
    given = {name: _FIELDS[kind, name] if (kind, name) in _FIELDS else values(hint) for name, hint in hints.items()}
    given |= {"id": IDS} if "id" in given else {}
    return st.fixed_dictionaries(given).map(lambda fields: kind(**_MENDED.get(kind, _as_it_is)(fields)))


def _as_it_is(fields: Fields) -> Fields:
    return fields


def _in_order(fields: Fields) -> Fields:
    start, end = sorted((fields["start"], fields["end"]))
    return {**fields, "start": start, "end": end if end > start else start + timedelta(minutes=50)}


def _window(fields: Fields) -> Fields:
    start, end = sorted((fields["start"], fields["end"]))
    return {**fields, "start": start, "end": end} if start < end else {**fields, "start": time(9), "end": time(17)}


def _lasting(fields: Fields) -> Fields:
    first = (fields["since"] + timedelta(days=2)).date()
    return {**fields, "expires": fields["expires"] and max(fields["expires"], first)}


def _answerable(fields: Fields) -> Fields:
    made, until = sorted((fields["offered_at"], fields["held_until"]))
    return {**fields, "offered_at": made, "held_until": until if until > made else made + timedelta(hours=4)}


def _placed(fields: Fields) -> Fields:
    return {**fields, "format": fields["format"] if fields["site"] else Format.TELEHEALTH}


def _supervision(fields: Fields) -> Fields:
    state = fields["state"]
    return {**fields, "modality": None if state else fields["modality"] or "emdr"}


def _license(fields: Fields) -> Fields:
    effective = fields["effective"]
    return {**fields, "effective": effective if effective is None or effective <= fields["expires"] else None}


_PLAIN: Mapping[Any, st.SearchStrategy[Any]] = {
    str: TEXT,
    bool: st.booleans(),
    int: st.integers(0, 1_000_000),
    date: DAYS,
    datetime: MOMENTS,
    time: st.times(),
    Any: ANYTHING,
    type(None): st.none(),
}
_FIELDS: Mapping[tuple[type, str], st.SearchStrategy[Any]] = {
    (Name, "family"): st.sampled_from(["O'Brien-Nguyễn", "王", "Ł", "x" * 60]),
    (Request, "formats"): st.just(frozenset({Format.TELEHEALTH})),
    (Request, "weeks"): st.integers(1, 52),
    (Proposal, "minutes"): st.none() | st.integers(1, 600),
    (Proposal, "seats"): st.tuples(values(Seat)),
    (Referral, "owner"): IDS,
    (Referral, "due"): DAYS,
    (Referral, "next_action"): values(NextAction),
    (Client, "concern"): TEXT,
}
_MENDED: Mapping[Hashable, Callable[[Fields], Fields]] = {
    Window: _window,
    TimeOff: _in_order,
    Visit: lambda fields: _placed(_in_order(fields)),
    Proposal: _placed,
    Supervision: _supervision,
    License: _license,
    Waiting: _lasting,
    Slot: lambda fields: _placed(_in_order(fields)),
    Offer: _answerable,
}

LISTS = {name: values(type_hints(Facts, include_extras=True)[name]) for name in lists()}
"""The records of each list of a facts file."""

QUESTIONS = st.fixed_dictionaries(
    {name: values(type_hints(Facts, include_extras=True)[name]) for name in ("practice", "now", "proposal", "request")}
)
"""What a facts file holds besides its lists."""
