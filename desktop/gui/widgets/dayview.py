"""The day by therapist under the hands: cursor, selection, moving and stretching by mouse or by keys."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

from desktop.clinic.visits import VisitStatus
from desktop.gui.widgets.dayghost import Grip, carried, lifted, stretched
from desktop.gui.widgets.daygrid import SNAP, Cursor, Stop, ended, landed, stepped
from desktop.gui.widgets.daywalk import DayWalk

Key = Qt.Key
_CTRL, _SHIFT, _NONE = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.NoModifier,
)
_ARROWS = {Key.Key_Left: (-1, 0), Key.Key_Right: (1, 0), Key.Key_Up: (0, -1), Key.Key_Down: (0, 1)}
_STATUS = {Key.Key_C: VisitStatus.CONFIRMED, Key.Key_A: VisitStatus.ARRIVED, Key.Key_N: VisitStatus.NO_SHOW}
_EDGE = 6


class DayView(DayWalk):
    """The day under the hands: arrows walk, Ctrl and Shift with arrows or the mouse move and stretch."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Begin with an empty day."""
        super().__init__(parent)
        self._grip = Grip.WHOLE
        self._held = 0
        self.viewport().setMouseTracking(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk, move, stretch, open, mark, cut and paste; what is not ours goes on to the window."""
        if self._cursor is None or not self._key(event):
            event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Letting go of Ctrl or Shift asks for what the ghost shows."""
        if event.key() in (Key.Key_Control, Key.Key_Shift) and self._ghost is not None and self._pressed is None:
            self._drop()
        super().keyReleaseEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring."""
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """A move that was not finished is taken back."""
        super().focusOutEvent(event)
        self._let_go()
        self.viewport().update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Put the cursor there, and be ready to drag."""
        if event.button() is not Qt.MouseButton.LeftButton or not self.plan.columns:
            return
        at, point = event.position().toPoint() + self._offset(), event.position().toPoint()
        index = self.indexAt(point)
        if index.isValid():
            block, area = self.plan.blocks[index.row()], self._span(index.row())
            self._set(
                Cursor(column=block.column, stop=Stop(minute=block.start, row=index.row()), wanted=block.start),
                scroll=False,
            )
            self._pressed, self._held = point, self._grid.minute_at(at.y()) - block.start
            self._grip = Grip.END if area.bottom() - at.y() < _EDGE else Grip.WHOLE
        else:
            self._set(landed(self.plan, self._grid.column_at(at.x()), self._grid.snapped(at.y())), scroll=False)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the ghost; otherwise show where an end can be taken."""
        point = event.position().toPoint()
        block = self.block
        if self._pressed is None or block is None or not block.holds_time:
            self._hover(point)
            return
        far = (point - self._pressed).manhattanLength() >= QApplication.startDragDistance()
        if self._ghost is None and not far:
            return
        at = point + self._offset()
        ghost = self._ghost or lifted(self.plan, self.currentIndex().row(), self._grip)
        if self._grip is Grip.END:
            self._carry(stretched(self.plan, ghost, round(self._grid.minute_at(at.y()) / SNAP) * SNAP))
        else:
            start = round((self._grid.minute_at(at.y()) - self._held) / SNAP) * SNAP
            self._carry(carried(self.plan, ghost, self._grid.column_at(at.x()), start))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Ask for what the ghost shows."""
        del event
        self._pressed = None
        if self._ghost is not None:
            self._drop()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open the appointment, or ask for one in the open slot."""
        if event.button() is Qt.MouseButton.LeftButton and self._cursor is not None:
            self._pressed = None
            self._open()

    def _key(self, event: QKeyEvent) -> bool:
        key, held = Key(event.key()), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if key in _ARROWS and held in (_NONE, _CTRL, _SHIFT):
            return self._arrow(*_ARROWS[key], held)
        if held == _CTRL and key in (Key.Key_X, Key.Key_V):
            return self._take() if key is Key.Key_X else self._put()
        if held == _NONE and key in (Key.Key_Home, Key.Key_End) and self._cursor is not None:
            self._set(ended(self.plan, self._cursor, last=key is Key.Key_End))
            return True
        if held == _NONE and key in (Key.Key_Return, Key.Key_Enter):
            return self._drop() if self._ghost is not None else self._open()
        if key is Key.Key_Escape:
            return self._let_go()
        return self._letter(key, event.text()) if held in (_NONE, _SHIFT) else False

    def _letter(self, key: Qt.Key, text: str) -> bool:
        block = self.block
        if block is None:
            if text.isalpha() and self._cursor is not None:
                self.slot_asked.emit(self.plan.slot(self._cursor.column, self._cursor.stop.minute), text)
                return True
            return False
        if key in (Key.Key_Delete, Key.Key_Backspace):
            self.cancel_asked.emit(block.visit)
        elif key in _STATUS:
            self.status_asked.emit(block.visit, _STATUS[key])
        else:
            return False
        return True

    def _arrow(self, across: int, down: int, held: Qt.KeyboardModifier) -> bool:
        cursor = self._cursor
        if cursor is None:
            return False
        if held == _NONE:
            self._let_go()
            self._set(stepped(self.plan, cursor, across=across, down=down))
            return True
        if self.block is None or not self.block.holds_time or (held == _SHIFT and across):
            return False
        ghost = self._ghost or lifted(self.plan, cursor.stop.row, Grip.END if held == _SHIFT else Grip.WHOLE)
        if held == _SHIFT:
            self._carry(stretched(self.plan, ghost, ghost.end + down * SNAP), reveal=True)
        else:
            column, start = ghost.column + across, ghost.start + down * SNAP
            self._carry(carried(self.plan, ghost, column, start), reveal=True)
        self.announce(self._ghost.sentence(self.plan) if self._ghost else "")
        return True

    def _open(self) -> bool:
        block, cursor = self.block, self._cursor
        if block is not None:
            self.opened.emit(block.visit)
        elif cursor is not None:
            self.slot_asked.emit(self.plan.slot(cursor.column, cursor.stop.minute), "")
        return True

    def _take(self) -> bool:
        if self.block is None or not self.block.holds_time:
            return False
        self._cut = self.block.visit
        self.viewport().update()
        return True

    def _put(self) -> bool:
        if not self._cut or self._cursor is None:
            return False
        visit, self._cut = self._cut, ""
        self.move_asked.emit(visit, self.plan.slot(self._cursor.column, self._cursor.stop.minute))
        self.viewport().update()
        return True

    def _hover(self, point: QPoint) -> None:
        index = self.indexAt(point)
        at_end = index.isValid() and self.visualRect(index).bottom() - point.y() < _EDGE
        self.viewport().setCursor(Qt.CursorShape.SizeVerCursor if at_end else Qt.CursorShape.ArrowCursor)
