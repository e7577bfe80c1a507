"""Work off the GUI thread: changes one after another, reads beside them, every result back on the GUI thread."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from threading import Event
from time import monotonic
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal, Slot

from desktop.clinic.errors import Canceled, ClinicError

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

T = TypeVar("T")
Failed = Callable[[ClinicError], None]
Reported = Callable[[int, int], None]

_REPORT_EVERY = 0.05


class Job:
    """One piece of work that was handed over; it can be canceled until it has finished."""

    def __init__(self, report: Reported | None = None) -> None:
        """`report` is called on the worker's thread; Jobs hands in one that crosses over."""
        self._stop = Event()
        self._report = report
        self._next_report = 0.0

    def cancel(self) -> None:
        """Ask it to stop; it does at its next progress, and its transaction rolls back."""
        self._stop.set()

    @property
    def is_canceled(self) -> bool:
        """Whether somebody asked it to stop."""
        return self._stop.is_set()

    def progress(self, done: int, total: int) -> None:
        """Tell how far it is, at most twenty times a second.

        Raises Canceled when it was asked to stop.
        """
        if self.is_canceled:
            raise Canceled
        if self._report is not None and (monotonic() >= self._next_report or done >= total):
            self._next_report = monotonic() + _REPORT_EVERY
            self._report(done, total)


class Jobs(QObject):
    """Runs changes in order on one thread and reads on a few others; answers arrive on the GUI thread.

    A ClinicError goes to the asker's `failed`; any other exception is a bug and is raised again on the GUI thread,
    where the crash report takes it.
    """

    _arrived = Signal(object)

    def __init__(self, parent: QObject | None = None, *, readers: int = 2) -> None:
        """Start no thread yet; the executors do when the first work arrives."""
        super().__init__(parent)
        self._readers = readers
        self._pools: dict[str, ThreadPoolExecutor] = {}
        self._latest: dict[str, Job] = {}
        self._open: set[Job] = set()
        self._closed = False
        self._arrived.connect(self._deliver)  # queued, because it is emitted on other threads

    @property
    def pending(self) -> int:
        """How many pieces of work have not been answered yet."""
        return len(self._open)

    def change(
        self,
        task: Callable[[Job], T],
        done: Callable[[T], None],
        failed: Failed,
        *,
        progress: Reported | None = None,
    ) -> Job:
        """Run the task after every change asked before it; `progress` is called on the GUI thread."""
        job = Job(None if progress is None else partial(self._cross, progress))
        self._open.add(job)
        self._pool("change", 1).submit(self._run, job, partial(task, job), done, failed)
        return job

    def read(self, question: Callable[[], T], answer: Callable[[T], None], failed: Failed, *, key: str = "") -> Job:
        """Run the question beside everything else; of several with the same key only the latest is answered."""
        job = Job()
        self._open.add(job)
        if key:
            before = self._latest.get(key)
            if before is not None:
                before.cancel()
                self._open.discard(before)
            self._latest[key] = job
        self._pool("read", self._readers).submit(self._run, job, question, answer, failed)
        return job

    def study(
        self,
        question: Callable[[Job], T],
        answer: Callable[[T], None],
        failed: Failed,
        *,
        progress: Reported | None = None,
    ) -> Job:
        """A long read beside everything else, which tells how far it is; `progress` is called on the GUI thread."""
        job = Job(None if progress is None else partial(self._cross, progress))
        self._open.add(job)
        self._pool("read", self._readers).submit(self._run, job, partial(question, job), answer, failed)
        return job

    def close(self) -> None:
        """Cancel what has not begun, wait for what runs, and answer nobody any more."""
        self._closed = True
        for job in self._open:
            job.cancel()
        self._open.clear()
        self._latest.clear()
        for pool in self._pools.values():
            pool.shutdown(wait=True, cancel_futures=True)

    def _pool(self, name: str, threads: int) -> ThreadPoolExecutor:
        from concurrent.futures import ThreadPoolExecutor  # not needed for the first paint

        if name not in self._pools:
            self._pools[name] = ThreadPoolExecutor(threads, thread_name_prefix=name)
        return self._pools[name]

    def _cross(self, progress: Reported, done: int, total: int) -> None:
        self._arrived.emit(partial(progress, done, total))

    def _run(self, job: Job, work: Callable[[], T], done: Callable[[T], None], failed: Failed) -> None:
        if job.is_canceled:
            self._arrived.emit(partial(self._settle, job, partial(failed, Canceled())))
            return
        try:
            value = work()
        except ClinicError as error:
            self._arrived.emit(partial(self._settle, job, partial(failed, error)))
        except BaseException as error:  # noqa: BLE001 - raised again on the GUI thread
            self._arrived.emit(partial(self._settle, job, partial(_throw, error)))
        else:
            self._arrived.emit(partial(self._settle, job, partial(done, value)))

    def _settle(self, job: Job, answer: Callable[[], None]) -> None:
        if job in self._open:
            self._open.discard(job)
            answer()

    @Slot(object)
    def _deliver(self, answer: Callable[[], None]) -> None:
        if not self._closed:
            answer()


def _throw(error: BaseException) -> None:
    raise error
