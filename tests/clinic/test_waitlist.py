"""Slot to people and waitlist to plan: as the rules say one by one, in the right order, and never better by hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest

from desktop.clinic.eligibility import standing_failures
from desktop.clinic.errors import BadInput
from desktop.clinic.facts import Facts
from desktop.clinic.judge import check
from desktop.clinic.matching import judge_request, match
from desktop.clinic.moments import Weekday
from desktop.clinic.on_the_day import fitting, licensed
from desktop.clinic.openings import Opening, openings
from desktop.clinic.people import State, TherapistId
from desktop.clinic.placement import Plan, plan
from desktop.clinic.practice import RoomId, SiteId
from desktop.clinic.question import Question, question
from desktop.clinic.ranking import scale, timeless, total
from desktop.clinic.referral import Urgency
from desktop.clinic.requests import Request
from desktop.clinic.services import BOTH_FORMATS, Format
from desktop.clinic.slotgate import placed_request, proposal_for
from desktop.clinic.timetable import taken_from
from desktop.clinic.verdict import Verdict, refusing
from desktop.clinic.visits import Seat
from desktop.clinic.waiting import Ended, Offer, OfferId, OfferState, Slot, WaitEnd, Waiting, WaitingId
from desktop.clinic.waitlist import people_for
from desktop.clinic.workweek import day_of, window_periods
from desktop.clinic.worth import share_prices, units
from tests.clinic.practices import (
    NOW,
    SESSION,
    at,
    client,
    facts,
    hours,
    nj,
    pa,
    practice_of,
    rulebook,
    therapist,
    visit,
)
from tests.clinic.waiters import with_waiters

RULES = rulebook()
TUESDAY = at("2026-12-01 10:00")
HOUR = timedelta(hours=1)
SLOT = Slot(therapist=TherapistId("t1"), start=TUESDAY, end=TUESDAY + HOUR, format=Format.TELEHEALTH)


def waits(key: str = "c1", **more: Any) -> Waiting:
    """The client waits for individual therapy in Pennsylvania."""
    asked = {"service": SESSION.id, "state": State.PA, "from_day": date(2026, 11, 23), **more.pop("request", {})}
    fields = {"since": NOW - timedelta(days=30), **more}
    return Waiting(id=WaitingId(f"w-{key}"), client=client(key).id, request=Request(**asked), **fields)


def practice(*staff: Any, clients: Sequence[str] = ("c1", "c2"), **more: Any) -> Facts:
    """Two therapists and two clients."""
    people = staff or (therapist("t1"), therapist("t2"))
    return facts(*people, **{"clients": tuple(client(key) for key in clients), **more})


def why(where: Facts, entry: Waiting, slot: Slot = SLOT, **more: Any) -> set[str]:
    """The codes that keep the entry from the slot; nothing when it fits."""
    found = people_for(slot, (entry,), where, RULES, NOW, **more)
    assert len(found.fits) + len(found.others) == 1
    return {verdict.code for one in found.others for verdict in one.verdicts}


def test_a_client_whom_everything_suits_fits() -> None:
    """With points and their reasons."""
    found = people_for(SLOT, (waits(),), practice(), RULES, NOW)
    (fit,) = found.fits
    assert 0 < fit.points <= 100
    assert any("Licensed in PA" in one.sentence for one in fit.criteria)
    assert found.verdicts == ()


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"from_day": date(2026, 12, 2)}, "TOO_EARLY"),
        ({"formats": frozenset({Format.IN_PERSON})}, "FORMAT"),
        ({"service": "dosing"}, "FORMAT"),
        ({"service": "dosing"}, "SLOT_SHORT"),
        ({"state": State.NJ}, "LIC_NONE"),
        ({"payer": "aetna"}, "PAYER"),
        ({"language": "es"}, "LANGUAGE"),
        ({"service": "emdr"}, "QUAL_LEVEL"),
    ],
)
def test_what_the_slot_or_its_therapist_is_not(asked: dict[str, Any], code: str) -> None:
    """Each with its own reason; the code tells which."""
    found = why(practice(), waits(request=asked))
    assert code in found or (code == "QUAL_LEVEL" and any(one.startswith("QUAL") for one in found))


def test_the_place_of_a_slot_in_person() -> None:
    """Only for those who want to come there."""
    there = replace(SLOT, format=Format.IN_PERSON, site=SiteId("phl"), room=RoomId("r1"))
    assert why(practice(), waits(), there) == set()
    assert why(practice(), waits(request={"site": SiteId("bm")}), there) == {"SITE"}
    assert why(practice(), waits(request={"formats": frozenset({Format.TELEHEALTH})}), there) == {"FORMAT"}


def test_the_time_must_lie_inside_the_clients_times() -> None:
    """From its start to the end of the visit, on the wall clock; the request's times come before the client's."""
    (tuesday,) = {one.window for one in hours(_day("tue"), start=10, end=11)}
    (late,) = {one.window for one in hours(_day("tue"), start=11, end=20)}
    assert why(practice(), waits(request={"windows": (tuesday,)})) == set()
    assert why(practice(), waits(request={"windows": (late,)})) == {"OUTSIDE_WINDOWS"}
    usual = practice(clients=()), client("c1", windows=(late,))
    where = replace(usual[0], clients=(usual[1],))
    assert why(where, waits()) == {"OUTSIDE_WINDOWS"}
    assert why(where, waits(request={"windows": (tuesday,)})) == set()


def _day(text: str) -> Any:
    return Weekday(text)


def test_the_schedule_has_the_last_word() -> None:
    """A taken therapist keeps everybody away, a client's own visit that client alone, a past slot everybody."""
    other = visit(
        "v1", TUESDAY, seats=(Seat(client=client("c2").id, expected_state=None),), therapist=TherapistId("t2")
    )
    where = practice(visits=(other,))
    found = people_for(SLOT, (waits("c1"), waits("c2")), where, RULES, NOW)
    assert [one.waiting.client for one in found.fits] == ["c1"]
    assert [one.verdicts[0].code for one in found.others] == ["CLIENT_CONFLICT"]
    assert why(practice(visits=(visit("v1", TUESDAY),)), waits()) == {"THER_CONFLICT"}
    assert people_for(SLOT, (), practice(), RULES, TUESDAY).verdicts[0].code == "SLOT_PAST"


