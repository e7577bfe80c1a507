"""The one find box: clients, therapists, referrals and commands; > for commands alone, Esc clears and goes back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from gettext import gettext as _

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QLineEdit, QVBoxLayout, QWidget

from desktop.gui.safe import clean
from desktop.gui.widgets.table import Column, Table, TableView

MOST = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One thing that was found: what it is, its words, a quieter detail (or keys), and how to go there."""

    kind: str
    words: str
    detail: str = ""
    go: Callable[[], object]


class Omnibox(QLineEdit):
    """`asked` carries the text to look for; the answer comes by `show_hits`."""

    asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        """An empty box; its list hangs under it while there is something to show."""
        super().__init__(parent)
        self.setPlaceholderText(_("Find client, therapist, referral or command   Ctrl+K"))
        self.setAccessibleName(_("Find"))
        self.setClearButtonEnabled(False)
        self._before: QWidget | None = None
        self._table = Table[Hit](
            (
                Column(_("Kind"), lambda hit: hit.kind, tone=lambda _hit: "muted", width=11),
                Column(_("Name"), lambda hit: hit.words),
                Column(_("Detail"), lambda hit: hit.detail, tone=lambda _hit: "muted", width=24),
            ),
            spoken=lambda hit: f"{hit.words}, {hit.kind} {hit.detail}",
        )
        self._list: QFrame | None = None
        self._view: TableView | None = None
        self.textEdited.connect(self._edited)

    @property
    def hits(self) -> Sequence[Hit]:
        """What the list shows."""
        return self._table.values

    def begin(self, text: str = "") -> None:
        """Take the focus, remembering who had it."""
        focused = QApplication.focusWidget()
        if focused is not self:
            self._before = focused
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.setText(text)
        self.selectAll()
        if text:
            self.deselect()
            self.asked.emit(text)

    def show_hits(self, text: str, hits: Sequence[Hit]) -> None:
        """Show what was found for that text, unless the user has typed on since."""
        if text != self.text().strip() or not self.hasFocus():
            return
        frame, view = self._made()
        shown = tuple(hits)[:MOST]
        view.show_values(shown)
        if shown:
            self._place(frame, view, len(shown))
        frame.setVisible(bool(shown))

    def show_nothing(self) -> None:
        """Forget what was found."""
        self._table.show(())
        if self._list is not None:
            self._list.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and Down walk the list, Enter goes, Esc clears and then goes back."""
        key = event.key()
        view, visible = self._view, self._list is not None and self._list.isVisible()
        if key == Qt.Key.Key_Escape:
            self._step_back()
        elif view is not None and visible and key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            row = view.currentIndex().row() + (1 if key == Qt.Key.Key_Down else -1)
            view.selectRow(max(0, min(row, len(self._table.values) - 1)))
        elif view is not None and visible and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._go(view.current)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Fold the list away."""
        super().focusOutEvent(event)
        if self._list is not None:
            self._list.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the list under the box when the window changes its size."""
        if event.type() == QEvent.Type.Resize and self._list is not None:
            self._list.hide()
        return super().eventFilter(watched, event)

    def _edited(self, text: str) -> None:
        text = clean(text).strip()
        if text:
            self.asked.emit(text)
        elif self._list is not None:
            self._list.hide()

    def _step_back(self) -> None:
        if self.text():
            self.clear()
            if self._list is not None:
                self._list.hide()
        elif self._before is not None:
            self._before.setFocus(Qt.FocusReason.OtherFocusReason)

    def _go(self, hit: Hit | None) -> None:
        if hit is None:
            return
        self.clear()
        if self._list is not None:
            self._list.hide()
        if self._before is not None:
            self._before.setFocus(Qt.FocusReason.OtherFocusReason)
        hit.go()

    def _made(self) -> tuple[QFrame, TableView]:
        if self._list is None or self._view is None:
            window = self.window()
            window.installEventFilter(self)
            self._list = QFrame(window)
            self._list.setFrameShape(QFrame.Shape.StyledPanel)
            self._list.setAutoFillBackground(True)
            self._view = TableView(self._table, _("Found"), self._list)
            self._view.horizontalHeader().hide()
            self._view.setFrameShape(QFrame.Shape.NoFrame)
            self._view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self._view.clicked.connect(lambda index: self._go(self._table.value(index.row())))
            layout = QVBoxLayout(self._list)
            layout.setContentsMargins(1, 1, 1, 1)
            layout.addWidget(self._view)
        return self._list, self._view

    def _place(self, frame: QFrame, view: TableView, rows: int) -> None:
        window = self.window()
        corner = self.mapTo(window, QPoint(0, self.height() + 2))
        width = min(max(self.width(), self.fontMetrics().averageCharWidth() * 72), window.width() - 16)
        left = min(corner.x(), window.width() - width - 8)
        height = view.verticalHeader().defaultSectionSize() * rows + 8
        frame.setGeometry(left, corner.y(), width, min(height, window.height() - corner.y() - 8))
        frame.raise_()
