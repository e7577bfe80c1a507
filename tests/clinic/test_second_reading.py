"""The practice's cases again, in variations, read from the rules' text by somebody who has not looked at the program.

Every case goes through `check`, the way that booking goes. `wants` is the worst outcome, the code of a verdict that has
to be there, or both as "BLOCK LIC_NONE"; a code after a minus must not be there.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from desktop.clinic.clients import (
    Client,
    Consent,
    Coverage,
    Custody,
    Guardian,
    PaymentKind,
    Relation,
    RelationKind,
    RiskScreen,
    Signer,
)
from desktop.clinic.people import Address, ClientId, Name, State, TherapistId
from desktop.clinic.practice import RoomId
from desktop.clinic.rulebook import Confidence, Fact
from desktop.clinic.services import Level, Modality, ServiceKind
from desktop.clinic.therapists import (
    Authority,
    AuthorityKind,
    License,
    LicenseStatus,
    Qualification,
    Supervision,
    Therapist,
)
from desktop.clinic.verdict import Verdict, worst
from desktop.clinic.visits import Seat, VisitStatus
from tests.clinic.house import (
    NJ,
    NOW,
    PA,
    SERVICES,
    T1,
    T2,
    T3,
    T4,
    T5,
    T7,
    House,
    client,
    codes,
    day,
    held,
    meets,
    moment,
    service,
    supervised,
    therapist,
    visit,
)

HOUSE = House()
DE = State.DE
Found = tuple[Verdict, ...]


# Who may see whom: one therapist, one moment, one place. Body location, expiry, status, title.

WHERE: list[tuple[str, Therapist, str, State | None, dict[str, Any], str]] = [
    ("client at work in Pennsylvania", T1, "2027-01-12 09:00", PA, {}, "ALLOW LIC_OK LOC_ATTEST"),
    ("client on vacation in Delaware", T1, "2027-01-12 09:00", DE, {}, "BLOCK LIC_NONE"),
    ("client at home in New Jersey", T1, "2027-01-12 09:00", NJ, {}, "BLOCK LIC_NONE"),
    ("family therapist and Delaware", therapist("x", held(PA, "LMFT", "2027-02-28")), "2027-01-12 09:00", DE, {}, "BLOCK LIC_NONE"),
    ("in person the site's state counts", T1, "2027-01-12 09:00", None, {"site": "chy"}, "BLOCK LIC_NONE"),
    ("in person in Bryn Mawr", T1, "2027-01-12 09:00", None, {"site": "bm", "room": RoomId("bm1")}, "ALLOW LIC_OK"),
    ("nobody knows where", T4, "2027-01-12 09:00", None, {}, "HOLD LOC_UNKNOWN"),
    ("the last evening", T1, "2027-02-28 20:00", PA, {}, "ALLOW"),
    ("to midnight of the last day", T1, "2027-02-28 23:00", PA, {}, "WARN LIC_OK OUTSIDE_HOURS -LIC_EXPIRED_AT_SESSION"),
    ("past midnight of the last day", T1, "2027-02-28 23:30", PA, {}, "BLOCK LIC_EXPIRED_AT_SESSION"),
    ("the day after", T1, "2027-03-01 09:00", PA, {}, "BLOCK LIC_EXPIRED_AT_SESSION"),
    ("the last minute of the cycle", T2, "2026-11-30 22:59", NJ, {}, "ALLOW"),
    ("one minute into December", T2, "2026-11-30 23:01", NJ, {}, "BLOCK LIC_EXPIRED_AT_SESSION"),
    ("the other license does not help", T2, "2026-12-02 10:00", NJ, {}, "BLOCK LIC_EXPIRED_AT_SESSION"),
    ("nor does this one hinder", T2, "2026-12-02 10:00", PA, {}, "ALLOW"),
    ("associate without a supervisor", T7, "2027-01-12 09:00", NJ, {}, "BLOCK SUP_NONE"),
    ("associate at home in the other state", T5, "2026-12-01 10:00", PA, {}, "ALLOW"),
    ("associate after both licenses ended", T5, "2026-12-01 10:00", NJ, {}, "BLOCK"),
    ("psychologist and Delaware", T3, "2027-01-12 09:00", DE, {}, "ALLOW LIC_OK"),
    ("psychologist and New York", T3, "2027-01-12 09:00", State.NY, {}, "BLOCK COMPACT_NOT_OPERATIONAL"),
    ("psychologist and California", T3, "2027-01-12 09:00", State.CA, {}, "BLOCK COMPACT_NOT_OPERATIONAL"),
    ("the last day of the APIT", T3, "2027-03-01 09:00", NJ, {}, "ALLOW"),
    ("the day after the APIT", T3, "2027-03-02 09:00", NJ, {}, "BLOCK AUTHORITY_EXPIRED"),
    ("the TAP in Cherry Hill", T3, "2027-01-12 09:00", None, {"site": "chy"}, "LIC_OK"),
    ("the desk in Delaware", T3, "2027-01-12 09:00", NJ, {"seat_state": DE}, "BLOCK PSYPACT_HOME_LOCATION"),
    ("the desk at the shore", T3, "2027-01-12 09:00", PA, {"seat_state": NJ}, "HOLD SEAT_STATE"),
    ("a counselor at the shore", T1, "2027-01-12 09:00", PA, {"seat_state": NJ}, "HOLD SEAT_STATE"),
    ("both licenses at the shore", T4, "2027-01-12 09:00", PA, {"seat_state": NJ}, "ALLOW"),
    ("no license at the desk in Philadelphia", therapist("x", held(NJ, "LCSW", "2028-08-31")), "2027-01-12 09:00", NJ, {}, "WARN SEAT_STATE"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("one", "at", "where", "more", "wants"), [row[1:] for row in WHERE], ids=[row[0] for row in WHERE]
)
def test_place_and_time(one: Therapist, at: str, where: State | None, more: dict[str, Any], wants: str) -> None:
    """The body's place and the whole session decide."""
    found = HOUSE.having(one).ask(one.id, at, where, **more)
    if wants == "LIC_OK":
        assert ("ALLOW", "LIC_OK") in codes(found)
    else:
        meets(found, wants)


