"""Hard rules of a match that no date changes: what keeps one therapist from one client, each with its own sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import chain

from desktop.clinic.clients import ClientStatus, PaymentKind
from desktop.clinic.coaching import judge_coaching
from desktop.clinic.interest import coming_along, judge_interest
from desktop.clinic.people import ClientId
from desktop.clinic.phrases import translated as _
from desktop.clinic.question import TOGETHER, Question, speaks
from desktop.clinic.services import ServiceKind
from desktop.clinic.therapists import Role, Therapist
from desktop.clinic.verdict import Outcome, Verdict


def block(code: str, sentence: str, **evidence: str) -> Verdict:
    """A verdict that only a correction of the data can lift."""
    return Verdict(outcome=Outcome.BLOCK, code=code, sentence=sentence, evidence=evidence)


def standing_failures(therapist: Therapist, asked: Question) -> tuple[Verdict, ...]:
    """The failed rules that no date changes: retired, role, accepting, caseload, payer, language, conflict."""
    return tuple(chain.from_iterable(judge(therapist, asked) for judge in STANDING.values()))


def _role(therapist: Therapist, asked: Question) -> Iterator[Verdict]:
    name = therapist.name.full
    if therapist.retired:
        yield block("RETIRED", _("{therapist} no longer works here.").format(therapist=name))
    coaching = asked.service.kind is ServiceKind.COACHING
    if therapist.role is Role.PRESCRIBER or (therapist.role is Role.COACH and not coaching):
        sentence = _("{therapist} works here as {role} and does not give {service}.")
        role = {Role.PRESCRIBER: _("a prescriber"), Role.COACH: _("a coach")}[therapist.role]
        text = sentence.format(therapist=name, role=role, service=asked.service.name)
        yield block("CLOSED_TO_SERVICE", text, role=therapist.role.value)
    people = _GATHERED.get(asked.service.kind)
    if people and therapist.populations and people not in therapist.populations:
        sentence = _("{therapist} does not see {people}.").format(therapist=name, people=people)
        yield block("CLOSED_TO_SERVICE", sentence, population=people)


_GATHERED = {ServiceKind.COUPLES: "couples", ServiceKind.FAMILY: "families", ServiceKind.GROUP: "groups"}


def is_own(therapist: Therapist, asked: Question) -> bool:
    """Whether the client already is in the therapist's caseload."""
    client = asked.client
    return client is not None and client.therapist == therapist.id and client.status is ClientStatus.ACTIVE


def _capacity(therapist: Therapist, asked: Question) -> Iterator[Verdict]:
    if is_own(therapist, asked):
        return
    if not therapist.accepting:
        text = _("{therapist} is not taking new clients.").format(therapist=therapist.name.full)
        yield block("NOT_ACCEPTING", text)
    cap, load = therapist.caseload_cap, asked.caseloads.get(therapist.id, therapist.caseload_elsewhere)
    if cap is not None and load >= cap:
        text = _("{therapist} has {load} active clients, and the limit is {cap}.").format(
            therapist=therapist.name.full, load=load, cap=cap
        )
        yield block("CASELOAD_FULL", text, caseload=str(load), limit=str(cap))


def in_network(therapist: Therapist, asked: Question) -> bool:
    """Whether the therapist is in network with the client's payer."""
    return bool(asked.payer) and (
        asked.payer in therapist.payers or any(one.strip().casefold() == asked.payer for one in therapist.payers)
    )


def _payment(therapist: Therapist, asked: Question) -> Iterator[Verdict]:
    if asked.payer and in_network(therapist, asked):
        return
    if asked.payment is PaymentKind.IN_NETWORK:
        text = _("{therapist} is not in network with {payer}.").format(
            therapist=therapist.name.full, payer=asked.payer.title()
        )
        yield block("PAYER", text, payer=asked.payer, in_network=", ".join(sorted(therapist.payers)))
    elif not therapist.takes_self_pay:
        text = _("{therapist} does not take clients who pay themselves.").format(therapist=therapist.name.full)
        yield block("PAYER", text, payer=asked.payment.value)


def _language(therapist: Therapist, asked: Question) -> Iterator[Verdict]:
    if asked.language and not asked.interpreter and not speaks(therapist.languages, asked.language):
        text = _("{therapist} does not speak the client's language ({language}).").format(
            therapist=therapist.name.full, language=asked.language
        )
        yield block("LANGUAGE", text, language=asked.language, speaks=", ".join(sorted(therapist.languages)))


def _conflict(therapist: Therapist, asked: Question) -> Iterator[Verdict]:
    client = asked.client
    if client is None:
        return
    if therapist.id in asked.close_to:
        along = coming_along(client, asked.facts) if asked.service.kind in TOGETHER else frozenset[ClientId]()
        yield from judge_interest(
            client, therapists=(therapist.id,), others=along, kind=asked.service.kind, facts=asked.facts
        )
    if client.therapist == therapist.id or client.id in asked.facts.calendar:
        yield from (
            one
            for one in judge_coaching(
                client,
                therapist=therapist,
                service=asked.service,
                day=asked.first_day,
                rules=asked.rules,
                facts=asked.facts,
            )
            if one.code == "DUAL_ROLE"
        )


STANDING: Mapping[str, Callable[[Therapist, Question], Iterator[Verdict]]] = {
    "role": _role,
    "capacity": _capacity,
    "payment": _payment,
    "language": _language,
    "conflict": _conflict,
}
"""The rules that no date changes, by name, in the order in which their sentences stand."""
