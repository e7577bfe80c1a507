"""What stands in the way of taking something out, or of putting a visit back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import Column, Connection, select

from desktop.clinic.visits import VisitId
from desktop.records.tables import KINDS, LONGEST, chunks, kind_of, part

_LONGEST = int(LONGEST.total_seconds())


def is_referred_to(connection: Connection, type_: type, keys: Sequence[str]) -> bool:
    """Whether a visit or another record names one of these clients, therapists or rooms."""
    return any(
        connection.execute(select(1).where(column.in_(chunk)).limit(1)).first() is not None
        for column in _columns(type_)
        for chunk in chunks(keys)
    )


def overlaps(connection: Connection, visits: Sequence[VisitId]) -> Iterator[tuple[VisitId, VisitId]]:
    """Pairs of one of these visits and another that holds the same therapist's, room's or client's time."""
    mine, other = part.alias(), part.alias()
    query = select(mine.c.visit, other.c.visit).where(
        mine.c.holds,
        other.c.resource == mine.c.resource,
        other.c.start > mine.c.busy_from - _LONGEST,
        other.c.start < mine.c.busy_to + _LONGEST,
        other.c.busy_from < mine.c.busy_to,
        other.c.busy_to > mine.c.busy_from,
        other.c.holds,
        other.c.visit != mine.c.visit,
    )
    for chunk in chunks(visits):
        for one, another in connection.execute(query.where(mine.c.visit.in_(chunk))):
            yield VisitId(one), VisitId(another)


def _columns(type_: type) -> tuple[Column[str], ...]:
    """Every column that names a record of that type: the parts of visits, and those called like the type's own table."""
    name = kind_of(type_).name
    return (part.c.resource, *(kind.table.c[name] for kind in KINDS if name in kind.table.c))
