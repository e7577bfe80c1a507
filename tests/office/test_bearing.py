"""Booking asks the rules with every stored fact that they look at, not only with what the proposal names."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from desktop.clinic.clients import Client, RiskScreen
from desktop.clinic.people import State, TherapistId
from desktop.clinic.practice import Site, SiteId
from desktop.clinic.services import Format
from desktop.clinic.therapists import Authority, AuthorityKind, License, Therapist
from desktop.clinic.verdict import Outcome, worst
from desktop.clinic.visits import Seat, Visit, VisitId
from desktop.office import booking
from desktop.records.store import Store
from tests.conftest import NOW, ROSA
from tests.office.clinic_day import AVA, BEN, INTAKE, JO, PROPOSAL, TEN, THI, furnish


def _codes(store: Store) -> set[str]:
    return {one.code for one in booking.check(store, ROSA, PROPOSAL)}


def test_a_clinician_who_is_not_booked_may_have_cleared_the_screen(store: Store) -> None:
    """Ben cleared it, Ava is booked; an unknown person clears nothing."""
    clinic = furnish(store)
    screen = RiskScreen(taken_at=NOW, self_harm=True, cleared_by=BEN.id, cleared_at=NOW + timedelta(minutes=5))
    cleared = replace(THI, risk_screen=screen)
    with clinic.writing(ROSA, "Screen") as writer:
        writer.replace(THI, cleared)
    assert "RISK_REVIEW" not in _codes(clinic)
    stranger: Client = replace(cleared, risk_screen=replace(screen, cleared_by=TherapistId("nobody")))
    with clinic.writing(ROSA, "Screen") as writer:
        writer.replace(cleared, stranger)
    assert "RISK_REVIEW" in _codes(clinic)


def test_days_with_other_clients_count_for_a_temporary_authority(store: Store) -> None:
    """The thirty-first day in a state is refused, although all thirty were with somebody else."""
    clinic = furnish(store)
    there = Site(id=SiteId("CHY"), name="Cherry Hill (invented)", state=State.NJ)
    days = frozenset(date(2026, 1, 1) + timedelta(days=number) for number in range(29))
    pay: Therapist = replace(
        AVA,
        id=TherapistId("pay"),
        licenses=(License(state=State.PA, title="PSY", number="PS000001", expires=date(2027, 11, 30)),),
        authorities=(
            Authority(
                kind=AuthorityKind.TAP, home_state=State.PA, number="T1", expires=date(2027, 3, 1), days_used=days
            ),
        ),
    )
    seen = Visit(
        id=VisitId("v1"),
        service=INTAKE.id,
        therapist=pay.id,
        seats=(Seat(client=JO.id),),
        format=Format.IN_PERSON,
        site=there.id,
        start=TEN - timedelta(days=6),
        end=TEN - timedelta(days=6) + timedelta(hours=1),
    )
    asked = replace(PROPOSAL, therapist=pay.id, site=there.id, room=None)
    with clinic.writing(ROSA, "Add") as writer:
        writer.add_all([there, pay])
    assert worst(booking.check(clinic, ROSA, asked)) is not Outcome.BLOCK
    with clinic.writing(ROSA, "Add") as writer:
        writer.add(seen)
    assert "TAP_DAYS" in {one.code for one in booking.check(clinic, ROSA, asked)}
