"""What letters say, and the gate before them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from desktop.clinic.clients import Client, Consent, DataClass, Release, RiskScreen, Signer
from desktop.clinic.drafting import compose
from desktop.clinic.errors import BadInput, UnknownRule
from desktop.clinic.letters import Asked, LetterId, LetterKind, Matter
from desktop.clinic.moments import local
from desktop.clinic.people import Name, ReferrerId, State, TherapistId
from desktop.clinic.practice import Part2
from desktop.clinic.referral import Stage, Urgency
from desktop.clinic.rulebook import Rulebook
from desktop.clinic.services import Format
from desktop.clinic.template import read_template
from desktop.clinic.therapists import Authority, AuthorityKind, License, LicenseStatus, Role, Therapist
from desktop.clinic.verdict import Outcome
from desktop.clinic.visits import Seat, VisitStatus
from tests.clinic.letter_facts import (
    ACTOR,
    CLIENT,
    IN,
    IN_PERSON,
    MATTERS,
    NOW,
    OUT,
    PHYSICIAN,
    PRACTICE,
    RELEASE,
    ROOM,
    SITE,
    SUPERVISED,
    SUPERVISOR,
    THERAPIST,
    TODAY,
    VISIT,
    draft,
    lines,
    rules,
    template,
)

REPLY, REFERRAL, CONFIRMATION = (
    LetterKind.REPLY_TO_REFERRER,
    LetterKind.REFERRAL_OUT,
    LetterKind.APPOINTMENT_CONFIRMATION,
)
SUD = frozenset({DataClass.SUD})


def releasing(*releases: Release) -> Client:
    """The client with these releases alone."""
    return replace(CLIENT, releases=releases)


GATES: list[tuple[tuple[Release, ...], str]] = [
    ((), "ROI_MISSING"),
    ((replace(RELEASE, signed_on=TODAY + timedelta(days=1)),), "ROI_MISSING"),
    ((replace(RELEASE, expires_on=TODAY - timedelta(days=1)),), "ROI_EXPIRED"),
    ((replace(RELEASE, revoked_on=TODAY),), "ROI_REVOKED"),
    ((replace(RELEASE, revoked_on=TODAY, expires_on=TODAY - timedelta(days=1)),), "ROI_REVOKED"),
    ((replace(RELEASE, recipient=ReferrerId("R9")),), "ROI_OTHER_RECIPIENT"),
    ((replace(RELEASE, recipient=ReferrerId("R9"), revoked_on=TODAY),), "ROI_MISSING"),
    ((replace(RELEASE, classes=frozenset({DataClass.IDENTITY})),), "ROI_SCOPE"),
]


@pytest.mark.parametrize(("releases", "code"), GATES)
@pytest.mark.parametrize("kind", [REFERRAL, REPLY])
def test_the_gate_refuses_without_a_release_that_stands(
    kind: LetterKind, releases: tuple[Release, ...], code: str
) -> None:
    """Missing, not yet signed, expired, revoked, to somebody else, too narrow: each has its own reason."""
    refused = [one for one in draft(kind, client=releasing(*releases)).verdicts if one.outcome is Outcome.BLOCK]
    assert [one.code for one in refused] == [code]
    assert refused[0].evidence["classes"]
    if releases and code != "ROI_MISSING":
        assert refused[0].evidence["release"] == "REL-7"
        assert refused[0].evidence["expires_on"] == releases[0].expires_on.isoformat()


@pytest.mark.parametrize("day", [RELEASE.signed_on, RELEASE.expires_on])
def test_a_release_stands_from_its_first_through_its_last_day(day: date) -> None:
    """Both ends count."""
    moved = replace(RELEASE, signed_on=TODAY - (day - RELEASE.signed_on), expires_on=TODAY + (RELEASE.expires_on - day))
    assert not [one for one in draft(REPLY, client=releasing(moved)).verdicts if one.outcome is Outcome.BLOCK]


def test_a_revocation_takes_effect_on_its_day() -> None:
    """The day before, the release still stands."""
    tomorrow = replace(RELEASE, revoked_on=TODAY + timedelta(days=1))
    assert draft(REPLY, client=releasing(tomorrow)).verdicts == ()


def test_a_release_about_to_run_out_is_a_warning() -> None:
    """Thirty days ahead, not thirty-one."""
    for days, codes in ((30, ["ROI_EXPIRES_SOON"]), (31, [])):
        client = releasing(replace(RELEASE, expires_on=TODAY + timedelta(days=days)))
        assert [one.code for one in draft(REPLY, client=client).verdicts] == codes


def test_each_class_may_leave_on_a_release_of_its_own() -> None:
    """The log names for every fact the release it left on."""
    identity = replace(RELEASE, id="A", classes=frozenset({DataClass.IDENTITY}))
    scheduling = replace(RELEASE, id="B", classes=frozenset({DataClass.SCHEDULING}))
    one = draft(REPLY, client=releasing(identity, scheduling))
    assert one.verdicts == ()
    basis = {(row.field, row.data_class): row.basis for row in one.disclosed}
    assert basis["client_name", DataClass.IDENTITY] == "A"
    assert basis["first_visit", DataClass.SCHEDULING] == "B"
    assert set(basis.values()) == {"A", "B"}


DRINKS = "Drinks every evening since the accident."


def test_what_tells_of_substance_use_stays_out_unless_asked_for() -> None:
    """By default the letter goes without it and says so to the writer."""
    one = draft(REFERRAL, referral=replace(OUT, reason=DRINKS))
    assert "Drinks" not in lines(one)
    assert [field.name for field in one.withheld if DataClass.SUD in field.classes] == ["reason"]
    assert [verdict.code for verdict in one.verdicts] == ["LETTER_NO_REASON"]


@pytest.mark.parametrize("release", [RELEASE, replace(RELEASE, classes=RELEASE.classes | SUD)])
def test_substance_use_needs_a_part_2_consent(release: Release) -> None:
    """A release without the class, or a general one that names it, does not let it out (42 CFR 2.31)."""
    one = draft(REFERRAL, client=releasing(release), referral=replace(OUT, reason=DRINKS), classes=SUD)
    assert [(verdict.code, verdict.outcome) for verdict in one.verdicts] == [("ROI_SUD", Outcome.HOLD)]


def test_with_a_part_2_consent_the_notice_and_its_scope_go_along() -> None:
    """42 CFR 2.32: the notice, and what the consent covers."""
    release = replace(RELEASE, classes=RELEASE.classes | SUD, part2=True)
    one = draft(REFERRAL, client=releasing(release), referral=replace(OUT, reason=DRINKS), classes=SUD)
    assert one.verdicts == ()
    assert DRINKS in lines(one)
    assert any("42 CFR part 2" in notice for notice in one.letter.notices)
    assert "REL-7" in one.letter.notices[-1]
    assert "substance use" in one.letter.notices[-1]


def test_a_practice_that_is_no_part_2_program_needs_the_class_alone() -> None:
    """And prints no part 2 notice."""
    release = replace(RELEASE, classes=RELEASE.classes | SUD)
    practice = replace(PRACTICE, part2=Part2.NO)
    one = draft(
        REFERRAL, client=releasing(release), referral=replace(OUT, reason=DRINKS), classes=SUD, practice=practice
    )
    assert one.verdicts == ()
    assert not any("part 2" in notice for notice in one.letter.notices)
    assert any("State statute" in notice for notice in one.letter.notices)


def test_a_client_flagged_for_substance_use_has_every_reason_treated_as_such() -> None:
    """Whatever the words of the reason are."""
    one = draft(REFERRAL, client=replace(CLIENT, concerns=frozenset({"substance_use"})))
    assert OUT.reason not in lines(one)


def test_hiv_in_a_text_is_its_own_class() -> None:
    """It stays out, and names its class."""
    one = draft(REFERRAL, referral=replace(OUT, reason="Newly HIV positive."))
    assert [field.classes for field in one.withheld if field.name == "reason"] == [
        frozenset({DataClass.REASON, DataClass.HIV})
    ]


@pytest.mark.parametrize("kind", [REFERRAL, REPLY])
def test_a_letter_tells_the_minimum_unless_asked(kind: LetterKind) -> None:
    """Telephone, address, insurance, treatment, risk and diagnosis stay out; ticked ones go in."""
    told = draft(kind, notes={"diagnosis": "F51.01"})
    assert "Cedar Row" not in lines(told)
    assert "555-0188" not in lines(told)
    assert "F51.01" not in lines(told)
    assert {field.name for field in told.withheld} >= {"client_phone", "client_address", "diagnosis"}
    release = replace(RELEASE, classes=RELEASE.classes | {DataClass.DIAGNOSIS})
    ticked = draft(
        kind, client=releasing(release), notes={"diagnosis": "F51.01"}, classes=frozenset({DataClass.DIAGNOSIS})
    )
    assert "F51.01" in lines(ticked)
    assert ticked.verdicts == ()


MINOR = replace(CLIENT, birth_date=date(2011, 5, 5), refuses_parent_contact=True)


def test_nothing_of_a_minor_who_consents_alone_leaves_without_their_own_word() -> None:
    """The release must name the minor's own care."""
    refused = draft(REPLY, client=MINOR)
    assert [one.code for one in refused.verdicts] == ["ROI_MINOR"]
    release = replace(RELEASE, classes=RELEASE.classes | {DataClass.MINOR_CONFIDENTIAL})
    assert draft(REPLY, client=replace(MINOR, releases=(release,))).verdicts == ()


