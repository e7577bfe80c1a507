"""Is a license good for a session, whoever else has to vouch for it? Status, dates, scope, and its look-up."""

from __future__ import annotations

import re
from datetime import date, timedelta

from desktop.clinic.people import State
from desktop.clinic.phrases import evidence, shown
from desktop.clinic.phrases import translated as _
from desktop.clinic.rulebook import Fact, Rulebook
from desktop.clinic.session import Session
from desktop.clinic.therapists import License, LicenseStatus
from desktop.clinic.verdict import Outcome, Verdict

_HELD = (LicenseStatus.PROBATION, LicenseStatus.RESTRICTED)
_DATED = (LicenseStatus.ACTIVE, LicenseStatus.EXPIRED, *_HELD)
LAPSED = frozenset({"LIC_EXPIRED_AT_SESSION", "LIC_INACTIVE", "LIC_RETIRED"})
NOT_YET = frozenset({"LIC_PENDING", "LIC_NOT_YET"})


def title_fact(license: License, rules: Rulebook, day: date) -> Fact | None:
    """What the rulebook says of the license's title in its state; for other states, of the title in general."""
    return rules.find(f"license.{license.state}.{license.title}", day) or rules.find(
        f"license.other.{license.title}" if license.state not in (State.PA, State.NJ) else "", day
    )


def is_independent(license: License, rules: Rulebook, day: date) -> bool:
    """Whether the title practices clinically without a supervisor."""
    fact = title_fact(license, rules, day)
    return fact is not None and bool(fact.value["independent"]) and bool(fact.value.get("clinical", True))


def proof(license: License, fact: Fact | None, **more: str) -> dict[str, str]:
    """State, title, number and expiry of the license, and the rule."""
    checked = "" if license.verified_on is None else license.verified_on.isoformat()
    return evidence(
        fact,
        state=license.state.value,
        license=license.title,
        number=license.number,
        expires=license.expires.isoformat(),
        license_verified_on=checked,
        **more,
    )


def refusal(license: License, fact: Fact | None, at: Session, rules: Rulebook) -> Verdict | None:
    """Why the license alone does not carry the session; None when it does, as far as the license goes."""
    if license.status not in _DATED:
        sentence = _("The {state} {title} {number} is {status}, so it does not allow this visit.")
        return _verdict(Outcome.BLOCK, f"LIC_{license.status.name}", sentence, license, fact)
    if license.effective is not None and license.effective > at.first:
        sentence = _("The {state} {title} {number} takes effect on {effective}, after this visit.")
        return _verdict(Outcome.BLOCK, "LIC_NOT_YET", sentence, license, fact)
    if at.last > license.expires or license.status is LicenseStatus.EXPIRED:
        return _expired(license, fact, at, rules)
    if fact is None:
        sentence = _("The license title {title} is not in the rulebook for {state}; a clinician must confirm it.")
        return _verdict(Outcome.HOLD, "LIC_TITLE", sentence, license, None)
    if not fact.value.get("clinical", True):
        sentence = _("The {state} {title} does not allow clinical work.")
        return _verdict(Outcome.BLOCK, "LIC_SCOPE", sentence, license, fact)
    if license.status in _HELD:
        sentence = _("The {state} {title} {number} is under {status}; the clinical director must agree first.")
        return _verdict(Outcome.HOLD, f"LIC_{license.status.name}", sentence, license, fact)
    if fact.value.get("only"):
        sentence = _(
            "The {state} {title} covers work on substance use alone; a clinician must confirm that this is it."
        )
        return _verdict(Outcome.HOLD, "LIC_SCOPE", sentence, license, fact)
    return None


