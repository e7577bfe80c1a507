"""Hard rules of a match as of a day: age, qualification, and a format and place for which the license holds."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from desktop.clinic.eligibility import block
from desktop.clinic.licensure import judge_licensure
from desktop.clinic.moments import age_on
from desktop.clinic.people import State
from desktop.clinic.phrases import translated as _
from desktop.clinic.practice import SiteId
from desktop.clinic.qualification import judge_qualification
from desktop.clinic.question import Question
from desktop.clinic.schedule import not_offered, suits_age, wrong_age
from desktop.clinic.services import Format
from desktop.clinic.therapists import Therapist
from desktop.clinic.turning import counts_days, staff_days
from desktop.clinic.verdict import Verdict
from desktop.clinic.workweek import day_of

_NOON = time(12)
_DAY = timedelta(days=1)


def fitting(therapist: Therapist, asked: Question, day: date) -> tuple[Verdict, ...]:
    """What age and qualification say on that day, allowing and warning verdicts included."""
    return (*aged(therapist, asked, day), *qualified(therapist, asked, day))


def aged(therapist: Therapist, asked: Question, day: date) -> tuple[Verdict, ...]:
    """Whether therapist and service are for people of the age that the client has that day."""
    if asked.client is None:
        return ()
    found: list[Verdict] = []
    age = age_on(asked.client.birth_date, day)
    if age < therapist.age_from or (therapist.age_to is not None and age > therapist.age_to):
        found.append(block("AGE", _ages(therapist), age=str(age)))
    if not suits_age(asked.service, age):
        found.append(block("AGE_SERVICE", wrong_age(asked.service), age=str(age)))
    return tuple(found)


def qualified(therapist: Therapist, asked: Question, day: date) -> tuple[Verdict, ...]:
    """What the therapist's qualification says of each modality that is needed, as of that day."""
    found: list[Verdict] = []
    for need in asked.needs:
        found += judge_qualification(
            therapist,
            modality=need.modality,
            level=need.level,
            asked=need.asked,
            scope=need.scope,
            day=day,
            facts=asked.facts,
            rules=asked.rules,
        )
    return tuple(found)


def _ages(therapist: Therapist) -> str:
    name = therapist.name.full
    if therapist.age_to is None:
        return _("{therapist} sees people from {age} years of age.").format(therapist=name, age=therapist.age_from)
    return _("{therapist} sees ages {low} to {high}.").format(
        therapist=name, low=therapist.age_from, high=therapist.age_to
    )


def licensed(
    therapist: Therapist, asked: Question, format: Format, state: State | None, day: date
) -> tuple[Verdict, ...]:
    """What the license rules say of a visit on that day in that format, with the client in that state."""
    start = _noon(day)
    verdicts = judge_licensure(
        therapist,
        state=state,
        format=format,
        start=start,
        end=start + timedelta(minutes=asked.service.minutes),
        facts=asked.facts,
        rules=asked.rules,
        now=asked.now,
        service=asked.service,
    )
    if asked.request.independent and any(one.evidence.get("basis") == "supervised" for one in verdicts):
        text = _("{therapist} practices under supervision.").format(therapist=therapist.name.full)
        return (*verdicts, block("INDEPENDENT", text))
    return verdicts


def _noon(day: date) -> datetime:
    """An instant that stands for the day: the license rules look at calendar days alone."""
    return day_of(day).at(_NOON)


def not_in_formats(asked: Question) -> tuple[Verdict, ...]:
    """Why the request fits nobody: the service exists in none of the formats that suit the client."""
    if asked.formats:
        return ()
    return tuple(block("FORMAT", not_offered(asked.service, one)) for one in sorted(asked.request.formats))


def places(therapist: Therapist, asked: Question) -> dict[Format, tuple[SiteId | None, ...]]:
    """Where the therapist could see the client by their hours; everywhere when no hours are on record."""
    if not therapist.hours:
        by_video: tuple[SiteId | None, ...] = (None,)
        rooms: tuple[SiteId | None, ...] = tuple(asked.sites)
    else:
        by_video = (None,) if any(Format.TELEHEALTH in one.formats for one in therapist.hours) else ()
        mine = {one.site for one in therapist.hours if Format.IN_PERSON in one.formats}
        rooms = tuple(site for site in asked.sites if site in mine)
    every = {Format.TELEHEALTH: by_video, Format.IN_PERSON: rooms}
    return {format: some for format, some in every.items() if format in asked.formats}


def elsewhere(therapist: Therapist, asked: Question, format: Format) -> Verdict:
    """The verdict that the therapist's hours leave no place for visits in that format."""
    name = therapist.name.full
    if format is Format.IN_PERSON and not asked.sites:
        return block("SITE", _("The practice has no open site for visits in person."))
    if format is Format.TELEHEALTH:
        return block(
            "FORMAT", _("{therapist} does not work by telehealth.").format(therapist=name), format=format.value
        )
    if not any(Format.IN_PERSON in one.formats and one.site for one in therapist.hours):
        return block(
            "FORMAT", _("{therapist} does not see clients in person.").format(therapist=name), format=format.value
        )
    wanted = asked.request.site
    where = _("at any open site") if wanted is None else _("at {site}").format(site=asked.facts.site(wanted).name)
    text = _("{therapist} does not see clients {where}.").format(therapist=name, where=where)
    return block("SITE", text, site=wanted or "")


def turning_days(therapist: Therapist, asked: Question) -> list[date]:
    """The days after the first, up to the last that is searched, on which a dated rule may answer differently."""
    first, last = asked.first_day, asked.last_day
    if counts_days(therapist):
        return [first + number * _DAY for number in range(1, (last - first).days + 1)]
    found = asked.rule_days | staff_days(therapist, asked.facts, asked.rules)
    return sorted(day for day in found if first < day <= last)
