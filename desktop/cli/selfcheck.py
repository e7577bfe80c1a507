"""`--self-check`: prove from a checkout, a wheel or a bundle that everything the program needs is found and works."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from gettext import gettext as _
from pathlib import Path

from desktop import __version__, resource
from desktop.cli.output import screen, table, words
from desktop.clinic.errors import ClinicError


def self_check() -> int:
    """Try every part and print what was found; 0 when all of it works, 1 otherwise."""
    rows, sound = [], True
    for name, proof in PROOFS.items():
        try:
            rows.append((words("ok", "green"), name, proof()))
        except (ClinicError, OSError, ImportError, ValueError, LookupError, AssertionError) as error:
            rows.append((words(_("missing"), "bold red"), name, f"{type(error).__name__}: {error}"))
            sound = False
    screen().print(table(f"warm-handoff {__version__}", ("", _("Part"), _("Found")), rows))
    return 0 if sound else 1


def _resources() -> str:
    folders = ("icons", "styles", "fonts", "letters", "rules", "demo", "passphrases")
    counts = {name: sum(1 for one in resource(name).iterdir() if one.is_file()) for name in folders}
    empty = [name for name, count in counts.items() if not count]
    if empty:
        raise FileNotFoundError(", ".join(empty))
    return ", ".join(f"{name} {count}" for name, count in counts.items())


def _rules() -> str:
    from desktop.office.rulebook import shipped_rules

    facts = list(shipped_rules())
    if not facts:
        raise LookupError("rules")
    return _("{n} entries, last verified {day}").format(n=len(facts), day=max(one.verified_on for one in facts))


def _zones() -> str:
    from desktop.clinic.moments import instant, local

    summer = instant(date(2027, 7, 1), datetime(2027, 7, 1, 12).time())  # noqa: DTZ001 - a wall-clock time
    return f"{summer:%H:%M} UTC = {local(summer):%H:%M %Z}"


def _fonts() -> str:
    from desktop.documents import fonts

    missing = fonts.unprintable("Siobhán Łukasz Щукина Ελένη עדי محمد")
    if missing:
        raise LookupError(" ".join(missing))
    han = fonts.unprintable("王")
    return _("Latin, Cyrillic, Greek, Hebrew, Arabic") + (
        _("; no Chinese font on this computer") if han else _(", Chinese")
    )


def _schema() -> str:
    from desktop.documents.schema import schema, validator

    validator()
    return _("version {n}").format(n=schema()["version"])


def _cipher() -> str:
    from desktop.clinic.change import UserId
    from desktop.clinic.practice import Practice
    from desktop.office import access

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "self-check.handoff"
        now = datetime.now(UTC)
        practice = Practice(name="Self check")
        user = UserId("desk")
        store, _recovery = access.new_clinic(
            path,
            user=user,
            name="Desk",
            passphrase="self check only",  # noqa: S106 - of a file that is thrown away
            practice=practice,
            now=now,
        )
        store.close()
        store = access.unlock(path, user, "self check only", now=now)
        try:
            with store.reading() as reader:
                assert reader.get(Practice, "practice") == practice  # noqa: S101 - this is the proof
            problems = store.problems()
        finally:
            store.close()
        if problems or path.read_bytes()[:6] == b"SQLite":
            raise ValueError("; ".join(problems) or "not encrypted")
    return _("created, migrated, encrypted, opened again")


PROOFS: dict[str, Callable[[], str]] = {
    "resources": _resources,
    "rules": _rules,
    "time zones": _zones,
    "fonts": _fonts,
    "schema": _schema,
    "clinic file": _cipher,
}
