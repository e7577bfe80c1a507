"""How long the re-check of planned visits, the cliff and the demand board take."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import process_time

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from desktop.clinic.change import UserId
from desktop.clinic.cliff import cliff, recheck
from desktop.clinic.facts import Facts
from desktop.clinic.people import TherapistId
from desktop.clinic.referral import Direction, Referral, ReferralId, Stage, Step
from desktop.clinic.therapists import Therapist
from desktop.clinic.visits import Visit, VisitId, VisitStatus
from desktop.office import directory, upkeep
from desktop.office.demand import board
from desktop.office.rules import shipped_rules
from desktop.records.store import Store, open_store
from tests.benchmarks.measure import median
from tests.conftest import NOW, ROSA

# The program's own time on the processor, so that what else the computer does is not measured.
pytestmark = pytest.mark.benchmark(timer=process_time)
RULES = shipped_rules()
COUNT = 25_000
WEEKS = 52


@pytest.fixture(scope="module")
def ahead(demo: Facts) -> Facts:
    """The demo practice with 25,000 planned visits: those it has, again and again a year later."""
    planned = [one for one in demo.visits if one.start > NOW and one.status is VisitStatus.SCHEDULED]
    copies = [later(one, years) for years in range(4) for one in planned]
    assert len(copies) >= COUNT
    past = tuple(one for one in demo.visits if one.start <= NOW)
    return replace(demo, visits=(*past, *copies[:COUNT]))


def later(one: Visit, years: int) -> Visit:
    """The visit that many times 52 weeks later, with a name of its own."""
    shift = timedelta(weeks=WEEKS * years)
    key = VisitId(f"{one.id}-{years}")
    return replace(one, id=key, uid=key, start=one.start + shift, end=one.end + shift, series=None)


@pytest.fixture(scope="module")
def busy(
    ahead: Facts, demo_file: Path, blank_file: tuple[Path, bytes], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Store]:
    """A clinic file with the 25,000 planned visits, and its tasks written."""
    path = tmp_path_factory.mktemp("busy") / "busy.handoff"
    path.write_bytes(demo_file.read_bytes())
    store = open_store(path, blank_file[1])
    with store.reading() as reader:
        there = reader.visits(NOW, NOW + timedelta(days=3650), freed=True)
    known = {one.id for one in there}
    with store.writing(ROSA, "Plan") as writer:
        writer.add_all([one for one in ahead.visits if one.start > NOW and one.id not in known])
        for one in there:
            if one.status.holds_time:
                writer.replace(one, replace(one, status=VisitStatus.CANCELED))
    upkeep.recheck(store, ROSA)
    yield store
    store.close()


def test_rules_over_25000_planned_visits(benchmark: BenchmarkFixture, ahead: Facts) -> None:
    """The judging alone; half of it lies behind the end of a license, which is the slow case."""
    found = benchmark.pedantic(lambda: recheck(ahead.visits, ahead, RULES, NOW), rounds=3)
    assert len(found) > 5_000
    assert median(benchmark) < 1.5


def test_cliff_over_25000_planned_visits(benchmark: BenchmarkFixture, ahead: Facts) -> None:
    """Every end with whom it strands."""
    found = benchmark.pedantic(lambda: cliff(ahead, RULES, NOW), rounds=3)
    assert sum(len(one.stranded) for one in found) > 5_000
    assert median(benchmark) < 3


def test_re_check_of_a_clinic_file_with_25000_planned_visits(benchmark: BenchmarkFixture, busy: Store) -> None:
    """Reading, judging and comparing with the tasks on record: below 2 s."""
    answer = benchmark.pedantic(lambda: upkeep.recheck(busy, ROSA), rounds=3)
    assert answer.opened == ()
    assert len(answer.findings) > 5_000
    assert median(benchmark) < 2


def test_re_check_after_one_license_edit(benchmark: BenchmarkFixture, demo_store: Store) -> None:
    """Saving the license, judging the therapist's and supervisees' visits and writing or closing the tasks: below 200 ms."""
    upkeep.recheck(demo_store, ROSA)
    key = TherapistId("therapist-0005")

    def edit() -> None:
        with demo_store.reading() as reader:
            before = reader.get(Therapist, key)
        ends = date(2031, 2, 28) if before.licenses[0].expires.year < 2031 else date(2027, 2, 28)
        after = replace(before, licenses=tuple(replace(one, expires=ends) for one in before.licenses))
        directory.save_therapist(demo_store, ROSA, before, after)

    benchmark.pedantic(edit, rounds=8, warmup_rounds=2)
    assert median(benchmark) < 0.200


@pytest.fixture
def five_years(opened: Callable[[Path], Store], demo_file: Path, demo: Facts) -> Store:
    """The demo practice with 35 referrals a week for five years besides its own."""
    store = opened(demo_file)
    models = [one for one in demo.referrals if one.direction is Direction.IN and one.request is not None]
    ended = []
    for number in range(35 * 52 * 5):
        at = datetime(2026, 11, 22, 15, tzinfo=UTC) - timedelta(days=number // 5)
        steps = [Step(at=at, by=UserId("rosa"), before=None, after=Stage.BOOKED)]
        ended.append(
            replace(
                models[number % len(models)],
                id=ReferralId(f"old-{number}"),
                received_on=at.date(),
                stage=Stage.CLOSED,
                owner=None,
                next_action=None,
                due=None,
                history=tuple(steps),
            )
        )
    with store.writing(ROSA, "History") as writer:
        writer.add_all(ended)
    return store


def test_demand_board_over_five_years(benchmark: BenchmarkFixture, five_years: Store) -> None:
    """Below 1 s with 9,100 referrals on record."""
    with five_years.reading() as reader:
        assert reader.count(Referral) > 9_000
    found = benchmark.pedantic(lambda: board(five_years, ROSA), rounds=5, warmup_rounds=1)
    assert found.demand.waiting > 20
    assert sum(one.cell.intakes for one in found.totals) > 300
    assert median(benchmark) < 1
