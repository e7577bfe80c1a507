"""Referrals at every stage, with their history, an owner, a next action and a due date; and first visits."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from random import Random

from desktop.clinic.change import Actor, UserId
from desktop.clinic.clients import ClientStatus, DataClass, PaymentKind, Release
from desktop.clinic.moments import age_on, instant
from desktop.clinic.people import Referrer, TherapistId
from desktop.clinic.referral import Direction, Referral, ReferralId, Stage, Step, Urgency, advanced, first_step
from desktop.clinic.requests import Request
from desktop.clinic.services import BOTH_FORMATS, Format, Modality
from desktop.clinic.visits import Visit, VisitStatus
from desktop.office.demo.persons import ARRIVING, COUNT, ENDED, Care, Person, client_id
from desktop.office.demo.week import Plan, may_see, seat, state_of
from desktop.office.demo.year import Year, add_visit

DESK = UserId("desk")
S = Stage

# Stages that lead to where a referral stands, and how many of them a copy of the practice has.
INTO: tuple[tuple[int, tuple[Stage, ...]], ...] = (
    (9, ()),
    (7, (S.ACKNOWLEDGED,)),
    (5, (S.ACKNOWLEDGED, S.PENDING_INFORMATION)),
    (9, (S.ACKNOWLEDGED, S.TRIAGED)),
    (8, (S.ACKNOWLEDGED, S.TRIAGED, S.CONTACTING)),
    (5, (S.ACKNOWLEDGED, S.TRIAGED, S.CONTACTING, S.WAITLISTED)),
    (5, (S.ACKNOWLEDGED, S.TRIAGED, S.CONTACTING, S.BOOKED)),
    (3, (S.ACKNOWLEDGED, S.TRIAGED, S.BOOKED, S.ATTENDED)),
    (1, (S.ACKNOWLEDGED, S.TRIAGED, S.BOOKED, S.ATTENDED, S.REPORTED_BACK)),
)
ENDINGS: tuple[tuple[Stage, ...], ...] = (
    (S.ACKNOWLEDGED, S.TRIAGED, S.BOOKED, S.ATTENDED, S.REPORTED_BACK, S.CLOSED),
    (S.ACKNOWLEDGED, S.DECLINED),
    (S.ACKNOWLEDGED, S.TRIAGED, S.CONTACTING, S.CONTACTING, S.UNABLE_TO_REACH),
    (S.ACKNOWLEDGED, S.TRIAGED, S.REDIRECTED),
    (S.TRIAGED, S.CONTACTING, S.WITHDRAWN),
    (S.ACKNOWLEDGED, S.TRIAGED, S.BOOKED, S.ATTENDED, S.CLOSED),
)
OUT: tuple[tuple[Stage, ...], ...] = (
    (), (), (), (S.SENT,), (S.SENT,), (S.SENT,), (S.SENT, S.ACKNOWLEDGED), (S.SENT, S.BOOKED),
)  # fmt: skip
NOTES = {
    S.PENDING_INFORMATION: "Asked for the telephone number and the insurance card.",
    S.CONTACTING: "Left a message to call back.",
    S.WAITLISTED: "Wants evenings only.",
    S.DECLINED: "Asks for a service that the practice does not offer.",
    S.UNABLE_TO_REACH: "Three calls and a letter without an answer.",
    S.REDIRECTED: "Needs in-person care in New Jersey; gave two names.",
    S.WITHDRAWN: "Found somebody closer to home.",
}
ASKS = (
    None,
    Modality.EMDR,
    Modality.CBT,
    Modality.DBT,
    Modality.IFS,
    Modality.SOMATIC,
    Modality.KAP,
    Modality.INNER_CHILD,
)
SPECIALTIES = {
    "eating": "eating_disorders",
    "substance_use": "addiction",
    "trauma": "trauma",
    "lgbtq": "lgbtq",
    "infertility": "infertility",
}


@dataclass(kw_only=True)
class Journeys:
    """What referrals need of the practice while they are made."""

    made: Plan
    year: Year
    rng: Random
    referrers: tuple[Referrer, ...]
    intakes: set[tuple[TherapistId, date]]


def journeys(made: Plan, year: Year, referrers: tuple[Referrer, ...]) -> tuple[Referral, ...]:
    """Sixty open referrals over all stages, a quarter of them overdue, and a score that have ended."""
    state = Journeys(made=made, year=year, rng=made.rng, referrers=referrers, intakes=set())
    paths = [path for count, path in INTO for _ in range(count)]
    arriving = [made.persons[client_id(made.place, nth)] for nth in ARRIVING]
    ended = [made.persons[client_id(made.place, nth)] for nth in ENDED]
    found = [_into(state, nth, person, path) for nth, (person, path) in enumerate(zip(arriving, paths, strict=True))]
    found += [_into(state, 100 + nth, one, ENDINGS[nth % len(ENDINGS)]) for nth, one in enumerate(ended)]
    new = {one.client.id for one in arriving}
    leaving = [
        one
        for one in made.persons.values()
        if one.client.therapist and one.care is Care.TALK and one.client.id not in new
    ]
    found += [_out(state, 200 + nth, leaving[7 * nth], path) for nth, path in enumerate(OUT)]
    _first_visits(state)
    return tuple(found)


def _into(state: Journeys, nth: int, person: Person, path: tuple[Stage, ...]) -> Referral:
    rng, today = state.rng, state.made.today
    client = person.client
    urgency = rng.choices(list(Urgency), (75, 20, 5))[0]
    last = today - timedelta(days=_age(rng, path, urgency))
    began = last - timedelta(days=2 * len(path))
    start = Referral(
        id=_id(state, nth),
        client=client.id,
        referrer=rng.choice(state.referrers).id if rng.random() < 0.75 else None,
        received_on=began,
        urgency=urgency,
        reason=client.concern,
        request=_request(state, person, began),
        owner=DESK,
        next_action=first_step(S.RECEIVED, urgency, began)[0],
        due=first_step(S.RECEIVED, urgency, began)[1],
        history=(Step(at=_at(rng, began), by=DESK, before=None, after=S.RECEIVED),),
    )
    walked = _walk(state, start, path, began)
    if S.ATTENDED in path and walked.stage.is_open:
        return _met(state, walked, person, past=True)
    if walked.stage is S.BOOKED:
        return _met(state, walked, person, past=False)
    if walked.stage is S.WAITLISTED:
        _change(state, person, ClientStatus.WAITING, None)
    return walked


def _out(state: Journeys, nth: int, person: Person, path: tuple[Stage, ...]) -> Referral:
    today = state.made.today
    takes = [one for one in state.referrers if one.services]
    last = today - timedelta(days=_age(state.rng, path or (S.DRAFTED,), Urgency.ROUTINE))
    began = last - timedelta(days=2 * len(path))
    action, due = first_step(S.DRAFTED, Urgency.ROUTINE, began)
    start = Referral(
        id=_id(state, nth),
        direction=Direction.OUT,
        client=person.client.id,
        referrer=takes[nth % len(takes)].id,
        received_on=began,
        reason="Would profit from a consultation about medication.",
        stage=S.DRAFTED,
        owner=DESK,
        next_action=action,
        due=due,
        therapist=person.client.therapist,
        history=(Step(at=_at(state.rng, began), by=DESK, before=None, after=S.DRAFTED),),
    )
    _sign_release(state, start)
    return _walk(state, start, path, began)


def _sign_release(state: Journeys, referral: Referral) -> None:
    """Let the client agree to what letters between the practice and this referrer tell."""
    if referral.referrer is None:
        return
    person = state.made.persons[referral.client]
    release = Release(
        id=f"release-{referral.id}",
        recipient=referral.referrer,
        classes=frozenset({DataClass.IDENTITY, DataClass.CONTACT, DataClass.SCHEDULING, DataClass.REASON}),
        purpose="Referral",
        signed_on=referral.received_on,
        expires_on=referral.received_on + timedelta(days=365),
    )
    after = replace(person.client, releases=(*person.client.releases, release))
    state.made.persons[referral.client] = replace(person, client=after)


def _walk(state: Journeys, referral: Referral, path: tuple[Stage, ...], began: date) -> Referral:
    for step, stage in enumerate(path, 1):
        actor = Actor(user=DESK, now=_at(state.rng, began + timedelta(days=2 * step)))
        referral = advanced(referral, stage, actor, note=NOTES.get(stage, ""))
    return referral


def _age(rng: Random, path: tuple[Stage, ...], urgency: Urgency) -> int:
    if path and not path[-1].is_open:
        return rng.randrange(5, 120)
    days = (first_step(path[-1] if path else S.RECEIVED, urgency, date.min)[1] - date.min).days
    return days + rng.randrange(1, 5) if rng.random() < 0.25 else rng.randrange(days + 1)


def _at(rng: Random, day: date) -> datetime:
    return instant(day, time(rng.randrange(9, 12), rng.randrange(60)))


def _id(state: Journeys, nth: int) -> ReferralId:
    return ReferralId(f"referral-{state.made.place.number * COUNT + nth + 1:06}")


def _request(state: Journeys, person: Person, began: date) -> Request:
    rng, client = state.rng, person.client
    child = age_on(client.birth_date, began) < 13
    asked = Modality.PLAY if child else rng.choice(ASKS[:5] if age_on(client.birth_date, began) < 18 else ASKS)
    concern = SPECIALTIES.get(next(iter(client.concerns)), "")
    home = client.address.state
    return Request(
        client=client.id,
        service=state.made.services["intake"].id,
        modality=asked,
        formats=client.formats if not child else frozenset({Format.IN_PERSON}),
        site=client.site if client.formats != BOTH_FORMATS and Format.IN_PERSON in client.formats else None,
        state=home,
        from_day=state.made.today + timedelta(days=1),
        payer=client.coverage.payer if client.coverage.kind is PaymentKind.IN_NETWORK else "",
        specialties=frozenset({concern}) if concern and not child and rng.random() < 0.5 else frozenset(),
    )


def _met(state: Journeys, referral: Referral, person: Person, *, past: bool) -> Referral:
    """Give the referral its first visit at a time that a therapist keeps for intakes."""
    visit = _intake(state, person, state.made.today, past=past)
    if visit is None:
        return referral
    _change(state, person, ClientStatus.ACTIVE, visit.therapist)
    _sign_release(state, referral)
    due = visit.start.date() if referral.stage is S.BOOKED else referral.due
    return replace(referral, therapist=visit.therapist, visit=visit.id, due=due)


def _intake(state: Journeys, person: Person, around: date, *, past: bool) -> Visit | None:
    made, year = state.made, state.year
    remote = person.telehealth or person.client.formats == {Format.TELEHEALTH}
    placed = replace(person, telehealth=remote)
    for therapist in made.rng.sample(made.therapists, len(made.therapists)):
        slot = made.kept.get((therapist.id, "intake"))
        wanted = person.client.therapist in (None, therapist.id)
        if slot is None or not wanted or (slot.room is None and not remote):
            continue
        if not may_see(therapist, person.client, state_of(placed), made.today, telehealth=slot.room is None):
            continue
        for week in (-1, -2, -3) if past else (1, 2, 3):
            monday = around - timedelta(days=around.weekday()) + timedelta(weeks=week)
            day = monday + timedelta(days=slot.weekday)
            if day < year.first or (therapist.id, day) in state.intakes or not year.is_open(day, therapist.id):
                continue
            state.intakes.add((therapist.id, day))
            used = replace(slot, room=None, site=None) if remote else slot
            status = VisitStatus.COMPLETED if past else VisitStatus.SCHEDULED
            form = Format.TELEHEALTH if remote else Format.IN_PERSON
            return add_visit(
                year,
                day,
                service=made.services["intake"],
                therapist=therapist.id,
                slot=used,
                seats=(seat(placed, form),),
                status=status,
            )
    return None


def _first_visits(state: Journeys) -> None:
    """The intakes of clients who came during the year."""
    for person in tuple(state.made.persons.values()):
        if (
            person.client.therapist
            and person.joined > state.year.first + timedelta(days=21)
            and person.care is Care.TALK
        ):
            _intake(state, person, person.joined + timedelta(days=7), past=True)


def _change(state: Journeys, person: Person, status: ClientStatus, therapist: TherapistId | None) -> None:
    latest = state.made.persons[person.client.id]
    after = replace(latest.client, status=status, therapist=therapist)
    state.made.persons[person.client.id] = replace(latest, client=after)
