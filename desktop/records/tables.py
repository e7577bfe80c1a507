"""The rows: one table for each kind of record, and narrow tables for conflicts and audit.

A row's body is the value itself as JSON; the other columns are derived from it when it is written, for looking up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

import msgspec
from sqlalchemy import BigInteger, Boolean, Column, Date, ForeignKey, Index, Integer, MetaData, String, Table, Text

from desktop.clinic.clients import Client
from desktop.clinic.errors import ClinicError
from desktop.clinic.letters import Letter
from desktop.clinic.pathway import Pathway
from desktop.clinic.people import Referrer
from desktop.clinic.practice import Group, Practice, Room, Site
from desktop.clinic.referral import Referral
from desktop.clinic.rulebook import Fact
from desktop.clinic.services import Service
from desktop.clinic.staff import Staff
from desktop.clinic.therapists import Therapist
from desktop.clinic.todo import ToDo
from desktop.clinic.visits import Visit
from desktop.clinic.waiting import Offer, Waiting
from desktop.records.search import sort_name

T = TypeVar("T")

# No visit lasts longer, its buffers included; so an index on the start finds every overlap.
LONGEST = timedelta(days=1)

_CHUNK = 500

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


@dataclass(frozen=True)
class Kind(Generic[T]):
    """How one kind of value is kept: its name, its table, its id, and the columns derived from it."""

    type: type[T]
    table: Table
    key: Callable[[T], str]
    derived: Callable[[T], dict[str, Any]]

    @property
    def name(self) -> str:
        """The kind's name in changes and in the audit."""
        return self.table.name


def seconds(moment: datetime) -> int:
    """Whole seconds since 1970 in UTC, as instants are compared in the tables."""
    return int(moment.timestamp())


def chunks(keys: Sequence[T]) -> Iterator[Sequence[T]]:
    """The keys in portions that one statement can take."""
    return (keys[at : at + _CHUNK] for at in range(0, len(keys), _CHUNK))


def _table(name: str, *columns: Column[Any]) -> Table:
    return Table(
        name,
        metadata,
        Column("id", String, primary_key=True),
        Column("version", Integer, nullable=False),
        Column("body", Text, nullable=False),
        *columns,
    )


def _plain(type_: type[T], name: str) -> Kind[T]:
    return Kind(type_, _table(name), lambda value: str(value.id), lambda _: {})  # type: ignore[attr-defined]


def _client(value: Client) -> dict[str, Any]:
    return {"status": value.status.value, "therapist": value.therapist, "sort_name": sort_name(value.name.listed)}


def _referral(value: Referral) -> dict[str, Any]:
    return {
        "client": value.client,
        "direction": value.direction.value,
        "stage": value.stage.value,
        "owner": value.owner,
        "due": value.due,
    }


def _visit(value: Visit) -> dict[str, Any]:
    return {"start": seconds(value.start), "end": seconds(value.end), "status": value.status.value}


def _waiting(value: Waiting) -> dict[str, Any]:
    return {"client": value.client, "referral": value.referral, "ended": value.ended is not None}


def _offer(value: Offer) -> dict[str, Any]:
    slot = value.slot
    return {
        "waiting": value.waiting,
        "client": value.client,
        "therapist": slot.therapist,
        "start": seconds(slot.start),
        "end": seconds(slot.end),
        "state": value.state.value,
    }


def _letter(value: Letter) -> dict[str, Any]:
    return {"client": value.client, "referral": value.referral, "written_at": seconds(value.written_at)}


def _todo(value: ToDo) -> dict[str, Any]:
    return {"about": value.about, "open": value.is_open}


