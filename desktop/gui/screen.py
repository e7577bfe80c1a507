"""What the window expects of a screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from desktop.gui.desk import Desk

BESIDE = "beside"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Somewhere to go: a screen of the window and, if given, the record to show there.

    The screen `BESIDE` is the panel of matches beside whatever is in front; its record is a referral.
    """

    screen: str
    id: str = ""


class Screen(QWidget):
    """A screen of the window.

    The window calls `refresh` when the screen comes to the front and when something changed while it is there;
    `wanted` asks the window to go to another Place, `counted` tells the number beside the name in the navigation.
    """

    wanted = Signal(object)
    counted = Signal(int)

    title = ""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        """Keep the desk; build widgets here, but ask for data only in `refresh`."""
        super().__init__(parent)
        self.desk = desk

    def refresh(self) -> None:
        """Ask the desk for what is shown, keeping selection and scroll position."""
        raise NotImplementedError

    def reveal(self, key: str) -> None:
        """Show the record of that id."""

    def tools(self) -> Sequence[QAction]:
        """The actions that the window's tool bar shows while this screen is in front."""
        return ()

    def panes(self) -> Sequence[QWidget]:
        """Where F6 stops on its way around the window."""
        return (self,)

    def focus_first(self) -> None:
        """Put the keyboard focus where work begins."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)
