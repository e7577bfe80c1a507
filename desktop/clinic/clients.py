"""Clients and everything that a front desk asks at intake; clinical detail has no place here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from gettext import gettext as _
from typing import Annotated

from desktop.clinic.errors import BadInput
from desktop.clinic.moments import Window, aware
from desktop.clinic.people import Address, ClientId, Name, Phone, ReferrerId, State, TherapistId
from desktop.clinic.practice import SiteId
from desktop.clinic.services import BOTH_FORMATS, Format


class ClientStatus(StrEnum):
    """Where a client stands with the practice."""

    PROSPECTIVE = "prospective"
    ACTIVE = "active"
    WAITING = "waiting"
    DISCHARGED = "discharged"
    DECEASED = "deceased"


class Custody(StrEnum):
    """Legal custody of a guardian; physical custody is irrelevant to consent."""

    NONE = "none"
    SOLE = "sole"
    SHARED = "shared"
    AGENCY = "agency"
    DISPUTED = "disputed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Guardian:
    """A minor's guardian, and what they may do and be told."""

    name: Name
    relation: str = ""
    phone: str = ""
    custody: Annotated[
        Custody, "legal custody; none when no court order speaks of it and they are a parent: give sole or shared"
    ] = Custody.SHARED
    may_schedule: bool = False
    may_be_told: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencyContact:
    """Whom to call in an emergency."""

    name: str
    relation: str = ""
    phone: str
    may_call: Annotated[bool, "the client agreed to the call"] = True


class ConsentKind(StrEnum):
    """What was signed."""

    TREATMENT = "treatment"
    TELEHEALTH = "telehealth"
    PRIVACY_NOTICE = "privacy_notice"
    FINANCIAL_POLICY = "financial_policy"
    COACHING = "coaching"
    KAP = "kap"


class Signer(StrEnum):
    """Who signed: the client as an adult, the minor client alone, or a guardian."""

    CLIENT = "client"
    MINOR_SELF = "minor_self"
    GUARDIAN = "guardian"


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """A signed consent or agreement."""

    kind: ConsentKind = ConsentKind.TREATMENT
    by: Signer = Signer.CLIENT
    signer: Annotated[str, "full name of the guardian who signed, as in `guardians`"] = ""
    state: Annotated[State | None, "the state whose rule it was signed under; none: any"] = None
    signed_on: date
    expires_on: Annotated[date | None, "inclusive"] = None
    revoked_on: Annotated[date | None, "no longer counts from this day"] = None


class DataClass(StrEnum):
    """A class of information that a release allows to leave."""

    IDENTITY = "identity"
    CONTACT = "contact"
    SCHEDULING = "scheduling"
    INSURANCE = "insurance"
    REASON = "reason"
    DIAGNOSIS = "diagnosis"
    TREATMENT = "treatment"
    RISK = "risk"
    SUD = "sud"
    HIV = "hiv"
    MINOR_CONFIDENTIAL = "minor_confidential"


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A release of information (45 CFR 164.508; for `sud` also 42 CFR 2.31)."""

    id: str
    recipient: Annotated[ReferrerId, "to whom"]
    classes: frozenset[DataClass]
    purpose: str = ""
    signed_on: date
    expires_on: Annotated[date, "last day, inclusive"]
    revoked_on: Annotated[date | None, "no longer counts from this day"] = None
    part2: Annotated[bool, "meets the elements of 42 CFR 2.31"] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskScreen:
    """The seven yes/no questions asked before any match."""

    taken_at: datetime
    suicidal_thoughts: bool = False
    plan_or_intent_now: bool = False
    self_harm: bool = False
    harm_others: bool = False
    harm_others_imminent: bool = False
    unsafe_home: bool = False
    unsafe_now: bool = False
    overdose_or_withdrawal_now: bool = False
    psychosis_or_sleepless: bool = False
    cleared_by: Annotated[TherapistId | None, "the clinician who cleared it; nobody else can"] = None
    cleared_at: datetime | None = None

    def __post_init__(self) -> None:
        """Refuse a naive moment."""
        aware("taken_at", self.taken_at)


class PaymentKind(StrEnum):
    """How the client pays."""

    SELF_PAY = "self_pay"
    IN_NETWORK = "in_network"
    OUT_OF_NETWORK = "out_of_network"


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How visits are paid for."""

    kind: PaymentKind = PaymentKind.SELF_PAY
    payer: Annotated[str, "lower case, as in the therapists' payers"] = ""
    member_id: str = ""
    subscriber: str = ""
    card_acknowledged: bool = False


class RelationKind(StrEnum):
    """What another client is to this one."""

    PARTNER = "partner"
    EX_PARTNER = "ex_partner"
    FAMILY = "family"


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """Another client of the practice who is close to this one."""

    client: ClientId
    kind: RelationKind


class RoutingFlag(StrEnum):
    """Facts that only steer who handles a request."""

    COURT_INVOLVED = "court_involved"
    CUSTODY_DISPUTE = "custody_dispute"
    DISABILITY_PAPERWORK = "disability_paperwork"
    MANDATED = "mandated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """A client as the front desk knows them."""

    id: ClientId
    name: Name
    goes_by: Annotated[str, "the name to use, when not the given name"] = ""
    pronouns: str = ""
    birth_date: date
    status: ClientStatus = ClientStatus.ACTIVE
    deceased_on: date | None = None
    phones: tuple[Phone, ...] = ()
    email: str = ""
    email_ok: bool = False
    mail_ok: bool = False
    address: Address = Address()
    languages: Annotated[tuple[str, ...], "ISO 639 codes, preferred first"] = ("en",)
    interpreter: bool = False
    accessibility: str = ""
    site: Annotated[SiteId | None, "preferred site"] = None
    formats: frozenset[Format] = BOTH_FORMATS
    windows: Annotated[tuple[Window, ...], "when the client can come; empty: any time"] = ()
    emergency_contact: EmergencyContact | None = None
    guardians: tuple[Guardian, ...] = ()
    custody_order: Annotated[bool, "a court order on custody exists"] = False
    custody_order_on_file: bool = False
    refuses_parent_contact: Annotated[bool, "a minor who consents alone; nothing goes to the parents"] = False
    emancipated: Annotated[bool, "married, a high school graduate, has been pregnant, or emancipated by a court"] = (
        False
    )
    relations: tuple[Relation, ...] = ()
    therapist: Annotated[TherapistId | None, "the therapist who carries the client in their caseload"] = None
    physician: ReferrerId | None = None
    prescriber: ReferrerId | None = None
    coverage: Coverage = Coverage()
    source: Annotated[str, "self, web, physician, clinician, school, court, insurer, ..."] = ""
    may_thank_referrer: bool = False
    concern: Annotated[str, "in the client's own words, at most 500 characters"] = ""
    concerns: Annotated[
        frozenset[str],
        "mental_health_symptom, diagnosis, trauma, substance_use, eating, career, relationship, ... (routing only)",
    ] = frozenset()
    routing: frozenset[RoutingFlag] = frozenset()
    consents: tuple[Consent, ...] = ()
    releases: tuple[Release, ...] = ()
    risk_screen: RiskScreen | None = None

    def __post_init__(self) -> None:
        """Refuse a concern that belongs into a clinical record, and an impossible birth date."""
        if len(self.concern) > 500:
            raise BadInput("concern", _("keep it to 500 characters; clinical detail does not belong here."))
        if self.birth_date.year < 1900:
            raise BadInput("birth_date", _("the year must be 1900 or later."))

    @property
    def called(self) -> str:
        """The name to use when speaking to the client."""
        return self.goes_by or self.name.given or self.name.family
