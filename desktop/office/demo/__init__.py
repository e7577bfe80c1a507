"""The invented practice of the demo, the tests and the screenshots: the same seed and day give the same practice.

Every person in it is invented. `size` repeats the practice with other people, for measurements.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from gettext import gettext as _
from random import Random
from typing import TYPE_CHECKING

from desktop.clinic.change import Actor
from desktop.clinic.facts import Facts
from desktop.clinic.practice import Practice
from desktop.clinic.staff import Staff
from desktop.office.demo.arrivals import demo_referrals_csv
from desktop.office.demo.intensives import intensives
from desktop.office.demo.journeys import DESK, journeys
from desktop.office.demo.pathways import courses
from desktop.office.demo.persons import persons
from desktop.office.demo.place import NAME, branch, practice, referrers, services
from desktop.office.demo.staff import therapists
from desktop.office.demo.waitlist import waitlist
from desktop.office.demo.week import plan
from desktop.office.demo.year import carry, year_around

if TYPE_CHECKING:  # so that the rules' tests and benchmarks do not load a database
    from desktop.records.store import Reader, Store

__all__ = ["DEMO_PASSPHRASE", "DESK", "demo_facts", "demo_referrals_csv", "fill", "is_demo"]

DEMO_PASSPHRASE = "warm-handoff demo"  # noqa: S105 - everybody in it is invented

CHUNK = 2000


def demo_facts(*, seed: int = 1, size: int = 1, today: date) -> Facts:
    """The practice on that day, with a year of visits around it; nothing in it depends on the clock.

    `size` is the number of times that 25 therapists, 900 clients, 12 rooms and their visits are there.
    """
    parts = [_part(seed, number, today) for number in range(size)]
    return Facts(
        practice=practice(today),
        sites=tuple(site for part in parts for site in part.sites),
        rooms=tuple(room for part in parts for room in part.rooms),
        services=services(),
        groups=tuple(group for part in parts for group in part.groups),
        therapists=tuple(one for part in parts for one in part.therapists),
        clients=tuple(one for part in parts for one in part.clients),
        referrers=tuple(one for part in parts for one in part.referrers),
        referrals=tuple(one for part in parts for one in part.referrals),
        visits=tuple(sorted((one for part in parts for one in part.visits), key=lambda visit: (visit.start, visit.id))),
        pathways=tuple(one for part in parts for one in part.pathways),
        waiting=tuple(one for part in parts for one in part.waiting),
    )


def fill(store: Store, actor: Actor, facts: Facts, progress: Callable[[int, int], None] | None = None) -> None:
    """Put the practice into a clinic file in one step that can be undone; the clinic's own letterhead is replaced.

    `progress` is told how many of how many records are in, and may raise Canceled; then nothing was changed.
    """
    values = tuple(_values(facts))
    with store.writing(actor, _("Fill demo practice")) as writer:
        before = writer.find(Practice, "practice")
        if before is None:
            writer.add(facts.practice)
        else:
            writer.replace(before, facts.practice)
        if writer.find(Staff, DESK) is None:
            writer.add(Staff(id=DESK, name="Front desk"))
        for done in range(0, len(values), CHUNK):
            writer.add_all(values[done : done + CHUNK])
            if progress is not None:
                progress(min(done + CHUNK, len(values)), len(values))


def is_demo(reader: Reader) -> bool:
    """Whether the clinic file holds the invented practice."""
    found = reader.find(Practice, "practice")
    return found is not None and found.name == NAME


def _part(seed: int, number: int, today: date) -> Facts:
    rng = Random(f"{seed}/{number}")  # noqa: S311 - invented people, no secrets
    place = branch(number)
    staff = therapists(place, rng, today)
    others = referrers(number, rng)
    year = year_around(today, f"{number + 1:03}-", rng, practice(today), staff)
    made = plan(
        place, rng, today, year.last, {one.id: one for one in services()}, staff, persons(place, rng, today, others)
    )
    for series in made.series:
        carry(year, series)
    pathways = courses(made, year)
    intensives(made, year)
    referrals = journeys(made, year, others)
    clients = {one.client.id: one.client for one in made.persons.values()}
    return Facts(
        sites=tuple(place.sites.values()),
        rooms=place.rooms,
        groups=tuple(made.groups),
        therapists=staff,
        clients=tuple(clients.values()),
        referrers=others,
        referrals=referrals,
        visits=tuple(year.visits),
        pathways=pathways,
        waiting=waitlist(Random(f"{seed}/{number}/waiting"), number, today, clients, referrals),  # noqa: S311
    )


def _values(facts: Facts) -> Iterator[object]:
    yield from (*facts.sites, *facts.rooms, *facts.services, *facts.therapists, *facts.groups, *facts.referrers)
    yield from (*facts.clients, *facts.visits, *facts.pathways, *facts.referrals, *facts.waiting)
    yield from (*facts.offers, *facts.rules)
