"""Matching: answer a referral, or any request, for every therapist of the practice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from gettext import gettext as _

from desktop.clinic.change import Actor
from desktop.clinic.clients import Client
from desktop.clinic.errors import BadInput
from desktop.clinic.facts import Facts
from desktop.clinic.matching import Match, match
from desktop.clinic.near_misses import NearMiss, Relaxation, near_misses, relaxations
from desktop.clinic.pathway import Pathway
from desktop.clinic.practice import Group, Practice, Room, Site
from desktop.clinic.referral import Referral, ReferralId
from desktop.clinic.requests import Request
from desktop.clinic.schedule import Period
from desktop.clinic.services import Service
from desktop.clinic.therapists import Therapist
from desktop.office.rulebook import rulebook
from desktop.records.store import Reader, Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearness:
    """What would help: for an excluded therapist the one change that does, and changes of the request, best first."""

    misses: tuple[NearMiss, ...]
    relaxations: tuple[Relaxation, ...]


def match_referral(store: Store, actor: Actor, referral_id: ReferralId) -> Match:
    """Every therapist once, for the referral: eligible with points, or excluded with every failed rule.

    Raises BadInput when the referral does not say what is asked for (an outgoing one never does).
    """
    with store.reading() as reader:
        referral = reader.get(Referral, referral_id)
        if referral.request is None:
            raise BadInput("request", _("say first which service the client asks for."))
        return answered(reader, actor, referral.request)


def nearness(store: Store, actor: Actor, referral_id: ReferralId) -> Nearness:
    """What would let excluded therapists see the referral's client; tried out by matching again, nothing is changed.

    Raises BadInput when the referral does not say what is asked for.
    """
    with store.reading() as reader:
        request = reader.get(Referral, referral_id).request
        if request is None:
            raise BadInput("request", _("say first which service the client asks for."))

        def taken(ids: Iterable[str], start: datetime, end: datetime) -> Mapping[str, Sequence[Period]]:
            return reader.taken(start, end, ids)

        facts, rules, loads = _roster(reader, request), rulebook(reader), reader.caseloads()
        found = match(request, facts, rules, actor.now, taken, caseloads=loads)
        return Nearness(
            misses=near_misses(found, request, facts, rules, actor.now, taken, caseloads=loads),
            relaxations=relaxations(found, request, facts, rules, actor.now, taken, caseloads=loads),
        )


def match_request(store: Store, actor: Actor, request: Request) -> Match:
    """The same for a request that is not yet a referral, while the caller is on the phone."""
    with store.reading() as reader:
        return answered(reader, actor, request)


def answered(reader: Reader, actor: Actor, request: Request) -> Match:
    """Ask the matching with the roster, the client and the times that are really taken."""

    def taken(ids: Iterable[str], start: datetime, end: datetime) -> Mapping[str, Sequence[Period]]:
        return reader.taken(start, end, ids)

    return match(request, _roster(reader, request), rulebook(reader), actor.now, taken, caseloads=reader.caseloads())


def _roster(reader: Reader, request: Request) -> Facts:
    clients = reader.many(Client, () if request.client is None else (request.client,))
    relatives = reader.many(Client, {one.client for client in clients for one in client.relations})
    people = {one.id: one for one in (*clients, *relatives)}
    return Facts(
        practice=reader.get(Practice, "practice"),
        sites=reader.all(Site),
        rooms=reader.all(Room),
        services=reader.all(Service),
        groups=reader.all(Group),
        therapists=reader.all(Therapist),
        clients=tuple(people.values()),
        visits=tuple({one.id: one for key in people for one in reader.visits_of(key)}.values()),
        pathways=tuple(one for one in reader.all(Pathway) if one.client in people),
    )
