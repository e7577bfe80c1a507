"""The rules of a match for many requests at once: each is asked once for all requests that are alike to it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass

from desktop.clinic.clients import ClientStatus
from desktop.clinic.eligibility import STANDING
from desktop.clinic.gate import Gate
from desktop.clinic.moments import age_on
from desktop.clinic.on_the_day import aged, licensed, qualified
from desktop.clinic.question import Question
from desktop.clinic.therapists import Therapist
from desktop.clinic.verdict import Verdict, refusing


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule, and what of a request it looks at: requests with an equal key get the same answer."""

    name: str
    key: Callable[[Question], Hashable]
    judge: Callable[[Therapist, Question], Iterable[Verdict]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """What a rule says of each therapist, and the therapists who pass as the bits of a number."""

    failures: tuple[tuple[Verdict, ...], ...]
    passed: int


class Roster:
    """The therapists, and every answer given so far."""

    def __init__(self, therapists: Sequence[Therapist], rules: Sequence[Rule]) -> None:
        """Take the therapists that every answer is about, in their order, and the rules to ask."""
        self.therapists = therapists
        self._rules = rules
        self._answers: dict[tuple[str, Hashable], _Answer] = {}

    def passed(self, asked: Question) -> int:
        """Who passes every rule: bit n stands for the nth therapist."""
        found = (1 << len(self.therapists)) - 1
        for rule in self._rules:
            found &= self._answer(rule, asked).passed
        return found

    def failures(self, number: int, asked: Question) -> tuple[Verdict, ...]:
        """Every failed rule of the nth therapist."""
        return tuple(one for rule in self._rules for one in self._answer(rule, asked).failures[number])

    def counts(self, asked: Question) -> dict[str, int]:
        """How many therapists fail each rule; rules that everybody passes are left out."""
        whole = len(self.therapists)
        found = {rule.name: whole - self._answer(rule, asked).passed.bit_count() for rule in self._rules}
        return {name: count for name, count in found.items() if count}

    def _answer(self, rule: Rule, asked: Question) -> _Answer:
        key = (rule.name, rule.key(asked))
        found = self._answers.get(key)
        if found is None:
            failures = tuple(refusing(rule.judge(one, asked)) for one in self.therapists)
            passed = sum(1 << number for number, failed in enumerate(failures) if not failed)
            found = self._answers[key] = _Answer(failures=failures, passed=passed)
        return found


def _own(asked: Question) -> Hashable:
    client = asked.client
    return client.therapist if client is not None and client.status is ClientStatus.ACTIVE else None


def _known(asked: Question) -> Hashable:
    """The client, when anybody here knows them or somebody close to them; strangers are all alike."""
    client = asked.client
    if client is None:
        return None
    known = asked.close_to or client.therapist is not None or client.id in asked.facts.calendar
    return client.id if known else None


def _age(asked: Question) -> Hashable:
    return (asked.service.id, None if asked.client is None else age_on(asked.client.birth_date, asked.first_day))


def _closed_ways(therapist: Therapist, asked: Question) -> tuple[Verdict, ...]:
    return Gate(asked).closed_ways(therapist, asked.first_day)


def _unlicensed(therapist: Therapist, asked: Question) -> tuple[Verdict, ...]:
    """What the license rules say where format and place are given already."""
    (format,) = asked.formats or asked.request.formats
    site = asked.request.site
    state = asked.request.state if site is None else asked.sites.get(site)
    return licensed(therapist, asked, format, state, asked.first_day)


def _way(asked: Question) -> Hashable:
    request = asked.request
    return (asked.service.id, asked.formats, request.state, request.site, request.independent, asked.first_day)


_PERSONAL: tuple[Rule, ...] = (
    Rule(name="role", key=lambda asked: asked.service.id, judge=STANDING["role"]),
    Rule(name="capacity", key=_own, judge=STANDING["capacity"]),
    Rule(name="payment", key=lambda asked: (asked.payment, asked.payer), judge=STANDING["payment"]),
    Rule(name="language", key=lambda asked: (asked.language, asked.interpreter), judge=STANDING["language"]),
    Rule(name="conflict", key=_known, judge=STANDING["conflict"]),
    Rule(name="age", key=_age, judge=lambda therapist, asked: aged(therapist, asked, asked.first_day)),
    Rule(
        name="level",
        key=lambda asked: (asked.service.id, asked.needs, asked.first_day),
        judge=lambda therapist, asked: qualified(therapist, asked, asked.first_day),
    ),
)
ANYWHERE = (*_PERSONAL, Rule(name="license", key=_way, judge=_closed_ways))
"""The rules of a request as of its first day, in any format and place that it allows."""

THERE = (*_PERSONAL, Rule(name="license", key=_way, judge=_unlicensed))
"""The same where the request names one format, and for visits in person one site."""
