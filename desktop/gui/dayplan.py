"""From the clinic's values to what the calendar paints: columns, blocks, and the words on them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from gettext import gettext as _
from gettext import ngettext
from typing import TYPE_CHECKING

from desktop.clinic.moments import local, whole_day
from desktop.clinic.people import TherapistId
from desktop.clinic.practice import Practice, Site, SiteId
from desktop.clinic.rulebook import Rulebook
from desktop.clinic.services import Format, Level, Modality, ServiceKind
from desktop.clinic.therapists import LicenseStatus, Therapist
from desktop.clinic.visits import VisitStatus
from desktop.clinic.workweek import Period, joined, without, work_periods
from desktop.gui import words
from desktop.gui.widgets.daygrid import MIDNIGHT, Block, Column, Plan
from desktop.gui.widgets.daytime import clock

if TYPE_CHECKING:
    from desktop.office.daybook import VisitLine
    from desktop.records.store import Store

SESSION = 50
_FIRST, _LAST = 8 * 60, 18 * 60
_KINDS = frozenset(
    {ServiceKind.INTAKE, ServiceKind.KAP_DOSING, ServiceKind.KAP_PREPARATION, ServiceKind.KAP_INTEGRATION}
)
_LIVE = frozenset({LicenseStatus.ACTIVE, LicenseStatus.PROBATION, LicenseStatus.RESTRICTED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """What was read for the calendar: days from `first` to `last`, the staff, the visits, and what the hours depend on."""

    first: date
    last: date
    now: datetime
    therapists: tuple[Therapist, ...]
    sites: tuple[Site, ...]
    lines: tuple[VisitLine, ...]
    practice: Practice
    rules: Rulebook

    @property
    def days(self) -> tuple[date, ...]:
        """Every day of it."""
        return tuple(self.first + timedelta(days=at) for at in range((self.last - self.first).days + 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Whose columns are shown."""

    site: SiteId | None = None
    modality: Modality | None = None
    working: bool = True


def read_board(store: Store, now: datetime, first: date, last: date) -> Board:
    """Read the days from first to last, canceled visits included."""
    from desktop.office import daybook, rules

    with store.reading() as reader:
        visits = reader.visits(whole_day(first)[0], whole_day(last)[1], freed=True)
        return Board(
            first=first,
            last=last,
            now=now,
            therapists=tuple(one for one in reader.all(Therapist) if not one.retired),
            sites=reader.all(Site),
            lines=daybook.lines(reader, visits),
            practice=reader.find(Practice, "practice") or Practice(name=""),
            rules=rules.rulebook(reader),
        )


def day_plan(board: Board, chosen: Filter) -> Plan:
    """One day, a column for each therapist whom the filter lets through, by name."""
    day = board.first
    worked = {one.id: _worked(one, day, board) for one in board.therapists}
    lines = _by_therapist(board.lines, day)
    shown = [one for one in board.therapists if passes(one, chosen, day, worked[one.id], lines.get(one.id, []))]
    shown.sort(key=lambda one: (one.name.listed.casefold(), one.id))
    columns = tuple(_column(one, day, worked[one.id], lines.get(one.id, []), board) for one in shown)
    blocks = (_block(line, at, day, one) for at, one in enumerate(shown) for line in lines.get(one.id, []))
    return _fitted(Plan(columns=columns, blocks=tuple(blocks)))


def week_plan(board: Board, therapist: Therapist) -> Plan:
    """The days of the board, a column each, for one therapist; a weekend day only when there is something on it."""
    columns: list[Column] = []
    blocks: list[Block] = []
    for day in board.days:
        worked, lines = _worked(therapist, day, board), _by_therapist(board.lines, day).get(therapist.id, [])
        if day.weekday() >= 5 and not worked and not lines:
            continue
        column = _column(therapist, day, worked, lines, board)
        note = column.note.rsplit(" · ", 1)[-1]
        blocks += [_block(line, len(columns), day, therapist) for line in lines]
        columns.append(replace(column, title=words.day(day), suffix="", note=note))
    return _fitted(Plan(columns=tuple(columns), blocks=tuple(blocks)))


def passes(
    therapist: Therapist, chosen: Filter, day: date, worked: tuple[Period, ...], lines: Iterable[VisitLine]
) -> bool:
    """Whether the filter lets the therapist's column through; who has visits is never left out as not working."""
    lines = list(lines)
    if chosen.working and not worked and not lines:
        return False
    if chosen.modality is not None and not any(
        one.modality is chosen.modality and one.level.rank >= Level.TRAINED.rank for one in therapist.qualifications
    ):
        return False
    if chosen.site is None:
        return True
    here = any(line.visit.site == chosen.site for line in lines)
    return here or any(one.site == chosen.site and one.window.day.number == day.weekday() for one in therapist.hours)


def states(therapist: Therapist, day: date) -> str:
    """The states of the licenses in force that day, as in NJ PA; PSYPACT when its authority is in force."""
    held = {
        one.state.value
        for one in therapist.licenses
        if one.status in _LIVE and one.expires >= day and (one.effective is None or one.effective <= day)
    }
    pact = any(one.kind.value == "apit" and one.expires >= day for one in therapist.authorities)
    return " ".join([*sorted(held), *([_("PSYPACT")] if pact else [])])


