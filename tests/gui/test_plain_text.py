"""Text from data is never read as markup: what could do so is built in one place."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap, QTextDocument
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from desktop.gui import guidepage, safe

GUI = Path(safe.__file__).parent
GUARDED = {
    "QLabel",
    "QMessageBox",
    "QInputDialog",
    "QProgressDialog",
    "QErrorMessage",
    "QTextBrowser",
    "QTextEdit",
    "QTextDocument",
    "QToolTip",
    "QWhatsThis",
    "QStaticText",
    "QSplashScreen",
}
METHODS = {"setToolTip", "setWhatsThis", "setHtml", "insertHtml", "appendHtml", "setRichText", "showText"}


def offences(source: str) -> list[str]:
    """What a module builds or calls that could read data as markup."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name == "showText" and any(
                isinstance(one, ast.Call) and getattr(one.func, "id", "") == "tip_text" for one in node.args
            ):
                continue  # what it shows is escaped
            if name in METHODS or name in GUARDED:
                found.append(f"{node.lineno}: {name}")
            owner = node.func.value if isinstance(node.func, ast.Attribute) else None
            if isinstance(owner, ast.Name) and owner.id in GUARDED:
                found.append(f"{node.lineno}: {owner.id}.{name}")
        elif isinstance(node, ast.ClassDef):
            found += [
                f"{node.lineno}: {base.id}" for base in node.bases if isinstance(base, ast.Name) and base.id in GUARDED
            ]
    tells = "ToolTipRole" in source and "tip_text" not in source
    return [*found, "ToolTipRole without tip_text"] if tells else found


@pytest.mark.parametrize("path", sorted(GUI.rglob("*.py")), ids=lambda path: str(path.relative_to(GUI)))
def test_only_safe_builds_what_could_read_markup(path: Path) -> None:
    """Every other module asks `safe` for it."""
    if path not in (Path(safe.__file__), Path(guidepage.__file__)):
        assert offences(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "source",
    [
        "QLabel(name)",
        "QtWidgets.QMessageBox(parent)",
        "QMessageBox.information(parent, title, name)",
        "class Card(QLabel): pass",
        "button.setToolTip(name)",
        "QToolTip.showText(where, name, self)",
        "if role == Qt.ItemDataRole.ToolTipRole: value = name",
    ],
)
def test_the_lint_finds_it(source: str) -> None:
    """The guard can fail."""
    assert offences(source)


def test_a_hostile_name_stays_text(qtbot: QtBot, tmp_path: Path) -> None:
    """A label, a tooltip, a question and a field show a name that looks like markup as it is, and load nothing."""
    picture = tmp_path / "red.png"
    red = QPixmap(40, 40)
    red.fill(Qt.GlobalColor.red)
    red.save(str(picture))
    name = f"<img src='{picture}'><b>Ann</b>"
    parent = QWidget()
    qtbot.addWidget(parent)
    shown = safe.label(name, parent)
    assert shown.textFormat() is Qt.TextFormat.PlainText
    plain = QTextDocument()
    plain.setHtml(safe.tip_text(name))
    assert plain.toPlainText() == name
    box = safe.confirm(parent, name, go="Cancel appointment", stay="Keep it", then=lambda: None, details=name)
    asked = safe.ask_text(parent, name, lambda _text: None)
    labels = [*box.findChildren(QLabel), *asked.findChildren(QLabel)]
    assert {one.textFormat() for one in labels if name in one.text()} == {Qt.TextFormat.PlainText}
    box.close()
    asked.close()


def test_an_ampersand_is_kept_in_buttons() -> None:
    """Smith & Sons."""
    assert safe.doubled("Smith & Sons") == "Smith && Sons"


def test_control_characters_do_not_reach_a_field() -> None:
    """A tab becomes a blank, NUL goes."""
    assert safe.clean("A\tnn\x00\nB") == "A nn B"
