"""The demo practice's clients: every age, two states, guardians, coverage, consents; names in many scripts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from random import Random

from desktop.clinic.clients import (
    Client,
    ClientStatus,
    Consent,
    ConsentKind,
    Coverage,
    Custody,
    DataClass,
    EmergencyContact,
    Guardian,
    PaymentKind,
    Relation,
    RelationKind,
    Release,
    RiskScreen,
    Signer,
)
from desktop.clinic.moments import age_on
from desktop.clinic.people import Address, ClientId, Name, Phone, Referrer, ReferrerId, ReferrerKind
from desktop.clinic.services import BOTH_FORMATS, Format
from desktop.office.demo.place import Branch
from desktop.office.demo.words import address, name, phone, words

COUNT = 900
HALF_YEAR = 182
ADULT = 18


class Care(StrEnum):
    """What a demo client comes for."""

    TALK = "talk"
    PLAY = "play"
    COUPLE = "couple"
    COACHING = "coaching"


# Which of a copy's clients are what, counted from 0; the others are drawn.
ARRIVING = range(52)
ENDED = range(52, 70)
COUPLES = range(100, 156)
COACHED = range(160, 174)
CHILDREN = range(176, 218)
HURT_EVERY, HURT_FIRST = 9, 4

CONCERNS = {
    "trauma": "Bad dreams since the accident; would like to sleep again.",
    "anxiety": "Worries a lot, mostly about work and the train.",
    "relationship": "We keep having the same argument.",
    "grief": "My mother died in spring.",
    "eating": "Meals are hard; wants somebody who knows about it.",
    "substance_use": "Wants to drink less and has tried alone.",
    "lgbtq": "Came out last year; would like a therapist who gets it.",
    "infertility": "Third round of treatment; feeling alone with it.",
    "mood": "Tired of everything since the winter.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A client with what the demo needs to plan their visits."""

    client: Client
    care: Care
    joined: date
    left: date | None
    telehealth: bool

    @property
    def comes(self) -> bool:
        """Whether visits are planned for them."""
        return self.client.status in (ClientStatus.ACTIVE, ClientStatus.DISCHARGED, ClientStatus.DECEASED)


def client_id(place: Branch, nth: int) -> ClientId:
    """The id of a copy's nth client, counted from 0."""
    return ClientId(f"client-{place.number * COUNT + nth + 1:06}")


def persons(place: Branch, rng: Random, today: date, others: tuple[Referrer, ...]) -> tuple[Person, ...]:
    """The clients of one copy of the practice, without their therapists."""
    return tuple(_person(place, rng, today, nth, others) for nth in range(COUNT))


def _person(place: Branch, rng: Random, today: date, nth: int, others: tuple[Referrer, ...]) -> Person:
    care = _care(nth)
    status = _status(rng, nth)
    born = _born(rng, today, nth, care)
    minor = age_on(born, today) < ADULT
    lives = _living(rng, place, nth, care)
    region = lives.choices(("philadelphia", "main_line", "new_jersey"), (50, 35, 0 if care is Care.PLAY else 15))[0]
    home = address(lives, region)
    telehealth = care is not Care.PLAY and lives.random() < (0.7 if region == "new_jersey" else 0.42)
    joined, left = _span(rng, today, status)
    own = _name(place, rng, nth)
    guardians = _guardians(rng, own, home) if minor else ()
    concern, concerns = _concern(rng, care)
    physician = rng.choice([one.id for one in others if one.kind is ReferrerKind.TREATING_PROVIDER])
    client = Client(
        id=client_id(place, nth),
        name=own,
        goes_by=rng.choice(("Sam", "Alex", "Kit", "Robin")) if rng.random() < 0.06 else "",
        pronouns=rng.choices(("she/her", "he/him", "they/them", ""), (46, 38, 8, 8))[0],
        birth_date=born,
        status=status,
        deceased_on=left if status is ClientStatus.DECEASED else None,
        phones=() if minor and nth % 3 else _phones(rng, home),
        email=f"{client_id(place, nth)}@mail.example",
        email_ok=rng.random() < 0.8,
        mail_ok=rng.random() < 0.6,
        address=home,
        languages=rng.choices((("en",), ("es", "en"), ("ru", "en"), ("zh", "en"), ("ar", "en")), (90, 6, 1, 2, 1))[0],
        site=place.sites["phl" if region == "philadelphia" else "bm"].id,
        formats=_formats(rng, care, telehealth),
        emergency_contact=EmergencyContact(name=name(rng).full, relation="friend", phone=phone(rng, home.state)),
        guardians=guardians,
        custody_order=minor and rng.random() < 0.1,
        custody_order_on_file=minor and rng.random() < 0.7,
        relations=_relations(place, nth),
        physician=physician if rng.random() < 0.5 else None,
        coverage=_coverage(rng, nth, care),
        source=rng.choice(("self", "web", "physician", "clinician", "school", "insurer")),
        may_thank_referrer=rng.random() < 0.6,
        consents=_consents(joined, guardians, care) if status not in ARRIVED_ONLY else (),
        releases=_releases(rng, today, nth, physician) if status is ClientStatus.ACTIVE else (),
        risk_screen=RiskScreen(taken_at=datetime.combine(joined, time(15), tzinfo=UTC)),
        concern=concern,
        concerns=frozenset({concerns}),
    )
    return Person(client=client, care=care, joined=joined, left=left, telehealth=telehealth)


