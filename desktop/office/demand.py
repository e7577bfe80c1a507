"""The demand board: who waits against the open hours there are, in words for a screen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from gettext import gettext as _

from desktop.clinic.capacity import Daypart
from desktop.clinic.change import Actor
from desktop.clinic.clients import Client
from desktop.clinic.demand import Cell, Demand, Step, demand
from desktop.clinic.facts import Facts
from desktop.clinic.ladder import name_of
from desktop.clinic.people import TherapistId
from desktop.clinic.practice import Practice, Site
from desktop.clinic.schedule import Period
from desktop.clinic.services import Modality, Service
from desktop.clinic.therapists import Therapist
from desktop.clinic.visits import Visit
from desktop.clinic.waiting import Waiting
from desktop.office.rulebook import rulebook
from desktop.records.store import Reader, Store


@dataclass(frozen=True, slots=True, kw_only=True)
class CellLine:
    """One cell of the board with its words; `state` is empty when it is not known, `daypart` for all of them."""

    cell: Cell
    modality: str
    state: str
    daypart: str
    wait: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepLine:
    """What would help most, in one sentence, and who lacks only one thing for it."""

    step: Step
    sentence: str
    nearest: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """The whole board: totals by modality and state, cells by daypart in the same order, and what would help most."""

    demand: Demand
    totals: tuple[CellLine, ...]
    cells: tuple[CellLine, ...]
    steps: tuple[StepLine, ...]


def board(store: Store, actor: Actor) -> Board:
    """Weigh everybody who waits against the open hours of the next four weeks, at the pace of the last twelve."""
    with store.reading() as reader:

        def taken(ids: Iterable[str], start: datetime, end: datetime) -> Mapping[str, Sequence[Period]]:
            return reader.taken(start, end, ids)

        facts = _facts(reader)
        found = demand(facts, rulebook(reader), actor.now, taken, caseloads=reader.caseloads())
    return in_words(found, {one.id: one.name.full for one in facts.therapists})


def in_words(found: Demand, names: Mapping[TherapistId, str]) -> Board:
    """The board with the words that a screen shows."""
    return Board(
        demand=found,
        totals=tuple(map(_line, found.totals)),
        cells=tuple(map(_line, found.cells)),
        steps=tuple(_step(one, names) for one in found.steps),
    )


def _facts(reader: Reader) -> Facts:
    referrals, waiting = reader.referrals(), reader.all(Waiting)
    asked = tuple(one for one in referrals if one.request is not None)
    return Facts(
        practice=reader.get(Practice, "practice"),
        sites=reader.all(Site),
        services=reader.all(Service),
        therapists=reader.all(Therapist),
        clients=reader.many(Client, {one.client for one in asked} | {one.client for one in waiting}),
        referrals=asked,
        waiting=waiting,
        visits=reader.many(Visit, {one.visit for one in asked if one.visit is not None}),
    )


def _line(cell: Cell) -> CellLine:
    return CellLine(
        cell=cell,
        modality=_modality(cell.modality),
        state="" if cell.state is None else cell.state.value,
        daypart="" if cell.daypart is None else daypart_word(cell.daypart),
        wait=_wait(cell),
    )


def _modality(modality: Modality | None) -> str:
    return _("any therapy") if modality is None else name_of(modality)


def daypart_word(part: Daypart) -> str:
    """The daypart as a screen names it."""
    return {
        Daypart.MORNING: _("morning"),
        Daypart.AFTERNOON: _("afternoon"),
        Daypart.EVENING: _("evening"),
        Daypart.WEEKEND: _("weekend"),
    }[part]


def _wait(cell: Cell) -> str:
    if not cell.waiting:
        return ""
    if cell.wait is None:
        return _("nobody taken in lately")
    weeks = max(1, round(cell.wait))
    return _("1 week") if weeks == 1 else _("{weeks} weeks").format(weeks=weeks)


def _step(step: Step, names: Mapping[TherapistId, str]) -> StepLine:
    sentence = _("{modality}, {state} license, {daypart}: {count} more waiting clients could be seen.").format(
        modality=_modality(step.modality),
        state=step.state.value,
        daypart=daypart_word(step.daypart),
        count=step.unlocks,
    )
    lacks = (
        (step.train, _("Train {name}.")),
        (step.license, _("License {name} in {state}.")),
        (step.extend, _("Ask {name} for more hours ({daypart}).")),
    )
    words = {"state": step.state.value, "daypart": daypart_word(step.daypart)}
    nearest = tuple(text.format(name=names.get(key, key), **words) for keys, text in lacks for key in keys)
    return StepLine(step=step, sentence=sentence, nearest=nearest)
