"""One change away: what would make an excluded therapist eligible, and what in the request unlocks most therapists."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from desktop.clinic.facts import Facts
from desktop.clinic.ladder import level_word, months_after, name_of
from desktop.clinic.matching import Exclusion, Match, match
from desktop.clinic.people import State, TherapistId
from desktop.clinic.phrases import shown
from desktop.clinic.phrases import translated as _
from desktop.clinic.requests import Request
from desktop.clinic.rulebook import Rulebook
from desktop.clinic.services import BOTH_FORMATS, Format, Level, Modality
from desktop.clinic.therapists import LicenseStatus, Supervision, Therapist
from desktop.clinic.timetable import Taken, taken_from

_RENEWABLE = frozenset({LicenseStatus.ACTIVE, LicenseStatus.EXPIRED})
_CYCLE_MONTHS = 24
_LONGEST_WEEKS = 26

_Ask = Callable[[Request, Facts, Container[TherapistId]], Match]


class Change(StrEnum):
    """What would have to change."""

    FORMAT = "format"
    SITE = "site"
    LATER = "later"
    LONGER = "longer"
    SUPERVISOR = "supervisor"
    RENEWAL = "renewal"
    SELF_PAY = "self_pay"
    LANGUAGE = "language"
    LEVEL = "level"
    INDEPENDENT = "independent"


@dataclass(frozen=True, slots=True, kw_only=True)
class NearMiss:
    """The single change that would make an excluded therapist eligible.

    Either the request is another one, or the therapist's record is.
    """

    therapist: TherapistId
    change: Change
    sentence: str
    request: Request
    record: Therapist | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Relaxation:
    """A change of the request and the excluded therapists whom it would make eligible."""

    change: Change
    sentence: str
    request: Request
    unlocks: tuple[TherapistId, ...]


def near_misses(
    found: Match,
    request: Request,
    facts: Facts,
    rules: Rulebook,
    now: datetime,
    taken: Taken | None = None,
    *,
    caseloads: Mapping[TherapistId, int] | None = None,
) -> tuple[NearMiss, ...]:
    """For each excluded therapist the first single change that helps, if there is one; in the order of the exclusions.

    Everything but `found` is what `match` was given. Each change is tried out by matching again, so that what is named
    really makes the therapist eligible.
    """
    ask = _asking(facts, rules, now, taken, caseloads)
    tried = (
        next((one for one in _ideas(exclusion, request, facts) if _helps(one, facts, ask)), None)
        for exclusion in found.excluded
    )
    return tuple(miss for miss in tried if miss is not None)


def relaxations(
    found: Match,
    request: Request,
    facts: Facts,
    rules: Rulebook,
    now: datetime,
    taken: Taken | None = None,
    *,
    caseloads: Mapping[TherapistId, int] | None = None,
) -> tuple[Relaxation, ...]:
    """The single changes of the request that unlock anybody, the one that unlocks most first; given as `near_misses`."""
    ask = _asking(facts, rules, now, taken, caseloads)
    excluded = frozenset(one.therapist for one in found.excluded)
    results = []
    for change, sentence, changed in _relaxed(request, facts):
        unlocked = tuple(one.therapist for one in ask(changed, facts, excluded).eligible)
        if unlocked:
            results.append(Relaxation(change=change, sentence=sentence, request=changed, unlocks=unlocked))
    return tuple(sorted(results, key=lambda one: -len(one.unlocks)))


def _asking(
    facts: Facts,
    rules: Rulebook,
    now: datetime,
    taken: Taken | None,
    caseloads: Mapping[TherapistId, int] | None,
) -> _Ask:
    times, loads = taken or taken_from(facts), facts.caseloads if caseloads is None else caseloads
    return lambda asked, where, among: match(asked, where, rules, now, times, caseloads=loads, among=among)


def _helps(miss: NearMiss, facts: Facts, ask: _Ask) -> bool:
    record = miss.record
    if record is not None:
        facts = replace(facts, therapists=tuple(record if one.id == record.id else one for one in facts.therapists))
    return bool(ask(miss.request, facts, {miss.therapist}).eligible)


def _ideas(exclusion: Exclusion, request: Request, facts: Facts) -> Iterator[NearMiss]:
    """The changes that could lift every failed rule at once, those of the request first."""
    codes = frozenset(one.code for one in exclusion.verdicts)
    therapist = facts.therapist(exclusion.therapist)

    def is_enough(change: Change) -> bool:
        core, besides = _LIFTS[change]
        return bool(codes & core) and codes <= core | besides

    for change, sentence, changed in _relaxed(request, facts):
        if is_enough(change):
            yield NearMiss(therapist=therapist.id, change=change, sentence=sentence, request=changed)
    for day in _coming(therapist, request.from_day) if is_enough(Change.LATER) else ():
        text = _("begin on {day} or later").format(day=shown(day))
        changed = replace(request, from_day=day)
        yield NearMiss(therapist=therapist.id, change=Change.LATER, sentence=text, request=changed)
    if is_enough(Change.RENEWAL):
        for text, record in _renewals(therapist):
            yield NearMiss(therapist=therapist.id, change=Change.RENEWAL, sentence=text, request=request, record=record)
    if is_enough(Change.SUPERVISOR):
        for text, record in _supervised(therapist, request, facts, codes):
            yield NearMiss(
                therapist=therapist.id, change=Change.SUPERVISOR, sentence=text, request=request, record=record
            )


_PLACE = frozenset({"FORMAT", "SITE"})
_LICENSE = frozenset(
    {"LIC_NONE", "LIC_EXPIRED_AT_SESSION", "LIC_NOT_YET", "LIC_PENDING", "LIC_INACTIVE", "LOC_UNKNOWN"}
)
_SUPERVISION = frozenset({"SUP_NONE", "SUP_LIC_INVALID", "SUP_UNKNOWN", "SUP_PLAN", "SUP_DISCLOSURE"})
_WAY = _PLACE | _LICENSE | _SUPERVISION | {"INDEPENDENT", "SEAT_STATE", "NO_OPENING"}
_NONE: frozenset[str] = frozenset()

# For each change the failed rules of which it can lift one, and those that it may lift besides.
_LIFTS: Mapping[Change, tuple[frozenset[str], frozenset[str]]] = {
    Change.FORMAT: (_WAY, _NONE),
    Change.SITE: (_WAY, _NONE),
    Change.LONGER: (frozenset({"NO_OPENING"}), _NONE),
    Change.LATER: (frozenset({"LIC_NOT_YET", "SUP_NONE"}), _WAY),
    Change.SELF_PAY: (frozenset({"PAYER"}), _NONE),
    Change.LANGUAGE: (frozenset({"LANGUAGE"}), _NONE),
    Change.LEVEL: (frozenset({"QUAL_LEVEL"}), _NONE),
    Change.INDEPENDENT: (frozenset({"INDEPENDENT"}), _WAY),
    Change.RENEWAL: (frozenset({"LIC_EXPIRED_AT_SESSION"}), _WAY),
    Change.SUPERVISOR: (_SUPERVISION | {"QUAL_SUP"}, _WAY),
}


def _relaxed(request: Request, facts: Facts) -> Iterator[tuple[Change, str, Request]]:
    service = facts.service(request.service)
    if service.formats - request.formats and request.formats != BOTH_FORMATS:
        other = next(iter(BOTH_FORMATS - request.formats))
        words = {Format.IN_PERSON: _("come in person as well"), Format.TELEHEALTH: _("meet by video as well")}
        yield Change.FORMAT, words[other], replace(request, formats=BOTH_FORMATS)
    if request.site is not None and Format.IN_PERSON in request.formats:
        yield Change.SITE, _("come to any site"), replace(request, site=None)
    if request.weeks < _LONGEST_WEEKS:
        yield (
            Change.LONGER,
            _("wait up to {weeks} weeks").format(weeks=_LONGEST_WEEKS),
            replace(request, weeks=_LONGEST_WEEKS),
        )
    yield Change.SELF_PAY, _("pay without insurance"), replace(request, payer="self_pay")
    if request.language not in ("", "en"):
        yield Change.LANGUAGE, _("speak English"), replace(request, language="en")
    if request.level is not None and request.level not in (Level.NONE, Level.IN_TRAINING):
        lower = tuple(Level)[tuple(Level).index(request.level) - 1]
        sentence = _("accept the level: {level}").format(level=level_word(lower))
        yield Change.LEVEL, sentence, replace(request, level=lower)
    if request.independent:
        yield Change.INDEPENDENT, _("accept a therapist under supervision"), replace(request, independent=False)


def _coming(therapist: Therapist, first: date) -> list[date]:
    """The days after the first on which a license or a supervision begins."""
    begins = {one.effective for one in therapist.licenses} | {one.starts for one in therapist.supervisions}
    return sorted(day for day in begins if day is not None and day > first)


def _renewals(therapist: Therapist) -> Iterator[tuple[str, Therapist]]:
    """The therapist with each license in turn renewed for one more cycle."""
    for held in therapist.licenses:
        if held.status not in _RENEWABLE:
            continue
        renewed = replace(held, status=LicenseStatus.ACTIVE, expires=months_after(held.expires, _CYCLE_MONTHS))
        text = _("record the renewal of the {state} {title} {number}").format(
            state=held.state.value, title=held.title, number=held.number
        )
        licenses = tuple(renewed if one is held else one for one in therapist.licenses)
        yield text.rstrip(), replace(therapist, licenses=licenses)


def _supervised(
    therapist: Therapist, request: Request, facts: Facts, codes: frozenset[str]
) -> Iterator[tuple[str, Therapist]]:
    """The therapist with each colleague in turn as a supervisor, for a state's license or for the modality asked."""
    modality = request.modality or facts.service(request.service).modality
    subjects: list[State | Modality] = []
    subjects += sorted({one.state for one in therapist.licenses}) if codes & _SUPERVISION else []
    subjects += [modality] if "QUAL_SUP" in codes and modality is not None else []
    for subject in subjects:
        for other in sorted(facts.therapists, key=lambda one: one.id):
            if other.id == therapist.id or other.retired or not _could_supervise(other, subject, request.from_day):
                continue
            state = subject if isinstance(subject, State) else None
            record = Supervision(
                supervisor=other.id,
                state=state,
                modality=subject if isinstance(subject, Modality) else None,
                starts=request.from_day,
                plan_on=request.from_day,
                client_told=True,
            )
            text = _("{supervisor} supervises for {subject}").format(
                supervisor=other.name.full, subject=subject.value if state else name_of(Modality(subject))
            )
            yield text, replace(therapist, supervisions=(*therapist.supervisions, record))


def _could_supervise(other: Therapist, subject: State | Modality, day: date) -> bool:
    if isinstance(subject, State):
        return any(one.state is subject and one.expires >= day for one in other.licenses)
    return any(one.modality is subject and one.level is not Level.IN_TRAINING for one in other.qualifications)