def test_a_confirmation_for_a_minor_who_consents_alone_is_given_by_hand() -> None:
    """No street, no parent, and a warning."""
    one = draft(CONFIRMATION, client=MINOR)
    assert [verdict.code for verdict in one.verdicts] == ["MINOR_CONFIDENTIAL"]
    assert one.letter.addressee == ("Thùy Anh O'Brien-Nguyễn", "By hand")


def test_a_confirmation_for_a_child_goes_to_the_guardian_who_consented() -> None:
    """As the guardian signed for the child."""
    consent = Consent(by=Signer.GUARDIAN, signer="Mai Nguyễn", signed_on=date(2026, 9, 1))
    one = draft(CONFIRMATION, client=replace(MINOR, refuses_parent_contact=False, consents=(consent,)))
    assert one.letter.addressee[0] == "Parent or guardian of Thùy Anh O'Brien-Nguyễn"
    assert one.verdicts == ()


def test_letters_to_the_client_need_no_release() -> None:
    """The log says so for each fact."""
    one = draft(CONFIRMATION, client=releasing())
    assert one.verdicts == ()
    assert {row.basis for row in one.disclosed} == {"to the client"}


def test_a_referral_says_what_it_must() -> None:
    """Who is asked what, why now, how urgent, who stays responsible, the consent, how and by when to reply."""
    text = lines(
        draft(REFERRAL, classes=frozenset({DataClass.TREATMENT}), notes={"history": "None.", "asked": "rule out apnea"})
    )
    for said in (
        "Dear Dr. Marchetti:",
        "Thùy Anh O'Brien-Nguyễn",
        "April 2, 1991",
        "rule out apnea",
        "within 14 days",
        OUT.reason,
        "Care stays with Noa Lindqvist, LSW",
        "by December 7, 2026",
        "(215) 555-0101",
        "REL-7, signed June 1, 2026, valid through May 31, 2027",
        "988",
    ):
        assert said in text


