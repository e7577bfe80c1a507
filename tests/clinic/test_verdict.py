"""How verdicts combine."""

from __future__ import annotations

import itertools

from desktop.clinic.verdict import Outcome, Verdict, refusing, worst


def _verdict(outcome: Outcome) -> Verdict:
    return Verdict(outcome=outcome, code=outcome.value, sentence="")


def test_the_worst_outcome_wins_in_any_order() -> None:
    """BLOCK beats HOLD beats WARN beats ALLOW."""
    for order in itertools.permutations(Outcome):
        assert worst(map(_verdict, order)) is Outcome.BLOCK
    assert worst([_verdict(Outcome.ALLOW), _verdict(Outcome.WARN)]) is Outcome.WARN
    assert worst([]) is Outcome.ALLOW


def test_only_holds_and_blocks_refuse_and_blocks_come_first() -> None:
    """All reasons are kept, the hardest first."""
    stops = refusing([_verdict(one) for one in (Outcome.WARN, Outcome.HOLD, Outcome.ALLOW, Outcome.BLOCK)])
    assert [one.outcome for one in stops] == [Outcome.BLOCK, Outcome.HOLD]
