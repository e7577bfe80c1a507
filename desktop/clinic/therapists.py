"""Therapists: licenses, interstate authority, supervision, qualifications, hours, and whom they see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from gettext import gettext as _
from typing import Annotated

from desktop.clinic.errors import BadInput
from desktop.clinic.moments import Window, aware
from desktop.clinic.people import Name, State, TherapistId
from desktop.clinic.practice import SiteId
from desktop.clinic.services import BOTH_FORMATS, Format, Level, Modality


class LicenseStatus(StrEnum):
    """What the board's register says of a license."""

    ACTIVE = "active"
    INACTIVE = "inactive"
    EXPIRED = "expired"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    PROBATION = "probation"
    RESTRICTED = "restricted"
    PENDING = "pending"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True, kw_only=True)
class License:
    """A license or permit of one state board."""

    state: State
    title: Annotated[
        str,
        "LPC, LAPC, LMFT, LAMFT, LCSW, LSW, LBSW, PSY, PRE (PA); LPC, LAC, LMFT, LAMFT, LCSW, LSW, CSW, PSY, PSY-P1, PSY-P3, LCADC, CADC (NJ)",
    ]
    board: str = ""
    number: str = ""
    status: LicenseStatus = LicenseStatus.ACTIVE
    effective: Annotated[date | None, "first day it is valid; none: always was"] = None
    expires: Annotated[date, "the printed date; valid through the end of that day"]
    verified_on: Annotated[
        date | None, "last looked up in the board's register; none: not verified since issue or renewal"
    ] = None
    verified_by: str = ""
    renewal_filed: Annotated[date | None, "when a late renewal was filed, recorded by the practice's administrator"] = (
        None
    )

    def __post_init__(self) -> None:
        """Refuse a license that ends before it begins."""
        if self.effective is not None and self.effective > self.expires:
            raise BadInput("expires", _("the license expires before it takes effect; check both dates."))


class AuthorityKind(StrEnum):
    """A right to practice in a state without that state's own license."""

    APIT = "apit"
    TAP = "tap"
    PRIVILEGE = "privilege"
    MULTISTATE = "multistate"
    TEMPORARY_PERMISSION = "temporary_permission"


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """Authority under a compact, or a board's temporary permission.

    apit: PSYPACT telepsychology. tap: PSYPACT temporary in-person practice. privilege: Counseling Compact.
    multistate: Social Work Compact. temporary_permission: a board's letter for certain dates.
    """

    kind: AuthorityKind
    home_state: Annotated[State | None, "the declared home state; required for every kind but temporary_permission"] = (
        None
    )
    state: Annotated[State | None, "the state it reaches; none for apit and tap, which reach every member state"] = None
    number: str = ""
    status: LicenseStatus = LicenseStatus.ACTIVE
    effective: date | None = None
    expires: date
    verified_on: date | None = None
    days_used: Annotated[frozenset[date], "for tap: the days of in-person practice in `state` outside this file"] = (
        frozenset()
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Supervision:
    """A supervisor over a time, for a license (give `state`) or for a modality in training (give `modality`)."""

    supervisor: TherapistId
    state: State | None = None
    modality: Modality | None = None
    starts: date
    ends: Annotated[date | None, "last day, inclusive; none: open"] = None
    plan_on: Annotated[date | None, "when the board approved the plan or it was filed with the board"] = None
    client_told: Annotated[bool, "clients are told in writing the supervisor's name and license"]
    logged_on: Annotated[date | None, "the last supervision session on record"] = None

    def __post_init__(self) -> None:
        """Refuse a record that says neither or both of what is supervised."""
        if (self.state is None) == (self.modality is None):
            raise BadInput(
                "supervisions", _("give either the state of the license or the modality that is supervised.")
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Qualification:
    """A level in one modality, with its evidence."""

    modality: Modality
    level: Level
    body: Annotated[str, "the training or certifying body"] = ""
    number: str = ""
    obtained: Annotated[date | None, "counts from this day; none: always did"] = None
    valid_until: Annotated[date | None, "inclusive; none: does not lapse"] = None
    verified_on: date | None = None
    scope: Annotated[
        frozenset[str],
        "individual_dbt, skills_group_leader, phone_coaching, consult_team_member (DBT); level_1, level_2, level_3 (IFS); intensive_protocol; group_leader",
    ] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """A therapist's weekly working hours over a span of dates; breaks are the gaps between entries."""

    window: Window
    site: Annotated[SiteId | None, "where the therapist sits; none: works from home, telehealth only"] = None
    formats: frozenset[Format] = BOTH_FORMATS
    valid_from: date | None = None
    valid_to: Annotated[date | None, "inclusive"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeOff:
    """A time when the therapist sees nobody; the reason is not kept."""

    start: datetime
    end: Annotated[datetime, "exclusive"]

    def __post_init__(self) -> None:
        """Refuse naive moments and a time off that ends before it begins."""
        if aware("start", self.start) >= aware("end", self.end):
            raise BadInput("end", _("the end must be later than the start."))


class Role(StrEnum):
    """What a member of the clinical staff does."""

    THERAPIST = "therapist"
    PRESCRIBER = "prescriber"
    COACH = "coach"


@dataclass(frozen=True, slots=True, kw_only=True)
class Therapist:
    """A member of the clinical staff."""

    id: TherapistId
    name: Name
    licensed_name: Annotated[str, "the full name on the license, when it differs"] = ""
    role: Role = Role.THERAPIST
    credentials: Annotated[str, "after the name, such as LCSW or PsyD"] = ""
    pronouns: str = ""
    gender: str = ""
    npi: str = ""
    email: str = ""
    seat_state: Annotated[State, "where the therapist sits when seeing clients by video"] = State.PA
    licenses: tuple[License, ...] = ()
    authorities: tuple[Authority, ...] = ()
    supervisions: tuple[Supervision, ...] = ()
    qualifications: tuple[Qualification, ...] = ()
    specialties: Annotated[frozenset[str], "trauma, lgbtq, eating_disorders, addiction, infertility, faith, ..."] = (
        frozenset()
    )
    populations: Annotated[frozenset[str], "children, teens, adults, older_adults, couples, families, groups"] = (
        frozenset()
    )
    age_from: int = 18
    age_to: Annotated[int | None, "inclusive; none: no upper limit"] = None
    languages: Annotated[frozenset[str], "ISO 639 codes such as en, es, zh"] = frozenset({"en"})
    payers: Annotated[frozenset[str], "payers the therapist is in network with, lower case"] = frozenset()
    takes_self_pay: bool = True
    accepting: Annotated[bool, "takes new clients"] = True
    caseload_cap: Annotated[int | None, "most active clients; none: no limit"] = None
    caseload_elsewhere: Annotated[int, "active clients that are not in this file"] = 0
    hours: tuple[Hours, ...] = ()
    time_off: tuple[TimeOff, ...] = ()
    retired: bool = False

    @property
    def signed_name(self) -> str:
        """The name that letters print: the licensed one."""
        return self.licensed_name or self.name.full