@pytest.mark.parametrize(
    ("urgency", "said"), [(Urgency.ROUTINE, "14 days"), (Urgency.SOON, "7 days"), (Urgency.URGENT, "24 to 48 hours")]
)
def test_a_referral_says_how_urgent_it_is(urgency: Urgency, said: str) -> None:
    """In the days of the urgency."""
    assert said in lines(draft(REFERRAL, referral=replace(OUT, urgency=urgency)))


def test_a_reply_closes_the_loop() -> None:
    """Received, status, first contact, first appointment with its zone, attended, next report."""
    text = lines(draft(REPLY, notes={"next_report": "after six sessions"}))
    for said in (
        "Received November 9, 2026",
        "a first appointment is set",
        "First contact November 12, 2026",
        "Tuesday, December 1, 2026, 3:00 PM Eastern Time (EST)",
        "Attended not yet",
        "after six sessions",
        "EMDR",
    ):
        assert (said in text) is (said != "EMDR")


@pytest.mark.parametrize("stage", list(Stage))
def test_every_stage_has_a_sentence(stage: Stage) -> None:
    """A reply never lacks its status."""
    referral = replace(IN, stage=stage) if stage.is_open else replace(IN, stage=stage, next_action=None, due=None)
    assert "Status We" in lines(draft(REPLY, referral=referral)) or "Status Th" in lines(
        draft(REPLY, referral=referral)
    )


