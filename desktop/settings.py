"""This computer's settings, declared once for the window and the terminal; nothing about any client is kept here."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

from platformdirs import user_config_path, user_data_path, user_log_path

_NAME = "warm-handoff"
_RECENT = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How the window looks and what it opened last.

    `scheme` is system, light, dark or contrast; `text_percent` the size of text, 100 to 200;
    `idle_minutes` how long nobody touches the window before it locks, 1 to 15.
    """

    scheme: str = "system"
    text_percent: int = 100
    idle_minutes: int = 5
    recent: tuple[str, ...] = ()
    last_user: str = ""

    def opened(self, path: Path, user: str) -> Settings:
        """The same after that clinic file was opened by that user; the latest file is first."""
        name = str(path.resolve())
        rest = tuple(one for one in self.recent if one != name)
        return replace(self, recent=(name, *rest)[:_RECENT], last_user=user)


def settings_file() -> Path:
    """Where this user's settings are kept on this computer."""
    return user_config_path(_NAME, appauthor=False) / "settings.json"


def data_folder() -> Path:
    """Where the demo clinic is kept on this computer."""
    return user_data_path(_NAME, appauthor=False)


def log_folder() -> Path:
    """Where reports of failures are kept on this computer."""
    return user_log_path(_NAME, appauthor=False)


def load(path: Path) -> Settings:
    """The settings of that file; the usual ones for whatever is missing or makes no sense."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return Settings()
    if not isinstance(data, dict):
        return Settings()
    usual = asdict(Settings())
    known = {field.name: data[field.name] for field in fields(Settings) if field.name in data}
    kept = {name: value for name, value in known.items() if name != "recent" and type(value) is type(usual[name])}
    recent = known.get("recent", ())
    names = tuple(one for one in recent if isinstance(one, str)) if isinstance(recent, list) else ()
    found = Settings(**kept, recent=names[:_RECENT])
    return replace(
        found,
        scheme=found.scheme if found.scheme in ("system", "light", "dark", "contrast") else "system",
        text_percent=min(max(found.text_percent, 100), 200),
        idle_minutes=min(max(found.idle_minutes, 1), 15),
    )


def save(path: Path, settings: Settings) -> None:
    """Write the settings, readable by this user only."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(asdict(settings), file, indent=1)
    part.replace(path)