def spoken(line: VisitLine, therapist: str) -> str:
    """A visit as a screen reader says it: Ann Boyd, 9:00 AM to 9:50 AM, with Ava Abrams, confirmed."""
    kind = f"{words.kind(line.service.kind)}, " if line.service.kind in _KINDS else ""
    return _("{client}, {start} to {end}, with {therapist}, {kind}{status}").format(
        client=called(line),
        start=words.clock(line.visit.start),
        end=words.clock(line.visit.end),
        therapist=therapist,
        kind=kind,
        status=words.status(line.visit.status).lower(),
    )


def called(line: VisitLine) -> str:
    """The clients of a visit with the given name first; a group by its name."""
    if line.visit.group is not None:
        return line.client
    return " + ".join(" ".join(reversed(one.split(", ", 1))) for one in line.client.split(" + "))


def place(line: VisitLine) -> str:
    """Where it takes place, in a word or two."""
    if line.visit.format is Format.TELEHEALTH:
        return _("Video")
    return line.room or line.site


def _by_therapist(lines: Iterable[VisitLine], day: date) -> dict[TherapistId, list[VisitLine]]:
    start, end = whole_day(day)
    found: dict[TherapistId, list[VisitLine]] = {}
    for line in lines:
        if line.visit.start < end and start < line.visit.end:
            for therapist in line.visit.therapists:
                found.setdefault(therapist, []).append(line)
    return found


def _worked(therapist: Therapist, day: date, board: Board) -> tuple[Period, ...]:
    start, end = whole_day(day)
    return work_periods(therapist, start, end, None, None, board.practice, board.rules)


def _column(
    therapist: Therapist, day: date, worked: tuple[Period, ...], lines: list[VisitLine], board: Board
) -> Column:
    free = _open_slots(worked, lines, board.now)
    if not worked:
        note = _("off")
    elif worked[-1].end <= board.now:
        note = _("day over")
    else:
        note = ngettext("{n} open", "{n} open", free).format(n=free) if free else _("full")
    licensed = states(therapist, day)
    title, credentials = therapist.name.listed, therapist.credentials
    return Column(
        therapist=therapist.id,
        day=day,
        title=title,
        short=_initial(title),
        suffix=credentials,
        note=" · ".join(part for part in (licensed, note) if part),
        tip="\n".join(part for part in (f"{title} {credentials}".strip(), licensed, note) if part),
        working=tuple((_minute(one.start, day), _minute(one.end, day)) for one in worked),
    )


def _open_slots(worked: tuple[Period, ...], lines: list[VisitLine], now: datetime) -> int:
    """How many sessions of fifty minutes still fit into the working hours, buffers kept."""
    taken = joined(
        Period(
            line.visit.start - timedelta(minutes=line.service.buffer_before),
            line.visit.end + timedelta(minutes=line.service.buffer_after),
        )
        for line in lines
        if line.visit.status.holds_time
    )
    gaps = (gap for one in worked if one.end > now for gap in without(Period(max(one.start, now), one.end), taken))
    return sum((gap.end - gap.start + timedelta(minutes=10)) // timedelta(minutes=SESSION + 10) for gap in gaps)


def _block(line: VisitLine, column: int, day: date, therapist: Therapist) -> Block:
    visit, kind = line.visit, line.service.kind
    status = words.status(visit.status)
    word = words.kind(kind) if kind in _KINDS and words.tint(visit.status, kind) in ("intake", "kap") else status
    sentence = spoken(line, therapist.name.full)
    return Block(
        visit=visit.id,
        column=column,
        start=_minute(visit.start, day),
        end=max(_minute(visit.end, day), _minute(visit.start, day) + 5),
        title=line.client,
        short=_short(line),
        word=word,
        place=place(line),
        look=words.tint(visit.status, kind),
        sign=words.glyph(visit.status, kind),
        spoken=sentence,
        tip=f"{line.client}\n{clock(_minute(visit.start, day))} – {words.clock(visit.end)}\n"
        f"{line.service.name} · {place(line)}\n{status}",
        confirmed=visit.status is VisitStatus.CONFIRMED,
        holds_time=visit.status.holds_time,
    )


def _short(line: VisitLine) -> str:
    if line.visit.group is not None:
        return line.client
    return " + ".join(_initial(one) for one in line.client.split(" + "))


def _initial(listed: str) -> str:
    """A listed name with just the first letter of the given one."""
    family, _comma, given = listed.partition(", ")
    return f"{family}, {given[:1]}." if given else family


def _minute(moment: datetime, day: date) -> int:
    """Minutes after midnight on the wall clock, kept within the day."""
    wall = local(moment)
    if wall.date() != day:
        return 0 if wall.date() < day else MIDNIGHT
    return wall.hour * 60 + wall.minute


def _fitted(plan: Plan) -> Plan:
    """The same plan with the hours from the earliest to the latest that anything needs, in full hours."""
    starts = [one.start for one in plan.blocks] + [one.working[0][0] for one in plan.columns if one.working]
    ends = [one.end for one in plan.blocks] + [one.working[-1][1] for one in plan.columns if one.working]
    first = min([_FIRST, *starts]) // 60 * 60
    last = -(-max([_LAST, *ends]) // 60) * 60
    return replace(plan, first=first, last=min(last, MIDNIGHT))
