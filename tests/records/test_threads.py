"""Several threads at one clinic file: nothing is lost, nothing is booked twice."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier

from desktop.clinic.clients import Client
from desktop.clinic.visits import Visit
from desktop.records.store import Store, open_store
from tests.conftest import ROSA
from tests.records.samples import INTAKE, NOON, client_of, kept, visit_of

DESKS, TURNS = 6, 15


def _all_at_once(work: Callable[[int], int]) -> list[int]:
    """Let every desk begin at the same moment; what each returned."""
    ready = Barrier(DESKS)

    def begin(desk: int) -> int:
        ready.wait()
        return work(desk)

    with ThreadPoolExecutor(DESKS) as desks:
        return list(desks.map(begin, range(DESKS)))


def test_writers_wait_for_each_other_and_lose_nothing(store: Store) -> None:
    """Every acknowledged change is there, and the audit is one unbroken chain."""

    def work(desk: int) -> int:
        for turn in range(TURNS):
            kept(store, client_of(desk * TURNS + turn))
            with store.reading() as reader:
                assert reader.count(Client) > turn
        return TURNS

    assert sum(_all_at_once(work)) == DESKS * TURNS
    with store.reading() as reader:
        assert reader.count(Client) == DESKS * TURNS
    assert store.problems() == ()


def test_one_time_is_given_to_one_of_many_who_ask_at_once(store: Store, blank_file: tuple[Path, bytes]) -> None:
    """Who looks and books in one transaction cannot be overtaken, in this program or in another one."""
    kept(store, INTAKE)
    other = open_store(store.path, blank_file[1])

    def work(desk: int) -> int:
        won = 0
        for turn in range(TURNS):
            start = NOON + timedelta(hours=2 * turn)
            with (store if desk % 2 else other).writing(ROSA, "Book") as writer:
                if not writer.taken(start, start + timedelta(hours=1), ["t1"])["t1"]:
                    writer.add(visit_of(desk * TURNS + turn, start))
                    won += 1
        return won

    assert sum(_all_at_once(work)) == TURNS
    other.close()
    with store.reading() as reader:
        assert reader.count(Visit) == TURNS
