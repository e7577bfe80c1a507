"""Care pathways; here the facts of ketamine-assisted psychotherapy (KAP): flags, clearance, course."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, NewType

from desktop.clinic.people import ClientId, State, TherapistId

PathwayId = NewType("PathwayId", str)


class PathwayKind(StrEnum):
    """The pathways the practice offers."""

    KAP = "kap"
    DBT_PROGRAM = "dbt_program"
    TRAUMA_INTENSIVE = "trauma_intensive"


class Answer(StrEnum):
    """A client's own answer to a screening question; unsure counts as yes."""

    YES = "yes"
    UNSURE = "unsure"
    NO = "no"


class Decision(StrEnum):
    """What a prescriber decided about a flag."""

    CLEARED = "cleared"
    CLEARED_WITH_LIMITS = "cleared_with_limits"
    DEFERRED = "deferred"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """A contraindication flag by the client's own report, and the prescriber's decision on it."""

    code: Annotated[
        str,
        "HTN_UNC, CARDIAC, PSYCHOSIS, MANIA, ICP, PREG, ALLERGY, SUD_ACTIVE, SUD_HX, KET_MISUSE, SI_ACUTE, HYPERTHY, LIVER, GLAUCOMA, RESP, CYSTITIS, SEIZURE, DISSOC, MEDS",
    ]
    answer: Answer
    unstable: Annotated[bool, "uncontrolled, severe, current or unstable, where the class depends on it"] = False
    noted_on: date
    decision: Decision | None = None
    decided_on: date | None = None


class ExamMode(StrEnum):
    """How the prescriber examined the client."""

    IN_PERSON = "in_person"
    TELEHEALTH = "telehealth"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressure:
    """A blood pressure in mmHg."""

    systolic: int
    diastolic: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A blood pressure on a day."""

    on: date
    pressure: Pressure


@dataclass(frozen=True, slots=True, kw_only=True)
class Clearance:
    """A prescriber's medical clearance for KAP."""

    prescriber: str
    license_state: State
    exam_on: date
    exam_mode: ExamMode = ExamMode.IN_PERSON
    valid_until: Annotated[date | None, "inclusive; none: the practice's default number of days from the exam"] = None
    route: str = ""
    sessions: Annotated[int | None, "dosing sessions authorized; none: the practice's default"] = None
    interval_days: Annotated[int | None, "least days between dosings; none: the practice's default"] = None
    limit: Annotated[Pressure | None, "blood pressure limit; none: the practice's default"] = None
    on_hold: bool = False
    restrictions: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pathway:
    """One client's course through a pathway."""

    id: PathwayId
    kind: PathwayKind = PathwayKind.KAP
    client: ClientId
    therapist: TherapistId | None = None
    flags: tuple[Flag, ...] = ()
    readings: tuple[Reading, ...] = ()
    clearances: tuple[Clearance, ...] = ()
    on_call: Annotated[str, "prescriber's on-call number"] = ""
    ended_on: date | None = None
