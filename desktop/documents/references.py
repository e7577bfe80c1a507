"""Ids that name another record: found by their type, so that a new field is never forgotten."""

from __future__ import annotations

import difflib
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, is_dataclass
from functools import cache
from gettext import gettext as _
from typing import Any, cast

from desktop.clinic.clients import Client
from desktop.clinic.pathway import Pathway, PathwayId
from desktop.clinic.people import ClientId, Referrer, ReferrerId, TherapistId
from desktop.clinic.practice import Group, GroupId, Room, RoomId, Site, SiteId
from desktop.clinic.referral import Referral, ReferralId
from desktop.clinic.rulebook import Fact
from desktop.clinic.services import Service, ServiceId
from desktop.clinic.therapists import Therapist
from desktop.clinic.visits import Visit, VisitId
from desktop.clinic.waiting import Waiting, WaitingId
from desktop.documents.problems import dotted, row_of
from desktop.documents.rows import RowError
from desktop.documents.schema import parts, type_hints

_NAMED: Mapping[object, type] = {
    ClientId: Client,
    TherapistId: Therapist,
    ReferrerId: Referrer,
    SiteId: Site,
    RoomId: Room,
    GroupId: Group,
    ServiceId: Service,
    ReferralId: Referral,
    VisitId: Visit,
    PathwayId: Pathway,
    WaitingId: Waiting,
}
_NEAREST = 8


@dataclass(frozen=True, slots=True)
class Reference:
    """A field that names another record by its id."""

    kind: type
    id: str
    path: tuple[str | int, ...]


def references(value: object, path: tuple[str | int, ...]) -> Iterator[Reference]:
    """Every id in a value that names another record; `path` is where the value stands in its file."""
    for name, target in _plan(cast("Hashable", type(value))):
        found = getattr(value, name)
        if found is None or found == ():
            continue
        if isinstance(found, tuple):
            for index, one in enumerate(found):
                yield from _of(one, target, (*path, name, index))
        else:
            yield from _of(found, target, (*path, name))


def unknown(reference: Reference, known: Iterable[str]) -> RowError:
    """The error for an id that names nothing, with the ids that the writer may have meant."""
    ids = sorted(known)
    kind = reference.kind.__name__.lower()
    near = difflib.get_close_matches(reference.id[:100], ids, n=_NEAREST, cutoff=0.5) or ids[:_NEAREST]
    if near:
        sentence = _("there is no {kind} with this id; ids that exist: {ids}.").format(
            kind=kind, ids=", ".join(near) + (", …" if len(ids) > len(near) else "")
        )
    else:
        sentence = _("there is no {kind} with this id; the file has no {kind} at all.").format(kind=kind)
    return RowError(row=row_of(reference.path), field=dotted(reference.path), sentence=sentence)


def repeated(name: str, values: Sequence[Any]) -> Iterator[RowError]:
    """The rows of a list whose id an earlier row has already."""
    seen: dict[tuple[str, ...], int] = {}
    for index, value in enumerate(values):
        first = seen.setdefault(identity(value), index)
        if first != index:
            earlier = dotted((name, first))
            sentence = _("{earlier} has the same id; give each its own.")
            if isinstance(value, Fact):
                sentence = _("{earlier} has the same key and valid_from; keep one of them.")
            yield RowError(row=index + 1, field=dotted((name, index)), sentence=sentence.format(earlier=earlier))


def identity(value: Any) -> tuple[str, ...]:  # noqa: ANN401
    """What makes a record itself: its id; of a rule its key and first day."""
    return (value.key, str(value.valid_from or "")) if isinstance(value, Fact) else (value.id,)


def _of(value: Any, target: type | None, path: tuple[str | int, ...]) -> Iterator[Reference]:  # noqa: ANN401
    if target is None:
        yield from references(value, path)
    else:
        yield Reference(target, value, path)


@cache
def _plan(kind: Hashable) -> tuple[tuple[str, type | None], ...]:
    """The fields of a dataclass that name a record, with its kind, or that hold values which do, with None."""
    plan: list[tuple[str, type | None]] = []
    for name, hint in type_hints(kind, include_extras=True).items():
        for part in parts(hint):
            if part in _NAMED and name != "id":
                plan.append((name, _NAMED[part]))
            elif isinstance(part, type) and is_dataclass(part) and _plan(part):
                plan.append((name, None))
    return tuple(plan)
