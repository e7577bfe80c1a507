"""The screen Rulebook: what counts, what is to be verified again, and an own entry made and taken back by keys."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit
from pytestqt.qtbot import QtBot

from desktop.clinic.errors import BadInput
from desktop.clinic.rulebook import Confidence, Fact
from desktop.gui import rulewords
from desktop.gui.desk import Desk
from desktop.gui.rulebook import RulebookScreen, fields, verified
from desktop.gui.ruleform import RuleForm
from desktop.gui.window import Window
from desktop.office import rules
from tests.conftest import TODAY
from tests.gui.conftest import Settle
from tests.gui.oversight import CTRL, focused, form_of, retype, undo, went
from tests.gui.test_window import until_clean


@pytest.fixture
def screen(window: Window, settle: Settle) -> RulebookScreen:
    """The screen, filled."""
    return went(window, settle, RulebookScreen, "rulebook")


def test_it_shows_what_the_office_says(screen: RulebookScreen, desk: Desk) -> None:
    """What is in force today; with the box unchecked every entry."""
    found = rules.entries(desk._store, desk.actor)
    assert screen.view.list.values == [one for one in found if one.in_force]
    screen.view.today_only.click()
    assert screen.view.list.values == list(found)


def test_an_own_entry_by_keys(screen: RulebookScreen, window: Window, desk: Desk, settle: Settle, qtbot: QtBot) -> None:
    """Type to find, F2, value, source, name, reason, Ctrl+Enter; Ctrl+Z takes it back."""
    screen.view.box.setFocus()
    qtbot.keyClicks(screen.view.box, "tap_days")
    QTest.keyClick(window, Qt.Key.Key_F2)
    form = form_of(window)
    assert isinstance(form, RuleForm)
    field = focused()
    assert isinstance(field, QLineEdit)
    retype(field, "thirty")
    QTest.keyClick(form, Qt.Key.Key_Return, CTRL)
    assert focused() is field
    assert field.accessibleDescription() == "Write a number, such as 48."
    retype(field, "20")
    QTest.keyClick(form, Qt.Key.Key_Return, CTRL)
    settle()
    assert focused() is form.source
    retype(form.source, "Letter of the commission")
    retype(form.name, "Rosa Desk")
    retype(form.reason, "Stricter by contract")
    QTest.keyClick(form, Qt.Key.Key_Return, CTRL)
    settle()
    line = screen.view.list.current
    assert (line.own, line.fact.value, line.fact.entered_by) == (True, 20, "Rosa Desk")
    row = screen.view.list.currentIndex().row()
    assert screen.view.list.model().index(row, 0).data() == "Compacts: PSYPACT: tap days per year (own)"
    undo(window, settle)
    with desk._store.reading() as reader:
        assert reader.all(Fact) == ()


def test_a_compact_goes_live_and_is_taken_away(
    screen: RulebookScreen, window: Window, desk: Desk, settle: Settle
) -> None:
    """A field that the state's entry lacks but its neighbors have; the other fields stay."""
    screen.reveal("compact.counseling.NJ")
    screen.presenter.edit()
    form = form_of(window)
    assert isinstance(form, RuleForm)
    issuing = form._values["issuing_from"]
    assert isinstance(issuing, QLineEdit)
    for field, text in ((issuing, "1/1/2027"), (form.source, "Notice"), (form.name, "Rosa"), (form.reason, "Live")):
        retype(field, text)
    form.save()
    settle()
    with desk._store.reading() as reader:
        (own,) = reader.all(Fact)
        assert rules.rulebook(reader).fact("compact.counseling.NJ", TODAY) == own
    assert {key: rulewords.said(part) for key, part in own.value.items()} == {
        "member_from": "Jan 16, 2024",
        "issuing_from": "Jan 1, 2027",
    }
    assert screen.view.list.current.fact == own
    screen.presenter.remove()
    away = form_of(window)
    retype(away.name, "Rosa")  # type: ignore[attr-defined]
    away.save()
    settle()
    assert "few words" in away.reason.accessibleDescription()  # type: ignore[attr-defined]
    retype(away.reason, "Postponed")  # type: ignore[attr-defined]
    away.save()
    settle()
    with desk._store.reading() as reader:
        assert reader.all(Fact) == ()


def test_an_old_rule_is_marked_with_sign_and_word(screen: RulebookScreen) -> None:
    """After 180 days."""
    line = screen.view.list.values[0]
    old = replace(line, stale=True, fact=replace(line.fact, verified_on=date(2026, 5, 1)))
    assert verified(old) == "May 1, 2026, check"
    screen.view.show_lines([old], "")
    table = screen.view.list.model()
    last = table.columnCount() - 1
    assert table.index(0, last).data(Qt.ItemDataRole.DecorationRole) is not None


def test_every_shipped_rule_can_be_written_and_read_back(desk: Desk) -> None:
    """The form shows a value in words that it can read again."""
    for line in rules.entries(desk._store, desk.actor):
        value = line.fact.value
        if isinstance(value, dict):
            models = fields(line.fact, rules.entries(desk._store, desk.actor)) if len(value) < 3 else value
            for key, part in value.items():
                assert rulewords.read(key, rulewords.written(part), models[key], TODAY) == part, line.fact.key
        else:
            assert rulewords.read("value", rulewords.written(value), value, TODAY) == value, line.fact.key


def test_every_shipped_rule_has_an_area_in_words(desk: Desk) -> None:
    """A new area of the rulebook needs its heading."""
    keys = {line.fact.key.partition(".")[0] for line in rules.entries(desk._store, desk.actor)}
    assert keys <= set(rulewords.areas())


def test_words_that_cannot_be_read_name_the_field() -> None:
    """Yes or no, and a line with all its parts."""
    with pytest.raises(BadInput, match="yes or no"):
        rulewords.read("x", "perhaps", True, TODAY)
    with pytest.raises(BadInput, match=r"label \| number"):
        rulewords.read("x", "988", [{"label": "a", "number": "1"}], TODAY)


@pytest.mark.parametrize("percent", [100, 200])
def test_it_passes_the_lint(window: Window, settle: Settle, qtbot: QtBot, percent: int) -> None:
    """Names, targets, no clipped words, no key twice; the form too."""
    window.settings_with(text_percent=percent)
    screen = went(window, settle, RulebookScreen, "rulebook")
    until_clean(qtbot, window)
    screen.presenter.edit()
    form = form_of(window)
    until_clean(qtbot, form)
    assert all(form.findChildren(QComboBox)[at].accessibleName() for at in range(len(form.findChildren(QComboBox))))


def test_confidence_is_said() -> None:
    """Three words."""
    assert [rulewords.confidence(one) for one in Confidence] == ["high", "medium", "low"]
