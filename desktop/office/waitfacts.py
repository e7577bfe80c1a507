"""The facts that the rules ask about for people on the waitlist, and the times that are taken."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from operator import itemgetter

from desktop.clinic.clients import Client
from desktop.clinic.facts import Facts
from desktop.clinic.pathway import Pathway
from desktop.clinic.practice import Group, Practice, Room, Site
from desktop.clinic.schedule import Period, Taken
from desktop.clinic.services import Service
from desktop.clinic.therapists import Therapist
from desktop.clinic.waiting import Waiting
from desktop.records.store import Reader

_EVER = (datetime(1970, 1, 2, tzinfo=UTC), datetime(2199, 12, 31, tzinfo=UTC))
_LONGEST = timedelta(days=1)
_START = itemgetter(0)


def everything_about(reader: Reader, entries: Iterable[Waiting]) -> Facts:
    """The roster, the waiting clients with everybody close to them, and their visits and pathways.

    Clients whose own record names a waiting client are among those close to them.
    """
    wanted = {one.client for one in entries}
    clients = reader.all(Client)
    named = {one.client for client in clients if client.id in wanted for one in client.relations}
    close = [
        one
        for one in clients
        if one.id in wanted or one.id in named or any(each.client in wanted for each in one.relations)
    ]
    people = {one.id for one in close}
    return Facts(
        practice=reader.get(Practice, "practice"),
        sites=reader.all(Site),
        rooms=reader.all(Room),
        services=reader.all(Service),
        groups=reader.all(Group),
        therapists=reader.all(Therapist),
        clients=tuple(close),
        visits=reader.visits(*_EVER, clients=people) if people else (),
        pathways=tuple(one for one in reader.all(Pathway) if one.client in people),
    )


def taken_by(
    reader: Reader, facts: Facts | None = None, start: datetime | None = None, end: datetime | None = None
) -> Taken:
    """What is taken, asked of the clinic file each time; or read once for everybody in the facts between two instants.

    Outside those instants nothing is known to be taken then.
    """

    def asked(ids: Iterable[str], first: datetime, last: datetime) -> Mapping[str, Sequence[Period]]:
        return reader.taken(first, last, ids)

    if facts is None or start is None or end is None:
        return asked
    everyone = [one.id for kind in (facts.therapists, facts.rooms, facts.clients) for one in kind]
    found = reader.taken(start - _LONGEST, end + _LONGEST, everyone)
    times = {key: sorted(periods) for key, periods in found.items()}

    def kept(ids: Iterable[str], first: datetime, last: datetime) -> Mapping[str, Sequence[Period]]:
        return {key: _within(times.get(key, ()), first, last) for key in ids}

    return kept


def _within(periods: Sequence[Period], first: datetime, last: datetime) -> list[Period]:
    low = bisect_left(periods, first - _LONGEST, key=_START)
    high = bisect_left(periods, last, key=_START)
    return [one for one in periods[low:high] if first < one.end]
