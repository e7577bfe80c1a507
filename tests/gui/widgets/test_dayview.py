"""The day under the hands: keys, mouse, what a screen reader hears, what is painted."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QImage
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop.clinic.visits import VisitStatus
from desktop.gui import palette
from desktop.gui.widgets.daygrid import Plan, Slot
from desktop.gui.widgets.dayview import DayView
from tests.gui.widgets.days import DAY, plan

Key = Qt.Key
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def day(qtbot: QtBot) -> DayView:
    """The small day, shown and focused."""
    view = DayView()
    qtbot.addWidget(view)
    view.resize(700, 500)
    view.show_plan(plan(), "Day calendar, Tuesday, November 24")
    view.show()
    qtbot.waitExposed(view)
    view.activateWindow()
    view.setFocus()
    view.pick("a")
    return view


def middle(view: DayView, visit: str) -> QPoint:
    """Where the mouse meets a visit."""
    row = next(row for row, block in enumerate(view.plan.blocks) if block.visit == visit)
    return view.visualRect(view.model().index(row, 0)).center()


def place(view: DayView) -> tuple[int, int, str]:
    """The cursor's column, minute and visit."""
    at = view.cursor_at
    assert at is not None
    return at.column, at.stop.minute, view.block.visit if view.block else ""


def test_the_model_is_sound(day: DayView) -> None:
    """Qt's own tester has nothing to say, also when the plan changes."""
    QAbstractItemModelTester(day.model(), QAbstractItemModelTester.FailureReportingMode.Fatal)
    day.show_plan(plan(5), "Other")
    day.show_plan(Plan(), "Empty")


def test_arrows_walk_slot_by_slot_and_across(day: DayView) -> None:
    """Down to the next appointment, up into the open slot before 9, right to the neighbor, home and end."""
    QTest.keyClick(day, Key.Key_Down)
    assert place(day) == (0, 600, "b")
    QTest.keyClick(day, Key.Key_Up)
    QTest.keyClick(day, Key.Key_Up)
    assert place(day) == (0, 525, "")
    QTest.keyClick(day, Key.Key_Right)
    assert place(day) == (1, 525, "")
    QTest.keyClick(day, Key.Key_End)
    assert place(day) == (1, 1185, "")
    QTest.keyClick(day, Key.Key_Home)
    assert place(day) == (1, 480, "")


def test_tab_leaves_the_calendar(qtbot: QtBot) -> None:
    """No keyboard trap."""
    box, field, view = QWidget(), QLineEdit(), DayView()
    layout = QVBoxLayout(box)
    layout.addWidget(view)
    layout.addWidget(field)
    qtbot.addWidget(box)
    view.show_plan(plan(), "Day")
    box.show()
    qtbot.waitExposed(box)
    box.activateWindow()
    view.setFocus()
    QTest.keyClick(view, Key.Key_Tab)
    assert box.focusWidget() is field


def test_the_cursor_is_always_in_sight(day: DayView) -> None:
    """Walking to the last column and the last slot scrolls along."""
    day.show_plan(plan(12), "Wide")
    for key in (Key.Key_End, *[Key.Key_Right] * 11):
        QTest.keyClick(day, key)
    assert day.horizontalOffset() == day.horizontalScrollBar().maximum() > 0
    assert day.verticalOffset() > 0


def test_columns_are_never_narrower_than_they_can_be_read(day: DayView) -> None:
    """118 pixels at least, and the rest by scrolling."""
    day.show_plan(plan(12), "Wide")
    assert day.grid.left(1) >= 118
    assert day.grid.width > day.viewport().width()


def test_enter_opens_and_asks(day: DayView, qtbot: QtBot) -> None:
    """Enter on an appointment opens it, on an open slot asks for a new one there."""
    with qtbot.waitSignal(day.opened) as opened:
        QTest.keyClick(day, Key.Key_Return)
    assert opened.args == ["a"]
    QTest.keyClick(day, Key.Key_Up)
    with qtbot.waitSignal(day.slot_asked) as asked:
        QTest.keyClick(day, Key.Key_Return)
    assert asked.args == [Slot(therapist=plan().columns[0].therapist, day=DAY, minute=525), ""]


