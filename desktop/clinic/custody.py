"""Legal custody: whose signatures a minor's consent needs; physical custody is irrelevant."""

from __future__ import annotations

from datetime import date

from desktop.clinic.clients import Client, Consent, Custody, Guardian, RoutingFlag
from desktop.clinic.people import State
from desktop.clinic.phrases import evidence
from desktop.clinic.phrases import translated as _
from desktop.clinic.rulebook import Fact, Rulebook
from desktop.clinic.verdict import Outcome, Verdict


def judge_custody(
    client: Client, signed: list[Consent], state: State, day: date, rules: Rulebook
) -> tuple[Verdict, ...]:
    """Why the guardians' signatures do not do yet: a dispute, a missing order, a missing signature; empty when they do.

    Without a court order any parent may sign. With one, all who share legal custody sign, or the sole custodian.
    An agency shows its authority. `signed` holds the guardians' consents in force on that day.
    """
    rule = rules.fact("minor.custody_order_copy", day)
    if RoutingFlag.CUSTODY_DISPUTE in client.routing or _any(client, Custody.DISPUTED):
        text = _("Legal custody is in dispute; the clinical lead decides before the visit.")
        return (_hold(text, rule, state),)
    if not client.custody_order:
        return _judge_without_order(client, signed, rule, state)
    found = []
    if rule.value and not client.custody_order_on_file:
        found.append(_hold(_("A custody order exists; ask for a copy of it."), rule, state))
    missing = _missing(client, signed)
    if missing:
        shared = _any(client, Custody.SHARED)
        text = (
            _("Everyone who shares legal custody must sign; {count} signatures are missing.")
            if shared
            else _("Whoever has legal custody must sign; {count} signatures are missing.")
        )
        found.append(_hold(text.format(count=missing), rule, state))
    return tuple(found)


def _judge_without_order(client: Client, signed: list[Consent], rule: Fact, state: State) -> tuple[Verdict, ...]:
    agencies = [one for one in client.guardians if one.custody is Custody.AGENCY]
    if agencies and len(agencies) == len(client.guardians) and not client.custody_order_on_file:
        return (_hold(_("Ask the agency for the paper that gives it authority over the child."), rule, state),)
    unable = [one for one in client.guardians if one.custody is Custody.NONE]
    if signed and unable and all(_is_by(one, unable) for one in signed):
        return (_hold(_("The guardian who signed has no legal custody; ask the one who has."), rule, state),)
    return ()


def _missing(client: Client, signed: list[Consent]) -> int:
    custodians = [one for one in client.guardians if one.custody in (Custody.SHARED, Custody.SOLE, Custody.AGENCY)]
    sole = [one for one in custodians if one.custody in (Custody.SOLE, Custody.AGENCY)]
    needed = sole or custodians
    if not needed:
        return 0 if signed else 1
    if len(needed) == 1 or sole:
        return 0 if any(_is_by(one, needed) or not one.signer.strip() for one in signed) else 1
    return sum(not any(_is_by(one, [guardian]) for one in signed) for guardian in needed)


def _is_by(consent: Consent, guardians: list[Guardian]) -> bool:
    written = _folded(consent.signer)
    return any(written in (_folded(one.name.full), _folded(one.name.listed)) for one in guardians)


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()


def _any(client: Client, custody: Custody) -> bool:
    return any(one.custody is custody for one in client.guardians)


def _hold(sentence: str, rule: Fact, state: State) -> Verdict:
    shows = evidence(rule, state=state.value)
    return Verdict(outcome=Outcome.HOLD, code="CONSENT_CUSTODY", sentence=sentence, evidence=shows)
