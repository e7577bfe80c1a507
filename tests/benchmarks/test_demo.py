"""How long it takes to invent a practice: it must not slow down what is measured on it."""

from __future__ import annotations

from time import process_time

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from desktop.office.demo import demo_facts
from tests.conftest import TODAY


@pytest.mark.benchmark(timer=process_time, min_rounds=3)
def test_a_typical_practice_is_invented_in_a_moment(benchmark: BenchmarkFixture) -> None:
    """25 therapists, 900 clients and a year of visits in less than 1.5 s."""
    facts = benchmark(demo_facts, today=TODAY)
    assert len(facts.clients) == 900
    assert benchmark.stats is not None
    assert benchmark.stats["median"] < 1.5


def test_the_time_grows_with_the_size_and_not_faster() -> None:
    """Four times the practice takes less than six times as long."""
    times = []
    for size in (1, 4):
        start = process_time()
        demo_facts(size=size, today=TODAY)
        times.append(process_time() - start)
    assert times[1] < 6 * times[0]
