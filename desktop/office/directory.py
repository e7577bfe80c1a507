"""The directory: keep therapists, clients and pathways, and judge the visits that a change concerns in the same step."""

from __future__ import annotations

from dataclasses import replace
from gettext import gettext as _

from desktop.clinic.change import Actor
from desktop.clinic.clients import Client, Relation
from desktop.clinic.errors import BadInput
from desktop.clinic.moments import local_date
from desktop.clinic.pathway import Pathway
from desktop.clinic.people import ClientId
from desktop.clinic.therapists import Therapist
from desktop.office import upkeep
from desktop.records.store import Store, Writer


def save_therapist(store: Store, actor: Actor, before: Therapist | None, after: Therapist) -> Therapist:
    """Keep a new or changed therapist, and re-check their planned visits and those of whom they supervise.

    Raises Stale when somebody else changed the record since `before` was read, BadInput for another id.
    """
    with store.writing(actor, _("Add therapist") if before is None else _("Change therapist")) as writer:
        _keep(writer, before, after)
        if before is not None:
            upkeep.of_therapists(writer, actor, (after.id,))
    return after


def save_client(store: Store, actor: Actor, before: Client | None, after: Client) -> Client:
    """Keep a new or changed client and the other side of their relations, and re-check the visits of all of them.

    Raises Stale when somebody else changed a record since `before` was read; BadInput for another id, for a birth date
    after today in New York, and for a relation to themselves or to somebody who is not on record.
    """
    if after.birth_date > local_date(actor.now):
        raise BadInput("birth_date", _("the birth date lies after today; check the year."))
    with store.writing(actor, _("Add client") if before is None else _("Change client")) as writer:
        _keep(writer, before, after)
        touched = _mirror(writer, before, after)
        upkeep.of_clients(writer, actor, {after.id, *touched})
    return after


def save_pathway(store: Store, actor: Actor, before: Pathway | None, after: Pathway) -> Pathway:
    """Keep a new or changed pathway with its flags, readings and clearances, and re-check its client's visits.

    Raises Stale when somebody else changed the record since `before` was read, BadInput for another id.
    """
    with store.writing(actor, _("Add pathway") if before is None else _("Change pathway")) as writer:
        writer.get(Client, after.client)
        _keep(writer, before, after)
        upkeep.of_clients(writer, actor, {after.client} if before is None else {before.client, after.client})
    return after


def _keep(writer: Writer, before: Therapist | Client | Pathway | None, after: Therapist | Client | Pathway) -> None:
    if before is None:
        writer.add(after)
        return
    if before.id != after.id:
        raise BadInput("id", _("the id of a record stays the same."))
    if before != after:
        writer.replace(before, after)


def _mirror(writer: Writer, before: Client | None, after: Client) -> set[ClientId]:
    """Write the relations on the other clients' records too; the clients who are or were close."""
    old = {} if before is None else {one.client: one.kind for one in before.relations}
    new = {one.client: one.kind for one in after.relations}
    if after.id in new:
        raise BadInput("relations", _("a client cannot be related to themselves."))
    others = {one.id: one for one in writer.many(Client, {*old, *new})}
    if new.keys() - others.keys():
        raise BadInput("relations", _("the related client is not on record; add them first."))
    for key, other in others.items():
        kept = tuple(one for one in other.relations if one.client != after.id)
        mirrored = (*kept, Relation(client=after.id, kind=new[key])) if key in new else kept
        # The same relations in another order are no change.
        if set(mirrored) != set(other.relations):
            writer.replace(other, replace(other, relations=mirrored))
    return {*others}
