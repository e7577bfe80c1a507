"""Turning days: the days on which a dated rule may answer otherwise than on the day before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from desktop.clinic.clients import Client
from desktop.clinic.facts import Facts
from desktop.clinic.ladder import months_after
from desktop.clinic.phrases import as_date
from desktop.clinic.rulebook import Fact, Rulebook
from desktop.clinic.supervision import known
from desktop.clinic.therapists import Authority, AuthorityKind, License, Therapist

_DAY = timedelta(days=1)
_COUNTED = frozenset({AuthorityKind.TAP, AuthorityKind.TEMPORARY_PERMISSION})
# Facts that say nothing of who may see whom; their days would only make the rules ask more often.
_ELSEWHERE = ("holidays.", "letters.", "matching.", "crisis.", "kap.")


def counts_days(therapist: Therapist) -> bool:
    """Whether an authority of the therapist counts days of practice, so that every day is a turning day."""
    return any(one.kind in _COUNTED for one in therapist.authorities)


def rule_days(rules: Rulebook) -> frozenset[date]:
    """The days on which an entry about who may see whom begins, has just ended, or lets a compact go live."""
    dated = [one for one in rules if not one.key.startswith(_ELSEWHERE)]
    ends = {one.valid_to + _DAY for one in dated if one.valid_to is not None and one.valid_to < date.max}
    live = {since for one in dated if (since := _live_from(one)) is not None}
    return frozenset(ends | live | {one.valid_from for one in dated if one.valid_from is not None})


def _live_from(fact: Fact) -> date | None:
    if not fact.key.startswith("compact.") or not isinstance(fact.value, Mapping):
        return None
    return as_date(fact.value.get("issuing_from"))


def staff_days(therapist: Therapist, facts: Facts, rules: Rulebook) -> set[date]:
    """The days on which the therapist's own records, or those of their supervisors, begin or have just ended."""
    found = record_days(therapist, rules)
    for record in therapist.supervisions:
        supervisor = known(record.supervisor, facts)
        found |= set() if supervisor is None else record_days(supervisor, rules)
    return found


def record_days(therapist: Therapist, rules: Rulebook) -> set[date]:
    """The days on which a license, authority, supervision or qualification of the therapist begins or has just ended."""
    granted: tuple[License | Authority, ...] = (*therapist.licenses, *therapist.authorities)
    begins = [one.effective for one in granted]
    begins += [one.starts for one in therapist.supervisions] + [one.obtained for one in therapist.qualifications]
    begins += [one.plan_on for one in therapist.supervisions] + [one.renewal_filed for one in therapist.licenses]
    ends = [one.expires for one in granted]
    ends += [one.ends for one in therapist.supervisions if one.ends is not None]
    for record in therapist.qualifications:
        if record.valid_until is not None:
            grace = rules.facts.get(f"qualification.{record.modality}.grace_months.{record.level}", ())
            ends += [record.valid_until, *(months_after(record.valid_until, one.value) for one in grace)]
    for held in therapist.licenses:
        late = rules.facts.get(f"license.late_renewal_days.{held.state}", ())
        ends += [held.expires + one.value * _DAY for one in late]
    return {day for day in begins if day is not None} | {day + _DAY for day in ends if day < date.max}


def consent_days(client: Client) -> set[date]:
    """The days on which a consent of the client begins or has just ended."""
    found: set[date] = set()
    for consent in client.consents:
        found.add(consent.signed_on)
        found |= set() if consent.revoked_on is None else {consent.revoked_on}
        found |= set() if consent.expires_on is None else {consent.expires_on + _DAY}
    return found


def birthday(born: date, year: int) -> date:
    """The birthday in that year; March 1 for somebody born on February 29 when the year has none."""
    try:
        return born.replace(year=year)
    except ValueError:
        return date(year, 3, 1)
