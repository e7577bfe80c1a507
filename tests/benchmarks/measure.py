"""Reading a benchmark's result."""

from __future__ import annotations

from pytest_benchmark.fixture import BenchmarkFixture


def median(benchmark: BenchmarkFixture) -> float:
    """The median in seconds of what was just measured."""
    assert benchmark.stats is not None
    return float(benchmark.stats.stats.median)