def test_the_license_is_asked_on_the_slots_day() -> None:
    """One that ends the day before keeps away; one that ends that day does not."""
    for expires, expected in ((date(2026, 11, 30), {"LIC_EXPIRED_AT_SESSION"}), (date(2026, 12, 1), set())):
        assert why(practice(therapist("t1", licenses=(pa(expires=expires),))), waits()) == expected


def test_ended_entries_are_left_out_and_lapsed_ones_explained() -> None:
    """An ended wait is nobody's."""
    ended = waits(ended=Ended(on=date(2026, 11, 20), how=WaitEnd.REMOVED))
    found = people_for(SLOT, (ended,), practice(), RULES, NOW)
    assert (found.fits, found.others) == ((), ())
    assert why(practice(), waits(expires=date(2026, 11, 22))) == {"WAIT_EXPIRED"}
    assert why(practice(), waits(expires=date(2026, 11, 23))) == set()


def test_the_order_is_band_then_points_then_wait() -> None:
    """A long wait does not pass a higher band, nor more points."""
    keys = ("c1", "c2", "c3", "c4", "c5")
    where = practice(therapist("t1", specialties=frozenset({"trauma"})), clients=keys)
    wish = {"specialties": frozenset({"trauma"})}
    lacking = {"specialties": frozenset({"faith"})}
    listed = (
        waits("c1", since=NOW - timedelta(days=300), request=lacking),
        waits("c2", since=NOW - timedelta(days=2), request=wish),
        waits("c3", since=NOW - timedelta(days=3), request=wish),
        waits("c4", priority=Urgency.SOON, request=lacking, since=NOW),
        waits("c5", priority=Urgency.URGENT, request=lacking, since=NOW),
    )
    for order in (listed, listed[::-1]):
        found = people_for(SLOT, order, where, RULES, NOW)
        assert [one.waiting.client for one in found.fits] == ["c5", "c4", "c3", "c2", "c1"]


def offer(state: OfferState = OfferState.HELD, **more: Any) -> Offer:
    """An offer of the slot to client c1, for an hour."""
    fields: dict[str, Any] = {"waiting": WaitingId("w-c1"), "client": client("c1").id, "slot": SLOT, **more}
    return Offer(id=OfferId("o1"), offered_at=NOW, held_until=NOW + HOUR, state=state, **fields)


