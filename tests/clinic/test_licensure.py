"""Licenses, supervision, compacts and seats, as tables of cases through the one license rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from desktop.clinic.errors import BadInput
from desktop.clinic.facts import Facts
from desktop.clinic.licensure import judge_licensure
from desktop.clinic.people import ClientId, State, TherapistId
from desktop.clinic.practice import SiteId
from desktop.clinic.rulebook import Confidence, Fact, Rulebook
from desktop.clinic.services import Format
from desktop.clinic.standing import oddities
from desktop.clinic.therapists import Authority, AuthorityKind, LicenseStatus, Therapist
from desktop.clinic.verdict import Outcome, Verdict, worst
from desktop.clinic.visits import Seat
from desktop.office.rules import shipped_rules
from tests.clinic.house import (
    COACH,
    IN_PERSON,
    NJ,
    NOW,
    PA,
    SERVICES,
    SITES,
    STAFF,
    T2,
    T3,
    T4,
    T5,
    VIDEO,
    House,
    client,
    codes,
    day,
    held,
    moment,
    of,
    supervised,
    therapist,
    visit,
)

COACHING = next(one for one in SERVICES if one.id == "coaching")


def judge(
    one: Therapist,
    at: str = "2026-12-01 15:00",
    state: State | None = PA,
    *,
    minutes: int = 60,
    how: Format = VIDEO,
    facts: Facts | None = None,
    rules: Rulebook | None = None,
    **more: Any,
) -> tuple[Verdict, ...]:
    """Judge one therapist and one place."""
    start = moment(at)
    return judge_licensure(
        one,
        state=state,
        format=how,
        start=start,
        end=start + timedelta(minutes=minutes),
        facts=facts or Facts(therapists=STAFF, services=SERVICES, sites=SITES),
        rules=rules or shipped_rules(),
        now=NOW,
        **more,
    )


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (LicenseStatus.ACTIVE, ("ALLOW", "LIC_OK")),
        (LicenseStatus.INACTIVE, ("BLOCK", "LIC_INACTIVE")),
        (LicenseStatus.EXPIRED, ("BLOCK", "LIC_EXPIRED_AT_SESSION")),
        (LicenseStatus.SUSPENDED, ("BLOCK", "LIC_SUSPENDED")),
        (LicenseStatus.REVOKED, ("BLOCK", "LIC_REVOKED")),
        (LicenseStatus.PROBATION, ("HOLD", "LIC_PROBATION")),
        (LicenseStatus.RESTRICTED, ("HOLD", "LIC_RESTRICTED")),
        (LicenseStatus.PENDING, ("BLOCK", "LIC_PENDING")),
        (LicenseStatus.RETIRED, ("BLOCK", "LIC_RETIRED")),
    ],
)
def test_every_status_of_the_register(status: LicenseStatus, expected: tuple[str, str]) -> None:
    """Active alone allows; discipline short of loss asks a person."""
    found = judge(therapist("x", held(PA, "LPC", "2027-02-28", status=status)))
    assert expected in codes(found)
    assert worst(one for one in found if one.code != "SEAT_STATE").value == expected[0]


@pytest.mark.parametrize(
    ("at", "minutes", "expected"),
    [
        ("2027-02-28 23:00", 60, ("ALLOW", "LIC_OK")),
        ("2027-02-28 23:01", 60, ("BLOCK", "LIC_EXPIRED_AT_SESSION")),
        ("2027-03-01 00:00", 60, ("BLOCK", "LIC_EXPIRED_AT_SESSION")),
        ("2026-06-01 00:00", 60, ("ALLOW", "LIC_OK")),
        ("2026-05-31 23:30", 60, ("BLOCK", "LIC_NOT_YET")),
    ],
)
def test_the_whole_session_lies_inside_the_license(at: str, minutes: int, expected: tuple[str, str]) -> None:
    """First and last day count in full on New York's calendar; past midnight does not."""
    one = therapist("x", held(PA, "LPC", "2027-02-28", effective=day("2026-06-01"), verified_on=day("2026-11-01")))
    assert expected in codes(judge(one, at, minutes=minutes))


