"""What a file's records mean beside those on file: new, changed or the same, and who may be there already."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from gettext import gettext as _
from typing import Any, TypeVar

from desktop.clinic.clients import Client, ClientStatus
from desktop.clinic.errors import BadInput
from desktop.clinic.people import ClientId, Referrer
from desktop.clinic.practice import Practice
from desktop.clinic.referral import Referral
from desktop.clinic.rulebook import Fact
from desktop.clinic.services import Service
from desktop.clinic.therapists import Therapist
from desktop.clinic.visits import Visit
from desktop.documents.cells import folded
from desktop.documents.drafts import ClientRow, ReferralRow, TherapistRow
from desktop.documents.references import identity
from desktop.documents.rows import RowError
from desktop.office.arrivals import Arrival, Sources, service_for
from desktop.records.store import Reader

T = TypeVar("T")
R = TypeVar("R", ClientRow | TherapistRow, ReferralRow)


@dataclass(frozen=True, slots=True, kw_only=True)
class Duplicate:
    """A new client in the file who may be one on file, or one in an earlier row: same birth date, and name or phone."""

    row: int
    id: ClientId
    other: ClientId


@dataclass(slots=True)
class Plan:
    """What to add, change and leave, worked out record by record."""

    add: list[Any] = field(default_factory=list)
    change: list[tuple[Any, Any]] = field(default_factory=list)
    unchanged: list[Any] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    duplicates: list[Duplicate] = field(default_factory=list)

    def compare_facts(self, values: Mapping[str, Any], reader: Reader | None) -> None:
        """Whole records of a facts file against those on file with the same id; its question is left aside."""
        if "practice" in values:
            self._compare([values["practice"]], reader.all(Practice) if reader else (), lambda _one: "practice")
        rules = values.get("rules", ())
        self._compare(rules, reader.all(Fact) if reader and rules else (), identity)
        for name, rows in values.items():
            if isinstance(rows, tuple) and rows and name != "rules":
                on_file = reader.many(type(rows[0]), [one.id for one in rows]) if reader else ()
                self._compare(rows, on_file, identity)
        self._suggest([(place, one) for place, one in enumerate(values.get("clients", ()), 1)], reader)

    def compare_rows(self, rows: Sequence[Any], reader: Reader | None) -> None:
        """Rows of a table or Patients against those on file: what a row does not say stays as it is."""
        if not rows:
            return
        if isinstance(rows[0], ReferralRow):
            self._arrive(rows, reader)
        elif isinstance(rows[0], TherapistRow):
            self._merge(rows, reader, Therapist)
        else:
            self._merge(rows, reader, Client)

    def _compare(self, values: Iterable[T], on_file: Iterable[T], key: Callable[[T], Hashable]) -> None:
        known = {key(one): one for one in on_file}
        for value in values:
            self._put(known.get(key(value)), value)

    def _put(self, before: object, after: object) -> None:
        if isinstance(before, Visit) and isinstance(after, Visit) and not after.uid:
            after = replace(after, uid=before.uid)  # it was made when the visit was stored, and is the same for ever
        if before is None:
            self.add.append(after)
        elif before == after:
            self.unchanged.append(after)
        else:
            self.change.append((before, after))

    def _merge(self, rows: Sequence[ClientRow | TherapistRow], reader: Reader | None, kind: type[Any]) -> None:
        known = {one.id: one for one in (reader.many(kind, [row.id for row in rows]) if reader else ())}
        made: list[tuple[int, Any]] = []
        for row in self._once(rows, _("this is the same person as in row {n}; keep one of them.")):
            after = self._tried(row.row, partial(row.onto, known.get(row.id)))
            if after is not None:
                made.append((row.row, after))
                self._put(known.get(row.id), after)
        if kind is Client:
            self._suggest(made, reader)

    def _arrive(self, rows: Sequence[ReferralRow], reader: Reader | None) -> None:
        """Referrals with their clients and, where nobody of that name is on file, their referrers."""
        services = tuple(one for one in reader.all(Service) if not one.retired) if reader else ()
        if reader and not services:
            self._note(0, "", _("the clinic has no services yet; import them from a clinic's JSON file first."))
            return
        on_file = {one.id: one for one in (reader.many(Client, [row.client.id for row in rows]) if reader else ())}
        there = {one.id: one for one in (reader.many(Referral, [row.id for row in rows]) if reader else ())}
        sources = Sources(reader.all(Referrer) if reader else ())
        clients: dict[ClientId, tuple[int, Client]] = {}
        arrivals = []
        for row in self._once(rows, _("this is the same referral as in row {n}; keep one of them.")):
            earlier = clients.get(row.client.id)
            before = earlier[1] if earlier else on_file.get(row.client.id)
            client = self._tried(row.row, partial(row.client.onto, before, status=ClientStatus.PROSPECTIVE))
            if client is not None:
                clients[client.id] = (row.row, client)
            if row.id in there:
                self.unchanged.append(there[row.id])
                continue
            service = self._tried(row.row, partial(service_for, row, services)) if reader else None
            arrivals.append(Arrival(row=row, service=service, referrer=sources.find(row)))
        self.add.extend(sources.new)
        for _row, client in clients.values():
            self._put(on_file.get(client.id), client)
        self._suggest(list(clients.values()), reader)
        self.add.extend(arrivals)

    def _once(self, rows: Sequence[R], sentence: str) -> Iterator[R]:
        """The rows whose id no earlier one has; the others are errors."""
        seen: dict[str, int] = {}
        for row in rows:
            first = seen.setdefault(row.id, row.row)
            if first == row.row:
                yield row
            else:
                self._note(row.row, "", sentence.format(n=first))

    def _tried(self, row: int, make: Callable[[], T]) -> T | None:
        """What `make` gives, or None with its error noted."""
        try:
            return make()
        except BadInput as error:
            self._note(row, error.field, error.sentence.removeprefix(f"{error.field}: "))
            return None

    def _note(self, row: int, name: str, sentence: str) -> None:
        self.errors.append(RowError(row=row, field=name, sentence=sentence))

    def _suggest(self, made: Sequence[tuple[int, Client]], reader: Reader | None) -> None:
        """Note every new client who has birth date and name, or birth date and telephone, of somebody else."""
        new = {one.id for one in self.add if isinstance(one, Client)}
        if not new:
            return
        marks = {mark: one.id for one in (reader.all(Client) if reader else ()) for mark in _marks(one)}
        for row, client in made:
            others = {marks[mark] for mark in _marks(client) if mark in marks} - {client.id}
            if client.id in new and others:
                self.duplicates.append(Duplicate(row=row, id=client.id, other=min(others)))
            for mark in _marks(client):
                marks.setdefault(mark, client.id)


def _marks(client: Client) -> tuple[Hashable, ...]:
    """What two records of the same person share."""
    name = tuple(sorted((folded(client.name.family), folded(client.name.given))))
    return ((client.birth_date, name), *((client.birth_date, one.number) for one in client.phones))
