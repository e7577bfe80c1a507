"""Practice in a state without its license: PSYPACT, the licensing compacts, a board's temporary permission."""

from __future__ import annotations

from datetime import date, timedelta

from desktop.clinic.facts import Facts
from desktop.clinic.moments import local_date
from desktop.clinic.people import State
from desktop.clinic.phrases import as_date, evidence, shown
from desktop.clinic.phrases import translated as _
from desktop.clinic.rulebook import Fact, Rulebook
from desktop.clinic.services import Format
from desktop.clinic.session import Session
from desktop.clinic.standing import title_fact
from desktop.clinic.therapists import Authority, AuthorityKind, License, LicenseStatus, Therapist
from desktop.clinic.verdict import Outcome, Verdict

_COMPACT = {
    AuthorityKind.APIT: "psypact",
    AuthorityKind.TAP: "psypact",
    AuthorityKind.PRIVILEGE: "counseling",
    AuthorityKind.MULTISTATE: "social_work",
}
DISCIPLINE = frozenset(
    {LicenseStatus.SUSPENDED, LicenseStatus.REVOKED, LicenseStatus.PROBATION, LicenseStatus.RESTRICTED}
)


def home_titles(kind: AuthorityKind, rules: Rulebook, day: date) -> tuple[str, ...]:
    """The license titles that the authority rests on; empty for a temporary permission, which rests on a letter."""
    compact = _COMPACT.get(kind)
    return () if compact is None else tuple(rules.fact(f"compact.{compact}.home_titles", day).value)


def judge_authority(
    therapist: Therapist, authority: Authority, at: Session, facts: Facts, rules: Rulebook
) -> Verdict | None:
    """Allowed with its basis, or the first reason why not; None when the authority does not speak of that state."""
    if authority.state not in (None, at.state) or authority.home_state is at.state:
        return None
    if authority.kind is AuthorityKind.TEMPORARY_PERMISSION:
        return _judge_permission(therapist, authority, at, facts, rules)
    if authority.home_state is None:
        text = _("The record does not name the home state that the compact rests on; add it.")
        return _refused("COMPACT_HOME_LICENSE", text, authority, at, None)
    fact, refused = _judge_membership(authority, authority.home_state, at, rules)
    return (
        refused
        or _judge_dates(authority, at, fact)
        or _judge_home(therapist, authority, at, rules, fact)
        or _judge_reach(therapist, authority, at, facts, rules)
        or _allowed(therapist, authority, at, fact)
    )


def _judge_membership(
    authority: Authority, home: State, at: Session, rules: Rulebook
) -> tuple[Fact | None, Verdict | None]:
    compact = _COMPACT[authority.kind]
    remote_fact, remote_open = _issues(compact, at.state, at.first, rules)
    home_fact, home_open = _issues(compact, home, at.first, rules)
    if remote_open and home_open:
        return remote_fact, None
    closed = ", ".join(state.value for state, is_open in ((home, home_open), (at.state, remote_open)) if not is_open)
    sentence = _(
        "The interstate compact is not in operation in {closed} on {day}, so it gives no right to see this client."
    )
    text = sentence.format(closed=closed, day=shown(at.first))
    fact = home_fact if remote_open else remote_fact
    return None, _refused("COMPACT_NOT_OPERATIONAL", text, authority, at, fact, compact=compact)


def _issues(compact: str, state: State, day: date, rules: Rulebook) -> tuple[Fact | None, bool]:
    own = rules.find(f"compact.{compact}.{state}", day)
    if own is not None:
        since = as_date(own.value.get("issuing_from"))
        return own, since is not None and since <= day
    members = rules.find(f"compact.{compact}.members", day)
    return members, members is not None and state.value in members.value


def _judge_dates(authority: Authority, at: Session, fact: Fact | None) -> Verdict | None:
    if at.is_covered_by(authority):
        return None
    if authority.status is LicenseStatus.ACTIVE:
        sentence = _("The {kind} {number} does not cover {day}; it expires on {expires}.")
        code = "AUTHORITY_EXPIRED" if at.last > authority.expires else "AUTHORITY_NOT_YET"
    else:
        sentence = _("The {kind} {number} is {status}.")
        code = "AUTHORITY_INACTIVE"
    text = sentence.format(
        kind=authority.kind.name,
        number=authority.number,
        day=shown(at.last),
        expires=shown(authority.expires),
        status=authority.status.value,
    )
    return _refused(code, " ".join(text.split()), authority, at, fact)


def _judge_home(
    therapist: Therapist, authority: Authority, at: Session, rules: Rulebook, fact: Fact | None
) -> Verdict | None:
    titles = home_titles(authority.kind, rules, at.first)
    held = [one for one in therapist.licenses if one.title in titles]
    professions = {_profession(one, rules, at.first) for one in held}
    if any(one.status in DISCIPLINE and _profession(one, rules, at.first) in professions for one in therapist.licenses):
        text = _("A compact needs a license without discipline; another license of this therapist is under discipline.")
        return _refused("COMPACT_DISCIPLINE", text, authority, at, fact)
    if any(one.state is authority.home_state and at.is_covered_by(one) for one in held):
        return None
    sentence = _("The compact rests on a full license in the home state {home}, and none is valid on {day}.")
    text = sentence.format(home=authority.home_state, day=shown(at.last))
    return _refused("COMPACT_HOME_LICENSE", text, authority, at, fact)


def _profession(license: License, rules: Rulebook, day: date) -> str:
    fact = title_fact(license, rules, day)
    return license.title if fact is None else str(fact.value["profession"])


