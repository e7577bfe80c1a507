"""The invented practice: the same every time, complete, and without a single double booking."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise

import phonenumbers
import pytest
import zipcodes

from desktop.clinic.clients import Client, ClientStatus, Signer
from desktop.clinic.errors import Canceled
from desktop.clinic.facts import Facts
from desktop.clinic.moments import age_on, local, local_date
from desktop.clinic.people import State
from desktop.clinic.referral import Stage
from desktop.clinic.services import Format, Modality, ServiceKind
from desktop.clinic.therapists import LicenseStatus, Role
from desktop.clinic.visits import Visit, VisitStatus
from desktop.office import intake
from desktop.office.demo import DESK, demo_facts, demo_referrals_csv, fill, is_demo
from desktop.office.demo.staff import cycle_end
from desktop.office.demo.words import words
from desktop.records.store import Store
from tests.conftest import ROSA, TODAY


def test_the_same_seed_and_day_give_the_same_practice(demo: Facts) -> None:
    """Value for value; another seed gives other people."""
    again = demo_facts(today=TODAY)
    assert again == demo
    assert repr(again) == repr(demo)
    assert demo_facts(seed=2, today=TODAY).clients != demo.clients


def test_the_first_copy_does_not_depend_on_the_size(demo: Facts) -> None:
    """A larger practice has the small one inside, with other ids for the rest."""
    larger = demo_facts(size=2, today=TODAY)
    assert larger.clients[: len(demo.clients)] == demo.clients
    assert len(larger.therapists) == 50
    assert len(larger.clients) == 1800
    for kind in ("sites", "rooms", "groups", "therapists", "clients", "referrers", "referrals", "visits", "pathways"):
        ids = [one.id for one in getattr(larger, kind)]
        assert len(set(ids)) == len(ids), kind
    assert _clashes(larger) == []


@pytest.mark.parametrize("day", [TODAY, date(2026, 12, 31), date(2027, 3, 14), date(2028, 2, 29), date(2029, 7, 1)])
def test_nobody_and_no_room_is_ever_booked_twice(day: date) -> None:
    """Therapists and rooms with their buffers, clients without."""
    assert _clashes(demo_facts(today=day)) == []


def test_the_brute_force_finds_a_double_booking(demo: Facts) -> None:
    """The check itself would notice."""
    first = next(visit for visit in demo.visits if visit.status.holds_time)
    assert _clashes(replace(demo, visits=(*demo.visits, replace(first, id="again"))))  # type: ignore[arg-type]


def test_the_size_of_a_typical_practice(demo: Facts) -> None:
    """25 therapists, 900 clients, 12 rooms at two sites in Pennsylvania, 60 open referrals, a year of visits."""
    assert (len(demo.therapists), len(demo.clients), len(demo.rooms), len(demo.sites)) == (25, 900, 12, 2)
    assert {site.state for site in demo.sites} == {State.PA}
    assert sum(referral.stage.is_open for referral in demo.referrals) == 60
    assert len(demo.visits) > 18_000
    days = [local_date(visit.start) for visit in demo.visits]
    assert min(days) < TODAY - timedelta(days=175)
    assert max(days) > TODAY + timedelta(days=175)


def test_every_modality_and_kind_of_visit_is_offered_and_can_be_given(demo: Facts) -> None:
    """Each service has somebody who holds its level and scope, and each in-person one a room."""
    assert {service.kind for service in demo.services} == set(ServiceKind)
    assert {service.modality for service in demo.services} >= set(Modality) - {None}
    for service in demo.services:
        features = [room.features for room in demo.rooms]
        assert any(service.room_features <= one for one in features), service.id
        held = [one for staff in demo.therapists if not staff.retired for one in staff.qualifications]
        assert service.modality is None or any(
            one.modality is service.modality and one.level.rank >= service.level.rank and service.scope <= one.scope
            for one in held
        ), service.id


@pytest.mark.parametrize(
    ("state", "title", "end"),
    [
        ("PA", "LPC", date(2027, 2, 28)),
        ("PA", "LCSW", date(2027, 2, 28)),
        ("PA", "PSY", date(2027, 11, 30)),
        ("NJ", "LPC", date(2026, 11, 30)),
        ("NJ", "LAC", date(2026, 11, 30)),
        ("NJ", "LCSW", date(2028, 8, 31)),
        ("NJ", "LSW", date(2028, 8, 31)),
        ("NJ", "PSY", date(2027, 6, 30)),
    ],
)
def test_licenses_end_where_their_cycles_end(demo: Facts, state: str, title: str, end: date) -> None:
    """The boards' own dates, or two years later where the renewal is in already."""
    assert cycle_end(state, title, TODAY) == end
    held = [one for staff in demo.therapists for one in staff.licenses if (one.state, one.title) == (state, title)]
    assert held
    assert {one.expires for one in held} <= {end, end.replace(year=end.year + 2)}
    assert any(one.expires == end for one in held)
    assert all(one.status is LicenseStatus.ACTIVE and one.expires >= TODAY for one in held)


