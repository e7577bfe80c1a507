"""Reading the records within one snapshot."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, Select, func, select

from desktop.clinic.change import UserId
from desktop.clinic.clients import Client, ClientStatus
from desktop.clinic.errors import Missing
from desktop.clinic.facts import Facts
from desktop.clinic.pathway import Pathway
from desktop.clinic.people import ClientId, Referrer, TherapistId
from desktop.clinic.practice import Group, Practice, Room, Site
from desktop.clinic.referral import Direction, Referral, ReferralId, Stage
from desktop.clinic.rulebook import Fact
from desktop.clinic.schedule import Period
from desktop.clinic.services import Service
from desktop.clinic.therapists import Therapist
from desktop.clinic.todo import ToDo
from desktop.clinic.visits import Visit, VisitId
from desktop.clinic.waiting import Offer, Waiting, WaitingId
from desktop.records import audit
from desktop.records.search import ClientLine, find_clients
from desktop.records.tables import LONGEST, Kind, chunks, kind_of, part, seconds, value_of

T = TypeVar("T")

_LONGEST = int(LONGEST.total_seconds())


class Reader:
    """Everything that can be asked of the records; all answers are of the same moment."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, type_: type[T], key: str) -> T | None:
        """The value of that id, or None."""
        table = kind_of(type_).table
        body = self._connection.execute(select(table.c.body).where(table.c.id == key)).scalar_one_or_none()
        return None if body is None else value_of(type_, body)

    def get(self, type_: type[T], key: str) -> T:
        """The value of that id.

        Raises Missing when it is not there.
        """
        found = self.find(type_, key)
        if found is None:
            raise Missing
        return found

    def all(self, type_: type[T]) -> tuple[T, ...]:
        """Every value of the kind, by id."""
        table = kind_of(type_).table
        return self._values(type_, select(table.c.body).order_by(table.c.id))

    def many(self, type_: type[T], keys: Iterable[str]) -> tuple[T, ...]:
        """The values of those ids that are there, by id."""
        found = self._bodies(kind_of(type_), sorted(set(keys)))
        return tuple(value_of(type_, body) for _key, body in found)

    def count(self, type_: type[T]) -> int:
        """How many values of the kind there are."""
        return self._connection.execute(select(func.count()).select_from(kind_of(type_).table)).scalar_one()

    def visits(
        self,
        start: datetime,
        end: datetime,
        *,
        therapists: Collection[TherapistId] = (),
        rooms: Collection[str] = (),
        clients: Collection[ClientId] = (),
        freed: bool = False,
    ) -> tuple[Visit, ...]:
        """The visits that overlap the half-open time, by start; of anyone when nobody is named; `freed`: canceled ones too."""
        table = kind_of(Visit).table
        query = select(table.c.body).where(*_overlap(table, start, end)).order_by(table.c.start, table.c.id)
        resources = {*therapists, *rooms, *clients}
        if resources:
            concerned = select(part.c.visit).where(part.c.resource.in_(sorted(resources)), *_overlap(part, start, end))
            query = query.where(table.c.id.in_(concerned))
        found = self._values(Visit, query)
        return found if freed else tuple(one for one in found if one.status.holds_time)

    def visits_of(self, client: ClientId) -> tuple[Visit, ...]:
        """Every visit of a client, canceled ones included, by start."""
        table = kind_of(Visit).table
        concerned = select(part.c.visit).where(part.c.resource == client)
        return self._values(Visit, select(table.c.body).where(table.c.id.in_(concerned)).order_by(table.c.start))

    def taken(
        self, start: datetime, end: datetime, ids: Iterable[str], *, ignoring: VisitId | None = None
    ) -> dict[str, tuple[Period, ...]]:
        """When those therapists, rooms and clients are taken, buffers included, by start; without one visit if it is named."""
        wanted = sorted(set(ids))
        times: dict[str, list[Period]] = {one: [] for one in wanted}
        # Most visits begin and end at the same few times of day, so that each instant is made once.
        instants = _Instants()
        low, high = seconds(start), seconds(end)
        for chunk in chunks(wanted):
            query = (
                select(part.c.resource, part.c.busy_from, part.c.busy_to)
                .where(
                    part.c.resource.in_(chunk),
                    part.c.start > low - _LONGEST,
                    part.c.start < high + _LONGEST,
                    part.c.busy_from < high,
                    part.c.busy_to > low,
                    part.c.holds,
                    *(() if ignoring is None else (part.c.visit != ignoring,)),
                )
                .order_by(part.c.resource, part.c.start)
            )
            for resource, busy_from, busy_to in self._connection.execute(query):
                times[resource].append(Period(instants[busy_from], instants[busy_to]))
        return {resource: tuple(periods) for resource, periods in times.items()}

    def clients_matching(self, typed: str, limit: int = 50) -> tuple[ClientLine, ...]:
        """The clients of whom every typed word begins a name, a phone number or the birth date, by name."""
        return find_clients(self._connection, typed, limit)

    def referrals(
        self,
        *,
        stages: Collection[Stage] = (),
        owner: UserId | None = None,
        due_by: date | None = None,
        client: ClientId | None = None,
        direction: Direction | None = None,
    ) -> tuple[Referral, ...]:
        """The referrals that fit everything given, by due date; ended ones, which have none, come last."""
        table = kind_of(Referral).table
        query = select(table.c.body).order_by(table.c.due.is_(None), table.c.due, table.c.id)
        if stages:
            query = query.where(table.c.stage.in_([stage.value for stage in stages]))
        if due_by is not None:
            query = query.where(table.c.due <= due_by)
        given = {"owner": owner, "client": client, "direction": direction.value if direction else None}
        query = query.where(*(table.c[name] == value for name, value in given.items() if value is not None))
        return self._values(Referral, query)

    def todos(self, *, about: Collection[str] | None = None, closed: bool = False) -> tuple[ToDo, ...]:
        """The open tasks by id, those about certain records if they are named; `closed`: settled ones too."""
        table = kind_of(ToDo).table
        query = select(table.c.body).order_by(table.c.id)
        if not closed:
            query = query.where(table.c.open)
        if about is None:
            return self._values(ToDo, query)
        found = (self._values(ToDo, query.where(table.c.about.in_(chunk))) for chunk in chunks(sorted(set(about))))
        return tuple(one for batch in found for one in batch)

    def caseloads(self) -> dict[TherapistId, int]:
        """Active clients per therapist, those outside this file included."""
        table = kind_of(Client).table
        query = select(table.c.therapist, func.count()).where(table.c.status == ClientStatus.ACTIVE.value)
        counts = {
            TherapistId(key): number for key, number in self._connection.execute(query.group_by(table.c.therapist))
        }
        return {one.id: counts.get(one.id, 0) + one.caseload_elsewhere for one in self.all(Therapist)}

    def waiting(
        self, *, ended: bool = False, client: ClientId | None = None, referral: ReferralId | None = None
    ) -> tuple[Waiting, ...]:
        """The waitlist, by id: of everyone, or of one client or referral; with `ended` the entries that have ended too."""
        table = kind_of(Waiting).table
        given = {"client": client, "referral": referral, "ended": None if ended else False}
        query = select(table.c.body).order_by(table.c.id)
        return self._values(
            Waiting, query.where(*(table.c[key] == one for key, one in given.items() if one is not None))
        )

    def offers(
        self, *, start: datetime | None = None, end: datetime | None = None, waiting: WaitingId | None = None
    ) -> tuple[Offer, ...]:
        """The offers of slots that overlap the half-open time, if one is given, or of one waitlist entry, by start."""
        table = kind_of(Offer).table
        query = select(table.c.body).order_by(table.c.start, table.c.id)
        if start is not None:
            query = query.where(table.c.end > seconds(start))
        if end is not None:
            query = query.where(table.c.start < seconds(end))
        if waiting is not None:
            query = query.where(table.c.waiting == waiting)
        return self._values(Offer, query)

    def facts(self) -> Facts:
        """Everything that an export holds."""
        return Facts(
            practice=self.find(Practice, "practice") or Practice(name=""),
            sites=self.all(Site),
            rooms=self.all(Room),
            services=self.all(Service),
            groups=self.all(Group),
            therapists=self.all(Therapist),
            clients=self.all(Client),
            referrers=self.all(Referrer),
            referrals=self.all(Referral),
            visits=self.all(Visit),
            pathways=self.all(Pathway),
            waiting=self.all(Waiting),
            offers=self.all(Offer),
            rules=self.all(Fact),
        )

    def events(self, *, record: str | None = None, limit: int = 500) -> tuple[audit.Event, ...]:
        """The newest rows of the audit, of one record if it is given."""
        return audit.events(self._connection, record=record, limit=limit)

    def _bodies(self, kind: Kind[Any], keys: Sequence[str]) -> Iterator[tuple[str, str]]:
        columns = (kind.table.c.id, kind.table.c.body)
        for chunk in chunks(keys):
            query = select(*columns).where(columns[0].in_(chunk)).order_by(columns[0])
            yield from ((key, body) for key, body in self._connection.execute(query))

    def _values(self, type_: type[T], query: Select[Any]) -> tuple[T, ...]:
        bodies: Sequence[str] = self._connection.execute(query).scalars().all()
        return tuple(value_of(type_, body) for body in bodies)


def _overlap(table: Any, start: datetime, end: datetime) -> tuple[Any, ...]:  # noqa: ANN401
    low, high = seconds(start), seconds(end)
    return (table.c.start > low - _LONGEST, table.c.start < high, table.c.end > low)


class _Instants(dict[int, datetime]):
    """The instants of whole seconds since 1970, each made when it is first asked for."""

    def __missing__(self, moment: int) -> datetime:
        made = self[moment] = datetime.fromtimestamp(moment, UTC)
        return made