def _expired(license: License, fact: Fact | None, at: Session, rules: Rulebook) -> Verdict:
    window = rules.find(f"license.late_renewal_days.{license.state}", at.first)
    filed = license.renewal_filed
    if window is not None and window.value and filed is not None and filed <= at.first:
        closes = license.expires + timedelta(days=window.value)
        if at.last <= closes:
            sentence = _(
                "The {state} {title} {number} expires on {expires}; its renewal was filed on {filed} and {state} takes "
                "late renewals until {closes}. An administrator must sign off."
            )
            return _verdict(Outcome.HOLD, "LIC_LATE_RENEWAL", sentence, license, window, filed=filed, closes=closes)
    if license.expires < at.first:
        sentence = _(
            "The {state} {title} {number} expires on {expires}, and this visit is later. Record the renewal, or offer a "
            "tentative time until it is renewed."
        )
    else:
        sentence = _(
            "The {state} {title} {number} does not last to the end of this visit; it expires on {expires}, and the "
            "register may already show it as expired. Record the renewal first."
        )
    return _verdict(Outcome.BLOCK, "LIC_EXPIRED_AT_SESSION", sentence, license, fact)


def _verdict(outcome: Outcome, code: str, sentence: str, license: License, fact: Fact | None, **dates: date) -> Verdict:
    words = {
        "state": license.state.value,
        "title": license.title,
        "number": license.number,
        "status": license.status.value,
        "expires": shown(license.expires),
        "effective": shown(license.effective or license.expires),
        **{name: shown(day) for name, day in dates.items()},
    }
    text = " ".join(sentence.format(**words).split())
    return Verdict(
        outcome=outcome,
        code=code,
        sentence=text,
        evidence=proof(license, fact, status=license.status.value),
    )


def unverified(license: License, fact: Fact, at: Session, rules: Rulebook) -> Verdict | None:
    """A warning when nobody has looked the license up since it took effect or was renewed, or not for 90 days.

    Without a look-up and without a first day, only an expiry that lies more than one whole cycle ahead shows a renewal.
    """
    every = rules.fact("license.verify_every_days", at.first)
    seen, began = license.verified_on, license.effective
    if seen is None:
        began = began or _renewed_from(license, fact, at.today)
        if began is None:
            return None
        sentence = _(
            "Nobody has looked up the {state} {title} {number} since it was issued or renewed; do so in {days} days."
        )
    elif began is not None and began > seen:
        sentence = _(
            "The {state} {title} {number} was renewed after it was last looked up; look it up within {days} days."
        )
    elif (at.today - seen).days > every.value:
        sentence = _("The {state} {title} {number} was last looked up on {seen}; look it up within {days} days.")
    else:
        return None
    within = rules.fact("license.verify_within_days", at.first)
    text = sentence.format(
        state=license.state.value,
        title=license.title,
        number=license.number,
        days=within.value,
        seen="" if seen is None else shown(seen),
    )
    return Verdict(outcome=Outcome.WARN, code="UNVERIFIED", sentence=text, evidence=proof(license, every))


def _renewed_from(license: License, fact: Fact, today: date) -> date | None:
    years = fact.value.get("years")
    if not years:
        return None
    day = min(license.expires.day, 28) if license.expires.month == 2 else license.expires.day
    start = license.expires.replace(year=license.expires.year - years, day=day) + timedelta(days=1)
    return start if start > today else None


def oddities(license: License, rules: Rulebook, day: date) -> tuple[Verdict, ...]:
    """Warnings for whoever types a license in: a number or an expiry of an unusual form; never a reason to refuse."""
    fact = title_fact(license, rules, day)
    if fact is None:
        return ()
    found = []
    if license.number and fact.value.get("number") and not re.fullmatch(fact.value["number"], license.number):
        sentence = _("The number {number} does not look like a {state} {title} number; check it.")
        found.append(_verdict(Outcome.WARN, "LIC_NUMBER", sentence, license, fact))
    if fact.value.get("cycle_end") and not _ends_a_cycle(license.expires, fact):
        sentence = _("A {state} {title} does not usually expire on {expires}; check the printed date.")
        found.append(_verdict(Outcome.WARN, "LIC_CYCLE", sentence, license, fact))
    return tuple(found)


def _ends_a_cycle(expires: date, fact: Fact) -> bool:
    odd = fact.value.get("cycle_years")
    fits = odd is None or (expires.year % 2 == 1) == (odd == "odd")
    return bool(fits and f"{expires:%m-%d}" == fact.value["cycle_end"])
