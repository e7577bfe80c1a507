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
    """The best way found so far: what it costs, its last place (none: the client at `leaver` gives theirs up)."""

    cost: int
    place: int | None
    leaver: int


class _Search:
    """The assignment so far with its potentials: no way between two nodes costs less than the difference of theirs."""

    def __init__(self, gains: Gains, prices: Prices) -> None:
        """Start with nobody in any place."""
        self._edges = [tuple(some.items()) for some in gains]
        self._prices = prices
        self._holders: list[list[int]] = [[] for _ in prices]
        self._of_place = [0] * len(prices)
        self._of_client = [0] * len(gains)
        self.places: list[int | None] = [None] * len(gains)

    def admit(self, client: int) -> None:
        """Give the client a place if that pays, moving over or out whoever has to."""
        edges = self._edges[client]
        if not edges:
            return
        self._of_client[client] = max(0, max(self._of_place[place] + gain for place, gain in edges))
        came_by: dict[int, int] = {}
        settled: dict[int, int] = {}
        best = self._cheapest(client, came_by, settled)
        self._settle(client, settled, best.cost)
        self._move(client, best, came_by)

    def _cheapest(self, client: int, came_by: dict[int, int], settled: dict[int, int]) -> _Way:
        """Dijkstra from the client; notes by whom each place was reached, and how far the settled ones are."""
        known: dict[int, int] = {}
        queue: list[tuple[int, int]] = []
        best = _Way(self._of_client[client], None, client)
        self._reach((client,), 0, best.cost, known, came_by, queue)
        while queue:
            far, place = heappop(queue)
            if far >= best.cost:
                break
            if far > known[place]:
                continue
            settled[place] = far
            holders, prices = self._holders[place], self._prices[place]
            if len(holders) < len(prices):
                cost = far + prices[len(holders)] + self._of_place[place]
                if cost < best.cost:
                    best = _Way(cost, place, client)
            for one in holders:
                cost = far + self._of_client[one]
                if cost < best.cost:
                    best = _Way(cost, None, one)
            self._reach(holders, far, best.cost, known, came_by, queue)
        return best

    def _reach(
        self,
        clients: Sequence[int],
        far: int,
        most: int,
        known: dict[int, int],
        came_by: dict[int, int],
        queue: list[tuple[int, int]],
    ) -> None:
        """Note every place that one of the clients could move to for less than is known so far."""
        of_place, of_client, edges = self._of_place, self._of_client, self._edges
        for client in clients:
            base = far + of_client[client]
            for place, gain in edges[client]:
                cost = base - gain - of_place[place]
                if cost < most and cost < known.get(place, most):
                    known[place] = cost
                    came_by[place] = client
                    heappush(queue, (cost, place))

    def _settle(self, client: int, settled: Mapping[int, int], cost: int) -> None:
        """Lower the potentials of what lies nearer than the end of the way, so that the way costs nothing."""
        self._of_client[client] -= cost
        for place, far in settled.items():
            if far < cost:
                self._of_place[place] += far - cost
                for one in self._holders[place]:
                    self._of_client[one] += far - cost

    def _move(self, client: int, way: _Way, came_by: Mapping[int, int]) -> None:
        """Go the way backward: each client on it takes the place that the next one leaves."""
        if way.place is None and way.leaver == client:
            return
        place = self._leave(way.leaver) if way.place is None else way.place
        while place is not None:
            one = came_by[place]
            left = self._leave(one)
            self.places[one] = place
            self._holders[place].append(one)
            place = left

    def _leave(self, client: int) -> int | None:
        """Take the client out of their place; which one that was."""
        place = self.places[client]
        if place is not None:
            self._holders[place].remove(client)
            self.places[client] = None
        return place
