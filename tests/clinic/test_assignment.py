"""The assignment: as good as a solver proves that any can be, never worse than greedy, and rivals kept apart."""

from __future__ import annotations

from itertools import product
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from desktop.clinic.apart import best_apart, value_of
from desktop.clinic.assignment import Assigner, Gains, Prices, assign
from desktop.clinic.referral import Urgency
from desktop.clinic.worth import units


def instance(seed: int, most: int = 200) -> tuple[list[dict[int, int]], list[tuple[int, ...]]]:
    """Clients of three bands with points and waits, and therapists with rising prices; plenty of room or hardly any."""
    dice = Random(seed)
    clients, places = dice.randint(1, most), dice.randint(1, max(1, most // 6))
    crowd = dice.choice((0.3, 1.0, 2.0))
    prices = []
    for _ in range(places):
        room = dice.randint(0, max(1, round(2 * crowd * clients / places)))
        prices.append(sorted(dice.choice((0, 0, 1, 3, 7, 20)) for _ in range(room)))
    unit = units(clients, 365)
    open_to = dice.choice((0.05, 0.2, 0.6))
    gains = []
    for _ in range(clients):
        band, days = dice.choice(list(Urgency)), dice.randint(0, 365)
        chosen = [place for place in range(places) if dice.random() < open_to]
        gains.append({place: unit.worth(band, dice.randint(0, 100), days) for place in chosen})
    return gains, [tuple(price * unit.point for price in some) for some in prices]


def optimum(gains: Gains, prices: Prices) -> int:
    """The highest value of any assignment, as proven by a minimum-cost flow of OR-Tools.

    Gains are small enough for its 64-bit costs, which is checked.
    """
    flow = SimpleMinCostFlow()
    clients, places = len(gains), len(prices)
    source, sink = clients + places, clients + places + 1
    for client, some in enumerate(gains):
        flow.add_arc_with_capacity_and_unit_cost(source, client, 1, 0)
        flow.add_arc_with_capacity_and_unit_cost(client, sink, 1, 0)
        for place, gain in some.items():
            assert gain < 2**53
            flow.add_arc_with_capacity_and_unit_cost(client, clients + place, 1, -gain)
    for place, each in enumerate(prices):
        for price in each:
            flow.add_arc_with_capacity_and_unit_cost(clients + place, sink, 1, price)
    flow.set_node_supply(source, clients)
    flow.set_node_supply(sink, -clients)
    assert flow.solve() == flow.OPTIMAL
    return -int(flow.optimal_cost())


def greedy(gains: Gains, prices: Prices) -> int:
    """What the best pair first, then the next best, comes to."""
    places: list[int | None] = [None] * len(gains)
    taken = [0] * len(prices)
    pairs = sorted(((gain, client, place) for client, some in enumerate(gains) for place, gain in some.items()))
    for gain, client, place in reversed(pairs):
        if places[client] is None and taken[place] < len(prices[place]) and gain > prices[place][taken[place]]:
            places[client] = place
            taken[place] += 1
    return value_of(places, gains, prices)


def assert_sound(places: list[int | None], gains: Gains, prices: Prices) -> None:
    """Everybody is where they may be, and no place has more than it takes."""
    for client, place in enumerate(places):
        assert place is None or place in gains[client]
    for place, each in enumerate(prices):
        assert places.count(place) <= len(each)


@pytest.mark.parametrize("seed", range(200))
def test_it_is_as_good_as_the_solver_proves_possible(seed: int) -> None:
    """Two hundred invented waitlists of up to two hundred clients; and never worse than greedy."""
    gains, prices = instance(seed)
    places = assign(gains, prices)
    assert_sound(places, gains, prices)
    found = value_of(places, gains, prices)
    assert found == optimum(gains, prices)
    assert found >= greedy(gains, prices)


@pytest.mark.parametrize("seed", range(0, 200, 5))
def test_closing_pairs_keeps_it_the_best(seed: int) -> None:
    """Pairs in use or not, closed one after the other: each time as good as the solver proves."""
    dice = Random(seed)
    gains, prices = instance(seed, 60)
    search = Assigner(gains, prices)
    for _ in range(12):
        used = [(client, place) for client, place in enumerate(search.places) if place is not None]
        pairs = (
            used if dice.random() < 0.8 else [(client, place) for client, some in enumerate(gains) for place in some]
        )
        if not pairs:
            break
        client, place = dice.choice(pairs)
        search.close(client, place)
        del gains[client][place]
        assert_sound(search.places, gains, prices)
        assert value_of(search.places, gains, prices) == optimum(gains, prices)


def test_greedy_is_sometimes_worse() -> None:
    """So the comparison above says something."""
    assert any(
        value_of(assign(gains, prices), gains, prices) > greedy(gains, prices)
        for gains, prices in (instance(seed) for seed in range(20))
    )


def test_the_same_input_gives_the_same_plan() -> None:
    """Whoever asks, and how often."""
    gains, prices = instance(3)
    assert assign(gains, prices) == assign(gains, prices)


def test_nobody_and_nowhere() -> None:
    """No clients, no places, no open pair."""
    assert assign([], []) == []
    assert assign([{}], [(0,)]) == [None]
    assert assign([{0: 5}], [()]) == [None]
    assert assign([{0: 0}, {0: -3}], [(0, 0)]) == [None, None]


def test_a_price_above_the_gain_leaves_the_place_free() -> None:
    """A second client would cost more than they gain."""
    assert sorted(assign([{0: 5}, {0: 4}], [(0, 10)]), key=str) == [0, None]


SMALL = st.lists(st.dictionaries(st.integers(0, 2), st.integers(-2, 9), max_size=3), min_size=1, max_size=4)
ROOMS = st.lists(st.lists(st.integers(0, 4), max_size=2).map(sorted), min_size=3, max_size=3)


def by_trying(gains: Gains, prices: Prices, rivals: dict[int, frozenset[int]]) -> int:
    """The highest value of all assignments there are."""
    best = 0
    for places in product(*([None, *some] for some in gains)):
        full = any(places.count(place) > len(each) for place, each in enumerate(prices))
        met = any(places[one] is not None and places[one] == places[other] for one in rivals for other in rivals[one])
        if not full and not met:
            best = max(best, value_of(list(places), gains, prices))
    return best


@given(gains=SMALL, prices=ROOMS, pairs=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=3))
def test_rivals_never_share_a_place_and_nothing_else_is_lost(
    gains: list[dict[int, int]], prices: list[list[int]], pairs: list[tuple[int, int]]
) -> None:
    """As good as the best of all assignments that keep them apart."""
    count = len(gains)
    rivals: dict[int, frozenset[int]] = {}
    for one, other in pairs:
        if one != other and max(one, other) < count:
            rivals[one] = rivals.get(one, frozenset()) | {other}
    found = best_apart(gains, prices, rivals)
    assert_sound(list(found.places), gains, prices)
    assert found.proven
    assert all(
        found.places[one] is None or found.places[one] != found.places[other] for one in rivals for other in rivals[one]
    )
    assert value_of(list(found.places), gains, prices) == by_trying(gains, prices, rivals)


def test_many_rivals_end_with_a_good_plan_that_is_not_called_proven() -> None:
    """Forty who must all be apart, with twenty places: the search stops, keeps them apart, and says so."""
    gains = [dict.fromkeys(range(20), 100 + client % 7) for client in range(40)]
    prices = [tuple(range(3)) for _ in range(20)]
    rivals = {client: frozenset(range(40)) - {client} for client in range(40)}
    found = best_apart(gains, prices, rivals)
    given_places = [one for one in found.places if one is not None]
    assert len(given_places) == len(set(given_places)) > 0
    assert not found.proven