@pytest.mark.parametrize(
    ("state", "at", "filed", "expected"),
    [
        (NJ, "2026-12-30 15:00", "2026-11-25", "LIC_LATE_RENEWAL"),
        (NJ, "2026-12-31 15:00", "2026-11-25", "LIC_EXPIRED_AT_SESSION"),
        (NJ, "2026-12-10 15:00", "2026-12-11", "LIC_EXPIRED_AT_SESSION"),
        (NJ, "2026-12-10 15:00", None, "LIC_EXPIRED_AT_SESSION"),
        (PA, "2026-12-10 15:00", "2026-11-25", "LIC_EXPIRED_AT_SESSION"),
    ],
)
def test_the_late_renewal_window(state: State, at: str, filed: str | None, expected: str) -> None:
    """New Jersey's thirty days hold for an administrator once the renewal is filed; Pennsylvania has none."""
    one = therapist(
        "x", held(state, "LPC", "2026-11-30", renewal_filed=None if filed is None else day(filed)), seat_state=state
    )
    found = judge(one, at, state)
    assert of(found, expected).outcome is (Outcome.HOLD if expected == "LIC_LATE_RENEWAL" else Outcome.BLOCK)


@pytest.mark.parametrize(
    ("effective", "verified", "warns"),
    [
        (None, None, False),
        (None, "2026-11-01", False),
        (None, "2026-08-25", False),
        (None, "2026-08-24", True),
        ("2026-03-01", None, True),
        ("2026-03-01", "2026-11-01", False),
        ("2026-11-10", "2026-11-01", True),
    ],
)
def test_when_a_look_up_is_missing(effective: str | None, verified: str | None, warns: bool) -> None:
    """After it took effect, after a renewal, and every ninety days."""
    dates = {
        "effective": None if effective is None else day(effective),
        "verified_on": None if verified is None else day(verified),
    }
    found = judge(therapist("x", held(PA, "LPC", "2027-02-28", **dates)))
    assert (("WARN", "UNVERIFIED") in codes(found)) is warns
    assert ("ALLOW", "LIC_OK") in codes(found)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("LBSW", ("BLOCK", "LIC_SCOPE")),
        ("LSW", ("BLOCK", "SUP_NONE")),
        ("PRE", ("BLOCK", "SUP_NONE")),
        ("XYZ", ("HOLD", "LIC_TITLE")),
        ("LMFT", ("ALLOW", "LIC_OK")),
    ],
)
def test_titles_of_pennsylvania(title: str, expected: tuple[str, str]) -> None:
    """What a title may do alone comes from the rulebook."""
    assert expected in codes(judge(therapist("x", held(PA, title, "2027-02-28"))))


@pytest.mark.parametrize(
    ("title", "expected"),
    [("CSW", ("BLOCK", "LIC_SCOPE")), ("LCADC", ("HOLD", "LIC_SCOPE")), ("PSY-P1", ("ALLOW", "LIC_OK"))],
)
def test_titles_of_new_jersey(title: str, expected: tuple[str, str]) -> None:
    """Substance use counselors are asked about their scope; the one-year permit stands alone."""
    assert expected in codes(judge(therapist("x", held(NJ, title, "2027-02-28")), state=NJ))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({}, "LIC_OK"),
        ({"plan_on": None}, "SUP_PLAN"),
        ({"plan_on": date(2026, 12, 2)}, "SUP_PLAN"),
        ({"client_told": False}, "SUP_DISCLOSURE"),
        ({"ends": date(2026, 11, 30)}, "SUP_NONE"),
        ({"starts": date(2026, 12, 2)}, "SUP_NONE"),
        ({"supervisor": TherapistId("gone")}, "SUP_UNKNOWN"),
        ({"supervisor": TherapistId("t7")}, "SUP_LIC_INVALID"),
        ({"logged_on": date(2026, 11, 15)}, "SUP_LOG"),
        ({"logged_on": date(2026, 11, 16)}, "LIC_OK"),
    ],
)
def test_the_conditions_of_supervision(change: dict[str, Any], code: str) -> None:
    """Each condition that fails has its own code; an old log only warns."""
    record = replace(supervised("t1", PA), **change)
    found = judge(replace(T5, supervisions=(record,)))
    assert code in {one.code for one in found}
    expected = Outcome.WARN if code == "SUP_LOG" else Outcome.ALLOW if code == "LIC_OK" else Outcome.BLOCK
    assert worst(found) is expected


def test_a_held_associate_still_needs_the_supervisor() -> None:
    """Signing the late renewal off does not hide that the supervision is missing."""
    late = replace(T5, licenses=(held(NJ, "LAC", "2026-11-30", renewal_filed=day("2026-11-25")),), supervisions=())
    assert codes(judge(late, "2026-12-01 15:00", NJ)) >= {("HOLD", "LIC_LATE_RENEWAL"), ("BLOCK", "SUP_NONE")}


