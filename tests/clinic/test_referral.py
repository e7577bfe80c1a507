"""No referral is ever without an owner, a next action and a due date."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.clinic.change import Actor, UserId
from desktop.clinic.errors import BadInput
from desktop.clinic.people import ClientId
from desktop.clinic.referral import (
    Direction,
    NextAction,
    Referral,
    ReferralId,
    Stage,
    Urgency,
    advanced,
    first_step,
    next_stages,
)

DESK = Actor(user=UserId("rosa"), now=datetime(2026, 11, 23, 15, tzinfo=UTC))


def _received(urgency: Urgency = Urgency.ROUTINE, direction: Direction = Direction.IN) -> Referral:
    stage = Stage.RECEIVED if direction is Direction.IN else Stage.DRAFTED
    action, due = first_step(stage, urgency, date(2026, 11, 23))
    return Referral(
        id=ReferralId("r1"),
        client=ClientId("c1"),
        direction=direction,
        received_on=date(2026, 11, 23),
        urgency=urgency,
        stage=stage,
        owner=UserId("rosa"),
        next_action=action,
        due=due,
    )


@pytest.mark.parametrize("field", ["owner", "next_action", "due"])
def test_an_open_referral_cannot_lose_its_owner_action_or_date(field: str) -> None:
    """The error names what is missing."""
    with pytest.raises(BadInput, match=field):
        replace(_received(), **{field: None})  # type: ignore[arg-type]


@given(st.integers(0, 10_000), st.sampled_from(Urgency), st.sampled_from(Direction))
def test_a_random_walk_never_leaves_a_referral_without_next_step(
    seed: int, urgency: Urgency, direction: Direction
) -> None:
    """Whatever legal steps are taken, it is either ended or complete, and its history is a chain."""
    referral, dice = _received(urgency, direction), random.Random(seed)
    for number in range(20):
        choices = sorted(next_stages(referral))
        if not choices:
            break
        actor = Actor(user=UserId("rosa"), now=DESK.now + timedelta(hours=number))
        referral = advanced(referral, dice.choice(choices), actor)
        assert not referral.stage.is_open or (referral.owner and referral.next_action and referral.due)
    assert all(one.after is two.before for one, two in zip(referral.history, referral.history[1:], strict=False))
    assert referral.stage.bser in {"2.0", "3.0", "4.0", "5.1.1", "5.1.4", "6.0", "7.0"}


def test_every_stage_can_be_left_or_has_ended() -> None:
    """No stage is a trap in the direction in which it can be reached."""
    for direction in Direction:
        reached = {_received(direction=direction).stage}
        for _ in Stage:
            for stage in list(reached):
                stub = replace(_received(direction=direction), stage=stage)
                reached |= next_stages(stub)
        for stage in reached:
            assert bool(next_stages(replace(_received(direction=direction), stage=stage))) == stage.is_open


def test_a_stage_that_cannot_follow_is_refused() -> None:
    """Received does not jump to attended, and an ended referral stays ended."""
    with pytest.raises(BadInput, match="attended cannot follow received"):
        advanced(_received(), Stage.ATTENDED, DESK)
    declined = advanced(_received(), Stage.DECLINED, DESK, note="no capacity")
    assert declined.outcome == "no capacity"
    assert declined.due is None
    with pytest.raises(BadInput):
        advanced(declined, Stage.RECEIVED, DESK)


def test_the_due_date_follows_the_urgency() -> None:
    """An urgent referral is due within a day at any stage but the waitlist."""
    assert first_step(Stage.TRIAGED, Urgency.URGENT, date(2026, 11, 23)) == (NextAction.MATCH, date(2026, 11, 24))
    assert first_step(Stage.TRIAGED, Urgency.ROUTINE, date(2026, 11, 23)) == (NextAction.MATCH, date(2026, 11, 25))
    with pytest.raises(BadInput):
        first_step(Stage.CLOSED, Urgency.ROUTINE, date(2026, 11, 23))


def test_calls_are_counted_and_overdue_is_after_the_due_date() -> None:
    """Each contact attempt counts; a referral is overdue from the day after its due date."""
    triaged = advanced(_received(), Stage.TRIAGED, DESK)
    called = advanced(advanced(triaged, Stage.CONTACTING, DESK), Stage.CONTACTING, DESK)
    assert called.attempts == 2
    assert called.due is not None
    assert not called.is_overdue(called.due)
    assert called.is_overdue(called.due + timedelta(days=1))
