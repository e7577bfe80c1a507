"""An assignment in which nobody shares a place with somebody they must be kept apart from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from desktop.clinic.assignment import Gains, Prices, assign

_MOST_TRIES = 60

Rivals = Mapping[int, frozenset[int]]
"""By client, with whom they must not share a place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """The place of each client or None; `proven` unless so many rivals met that not every way was tried."""

    places: tuple[int | None, ...]
    proven: bool = True


def best_apart(gains: Gains, prices: Prices, rivals: Rivals) -> Assignment:
    """The best assignment that keeps rivals apart: where two share a place, it is closed to the one or to the other.

    Branch and bound over `assign`, which bounds every branch from above.
    """
    best: tuple[int, list[int | None]] | None = None
    branches: list[frozenset[tuple[int, int]]] = [frozenset()]
    tries = 0
    while branches and (best is None or tries < _MOST_TRIES):
        closed = branches.pop()
        tries += 1
        left = _without(gains, closed)
        places = assign(left, prices)
        value = value_of(places, gains, prices)
        if best is not None and value <= best[0]:
            continue
        met = first_meeting(places, rivals)
        if met is None:
            best = (value, places)
        else:
            one, other, place = met
            branches += (closed | {(one, place)}, closed | {(other, place)})
    return Assignment(places=tuple(best[1]) if best else (), proven=not branches)


def value_of(places: Sequence[int | None], gains: Gains, prices: Prices) -> int:
    """What an assignment is worth: its gains less its prices."""
    taken = [0] * len(prices)
    value = 0
    for client, place in enumerate(places):
        if place is not None:
            value += gains[client][place] - prices[place][taken[place]]
            taken[place] += 1
    return value


def _without(gains: Gains, closed: frozenset[tuple[int, int]]) -> Gains:
    if not closed:
        return gains
    left = list(gains)
    for client, place in closed:
        left[client] = {key: gain for key, gain in left[client].items() if key != place}
    return left


def first_meeting(places: Sequence[int | None], rivals: Rivals) -> tuple[int, int, int] | None:
    """Two rivals who share a place, and which; None when all are apart."""
    for client in sorted(rivals):
        place = places[client]
        for other in sorted(rivals[client]):
            if place is not None and place == places[other]:
                return client, other, place
    return None
