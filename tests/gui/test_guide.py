"""The guide, the preferences, and the row that breaks into lines."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from desktop import resource
from desktop.gui import help as guide
from desktop.gui.guidepage import guide as shipped
from desktop.gui.preferences import Preferences
from desktop.gui.widgets.flow import Flow
from desktop.gui.window import Window
from desktop.settings import Settings
from tests.gui.lint import findings


@pytest.mark.parametrize("name", guide.PAGES)
def test_every_page_has_a_heading_and_words(name: str) -> None:
    """Plain Markdown with its own picture, without links to elsewhere."""
    text = guide.page(name)
    assert text.startswith("# ")
    assert len(text) > 300
    assert text.count("](") == text.count(f"]({name}-light.png)") == 1


def test_a_page_that_does_not_exist() -> None:
    """Only the listed pages are read, whatever the name."""
    with pytest.raises(KeyError):
        guide.page("../demo/names")


def test_the_guide_opens_at_its_page(qtbot: QtBot) -> None:
    """And goes through all of them."""
    dialog = guide.HelpPage("letters")
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.text.toPlainText().startswith("Letters")
    for row in range(len(guide.PAGES)):
        dialog.list.setCurrentRow(row)
        assert dialog.text.toPlainText().startswith(guide.title(guide.PAGES[row]))
    assert findings(dialog) == []


def test_the_guide_loads_nothing(qtbot: QtBot) -> None:
    """An empty picture is given for every name, so that Qt asks no further."""
    page = shipped("# A\n\n![x](/etc/hostname)")
    qtbot.addWidget(page)
    found = page.loadResource(2, QUrl("file:///etc/hostname"))
    assert isinstance(found, QImage)
    assert found.isNull()
    assert not page.openLinks()


def test_preferences_show_at_once_and_can_be_left(qtbot: QtBot) -> None:
    """Every choice is taken; leaving gives back what was."""
    taken: list[Settings] = []
    dialog = Preferences(Settings(), taken.append)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.scheme.setCurrentIndex(dialog.scheme.findData("dark"))
    dialog.percent.setCurrentIndex(dialog.percent.findData(150))
    dialog.idle.setValue(9)
    assert taken[-1] == Settings(scheme="dark", text_percent=150, idle_minutes=9)
    assert findings(dialog) == []
    dialog.reject()
    assert taken[-1] == Settings()


def test_preferences_are_kept(window: Window) -> None:
    """From the window's menu, in the dark."""
    dialog = Preferences(window.settings, window.take_settings, window)
    dialog.open()
    dialog.scheme.setCurrentIndex(dialog.scheme.findData("dark"))
    dialog.accept()
    assert window.settings.scheme == "dark"


def test_a_row_breaks_when_there_is_no_room(qtbot: QtBot) -> None:
    """Three buttons: one line when wide, three when narrow, nothing outside."""
    box = QWidget()
    qtbot.addWidget(box)
    flow = Flow(box, gap=4)
    flow.setContentsMargins(5, 5, 5, 5)
    buttons = [QPushButton(f"Button {at}", box) for at in range(3)]
    for one in buttons:
        flow.addWidget(one)
    box.resize(900, 200)
    box.show()
    assert len({one.y() for one in buttons}) == 1
    narrow = buttons[0].width() + 20
    box.resize(narrow, 400)
    assert len({one.y() for one in buttons}) == 3
    assert all(one.geometry().right() < narrow for one in buttons)
    assert flow.heightForWidth(narrow) > flow.heightForWidth(900)
    assert flow.takeAt(0) is not None
    assert flow.takeAt(9) is None


def test_every_page_shows_its_screen(qtbot: QtBot) -> None:
    """Each picture that a page names ships with the program, light and dark."""
    view = shipped("")
    qtbot.addWidget(view)
    view.resize(700, 500)
    for name in guide.PAGES:
        assert f"({name}-light.png)" in guide.page(name)
        picture = view.loadResource(2, QUrl(f"{name}-light.png"))
        assert isinstance(picture, QImage)
        assert 0 < picture.width() < 700
        assert resource(f"help/{name}-dark.png").is_file()
