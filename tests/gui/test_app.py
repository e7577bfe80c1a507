"""The start: options, sentences for what is missing, and the check of an installation."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from desktop.gui import app


def test_options() -> None:
    """A clinic file and a user, or nothing."""
    options = app.parsed(["practice.handoff", "--user", "rosa"])
    assert (options.clinic, options.user, options.demo) == (Path("practice.handoff"), "rosa", False)
    assert app.parsed([]).clinic is None


def test_a_missing_library_names_the_packages(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One sentence on stderr and exit code 1, as on a bare Debian without libEGL."""

    class Bare:
        """Finds no Qt, as the loader without its libraries."""

        def find_spec(self, name: str, *_rest: object) -> None:
            """Fail as the loader does."""
            if name == "desktop.gui.start":
                raise ImportError("libEGL.so.1: cannot open shared object file: No such file or directory")

    monkeypatch.delitem(sys.modules, "desktop.gui.start", raising=False)
    monkeypatch.delattr("desktop.gui.start", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Bare(), *sys.meta_path])
    monkeypatch.setattr(sys, "platform", "linux")
    assert app.main([]) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "libEGL.so.1" in said
    for package in ("libegl1", "libgl1", "libxkbcommon0", "libdbus-1-3", "libfontconfig1", "libxcb-cursor0"):
        assert package in said


def test_no_display_ends_with_a_sentence(tmp_path: Path) -> None:
    """Exit code 1 and one sentence, where Qt alone would abort the process."""
    kept = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    run = subprocess.run(
        [sys.executable, "-m", "desktop.gui.app"],
        env={**kept, "QT_QPA_PLATFORM": "xcb", "HOME": str(tmp_path), "XDG_STATE_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 1, run.stderr
    assert "Warm Handoff cannot show its window" in run.stderr
    assert "Traceback" not in run.stderr


def test_self_check_passes(tmp_path: Path) -> None:
    """The installation that runs the tests can show its window."""
    run = subprocess.run(
        [sys.executable, "-m", "desktop.gui.app", "--self-check"],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "HOME": str(tmp_path), "XDG_STATE_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 0, run.stderr