def test_typing_on_an_open_slot_asks_with_the_letter(day: DayView, qtbot: QtBot) -> None:
    """The letter goes into the client box; on an appointment the same letter is a status."""
    day.go_to(2, 600)
    with qtbot.waitSignal(day.slot_asked) as asked:
        QTest.keyClick(day, Key.Key_N)
    assert asked.args is not None
    assert asked.args[1] == "n"


@pytest.mark.parametrize(
    ("key", "status"),
    [
        (Key.Key_C, VisitStatus.CONFIRMED),
        (Key.Key_A, VisitStatus.ARRIVED),
        (Key.Key_N, VisitStatus.NO_SHOW),
    ],
)
def test_letters_mark_the_appointment(day: DayView, qtbot: QtBot, key: Qt.Key, status: VisitStatus) -> None:
    """C, A and N."""
    with qtbot.waitSignal(day.status_asked) as asked:
        QTest.keyClick(day, key)
    assert asked.args == ["a", status]


def test_delete_asks_and_deletes_nothing(day: DayView, qtbot: QtBot) -> None:
    """The record stays; somebody else asks what kind of cancellation it is."""
    with qtbot.waitSignal(day.cancel_asked) as asked:
        QTest.keyClick(day, Key.Key_Delete)
    assert asked.args == ["a"]
    assert len(day.plan.blocks) == 5


def test_ctrl_arrows_move_when_ctrl_is_let_go(day: DayView, qtbot: QtBot) -> None:
    """Two steps down and one to the right are one move."""
    QTest.keyPress(day, Key.Key_Control, CTRL)
    for key in (Key.Key_Down, Key.Key_Down, Key.Key_Right):
        QTest.keyPress(day, key, CTRL)
    assert day.ghost is not None
    with qtbot.waitSignal(day.move_asked) as asked:
        QTest.keyRelease(day, Key.Key_Control)
    assert asked.args == ["a", Slot(therapist=plan().columns[1].therapist, day=DAY, minute=570)]
    assert day.ghost is None


def test_escape_restores_a_move(day: DayView, qtbot: QtBot) -> None:
    """Nothing is asked for."""
    with qtbot.assertNotEmitted(day.move_asked):
        QTest.keyPress(day, Key.Key_Down, CTRL)
        QTest.keyPress(day, Key.Key_Escape, CTRL)
        QTest.keyRelease(day, Key.Key_Control)
    assert day.ghost is None


def test_shift_arrows_change_the_length(day: DayView, qtbot: QtBot) -> None:
    """One slot longer."""
    QTest.keyPress(day, Key.Key_Down, SHIFT)
    with qtbot.waitSignal(day.length_asked) as asked:
        QTest.keyRelease(day, Key.Key_Shift)
    assert asked.args == ["a", 65]


def test_cut_and_paste_reschedules_across_days(day: DayView, qtbot: QtBot) -> None:
    """Ctrl+X here, another day comes, Ctrl+V there."""
    QTest.keyClick(day, Key.Key_X, CTRL)
    day.show_plan(Plan(columns=plan().columns, first=480, last=1200), "Next day")
    day.go_to(1, 780)
    with qtbot.waitSignal(day.move_asked) as asked:
        QTest.keyClick(day, Key.Key_V, CTRL)
    assert asked.args == ["a", Slot(therapist=plan().columns[1].therapist, day=DAY, minute=780)]


def test_a_canceled_appointment_does_not_move(day: DayView, qtbot: QtBot) -> None:
    """Neither by keys nor by cut and paste."""
    day.pick("x")
    with qtbot.assertNotEmitted(day.move_asked):
        QTest.keyClick(day, Key.Key_Down, CTRL)
        QTest.keyRelease(day, Key.Key_Control)
        QTest.keyClick(day, Key.Key_X, CTRL)
        QTest.keyClick(day, Key.Key_V, CTRL)


def test_dragging_moves_and_escape_restores(day: DayView, qtbot: QtBot) -> None:
    """The ghost snaps to quarters of an hour; letting go asks, Escape does not."""
    port, start = day.viewport(), middle(day, "a")
    target = start + QPoint(day.grid.left(1), round(60 * day.grid.per_minute))
    QTest.mousePress(port, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, start)
    QTest.mouseMove(port, target)
    assert day.ghost is not None
    assert (day.ghost.column, day.ghost.start) == (1, 600)
    with qtbot.waitSignal(day.move_asked) as asked:
        QTest.mouseRelease(port, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, target)
    assert asked.args == ["a", Slot(therapist=plan().columns[1].therapist, day=DAY, minute=600)]
    with qtbot.assertNotEmitted(day.move_asked):
        QTest.mousePress(port, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, start)
        QTest.mouseMove(port, target)
        QTest.keyClick(day, Key.Key_Escape)
        QTest.mouseRelease(port, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, target)