def _judge_reach(
    therapist: Therapist, authority: Authority, at: Session, facts: Facts, rules: Rulebook
) -> Verdict | None:
    if authority.kind is AuthorityKind.APIT:
        return _judge_telepsychology(authority, at, rules)
    if authority.kind is AuthorityKind.TAP:
        return _judge_stay(therapist, authority, at, facts, rules)
    return None


def _judge_telepsychology(authority: Authority, at: Session, rules: Rulebook) -> Verdict | None:
    rule = rules.fact("compact.psypact.seat_in_home_state", at.first)
    if at.format is not Format.TELEHEALTH:
        text = _("The APIT covers video visits alone; an in-person visit needs a license or a TAP.")
        return _refused("PSYPACT_TELEHEALTH_ONLY", text, authority, at, rule)
    if rule.value and at.seat is not authority.home_state:
        sentence = _(
            "Under PSYPACT the psychologist must sit in the home state {home} during the visit, not in {seat}."
        )
        text = sentence.format(home=authority.home_state, seat=at.seat.value)
        return _refused("PSYPACT_HOME_LOCATION", text, authority, at, rule, seat_state=at.seat.value)
    return None


def _judge_stay(
    therapist: Therapist, authority: Authority, at: Session, facts: Facts, rules: Rulebook
) -> Verdict | None:
    rule = rules.fact("compact.psypact.tap_days_per_year", at.first)
    if at.format is not Format.IN_PERSON:
        text = _("The TAP covers in-person visits alone; a video visit needs a license or an APIT.")
        return _refused("PSYPACT_IN_PERSON_ONLY", text, authority, at, rule)
    in_file = {day for day, where, how in _days(therapist, facts) if where is at.state and how is Format.IN_PERSON}
    for year in {at.first.year, at.last.year}:
        days = {day for day in in_file | authority.days_used | {at.first, at.last} if day.year == year}
        if len(days) > rule.value:
            sentence = _("The TAP allows {most} days in {state} per year; this visit would be day {count} of {year}.")
            text = sentence.format(most=rule.value, state=at.state.value, count=len(days), year=year)
            return _refused("TAP_DAYS", text, authority, at, rule, days=str(len(days)))
    return None


def _judge_permission(
    therapist: Therapist, authority: Authority, at: Session, facts: Facts, rules: Rulebook
) -> Verdict:
    rule = rules.find(f"license.temporary_permission.{at.state}", at.first)
    if authority.state is None:
        text = _("The temporary permission does not say for which state; correct the record.")
        return _refused("TEMP_STATE", text, authority, at, rule)
    failed = _judge_dates(authority, at, rule)
    if failed is None and rule is not None and not _is_short(authority, rule):
        count = _most_days(therapist, at, facts, rule.value["window_days"])
        if count > rule.value["days"]:
            sentence = _("The board's permission allows {most} days in any {window}; this visit would be day {count}.")
            text = sentence.format(most=rule.value["days"], window=rule.value["window_days"], count=count)
            failed = _refused("TEMP_DAYS", text, authority, at, rule, days=str(count))
    return failed or _allowed(therapist, authority, at, rule)


def _is_short(authority: Authority, rule: Fact) -> bool:
    if authority.effective is None:
        return False
    span = (
        (authority.effective + timedelta(days=n)) for n in range((authority.expires - authority.effective).days + 1)
    )
    return sum(day.weekday() < 5 for day in span) <= int(rule.value["business_days"])


def _most_days(therapist: Therapist, at: Session, facts: Facts, window: int) -> int:
    here = {day for day, where, _how in _days(therapist, facts) if where is at.state} | {at.first, at.last}
    starts = [day for day in here if timedelta(0) <= at.first - day < timedelta(days=window)]
    return max(sum(start <= day < start + timedelta(days=window) for day in here) for start in starts)


def _days(therapist: Therapist, facts: Facts) -> set[tuple[date, State | None, Format]]:
    found: set[tuple[date, State | None, Format]] = set()
    for visit in facts.calendar.get(therapist.id, ()):
        day = local_date(visit.start)
        if visit.format is Format.IN_PERSON and visit.site is not None:
            found.add((day, facts.site(visit.site).state, visit.format))
        else:
            found |= {(day, seat.actual_state or seat.expected_state, visit.format) for seat in visit.seats}
    return found


def _allowed(therapist: Therapist, authority: Authority, at: Session, fact: Fact | None) -> Verdict:
    sentence = _("{name} may see this client in {state} under {basis} {number}, valid through {expires}.")
    basis = authority.kind.value.replace("_", " ") if authority.state else authority.kind.name
    text = sentence.format(
        name=therapist.signed_name,
        state=at.state.value,
        basis=basis,
        number=authority.number,
        expires=shown(authority.expires),
    )
    return Verdict(
        outcome=Outcome.ALLOW,
        code="LIC_OK",
        sentence=" ".join(text.split()).replace(" ,", ","),
        evidence=_proof(authority, at, fact, basis=authority.kind.name),
    )


def _refused(code: str, sentence: str, authority: Authority, at: Session, fact: Fact | None, **more: str) -> Verdict:
    return Verdict(outcome=Outcome.BLOCK, code=code, sentence=sentence, evidence=_proof(authority, at, fact, **more))


def _proof(authority: Authority, at: Session, fact: Fact | None, **more: str) -> dict[str, str]:
    return evidence(
        fact,
        state=at.state.value,
        authority=authority.kind.value,
        number=authority.number,
        home_state="" if authority.home_state is None else authority.home_state.value,
        expires=authority.expires.isoformat(),
        **more,
    )
