"""People on record: add and change clients, and say whether a therapist takes new clients."""

from __future__ import annotations

from dataclasses import replace
from gettext import gettext as _

from desktop.clinic.change import Actor
from desktop.clinic.clients import Client
from desktop.clinic.people import TherapistId
from desktop.clinic.therapists import Therapist
from desktop.office.directory import save_client
from desktop.records.store import Store


def add_client(store: Store, actor: Actor, client: Client) -> Client:
    """Put a new client on record, in one step that can be undone; see `directory.save_client`."""
    return save_client(store, actor, None, client)


def change_client(store: Store, actor: Actor, before: Client, after: Client) -> Client:
    """Put the client's changed facts on record, in one step that can be undone; see `directory.save_client`."""
    return save_client(store, actor, before, after)


def set_accepting(store: Store, actor: Actor, therapist_id: TherapistId, *, accepting: bool) -> Therapist:
    """Say whether the therapist takes new clients, in one step that can be undone."""
    label = _("Take new clients") if accepting else _("Take no new clients")
    with store.writing(actor, label) as writer:
        before = writer.get(Therapist, therapist_id)
        after = replace(before, accepting=accepting)
        if after != before:
            writer.replace(before, after)
        return after