def test_dragging_the_end_stretches(day: DayView, qtbot: QtBot) -> None:
    """From 9:50 down to 10:15."""
    port = day.viewport()
    area = day.visualRect(day.model().index(0, 0))
    start = QPoint(area.center().x(), area.bottom() - 1)
    QTest.mousePress(port, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, start)
    target = QPoint(start.x(), day.grid.y(615) - day.verticalOffset())
    QTest.mouseMove(port, target)
    with qtbot.waitSignal(day.length_asked) as asked:
        QTest.mouseRelease(port, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, target)
    assert asked.args == ["a", 75]


def test_a_click_picks_and_a_double_click_opens(day: DayView, qtbot: QtBot) -> None:
    """A single click never opens anything."""
    port = day.viewport()
    with qtbot.assertNotEmitted(day.opened), qtbot.waitSignal(day.picked) as picked:
        QTest.mouseClick(port, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, middle(day, "d"))
    assert picked.args == ["d"]
    with qtbot.waitSignal(day.opened) as opened:
        QTest.mouseDClick(port, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, middle(day, "d"))
    assert opened.args == ["d"]


def test_a_new_plan_keeps_the_appointment_under_the_cursor(day: DayView) -> None:
    """It was moved by an hour at another desk; the cursor goes with it."""
    day.pick("c")
    moved = tuple(replace(one, start=one.start + 60, end=one.end + 60) for one in plan().blocks)
    day.show_plan(replace(plan(), blocks=moved), "Day")
    assert day.block is not None
    assert (day.block.visit, day.block.start) == ("c", 690)


def test_a_screen_reader_finds_every_appointment(day: DayView) -> None:
    """A list with one child per block, each with its sentence and its place."""
    face = QAccessible.queryAccessibleInterface(day)
    assert face.text(QAccessible.Text.Name) == "Day calendar, Tuesday, November 24"
    table = [day.model().index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(5)]
    assert table[0] == "Ann Boyd, visit a, with Therapist 0, confirmed"
    spoken = [face.child(at).text(QAccessible.Text.Name) for at in range(face.childCount()) if face.child(at)]
    assert all(sentence in spoken for sentence in table)


def test_moving_from_outside_goes_from_appointment_to_appointment(day: DayView) -> None:
    """MoveCursor answers with an appointment, never with an open slot."""
    move = QAbstractItemView.CursorAction
    index = day.moveCursor(move.MoveDown, Qt.KeyboardModifier.NoModifier)
    assert index.data(Qt.ItemDataRole.UserRole).visit == "b"


def test_the_now_line_and_the_counts_are_painted(day: DayView) -> None:
    """The line's color is in the picture; without a now it is not."""
    red = palette.of(day.palette()).color("err").rgb()

    def reds(image: QImage) -> int:
        return sum(image.pixel(image.width() - 20, y) == red for y in range(image.height()))

    assert reds(day.viewport().grab().toImage()) == 0
    day.set_now(560, (0, 1, 2))
    assert reds(day.viewport().grab().toImage()) > 0


def test_scrolling_leaves_the_same_picture_as_painting_anew(day: DayView) -> None:
    """Blitting may not leave anything behind."""
    day.set_now(560, (0, 1, 2))
    for value in (40, 130, 90):
        day.verticalScrollBar().setValue(value)
        day.repaint()
    scrolled = day.viewport().grab().toImage()
    day.relaid()
    assert day.viewport().grab().toImage() == scrolled


def test_the_first_hour_is_not_cut(day: DayView) -> None:
    """The first line lies half a line of text below the top."""
    assert day.grid.y(480) >= day.fontMetrics().height() // 2


def test_twice_the_text_still_fits(day: DayView) -> None:
    """200 % text: columns and hours grow with it."""
    day.show_plan(plan(12), "Wide")
    before = day.grid
    font = day.font()
    font.setPointSizeF(font.pointSizeF() * 2)
    day.setFont(font)
    assert day.grid.per_minute > before.per_minute * 1.5
    assert day.grid.left(1) > before.left(1)
    assert day.grid.per_minute * 15 >= day.fontMetrics().height()
