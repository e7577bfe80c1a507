"""Rules edited by the practice: checked, dated, signed, audited, and in force everywhere at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from desktop.clinic.change import Actor
from desktop.clinic.errors import BadInput
from desktop.clinic.people import State
from desktop.clinic.rulebook import Confidence, Fact
from desktop.clinic.services import Format
from desktop.clinic.therapists import Authority, AuthorityKind, License
from desktop.clinic.visits import Seat, Visit, VisitId
from desktop.office import booking, directory, upkeep
from desktop.office.rules import RuleLine, entries, remove_rule, rulebook, set_rule, shipped_rules
from desktop.records.store import Store
from tests.conftest import ROSA, TODAY
from tests.office.clinic_day import AVA, PROPOSAL, TEN, THI, furnish


@pytest.fixture
def clinic(store: Store) -> Store:
    """The small practice."""
    return furnish(store)


def edit(store: Store, key: str, value: Any, actor: Actor = ROSA, **more: Any) -> Fact:
    """Change a rule with everything that an edit needs."""
    fields = {"source": "Board notice", "name": "Dr. Ada Lead", "reason": "Announced today", **more}
    return set_rule(store, actor, key, value, **fields)


def line(store: Store, key: str, actor: Actor = ROSA) -> RuleLine:
    """The entry of that key in force today."""
    return next(one for one in entries(store, actor) if one.fact.key == key and one.in_force)


PRIVILEGE = Authority(
    kind=AuthorityKind.PRIVILEGE, home_state=State.PA, state=State.NJ, number="CP-1", expires=date(2027, 12, 31)
)
COUNSELOR = replace(
    AVA,
    licenses=(License(state=State.PA, title="LPC", number="PC001234", expires=date(2027, 2, 28), verified_on=TODAY),),
    authorities=(PRIVILEGE,),
)
FROM_NJ = replace(
    PROPOSAL,
    format=Format.TELEHEALTH,
    site=None,
    room=None,
    seats=(Seat(client=THI.id, expected_state=State.NJ),),
)


def test_data_alone_makes_a_compact_go_live(clinic: Store) -> None:
    """Pennsylvania joins and both states issue: the same visit is refused before and allowed from the day on."""
    directory.save_therapist(clinic, ROSA, AVA, COUNSELOR)
    codes = {one.code for one in booking.check(clinic, ROSA, FROM_NJ)}
    assert "COMPACT_NOT_OPERATIONAL" in codes
    live = date(2026, 12, 1)
    edit(clinic, "compact.counseling.PA", {"member_from": live, "issuing_from": live})
    assert "COMPACT_NOT_OPERATIONAL" in {one.code for one in booking.check(clinic, ROSA, FROM_NJ)}
    edit(clinic, "compact.counseling.NJ", {"issuing_from": live})
    before = {one.code: one for one in booking.check(clinic, ROSA, FROM_NJ)}
    assert "COMPACT_NOT_OPERATIONAL" in before
    week_later = replace(FROM_NJ, start=TEN + timedelta(days=7))
    after = {one.code: one for one in booking.check(clinic, ROSA, week_later)}
    assert "COMPACT_NOT_OPERATIONAL" not in after
    assert after["LIC_OK"].evidence["basis"] == "PRIVILEGE"
    assert after["LIC_OK"].evidence["source"] == "Board notice"
    booking.book(clinic, ROSA, week_later)


def test_a_table_that_names_some_fields_keeps_the_others(clinic: Store) -> None:
    """As in force on its first day, the practice's own included."""
    edit(clinic, "compact.counseling.NJ", {"issuing_from": date(2027, 1, 4)})
    value = line(clinic, "compact.counseling.NJ").fact.value
    assert {key: str(day) for key, day in value.items()} == {"member_from": "2024-01-16", "issuing_from": "2027-01-04"}
    edit(clinic, "compact.counseling.NJ", {"issuing_from": None})
    assert {key: str(day) for key, day in line(clinic, "compact.counseling.NJ").fact.value.items()} == {
        "member_from": "2024-01-16"
    }


def test_an_edit_re_checks_the_planned_visits_at_once(clinic: Store) -> None:
    """A supervisor whom clients need not be told of any more, and back again; here: a stricter age."""
    minor = replace(THI, birth_date=date(2011, 1, 1))
    directory.save_client(clinic, ROSA, THI, minor)
    visit = Visit(
        id=VisitId("v"),
        service=PROPOSAL.service,
        therapist=AVA.id,
        seats=(Seat(client=THI.id, expected_state=State.PA),),
        format=Format.TELEHEALTH,
        start=TEN,
        end=TEN + timedelta(hours=1),
    )
    with clinic.writing(ROSA, "Book") as writer:
        writer.add(visit)
    assert upkeep.recheck(clinic, ROSA).findings == ()
    edit(clinic, "minor.self_consent_age.PA", 16)
    assert [one.todo.code for one in upkeep.tasks(clinic, ROSA)] == ["CONSENT_MINOR"]
    remove_rule(clinic, ROSA, "minor.self_consent_age.PA", None, name="Dr. Ada Lead", reason="Withdrawn")
    assert upkeep.tasks(clinic, ROSA) == ()
    assert line(clinic, "minor.self_consent_age.PA").fact.value == 14


