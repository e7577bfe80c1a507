"""Changes in order, reads beside them, the latest question wins, and nothing on the wrong thread."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from threading import Event, current_thread, main_thread

import pytest
from pytestqt.exceptions import capture_exceptions
from pytestqt.qtbot import QtBot

from desktop.clinic.errors import Canceled, ClinicError, Missing
from desktop.gui.jobs import Job, Jobs


@pytest.fixture
def jobs(qapp: object) -> Iterator[Jobs]:
    """Jobs that are closed after the test."""
    del qapp
    made = Jobs()
    yield made
    made.close()


def fail(error: ClinicError) -> None:
    """No failure is expected."""
    raise AssertionError(repr(error))


def test_changes_run_in_the_order_in_which_they_were_asked(qtbot: QtBot, jobs: Jobs) -> None:
    """A hundred changes, one thread."""
    ran: list[int] = []
    answered: list[int] = []

    def task(number: int, _job: Job) -> int:
        ran.append(number)
        return number

    for number in range(100):
        jobs.change(partial(task, number), answered.append, fail)
    qtbot.waitUntil(lambda: len(answered) == 100)
    assert ran == answered == list(range(100))


def test_reads_do_not_wait_for_a_long_change(qtbot: QtBot, jobs: Jobs) -> None:
    """A question is answered while a change is still running."""
    go, answered = Event(), list[str]()
    jobs.change(lambda _job: go.wait(10), lambda _done: answered.append("change"), fail)
    jobs.read(lambda: "x", answered.append, fail)
    qtbot.waitUntil(lambda: answered == ["x"])
    go.set()
    qtbot.waitUntil(lambda: answered == ["x", "change"])


def test_of_questions_with_one_key_only_the_latest_is_answered(qtbot: QtBot, jobs: Jobs) -> None:
    """Earlier answers that arrive late are dropped, whether they had begun or not."""
    go, answered = Event(), list[str]()

    def slow(word: str) -> str:
        go.wait(10)
        return word

    for word in ("n", "ng", "ngu", "nguy"):
        jobs.read(partial(slow, word), answered.append, fail, key="find")
    jobs.read(lambda: "other", answered.append, fail)
    go.set()
    qtbot.waitUntil(lambda: len(answered) == 2)
    qtbot.waitUntil(lambda: jobs.pending == 0)
    assert sorted(answered) == ["nguy", "other"]


def test_answers_arrive_on_the_gui_thread_and_work_does_not(qtbot: QtBot, jobs: Jobs) -> None:
    """Widgets are touched by one thread alone."""
    seen: list[bool] = []
    jobs.read(
        lambda: current_thread() is main_thread(),
        lambda worked_here: seen.extend([worked_here, current_thread() is main_thread()]),
        fail,
    )
    qtbot.waitUntil(lambda: seen == [False, True])


def test_a_canceled_change_raises_at_its_next_progress(qtbot: QtBot, jobs: Jobs) -> None:
    """So that the transaction around it rolls back."""
    begun, go, errors = Event(), Event(), list[ClinicError]()

    def task(job: Job) -> None:
        begun.set()
        go.wait(10)
        job.progress(1, 2)

    job = jobs.change(task, lambda _none: fail(ClinicError()), errors.append)
    assert begun.wait(5)
    job.cancel()
    go.set()
    qtbot.waitUntil(lambda: len(errors) == 1)
    assert isinstance(errors[0], Canceled)


def test_progress_is_told_on_the_gui_thread(qtbot: QtBot, jobs: Jobs) -> None:
    """The last step is always told."""
    told: list[tuple[int, int, bool]] = []

    def task(job: Job) -> None:
        for done in range(1001):
            job.progress(done, 1000)

    jobs.change(
        task,
        lambda _none: None,
        fail,
        progress=lambda done, total: told.append((done, total, current_thread() is main_thread())),
    )
    qtbot.waitUntil(lambda: bool(told) and told[-1][:2] == (1000, 1000))
    assert all(here for _done, _total, here in told)
    assert len(told) < 100


def test_what_the_user_can_put_right_goes_to_the_asker(qtbot: QtBot, jobs: Jobs) -> None:
    """A ClinicError is an answer, too."""
    errors: list[ClinicError] = []

    def question() -> None:
        raise Missing

    jobs.read(question, lambda _none: fail(ClinicError()), errors.append)
    qtbot.waitUntil(lambda: [type(one) for one in errors] == [Missing])


def test_a_bug_is_raised_again_on_the_gui_thread(qtbot: QtBot, jobs: Jobs) -> None:
    """There the crash report takes it."""
    with capture_exceptions() as caught:
        jobs.read(lambda: 1 // 0, lambda _none: None, fail)
        qtbot.waitUntil(lambda: len(caught) == 1)
    assert caught[0][0] is ZeroDivisionError


def test_after_close_nobody_is_answered(qtbot: QtBot, jobs: Jobs) -> None:
    """A locked window does not fill up again."""
    go, answered = Event(), list[bool]()
    jobs.read(lambda: go.wait(10), answered.append, fail)
    go.set()
    jobs.close()
    qtbot.waitUntil(lambda: jobs.pending == 0)
    assert answered == []
