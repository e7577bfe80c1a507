"""Letters and calendar files in the time that a front desk waits without noticing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

from pytest_benchmark.fixture import BenchmarkFixture

from desktop.clinic.letters import LetterKind
from desktop.documents import letter
from desktop.documents.calendar import calendar
from tests.clinic.letter_facts import CLIENT, NOW, draft
from tests.documents.test_calendar import weekly
from tests.documents.test_letter import NAMES


def _median(benchmark: BenchmarkFixture) -> float:
    assert benchmark.stats is not None
    return float(benchmark.stats.stats.median)


def test_one_letter(benchmark: BenchmarkFixture) -> None:
    """Drafted and printed in less than 60 ms after the first."""

    def write() -> bytes:
        return letter.pdf(draft(LetterKind.APPOINTMENT_CONFIRMATION).letter)

    write()
    benchmark(write)
    assert _median(benchmark) < 0.060


def test_one_letter_in_every_script(benchmark: BenchmarkFixture) -> None:
    """Names of all scripts together stay within the same time."""
    one = replace(draft(LetterKind.REPLY_TO_REFERRER, client=replace(CLIENT)).letter, addressee=tuple(NAMES))
    letter.pdf(one)
    benchmark(letter.pdf, one)
    assert _median(benchmark) < 0.060


def test_a_year_of_one_therapists_calendar(benchmark: BenchmarkFixture) -> None:
    """A thousand visits in less than 200 ms."""
    visits = [
        replace(one, uid=f"{one.uid}-{number}") for number in range(20) for one in weekly(date(2027, 1, 5), 50, time(9))
    ]
    assert len(visits) == 1_000
    file = benchmark(calendar, visits, stamp=NOW)
    assert file.count(b"BEGIN:VEVENT") == 1_000
    assert _median(benchmark) < 0.200
