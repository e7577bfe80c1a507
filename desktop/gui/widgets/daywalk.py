"""A day that can be walked: the cursor on appointments and open slots, and the ghost of a move."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QAbstractItemView

from desktop.gui.widgets.daycanvas import DayCanvas
from desktop.gui.widgets.dayghost import Ghost, Grip, is_changed
from desktop.gui.widgets.daygrid import Block, Cursor, Plan, Stop, landed, stepped
from desktop.gui.widgets.daytime import clock


class DayWalk(DayCanvas):
    """Keeps the cursor and the ghost; asks for what the user wants and changes nothing itself.

    opened(visit), picked(visit or ""), slot_picked(Slot), slot_asked(Slot, letters typed), move_asked(visit, Slot),
    length_asked(visit, minutes), status_asked(visit, VisitStatus), cancel_asked(visit).
    """

    opened = Signal(str)
    picked = Signal(str)
    slot_picked = Signal(object)
    slot_asked = Signal(object, str)
    move_asked = Signal(str, object)
    length_asked = Signal(str, int)
    status_asked = Signal(str, object)
    cancel_asked = Signal(str)

    @property
    def block(self) -> Block | None:
        """The appointment under the cursor."""
        cursor = self._cursor
        return None if cursor is None or cursor.stop.row < 0 else self.plan.blocks[cursor.stop.row]

    @property
    def cursor_at(self) -> Cursor | None:
        """Where the cursor is."""
        return self._cursor

    @property
    def ghost(self) -> Ghost | None:
        """The move or stretch that is under way."""
        return self._ghost

    def show_plan(self, plan: Plan, name: str) -> None:
        """Show another plan under that spoken name; the cursor stays on its appointment, or else at its time."""
        visit = self.block.visit if self.block else ""
        before, self._cursor, self._ghost = self._cursor, None, None
        self._days.show(plan)
        self.setAccessibleName(name)
        self.relaid()
        if plan.columns:
            self._set(self._found(plan, visit, before), scroll=False)

    def pick(self, visit: str) -> bool:
        """Put the cursor on that visit; False when it is not in the plan."""
        for row, block in enumerate(self.plan.blocks):
            if block.visit == visit:
                self._set(Cursor(column=block.column, stop=Stop(minute=block.start, row=row), wanted=block.start))
                return True
        return False

    def go_to(self, column: int, minute: int) -> None:
        """Put the cursor at that minute of that column."""
        if self.plan.columns:
            self._set(landed(self.plan, column, minute))

    def look_at(self, minute: int) -> None:
        """Scroll so that the minute is at a third of the height."""
        self.verticalScrollBar().setValue(self._grid.y(minute) - self.viewport().height() // 3)

    def moveCursor(self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """The next appointment in that direction, for whoever steers the list from outside."""
        del modifiers
        move = QAbstractItemView.CursorAction
        across, down = {
            move.MoveLeft: (-1, 0),
            move.MoveRight: (1, 0),
            move.MoveUp: (0, -1),
            move.MoveDown: (0, 1),
        }.get(action, (0, 0))
        at = self._cursor
        while at is not None and (across or down):
            after = stepped(self.plan, at, across=across, down=down)
            if (after.column, after.stop) == (at.column, at.stop):
                break
            at = after
            if at.stop.row >= 0:
                return self._days.index(at.stop.row, 0)
        return self.currentIndex()

    def _carry(self, ghost: Ghost, *, reveal: bool = False) -> None:
        dirty = [self._ghost, ghost]
        self._ghost = ghost
        for one in dirty:
            if one is not None:
                area = self._grid.span(one.column, one.start, one.end)
                self.viewport().update(area.translated(-self._offset()).adjusted(-3, -3, 3, 3))
        area = self._grid.span(ghost.column, ghost.start, ghost.end)
        self.viewport().update(self._span(ghost.row).translated(-self._offset()).adjusted(-3, -3, 3, 3))
        if reveal or self._pressed is not None:
            self.reveal(area)

    def _drop(self) -> bool:
        ghost, self._ghost = self._ghost, None
        self._pressed = None
        self.viewport().update()
        if ghost is None or not is_changed(self.plan, ghost):
            return True
        visit = self.plan.blocks[ghost.row].visit
        if ghost.grip is Grip.END:
            self.length_asked.emit(visit, ghost.end - ghost.start)
        else:
            self.move_asked.emit(visit, self.plan.slot(ghost.column, ghost.start))
        return True

    def _let_go(self) -> bool:
        held = self._ghost is not None or bool(self._cut)
        if held:
            self._ghost, self._pressed, self._cut = None, None, ""
            self.viewport().update()
        return held

    def _found(self, plan: Plan, visit: str, before: Cursor | None) -> Cursor:
        for row, block in enumerate(plan.blocks):
            if visit and block.visit == visit:
                return Cursor(column=block.column, stop=Stop(minute=block.start, row=row), wanted=block.start)
        if before is None:
            return landed(plan, 0, 9 * 60)
        return landed(plan, before.column, before.wanted)

    def _set(self, cursor: Cursor, *, scroll: bool = True) -> None:
        old = self._cursor_area()
        self._cursor = cursor
        for area in (old, self._cursor_area()):
            self.viewport().update(area.translated(-self._offset()).adjusted(-4, -4, 4, 4))
        self._pin()
        model = self.selectionModel()
        if cursor.stop.row >= 0:
            model.setCurrentIndex(
                self._days.index(cursor.stop.row, 0), QItemSelectionModel.SelectionFlag.ClearAndSelect
            )
            self.picked.emit(self.plan.blocks[cursor.stop.row].visit)
        else:
            model.clear()
            self.picked.emit("")
            slot = self.plan.slot(cursor.column, cursor.stop.minute)
            self.slot_picked.emit(slot)
            if self.hasFocus():
                self.announce(f"{clock(slot.minute)}, {self.plan.columns[cursor.column].title}")
        if scroll:
            self.reveal(self._cursor_area())

    def announce(self, sentence: str) -> None:
        """Have a screen reader say it."""
        if sentence and QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, sentence))