@pytest.mark.parametrize(
    ("state", "minutes", "holds", "declined"),
    [
        (OfferState.HELD, 59, True, False),
        (OfferState.HELD, 60, False, False),
        (OfferState.ACCEPTED, 600, True, False),
        (OfferState.DECLINED, 0, False, True),
        (OfferState.EXPIRED, 0, False, False),
        (OfferState.WITHDRAWN, 0, False, False),
    ],
)
def test_what_an_offer_keeps_from_whom(state: OfferState, minutes: int, holds: bool, declined: bool) -> None:
    """Held and accepted ones keep the slot from everybody, declined ones from their client."""
    now = NOW + timedelta(minutes=minutes)
    found = people_for(SLOT, (waits("c1"), waits("c2")), practice(), RULES, now, offers=(offer(state),))
    assert [one.code for one in found.verdicts] == (["OFFER_HELD"] if holds else [])
    assert [one.verdicts[0].code for one in found.others] == (["OFFER_DECLINED"] if declined else [])


def test_naive_and_impossible_values_are_refused() -> None:
    """Naming the field."""
    with pytest.raises(BadInput, match="since"):
        waits(since=NOW.replace(tzinfo=None))
    with pytest.raises(BadInput, match="expires"):
        waits(expires=date(2026, 1, 1))
    with pytest.raises(BadInput, match="site"):
        replace(SLOT, format=Format.IN_PERSON)
    with pytest.raises(BadInput, match="end"):
        replace(SLOT, end=SLOT.start)
    with pytest.raises(BadInput, match="held_until"):
        replace(offer(), held_until=NOW)
    with pytest.raises(BadInput, match="now"):
        people_for(SLOT, (), practice(), RULES, NOW.replace(tzinfo=None))


# One by one, without any short cut, against the same question for everybody at once.


def reasons_one_by_one(slot: Slot, entry: Waiting, where: Facts) -> Iterator[Verdict | str]:
    """Everything that keeps a client from the slot, asked of the rules themselves."""
    about = where.client(entry.client)
    service = where.service(entry.request.service)
    day = date(2026, 12, 1)
    end = slot.start + timedelta(minutes=service.minutes)
    windows = entry.request.windows or about.windows
    if windows and not any(one.start <= slot.start and end <= one.end for one in window_periods(windows, day_of(day))):
        yield "windows"
    if entry.request.from_day > day or end > slot.end:
        yield "time"
    if slot.format not in entry.request.formats & service.formats:
        yield "format"
        return
    asked = question(
        replace(placed_request(entry, where), from_day=day, weeks=1, formats=frozenset({slot.format})),
        where,
        RULES,
        NOW,
    )
    person = where.therapist(slot.therapist)
    yield from standing_failures(person, asked)
    yield from refusing(judge_request(asked))
    yield from refusing(fitting(person, asked, day))
    yield from refusing(licensed(person, asked, slot.format, asked.request.state, day))
    yield from refusing(check(proposal_for(entry, slot, where), where, RULES, NOW))


@pytest.mark.parametrize("seed", range(4))
def test_everybody_at_once_equals_one_by_one(seed: int) -> None:
    """Three hundred who wait, four therapists: the same people fit, and each is there once."""
    where = with_waiters(practice_of(8, weeks=4, seed=seed), 300, seed=seed)
    sizes = set()
    for person in where.therapists[:4]:
        slot = replace(SLOT, therapist=person.id)
        found = people_for(slot, where.waiting, where, RULES, NOW)
        fits = {one.waiting.id for one in found.fits}
        assert len(fits) + len(found.others) == len(where.waiting)
        expected = {one.id for one in where.waiting if not any(reasons_one_by_one(slot, one, where))}
        assert fits == expected
        sizes.add(bool(fits))
    assert sizes >= {False} or sizes >= {True}


# The plan.

Pairs = Mapping[tuple[int, TherapistId], int]


def pairs_by_match(where: Facts) -> Pairs:
    """Entry and therapist with the points of the plan, wherever the match says eligible at the client's own times."""
    found: dict[tuple[int, TherapistId], int] = {}
    for number, entry in enumerate(where.waiting):
        request = placed_request(entry, where)
        asked = question(request, where, RULES, NOW)
        for one in match(request, where, RULES, NOW).eligible:
            if one.openings and "OUTSIDE_WINDOWS" not in {each.code for each in one.verdicts}:
                found[number, one.therapist] = _points(where, asked, one.therapist)
    return found


