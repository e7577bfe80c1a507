"""Points of a match: one criterion at a time, weighed as the rulebook says, each with a sentence a client would follow."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from desktop.clinic.clients import PaymentKind
from desktop.clinic.eligibility import in_network
from desktop.clinic.ladder import RANK, name_of, standing, title_words
from desktop.clinic.moments import local_date
from desktop.clinic.openings import Opening
from desktop.clinic.phrases import as_date, shown
from desktop.clinic.phrases import translated as _
from desktop.clinic.question import Need, Question, speaks
from desktop.clinic.services import Level
from desktop.clinic.spoken import short_moment
from desktop.clinic.therapists import Therapist
from desktop.clinic.verdict import Outcome, Verdict

CRITERIA = ("specialty", "level", "openings", "payer", "language", "continuity", "gender", "caseload")
_MOST_OPENINGS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One reason for or against a therapist: the points it gave of the most it could, and a plain sentence.

    A criterion with `most` 0 only tells a hard rule that is met.
    """

    name: str
    points: int
    most: int
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """The weights that the rulebook holds on the day of the request, and what counts as soon and as full."""

    weights: Mapping[str, int]
    soon_days: int
    full_caseload: int


def scale(asked: Question) -> Scale:
    """The scale in force on the first day that is searched.

    Raises UnknownRule when the rulebook lacks a weight.
    """
    rules, day = asked.rules, asked.first_day
    return Scale(
        weights={name: int(rules.fact(f"matching.weight.{name}", day).value) for name in CRITERIA},
        soon_days=int(rules.fact("matching.soon_days", day).value),
        full_caseload=int(rules.fact("matching.full_caseload", day).value),
    )


def total(criteria: Sequence[Criterion]) -> int:
    """The points out of 100; criteria that nobody asked about are not among them."""
    most = sum(one.most for one in criteria)
    return 0 if most == 0 else (200 * sum(one.points for one in criteria) + most) // (2 * most)


def criteria(
    therapist: Therapist,
    asked: Question,
    scale: Scale,
    openings: Sequence[Opening],
    suit: bool,
    verdicts: Sequence[Verdict],
) -> tuple[Criterion, ...]:
    """Every criterion that the request touches; `suit` tells whether the openings lie inside the client's times.

    `verdicts` are those of the license and qualification rules for the first opening.
    """
    found = [*timeless(therapist, asked, scale, verdicts)]
    found += (_weighed(one, scale) for one in _openings(asked, scale, openings, suit))
    return tuple(sorted(found, key=lambda one: CRITERIA.index(one.name) if one.name in CRITERIA else -1))


def timeless(
    therapist: Therapist, asked: Question, scale: Scale, verdicts: Sequence[Verdict] = ()
) -> tuple[Criterion, ...]:
    """The criteria that the request touches and that do not depend on when there is an opening."""
    found = (criterion(name, therapist, asked, scale) for name in TIMELESS)
    return (
        *(Criterion(name="license", points=0, most=0, sentence=one) for one in license_lines(verdicts)),
        *(one for one in found if one is not None),
    )


def criterion(name: str, therapist: Therapist, asked: Question, scale: Scale) -> Criterion | None:
    """One of the `TIMELESS` criteria; None when the request does not touch it."""
    part = next(TIMELESS[name](therapist, asked, scale), None)
    return None if part is None else _weighed(part, scale)


def _weighed(part: tuple[str, float, str], scale: Scale) -> Criterion:
    name, share, text = part
    return Criterion(name=name, points=round(scale.weights[name] * share), most=scale.weights[name], sentence=text)


def license_lines(verdicts: Sequence[Verdict]) -> list[str]:
    """As in Licensed in NJ until Nov 30, 2028: one line for each state that the verdicts allow."""
    lines = []
    for one in verdicts:
        if one.code != "LIC_OK" or one.outcome is not Outcome.ALLOW or "state" not in one.evidence:
            continue
        until = as_date(one.evidence.get("expires"))
        words = {"state": one.evidence["state"], "expires": "" if until is None else shown(until)}
        basis = one.evidence.get("basis", "")
        if basis == "direct":
            text = _("Licensed in {state} until {expires}")
        elif basis == "supervised":
            text = _("Licensed in {state} until {expires}, under supervision")
        else:
            text = _("May practice in {state} until {expires} ({basis})")
        lines.append(text.format(basis=basis.replace("_", " "), **words))
    return list(dict.fromkeys(lines))


def _specialty(therapist: Therapist, asked: Question, _scale: Scale) -> Iterator[tuple[str, float, str]]:
    wanted = asked.request.specialties
    if not wanted:
        return
    held = sorted(wanted & therapist.specialties)
    lacking = sorted(wanted - therapist.specialties)
    named = ", ".join(held).replace("_", " ")
    missing = ", ".join(lacking).replace("_", " ")
    if not lacking:
        text = _("Works with {named}").format(named=named)
    elif held:
        text = _("Works with {named}; does not list {missing}").format(named=named, missing=missing)
    else:
        text = _("Does not list {missing}").format(missing=missing)
    yield "specialty", len(held) / len(wanted), text


def _level(therapist: Therapist, asked: Question, _scale: Scale) -> Iterator[tuple[str, float, str]]:
    if not asked.needs:
        return
    need = asked.needs[-1]
    held = standing(therapist, need.modality, asked.first_day, asked.rules)
    if held.level is Level.NONE:
        yield "level", 0.5, _("Offers {modality} as an approach").format(modality=name_of(need.modality))
        return
    words, _fact = title_words(held.level, need.modality, asked.first_day, asked.rules)
    yield "level", _height(held.level, need), words


