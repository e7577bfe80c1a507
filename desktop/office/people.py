"""People on record: add and change clients, and say whether a therapist takes new clients."""

from __future__ import annotations

from dataclasses import replace
from gettext import gettext as _

from desktop.clinic.change import Actor
from desktop.clinic.clients import Client
from desktop.clinic.errors import BadInput
from desktop.clinic.moments import local_date
from desktop.clinic.people import TherapistId
from desktop.clinic.therapists import Therapist
from desktop.records.store import Store


def add_client(store: Store, actor: Actor, client: Client) -> Client:
    """Put a new client on record, in one step that can be undone.

    Raises BadInput when the birth date is later than today in New York.
    """
    _refuse_unborn(client, actor)
    with store.writing(actor, _("Add client")) as writer:
        writer.add(client)
        return client


def change_client(store: Store, actor: Actor, before: Client, after: Client) -> Client:
    """Put the client's changed facts on record, in one step that can be undone.

    Raises Stale when somebody else changed the client since `before` was read, BadInput for a birth date after today.
    """
    _refuse_unborn(after, actor)
    with store.writing(actor, _("Change client")) as writer:
        writer.replace(before, after)
        return after


def set_accepting(store: Store, actor: Actor, therapist_id: TherapistId, *, accepting: bool) -> Therapist:
    """Say whether the therapist takes new clients, in one step that can be undone."""
    label = _("Take new clients") if accepting else _("Take no new clients")
    with store.writing(actor, label) as writer:
        before = writer.get(Therapist, therapist_id)
        after = replace(before, accepting=accepting)
        if after != before:
            writer.replace(before, after)
        return after


def _refuse_unborn(client: Client, actor: Actor) -> None:
    if client.birth_date > local_date(actor.now):
        raise BadInput("birth_date", _("the birth date lies after today; check the year."))
