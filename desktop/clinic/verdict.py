"""Every gate answers with verdicts: an outcome, a reason code, one plain sentence and the evidence behind it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Outcome(StrEnum):
    """What may be done, from best to worst.

    ALLOW; WARN: go on, the reason is logged; HOLD: a named person signs off; BLOCK: only a correction of the data helps.
    """

    ALLOW = "ALLOW"
    WARN = "WARN"
    HOLD = "HOLD"
    BLOCK = "BLOCK"

    @property
    def rank(self) -> int:
        """0 for ALLOW to 3 for BLOCK."""
        return _RANK[self]


_RANK = {outcome: rank for rank, outcome in enumerate(Outcome)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One gate's answer.

    `code` is a stable reason code (LIC_NONE, ROOM_CONFLICT, ...), `sentence` is what staff read,
    `evidence` holds what a clinician needs to check it: license number, expiry, the rule's key, source, verified date.
    """

    outcome: Outcome
    code: str
    sentence: str
    evidence: Mapping[str, str] = field(default_factory=dict)


def worst(verdicts: Iterable[Verdict]) -> Outcome:
    """The worst outcome among the verdicts; ALLOW when there are none."""
    return max((verdict.outcome for verdict in verdicts), key=lambda outcome: outcome.rank, default=Outcome.ALLOW)


def refusing(verdicts: Iterable[Verdict]) -> tuple[Verdict, ...]:
    """The verdicts that stop a booking: HOLD and BLOCK, worst first, otherwise in the order given."""
    stops = [verdict for verdict in verdicts if verdict.outcome.rank >= Outcome.HOLD.rank]
    return tuple(sorted(stops, key=lambda verdict: -verdict.outcome.rank))