@pytest.mark.parametrize(
    ("expires", "expected"),
    [("2026-11-30", ("BLOCK", "LIC_EXPIRED_AT_SESSION")), ("2026-12-01", ("HOLD", "LIC_TITLE"))],
)
def test_an_unknown_title_is_held_only_while_in_force(expires: str, expected: tuple[str, str]) -> None:
    """Nobody can sign off a license whose dates exclude the day."""
    assert expected in codes(judge(therapist("x", held(PA, "XYZ", expires))))


def test_the_best_supervision_counts() -> None:
    """A record that fails does not spoil one that holds."""
    failed = supervised("t7", PA)
    assert worst(judge(replace(T5, supervisions=(failed, supervised("t1", PA))))) is Outcome.ALLOW


def test_a_social_workers_supervisor_of_less_than_three_years() -> None:
    """New Jersey asks an LCSW of three years; the record's date only warns."""
    young = replace(
        T4,
        licenses=(T4.licenses[0], held(NJ, "LCSW", "2028-08-31", effective=day("2025-01-01"), verified_on=NOW.date())),
    )
    worker = therapist("x", held(NJ, "LSW", "2028-08-31"), supervisions=(supervised("t4", NJ),), seat_state=NJ)
    assert ("WARN", "SUP_TENURE") in codes(judge(worker, state=NJ, facts=Facts(therapists=(young, worker))))


def authority(kind: AuthorityKind, **more: Any) -> Authority:
    """An authority from Pennsylvania."""
    fields: dict[str, Any] = {"home_state": PA, "number": "A-1", "expires": day("2027-12-31"), **more}
    return Authority(kind=kind, **fields)


@pytest.mark.parametrize(
    ("change", "state", "how", "code"),
    [
        ({}, NJ, VIDEO, "LIC_OK"),
        ({}, State.DE, VIDEO, "LIC_OK"),
        ({}, State.NY, VIDEO, "COMPACT_NOT_OPERATIONAL"),
        ({}, NJ, IN_PERSON, "PSYPACT_TELEHEALTH_ONLY"),
        ({"expires": date(2026, 11, 30)}, NJ, VIDEO, "AUTHORITY_EXPIRED"),
        ({"effective": date(2026, 12, 2)}, NJ, VIDEO, "AUTHORITY_NOT_YET"),
        ({"status": LicenseStatus.SUSPENDED}, NJ, VIDEO, "AUTHORITY_INACTIVE"),
        ({"home_state": State.DE}, NJ, VIDEO, "COMPACT_HOME_LICENSE"),
        ({"home_state": State.CA}, NJ, VIDEO, "COMPACT_NOT_OPERATIONAL"),
        ({"home_state": None}, NJ, VIDEO, "COMPACT_HOME_LICENSE"),
    ],
)
def test_telepsychology(change: dict[str, Any], state: State, how: Format, code: str) -> None:
    """The APIT reaches member states by video, from a full license and a seat in the home state."""
    found = judge(replace(T3, authorities=(authority(AuthorityKind.APIT, **change),)), state=state, how=how)
    assert code in {one.code for one in found}
    assert worst(found) is (Outcome.ALLOW if code == "LIC_OK" else Outcome.BLOCK)


def test_a_home_license_under_discipline_closes_the_compact() -> None:
    """Full and unrestricted, or not at all."""
    one = replace(T3, licenses=(held(PA, "PSY", "2027-11-30", status=LicenseStatus.PROBATION),))
    assert ("BLOCK", "COMPACT_DISCIPLINE") in codes(judge(one, state=NJ))


def test_a_permit_under_discipline_closes_the_compact_too() -> None:
    """A disciplinary history in psychology is one, whatever the paper is called; another profession's is not."""
    permit = held(NJ, "PSY-P3", "2028-01-01", status=LicenseStatus.REVOKED)
    found = judge(replace(T3, licenses=(*T3.licenses, permit)), state=State.DE)
    assert ("BLOCK", "COMPACT_DISCIPLINE") in codes(found)
    counselor = held(NJ, "LPC", "2028-01-01", status=LicenseStatus.REVOKED)
    assert worst(judge(replace(T3, licenses=(*T3.licenses, counselor)), state=State.DE)) is Outcome.ALLOW