@pytest.mark.parametrize(
    ("status", "attended", "said"),
    [
        (VisitStatus.COMPLETED, None, "Attended yes"),
        (VisitStatus.NO_SHOW, None, "Attended no"),
        (VisitStatus.SCHEDULED, None, "Attended not yet"),
        (VisitStatus.COMPLETED, False, "Attended no"),
    ],
)
def test_a_reply_says_whether_the_client_came(status: VisitStatus, attended: bool | None, said: str) -> None:
    """By the client's own seat first, then by the visit."""
    seat = Seat(client=CLIENT.id, expected_state=State.NJ, attended=attended)
    assert said in lines(draft(REPLY, visit=replace(VISIT, status=status, seats=(seat,)))).splitlines()


def test_a_confirmation_by_video_into_new_jersey() -> None:
    """Zone named, place expected, New Jersey's notice with credentials and contact, cancel policy on the wall clock."""
    text = lines(draft(CONFIRMATION))
    for said in (
        "Tuesday, December 1, 2026",
        "3:00 PM to 3:50 PM Eastern Time (EST)",
        "secure link",
        "With Rowan Maria Castellano, LPC",
        "New Jersey license LPC 37PC03",
        "join from New Jersey",
        "may not be a physician",
        "at (215) 555-0100",
        "at least 24 hours before, that is by Monday, November 30, 2026, 3:00 PM",
        "If you are in crisis call or text 988; emergency 911. This office is not a crisis service.",
    ):
        assert said in text
    for kept in ("emdr", "EMDR", "C2", "Pennsylvania license", "accident"):
        assert kept not in text


def test_the_notice_period_is_counted_on_the_wall_clock() -> None:
    """A visit at noon on the day clocks go forward is canceled in time by noon the day before."""
    start = datetime(2027, 3, 14, 16, 0, tzinfo=UTC)
    text = lines(draft(CONFIRMATION, visit=replace(VISIT, start=start, end=start + timedelta(minutes=50))))
    assert local(start).hour == 12
    assert "by Saturday, March 13, 2027, 12:00 PM" in text
    assert "(EDT)" in text


def test_a_confirmation_in_person() -> None:
    """Site, street, room; none of the telehealth lines."""
    text = lines(draft(CONFIRMATION, visit=IN_PERSON, site=SITE, room=ROOM))
    assert "Place Bryn Mawr, 20 Elder Avenue, Bryn Mawr, PA 19010, Room 2" in text
    assert "Pennsylvania license LPC PC010101" in text
    assert "physician" not in text
    assert "video" not in text


def test_a_visit_across_the_change_of_clocks_names_both_zones() -> None:
    """From 1:30 daylight time to 1:20 standard time."""
    start = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    text = lines(draft(CONFIRMATION, visit=replace(VISIT, start=start, end=start + timedelta(minutes=50))))
    assert "1:30 AM Eastern Time (EDT) to 1:20 AM Eastern Time (EST)" in text


@pytest.mark.parametrize("status", [VisitStatus.CANCELED, VisitStatus.LATE_CANCEL, VisitStatus.BOOKED_IN_ERROR])
def test_a_canceled_appointment_is_not_confirmed(status: VisitStatus) -> None:
    """There is nothing to confirm."""
    one = draft(CONFIRMATION, visit=replace(VISIT, status=status))
    assert [verdict.code for verdict in one.verdicts] == ["LETTER_VISIT_CANCELED"]