ARRIVED_ONLY = frozenset({ClientStatus.PROSPECTIVE, ClientStatus.WAITING})


def _living(rng: Random, place: Branch, nth: int, care: Care) -> Random:
    """Partners live at the same address and come the same way."""
    return Random(f"{place.number}/couple/{nth // 2}") if care is Care.COUPLE else rng  # noqa: S311 - no secrets


def _care(nth: int) -> Care:
    if nth in COUPLES:
        return Care.COUPLE
    if nth in COACHED:
        return Care.COACHING
    return Care.PLAY if nth in CHILDREN or nth in (3, 17, 29) else Care.TALK


def _status(rng: Random, nth: int) -> ClientStatus:
    if nth in ARRIVING:
        return ClientStatus.PROSPECTIVE
    if nth in ENDED:
        return ClientStatus.DISCHARGED
    if nth in COUPLES or nth in COACHED or nth in CHILDREN:
        return ClientStatus.ACTIVE
    kinds = (ClientStatus.ACTIVE, ClientStatus.DISCHARGED, ClientStatus.WAITING, ClientStatus.DECEASED)
    return rng.choices(kinds, (77, 20, 2, 1))[0]


def _born(rng: Random, today: date, nth: int, care: Care) -> date:
    spans = {Care.PLAY: (4, 12), Care.COUPLE: (24, 70), Care.COACHING: (22, 60)}
    low, high = (
        spans.get(care) or rng.choices(((10, 13), (13, 18), (18, 30), (30, 65), (65, 80)), (2, 9, 27, 52, 10))[0]
    )
    days = rng.randrange(int(low * 365.25) + 2, int(high * 365.25))
    return today - timedelta(days=days) if nth else date((today.year - 30) // 4 * 4, 2, 29)


def _span(rng: Random, today: date, status: ClientStatus) -> tuple[date, date | None]:
    if status in ARRIVED_ONLY:
        return today - timedelta(days=rng.randrange(1, 30)), None
    if status is ClientStatus.ACTIVE:
        recent = rng.random() < 0.4
        return today - timedelta(days=rng.randrange(14, HALF_YEAR) if recent else rng.randrange(HALF_YEAR, 1400)), None
    left = today - timedelta(days=rng.randrange(5, HALF_YEAR))
    return left - timedelta(days=rng.randrange(90, 900)), left


def _name(place: Branch, rng: Random, nth: int) -> Name:
    hurt = words("names")["difficult"]
    place_of, rest = divmod(nth - HURT_FIRST, HURT_EVERY)
    if place.number == 0 and rest == 0 and 0 <= place_of < len(hurt):
        return Name(given=hurt[place_of]["given"], family=hurt[place_of]["family"])
    return name(rng)


def _phones(rng: Random, home: Address) -> tuple[Phone, ...]:
    mobile = Phone(number=phone(rng, home.state), voicemail_ok=rng.random() < 0.7, text_ok=rng.random() < 0.8)
    second = Phone(number=phone(rng, home.state), kind=rng.choice(("home", "work")))
    return (mobile, second) if rng.random() < 0.25 else (mobile,)


def _guardians(rng: Random, child: Name, home: Address) -> tuple[Guardian, ...]:
    sole = rng.random() < 0.15
    relations = ("mother",) if sole else ("mother", "father")
    return tuple(
        Guardian(
            name=name(rng, family=child.family),
            relation=relation,
            phone=phone(rng, home.state),
            custody=Custody.SOLE if sole else Custody.SHARED,
            may_schedule=True,
            may_be_told=True,
        )
        for relation in relations
    )


def _formats(rng: Random, care: Care, telehealth: bool) -> frozenset[Format]:
    if care is Care.PLAY:
        return frozenset({Format.IN_PERSON})
    if rng.random() < 0.5:
        return BOTH_FORMATS
    return frozenset({Format.TELEHEALTH if telehealth else Format.IN_PERSON})


def _relations(place: Branch, nth: int) -> tuple[Relation, ...]:
    if nth in COUPLES:
        return (Relation(client=client_id(place, nth ^ 1), kind=RelationKind.PARTNER),)
    if nth in (700, 701):
        return (Relation(client=client_id(place, nth ^ 1), kind=RelationKind.EX_PARTNER),)
    if nth in (704, 705):
        return (Relation(client=client_id(place, nth ^ 1), kind=RelationKind.FAMILY),)
    return ()


def _coverage(rng: Random, nth: int, care: Care) -> Coverage:
    draw = rng.random()
    payer = rng.choice(words("places")["payers"])
    if care is Care.COACHING or draw < 0.35:
        return Coverage(card_acknowledged=True)
    kind = PaymentKind.IN_NETWORK if draw < 0.85 else PaymentKind.OUT_OF_NETWORK
    return Coverage(kind=kind, payer=payer, member_id=f"DEMO{nth:06}", subscriber="self")


def _consents(joined: date, guardians: tuple[Guardian, ...], care: Care) -> tuple[Consent, ...]:
    signed = joined - timedelta(days=3)
    kinds = [ConsentKind.TREATMENT, ConsentKind.TELEHEALTH, ConsentKind.PRIVACY_NOTICE, ConsentKind.FINANCIAL_POLICY]
    if care is Care.COACHING:
        kinds = [ConsentKind.COACHING, ConsentKind.FINANCIAL_POLICY]
    if not guardians:
        return tuple(Consent(kind=kind, signed_on=signed) for kind in kinds)
    return tuple(
        Consent(kind=kind, by=Signer.GUARDIAN, signer=guardian.name.full, signed_on=signed)
        for kind in kinds
        for guardian in guardians
    )


def _releases(rng: Random, today: date, nth: int, physician: ReferrerId) -> tuple[Release, ...]:
    if rng.random() > 0.3:
        return ()
    classes = {DataClass.IDENTITY, DataClass.SCHEDULING, DataClass.REASON, DataClass.TREATMENT}
    signed = today - timedelta(days=rng.randrange(20, 430))
    return (
        Release(
            id=f"release-{nth + 1:06}",
            recipient=physician,
            classes=frozenset(classes),
            purpose="Coordination of care",
            signed_on=signed,
            expires_on=signed + timedelta(days=365),
        ),
    )


def _concern(rng: Random, care: Care) -> tuple[str, str]:
    if care is Care.COACHING:
        return "Wants to change careers.", "career"
    if care is Care.COUPLE:
        return CONCERNS["relationship"], "relationship"
    if care is Care.PLAY:
        return "Trouble at school since the move.", "school"
    key = rng.choice([key for key in CONCERNS if key != "relationship"])
    return CONCERNS[key], key
