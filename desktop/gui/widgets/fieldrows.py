"""A form: captions, fields, and under a field that is wrong the sentence that says so."""

from __future__ import annotations

from gettext import gettext as _
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desktop.clinic.errors import BadInput, ClinicError
from desktop.gui import safe


class FieldRows(QWidget):
    """Rows of a caption and one or more fields; each row can say what is wrong with it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """No row yet."""
        super().__init__(parent)
        self._form = QFormLayout(self)
        self._form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        self._rows: dict[str, tuple[QWidget, QLabel]] = {}

    def add(self, key: str, caption: str, field: QWidget, *beside: QWidget, hint: str = "") -> None:
        """One more row; `key` is the field's name in an error, `hint` says in a few words what may be typed."""
        box = QWidget(self)
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        line = QHBoxLayout()
        for one in (field, *beside):
            line.addWidget(one, 1 if isinstance(one, QLineEdit | QComboBox) else 0)
        column.addLayout(line)
        if hint:
            column.addWidget(safe.label(hint, box, wrap=True, kind="muted"))
        problem = safe.label(parent=box, wrap=True, kind="err")
        problem.hide()
        column.addWidget(problem)
        self._form.addRow(safe.caption(caption, field, self), box)
        self._rows[key] = (field, problem)

    def wide(self, widget: QWidget) -> None:
        """One more row without a caption."""
        self._form.addRow(widget)

    def complain(self, key: str, sentence: str) -> bool:
        """Say under that field what is wrong and go there; False when there is no such field."""
        if key not in self._rows:
            return False
        field, problem = self._rows[key]
        problem.setText(sentence)
        problem.show()
        field.setAccessibleDescription(sentence)
        field.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def quiet(self) -> None:
        """Take every complaint back."""
        for field, problem in self._rows.values():
            problem.hide()
            field.setAccessibleDescription("")


class FormDialog(QDialog):
    """A form that is saved with Ctrl+Enter; `save_asked` carries what `value` made of the fields."""

    save_asked = Signal(object)

    def __init__(self, title: str, parent: QWidget, *, go: str = "", letters: int = 80, lines: int = 26) -> None:
        """`go` names what saving does; the size is in letters and lines."""
        super().__init__(parent)
        self.setWindowTitle(title)
        self.rows = FieldRows(self)
        self.error = safe.label(parent=self, wrap=True, kind="err")
        self.error.hide()
        buttons = QDialogButtonBox(self)
        self.go = buttons.addButton(go or _("Save  Ctrl+Enter"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.go.setDefault(True)
        self.stay = buttons.addButton(_("Leave as it was"), QDialogButtonBox.ButtonRole.RejectRole)
        self.stay.setAutoDefault(False)
        buttons.accepted.connect(self.save)
        buttons.rejected.connect(self.reject)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self).activated.connect(self.save)
        layout = QVBoxLayout(self)
        layout.addWidget(self.body(), 1)
        layout.addWidget(self.error)
        layout.addWidget(buttons)
        self.finished.connect(self.deleteLater)
        fit(self, letters, lines)

    def body(self) -> QWidget:
        """What stands above the buttons: the rows, scrolling."""
        return scrolled(self.rows, self)

    def value(self) -> Any:  # noqa: ANN401 - each form makes its own
        """What the fields describe.

        Raises BadInput naming the field that is wrong.
        """
        raise NotImplementedError

    def show_error(self, error: ClinicError) -> None:
        """Say what is wrong under its field, or at the foot."""
        if isinstance(error, BadInput) and self.complain(error.field, plain(error)):
            return
        self.error.setText(error.sentence)
        self.error.show()

    def complain(self, key: str, sentence: str) -> bool:
        """Say under that field what is wrong; False when there is no such field."""
        return self.rows.complain(key, sentence)

    def save(self) -> None:
        """Ask to save what the fields describe, or say what is wrong."""
        self.error.hide()
        self.rows.quiet()
        try:
            value = self.value()
        except BadInput as error:
            self.show_error(error)
            return
        self.save_asked.emit(value)


def plain(error: BadInput) -> str:
    """The sentence without the name of the field, which stands above it."""
    sentence = error.sentence.removeprefix(f"{error.field}: ")
    return sentence[:1].upper() + sentence[1:]


def fit(dialog: QDialog, letters: int, lines: int) -> None:
    """Give a dialog that size in letters and lines, but no more than the window that it stands over has."""
    above, metrics = dialog.parentWidget(), dialog.fontMetrics()
    room = dialog.screen().availableSize() if above is None else above.window().size()
    dialog.resize(QSize(metrics.averageCharWidth() * letters, metrics.height() * lines).boundedTo(room))


def scrolled(inside: QWidget, parent: QWidget) -> QScrollArea:
    """The widget in an area that scrolls when there is too little room."""
    area = QScrollArea(parent)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(inside)
    return area


def choice(items: list[tuple[str, Any]], chosen: Any = None, *, name: str = "") -> QComboBox:  # noqa: ANN401
    """A box of these words with the values behind them; `name` is for a screen reader."""
    box = QComboBox()
    for text, value in items:
        box.addItem(text, value)
    at = next((at for at, (_text, value) in enumerate(items) if value == chosen), 0)
    box.setCurrentIndex(at)
    if name:
        box.setAccessibleName(name)
    return box


def typed(field: QLineEdit) -> str:
    """What stands in the field, without control characters and outer blanks."""
    return safe.clean(field.text()).strip()