def test_some_new_jersey_licenses_are_renewed_and_one_is_not_looked_up_again(demo: Facts) -> None:
    """The week before the cycle ends, the practice has all three."""
    held = [one for staff in demo.therapists for one in staff.licenses if (one.state, one.title) == ("NJ", "LPC")]
    assert {one.expires.year for one in held} == {2026, 2028}
    assert any(one.verified_on is None for one in held)


def test_therapists_differ_as_real_ones_do(demo: Facts) -> None:
    """A coach, a psychologist with PSYPACT, associates with supervisors, KAP at several levels, one retired."""
    staff = demo.therapists
    assert any(one.role is Role.COACH and not one.licenses for one in staff)
    assert any(one.authorities for one in staff)
    assert sum(one.retired for one in staff) == 1
    assert any(not one.accepting and not one.retired for one in staff)
    associates = [one for one in staff if any(sup.state for sup in one.supervisions)]
    assert len(associates) == 3
    known = {one.id for one in staff}
    assert all(record.supervisor in known for one in staff for record in one.supervisions)
    kap = {one.level.value for person in staff for one in person.qualifications if one.modality is Modality.KAP}
    assert kap == {"in_training", "trained", "certified"}


def test_clients_are_of_every_age_and_live_in_two_states(demo: Facts) -> None:
    """About 15 % in New Jersey; minors have guardians who signed; telephone numbers are fictional ones."""
    ages = [age_on(one.birth_date, TODAY) for one in demo.clients]
    assert min(ages) >= 4
    assert max(ages) <= 80
    assert 0.10 < sum(one.address.state is State.NJ for one in demo.clients) / len(demo.clients) < 0.20
    for client, age in zip(demo.clients, ages, strict=True):
        assert bool(client.guardians) is (age < 18)
        if client.guardians and client.consents:
            signed = {one.signer for one in client.consents if one.by is Signer.GUARDIAN}
            assert signed == {guardian.name.full for guardian in client.guardians}
        for phone in client.phones:
            assert "55501" in phone.number
            assert phonenumbers.format_number(phonenumbers.parse(phone.number), phonenumbers.PhoneNumberFormat.E164)


def test_addresses_are_in_real_towns() -> None:
    """ZIP code, town, county and state agree with the postal service's table."""
    places = words("places")
    for region, state in (("philadelphia", "PA"), ("main_line", "PA"), ("new_jersey", "NJ")):
        for line in places[region]:
            code, rest = line.split(" ", 1)
            found = zipcodes.matching(code)[0]  # type: ignore[no-untyped-call]
            assert (f"{found['city']}, {found['county']}", found["state"]) == (rest, state)


def test_names_that_hurt_survive(demo: Facts) -> None:
    """Every difficult name is there, letter for letter."""
    names = {(one.name.given, one.name.family) for one in demo.clients}
    for hurt in words("names")["difficult"]:
        assert (hurt["given"], hurt["family"]) in names
    assert max(len(family) for _given, family in names) == 60


