"""From visits to what is painted: columns, open slots, words and looks."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from desktop.clinic.moments import Weekday, Window
from desktop.clinic.people import ClientId, Name, State, TherapistId
from desktop.clinic.practice import GroupId, Practice, SiteId
from desktop.clinic.rulebook import Rulebook
from desktop.clinic.services import Format, Level, Modality, Service, ServiceId, ServiceKind
from desktop.clinic.therapists import Hours, License, LicenseStatus, Qualification, Therapist, TimeOff
from desktop.clinic.visits import Seat, Visit, VisitId, VisitStatus
from desktop.gui import dayplan
from desktop.gui.dayplan import Board, Filter
from desktop.gui.widgets.glyphs import Glyph
from desktop.office.daybook import VisitLine

DAY = date(2026, 11, 24)
EARLY = datetime(2026, 11, 24, 5, tzinfo=UTC)


def at(hour: int, minute: int = 0) -> datetime:
    """That wall-clock time of the day in New York, five hours behind UTC."""
    return datetime(2026, 11, 24, hour, minute, tzinfo=UTC) + timedelta(hours=5)


def therapist(key: str = "t1", family: str = "Abrams") -> Therapist:
    """Works on Tuesdays from 9 to 12 in Bryn Mawr and from 1 to 5 by video; licensed in PA and, long ago, in NJ."""
    tuesday = Weekday.TUE
    return Therapist(
        id=TherapistId(key),
        name=Name(family=family, given="Ava"),
        credentials="LCSW",
        licenses=(
            License(state=State.PA, title="LCSW", expires=date(2027, 2, 28)),
            License(state=State.NJ, title="LCSW", expires=date(2026, 8, 31)),
            License(state=State.DE, title="LCSW", expires=date(2027, 8, 31), status=LicenseStatus.SUSPENDED),
        ),
        qualifications=(
            Qualification(modality=Modality.EMDR, level=Level.CERTIFIED),
            Qualification(modality=Modality.DBT, level=Level.IN_TRAINING),
        ),
        hours=(
            Hours(window=Window(day=tuesday, start=time(9), end=time(12)), site=SiteId("bm")),
            Hours(window=Window(day=tuesday, start=time(13), end=time(17)), formats=frozenset({Format.TELEHEALTH})),
        ),
    )


def line(
    start: datetime,
    minutes: int = 50,
    *,
    kind: ServiceKind = ServiceKind.INDIVIDUAL,
    status: VisitStatus = VisitStatus.SCHEDULED,
    who: str = "t1",
    client: str = "Boyd, Ann",
) -> VisitLine:
    """A visit by video."""
    visit = Visit(
        id=VisitId(f"{who}-{start:%H%M}-{status}"),
        service=ServiceId("s"),
        therapist=TherapistId(who),
        seats=(Seat(client=ClientId("c")),),
        format=Format.TELEHEALTH,
        start=start,
        end=start + timedelta(minutes=minutes),
        status=status,
    )
    service = Service(id=ServiceId("s"), name="Individual therapy", kind=kind)
    return VisitLine(visit=visit, client=client, service=service, site="", room="")


def board(*lines: VisitLine, staff: tuple[Therapist, ...] = (), now: datetime = EARLY) -> Board:
    """The Tuesday with these visits."""
    return Board(
        first=DAY,
        last=DAY,
        now=now,
        therapists=staff or (therapist(),),
        sites=(),
        lines=lines,
        practice=Practice(name="House"),
        rules=Rulebook(),
    )


def test_the_heading_names_states_and_open_slots() -> None:
    """Three hours and four hours hold seven sessions of fifty minutes; only licenses in force count."""
    column = dayplan.day_plan(board(), Filter()).columns[0]
    assert (column.title, column.short, column.suffix, column.note) == (
        "Abrams, Ava",
        "Abrams, A.",
        "LCSW",
        "PA · 7 open",
    )
    assert column.working == ((540, 720), (780, 1020))


@pytest.mark.parametrize(
    ("lines", "now", "note"),
    [
        ([line(at(9)), line(at(10))], EARLY, "PA · 5 open"),
        ([line(at(9), 180), line(at(13), 240)], EARLY, "PA · full"),
        ([line(at(9), status=VisitStatus.CANCELED)], EARLY, "PA · 7 open"),
        ([], at(14, 30), "PA · 2 open"),
        ([], at(18), "PA · day over"),
    ],
)
def test_open_slots(lines: list[VisitLine], now: datetime, note: str) -> None:
    """Visits and their buffers take room, canceled ones none, and what has passed is gone."""
    assert dayplan.day_plan(board(*lines, now=now), Filter()).columns[0].note == note


def test_who_is_off_has_a_column_only_when_asked_or_booked() -> None:
    """Time off all day: left out, unless everybody is shown or somebody is booked all the same."""
    away = replace(therapist(), time_off=(TimeOff(start=at(0), end=at(0) + timedelta(days=1)),))
    assert dayplan.day_plan(board(staff=(away,)), Filter()).columns == ()
    assert dayplan.day_plan(board(staff=(away,)), Filter(working=False)).columns[0].note == "PA · off"
    assert len(dayplan.day_plan(board(line(at(9)), staff=(away,)), Filter()).columns) == 1


@pytest.mark.parametrize(
    ("chosen", "shown"),
    [
        (Filter(modality=Modality.EMDR), 1),
        (Filter(modality=Modality.DBT), 0),
        (Filter(site=SiteId("bm")), 1),
        (Filter(site=SiteId("ph")), 0),
    ],
)
def test_filters(chosen: Filter, shown: int) -> None:
    """Training does not count as trained; a site counts when the therapist works there that weekday."""
    assert len(dayplan.day_plan(board(), chosen).columns) == shown


@pytest.mark.parametrize(
    ("kind", "status", "look", "word", "sign"),
    [
        (ServiceKind.INDIVIDUAL, VisitStatus.SCHEDULED, "scheduled", "Unconfirmed", Glyph.RING),
        (ServiceKind.INDIVIDUAL, VisitStatus.CONFIRMED, "confirmed", "Confirmed", Glyph.TICK),
        (ServiceKind.INTAKE, VisitStatus.CONFIRMED, "intake", "Intake", Glyph.STAR),
        (ServiceKind.INTAKE, VisitStatus.ARRIVED, "arrived", "Arrived", Glyph.DISC),
        (ServiceKind.KAP_DOSING, VisitStatus.SCHEDULED, "kap", "KAP dosing", Glyph.DIAMOND),
        (ServiceKind.KAP_DOSING, VisitStatus.HOLD, "hold", "Hold", Glyph.DOTS),
        (ServiceKind.INDIVIDUAL, VisitStatus.COMPLETED, "completed", "Done", Glyph.SQUARE),
        (ServiceKind.INDIVIDUAL, VisitStatus.NO_SHOW, "noshow", "No-show", Glyph.CROSS),
        (ServiceKind.INDIVIDUAL, VisitStatus.LATE_CANCEL, "canceled", "Canceled late", Glyph.DASH),
    ],
)
def test_nine_looks_each_with_sign_and_word(
    kind: ServiceKind, status: VisitStatus, look: str, word: str, sign: Glyph
) -> None:
    """No state is told by color alone."""
    block = dayplan.day_plan(board(line(at(9), kind=kind, status=status)), Filter()).blocks[0]
    assert (block.look, block.word, block.sign) == (look, word, sign)


def test_the_spoken_sentence() -> None:
    """As the front desk would say it."""
    block = dayplan.day_plan(board(line(at(9), status=VisitStatus.CONFIRMED)), Filter()).blocks[0]
    assert block.spoken == "Ann Boyd, 9:00 AM to 9:50 AM, with Ava Abrams, confirmed"
    assert (block.title, block.short, block.place) == ("Boyd, Ann", "Boyd, A.", "Video")


def test_a_couple_and_a_group_are_named() -> None:
    """Couples by both names, a group by its own."""
    both = line(at(9), client="Boyd, Ann + 王, 芳")
    assert dayplan.called(both) == "Ann Boyd + 芳 王"
    group = replace(both, visit=replace(both.visit, group=GroupId("g")), client="Skills, Tuesday")
    assert dayplan.called(group) == "Skills, Tuesday"


def test_a_co_leader_has_the_visit_in_both_columns() -> None:
    """The same visit stands under everyone whose time it takes."""
    shared = line(at(10))
    shared = replace(shared, visit=replace(shared.visit, co_leaders=(TherapistId("t2"),)))
    plan = dayplan.day_plan(board(shared, staff=(therapist(), therapist("t2", "Boyd"))), Filter())
    assert [(one.column, one.visit) for one in plan.blocks] == [(0, shared.visit.id), (1, shared.visit.id)]


def test_the_hours_grow_with_what_is_booked() -> None:
    """From 6 AM to 10 PM when somebody is booked so; full hours only."""
    plan = dayplan.day_plan(board(line(at(6, 15)), line(at(21, 10))), Filter())
    assert (plan.first, plan.last) == (6 * 60, 22 * 60)


def test_a_week_leaves_empty_weekends_out() -> None:
    """Monday to Friday, and Saturday only with something on it."""
    week = replace(board(line(at(9))), first=DAY - timedelta(days=1), last=DAY + timedelta(days=5))
    plan = dayplan.week_plan(week, therapist())
    assert [one.title for one in plan.columns] == [
        "Mon, Nov 23",
        "Tue, Nov 24",
        "Wed, Nov 25",
        "Thu, Nov 26",
        "Fri, Nov 27",
    ]
    assert [one.note for one in plan.columns] == ["off", "6 open", "off", "off", "off"]
    assert plan.blocks[0].column == 1