def test_a_privilege_covers_the_seat_once_the_compact_is_live() -> None:
    """Who may practice in New Jersey under a compact may sit there; before it is live nobody may."""
    licenses = (held(PA, "LPC", "2027-02-28"),)
    privilege = authority(AuthorityKind.PRIVILEGE, state=NJ)
    one = therapist("x", *licenses, authorities=(privilege,), seat_state=NJ)
    live = [
        Fact(
            key=f"compact.counseling.{state}", value={"issuing_from": day("2026-12-01")}, source="invented",
            confidence=Confidence.LOW, verified_on=NOW.date(),
        )
        for state in (PA, NJ)
    ]  # fmt: skip
    rules = shipped_rules().with_facts(live)
    for state in (PA, NJ):
        assert worst(judge(one, state=state, rules=rules)) is Outcome.ALLOW
    assert ("HOLD", "SEAT_STATE") in codes(judge(one, "2026-11-30 15:00", PA, rules=rules))


@pytest.mark.parametrize(("used", "expected"), [(29, "LIC_OK"), (30, "TAP_DAYS")])
def test_thirty_days_in_person_per_year(used: int, expected: str) -> None:
    """The thirty-first day of the calendar year is blocked; days of another year do not count."""
    days = frozenset(date(2026, 1, 1) + timedelta(days=n) for n in range(used)) | {date(2025, 12, 31)}
    one = replace(T3, authorities=(authority(AuthorityKind.TAP, days_used=days),))
    found = judge(one, state=NJ, how=IN_PERSON)
    assert expected in {each.code for each in found}


def test_days_in_the_file_count_too() -> None:
    """Two visits on one day are one day; video, canceled and other states are none."""
    days = frozenset(date(2026, 1, 1) + timedelta(days=n) for n in range(29))
    one = replace(T3, authorities=(authority(AuthorityKind.TAP, days_used=days),))
    there = {"format": IN_PERSON, "site": SiteId("chy")}
    other = visit("v1", "therapy", "t3", "2026-11-24 10:00", **there)
    free = (
        visit("v2", "therapy", "t3", "2026-12-01 10:00", **there),
        visit("v3", "therapy", "t3", "2026-11-25 10:00", seats=(Seat(client=ClientId("c1"), expected_state=NJ),)),
        visit("v4", "therapy", "t3", "2026-11-26 10:00", format=IN_PERSON, site=SiteId("bm")),
    )
    facts = Facts(therapists=(one,), services=SERVICES, sites=SITES, visits=free)
    assert ("ALLOW", "LIC_OK") in codes(judge(one, state=NJ, how=IN_PERSON, facts=facts))
    full = replace(facts, visits=(*free, other))
    assert ("BLOCK", "TAP_DAYS") in codes(judge(one, state=NJ, how=IN_PERSON, facts=full))
    assert ("BLOCK", "PSYPACT_IN_PERSON_ONLY") in codes(judge(one, state=NJ))


def test_what_may_be_done_alone_comes_before_supervision() -> None:
    """A therapist of their own right is no associate because an older license is supervised and looked up."""
    associate = replace(T5, licenses=(T5.licenses[1], held(PA, "LPC", "2028-02-28", effective=day("2026-11-01"))))
    found = judge(associate)
    assert codes(found) == {("ALLOW", "LIC_OK"), ("WARN", "UNVERIFIED")}
    assert of(found, "LIC_OK").evidence["basis"] == "direct"
    psychologist = replace(T3, licenses=(*T3.licenses, T5.licenses[0]), supervisions=T5.supervisions)
    assert of(judge(psychologist, "2026-11-27 15:00", NJ), "LIC_OK").evidence["basis"] == "APIT"
    assert of(judge(T5, "2026-11-27 15:00", NJ), "LIC_OK").evidence["basis"] == "supervised"


def test_a_boards_temporary_permission() -> None:
    """Its dates and its state, and fifteen days in any ninety when it runs longer than ten business days."""
    letter = authority(
        AuthorityKind.TEMPORARY_PERMISSION,
        state=NJ,
        home_state=None,
        effective=day("2026-11-30"),
        expires=day("2026-12-11"),
    )
    one = therapist("x", held(PA, "PSY", "2027-11-30"), authorities=(letter,))
    found = judge(one, state=NJ)
    assert of(found, "LIC_OK").evidence["basis"] == "TEMPORARY_PERMISSION"
    assert ("BLOCK", "AUTHORITY_EXPIRED") in codes(judge(one, "2026-12-12 15:00", NJ))
    assert ("BLOCK", "TEMP_STATE") in codes(judge(replace(one, authorities=(replace(letter, state=None),)), state=NJ))
    long = replace(one, authorities=(replace(letter, effective=day("2026-10-01"), expires=day("2026-12-29")),))
    seats = (Seat(client=ClientId("c1"), expected_state=NJ),)
    visits = tuple(visit(f"v{n}", "therapy", "x", f"2026-10-{n:02} 10:00", seats=seats) for n in range(1, 16))
    facts = Facts(therapists=(long,), services=SERVICES, visits=visits)
    assert ("BLOCK", "TEMP_DAYS") in codes(judge(long, state=NJ, facts=facts))
    assert worst(judge(long, state=NJ, facts=replace(facts, visits=visits[1:]))) is Outcome.ALLOW


