"""Conflicts of interest: one therapist for people who are close to each other. Never says who or why."""

from __future__ import annotations

from desktop.clinic.clients import Client, RelationKind
from desktop.clinic.facts import Facts
from desktop.clinic.people import ClientId, TherapistId
from desktop.clinic.phrases import translated as _
from desktop.clinic.services import ServiceKind
from desktop.clinic.verdict import Outcome, Verdict

_TOGETHER = frozenset({ServiceKind.COUPLES, ServiceKind.FAMILY})


def close_to(client: Client, facts: Facts) -> frozenset[ClientId]:
    """The clients who are close to this one, whichever of the two records says so."""
    named = frozenset(one.client for one in client.relations)
    return (named | facts.naming.get(client.id, frozenset())) - {client.id}


def coming_along(client: Client, facts: Facts) -> frozenset[ClientId]:
    """Partner and family, who share couple and family work with the client; nobody whom a record calls an ex-partner."""
    former = {one.client for one in client.relations if one.kind is RelationKind.EX_PARTNER}
    former |= {
        key
        for key in facts.naming.get(client.id, ())
        if any(one.client == client.id and one.kind is RelationKind.EX_PARTNER for one in facts.client(key).relations)
    }
    return close_to(client, facts) - former


def conflicted_therapists(
    client: Client, facts: Facts, *, among: frozenset[ClientId] = frozenset()
) -> frozenset[TherapistId]:
    """The therapists who carry, see or have seen somebody close to the client; `among` come along and do not count."""
    others = close_to(client, facts) - among
    if not others:
        return frozenset()
    found = {one.therapist for one in facts.clients if one.id in others and one.therapist is not None}
    found |= {
        key
        for other in others
        for visit in facts.calendar.get(other, ())
        if not (client.id in visit.clients and facts.service(visit.service).kind in _TOGETHER)
        for key in (visit.therapist, *visit.co_leaders)
    }
    return frozenset(found)


def judge_interest(
    client: Client,
    *,
    therapists: tuple[TherapistId, ...],
    others: frozenset[ClientId],
    kind: ServiceKind,
    facts: Facts,
) -> tuple[Verdict, ...]:
    """Hold for the clinical lead when a therapist is tied to somebody close to the client; `others` share the visit.

    Couples and families who come together are no conflict; the same two people in one group are.
    """
    together = kind in _TOGETHER
    tied = conflicted_therapists(client, facts, among=others if together else frozenset())
    found = [key for key in therapists if key in tied and not _is_agreed(client, key, facts)]
    if not found and (together or not close_to(client, facts) & others):
        return ()
    return (conflict(found[0] if found else therapists[0]),)


def _is_agreed(client: Client, therapist: TherapistId, facts: Facts) -> bool:
    """Whether somebody signed the conflict off for an earlier visit of these two."""
    return any(
        override.code == "CONFLICT"
        for visit in facts.calendar.get(client.id, ())
        if therapist in visit.therapists
        for override in visit.overrides
    )


def conflict(therapist: TherapistId) -> Verdict:
    """The hold for a conflict of interest, without its reason."""
    text = _("The clinical lead must agree before this therapist sees this client; the reason is confidential.")
    return Verdict(outcome=Outcome.HOLD, code="CONFLICT", sentence=text, evidence={"therapist": str(therapist)})
