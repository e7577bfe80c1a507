"""The appointments of a day as a flat list: what a screen reader walks through."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from desktop.gui.safe import tip_text
from desktop.gui.widgets.daygrid import Plan

Index = QModelIndex | QPersistentModelIndex

_NO_PARENT = QModelIndex()


class DayModel(QAbstractListModel):
    """One row for each block of the plan; `UserRole` gives the block."""

    def __init__(self) -> None:
        """Begin empty."""
        super().__init__()
        self._plan = Plan()

    @property
    def plan(self) -> Plan:
        """What is shown."""
        return self._plan

    def show(self, plan: Plan) -> None:
        """Show this plan instead."""
        self.beginResetModel()
        self._plan = plan
        self.endResetModel()

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        """How many blocks there are."""
        return 0 if parent.isValid() else len(self._plan.blocks)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401
        """The title, the spoken sentence, the tooltip or the block itself."""
        block = self._plan.blocks[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return block.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return block.spoken
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip_text(block.tip or block.spoken)
        if role == Qt.ItemDataRole.UserRole:
            return block
        return None
