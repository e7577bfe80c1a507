"""Clients to places, as many and as well as can be: an exact assignment by shortest augmenting paths.

It is a minimum-cost flow from clients to places whose prices rise with every further client. Clients come in one by
one; each takes the cheapest way to a free place, possibly moving others over. Reduced costs stay non-negative, so that
Dijkstra finds the way (Edmonds and Karp 1972; Tomizawa 1971); the result after each client is the best for all so far.
When a pair turns out to be closed, the place that this frees is filled again in the same manner.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from heapq import heapify, heappop, heappush
from typing import NamedTuple

Gains = Sequence[Mapping[int, int]]
"""For each client what each place would gain; a place that is not named is closed to them."""

Prices = Sequence[Sequence[int]]
"""For each place what its first, second, ... client costs; as many as it takes, never falling, the first not below 0."""


def assign(gains: Gains, prices: Prices) -> list[int | None]:
    """The place of each client, or None, so that gains less prices are as high as any assignment can make them.

    Gains are whole numbers; one of 0 or less is never worth a place. The answer is the same for the same input.
    """
    return Assigner(gains, prices).places


_OUTSIDE = -1


class _Way(NamedTuple):
    """The cheapest way found so far: what it costs, its last place, and whether somebody there gives up their place.

    No place means that the client who comes in finds none.
    """

    cost: int
    place: int | None
    leaves: bool = False


class Assigner:
    """The assignment so far, with potentials: no step between two places costs less than the difference of theirs."""

    def __init__(self, gains: Gains, prices: Prices) -> None:
        """Let the clients in one by one; see `assign`."""
        self.places: list[int | None] = [None] * len(gains)
        self._gains = [dict(some) for some in gains]
        self._prices = prices
        self._potential = [0] * len(prices)
        self._holders: list[list[int]] = [[] for _ in prices]
        # What it gains at most that one of a place's holders moves to each other place; and what it costs at least to give it up.
        self._moving: list[dict[int, int]] = [{} for _ in prices]
        self._leaving: list[int] = [0] * len(prices)
        for client in range(len(gains)):
            self._admit(client)

    def close(self, client: int, place: int) -> None:
        """Close a place to a client; the assignment is then the best of all that are left."""
        if self.places[client] == place:
            self._take_out(client)
            del self._gains[client][place]
            self._fill(place, client)
            self._admit(client)
        elif place in self._gains[client]:
            del self._gains[client][place]
            held = self.places[client]
            if held is not None:
                self._measure(held)

    def _admit(self, client: int) -> None:
        """Give the client a place if that pays, moving over or out whoever has to."""
        gains = self._gains[client]
        if not gains:
            return
        before: dict[int, int] = {}
        settled: dict[int, int] = {}
        way = self._cheapest(gains, before, settled)
        for place, far in settled.items():
            if far < way.cost:
                self._potential[place] += far - way.cost
        if way.place is not None:
            self._go(client, way.place, way.leaves, before)

    def _cheapest(self, gains: Mapping[int, int], before: dict[int, int], settled: dict[int, int]) -> _Way:
        """Dijkstra from a client who comes in; notes from which place each was reached, and how far the settled are."""
        potential = self._potential
        base = max(0, max(potential[place] + gain for place, gain in gains.items()))
        way = _Way(base, None)
        known = [base] * len(potential)
        queue: list[tuple[int, int]] = []
        self._reach(gains, _OUTSIDE, base, known, before, queue)
        while queue:
            far, place = heappop(queue)
            if far >= way.cost:
                break
            if far > known[place]:
                continue
            settled[place] = far
            held, prices = len(self._holders[place]), self._prices[place]
            base = far + potential[place]
            if held < len(prices) and base + prices[held] < way.cost:
                way = _Way(base + prices[held], place)
            if held and base + self._leaving[place] < way.cost:
                way = _Way(base + self._leaving[place], place, leaves=True)
            self._reach(self._moving[place], place, base, known, before, queue)
        return way

    def _reach(
        self,
        gains: Mapping[int, int],
        start: int,
        base: int,
        known: list[int],
        before: dict[int, int],
        queue: list[tuple[int, int]],
    ) -> None:
        """Note every place that is nearer from `start` than by any way known so far."""
        potential = self._potential
        for place, gain in gains.items():
            cost = base - gain - potential[place]
            if cost < known[place]:
                known[place] = cost
                before[place] = start
                heappush(queue, (cost, place))

    def _fill(self, free: int, leaver: int) -> None:
        """Let others use a place that has become free, if that pays; whoever left it comes in again afterward.

        Dijkstra runs to the free place from all who could come: clients without a place, and the last of each other
        place, where then one is free instead.
        """
        self._measure(free)
        potential = self._potential
        worth = -self._prices[free][len(self._holders[free])] - potential[free]
        if worth <= 0:
            return
        known = [worth] * len(potential)
        before: dict[int, int] = {}
        newcomers = self._sources(free, leaver, known, before)
        queue = [(known[place], place) for place in before]
        heapify(queue)
        settled: dict[int, int] = {}
        while queue and free not in settled:
            far, place = heappop(queue)
            if far == known[place]:
                settled[place] = far
                self._reach(self._moving[place], place, far + potential[place], known, before, queue)
        least = settled.get(free, worth)
        for place in range(len(potential)):
            potential[place] += min(settled.get(place, least), least)
        if free in settled:
            self._come(free, before, newcomers)

    def _sources(self, free: int, leaver: int, known: list[int], before: dict[int, int]) -> dict[int, int]:
        """Note where somebody could come in from outside, or leave a place of their own; who comes in, by place."""
        newcomers: dict[int, int] = {}
        for place, holders in enumerate(self._holders):
            if holders and place != free:
                cost = -self._prices[place][len(holders) - 1] - self._potential[place]
                if cost < known[place]:
                    known[place] = cost
                    before[place] = _OUTSIDE
        for client, at in enumerate(self.places):
            if at is None and client != leaver:
                for place, gain in self._gains[client].items():
                    cost = -gain - self._potential[place]
                    if cost < known[place]:
                        known[place] = cost
                        before[place] = _OUTSIDE
                        newcomers[place] = client
        return newcomers

    def _come(self, free: int, before: Mapping[int, int], newcomers: Mapping[int, int]) -> None:
        """Fill the free place from its end of the way; at the beginning somebody comes in, or a place stays free."""
        place, changed = free, {free}
        while (start := before[place]) != _OUTSIDE:
            mover = self._mover(start, place)
            self._take_out(mover)
            self._put(mover, place)
            place = start
            changed.add(place)
        if place in newcomers:
            self._put(newcomers[place], place)
        for one in changed:
            self._measure(one)

    def _go(self, client: int, place: int, leaves: bool, before: Mapping[int, int]) -> None:
        """Go the way backward from its last place: into each comes whoever moves there most cheaply."""
        changed = {place}
        if leaves:
            self._take_out(min(self._holders[place], key=lambda one: (self._gains[one][place], one)))
        while (start := before[place]) != _OUTSIDE:
            mover = self._mover(start, place)
            self._take_out(mover)
            self._put(mover, place)
            place = start
            changed.add(place)
        self._put(client, place)
        for one in changed:
            self._measure(one)

    def _mover(self, start: int, place: int) -> int:
        """Who moves from the one place to the other at the least cost."""
        able = (one for one in self._holders[start] if place in self._gains[one])
        return min(able, key=lambda one: (self._gains[one][start] - self._gains[one][place], one))

    def _put(self, client: int, place: int) -> None:
        self.places[client] = place
        self._holders[place].append(client)

    def _take_out(self, client: int) -> None:
        place = self.places[client]
        if place is not None:
            self._holders[place].remove(client)
            self.places[client] = None

    def _measure(self, place: int) -> None:
        """Work out anew what it gains, or costs below 0, that one of the place's holders moves elsewhere."""
        best: dict[int, int] = {}
        for one in self._holders[place]:
            gains = self._gains[one]
            here = gains[place]
            for other, gain in gains.items():
                if other not in best or gain - here > best[other]:
                    best[other] = gain - here
        best.pop(place, None)
        self._moving[place] = best
        self._leaving[place] = min((self._gains[one][place] for one in self._holders[place]), default=0)
