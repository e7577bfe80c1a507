"""What every screen is given: ask, do, undo, and word of what changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypeVar, cast

from PySide6.QtCore import QObject, Signal

from desktop.clinic.change import Actor, Task, UserId
from desktop.clinic.errors import ClinicError
from desktop.clinic.moments import local_date
from desktop.gui.jobs import Failed, Job, Jobs, Reported

if TYPE_CHECKING:
    from desktop.records.store import Store, Writer

T = TypeVar("T")


class Desk(QObject):
    """One unlocked clinic and the person who sits at it.

    `changed` carries the Task after every change made here, `tidied` comes after one that nobody asked for, `failed` a ClinicError that nobody else took,
    `told` a sentence for the status line, `busy` the label of the change that runs ("" when none does).
    """

    changed = Signal(object)
    failed = Signal(object)
    tidied = Signal()
    told = Signal(str)
    busy = Signal(str)

    def __init__(
        self, store: Store, user: UserId, jobs: Jobs, clock: Callable[[], datetime], parent: QObject | None = None
    ) -> None:
        """`clock` gives the aware now; it is the only place where screens take the time from."""
        super().__init__(parent)
        self._store = store
        self._jobs = jobs
        self._clock = clock
        self._user = user
        self._done: list[Task] = []
        self._undone: list[Task] = []

    @property
    def user(self) -> UserId:
        """Who sits here."""
        return self._user

    @property
    def now(self) -> datetime:
        """The clock's now, aware."""
        return self._clock()

    @property
    def today(self) -> date:
        """The practice's date now."""
        return local_date(self.now)

    @property
    def actor(self) -> Actor:
        """Who acts, now: what every office function is given."""
        return Actor(user=self._user, now=self.now)

    @property
    def to_undo(self) -> Task | None:
        """The task that undo would take back."""
        return self._done[-1] if self._done else None

    @property
    def to_redo(self) -> Task | None:
        """The undo that redo would take back."""
        return self._undone[-1] if self._undone else None

    @property
    def pending(self) -> int:
        """How many questions and changes have not been answered yet."""
        return self._jobs.pending

    def ask(
        self,
        question: Callable[[Store], T],
        answer: Callable[[T], None],
        *,
        key: str = "",
        failed: Failed | None = None,
    ) -> Job:
        """Read beside everything else and hand the result to `answer` on the GUI thread.

        Of several questions with the same key only the latest is answered. Errors go to `failed`, or to the window.
        """
        store = self._store
        return self._jobs.read(lambda: question(store), answer, failed or self.failed.emit, key=key)

    def study(
        self,
        question: Callable[[Store, Reported], T],
        answer: Callable[[T], None],
        *,
        failed: Failed | None = None,
        progress: Reported | None = None,
    ) -> Job:
        """The same for a long read: the question calls its progress(done, total), which raises Canceled after `cancel`."""
        store = self._store
        return self._jobs.study(
            lambda job: question(store, job.progress), answer, failed or self.failed.emit, progress=progress
        )

    def do(
        self,
        label: str,
        task: Callable[[Store, Actor], T],
        done: Callable[[T], None] | None = None,
        *,
        failed: Failed | None = None,
    ) -> Job:
        """Change something, after every change asked before; tell everybody with `changed`, then call `done`."""
        return self.work(label, lambda store, actor, _progress: task(store, actor), done, failed=failed)

    def work(
        self,
        label: str,
        task: Callable[[Store, Actor, Reported], T],
        done: Callable[[T], None] | None = None,
        *,
        failed: Failed | None = None,
        progress: Reported | None = None,
    ) -> Job:
        """The same for long work: the task calls its progress(done, total), which raises Canceled after `cancel`."""
        store, actor = self._store, self.actor
        self.busy.emit(label)

        def run(job: Job) -> tuple[T, tuple[Task, ...]]:
            noting = _Noting(store)
            value = task(cast("Store", noting), actor, job.progress)
            return value, tuple(noting.tasks)

        def finish(result: tuple[T, tuple[Task, ...]]) -> None:
            value, tasks = result
            self.busy.emit("")
            if tasks:
                self._done.extend(tasks)
                self._undone.clear()
            for one in tasks:
                self.changed.emit(one)
            if done is not None:
                done(value)

        return self._jobs.change(run, finish, self._failing(failed), progress=progress)

    def tidy(self, task: Callable[[Store, Actor], object]) -> Job:
        """Change what nobody asked for: it stands in the audit, but never in the way of undo; `tidied` tells of it.

        When the clinic file cannot be reached just then it is left for another time.
        """
        store, actor = self._store, self.actor

        def run(_job: Job) -> bool:
            noting = _Noting(store)
            task(cast("Store", noting), actor)
            return bool(noting.tasks)

        def finish(changed: bool) -> None:
            if changed:
                self.tidied.emit()

        return self._jobs.change(run, finish, lambda _error: None)

    def undo(self, done: Callable[[Task], None] | None = None) -> None:
        """Take back the latest task done here, if there is one; `done` gets the task that was taken back."""
        if self._done:
            self._take_back(self._done, self._undone, done)

    def redo(self, done: Callable[[Task], None] | None = None) -> None:
        """Do again what was undone last."""
        if self._undone:
            self._take_back(self._undone, self._done, done)

    def tell(self, sentence: str) -> None:
        """Show a sentence in the status line."""
        self.told.emit(sentence)

    def close(self) -> None:
        """Stop the work and close the clinic file."""
        self._jobs.close()
        self._store.close()
        self._done.clear()
        self._undone.clear()

    def _take_back(self, source: list[Task], target: list[Task], done: Callable[[Task], None] | None) -> None:
        task, store, actor = source.pop(), self._store, self.actor

        def finish(inverse: Task) -> None:
            target.append(inverse)
            self.changed.emit(inverse)
            if done is not None:
                done(task)

        self._jobs.change(lambda _job: store.undo(actor, task.id), finish, self._failing(None))

    def _failing(self, failed: Failed | None) -> Failed:
        def fail(error: ClinicError) -> None:
            self.busy.emit("")
            (failed or self.failed.emit)(error)

        return fail


class _Noting:
    """The store as a task sees it, which notes what every transaction of the task has changed."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.tasks: list[Task] = []

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        return getattr(self._store, name)

    @contextmanager
    def writing(self, actor: Actor, label: str, **more: Any) -> Iterator[Writer]:  # noqa: ANN401
        with self._store.writing(actor, label, **more) as writer:
            yield writer
        if writer.task.changes:
            self.tasks.append(writer.task)