def _points(where: Facts, asked: Question, key: TherapistId) -> int:
    return total(timeless(where.therapist(key), asked, scale(asked)))


def best_by_trying(where: Facts, pairs: Pairs, rooms: Mapping[TherapistId, int]) -> tuple[int, ...]:
    """The best by band counts, points less the price of fuller caseloads, and wait, over all plans there are."""
    staff = [one.id for one in where.therapists]
    options = [[None, *(key for key in staff if (number, key) in pairs)] for number in range(len(where.waiting))]
    worths = [worth_of(where, pairs, choice, rooms) for choice in product(*options) if _fits(where, choice, rooms)]
    return max(worths)


def _fits(where: Facts, choice: Sequence[TherapistId | None], rooms: Mapping[TherapistId, int]) -> bool:
    if any(choice.count(key) > room for key, room in rooms.items()):
        return False
    by_client = {one.client: key for one, key in zip(where.waiting, choice, strict=True)}
    return all(
        by_client.get(one.id) is None or by_client[one.id] != by_client.get(other.client)
        for one in where.clients
        for other in one.relations
    )


def worth_of(
    where: Facts, pairs: Pairs, choice: Sequence[TherapistId | None], rooms: Mapping[TherapistId, int]
) -> tuple[int, ...]:
    """What a plan is worth, most important first: urgent, soon and routine clients, then points, shares and wait."""
    placed = [(number, key) for number, key in enumerate(choice) if key is not None]
    by = scale(question(placed_request(where.waiting[0], where), where, RULES, NOW))
    waited = [one.days(date(2026, 11, 23)) for one in where.waiting]
    point = units(min(len(waited), sum(rooms.values())), max(waited)).point
    prices = sum(sum(share_prices(one, choice.count(one.id), by, point)) for one in where.therapists)
    bands = [sum(where.waiting[number].priority is band for number, _key in placed) for band in reversed(Urgency)]
    days = sum(waited[number] for number, _key in placed)
    return (*bands, point * sum(pairs[pair] for pair in placed) - prices + days)


def choice_of(where: Facts, found: Plan) -> list[TherapistId | None]:
    """The plan as one therapist or none for each entry."""
    by_entry = {one.waiting.id: one.therapist for one in found.placements}
    return [by_entry.get(one.id) for one in where.waiting]


@pytest.mark.parametrize("seed", range(12))
def test_no_plan_is_better(seed: int) -> None:
    """Six who wait, four therapists with room for one or two: as good as the best of all plans that the match allows."""
    where = with_waiters(practice_of(4, weeks=4, seed=seed), 6, seed=seed)
    where = replace(where, waiting=tuple(_today(one) for one in where.waiting))
    rooms = {one.id: 1 + (seed + number) % 2 for number, one in enumerate(where.therapists)}
    found = plan(where.waiting, where, RULES, NOW, rooms)
    pairs = pairs_by_match(where)
    choice = choice_of(where, found)
    assert all((number, key) in pairs for number, key in enumerate(choice) if key is not None)
    assert worth_of(where, pairs, choice, rooms) == best_by_trying(where, pairs, rooms)
    assert found.proven


def _today(entry: Waiting) -> Waiting:
    """The entry, asking from today on, so that nothing begins between the first day and the openings."""
    return replace(entry, request=replace(entry.request, from_day=date(2026, 11, 23)))


def test_every_placement_is_one_of_the_match() -> None:
    """Eligible, at an opening of the client's own times, within capacities; everybody is there once."""
    where = with_waiters(practice_of(12, weeks=8), 80)
    found = plan(where.waiting, where, RULES, NOW)
    ids = [*(one.waiting.id for one in found.placements), *(one.waiting.id for one in found.unmet)]
    assert sorted(ids) == sorted(one.id for one in where.waiting)
    assert all(one.given <= one.capacity for one in found.rooms)
    assert len(found.placements) > 10
    for one in found.placements:
        (eligible,) = match(placed_request(one.waiting, where), where, RULES, NOW, among={one.therapist}).eligible
        assert one.opening in eligible.openings
        assert "OUTSIDE_WINDOWS" not in {each.code for each in eligible.verdicts}


def test_the_same_waitlist_gives_the_same_plan_in_any_order() -> None:
    """The order of the entries does not matter."""
    where = with_waiters(practice_of(6, weeks=4), 40)
    assert plan(where.waiting, where, RULES, NOW) == plan(where.waiting[::-1], where, RULES, NOW)