def test_a_past_appointment_is_a_warning() -> None:
    """It may still be wanted."""
    start = NOW - timedelta(days=1)
    one = draft(CONFIRMATION, visit=replace(VISIT, start=start, end=start + timedelta(minutes=50)))
    assert [(verdict.code, verdict.outcome) for verdict in one.verdicts] == [("LETTER_VISIT_PAST", Outcome.WARN)]


def test_letters_print_the_licensed_name_and_the_license_of_the_clients_state() -> None:
    """Not the name used at the desk, not another state's license, not an expired one."""
    (signature,) = draft(REPLY).letter.signatures
    assert signature.lines == ("Rowan Maria Castellano, LPC", "New Jersey license LPC 37PC03")
    expired = replace(
        THERAPIST,
        licenses=(License(state=State.NJ, title="LPC", number="37PC03", expires=TODAY - timedelta(days=1)),),
    )
    one = draft(REPLY, therapist=expired)
    assert one.letter.signatures[0].lines == ("Rowan Maria Castellano, LPC",)
    assert [verdict.code for verdict in one.verdicts] == ["LETTER_LICENSE"]


@pytest.mark.parametrize("status", [LicenseStatus.SUSPENDED, LicenseStatus.REVOKED, LicenseStatus.INACTIVE])
def test_a_license_that_does_not_work_is_not_printed(status: LicenseStatus) -> None:
    """Whatever its dates say."""
    held = License(state=State.NJ, title="LPC", number="37PC03", status=status, expires=date(2030, 1, 1))
    assert draft(REPLY, therapist=replace(THERAPIST, licenses=(held,))).letter.signatures[0].lines[1:] == ()


def test_a_psychologist_under_psypact_prints_the_home_license_and_the_authority() -> None:
    """New Jersey by APIT of a Pennsylvania license."""
    psychologist = replace(
        THERAPIST,
        credentials="PsyD",
        licenses=(License(state=State.PA, title="PSY", number="PS0777", expires=date(2027, 11, 30)),),
        authorities=(
            Authority(kind=AuthorityKind.APIT, home_state=State.PA, number="E.777", expires=date(2027, 3, 1)),
        ),
    )
    assert draft(REPLY, therapist=psychologist).letter.signatures[0].lines == (
        "Rowan Maria Castellano, PsyD",
        "Pennsylvania license PSY PS0777",
        "PSYPACT authority to practice interjurisdictional telepsychology E.777",
    )


def test_a_supervised_therapist_has_the_supervisors_line_and_co_signature() -> None:
    """Both licenses of the client's state."""
    own, supervisor = draft(REFERRAL).letter.signatures
    assert own.lines == ("Noa Lindqvist, LSW", "New Jersey license LSW 44SL09")
    assert (supervisor.caption, supervisor.lines, supervisor.by_hand) == (
        "Supervised by",
        ("Imani Okafor, LCSW", "New Jersey license LCSW 44SC05"),
        True,
    )
    text = lines(draft(CONFIRMATION, therapist=SUPERVISED, supervisor=SUPERVISOR))
    assert "Supervised by Imani Okafor, LCSW, New Jersey license LCSW 44SC05" in text


def test_a_coach_prints_no_license() -> None:
    """And nothing stands against it."""
    coach = Therapist(id=TherapistId("K9"), name=Name(given="Sol", family="Abel"), role=Role.COACH)
    one = draft(CONFIRMATION, therapist=coach)
    assert one.verdicts == ()
    assert "License" not in lines(one)


@pytest.mark.parametrize("missing", ["recipient", "therapist", "referral"])
def test_a_clinical_letter_without_what_it_needs_is_incomplete(missing: str) -> None:
    """Each with the field to fill."""
    lacking: dict[str, Any] = {missing: None}
    one = draft(REFERRAL, **lacking)
    incomplete = [verdict for verdict in one.verdicts if verdict.code == "LETTER_INCOMPLETE"]
    assert [verdict.evidence["field"] for verdict in incomplete] == [missing]