def entry(key: str, value: object) -> Fact:
    """An entry of the practice."""
    return Fact(key=key, value=value, source="invented", confidence=Confidence.LOW, verified_on=NOW.date())


def test_a_compact_goes_live_by_data_alone() -> None:
    """Both states must issue on the day of the visit; dates may be text, as in a JSON file."""
    one = therapist("x", held(PA, "LPC", "2027-02-28"), authorities=(authority(AuthorityKind.PRIVILEGE, state=NJ),))
    here = entry("compact.counseling.PA", {"issuing_from": "2026-12-01"})
    there = entry("compact.counseling.NJ", {"issuing_from": date(2026, 12, 2)})
    rules = shipped_rules().with_facts((here, there))
    assert ("BLOCK", "COMPACT_NOT_OPERATIONAL") in codes(judge(one, state=NJ))
    assert ("BLOCK", "COMPACT_NOT_OPERATIONAL") in codes(judge(one, state=NJ, rules=rules))
    assert of(judge(one, "2026-12-02 15:00", NJ, rules=rules), "LIC_OK").evidence["basis"] == "PRIVILEGE"
    one_sided = shipped_rules().with_facts((there,))
    assert ("BLOCK", "COMPACT_NOT_OPERATIONAL") in codes(judge(one, "2026-12-02 15:00", NJ, rules=one_sided))


@pytest.mark.parametrize(
    ("license_status", "expires", "expected"),
    [
        (LicenseStatus.PENDING, "2027-06-30", ("ALLOW", "LIC_OK")),
        (LicenseStatus.SUSPENDED, "2027-06-30", ("BLOCK", "LIC_SUSPENDED")),
        (LicenseStatus.INACTIVE, "2027-06-30", ("HOLD", "LIC_LAPSED_REVIEW")),
        (LicenseStatus.ACTIVE, "2026-11-30", ("HOLD", "LIC_LAPSED_REVIEW")),
    ],
)
def test_a_direct_license_beside_the_compact(
    license_status: LicenseStatus, expires: str, expected: tuple[str, str]
) -> None:
    """One not yet granted changes nothing, a lapsed one is reviewed, one that was taken away governs."""
    direct = held(NJ, "PSY", expires, status=license_status)
    apit = authority(AuthorityKind.APIT)
    found = judge(replace(T3, licenses=(*T3.licenses, direct), authorities=(apit,)), state=NJ)
    assert expected in codes(found)
    assert worst(found).value == expected[0]


def test_a_seat_without_a_license() -> None:
    """New Jersey holds, Pennsylvania warns, in person there is no seat."""
    assert ("HOLD", "SEAT_STATE") in codes(judge(STAFF[0], seat_state=NJ))
    only_nj = therapist("x", held(NJ, "LPC", "2027-11-30"))
    assert codes(judge(only_nj, state=NJ)) == {("ALLOW", "LIC_OK"), ("WARN", "SEAT_STATE")}
    assert codes(judge(only_nj, state=NJ, how=IN_PERSON)) == {("ALLOW", "LIC_OK")}


@pytest.mark.parametrize("title", ["LAC", "LCADC", "CADC", "PSY-P3"])
def test_a_narrow_license_takes_nothing_from_a_boards_letter(title: str) -> None:
    """A letter of the board counts beside a license that is unsupervised or for substance use alone."""
    letter = authority(
        AuthorityKind.TEMPORARY_PERMISSION, state=NJ, home_state=None, effective=day("2026-11-30"),
        expires=day("2026-12-11"),
    )  # fmt: skip
    one = therapist("x", held(PA, "PSY", "2027-11-30"), held(NJ, title, "2028-11-30"), authorities=(letter,))
    assert of(judge(one, state=NJ), "LIC_OK").evidence["basis"] == "TEMPORARY_PERMISSION"
    lapsed = replace(one, licenses=(*one.licenses, held(NJ, "PSY", "2026-11-30")))
    assert ("HOLD", "LIC_LAPSED_REVIEW") in codes(judge(lapsed, state=NJ))
    lost = replace(one, licenses=(*one.licenses, held(NJ, "PSY", "2028-11-30", status=LicenseStatus.SUSPENDED)))
    assert ("BLOCK", "LIC_SUSPENDED") in codes(judge(lost, state=NJ))


