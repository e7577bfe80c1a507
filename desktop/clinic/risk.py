"""The risk screen before any match or letter, and the crisis card for the place where the client is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from desktop.clinic.clients import Client, RiskScreen
from desktop.clinic.facts import Facts
from desktop.clinic.people import State
from desktop.clinic.phrases import evidence
from desktop.clinic.phrases import translated as _
from desktop.clinic.rulebook import Rulebook
from desktop.clinic.supervision import known
from desktop.clinic.therapists import Role
from desktop.clinic.verdict import Outcome, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class CrisisLine:
    """One number of the crisis card."""

    label: str
    number: str
    note: str = ""


def judge_risk(client: Client, *, day: date, rules: Rulebook, facts: Facts | None = None) -> tuple[Verdict, ...]:
    """Stop everything, or hold for a clinician's call the same day, by the client's own answers.

    Only a clinician's clearing lifts it; with `facts`, whoever cleared it must be one of the practice's clinicians.
    """
    screen = client.risk_screen
    if screen is None or is_cleared(screen, facts):
        return ()
    stop, review = rules.fact("risk.stop", day), rules.fact("risk.review", day)
    if _says_yes(screen, stop.value):
        text = _(
            "Stop: the client may be in danger now. Stay on the line, show the crisis card (988, or 911 in danger) and "
            "alert the clinician on call. Only a clinician can clear this."
        )
        return (Verdict(outcome=Outcome.BLOCK, code="CRISIS_STOP", sentence=text, evidence=evidence(stop)),)
    if _says_yes(screen, review.value):
        text = _("A clinician must call the client today, before anything is booked.")
        return (Verdict(outcome=Outcome.HOLD, code="RISK_REVIEW", sentence=text, evidence=evidence(review)),)
    return ()


def is_cleared(screen: RiskScreen, facts: Facts | None = None) -> bool:
    """Whether a clinician has cleared the screen since it was taken."""
    if screen.cleared_by is None or screen.cleared_at is None or screen.cleared_at < screen.taken_at:
        return False
    if facts is None:
        return True
    person = known(screen.cleared_by, facts)
    return person is not None and person.role is not Role.COACH


def is_suicidal(screen: RiskScreen | None, day: date, rules: Rulebook) -> bool:
    """Whether an uncleared screen speaks of suicide, which the KAP screening takes as a flag."""
    if screen is None or is_cleared(screen):
        return False
    return _says_yes(screen, rules.fact("risk.suicidal", day).value)


def has_any_risk(screen: RiskScreen | None, day: date, rules: Rulebook) -> bool:
    """Whether any question was answered with yes, cleared or not."""
    if screen is None:
        return False
    return _says_yes(screen, (*rules.fact("risk.stop", day).value, *rules.fact("risk.review", day).value))


def _says_yes(screen: RiskScreen, questions: object) -> bool:
    return isinstance(questions, list | tuple) and any(getattr(screen, str(one), False) is True for one in questions)


def crisis_card(rules: Rulebook, day: date, *, state: State | None = None, county: str = "") -> tuple[CrisisLine, ...]:
    """The numbers to show, nearest last: everywhere, then the state's, then the county's; no county shows all of them."""
    lines = list(rules.fact("crisis.everywhere", day).value)
    if state is not None:
        own = rules.find(f"crisis.{state}", day)
        lines += [] if own is None else own.value
        counties = rules.under(f"crisis.{state}", day)
        named = county.strip().title().removesuffix(" County")
        chosen = [named] if named else sorted(counties)
        lines += [line for name in chosen if name in counties for line in counties[name].value]
    return tuple(CrisisLine(**line) for line in lines)