def test_every_open_referral_is_complete(demo: Facts) -> None:
    """The desk owns it, something is due, its history leads to its stage, and what is asked for is written down."""
    stages = Counter(one.stage for one in demo.referrals)
    assert set(stages) == set(Stage)
    overdue = 0
    for referral in demo.referrals:
        assert referral.history[-1].after is referral.stage
        assert all(a.after is b.before for a, b in zip(referral.history, referral.history[1:], strict=False))
        assert all(step.at.date() <= TODAY for step in referral.history)
        demo.client(referral.client)
        if referral.direction == "in":
            assert referral.request is not None
            assert referral.request.client == referral.client
        if referral.stage.is_open:
            assert referral.owner == DESK
            assert referral.next_action is not None
            assert referral.due is not None
            overdue += referral.is_overdue(TODAY)
        if referral.visit is not None:
            visit = demo.visit(referral.visit)
            assert visit.clients == (referral.client,)
            assert (visit.start.date() >= TODAY) is (referral.stage is Stage.BOOKED)
    assert 8 <= overdue <= 25


def test_booked_referrals_have_their_visit(demo: Facts) -> None:
    """So have attended ones that are still open."""
    booked = [one for one in demo.referrals if one.stage in (Stage.BOOKED, Stage.ATTENDED) and one.direction == "in"]
    assert len(booked) == 8
    assert all(one.visit and one.therapist for one in booked)


def test_visits_keep_their_wall_clock_hour_over_both_ends_of_dst(demo: Facts) -> None:
    """A series is always at the same local time, and on the same weekday."""
    hours: dict[str, set[tuple[int, int, int]]] = defaultdict(set)
    offsets = set()
    for visit in demo.visits:
        start = local(visit.start)
        offsets.add(start.utcoffset())
        if visit.series:
            hours[visit.series].add((start.weekday(), start.hour, start.minute))
    assert len(offsets) == 2
    assert all(len(times) == 1 for times in hours.values())


def test_visits_stay_inside_working_hours_and_open_days(demo: Facts) -> None:
    """At the therapist's place of that hour, and never on Thanksgiving or in a vacation."""
    for visit in demo.visits:
        start, end = local(visit.start), local(visit.end)
        assert start.date() != date(2026, 11, 26)
        for key in visit.therapists:
            staff = demo.therapist(key)
            assert any(
                hours.window.day.number == start.weekday()
                and hours.window.start <= start.time()
                and end.time() <= hours.window.end
                and visit.format in hours.formats
                and (visit.site is None or visit.site == hours.site)
                and (hours.valid_to is None or start.date() <= hours.valid_to)
                for hours in staff.hours
            ), visit.id
            assert not any(off.start < visit.end and visit.start < off.end for off in staff.time_off)


def test_each_visit_has_a_place_that_fits(demo: Facts) -> None:
    """In person: a room with what the service needs. By video: the state where each client sits."""
    for visit in demo.visits:
        service = demo.service(visit.service)
        assert visit.format in service.formats
        if visit.format is Format.IN_PERSON:
            assert visit.room is not None
            assert demo.room(visit.room).site == visit.site
            assert service.room_features <= demo.room(visit.room).features
        else:
            assert all(seat.expected_state is not None for seat in visit.seats)
        assert visit.uid
        assert visit.seats


def test_what_became_of_visits(demo: Facts) -> None:
    """Past ones have outcomes, about a tenth called off or missed; coming ones do not have any."""
    past = Counter(visit.status for visit in demo.visits if visit.start.date() < TODAY - timedelta(days=3))
    assert set(past) == {VisitStatus.COMPLETED, VisitStatus.CANCELED, VisitStatus.LATE_CANCEL, VisitStatus.NO_SHOW}
    assert 0.86 < past[VisitStatus.COMPLETED] / past.total() < 0.94
    coming = {visit.status for visit in demo.visits if visit.start.date() > TODAY}
    assert coming == {VisitStatus.HOLD, VisitStatus.SCHEDULED, VisitStatus.CONFIRMED, VisitStatus.CANCELED}
    for visit in demo.visits:
        assert (visit.cancellation is not None) is (visit.status in (VisitStatus.CANCELED, VisitStatus.LATE_CANCEL))
        if visit.cancellation is not None:
            assert visit.cancellation.at < visit.start
            assert visit.cancellation.at.date() <= TODAY


