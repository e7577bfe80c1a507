"""Pictures of every screen for the README and the help: `python -m desktop.gui.pictures resources/help`.

They show the demo practice at nine on a Monday, so that anybody can draw the same ones.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from PySide6.QtCore import QSize
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.clinic.change import Actor
from desktop.clinic.moments import whole_day
from desktop.gui import start
from desktop.gui.desk import Desk
from desktop.gui.jobs import Jobs
from desktop.gui.modules import modules
from desktop.gui.palette import Scheme
from desktop.gui.screen import BESIDE, Place
from desktop.gui.window import Surroundings, Window
from desktop.office import access, referrals
from desktop.office.demo import DEMO_PASSPHRASE, DESK, demo_facts, fill
from desktop.records.store import Store
from desktop.settings import Settings

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
SMALL, LARGE = QSize(1366, 768), QSize(1920, 1080)


def main(argv: list[str] | None = None) -> int:
    """Draw the pictures into a folder; 0 when all were drawn."""
    parser = argparse.ArgumentParser(description="Draw a picture of every screen.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--scale", type=int, default=100, help="text size in percent")
    parser.add_argument("--size", choices=["small", "large"], default="small")
    chosen = parser.parse_args(argv)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication(sys.argv[:1])
    chosen.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as made, demo_store(Path(made) / "demo.handoff") as store:
        for scheme in (Scheme.LIGHT, Scheme.DARK):
            settings = Settings(scheme=scheme.value, text_percent=chosen.scale)
            draw(app, store, settings, SMALL if chosen.size == "small" else LARGE, chosen.folder)
    return 0


@contextmanager
def demo_store(path: Path) -> Iterator[Store]:
    """A clinic file with the demo practice of the pictures' day."""
    facts = demo_facts(today=TODAY)
    store, _recovery = access.new_clinic(
        path, user=DESK, name="Front desk", passphrase=DEMO_PASSPHRASE, practice=facts.practice, now=NOW
    )
    fill(store, Actor(user=DESK, now=NOW), facts)
    try:
        yield store
    finally:
        store.close()


def draw(app: QApplication, store: Store, settings: Settings, size: QSize, folder: Path) -> None:
    """Draw every screen in the settings' colors and text size."""
    start.clothe(app, settings)
    window = Window(
        Surroundings(
            clock=lambda: NOW,
            seconds=lambda: 0.0,
            demo=folder / "demo.handoff",
            settings=settings,
            keep=lambda _settings: None,
            dress=lambda _settings: None,
        )
    )
    window.resize(size)
    window.show()
    _keep(window, folder / f"unlock-{settings.scheme}.png")
    jobs = Jobs()
    desk = Desk(store, DESK, jobs, lambda: NOW)
    window.enter(desk)
    for module in modules():
        window.go(Place(screen=module.key, id=_shown(store, module.key)))
        _settle(jobs)
        _keep(window, folder / f"{module.key}-{settings.scheme}.png")
    window.go(Place(screen="calendar"))
    window.go(Place(screen=BESIDE, id=_shown(store, "match")))
    _settle(jobs)
    _keep(window, folder / f"calendar-match-{settings.scheme}.png")
    jobs.close()
    window.hide()
    window.deleteLater()


def _shown(store: Store, key: str) -> str:
    """The record that a screen shows in its picture."""
    actor = Actor(user=DESK, now=NOW)
    if key in ("referrals", "match"):
        lines = [one for one in referrals.worklist(store, actor) if one.referral.stage.value == "triaged"]
        return lines[0].referral.id
    with store.reading() as reader:
        if key == "clients":
            return next(one.id for one in reader.clients_matching("sch") if one.status == "active")
        if key == "letters":
            start, end = whole_day(TODAY + timedelta(days=1))
            return f"visit:{reader.visits(start, end)[0].id}"
    return ""


def _settle(jobs: Jobs) -> None:
    # What has been read may ask for more, so it must be quiet three times in a row.
    quiet = 0
    while quiet < 3:
        QTest.qWait(100)
        quiet = quiet + 1 if jobs.pending == 0 else 0


def _keep(window: Window, path: Path) -> None:
    QTest.qWait(20)
    window.grab().save(str(path))


if __name__ == "__main__":
    sys.exit(main())
