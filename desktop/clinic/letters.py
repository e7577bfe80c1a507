"""Letters: their kinds, what each must say, what it may tell, and the finished letter as it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from gettext import gettext as _
from typing import Annotated, NewType

from desktop.clinic.change import UserId
from desktop.clinic.clients import Client, DataClass
from desktop.clinic.disclosure import Disclosed, Field
from desktop.clinic.moments import aware
from desktop.clinic.people import ClientId, Referrer, ReferrerId
from desktop.clinic.practice import Practice, Room, Site
from desktop.clinic.referral import Referral, ReferralId
from desktop.clinic.template import Section
from desktop.clinic.therapists import Therapist
from desktop.clinic.verdict import Verdict
from desktop.clinic.visits import Visit, VisitId

LetterId = NewType("LetterId", str)


class LetterKind(StrEnum):
    """What a letter is for; its template has this name."""

    REFERRAL_OUT = "referral_out"
    REPLY_TO_REFERRER = "reply_to_referrer"
    APPOINTMENT_CONFIRMATION = "appointment_confirmation"

    @property
    def label(self) -> str:
        """The kind in plain words, without any name; also the title of the document."""
        return {
            "referral_out": _("Referral"),
            "reply_to_referrer": _("Reply to a referral"),
            "appointment_confirmation": _("Appointment confirmation"),
        }[self.value]

    @property
    def is_clinical(self) -> bool:
        """Whether a therapist signs it; the front desk may issue the others."""
        return self is not LetterKind.APPOINTMENT_CONFIRMATION

    @property
    def classes(self) -> frozenset[DataClass]:
        """What it tells unless somebody asks for more: the minimum that serves its purpose (45 CFR 164.502(b))."""
        return {
            "referral_out": frozenset({DataClass.IDENTITY, DataClass.REASON}),
            "reply_to_referrer": frozenset({DataClass.IDENTITY, DataClass.SCHEDULING}),
            "appointment_confirmation": frozenset({DataClass.IDENTITY, DataClass.SCHEDULING}),
        }[self.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Who signs: the name, then title and license; with a line to sign on, or without for the front desk."""

    caption: str = ""
    lines: tuple[str, ...]
    by_hand: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A letter with its whole text, so that a copy years later says what was sent; `disclosed` is its disclosure log."""

    id: LetterId
    kind: LetterKind
    client: ClientId
    referral: ReferralId | None = None
    visit: VisitId | None = None
    recipient: Annotated[ReferrerId | None, "none: to the client"] = None
    written_at: datetime
    by: UserId
    title: Annotated[str, "of the document; never a name"]
    language: str = "en-US"
    head: Annotated[tuple[str, ...], "the letterhead, the practice's name first"]
    date: Annotated[str, "as printed"]
    addressee: tuple[str, ...]
    sections: tuple[Section, ...]
    signatures: tuple[Signature, ...]
    notices: Annotated[tuple[str, ...], "texts that the law prescribes with what is disclosed"] = ()
    footer: tuple[str, ...]
    disclosed: tuple[Disclosed, ...] = ()
    template: Annotated[str, "kind and version of the template"]
    finalized: bool = False

    def __post_init__(self) -> None:
        """Refuse a naive moment."""
        aware("written_at", self.written_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """Everything that one letter may speak of."""

    practice: Practice
    client: Client
    recipient: Referrer | None = None
    referral: Referral | None = None
    visit: Visit | None = None
    site: Site | None = None
    room: Room | None = None
    therapist: Therapist | None = None
    supervisor: Annotated[Therapist | None, "of the therapist's license in the client's state"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody asked to have written.

    `classes` are the kinds of information that may leave besides the ones the kind of letter tells anyway;
    `notes` are the writer's own sentences by field, such as picture, history or plan.
    """

    kind: LetterKind
    referral: ReferralId | None = None
    visit: VisitId | None = None
    client: Annotated[ClientId | None, "whom it is about, when a visit has several clients"] = None
    recipient: ReferrerId | None = None
    classes: frozenset[DataClass] = frozenset()
    notes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A letter before it is final: what it would say and tell, what it keeps back, and what stands against it."""

    asked: Asked
    letter: Letter
    withheld: Annotated[tuple[Field, ...], "known, but not asked for: each can be let out by its classes"] = ()
    verdicts: tuple[Verdict, ...] = ()

    @property
    def disclosed(self) -> tuple[Disclosed, ...]:
        """What is about to leave, each with its class and the release it leaves on (empty: none)."""
        return self.letter.disclosed
