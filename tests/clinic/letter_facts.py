"""One invented practice whose letters the tests write."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache

from desktop import resource
from desktop.clinic.change import Actor, UserId
from desktop.clinic.clients import Client, DataClass, Release
from desktop.clinic.drafting import compose
from desktop.clinic.letters import Asked, Draft, LetterId, LetterKind, Matter
from desktop.clinic.moments import instant
from desktop.clinic.people import Address, ClientId, Name, Phone, Referrer, ReferrerId, State, TherapistId
from desktop.clinic.practice import Part2, Practice, Room, RoomId, Site, SiteId
from desktop.clinic.referral import Direction, NextAction, Referral, ReferralId, Stage, Step
from desktop.clinic.requests import Request
from desktop.clinic.rulebook import Rulebook, read_rules
from desktop.clinic.services import Format, ServiceId
from desktop.clinic.template import Template, read_template
from desktop.clinic.therapists import License, Supervision, Therapist
from desktop.clinic.visits import Seat, Visit, VisitId

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)
ACTOR = Actor(user=UserId("dana"), now=NOW)

PRACTICE = Practice(
    name="Wissahickon Psychotherapy Group",
    address=Address(street="1200 Larch Street, Suite 300", city="Philadelphia", state=State.PA, zip="19107"),
    phone="+12155550100",
    fax="+12155550101",
    email="frontdesk@wissahickon.example",
    part2=Part2.UNKNOWN,
)
SITE = Site(
    id=SiteId("BM"),
    name="Bryn Mawr",
    state=State.PA,
    address=Address(street="20 Elder Avenue", city="Bryn Mawr", state=State.PA, zip="19010"),
)
ROOM = Room(id=RoomId("BM2"), site=SiteId("BM"), name="Room 2")
SUPERVISOR = Therapist(
    id=TherapistId("T4"),
    name=Name(given="Imani", family="Okafor"),
    credentials="LCSW",
    licenses=(
        License(state=State.PA, title="LCSW", number="CW020202", expires=date(2028, 2, 28)),
        License(state=State.NJ, title="LCSW", number="44SC05", expires=date(2028, 8, 31)),
    ),
)
THERAPIST = Therapist(
    id=TherapistId("T1"),
    name=Name(given="Rowan", family="Ellery"),
    licensed_name="Rowan Maria Castellano",
    credentials="LPC",
    licenses=(
        License(state=State.PA, title="LPC", number="PC010101", expires=date(2027, 2, 28)),
        License(state=State.NJ, title="LPC", number="37PC03", expires=date(2026, 11, 30)),
    ),
)
SUPERVISED = replace(
    THERAPIST,
    id=TherapistId("T5"),
    licensed_name="",
    name=Name(given="Noa", family="Lindqvist"),
    credentials="LSW",
    licenses=(License(state=State.NJ, title="LSW", number="44SL09", expires=date(2028, 8, 31)),),
    supervisions=(
        Supervision(supervisor=TherapistId("T4"), state=State.NJ, starts=date(2026, 1, 1), client_told=True),
    ),
)
PHYSICIAN = Referrer(
    id=ReferrerId("R1"),
    name=Name(given="Helene", family="Marchetti"),
    credentials="MD",
    organization="Elder Avenue Family Medicine",
    address=Address(street="8 Elder Avenue", city="Ardmore", state=State.PA, zip="19003"),
)
RELEASE = Release(
    id="REL-7",
    recipient=PHYSICIAN.id,
    classes=frozenset({DataClass.IDENTITY, DataClass.REASON, DataClass.SCHEDULING, DataClass.TREATMENT}),
    purpose="Coordination of care",
    signed_on=date(2026, 6, 1),
    expires_on=date(2027, 5, 31),
)
CLIENT = Client(
    id=ClientId("C1"),
    name=Name(given="Thùy Anh", family="O'Brien-Nguyễn"),
    birth_date=date(1991, 4, 2),
    phones=(Phone(number="+12675550188"),),
    mail_ok=True,
    address=Address(street="77 Cedar Row", city="Cherry Hill", state=State.NJ, zip="08002"),
    concern="Cannot sleep since the accident",
    releases=(RELEASE,),
)
OUT = Referral(
    id=ReferralId("F1"),
    direction=Direction.OUT,
    client=CLIENT.id,
    referrer=PHYSICIAN.id,
    received_on=TODAY,
    reason="Sleep has been poor for six weeks; a medical cause should be ruled out.",
    stage=Stage.DRAFTED,
    owner=UserId("dana"),
    next_action=NextAction.SEND,
    due=date(2026, 12, 7),
    therapist=THERAPIST.id,
)
IN = Referral(
    id=ReferralId("F2"),
    client=CLIENT.id,
    referrer=PHYSICIAN.id,
    received_on=date(2026, 11, 9),
    request=Request(service=ServiceId("individual"), from_day=TODAY, state=State.NJ),
    stage=Stage.BOOKED,
    owner=UserId("dana"),
    next_action=NextAction.AWAIT_VISIT,
    due=date(2026, 12, 7),
    therapist=THERAPIST.id,
    visit=VisitId("V1"),
    history=(
        Step(
            at=instant(date(2026, 11, 12), NOW.time()), by=UserId("dana"), before=Stage.TRIAGED, after=Stage.CONTACTING
        ),
    ),
)
VISIT = Visit(
    id=VisitId("V1"),
    service=ServiceId("emdr"),
    therapist=THERAPIST.id,
    seats=(Seat(client=CLIENT.id, expected_state=State.NJ), Seat(client=ClientId("C2"))),
    format=Format.TELEHEALTH,
    start=datetime(2026, 12, 1, 20, 0, tzinfo=UTC),
    end=datetime(2026, 12, 1, 20, 50, tzinfo=UTC),
)
IN_PERSON = replace(VISIT, format=Format.IN_PERSON, site=SITE.id, room=ROOM.id, seats=(Seat(client=CLIENT.id),))
MATTERS = {
    LetterKind.REFERRAL_OUT: Matter(
        practice=PRACTICE, client=CLIENT, recipient=PHYSICIAN, referral=OUT, therapist=SUPERVISED, supervisor=SUPERVISOR
    ),
    LetterKind.REPLY_TO_REFERRER: Matter(
        practice=PRACTICE, client=CLIENT, recipient=PHYSICIAN, referral=IN, visit=VISIT, therapist=THERAPIST
    ),
    LetterKind.APPOINTMENT_CONFIRMATION: Matter(practice=PRACTICE, client=CLIENT, visit=VISIT, therapist=THERAPIST),
}


@cache
def rules() -> Rulebook:
    """The texts that the program ships."""
    return read_rules(file.read_text("utf-8") for file in sorted(resource("rules").glob("*.toml")))


@cache
def template(kind: LetterKind) -> Template:
    """The template that the program ships."""
    return read_template(resource(f"letters/{kind}.txt").read_text("utf-8"))


def draft(
    kind: LetterKind,
    *,
    client: Client = CLIENT,
    classes: frozenset[DataClass] = frozenset(),
    notes: dict[str, str] | None = None,
    **changes: object,
) -> Draft:
    """A draft of that kind, with the client and anything else of its matter replaced."""
    matter = replace(MATTERS[kind], client=client, **changes)  # type: ignore[arg-type]
    asked = Asked(kind=kind, classes=classes, notes=notes or {})
    return compose(asked, matter, template(kind), rules(), ACTOR, LetterId("L1"))


def lines(one: Draft) -> str:
    """Everything the letter says, line by line."""
    letter = one.letter
    body = [f"{part.label} {part.text}".strip() for section in letter.sections for part in section.parts]
    signed = [line for signature in letter.signatures for line in (signature.caption, *signature.lines)]
    headings = [section.heading for section in letter.sections]
    return "\n".join((*letter.head, *letter.addressee, *headings, *body, *signed, *letter.notices, *letter.footer))