def test_an_entry_tells_value_day_source_and_who_answers_for_it(clinic: Store) -> None:
    """And the audit has it with the user, before and after."""
    edit(clinic, "kap.integration_hours", 48, valid_from=TODAY, confidence=Confidence.HIGH)
    one = line(clinic, "kap.integration_hours")
    assert (one.own, one.stale) == (True, False)
    assert one.fact == Fact(
        key="kap.integration_hours",
        value=48,
        valid_from=TODAY,
        source="Board notice",
        confidence=Confidence.HIGH,
        verified_on=TODAY,
        entered_by="Dr. Ada Lead",
        reason="Announced today",
    )
    shipped = [line for line in entries(clinic, ROSA) if line.fact.key == one.fact.key and not line.own]
    assert len(shipped) == 1
    assert not shipped[0].in_force
    task = clinic.tasks(1)[0]
    assert (task.user, [change.after for change in task.changes]) == (ROSA.user, [one.fact])
    clinic.undo(ROSA, task.id)
    assert not line(clinic, "kap.integration_hours").own


def test_the_same_first_day_is_replaced_and_another_one_lies_on_top(clinic: Store) -> None:
    """Dated entries stand side by side."""
    edit(clinic, "kap.integration_hours", 48, valid_from=date(2027, 1, 1))
    edit(clinic, "kap.integration_hours", 36, valid_from=date(2027, 1, 1))
    edit(clinic, "kap.integration_hours", 24, valid_from=date(2027, 7, 1))
    with clinic.reading() as reader:
        rules = rulebook(reader)
    days = (date(2026, 12, 31), date(2027, 1, 1), date(2027, 7, 1))
    assert [rules.fact("kap.integration_hours", day).value for day in days] == [72, 36, 24]


def test_an_entry_is_stale_after_180_days(clinic: Store) -> None:
    """Shipped or own; on day 181."""
    edit(clinic, "kap.integration_hours", 48)
    for days, stale in ((180, False), (181, True)):
        later = replace(ROSA, now=ROSA.now + timedelta(days=days))
        assert line(clinic, "kap.integration_hours", later).stale is stale
    shipped = next(iter(shipped_rules()))
    old = replace(ROSA, now=ROSA.now + timedelta(days=400))
    assert line(clinic, shipped.key, old).stale


@pytest.mark.parametrize(
    ("key", "value", "more", "field"),
    [
        ("kap.integration_hours", 48, {"name": " "}, "name"),
        ("kap.integration_hours", 48, {"reason": ""}, "reason"),
        ("kap.integration_hours", 48, {"source": ""}, "source"),
        ("kap.integration_hours", "48", {}, "value"),
        ("kap.integration_hours", True, {}, "value"),
        ("kap.integration_hours", -1, {}, "value"),
        ("kap.integration_hours", [48], {}, "value"),
        ("coaching.warn_states", "NJ", {}, "value"),
        ("seat.outcome.PA", "MAYBE", {}, "value"),
        ("compact.counseling.PA", {"isuing_from": date(2027, 1, 1)}, {}, "value"),
        ("compact.counseling.PA", {"issuing_from": "soon"}, {}, "value.issuing_from"),
        ("no.such.rule", 1, {}, "key"),
        ("kap.integration_hours", 48, {"valid_from": date(2027, 1, 2), "valid_to": date(2027, 1, 1)}, "valid_to"),
        ("kap.integration_hours", 48, {"valid_from": date(1, 1, 1)}, "valid_from"),
    ],
)
def test_what_the_rules_could_not_read_is_refused(
    clinic: Store, key: str, value: Any, more: dict[str, Any], field: str
) -> None:
    """With the field and a sentence, and nothing written."""
    before = clinic.dump_hash()
    with pytest.raises(BadInput) as refused:
        edit(clinic, key, value, **more)
    assert refused.value.field == field
    assert clinic.dump_hash() == before


def test_there_is_nothing_to_remove_of_what_ships(clinic: Store) -> None:
    """Only an own entry of that first day; with name and reason."""
    with pytest.raises(BadInput, match="no entry of its own"):
        remove_rule(clinic, ROSA, "kap.integration_hours", None, name="Ada", reason="why")
    with pytest.raises(BadInput, match="reason"):
        remove_rule(clinic, ROSA, "kap.integration_hours", None, name="Ada", reason="")
