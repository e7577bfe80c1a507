"""What the front desk sees first in the morning."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from desktop.clinic.change import Actor
from desktop.clinic.facts import Facts
from desktop.clinic.people import State
from desktop.clinic.therapists import Authority, AuthorityKind, License
from desktop.clinic.visits import VisitStatus
from desktop.office import booking, reports
from desktop.records.store import Store
from tests.conftest import ROSA, TODAY
from tests.office.clinic_day import AVA, PROPOSAL, TEN, furnish


def test_the_lists_of_a_morning(store: Store) -> None:
    """Unconfirmed two days ahead; open ends the day after."""
    furnish(store)
    visit = booking.book(store, ROSA, PROPOSAL)
    before = reports.morning(store, Actor(user=ROSA.user, now=TEN.replace(day=28)))
    assert [line.visit.id for line in before.unconfirmed] == [visit.id]
    assert before.visits == ()
    booking.set_status(store, ROSA, visit.id, VisitStatus.CONFIRMED)
    same_day = reports.morning(store, Actor(user=ROSA.user, now=TEN))
    assert [line.visit.id for line in same_day.visits] == [visit.id]
    assert same_day.unconfirmed == ()
    after = reports.morning(store, Actor(user=ROSA.user, now=TEN.replace(month=12, day=1)))
    assert [line.visit.id for line in after.without_outcome] == [visit.id]


def test_a_renewed_license_does_not_expire() -> None:
    """The latest of two licenses of the same title counts; one that ended without renewal stays on the list."""
    old = License(state=State.NJ, title="LPC", expires=date(2026, 11, 30))
    renewed = replace(old, expires=date(2028, 11, 30))
    apit = Authority(kind=AuthorityKind.APIT, home_state=State.PA, expires=date(2026, 11, 1))
    (ends,) = reports.expiring((replace(AVA, licenses=(old, renewed), authorities=(apit,)),), TODAY)
    assert (ends.what, ends.days) == ("APIT", -22)
    both = reports.expiring((replace(AVA, licenses=(old,)), replace(AVA, retired=True)), TODAY)
    assert [(one.what, one.days) for one in both] == [("NJ LPC", 7)]


def test_the_demo_morning_is_busy(shared_demo_store: Store, demo: Facts) -> None:
    """Every list of the demo's morning agrees with a plain count over its values."""
    morning = reports.morning(shared_demo_store, ROSA)
    overdue = [one for one in demo.referrals if one.stage.is_open and one.due and one.due < TODAY]
    assert len(morning.overdue) == len(overdue) > 0
    assert len(morning.visits) > 50
    assert any(one.on == date(2026, 11, 30) for one in morning.expiring)
