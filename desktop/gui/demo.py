"""The demo clinic: opened when it is there, else made of invented people."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.clinic.change import Actor, UserId
from desktop.clinic.moments import local_date

if TYPE_CHECKING:
    from desktop.records.store import Store

PASSPHRASE = "warm-handoff demo"  # noqa: S105 - everybody in it is invented


def opened(path: Path, moment: datetime) -> tuple[Store, UserId]:
    """The store of the demo clinic at that path and its user; the first time the clinic is made there, as of `moment`."""
    from desktop.office import access
    from desktop.office.demo import DESK, demo_facts, fill

    user = UserId(str(DESK))
    if path.exists():
        return access.unlock(path, user, PASSPHRASE, now=moment), user
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    facts = demo_facts(today=local_date(moment))
    store, _recovery = access.new_clinic(
        path, user=user, name="Front desk", passphrase=PASSPHRASE, practice=facts.practice, now=moment
    )
    fill(store, Actor(user=user, now=moment), facts)
    return store, user