KINDS: tuple[Kind[Any], ...] = (
    Kind(Practice, _table("practice"), lambda _: "practice", lambda _: {}),
    _plain(Site, "site"),
    _plain(Room, "room"),
    _plain(Service, "service"),
    _plain(Group, "therapy_group"),
    _plain(Staff, "staff"),
    _plain(Therapist, "therapist"),
    _plain(Referrer, "referrer"),
    Kind(Fact, _table("rule"), lambda value: f"{value.key}@{value.valid_from or ''}", lambda _: {}),
    Kind(
        Client,
        _table(
            "client",
            Column("status", String, nullable=False),
            Column("therapist", String),
            Column("sort_name", String, nullable=False, index=True),
        ),
        lambda value: str(value.id),
        _client,
    ),
    Kind(
        Referral,
        _table(
            "referral",
            Column("client", String, nullable=False, index=True),
            Column("direction", String, nullable=False),
            Column("stage", String, nullable=False),
            Column("owner", String),
            Column("due", Date, index=True),
        ),
        lambda value: str(value.id),
        _referral,
    ),
    Kind(
        Visit,
        _table(
            "visit",
            Column("start", BigInteger, nullable=False, index=True),
            Column("end", BigInteger, nullable=False),
            Column("status", String, nullable=False),
        ),
        lambda value: str(value.id),
        _visit,
    ),
    Kind(
        Pathway,
        _table("pathway", Column("client", String, nullable=False, index=True)),
        lambda value: str(value.id),
        lambda value: {"client": value.client},
    ),
    Kind(
        Waiting,
        _table(
            "waiting",
            Column("client", String, nullable=False, index=True),
            Column("referral", String, index=True),
            Column("ended", Boolean, nullable=False),
        ),
        lambda value: str(value.id),
        _waiting,
    ),
    Kind(
        Offer,
        _table(
            "offer",
            Column("waiting", String, nullable=False, index=True),
            Column("client", String, nullable=False),
            Column("therapist", String, nullable=False),
            Column("start", BigInteger, nullable=False, index=True),
            Column("end", BigInteger, nullable=False),
            Column("state", String, nullable=False),
        ),
        lambda value: str(value.id),
        _offer,
    ),
    Kind(
        Letter,
        _table(
            "letter",
            Column("client", String, nullable=False, index=True),
            Column("referral", String),
            Column("written_at", BigInteger, nullable=False, index=True),
        ),
        lambda value: str(value.id),
        _letter,
    ),
    Kind(
        ToDo,
        _table(
            "todo",
            Column("about", String, nullable=False, index=True),
            Column("open", Boolean, nullable=False, index=True),
        ),
        lambda value: str(value.id),
        _todo,
    ),
)

# Who or what a visit takes part of: therapists, room and clients; `busy` spans include the service's buffers.
part = Table(
    "part",
    metadata,
    Column("visit", String, ForeignKey("visit.id", ondelete="CASCADE"), primary_key=True),
    Column("resource", String, primary_key=True),
    Column("start", BigInteger, nullable=False),
    Column("end", BigInteger, nullable=False),
    Column("busy_from", BigInteger, nullable=False),
    Column("busy_to", BigInteger, nullable=False),
    Column("holds", Boolean, nullable=False),
)
Index("ix_part_resource_start", part.c.resource, part.c.start, part.c.busy_from, part.c.busy_to, part.c.holds)

audit = Table(
    "audit",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("task", String, nullable=False, index=True),
    Column("at", String, nullable=False),
    Column("user", String, nullable=False),
    Column("label", String, nullable=False),
    Column("undoes", String, index=True),
    Column("kind", String, nullable=False),
    Column("record", String, nullable=False, index=True),
    Column("before", Text),
    Column("after", Text),
    Column("mac", String, nullable=False),
)

TABLES: Mapping[str, Kind[Any]] = {kind.name: kind for kind in KINDS}
_TYPES: Mapping[type, Kind[Any]] = {kind.type: kind for kind in KINDS}
_ENCODER = msgspec.json.Encoder(order="deterministic")
_DECODERS: Mapping[type, msgspec.json.Decoder[Any]] = {type_: msgspec.json.Decoder(type_) for type_ in _TYPES}


def kind_of(type_: type[T]) -> Kind[T]:
    """How values of that type are kept."""
    return _TYPES[type_]


def body_of(value: object) -> str:
    """The value as JSON, always in the same order."""
    return _ENCODER.encode(value).decode()


def value_of(type_: type[T], body: str) -> T:
    """The value that the JSON holds.

    Raises ClinicError when it is not one, which means that the file was written by something else.
    """
    try:
        value: T = _DECODERS[type_].decode(body)
    except msgspec.ValidationError as error:
        raise ClinicError from error
    return value
