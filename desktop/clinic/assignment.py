"""Clients to places, as many and as well as can be: an exact assignment by shortest augmenting paths.

It is a minimum-cost flow from clients to places whose prices rise with every further client. Clients come in one by
one; each takes the cheapest way to a free place, possibly moving others over. Reduced costs stay non-negative, so that
Dijkstra finds the way (Edmonds and Karp 1972; Tomizawa 1971); the result after each client is the best for all so far.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from heapq import heappop, heappush
from typing import NamedTuple

Gains = Sequence[Mapping[int, int]]
"""For each client what each place would gain; a place that is not named is closed to them."""

Prices = Sequence[Sequence[int]]
"""For each place what its first, second, ... client costs; as many as it takes, never falling, the first not below 0."""


def assign(gains: Gains, prices: Prices) -> list[int | None]:
    """The place of each client, or None, so that gains less prices are as high as any assignment can make them.

    Gains are whole numbers; one of 0 or less is never worth a place. The answer is the same for the same input.
    """
    search = _Search(gains, prices)
    for client in range(len(gains)):
        search.admit(client)
    return search.places


class _Way(NamedTuple):
    """The cheapest way found so far: what it costs, its last place, and whether somebody there gives up their place.

    No place means that the client who comes in finds none.
    """

    cost: int
    place: int | None
    leaves: bool = False


class _Search:
    """The assignment so far, with potentials: no step between two places costs less than the difference of theirs."""

    def __init__(self, gains: Gains, prices: Prices) -> None:
        """Start with nobody in any place."""
        self.places: list[int | None] = [None] * len(gains)
        self._gains = gains
        self._prices = prices
        self._potential = [0] * len(prices)
        self._holders: list[list[int]] = [[] for _ in prices]
        # What it gains at most that one of a place's holders moves to each other place; and what it costs at least to give it up.
        self._moving: list[dict[int, int]] = [{} for _ in prices]
        self._leaving: list[int] = [0] * len(prices)

    def admit(self, client: int) -> None:
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
        self._reach(gains, -1, base, known, before, queue)
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

    def _go(self, client: int, place: int, leaves: bool, before: Mapping[int, int]) -> None:
        """Go the way backward from its last place: into each comes whoever moves there most cheaply."""
        changed = {place}
        if leaves:
            self._take_out(min(self._holders[place], key=lambda one: (self._gains[one][place], one)))
        while (start := before[place]) >= 0:
            mover = min(
                (one for one in self._holders[start] if place in self._gains[one]),
                key=lambda one: (self._gains[one][start] - self._gains[one][place], one),
            )
            self._take_out(mover)
            self._put(mover, place)
            place = start
            changed.add(place)
        self._put(client, place)
        for one in changed:
            self._measure(one)

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