def test_coaching_asks_for_the_place_but_does_not_wait_for_it() -> None:
    """No license decides, so an unknown place is a warning."""
    assert codes(judge(COACH, state=None, service=COACHING)) == {("WARN", "LOC_UNKNOWN")}


def test_coaching_needs_no_license_but_a_warning_in_new_jersey() -> None:
    """A coach licensed in New Jersey is not warned."""
    assert codes(judge(COACH, state=PA, service=COACHING)) == {("ALLOW", "LIC_OK")}
    assert codes(judge(COACH, state=NJ, service=COACHING)) == {("WARN", "COACH_NJ")}
    assert codes(judge(T4, state=NJ, service=COACHING)) == {("ALLOW", "LIC_OK")}


def test_a_group_loses_one_seat_and_a_couple_the_visit() -> None:
    """The uncovered client of a group is named; a couple needs both covered."""
    house = House(clients=(client(), client("c2")))
    seats = (Seat(client=ClientId("c1"), expected_state=PA), Seat(client=ClientId("c2"), expected_state=NJ))
    group = of(house.ask("t1", "2026-12-01 15:00", service="group", seats=seats), "LIC_NONE")
    assert (group.evidence["client"], group.evidence["blocks"]) == ("c2", "seat")
    couple = of(house.ask("t1", "2026-12-01 15:00", service="couples", seats=seats), "LIC_NONE")
    assert couple.evidence["blocks"] == "visit"
    assert worst(house.ask("t4", "2026-12-01 15:00", service="group", seats=seats)) is Outcome.ALLOW


def test_co_leaders_are_judged_too() -> None:
    """Whoever leads practices where the client is."""
    house = House(clients=(client(), client("c2")))
    seats = tuple(Seat(client=ClientId(key), expected_state=NJ) for key in ("c1", "c2"))
    found = house.ask("t4", "2026-12-01 15:00", service="group", seats=seats, co_leaders=(TherapistId("t1"),))
    assert of(found, "LIC_NONE").evidence["therapist"] == "t1"


def test_evidence_lets_a_clinician_check() -> None:
    """Number, expiry, rule, source and both look-up dates."""
    shows = of(judge(T2), "LIC_OK").evidence
    assert {"state", "number", "expires", "rule", "source", "verified_on", "license_verified_on"} <= shows.keys()
    assert shows["rule"] == "license.PA.LPC"


def test_a_naive_moment_is_refused() -> None:
    """Every instant has an offset."""
    start = moment("2026-12-01 15:00")
    with pytest.raises(BadInput):
        judge_licensure(
            T2,
            state=PA,
            format=VIDEO,
            start=start.replace(tzinfo=None),
            end=start,
            facts=Facts(),
            rules=shipped_rules(),
            now=NOW,
        )


@pytest.mark.parametrize(
    ("number", "expires", "expected"),
    [
        ("PC001234", "2027-02-28", set()),
        ("LPC-17", "2027-02-28", {"LIC_NUMBER"}),
        ("PC001234", "2026-02-28", {"LIC_CYCLE"}),
        ("", "2027-03-31", {"LIC_CYCLE"}),
    ],
)
def test_odd_numbers_and_dates_only_warn(number: str, expires: str, expected: set[str]) -> None:
    """A hint for whoever types the license in."""
    found = oddities(replace(held(PA, "LPC", expires), number=number), shipped_rules(), NOW.date())
    assert {one.code for one in found} == expected
    assert worst(found).rank <= Outcome.WARN.rank


def test_moving_the_thirtieth_day_is_not_a_thirty_first() -> None:
    """The visit that is moved does not count against itself."""
    days = frozenset(date(2026, 1, 1) + timedelta(days=n) for n in range(29))
    one = replace(T3, authorities=(authority(AuthorityKind.TAP, days_used=days),))
    old = visit("old", "therapy", "t3", "2026-11-24 10:00", format=IN_PERSON, site=SiteId("chy"))
    house = House(visits=(old,)).having(one)
    assert ("BLOCK", "TAP_DAYS") in codes(house.ask("t3", "2026-12-01 15:00", site="chy"))
    assert "TAP_DAYS" not in {each.code for each in house.ask("t3", "2026-12-01 15:00", moves=old.id, site="chy")}
