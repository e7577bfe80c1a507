"""What must hold of license and qualification verdicts for any therapist, day and place."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.clinic.facts import Facts
from desktop.clinic.licensure import judge_licensure
from desktop.clinic.moments import whole_day
from desktop.clinic.people import Name, State, TherapistId
from desktop.clinic.qualification import judge_qualification
from desktop.clinic.services import Format, Level, Modality
from desktop.clinic.therapists import (
    Authority,
    AuthorityKind,
    License,
    LicenseStatus,
    Qualification,
    Supervision,
    Therapist,
)
from desktop.clinic.verdict import Outcome, Verdict, worst
from desktop.office.rules import shipped_rules
from tests.clinic.house import K1, NJ, NOW, PA, T1, T2

FIRST, LAST = date(2026, 1, 1), date(2028, 12, 31)
DAYS = st.dates(FIRST, LAST)
STATES = st.sampled_from([PA, NJ, State.DE, State.NY])
PLACES = st.sampled_from([PA, NJ, State.DE])
TITLES = st.sampled_from(["LPC", "LAC", "LAPC", "LCSW", "LSW", "LMFT", "PSY", "PSY-P3", "PRE", "CSW"])
SUPERVISORS = (T1, T2, K1)


@st.composite
def licenses(draw: st.DrawFn) -> License:
    """Any license whose dates are in order."""
    expires = draw(DAYS)
    started = draw(st.none() | st.dates(FIRST, expires))
    return License(
        state=draw(PLACES),
        title=draw(TITLES),
        number="1",
        status=draw(st.sampled_from(LicenseStatus)),
        effective=started,
        expires=expires,
        verified_on=draw(st.none() | DAYS),
        renewal_filed=draw(st.none() | DAYS),
    )


@st.composite
def authorities(draw: st.DrawFn) -> Authority:
    """Any authority."""
    return Authority(
        kind=draw(st.sampled_from(AuthorityKind)),
        home_state=draw(st.none() | PLACES),
        state=draw(st.none() | PLACES),
        status=draw(st.sampled_from([LicenseStatus.ACTIVE, LicenseStatus.EXPIRED])),
        effective=draw(st.none() | DAYS),
        expires=draw(DAYS),
    )


@st.composite
def supervisions(draw: st.DrawFn) -> Supervision:
    """Any supervision of a license."""
    return Supervision(
        supervisor=draw(st.sampled_from([one.id for one in SUPERVISORS] + [TherapistId("gone")])),
        state=draw(PLACES),
        starts=draw(DAYS),
        ends=draw(st.none() | DAYS),
        plan_on=draw(st.none() | DAYS),
        client_told=draw(st.booleans()),
    )


@st.composite
def therapists(draw: st.DrawFn) -> Therapist:
    """Any therapist."""
    return Therapist(
        id=TherapistId("x"),
        name=Name(family="X"),
        seat_state=draw(PLACES),
        licenses=tuple(draw(st.lists(licenses(), max_size=3))),
        authorities=tuple(draw(st.lists(authorities(), max_size=2))),
        supervisions=tuple(draw(st.lists(supervisions(), max_size=2))),
    )


def judge(one: Therapist, state: State, day: date, how: Format) -> tuple[Verdict, ...]:
    """Judge an hour in the middle of that day."""
    start = whole_day(day)[0] + timedelta(hours=12)
    return judge_licensure(
        one,
        state=state,
        format=how,
        start=start,
        end=start + timedelta(hours=1),
        facts=Facts(therapists=(one, *SUPERVISORS)),
        rules=shipped_rules(),
        now=NOW,
    )


def holds(record: License | Authority, day: date) -> bool:
    """Whether the record is in force that day."""
    return (record.effective is None or record.effective <= day) and day <= record.expires


@given(therapists(), STATES, DAYS, st.sampled_from(Format))
def test_there_is_always_an_answer_with_a_reason(one: Therapist, state: State, day: date, how: Format) -> None:
    """Every verdict has a code and a sentence, and is a basis or a reason against."""
    found = judge(one, state, day, how)
    assert found
    assert all(each.code and each.sentence.strip() for each in found)
    allowed = [each for each in found if each.code == "LIC_OK"]
    assert len(allowed) <= 1
    refused = [each for each in found if each.outcome.rank >= Outcome.HOLD.rank and each.code != "SEAT_STATE"]
    assert bool(allowed) != bool(refused)


@given(therapists(), st.sampled_from([PA, NJ]), DAYS, st.sampled_from(Format))
def test_a_valid_license_never_makes_it_worse(one: Therapist, state: State, day: date, how: Format) -> None:
    """An independent license of the client's state that is in force and looked up."""
    added = License(state=state, title="LCSW", number="9", expires=day + timedelta(days=100), verified_on=NOW.date())
    more = replace(one, licenses=(*one.licenses, added))
    assert worst(judge(more, state, day, how)).rank <= worst(judge(one, state, day, how)).rank