def test_urgent_clients_come_first_whatever_the_points() -> None:
    """One place: the urgent one gets it, and the other is told why not."""
    where = practice(therapist("t1", specialties=frozenset({"trauma"})))
    wish = {"specialties": frozenset({"trauma"})}
    routine = waits("c1", request=wish, since=NOW - timedelta(days=400))
    urgent = waits("c2", request={"specialties": frozenset({"faith"})}, priority=Urgency.URGENT)
    found = plan((routine, urgent), where, RULES, NOW, {TherapistId("t1"): 1})
    assert [one.waiting.client for one in found.placements] == ["c2"]
    assert [(one.waiting.client, one.verdicts[0].code) for one in found.unmet] == [("c1", "FULL")]


def test_among_equals_the_longest_wait_counts_and_clients_go_round() -> None:
    """Two therapists alike: each gets one, and whoever waited longest is placed."""
    where = practice(clients=("c1", "c2", "c3"))
    listed = tuple(waits(key, since=NOW - timedelta(days=days)) for key, days in (("c1", 5), ("c2", 50), ("c3", 20)))
    rooms = {TherapistId("t1"): 5, TherapistId("t2"): 5}
    found = plan(listed[1:], where, RULES, NOW, rooms)
    assert {one.therapist for one in found.placements} == {"t1", "t2"}
    found = plan(listed, where, RULES, NOW, {TherapistId("t1"): 1, TherapistId("t2"): 1})
    assert {one.waiting.client for one in found.placements} == {"c2", "c3"}


def test_nobody_can_is_counted_by_rule() -> None:
    """With how many therapists each rule keeps away."""
    where = practice(therapist("t1"), therapist("t2", licenses=(nj(),)))
    asked = {"payer": "aetna", "state": State.NJ, "formats": frozenset({Format.TELEHEALTH})}
    (left,) = plan((waits(request=asked),), where, RULES, NOW).unmet
    (verdict,) = left.verdicts
    assert (verdict.code, verdict.evidence) == ("NOBODY", {"payment": "2", "license": "1"})


def test_a_supervised_therapist_without_a_valid_supervisor_gets_nobody() -> None:
    """The license rules are asked in full, supervisors included."""
    associate = therapist("t1", licenses=(pa("LAPC"),))
    (left,) = plan((waits(),), practice(associate), RULES, NOW, {TherapistId("t1"): 3}).unmet
    assert left.verdicts[0].code == "NOBODY"


def test_the_room_is_what_caseload_and_week_leave() -> None:
    """Up to the therapist's own limit, and no more than a week's free hours; none who takes no new clients."""
    staff = (
        therapist("t1", caseload_cap=10, caseload_elsewhere=8),
        therapist("t2", caseload_cap=40, hours=hours(_day("mon"), start=9, end=11)),
        therapist("t3", accepting=False),
        therapist("t4", caseload_cap=3, caseload_elsewhere=9),
    )
    found = plan((waits(),), practice(*staff), RULES, NOW)
    assert {one.therapist: one.capacity for one in found.rooms} == {"t1": 2, "t2": 2, "t3": 0, "t4": 0}


def test_a_full_calendar_is_no_opening() -> None:
    """Room in the caseload is not enough: the client's times must hold an opening."""
    (night,) = {one.window for one in hours(_day("tue"), start=20, end=23)}
    (left,) = plan((waits(request={"windows": (night,)}),), practice(), RULES, NOW).unmet
    assert left.verdicts[0].code == "NO_OPENING"


def test_an_empty_waitlist_has_an_empty_plan() -> None:
    """Nothing to propose."""
    assert plan((), practice(), RULES, NOW) == Plan(placements=(), unmet=(), rooms=())


def test_openings_are_real() -> None:
    """The opening of a placement is the first that the search of openings finds."""
    where = practice()
    (placed,) = plan((waits(),), where, RULES, NOW).placements
    person = where.therapist(placed.therapist)
    first: tuple[Opening, ...] = openings(
        person, SESSION, formats=BOTH_FORMATS, first=NOW, last=NOW + timedelta(weeks=8), taken=taken_from(where),
        facts=where, rules=RULES, client=client("c1").id, most=1,
    )  # fmt: skip
    assert placed.opening == first[0]
