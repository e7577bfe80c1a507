"""Whether a proposed visit fits: people and room free, within working hours, in a suitable room of the site."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from operator import attrgetter

from desktop.clinic.facts import Facts
from desktop.clinic.moments import age_on, local_date
from desktop.clinic.people import TherapistId
from desktop.clinic.phrases import translated as _
from desktop.clinic.practice import Practice, Room
from desktop.clinic.requests import Proposal
from desktop.clinic.rulebook import Rulebook
from desktop.clinic.services import Format, Service, ServiceKind
from desktop.clinic.spoken import short_day, short_moment, short_span
from desktop.clinic.therapists import Therapist
from desktop.clinic.timetable import Taken, buffered, taken_from, utc
from desktop.clinic.verdict import Outcome, Verdict
from desktop.clinic.workweek import Period, closed_days, holidays, time_off, work_periods

__all__ = ["Period", "Taken", "judge_schedule", "room_features", "taken_from", "work_periods"]

_TRAVEL = timedelta(minutes=45)
_ANYWHERE = timedelta(days=1)


def judge_schedule(
    proposal: Proposal, facts: Facts, taken: Taken | None, rules: Rulebook, now: datetime | None = None
) -> tuple[Verdict, ...]:
    """Everything about time and place that speaks against the visit: conflicts and the wrong room block, the rest warns.

    `taken` None means that the facts hold every visit; the visit that is moved never stands in its own way. Without
    `now` a time in the past is not noticed. Raises BadInput when the proposal names what is not in the facts.
    """
    service = facts.service(proposal.service)
    start = utc(proposal.start)
    span = Period(start, start + (proposal.end(service.minutes) - proposal.start))
    staff = _staff(proposal, facts)
    asked = taken or taken_from(facts, ignoring=proposal.moves)
    return (
        *_past(span, now),
        *_offered(proposal, service),
        *_ages(proposal, service, facts, local_date(start)),
        *_closed(span, facts.practice, rules),
        *(verdict for one in staff for verdict in _working(one, span, proposal, facts, rules)),
        *_conflicts(proposal, span, service, staff, asked),
        *_room(proposal, service, facts, len(staff)),
        *(verdict for one in staff for verdict in _travel(one, span, proposal, facts)),
    )


def _staff(proposal: Proposal, facts: Facts) -> tuple[Therapist, ...]:
    above = () if proposal.supervisor is None else (proposal.supervisor,)
    ids: Mapping[TherapistId, None] = dict.fromkeys((proposal.therapist, *proposal.co_leaders, *above))
    return tuple(facts.therapist(key) for key in ids)


def _verdict(outcome: Outcome, code: str, sentence: str, **evidence: str) -> Verdict:
    return Verdict(outcome=outcome, code=code, sentence=sentence, evidence=evidence)


def _past(span: Period, now: datetime | None) -> Iterator[Verdict]:
    if now is not None and span.start < now:
        sentence = _("{moment} has already passed.").format(moment=short_moment(span.start))
        yield _verdict(Outcome.WARN, "PAST", sentence, start=span.start.isoformat())


def _offered(proposal: Proposal, service: Service) -> Iterator[Verdict]:
    if proposal.format not in service.formats:
        yield _verdict(Outcome.BLOCK, "FORMAT", not_offered(service, proposal.format), service=service.id)


def not_offered(service: Service, format: Format) -> str:
    """The sentence that a service does not exist in a format."""
    if format is Format.TELEHEALTH:
        return _("{service} is not offered by telehealth; it takes place in person.").format(service=service.name)
    return _("{service} is not offered in person; it takes place by telehealth.").format(service=service.name)


def _ages(proposal: Proposal, service: Service, facts: Facts, day: date) -> Iterator[Verdict]:
    if service.age_from is None and service.age_to is None:
        return
    for seat in proposal.seats:
        age = age_on(facts.client(seat.client).birth_date, day)
        if not suits_age(service, age):
            yield _verdict(Outcome.BLOCK, "AGE_SERVICE", wrong_age(service), age=str(age), client=seat.client)


def suits_age(service: Service, age: int) -> bool:
    """Whether the service is meant for that age; both ends are inclusive."""
    return (service.age_from is None or service.age_from <= age) and (service.age_to is None or age <= service.age_to)


def wrong_age(service: Service) -> str:
    """The sentence that a service is meant for other ages."""
    if service.age_to is None:
        return _("{service} is for people from {age} years of age.").format(service=service.name, age=service.age_from)
    return _("{service} is for ages {low} to {high}.").format(
        service=service.name, low=service.age_from or 0, high=service.age_to
    )


def _closed(span: Period, practice: Practice, rules: Rulebook) -> Iterator[Verdict]:
    days = sorted({local_date(span.start), local_date(span.end - timedelta(microseconds=1))})
    for day in (one for one in days if one in practice.closures):
        sentence = _("The practice is closed on {day}.").format(day=short_day(day))
        yield _verdict(Outcome.BLOCK, "CLOSED", sentence, day=day.isoformat())
    names = {} if practice.open_on_holidays else holidays(rules, days[0], days[-1])
    for day, name in names.items():
        if day not in practice.closures:
            sentence = _("{day} is a federal holiday: {name}.").format(day=short_day(day), name=name)
            fact = rules.fact("holidays.federal", day)
            yield _verdict(Outcome.WARN, "CLOSED", sentence, day=day.isoformat(), **fact.evidence)


def _working(
    therapist: Therapist, span: Period, proposal: Proposal, facts: Facts, rules: Rulebook
) -> Iterator[Verdict]:
    name = therapist.name.full
    if therapist.retired:
        sentence = _("{therapist} no longer works here.").format(therapist=name)
        yield _verdict(Outcome.BLOCK, "RETIRED", sentence, therapist=therapist.id)
    for off in (one for one in time_off(therapist) if one.overlaps(span)):
        sentence = _("{therapist} is off from {span}.").format(therapist=name, span=short_span(*off))
        yield _verdict(Outcome.BLOCK, "TIME_OFF", sentence, therapist=therapist.id, **_dates(off))
    # Without any hours on record nothing is known; closures have their own verdict and time off was judged above.
    if not therapist.hours or closed_days(facts.practice, rules, local_date(span.start), local_date(span.end)):
        return
    site = proposal.site if proposal.format is Format.IN_PERSON else None
    always = Therapist(id=therapist.id, name=therapist.name, hours=therapist.hours)
    around = (span.start - _ANYWHERE, span.end + _ANYWHERE)
    works = work_periods(always, *around, proposal.format, site, facts.practice, rules)
    if not any(one.start <= span.start and span.end <= one.end for one in works):
        sentence = _("{therapist} does not plan to see clients then: {where}, {span}.").format(
            therapist=name, where=_place(proposal, facts), span=short_span(*span)
        )
        yield _verdict(Outcome.WARN, "OUTSIDE_HOURS", sentence, therapist=therapist.id)


def _place(proposal: Proposal, facts: Facts) -> str:
    if proposal.format is Format.TELEHEALTH or proposal.site is None:
        return _("telehealth")
    return _("in person, {site}").format(site=facts.site(proposal.site).name)


def _dates(period: Period) -> dict[str, str]:
    return {"start": period.start.isoformat(), "end": period.end.isoformat()}


def _conflicts(
    proposal: Proposal, span: Period, service: Service, staff: Sequence[Therapist], taken: Taken
) -> Iterator[Verdict]:
    wide = buffered(service, *span)
    rooms = () if proposal.room is None else (proposal.room,)
    clients = tuple(dict.fromkeys(seat.client for seat in proposal.seats))
    times = taken((*(one.id for one in staff), *rooms, *clients), wide.start, wide.end)
    for therapist in staff:
        sentence = _("{therapist} already has a visit or its buffer then: {span}.")
        for clash in _clashes(times.get(therapist.id, ()), wide):
            text = sentence.format(therapist=therapist.name.full, span=short_span(*clash))
            yield _verdict(Outcome.BLOCK, "THER_CONFLICT", text, therapist=therapist.id, **_dates(clash))
    for room in rooms:
        for clash in _clashes(times.get(room, ()), wide):
            text = _("The room is taken then: {span}.").format(span=short_span(*clash))
            yield _verdict(Outcome.BLOCK, "ROOM_CONFLICT", text, room=room, **_dates(clash))
    for client in clients:
        for clash in _clashes(times.get(client, ()), span):
            text = _("The client already has a visit then: {span}.").format(span=short_span(*clash))
            yield _verdict(Outcome.BLOCK, "CLIENT_CONFLICT", text, client=client, **_dates(clash))


def _clashes(periods: Iterable[Period], span: Period) -> list[Period]:
    return [Period(*one) for one in periods if one[0] < span.end and span.start < one[1]]


def room_features(service: Service) -> frozenset[str]:
    """What a room must have for the service; dosing always needs one that is ready for it."""
    return service.room_features | ({"kap_ready"} if service.kind is ServiceKind.KAP_DOSING else set())


def _room(proposal: Proposal, service: Service, facts: Facts, staff: int) -> Iterator[Verdict]:
    if proposal.room is not None:
        yield from _chosen_room(proposal, service, facts.room(proposal.room), staff)
    elif proposal.format is Format.IN_PERSON and room_features(service):
        fitting = (one for one in facts.rooms if one.site == proposal.site and not one.retired)
        found = any(room_features(service) <= one.features for one in fitting)
        hint = _("choose one") if found else _("this site has none")
        for feature in sorted(room_features(service)):
            yield _lacking(service, feature, hint)


def _chosen_room(proposal: Proposal, service: Service, room: Room, staff: int) -> Iterator[Verdict]:
    if proposal.site is not None and room.site != proposal.site:
        sentence = _("The room {room} is not at the chosen site.").format(room=room.name)
        yield _verdict(Outcome.BLOCK, "ROOM_SITE", sentence, room=room.id, site=room.site)
    if room.retired:
        sentence = _("The room {room} is no longer in use.").format(room=room.name)
        yield _verdict(Outcome.BLOCK, "ROOM_RETIRED", sentence, room=room.id)
    if proposal.format is not Format.IN_PERSON:
        return
    for feature in sorted(room_features(service) - room.features):
        yield _lacking(service, feature, _("{room} is not").format(room=room.name))
    people = len(proposal.seats) + staff
    if people > room.seats:
        sentence = _("{room} seats {seats}, and {people} people come.").format(
            room=room.name, seats=room.seats, people=people
        )
        yield _verdict(Outcome.WARN, "ROOM_SEATS", sentence, room=room.id, seats=str(room.seats), people=str(people))


def _lacking(service: Service, feature: str, hint: str) -> Verdict:
    code = "ROOM_KAP" if feature == "kap_ready" else "ROOM_FEATURE"
    sentence = _("{service} needs a room marked {feature}; {hint}.").format(
        service=service.name, feature=feature.replace("_", " "), hint=hint
    )
    return _verdict(Outcome.BLOCK, code, sentence, feature=feature)


def _travel(therapist: Therapist, span: Period, proposal: Proposal, facts: Facts) -> Iterator[Verdict]:
    if proposal.format is not Format.IN_PERSON:
        return
    for visit in sorted(facts.calendar.get(therapist.id, ()), key=attrgetter("start", "id")):
        if visit.format is not Format.IN_PERSON or visit.site == proposal.site or visit.id == proposal.moves:
            continue
        near = visit.start - _TRAVEL < span.end and span.start < visit.end + _TRAVEL
        if near and visit.site is not None:
            sentence = _("{therapist} has a visit at {site} less than {minutes} minutes apart: {span}.").format(
                therapist=therapist.name.full,
                site=facts.site(visit.site).name,
                minutes=int(_TRAVEL / timedelta(minutes=1)),
                span=short_span(visit.start, visit.end),
            )
            yield _verdict(Outcome.WARN, "TRAVEL", sentence, therapist=therapist.id, site=visit.site)
