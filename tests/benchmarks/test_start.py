"""The start, against an empty window of the same binding, in processes of their own."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter, time

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from desktop.records import vault
from desktop.records.vault import key_file
from tests.conftest import NOW, PASSPHRASE, ROSA
from tests.gui.starting import EMPTY, OURS, Seen, seen, today_seen

ROUNDS = 7


@pytest.fixture
def clinic(demo_file: Path, blank_file: tuple[Path, bytes], tmp_path: Path) -> Path:
    """A copy of the demo practice, with a passphrase at the shipped cost."""
    path = tmp_path / "start.handoff"
    shutil.copyfile(demo_file, path)
    shutil.copyfile(key_file(demo_file), key_file(path))
    vault.set_passphrase(path, blank_file[1], ROSA.user, PASSPHRASE)
    return path


def seconds(started: Callable[[], Seen]) -> float:
    """From the start of the process to what it reports."""
    begin = time()
    return started().at - begin


def derivation(path: Path) -> float:
    """Seconds that the key derivation takes by itself."""
    times = []
    for _round in range(3):
        begin = perf_counter()
        vault.unwrap(path, ROSA.user, PASSPHRASE)
        times.append(perf_counter() - begin)
    return median(times)


def compared(benchmark: BenchmarkFixture, ours: Callable[[], Seen], aside: float = 0.0) -> float:
    """Median of ours over median of the empty window, taken in turns so that both meet the same load."""
    seconds(ours)
    pairs = [(seconds(lambda: seen(EMPTY)), seconds(ours) - aside) for _round in range(ROUNDS)]
    empty, mine = median(one for one, _ours in pairs), median(one for _empty, one in pairs)
    benchmark.extra_info.update({"empty_ms": round(empty * 1000), "ours_ms": round(mine * 1000)})
    benchmark.pedantic(ours, rounds=1)
    return mine / empty


def test_first_paint(benchmark: BenchmarkFixture) -> None:
    """The unlock page: at most 1.5 times an empty QMainWindow."""
    assert compared(benchmark, lambda: seen(OURS)) <= 1.5


def test_usable_today(benchmark: BenchmarkFixture, clinic: Path) -> None:
    """Today with the demo practice: at most 3.5 times an empty QMainWindow.

    From the start to the first paint, and from Enter to a painted Today; the typing in between, in which modules are
    loaded, and the key derivation are set aside.
    """
    aside = derivation(clinic)
    assert compared(benchmark, lambda: today_seen(clinic, ROSA.user, PASSPHRASE, NOW.isoformat()), aside) <= 3.5