def _height(level: Level, need: Need) -> float:
    """Half for the lowest level that will do, rising to one for the top of the ladder; training counts for less."""
    least = max(RANK[need.least], RANK[Level.TRAINED])
    top = RANK[Level.CONSULTANT]
    if RANK[level] < least:
        return 0.25
    return 1.0 if least == top else 0.5 + 0.5 * (RANK[level] - least) / (top - least)


def _openings(
    asked: Question, scale: Scale, openings: Sequence[Opening], suit: bool
) -> Iterator[tuple[str, float, str]]:
    if not openings:
        yield "openings", 0.0, _("No working hours on record; ask for a time")
        return
    first = openings[0].start
    text = _("First opening {moment}").format(moment=short_moment(first))
    if not suit:
        yield "openings", 0.0, _("{opening}, outside the client's times").format(opening=text)
        return
    yield "openings", 0.6 * _soon(first, asked, scale) + 0.4 * len(openings[:_MOST_OPENINGS]) / _MOST_OPENINGS, text


def _soon(first: datetime, asked: Question, scale: Scale) -> float:
    waits = (first - asked.first) / timedelta(days=1)
    whole = (asked.last - asked.first) / timedelta(days=1)
    if waits <= scale.soon_days or whole <= scale.soon_days:
        return 1.0
    return max(0.0, (whole - waits) / (whole - scale.soon_days))


def _payer(therapist: Therapist, asked: Question, _scale: Scale) -> Iterator[tuple[str, float, str]]:
    if not asked.payer:
        return
    payer = asked.payer.title()
    if in_network(therapist, asked):
        yield "payer", 1.0, _("In network: {payer}").format(payer=payer)
    elif asked.payment is PaymentKind.OUT_OF_NETWORK:
        yield "payer", 0.5, _("Out of network: {payer}").format(payer=payer)


def _language(therapist: Therapist, asked: Question, _scale: Scale) -> Iterator[tuple[str, float, str]]:
    if not asked.language:
        return
    if speaks(therapist.languages, asked.language):
        yield "language", 1.0, _("Speaks the client's language ({language})").format(language=asked.language)
    else:
        yield "language", 0.0, _("Needs an interpreter ({language})").format(language=asked.language)


def _continuity(therapist: Therapist, asked: Question, _scale: Scale) -> Iterator[tuple[str, float, str]]:
    wanted, client = asked.request.therapist, asked.client
    visits = () if client is None else asked.facts.calendar.get(client.id, ())
    known = {one for visit in visits if visit.start < asked.now for one in (visit.therapist, *visit.co_leaders)}
    if client is not None and client.therapist is not None:
        known.add(client.therapist)
    if wanted is None and not known:
        return
    if therapist.id == wanted:
        yield "continuity", 1.0, _("Asked for by name")
    elif therapist.id in known:
        yield "continuity", 1.0 if wanted is None else 0.5, _("Has seen the client before")
    else:
        yield "continuity", 0.0, _("Has not seen the client before")


def _gender(therapist: Therapist, asked: Question, _scale: Scale) -> Iterator[tuple[str, float, str]]:
    wanted = asked.request.gender.strip()
    if not wanted:
        return
    if therapist.gender.strip().casefold() == wanted.casefold():
        yield "gender", 1.0, _("Gender as asked: {gender}").format(gender=wanted)
    else:
        yield "gender", 0.0, _("Gender asked for: {gender}").format(gender=wanted)


def caseload_share(therapist: Therapist, asked: Question, full: int) -> float:
    """Active clients against the therapist's own limit, or against a full caseload where there is none."""
    load = asked.caseloads.get(therapist.id, therapist.caseload_elsewhere)
    limit = full if therapist.caseload_cap is None else therapist.caseload_cap
    return 1.0 if limit <= 0 else load / limit


def _caseload(therapist: Therapist, asked: Question, scale: Scale) -> Iterator[tuple[str, float, str]]:
    load = asked.caseloads.get(therapist.id, therapist.caseload_elsewhere)
    share = caseload_share(therapist, asked, scale.full_caseload)
    if therapist.caseload_cap is None:
        text = _("Active clients: {load}").format(load=load)
    else:
        text = _("Active clients: {load} of {limit}").format(load=load, limit=therapist.caseload_cap)
    yield "caseload", max(0.0, 1.0 - share), text


TIMELESS: Mapping[str, Callable[[Therapist, Question, Scale], Iterator[tuple[str, float, str]]]] = {
    "specialty": _specialty,
    "level": _level,
    "payer": _payer,
    "language": _language,
    "continuity": _continuity,
    "gender": _gender,
    "caseload": _caseload,
}
"""The criteria that do not depend on when there is an opening, by name."""


def last_new_client(therapist: Therapist, asked: Question) -> date:
    """The day of the latest first visit of any client, as far as the facts tell; long ago when there was none."""
    firsts: dict[str, datetime] = {}
    for visit in asked.facts.calendar.get(therapist.id, ()):
        if visit.start < asked.now:
            for seat in visit.seats:
                known = firsts.get(seat.client)
                firsts[seat.client] = visit.start if known is None else min(known, visit.start)
    return max((local_date(one) for one in firsts.values()), default=date.min)
