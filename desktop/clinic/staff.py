"""The people who use the program, and their roles."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from desktop.clinic.change import UserId
from desktop.clinic.people import TherapistId


class StaffRole(StrEnum):
    """What a user may see and do."""

    ADMINISTRATOR = "administrator"
    FRONT_DESK = "front_desk"
    THERAPIST = "therapist"
    AUDITOR = "auditor"


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """One user of the program; the id is the name they unlock with."""

    id: UserId
    name: str
    role: StaffRole = StaffRole.FRONT_DESK
    therapist: Annotated[TherapistId | None, "for the role therapist"] = None
    retired: bool = False