LICENSES: list[tuple[str, License, str, State, str]] = [
    ("pending", held(PA, "LPC", "2028-02-28", status=LicenseStatus.PENDING), "2027-01-12 09:00", PA, "BLOCK LIC_PENDING"),
    ("suspended", held(NJ, "LCSW", "2028-08-31", status=LicenseStatus.SUSPENDED), "2027-01-12 09:00", NJ, "BLOCK LIC_SUSPENDED"),
    ("restricted", held(NJ, "LPC", "2028-11-30", status=LicenseStatus.RESTRICTED), "2027-01-12 09:00", NJ, "HOLD LIC_RESTRICTED"),
    ("on probation", held(PA, "LCSW", "2027-02-28", status=LicenseStatus.PROBATION), "2027-01-12 09:00", PA, "HOLD LIC_PROBATION"),
    ("issued tomorrow", held(PA, "LPC", "2027-02-28", effective=day("2027-01-13")), "2027-01-12 09:00", PA, "BLOCK LIC_NOT_YET"),
    ("issued today", held(PA, "LPC", "2027-02-28", effective=day("2027-01-12")), "2027-01-12 09:00", PA, "LIC_OK"),
    ("bachelor social worker", held(PA, "LBSW", "2027-02-28"), "2027-01-12 09:00", PA, "BLOCK LIC_SCOPE"),
    ("certified social worker", held(NJ, "CSW", "2028-08-31"), "2027-01-12 09:00", NJ, "BLOCK LIC_SCOPE"),
    ("one-year permit", held(NJ, "PSY-P1", "2027-01-12"), "2027-01-12 09:00", NJ, "LIC_OK"),
    ("one-year permit after its end", held(NJ, "PSY-P1", "2027-01-11"), "2027-01-12 09:00", NJ, "BLOCK LIC_EXPIRED_AT_SESSION"),
    ("three-year permit alone", held(NJ, "PSY-P3", "2028-01-12"), "2027-01-12 09:00", NJ, "BLOCK SUP_NONE"),
    ("alcohol and drug counselor", held(NJ, "LCADC", "2028-06-30"), "2027-01-12 09:00", NJ, "HOLD LIC_SCOPE"),
    ("pre-licensed in New Jersey", held(PA, "PRE", "2028-01-12"), "2027-01-12 09:00", NJ, "BLOCK LIC_NONE"),
    ("late renewal filed, in the window", held(NJ, "LPC", "2026-11-30", renewal_filed=day("2026-12-02")), "2026-12-30 09:00", NJ, "HOLD LIC_LATE_RENEWAL"),
    ("late renewal filed, after the window", held(NJ, "LPC", "2026-11-30", renewal_filed=day("2026-12-02")), "2026-12-31 09:00", NJ, "BLOCK LIC_EXPIRED_AT_SESSION"),
    ("late renewal in Pennsylvania", held(PA, "LPC", "2027-02-28", renewal_filed=day("2027-03-01")), "2027-03-02 09:00", PA, "BLOCK LIC_EXPIRED_AT_SESSION"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("license", "at", "where", "wants"), [row[1:] for row in LICENSES], ids=[row[0] for row in LICENSES]
)
def test_status_and_title(license: License, at: str, where: State, wants: str) -> None:
    """One license and nothing else, from a desk in the license's state."""
    found = HOUSE.having(therapist("x", license, seat_state=license.state)).ask("x", at, where)
    if wants == "LIC_OK":
        assert ("ALLOW", "LIC_OK") in codes(found)
    else:
        meets(found, wants)


def under(title: str, state: State, record: Supervision) -> Therapist:
    """A clinician of that title, looked up lately, whose supervision is that record."""
    return therapist(
        "x", held(state, title, "2028-12-31", verified_on=day("2026-11-20")), supervisions=(record,), seat_state=state
    )


SUPERVISION: list[tuple[str, Therapist, str, State, str]] = [
    ("social worker under an LCSW", under("LSW", NJ, supervised("t4", NJ)), "2027-01-12 09:00", NJ, "ALLOW"),
    ("social worker under a counselor", under("LSW", NJ, supervised("t2", NJ)), "2026-11-25 09:00", NJ, "BLOCK SUP_LIC_INVALID"),
    ("a plan is not asked of a social worker", under("LSW", NJ, supervised("t4", NJ, plan_on=None)), "2027-01-12 09:00", NJ, "ALLOW"),
    ("associate counselor without a plan", under("LAPC", PA, supervised("t1", PA, plan_on=None)), "2027-01-12 09:00", PA, "BLOCK SUP_PLAN"),
    ("a plan approved after the visit", under("LAPC", PA, supervised("t1", PA, plan_on=day("2027-01-13"))), "2027-01-12 09:00", PA, "BLOCK SUP_PLAN"),
    ("clients not told", under("LAPC", PA, supervised("t1", PA, client_told=False)), "2027-01-12 09:00", PA, "BLOCK SUP_DISCLOSURE"),
    ("ended yesterday", under("LAPC", PA, supervised("t1", PA, ends=day("2027-01-11"))), "2027-01-12 09:00", PA, "BLOCK SUP_NONE"),
    ("ends today", under("LAPC", PA, supervised("t1", PA, ends=day("2027-01-12"))), "2027-01-12 09:00", PA, "ALLOW"),
    ("supervised in the other state", under("LAPC", PA, supervised("t2", NJ)), "2027-01-12 09:00", PA, "BLOCK SUP_NONE"),
    ("supervisor licensed in the other state", under("LAC", NJ, supervised("t1", NJ)), "2027-01-12 09:00", NJ, "BLOCK SUP_LIC_INVALID"),
    ("supervisor whose own license ended", under("LAC", NJ, supervised("t2", NJ)), "2026-12-01 09:00", NJ, "BLOCK SUP_LIC_INVALID"),
    ("on the supervisor's last day", under("LAC", NJ, supervised("t2", NJ)), "2026-11-30 09:00", NJ, "ALLOW"),
    ("a compact is not delegated", under("PSY-P3", NJ, supervised("t3", NJ)), "2027-01-12 09:00", NJ, "BLOCK SUP_LIC_INVALID"),
    ("family associate under a counselor", under("LAMFT", NJ, supervised("t2", NJ)), "2026-11-25 09:00", NJ, "BLOCK SUP_LIC_INVALID"),
    ("family associate under a family therapist", under("LAMFT", PA, supervised("t6", PA)), "2027-01-12 09:00", PA, "ALLOW"),
    ("pre-licensed under a counselor", under("PRE", PA, supervised("t1", PA)), "2027-01-12 09:00", PA, "ALLOW"),
    ("supervision eight days ago", under("LAPC", PA, supervised("t1", PA, logged_on=day("2026-11-15"))), "2026-11-25 09:00", PA, "WARN SUP_LOG"),
    ("supervision a week ago", under("LAPC", PA, supervised("t1", PA, logged_on=day("2026-11-16"))), "2026-11-25 09:00", PA, "ALLOW"),
    ("supervising oneself", under("LAPC", PA, supervised("x", PA)), "2027-01-12 09:00", PA, "BLOCK SUP_LIC_INVALID"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("one", "at", "where", "wants"), [row[1:] for row in SUPERVISION], ids=[row[0] for row in SUPERVISION]
)
def test_supervision(one: Therapist, at: str, where: State, wants: str) -> None:
    """Five conditions, each on the day of the visit."""
    meets(HOUSE.having(one).ask("x", at, where), wants)


def grant(kind: AuthorityKind, home: State | None = PA, **more: Any) -> tuple[Authority, ...]:
    """One authority that lasts through 2028."""
    return (Authority(kind=kind, home_state=home, **{"expires": day("2028-12-31"), **more}),)


LIVE = tuple(
    Fact(
        key=f"compact.{compact}.{state}",
        value={"member_from": day("2024-01-01"), "issuing_from": day("2027-01-01")},
        source="invented",
        confidence=Confidence.LOW,
        verified_on=NOW.date(),
    )
    for compact in ("counseling", "social_work")
    for state in ("PA", "NJ")
)
COUNSELOR = replace(T1, authorities=grant(AuthorityKind.PRIVILEGE, state=NJ))
WORKER = therapist("x", held(PA, "LCSW", "2027-02-28"), authorities=grant(AuthorityKind.MULTISTATE, state=NJ))
FAMILY = therapist("x", held(PA, "LMFT", "2027-02-28"), authorities=grant(AuthorityKind.PRIVILEGE, state=NJ))
ASSOCIATE = replace(T5, licenses=T5.licenses[1:], authorities=grant(AuthorityKind.PRIVILEGE, state=NJ))
TWO = replace(T3, licenses=(*T3.licenses, held(NJ, "PSY", "2027-06-30")))
WAITS = replace(T3, licenses=(*T3.licenses, held(NJ, "PSY", "2027-06-30", status=LicenseStatus.PENDING)))
YOUNG = replace(T3, licenses=(*T3.licenses, held(NJ, "PSY", "2029-06-30", effective=day("2027-05-01"))))
PROBATION = replace(T3, licenses=(held(PA, "PSY", "2027-11-30", status=LicenseStatus.PROBATION),))

COMPACTS: list[tuple[str, Therapist, str, State, tuple[Fact, ...], str]] = [
    ("counseling compact today", COUNSELOR, "2027-01-12 09:00", NJ, (), "BLOCK COMPACT_NOT_OPERATIONAL"),
    ("counseling compact once live", COUNSELOR, "2027-01-12 09:00", NJ, LIVE, "ALLOW LIC_OK"),
    ("the day before it is live", COUNSELOR, "2026-12-31 09:00", NJ, LIVE, "BLOCK COMPACT_NOT_OPERATIONAL"),
    ("live in one state alone", COUNSELOR, "2027-01-12 09:00", NJ, LIVE[1:2], "BLOCK COMPACT_NOT_OPERATIONAL"),
    ("social work compact today", WORKER, "2027-01-12 09:00", NJ, (), "BLOCK COMPACT_NOT_OPERATIONAL"),
    ("social work compact once live", WORKER, "2027-01-12 09:00", NJ, LIVE, "ALLOW LIC_OK"),
    ("a family therapist in another's compact", FAMILY, "2027-01-12 09:00", NJ, LIVE, "BLOCK COMPACT_HOME_LICENSE"),
    ("an associate in the compact", ASSOCIATE, "2027-01-12 09:00", NJ, LIVE, "BLOCK COMPACT_HOME_LICENSE"),
    ("after the home license ended", COUNSELOR, "2027-03-01 09:00", NJ, LIVE, "BLOCK COMPACT_HOME_LICENSE"),
    ("licensed in both states", TWO, "2027-06-30 09:00", NJ, (), "LIC_OK"),
    ("the second license lapsed", replace(TWO, licenses=(TWO.licenses[0], held(NJ, "PSY", "2026-12-15"))), "2027-01-12 09:00", NJ, (), "HOLD LIC_LAPSED_REVIEW"),
    ("the second license is pending", WAITS, "2027-01-12 09:00", NJ, (), "ALLOW LIC_OK"),
    ("the second license begins in May", YOUNG, "2027-02-12 09:00", NJ, (), "ALLOW LIC_OK"),
    ("home license on probation", PROBATION, "2027-01-12 09:00", NJ, (), "BLOCK COMPACT_DISCIPLINE"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("one", "at", "where", "rules", "wants"), [row[1:] for row in COMPACTS], ids=[row[0] for row in COMPACTS]
)
def test_compacts(one: Therapist, at: str, where: State, rules: tuple[Fact, ...], wants: str) -> None:
    """A compact counts when both states issue; it goes live by data."""
    found = replace(HOUSE, entries=rules).having(one).ask(one.id, at, where)
    if wants == "LIC_OK":
        assert ("ALLOW", "LIC_OK") in codes(found)
    else:
        meets(found, wants)


@pytest.mark.parametrize(
    ("used", "at", "code"),
    [(29, "2026-12-31 09:00", "LIC_OK"), (30, "2026-12-31 09:00", "TAP_DAYS"), (30, "2027-01-02 09:00", "LIC_OK")],
)
def test_thirty_days_a_year(used: int, at: str, code: str) -> None:
    """The thirty-first day in person is blocked; with January the count begins anew."""
    days = frozenset(date(2026, 3, 1) + timedelta(days=number) for number in range(used))
    one = replace(T3, authorities=grant(AuthorityKind.TAP, days_used=days))
    assert code in {named for _outcome, named in codes(HOUSE.having(one).ask("t3", at, site="chy"))}


# Minors: the state of the session and the age on its day.

PARENT = Guardian(name=Name(given="Ann", family="Parent"), custody=Custody.SHARED)
OTHER = Guardian(name=Name(given="Bob", family="Parent"), custody=Custody.SHARED)
IN_NJ = Address(state=NJ)


def signed(who: str = "Ann Parent", **more: Any) -> Consent:
    """A guardian's signature of early November."""
    return Consent(by=Signer.GUARDIAN, signer=who, **{"signed_on": day("2026-11-02"), **more})


def ordered(*guardians: Guardian, signers: tuple[str, ...], **more: Any) -> Client:
    """A client of twelve about whom a court has spoken."""
    fields: dict[str, Any] = {"custody_order": True, "custody_order_on_file": True, **more}
    return client(born="2014-03-01", guardians=guardians, consents=tuple(signed(one) for one in signers), **fields)


SOLE, NONE = replace(PARENT, custody=Custody.SOLE), replace(OTHER, custody=Custody.NONE)
MINORS: list[tuple[str, Client, str, State | None, dict[str, Any], str]] = [
    ("fourteen today in Pennsylvania", client(born="2013-01-12"), "2027-01-12 09:00", PA, {}, "ALLOW CONSENT_OK"),
    ("fourteen tomorrow in Pennsylvania", client(born="2013-01-13"), "2027-01-12 09:00", PA, {}, "HOLD CONSENT_MINOR"),
    ("fourteen in New Jersey", client(born="2013-01-12"), "2027-01-12 09:00", NJ, {}, "HOLD CONSENT_MINOR"),
    ("sixteen today in New Jersey", client(born="2011-01-12", address=IN_NJ), "2027-01-12 09:00", NJ, {}, "ALLOW CONSENT_OK"),
    ("sixteen tomorrow in New Jersey", client(born="2011-01-13", address=IN_NJ), "2027-01-12 09:00", NJ, {}, "HOLD CONSENT_MINOR"),
    ("eighteen today", client(born="2009-01-12"), "2027-01-12 09:00", NJ, {}, "ALLOW"),
    ("thirteen with a parent's signature", client(born="2013-06-01", guardians=(PARENT,), consents=(signed(),)), "2027-01-12 09:00", PA, {}, "ALLOW"),
    ("signed after the visit", client(born="2013-06-01", consents=(signed(signed_on=day("2027-01-13")),)), "2027-01-12 09:00", PA, {}, "HOLD CONSENT_MINOR"),
    ("signed for the other state", client(born="2013-06-01", consents=(signed(state=PA),)), "2027-01-12 09:00", NJ, {}, "HOLD CONSENT_MINOR"),
    ("signature that ran out", client(born="2013-06-01", consents=(signed(expires_on=day("2027-01-11")),)), "2027-01-12 09:00", PA, {}, "HOLD CONSENT_MINOR"),
    ("signature taken back", client(born="2013-06-01", consents=(signed(revoked_on=day("2027-01-12")),)), "2027-01-12 09:00", PA, {}, "HOLD"),
    ("taken back next week", client(born="2013-06-01", consents=(signed(revoked_on=day("2027-01-19")),)), "2027-01-12 09:00", PA, {}, "ALLOW"),
    ("thirteen and emancipated", client(born="2013-06-01", emancipated=True), "2027-01-12 09:00", PA, {}, "ALLOW"),
    ("fifteen from New Jersey in Bryn Mawr", client(born="2011-06-01", address=IN_NJ), "2027-01-12 09:00", None, {"site": "bm"}, "WARN CROSS_BORDER_MINOR CONSENT_OK"),
    ("fifteen from Pennsylvania on video from New Jersey", client(born="2011-06-01", address=Address(state=PA)), "2027-01-12 09:00", NJ, {}, "HOLD CONSENT_MINOR"),
    ("fifteen and the parents' insurance", client(born="2011-06-01", refuses_parent_contact=True, coverage=Coverage(kind=PaymentKind.IN_NETWORK, payer="aetna")), "2027-01-12 09:00", PA, {}, "WARN EOB"),
    ("shared custody, one signature", ordered(PARENT, OTHER, signers=("Ann Parent",)), "2027-01-12 09:00", PA, {}, "HOLD CONSENT_CUSTODY"),
    ("shared custody, both", ordered(PARENT, OTHER, signers=("Ann Parent", "Bob Parent")), "2027-01-12 09:00", PA, {}, "ALLOW"),
    ("sole custody, the right one", ordered(SOLE, NONE, signers=("Ann Parent",)), "2027-01-12 09:00", PA, {}, "ALLOW"),
    ("sole custody, the wrong one", ordered(SOLE, NONE, signers=("Bob Parent",)), "2027-01-12 09:00", PA, {}, "HOLD"),
    ("sole custody, no copy of the order", ordered(SOLE, NONE, signers=("Ann Parent",), custody_order_on_file=False), "2027-01-12 09:00", PA, {}, "HOLD CONSENT_CUSTODY"),
    ("in dispute", ordered(replace(PARENT, custody=Custody.DISPUTED), OTHER, signers=("Ann Parent", "Bob Parent")), "2027-01-12 09:00", PA, {}, "HOLD CONSENT_CUSTODY"),
    ("old enough, whatever the court said", replace(ordered(PARENT, OTHER, signers=()), birth_date=day("2012-01-12")), "2027-01-12 09:00", PA, {}, "ALLOW"),
    ("seventeen and KAP", client(born="2009-01-13"), "2027-01-12 09:00", PA, {"service": "kap_prep", "by": "k1"}, "BLOCK KAP_AGE"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("who", "at", "where", "more", "wants"), [row[1:] for row in MINORS], ids=[row[0] for row in MINORS]
)
def test_minors(who: Client, at: str, where: State | None, more: dict[str, Any], wants: str) -> None:
    """T4, who may see clients in both states, unless said otherwise."""
    fields = {"by": "t4", **more}
    meets(replace(HOUSE, clients=(who,)).ask(fields.pop("by"), at, where, **fields), wants)


# The risk screen, and people who are close to each other.


@pytest.mark.parametrize(
    ("answers", "wants"),
    [
        ("suicidal_thoughts", "HOLD RISK_REVIEW"),
        ("self_harm", "HOLD RISK_REVIEW"),
        ("psychosis_or_sleepless", "HOLD RISK_REVIEW"),
        ("harm_others", "HOLD RISK_REVIEW"),
        ("unsafe_home", "HOLD RISK_REVIEW"),
        ("plan_or_intent_now", "BLOCK CRISIS_STOP -LIC_NONE"),
        ("overdose_or_withdrawal_now", "BLOCK CRISIS_STOP -LIC_NONE"),
        ("harm_others harm_others_imminent", "BLOCK CRISIS_STOP -LIC_NONE"),
        ("unsafe_home unsafe_now", "BLOCK CRISIS_STOP -LIC_NONE"),
        ("suicidal_thoughts plan_or_intent_now", "BLOCK CRISIS_STOP -RISK_REVIEW"),
    ],
)
def test_the_risk_screen(answers: str, wants: str) -> None:
    """Now stops everything, even what else would be said; the rest waits for a clinician's call."""
    screen = RiskScreen(taken_at=NOW, **dict.fromkeys(answers.split(), True))  # type: ignore[arg-type]
    where = NJ if "CRISIS" in wants else PA
    meets(replace(HOUSE, clients=(client(risk_screen=screen),)).ask("t1", "2027-01-12 09:00", where), wants)
    cleared = replace(screen, cleared_by=TherapistId("t1"), cleared_at=NOW + timedelta(minutes=5))
    meets(replace(HOUSE, clients=(client(risk_screen=cleared),)).ask("t1", "2027-01-12 09:00", PA), "ALLOW")
    before = replace(cleared, cleared_at=NOW - timedelta(days=1))
    assert worst(replace(HOUSE, clients=(client(risk_screen=before),)).ask("t1", "2027-01-12 09:00", PA)).rank > 1


def close(kind: RelationKind, **more: Any) -> tuple[Client, ...]:
    """Two clients, the first of whom names the second."""
    return (client(relations=(Relation(client=ClientId("c2"), kind=kind),)), client("c2", **more))


OURS = {"therapist": TherapistId("t1")}
SEEN = (visit("v", "therapy", "t1", "2026-10-01 10:00", who="c2", status=VisitStatus.COMPLETED),)
CANCELED = (replace(SEEN[0], status=VisitStatus.CANCELED),)
BOTH = (Seat(client=ClientId("c1"), expected_state=PA), Seat(client=ClientId("c2"), expected_state=PA))


@pytest.mark.parametrize(
    ("people", "visits", "more", "wants"),
    [
        (close(RelationKind.PARTNER, **OURS), (), {}, "HOLD CONFLICT"),
        (close(RelationKind.FAMILY, **OURS), (), {}, "HOLD CONFLICT"),
        (close(RelationKind.EX_PARTNER), SEEN, {}, "HOLD CONFLICT"),
        (close(RelationKind.PARTNER), CANCELED, {}, "ALLOW -CONFLICT"),
        (close(RelationKind.PARTNER, therapist=TherapistId("t4")), (), {}, "ALLOW -CONFLICT"),
        (close(RelationKind.PARTNER, **OURS), (), {"service": "couples", "seats": BOTH}, "ALLOW -CONFLICT"),
        (close(RelationKind.PARTNER), (), {"service": "group", "seats": BOTH}, "HOLD CONFLICT"),
        ((client(), client("c2", **OURS)), SEEN, {}, "ALLOW -CONFLICT"),
    ],
)
def test_people_who_are_close(people: tuple[Client, ...], visits: Any, more: dict[str, Any], wants: str) -> None:
    """Held for the clinical lead, and nobody learns of whom."""
    found = replace(HOUSE, clients=people, visits=visits).ask("t1", "2027-01-12 09:00", PA, **more)
    meets(found, wants)
    said = [one for one in found if one.code == "CONFLICT"]
    assert not any(word in one.sentence.casefold() for one in said for word in ("partner", "family", "c2"))
    assert len(more.get("seats", ())) > 1 or not any("c2" in one.evidence.values() for one in said)


# Training.

EMDR = service("emdr", ServiceKind.INDIVIDUAL, modality=Modality.EMDR, level=Level.TRAINED)
CERTIFIED = service("certified", ServiceKind.INDIVIDUAL, modality=Modality.EMDR, level=Level.CERTIFIED)
TOP = service("top", ServiceKind.INDIVIDUAL, modality=Modality.EMDR, level=Level.CONSULTANT)
PAIRS = service("pairs", ServiceKind.COUPLES, modality=Modality.COUPLES, level=Level.TRAINED)


def emdr(level: Level, until: str | None = None, **more: Any) -> Qualification:
    """A level in EMDR, perhaps with an end."""
    return Qualification(modality=Modality.EMDR, level=level, valid_until=None if until is None else day(until), **more)


def guide(by: str = "t2", **more: Any) -> Supervision:
    """A supervision of the training in EMDR."""
    fields: dict[str, Any] = {"starts": day("2026-01-01"), "client_told": True, **more}
    return Supervision(supervisor=TherapistId(by), modality=Modality.EMDR, **fields)


IN_TRAINING = replace(T1, qualifications=(emdr(Level.IN_TRAINING),))
TRAINING: list[tuple[str, Therapist, Level | None, str, str]] = [
    ("no training", T1, None, "emdr", "BLOCK QUAL_LEVEL"),
    ("in training alone", IN_TRAINING, Level.TRAINED, "emdr", "BLOCK QUAL_SUP"),
    ("in training, guided", replace(IN_TRAINING, supervisions=(guide(),)), Level.TRAINED, "emdr", "ALLOW"),
    ("guided by somebody in training", replace(IN_TRAINING, supervisions=(guide(),)), Level.IN_TRAINING, "emdr", "BLOCK QUAL_SUP"),
    ("guided, nobody told", replace(IN_TRAINING, supervisions=(guide(client_told=False),)), Level.TRAINED, "emdr", "BLOCK QUAL_SUP"),
    ("guided until yesterday", replace(IN_TRAINING, supervisions=(guide(ends=day("2027-01-11")),)), Level.TRAINED, "emdr", "BLOCK QUAL_SUP"),
    ("guided by oneself", replace(IN_TRAINING, supervisions=(guide("t1"),)), Level.TRAINED, "emdr", "BLOCK QUAL_SUP"),
    ("training is not a certificate", replace(IN_TRAINING, supervisions=(guide(),)), Level.CONSULTANT, "certified", "BLOCK QUAL_LEVEL"),
    ("a lapsed certificate is training", replace(T1, qualifications=(emdr(Level.CERTIFIED, "2027-01-11"),)), None, "emdr", "WARN QUAL_LAPSED"),
    ("a lapsed certificate is no certificate", replace(T1, qualifications=(emdr(Level.CERTIFIED, "2027-01-11"),)), None, "certified", "BLOCK QUAL_LEVEL"),
    ("a certificate on its last day", replace(T1, qualifications=(emdr(Level.CERTIFIED, "2027-01-12"),)), None, "certified", "ALLOW"),
    ("a consultant in the third month of grace", replace(T1, qualifications=(emdr(Level.CONSULTANT, "2026-10-12"),)), None, "top", "WARN QUAL_GRACE"),
    ("a consultant after it", replace(T1, qualifications=(emdr(Level.CONSULTANT, "2026-10-11"),)), None, "top", "BLOCK QUAL_LEVEL"),
    ("obtained tomorrow", replace(T1, qualifications=(emdr(Level.TRAINED, obtained=day("2027-01-13")),)), None, "emdr", "BLOCK QUAL_LEVEL"),
    ("trained without a license", therapist("t1", qualifications=(emdr(Level.TRAINED),)), None, "emdr", "BLOCK LIC_NONE"),
    ("a family license for couples", therapist("t1", held(PA, "LMFT", "2027-02-28")), None, "pairs", "ALLOW"),
    ("a counselor for couples", T1, None, "pairs", "BLOCK QUAL_LEVEL"),
    ("an intensive on the ground of EMDR", replace(T1, qualifications=(emdr(Level.TRAINED, scope=frozenset({"intensive_protocol"})),)), None, "intensive", "WARN INTENSIVE_FOLLOW_UP"),
    ("an intensive without its protocol", replace(T1, qualifications=(emdr(Level.TRAINED),)), None, "intensive", "BLOCK QUAL_PREREQUISITE"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("one", "of", "what", "wants"), [row[1:] for row in TRAINING], ids=[row[0] for row in TRAINING]
)
def test_training(one: Therapist, of: Level | None, what: str, wants: str) -> None:
    """Both checks pass: the training and the license; T2 is the one who may supervise."""
    boss = replace(T2, qualifications=() if of is None else (emdr(of),))
    house = replace(HOUSE, services=(*SERVICES, EMDR, CERTIFIED, TOP, PAIRS)).having(one, boss)
    meets(house.ask("t1", "2027-01-12 09:00", PA, service=what), wants)


@pytest.mark.parametrize("missing", ["individual_dbt", "skills_group_leader", "phone_coaching", "consult_team_member"])
def test_three_of_four_parts_are_not_comprehensive(missing: str) -> None:
    """Each of the four is needed for the word."""
    parts = frozenset({"individual_dbt", "skills_group_leader", "phone_coaching", "consult_team_member"})
    one = replace(
        T1, qualifications=(Qualification(modality=Modality.DBT, level=Level.CERTIFIED, scope=parts - {missing}),)
    )
    meets(HOUSE.having(one).ask("t1", "2027-01-12 09:00", PA, service="dbt"), "BLOCK QUAL_SCOPE")


# Clocks.

CLOCKS: list[tuple[str, str, int]] = [
    ("the Tuesday before clocks go forward", "2027-03-09 18:00", 23),
    ("the Tuesday after", "2027-03-16 18:00", 22),
    ("the Tuesday before clocks go back", "2026-10-27 18:00", 22),
    ("the Tuesday after that", "2026-11-03 18:00", 23),
]


@pytest.mark.parametrize(("at", "hour"), [row[1:] for row in CLOCKS], ids=[row[0] for row in CLOCKS])
def test_six_in_the_evening_stays_six(at: str, hour: int) -> None:
    """The wall clock leads, and UTC follows."""
    assert moment(at).hour == hour


def _named(found: Found) -> set[str]:
    return {code for _outcome, code in codes(found)}


def test_two_at_once() -> None:
    """Nobody is in two places, the ten minutes after a visit included; who touches does not collide."""
    house = replace(
        HOUSE, clients=(client(), client("c2")), visits=(visit("v", "therapy", "t1", "2027-01-12 09:00", who="c2"),)
    )
    assert "THER_CONFLICT" in _named(house.ask("t1", "2027-01-12 09:30"))
    assert "THER_CONFLICT" in _named(house.ask("t1", "2027-01-12 10:05"))
    assert "THER_CONFLICT" not in _named(house.ask("t1", "2027-01-12 10:10"))
    assert "THER_CONFLICT" not in _named(house.ask("t4", "2027-01-12 09:00"))
    assert "CLIENT_CONFLICT" in _named(
        house.ask("t4", "2027-01-12 09:30", seats=(Seat(client=ClientId("c2"), expected_state=PA),))
    )