def test_every_dosing_is_followed_by_integration_within_72_hours(demo: Facts) -> None:
    """In a room that is ready for it, with an escort, for a cleared adult."""
    courses = {one.client: one for one in demo.pathways}
    starts: dict[str, list[datetime]] = defaultdict(list)
    for visit in demo.visits:
        if visit.service == "kap-integration":
            starts[visit.clients[0]].append(visit.start)
    dosings = [visit for visit in demo.visits if visit.service == "kap-dosing"]
    assert len(dosings) > 60
    for visit in dosings:
        assert visit.escort is not None
        assert any(timedelta() < start - visit.end <= timedelta(hours=72) for start in starts[visit.clients[0]])
        course = courses[visit.clients[0]]
        assert all(local_date(visit.start) <= one.valid_until for one in course.clearances if one.valid_until)


def test_caseloads_stay_under_their_caps(demo: Facts) -> None:
    """Therapists who accept clients have room for more."""
    for staff in demo.therapists:
        assert staff.caseload_cap is not None
        assert demo.caseloads[staff.id] <= staff.caseload_cap
    active = [one for one in demo.clients if one.status is ClientStatus.ACTIVE]
    assert len(active) > 550
    assert all(one.therapist for one in active)


def test_partners_live_together_and_come_together(demo: Facts) -> None:
    """So that one license serves both."""
    for visit in demo.visits:
        if visit.service == "couples":
            first, second = (demo.client(seat.client) for seat in visit.seats)
            assert first.address == second.address
            assert len({seat.expected_state for seat in visit.seats}) == 1


def test_the_practice_fills_a_clinic_file_in_one_step(store: Store, demo: Facts) -> None:
    """Everything is in, told with progress."""
    told: list[tuple[int, int]] = []
    fill(store, ROSA, demo, lambda done, total: told.append((done, total)))
    with store.reading() as reader:
        assert set(reader.facts().clients) == set(demo.clients)
        assert set(reader.facts().visits) == set(demo.visits)
        assert is_demo(reader)
    assert told[-1][0] == told[-1][1]
    assert len(store.tasks(5)) == 2


def test_canceled_filling_leaves_nothing(store: Store, demo: Facts) -> None:
    """All or nothing."""

    def stop(done: int, total: int) -> None:
        del done, total
        raise Canceled

    before = store.dump_hash()
    with pytest.raises(Canceled):
        fill(store, ROSA, demo, stop)
    assert store.dump_hash() == before


def test_the_new_referrals_can_be_imported_without_a_remark(shared_demo_store: Store) -> None:
    """Twelve people, one of them a minor, two in New Jersey, one in a state where nobody may practice."""
    found = intake.preview(demo_referrals_csv(TODAY), kind="referrals", store=shared_demo_store)
    assert found.errors == ()
    assert found.ignored == ()
    assert found.duplicates == ()
    assert {name: one.add for name, one in found.counts.items()} == {"Client": 12, "Referral": 12}
    clients = [one for one in found.add if isinstance(one, Client)]
    assert sum(age_on(one.birth_date, TODAY) < 18 for one in clients) == 1
    states = Counter(one.address.state for one in clients)
    assert (states[State.NJ], states[State.NY]) == (2, 1)
    arrivals = [one for one in found.add if not isinstance(one, Client)]
    assert sum(one.referrer is not None for one in arrivals) == 7
    assert demo_referrals_csv(TODAY) == demo_referrals_csv(TODAY)


def _clashes(facts: Facts) -> list[tuple[str, str, str]]:
    """Every pair of visits that take the same therapist, room or client at once."""
    held = [visit for visit in facts.visits if visit.status.holds_time]
    found: list[tuple[str, str, str]] = []
    for key, visits in _by_resource(held).items():
        ordered = sorted(visits, key=lambda visit: visit.start)
        buffered = not key.startswith("client-")
        for first, second in pairwise(ordered):
            free = timedelta(minutes=facts.service(first.service).buffer_after if buffered else 0)
            before = timedelta(minutes=facts.service(second.service).buffer_before if buffered else 0)
            if first.end + free > second.start - before:
                found.append((key, first.id, second.id))
    return found


def _by_resource(visits: Iterable[Visit]) -> dict[str, list[Visit]]:
    taken: dict[str, list[Visit]] = defaultdict(list)
    for visit in visits:
        for key in (*visit.therapists, *visit.clients, *([visit.room] if visit.room else [])):
            taken[key].append(visit)
    return taken
