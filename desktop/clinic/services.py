"""What the practice offers: modalities, levels of qualification, formats and services."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, NewType

from desktop.clinic.phrases import translated as _

ServiceId = NewType("ServiceId", str)


class Modality(StrEnum):
    """A way of working that a client can ask for."""

    EMDR = "emdr"
    DBT = "dbt"
    KAP = "kap"
    IFS = "ifs"
    CBT = "cbt"
    SOMATIC = "somatic"
    SENSORIMOTOR = "sensorimotor"
    PLAY = "play"
    COUPLES = "couples"
    GROUP = "group"
    TRAUMA_INTENSIVE = "trauma_intensive"
    INNER_CHILD = "inner_child"
    COACHING = "coaching"

    @property
    def label(self) -> str:
        """The modality as staff say it."""
        return {
            "play": _("Play therapy"),
            "couples": _("Couples"),
            "group": _("Group"),
            "somatic": _("Somatic"),
            "sensorimotor": _("Sensorimotor"),
            "trauma_intensive": _("Trauma intensive"),
            "inner_child": _("Inner child"),
            "coaching": _("Coaching"),
        }.get(self.value, self.value.upper())


class Level(StrEnum):
    """The ladder of qualification, lowest first."""

    NONE = "none"
    IN_TRAINING = "in_training"
    TRAINED = "trained"
    CERTIFIED = "certified"
    CONSULTANT = "consultant"

    @property
    def rank(self) -> int:
        """0 for none to 4 for consultant."""
        return list(Level).index(self)


class Format(StrEnum):
    """How a visit takes place."""

    IN_PERSON = "in_person"
    TELEHEALTH = "telehealth"


class ServiceKind(StrEnum):
    """What sort of visit a service is; the rules differ by it."""

    INTAKE = "intake"
    INDIVIDUAL = "individual"
    COUPLES = "couples"
    FAMILY = "family"
    GROUP = "group"
    PLAY = "play"
    INTENSIVE = "intensive"
    KAP_PREPARATION = "kap_preparation"
    KAP_DOSING = "kap_dosing"
    KAP_INTEGRATION = "kap_integration"
    COACHING = "coaching"


BOTH_FORMATS = frozenset({Format.IN_PERSON, Format.TELEHEALTH})


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A kind of appointment with its length and what it needs."""

    id: ServiceId
    name: str
    kind: ServiceKind
    modality: Modality | None = None
    level: Annotated[Level, "the lowest level of the modality that may give this service"] = Level.NONE
    scope: Annotated[frozenset[str], "scope flags the therapist must hold, for example skills_group_leader"] = (
        frozenset()
    )
    minutes: int = 50
    buffer_before: Annotated[int, "minutes kept free before the visit, for therapist and room"] = 0
    buffer_after: Annotated[int, "minutes kept free after the visit, for therapist and room"] = 10
    formats: frozenset[Format] = BOTH_FORMATS
    room_features: Annotated[frozenset[str], "what the room must have, for example kap_ready or play"] = frozenset()
    age_from: int | None = None
    age_to: Annotated[int | None, "inclusive"] = None
    cpt: Annotated[str, "billing code; never set for coaching"] = ""
    retired: bool = False