def test_a_confirmation_without_an_appointment_is_incomplete() -> None:
    """It confirms nothing."""
    assert "LETTER_INCOMPLETE" in {one.code for one in draft(CONFIRMATION, visit=None).verdicts}


def test_no_letter_is_written_in_a_crisis() -> None:
    """Until a clinician clears it."""
    screen = RiskScreen(taken_at=NOW, plan_or_intent_now=True)
    one = draft(CONFIRMATION, client=replace(CLIENT, risk_screen=screen))
    assert [(verdict.code, verdict.outcome) for verdict in one.verdicts] == [("CRISIS_STOP", Outcome.BLOCK)]
    cleared = replace(screen, cleared_by=TherapistId("T4"), cleared_at=NOW)
    assert draft(CONFIRMATION, client=replace(CLIENT, risk_screen=cleared)).verdicts == ()


def test_the_client_is_called_as_they_wish_and_named_legally_to_others() -> None:
    """Goes by Mai; the physician knows the legal name."""
    client = replace(CLIENT, goes_by="Mai")
    assert "Dear Mai," in lines(draft(CONFIRMATION, client=client))
    assert "Mai" not in lines(draft(REPLY, client=client))


def test_a_letter_is_not_mailed_to_a_client_who_did_not_allow_it() -> None:
    """No street then."""
    assert draft(CONFIRMATION, client=replace(CLIENT, mail_ok=False)).letter.addressee == ("Thùy Anh O'Brien-Nguyễn",)


def test_facts_are_never_read_as_a_template() -> None:
    """Dollars, brackets and rows in data stay what they are."""
    evil = "$client_name [closing] a :: b\n[x]"
    assert evil in lines(draft(REFERRAL, referral=replace(OUT, reason=evil)))


def test_an_unknown_note_or_field_is_refused() -> None:
    """With the field's name."""
    with pytest.raises(BadInput, match="plan"):
        draft(REFERRAL, notes={"plan": "x"})
    bad = read_template("version: 1\n[x]\n$nobody\n")
    with pytest.raises(BadInput, match="nobody"):
        compose(Asked(kind=REPLY), MATTERS[REPLY], bad, rules(), ACTOR, LetterId("L"))


def test_a_text_of_more_than_20000_characters_is_refused() -> None:
    """With the field's name."""
    with pytest.raises(BadInput, match="picture"):
        draft(REFERRAL, notes={"picture": "x" * 20_001})


def test_a_rulebook_without_the_crisis_line_writes_no_letter() -> None:
    """No letter goes out without its footer."""
    matter: Matter = MATTERS[CONFIRMATION]
    with pytest.raises(UnknownRule):
        compose(Asked(kind=CONFIRMATION), matter, template(CONFIRMATION), Rulebook(), ACTOR, LetterId("L"))


def test_the_letter_keeps_who_when_and_by_which_template() -> None:
    """And is not final."""
    letter = draft(REPLY).letter
    assert (letter.by, letter.written_at, letter.template, letter.finalized) == (
        "dana",
        NOW,
        "reply_to_referrer 1",
        False,
    )
    assert letter.recipient == PHYSICIAN.id
    assert "Nguy" not in letter.title


def test_telehealth_in_another_state_has_no_new_jersey_notice() -> None:
    """Only New Jersey asks for it."""
    visit = replace(VISIT, seats=(Seat(client=CLIENT.id, expected_state=State.PA),), format=Format.TELEHEALTH)
    text = lines(draft(CONFIRMATION, visit=visit))
    assert "join from Pennsylvania" in text
    assert "physician" not in text


def test_the_front_desk_may_say_where_a_referral_stands_but_nothing_clinical() -> None:
    """Before a therapist is chosen; a plan needs one who signs."""
    one = draft(REPLY, therapist=None)
    assert one.verdicts == ()
    assert one.letter.signatures[0].lines[0] == "Front desk"
    assert "You reach us by telephone at (215) 555-0100." in lines(one)
    planned = draft(REPLY, therapist=None, notes={"plan": "Weekly sessions."}, classes=frozenset({DataClass.TREATMENT}))
    assert [verdict.code for verdict in planned.verdicts] == ["LETTER_INCOMPLETE"]
