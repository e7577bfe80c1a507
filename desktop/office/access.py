"""Access: make a clinic file, unlock it, and say who else may."""

from __future__ import annotations

from datetime import datetime
from gettext import gettext as _
from pathlib import Path

from desktop.clinic.change import Actor, UserId
from desktop.clinic.errors import AlreadyThere, BadInput, CannotOpen, NotAllowed, WrongPassphrase
from desktop.clinic.practice import Practice
from desktop.clinic.staff import Staff, StaffRole
from desktop.records import vault
from desktop.records.backup import back_up
from desktop.records.passphrase import fit
from desktop.records.store import Store, create_store, open_store
from desktop.records.vault import Cost

SUFFIX = ".handoff"


def new_clinic(
    path: Path,
    *,
    user: UserId,
    name: str,
    passphrase: str,
    practice: Practice,
    now: datetime,
    cost: Cost | None = None,
) -> tuple[Store, str]:
    """Make a clinic file with its first administrator; return it open, and the recovery key to print once.

    Raises AlreadyThere, CannotOpen, and BadInput when the passphrase is too short or the file name does not end in .handoff.
    """
    if path.suffix != SUFFIX:
        raise BadInput("file", _("the name of a clinic file ends in .handoff."))
    if path.exists() or vault.key_file(path).exists():
        raise AlreadyThere
    key, recovery = vault.new_keys(path, user, passphrase, cost=cost)
    try:
        store = create_store(path, key)
    except BaseException:
        vault.key_file(path).unlink(missing_ok=True)
        raise
    with store.writing(Actor(user=user, now=now), _("Make clinic file")) as writer:
        writer.add_all([practice, Staff(id=user, name=name, role=StaffRole.ADMINISTRATOR)])
    return store, recovery


def unlock(path: Path, user: UserId, passphrase: str, *, now: datetime) -> Store:
    """Open a clinic file with a user's passphrase; who opened it stands in the audit.

    Raises WrongPassphrase, KeysMissing, NotAClinicFile, NewerThanProgram, CannotOpen.
    """
    return unlock_with_key(path, data_key(path, user, passphrase), user, now=now)


def data_key(path: Path, user: UserId, passphrase: str) -> bytes:
    """The data key by a user's passphrase: the slow half of unlocking.

    Raises as `unlock` does.
    """
    _find(path)
    return vault.unwrap(path, user, passphrase)


def unlock_with_key(path: Path, key: bytes, user: UserId, *, now: datetime) -> Store:
    """Open a clinic file with its data key: the fast half of unlocking; a file of an older program is saved and upgraded.

    Raises NotAClinicFile, NewerThanProgram, CannotOpen, and WrongPassphrase when the user has left the practice.
    """
    return _opened(path, key, Actor(user=user, now=now), _("Unlock"))


def recover(
    path: Path, recovery: str, *, user: UserId, passphrase: str, now: datetime, cost: Cost | None = None
) -> Store:
    """Open a clinic file with the recovery key and give one of its users a new passphrase; both stand in the audit.

    Raises BadInput when the recovery key was mistyped or the passphrase is too short, WrongPassphrase for another file's
    key or somebody who is no user, and what `unlock` raises.
    """
    _find(path)
    key = vault.unwrap_with_recovery(path, recovery)
    fit(passphrase, user)
    actor = Actor(user=user, now=now)
    store = _opened(path, key, actor, _("Unlock with the recovery key"))
    try:
        _set_passphrase(store, actor, key, passphrase, cost)
    except BaseException:
        store.close()
        raise
    return store


def change_passphrase(store: Store, actor: Actor, old: str, new: str, *, cost: Cost | None = None) -> None:
    """Give the acting user a new passphrase; the clinic file itself does not change but for the audit.

    Raises WrongPassphrase when the old one is not right, BadInput when the new one is too short.
    """
    _set_passphrase(store, actor, vault.unwrap(store.path, actor.user, old), new, cost)


def add_user(
    store: Store, actor: Actor, own_passphrase: str, person: Staff, passphrase: str, *, cost: Cost | None = None
) -> None:
    """Let another person unlock the clinic file; the acting administrator's own passphrase is asked again.

    Raises NotAllowed when the acting user is no administrator, WrongPassphrase, BadInput when the new passphrase is too
    short, AlreadyThere when there is such a user.
    """
    key = vault.unwrap(store.path, actor.user, own_passphrase)
    with store.writing(actor, _("Add user")) as writer:
        acting = writer.find(Staff, actor.user)
        if acting is None or acting.role is not StaffRole.ADMINISTRATOR:
            raise NotAllowed
        known = writer.find(Staff, person.id)
        if person.id in vault.users(store.path):
            raise AlreadyThere(_("There is already somebody of that name; choose another name to unlock with."))
        if known is None:
            writer.add(person)
        elif known != person:
            writer.replace(known, person)
        writer.record(_("Add user"), record=person.id)
        vault.set_passphrase(store.path, key, person.id, passphrase, cost=cost)


def _find(path: Path) -> None:
    if not path.is_file():
        raise CannotOpen(_("There is no file at that place; check the name and whether the drive is connected."))


def _opened(path: Path, key: bytes, actor: Actor, label: str) -> Store:
    def save(store: Store) -> None:
        back_up(store, key, path.with_name(f"{path.stem}-{actor.now:%Y%m%d-%H%M%S}{SUFFIX}"))

    store = open_store(path, key, before_upgrade=save)
    try:
        with store.writing(actor, label) as writer:
            person = writer.find(Staff, actor.user)
            if person is None or person.retired:
                raise WrongPassphrase
            writer.record(label)
    except BaseException:
        store.close()
        raise
    return store


def _set_passphrase(store: Store, actor: Actor, key: bytes, passphrase: str, cost: Cost | None) -> None:
    # The key file is written last in the transaction, so that no passphrase changes without its audit row.
    with store.writing(actor, _("Change passphrase")) as writer:
        writer.record(_("Change passphrase"))
        vault.set_passphrase(store.path, key, actor.user, passphrase, cost=cost)


def users(path: Path) -> tuple[UserId, ...]:
    """Who can unlock the clinic file, by name.

    Raises KeysMissing, NotAClinicFile.
    """
    return vault.users(path)
