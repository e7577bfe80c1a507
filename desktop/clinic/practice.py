"""The practice and its places: sites, rooms, groups, closures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, NewType

from desktop.clinic.people import Address, State, TherapistId
from desktop.clinic.services import ServiceId

SiteId = NewType("SiteId", str)
RoomId = NewType("RoomId", str)
GroupId = NewType("GroupId", str)


class Part2(StrEnum):
    """Whether the practice is a program under 42 CFR part 2; unknown behaves as yes."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Practice:
    """The practice as its letterhead shows it."""

    name: str
    address: Address = Address()
    phone: str = ""
    fax: str = ""
    email: str = ""
    npi: str = ""
    tin: str = ""
    part2: Part2 = Part2.UNKNOWN
    cancel_hours: Annotated[int, "wall-clock hours of notice that the cancel policy asks for"] = 24
    closures: Annotated[frozenset[date], "days on which the practice is closed, besides federal holidays"] = frozenset()
    open_on_holidays: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A place where clients are seen in person."""

    id: SiteId
    name: str
    state: State
    address: Address = Address()
    phone: str = ""
    fax: str = ""
    retired: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A room of a site with what it offers."""

    id: RoomId
    site: SiteId
    name: str
    features: Annotated[frozenset[str], "kap_ready, play, group, step_free, ..."] = frozenset()
    seats: int = 3
    retired: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A therapy group with its leaders and seats."""

    id: GroupId
    name: str
    service: ServiceId
    leader: TherapistId
    co_leaders: tuple[TherapistId, ...] = ()
    seats: int = 8
    retired: bool = False
