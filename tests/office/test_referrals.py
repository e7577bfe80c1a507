"""Referrals at the front desk: nothing is ever nobody's."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from desktop.clinic.change import UserId
from desktop.clinic.clients import Client
from desktop.clinic.errors import BadInput, Missing
from desktop.clinic.people import ClientId, ReferrerId
from desktop.clinic.referral import Direction, NextAction, Stage, Urgency
from desktop.clinic.therapists import Therapist
from desktop.office import matching, referrals
from desktop.records.store import Store
from tests.conftest import ROSA, TODAY
from tests.office.clinic_day import DR_LEE, REQUEST, THI, furnish


@pytest.fixture
def clinic(store: Store) -> Store:
    """The small practice in a clinic file of its own."""
    return furnish(store)


def test_a_call_becomes_a_referral_with_an_owner_and_a_date(clinic: Store) -> None:
    """A new client is added in the same step; the request is tied to them."""
    new = replace(THI, id=ClientId("new"))
    taken = referrals.receive(clinic, ROSA, new, request=REQUEST, referrer=DR_LEE.id, urgency=Urgency.URGENT)
    assert (taken.owner, taken.next_action, taken.due) == ("rosa", NextAction.ACKNOWLEDGE, date(2026, 11, 24))
    assert taken.request is not None
    assert taken.request.client == "new"
    with clinic.reading() as reader:
        assert reader.get(Client, "new") == new
    assert len(clinic.tasks()[0].changes) == 2


def test_the_worklist_is_by_due_date_and_says_what_is_overdue(clinic: Store) -> None:
    """Ended ones are left out unless asked for."""
    routine = referrals.receive(clinic, ROSA, THI, request=REQUEST, referrer=DR_LEE.id)
    urgent = referrals.receive(clinic, ROSA, THI, request=REQUEST, urgency=Urgency.URGENT)
    late = referrals.assign(clinic, ROSA, urgent.id, UserId("ivo"), due=date(2026, 11, 20))
    lines = referrals.worklist(clinic, ROSA)
    assert [line.referral.id for line in lines] == [late.id, routine.id]
    assert [line.overdue for line in lines] == [True, False]
    assert lines[1].other == "Kim Lee, Elm Family Practice"
    assert lines[1].service == "Intake"
    referrals.advance(clinic, ROSA, routine.id, Stage.DECLINED, note="asks for medication")
    assert [line.referral.id for line in referrals.worklist(clinic, ROSA)] == [late.id]
    assert len(referrals.worklist(clinic, ROSA, ended=True)) == 2
    assert [line.referral.owner for line in referrals.worklist(clinic, ROSA, owner=UserId("ivo"))] == ["ivo"]
    with pytest.raises(BadInput):
        referrals.assign(clinic, ROSA, routine.id, ROSA.user)


def test_a_referral_goes_out_as_a_draft_first(clinic: Store) -> None:
    """To somebody on file, about somebody on file."""
    drafted = referrals.refer_out(clinic, ROSA, THI.id, DR_LEE.id, reason="medication")
    assert (drafted.direction, drafted.stage, drafted.due) == (Direction.OUT, Stage.DRAFTED, date(2026, 11, 24))
    sent = referrals.advance(clinic, ROSA, drafted.id, Stage.SENT)
    assert sent.next_action is NextAction.ASK_FOR_REPLY
    with pytest.raises(Missing):
        referrals.refer_out(clinic, ROSA, THI.id, ReferrerId("nobody"), reason="medication")
    with pytest.raises(BadInput, match="service"):
        matching.match_referral(clinic, ROSA, drafted.id)


def test_every_referral_of_the_demo_can_be_matched(shared_demo_store: Store) -> None:
    """The roster is split in two for each, nobody twice and nobody missing."""
    with shared_demo_store.reading() as reader:
        roster = [one.id for one in reader.all(Therapist)]
    for line in referrals.worklist(shared_demo_store, ROSA, direction=Direction.IN)[:12]:
        found = matching.match_referral(shared_demo_store, ROSA, line.referral.id)
        ids = [*(one.therapist for one in found.eligible), *(one.therapist for one in found.excluded)]
        assert sorted(ids) == roster
        assert all(one.verdicts for one in found.excluded)
        assert all(opening.start.date() >= TODAY for one in found.eligible for opening in one.openings)
