"""One proposed dosing visit of ketamine-assisted psychotherapy (KAP), with what its gates look at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from desktop.clinic.clients import Client
from desktop.clinic.facts import Facts
from desktop.clinic.moments import local_date
from desktop.clinic.pathway import Clearance, Pathway, PathwayKind
from desktop.clinic.phrases import evidence
from desktop.clinic.requests import Proposal
from desktop.clinic.rulebook import Fact, Rulebook
from desktop.clinic.services import ServiceKind
from desktop.clinic.verdict import Outcome, Verdict
from desktop.clinic.visits import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class Dosing:
    """A dosing visit as proposed: whose, when, and the course it belongs to."""

    proposal: Proposal
    client: Client
    start: datetime
    end: datetime
    day: date
    now: datetime
    pathway: Pathway | None
    facts: Facts
    rules: Rulebook

    def rule(self, name: str) -> Fact:
        """The KAP rule of that name in force on the day of dosing."""
        return self.rules.fact(f"kap.{name}", self.day)

    @property
    def clearance(self) -> Clearance | None:
        """The latest medical clearance whose exam is not after the day of dosing."""
        own = () if self.pathway is None else self.pathway.clearances
        return max((one for one in own if one.exam_on <= self.day), key=lambda one: one.exam_on, default=None)

    def visits(self, kind: ServiceKind) -> tuple[Visit, ...]:
        """The client's other visits of that kind that hold their time, in the order of the file."""
        return tuple(
            visit
            for visit in self.facts.calendar.get(self.client.id, ())
            if visit.id != self.proposal.moves and self.facts.service(visit.service).kind is kind
        )


def dosing_of(proposal: Proposal, facts: Facts, rules: Rulebook, now: datetime) -> Dosing:
    """The dosing that the proposal asks for; raises BadInput when it names what is not among the facts."""
    client = facts.client(proposal.seats[0].client)
    day = local_date(proposal.start)
    courses = [
        one
        for one in facts.pathways
        if one.client == client.id and one.kind is PathwayKind.KAP and (one.ended_on is None or day <= one.ended_on)
    ]
    return Dosing(
        proposal=proposal,
        client=client,
        start=proposal.start,
        end=proposal.end(facts.service(proposal.service).minutes),
        day=day,
        now=now,
        pathway=courses[-1] if courses else None,
        facts=facts,
        rules=rules,
    )


def gate(
    number: int, code: str, sentence: str, rule: Fact | None, *, outcome: Outcome = Outcome.BLOCK, **more: str
) -> Verdict:
    """A closed gate; its number lets a screen offer the visit as tentative until every gate is open."""
    shows = evidence(rule, gate=str(number), **more)
    return Verdict(outcome=outcome, code=code, sentence=sentence, evidence=shows)