@given(
    therapists(),
    STATES,
    DAYS,
    st.sampled_from(Format),
    st.lists(licenses(), max_size=2),
    st.lists(authorities(), max_size=2),
)
def test_what_is_dated_outside_the_day_does_not_matter(
    one: Therapist, state: State, day: date, how: Format, more: list[License], rights: list[Authority]
) -> None:
    """The outcome is the same without licenses and authorities whose dates exclude the day.

    Two rules look beyond on purpose and are left out: a late renewal that was filed, and a lapsed license beside a
    compact, which a person reviews instead of falling back silently.
    """
    later = [replace(each, effective=day + timedelta(days=1), expires=day + timedelta(days=400)) for each in more]
    past = [
        replace(each, effective=None, expires=day - timedelta(days=1), renewal_filed=None)
        for each in more
        if not one.authorities and not rights
    ]
    off = [replace(each, effective=day + timedelta(days=1), expires=day + timedelta(days=9)) for each in rights]
    loaded = replace(one, licenses=(*one.licenses, *later, *past), authorities=(*one.authorities, *off))
    codes = [worst(judge(each, state, day, how)) for each in (one, loaded)]
    if all(each.status is LicenseStatus.ACTIVE for each in (*later, *past)):
        assert codes[0] is codes[1]


@given(therapists(), STATES, DAYS)
def test_an_allowed_visit_rests_on_something_in_force(one: Therapist, state: State, day: date) -> None:
    """An independent reading of the basis: the named license or authority is active, in force and of that state."""
    for each in judge(one, state, day, Format.TELEHEALTH):
        if each.code != "LIC_OK":
            continue
        if each.evidence["basis"] in ("direct", "supervised"):
            records: list[License | Authority] = [
                held for held in one.licenses if held.state is state and held.title == each.evidence["license"]
            ]
        else:
            records = [right for right in one.authorities if right.kind.name == each.evidence["basis"]]
        assert any(record.status is LicenseStatus.ACTIVE and holds(record, day) for record in records)


LEVELS = st.sampled_from([Level.TRAINED, Level.CERTIFIED, Level.CONSULTANT])


@st.composite
def skills(draw: st.DrawFn) -> Qualification:
    """Any EMDR qualification."""
    return Qualification(
        modality=Modality.EMDR,
        level=draw(st.sampled_from(Level)),
        obtained=draw(st.none() | DAYS),
        valid_until=draw(st.none() | DAYS),
    )


@settings(max_examples=200)
@given(st.lists(skills(), max_size=3), skills(), LEVELS, DAYS)
def test_a_qualification_never_takes_one_away(
    records: list[Qualification], more: Qualification, needed: Level, day: date
) -> None:
    """With one more record the therapist qualifies at least as well, and one obtained later changes nothing."""

    def outcome(*held: Qualification) -> Outcome:
        return worst(
            judge_qualification(
                replace(T1, licenses=T1.licenses, qualifications=held),
                modality=Modality.EMDR,
                level=needed,
                scope=frozenset(),
                day=day,
                facts=Facts(),
                rules=shipped_rules(),
            )
        )

    before = outcome(*records)
    assert (outcome(*records, more) is Outcome.BLOCK) <= (before is Outcome.BLOCK)
    assert outcome(*records, replace(more, obtained=day + timedelta(days=1))) is before
