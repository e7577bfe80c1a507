"""This computer's settings survive a damaged file and say nothing about clients."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from desktop import settings
from desktop.settings import Settings


def test_what_was_saved_is_loaded(tmp_path: Path) -> None:
    """All of it, from a file that only this user can read."""
    path = tmp_path / "deep" / "settings.json"
    chosen = Settings(scheme="dark", text_percent=150, idle_minutes=10).opened(tmp_path / "a.handoff", "rosa")
    settings.save(path, chosen)
    assert settings.load(path) == chosen
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"scheme": 5, "recent": "x", "text_percent": "big"}', '{"scheme": "pink"}']
)
def test_a_damaged_file_is_the_usual_settings(tmp_path: Path, text: str) -> None:
    """The window opens in any case."""
    path = tmp_path / "settings.json"
    path.write_text(text, encoding="utf-8")
    assert settings.load(path) == Settings()
    assert settings.load(tmp_path / "none.json") == Settings()


def test_numbers_stay_within_their_limits(tmp_path: Path) -> None:
    """The idle lock cannot be switched off, and text can always be read."""
    path = tmp_path / "settings.json"
    path.write_text(json.dumps({"idle_minutes": 0, "text_percent": 900}), encoding="utf-8")
    assert (settings.load(path).idle_minutes, settings.load(path).text_percent) == (1, 200)
    path.write_text(json.dumps({"idle_minutes": 600, "text_percent": 5}), encoding="utf-8")
    assert (settings.load(path).idle_minutes, settings.load(path).text_percent) == (15, 100)


def test_the_latest_file_is_first_and_once(tmp_path: Path) -> None:
    """At most eight files are remembered."""
    chosen = Settings()
    for name in [*"abcdefghij", "i"]:
        chosen = chosen.opened(tmp_path / f"{name}.handoff", "rosa")
    assert [Path(one).stem for one in chosen.recent] == ["i", "j", "h", "g", "f", "e", "d", "c"]
