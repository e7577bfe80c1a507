"""Who may consent: states, ages, revocation, custody, and the border between the states."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from desktop.clinic.clients import Client, Consent, ConsentKind, Custody, Guardian, RoutingFlag, Signer
from desktop.clinic.consent import consents_alone, judge_consent
from desktop.clinic.facts import Facts
from desktop.clinic.people import Address, Name, State
from desktop.clinic.verdict import Outcome, Verdict, worst
from desktop.office.rules import shipped_rules
from tests.clinic.house import NJ, PA, SERVICES, VIDEO, client, codes, day, of

THERAPY = next(one for one in SERVICES if one.id == "therapy")
FIFTEEN = client(born="2011-06-01")
NINE = client(born="2017-06-01")


def judge(one: Client, state: State | None = PA, on: str = "2026-12-01") -> tuple[Verdict, ...]:
    """Judge a client's consent to therapy."""
    return judge_consent(
        one, state=state, day=day(on), service=THERAPY, format=VIDEO, rules=shipped_rules(), facts=Facts()
    )


def signed(by: Signer, on: str = "2026-11-01", **more: Any) -> Consent:
    """A consent to treatment."""
    return Consent(by=by, signed_on=day(on), **more)


@pytest.mark.parametrize(
    ("born", "state", "expected"),
    [
        ("2012-12-02", PA, "CONSENT_MINOR"),
        ("2012-12-01", PA, "CONSENT_OK"),
        ("2010-12-02", NJ, "CONSENT_MINOR"),
        ("2010-12-01", NJ, "CONSENT_OK"),
        ("2008-12-02", State.DE, "CONSENT_MINOR"),
    ],
)
def test_the_birthday_counts_as_attained(born: str, state: State, expected: str) -> None:
    """14 in Pennsylvania, 16 in New Jersey, a guardian elsewhere, on the session's date."""
    assert expected in {one.code for one in judge(client(born=born), state)}


def test_adults_sign_later() -> None:
    """Nothing is asked of an adult to book, but a consent that was taken back holds."""
    adult = client(born="2008-12-01")
    assert judge(adult) == ()
    revoked = client(consents=(signed(Signer.CLIENT, revoked_on=day("2026-11-15")),))
    assert codes(judge(revoked)) == {("HOLD", "CONSENT_REVOKED")}
    assert judge(revoked, on="2026-11-14") == ()
    again = replace(revoked, consents=(*revoked.consents, signed(Signer.CLIENT, "2026-11-20")))
    assert judge(again) == ()


def test_the_emancipated_are_adults() -> None:
    """In both states; elsewhere a guardian signs."""
    assert judge(replace(FIFTEEN, emancipated=True), NJ) == ()
    assert ("HOLD", "CONSENT_MINOR") in codes(judge(replace(FIFTEEN, emancipated=True), State.DE))


@pytest.mark.parametrize(
    ("consent", "expected"),
    [
        (signed(Signer.GUARDIAN), "CONSENT_OK"),
        (signed(Signer.GUARDIAN, state=PA), "CONSENT_OK"),
        (signed(Signer.GUARDIAN, state=NJ), "CONSENT_MINOR"),
        (signed(Signer.GUARDIAN, "2026-12-02"), "CONSENT_MINOR"),
        (signed(Signer.GUARDIAN, expires_on=day("2026-11-30")), "CONSENT_MINOR"),
        (signed(Signer.GUARDIAN, expires_on=day("2026-12-01")), "CONSENT_OK"),
        (signed(Signer.GUARDIAN, revoked_on=day("2026-12-01")), "CONSENT_REVOKED"),
        (signed(Signer.GUARDIAN, kind=ConsentKind.FINANCIAL_POLICY), "CONSENT_MINOR"),
        (signed(Signer.MINOR_SELF), "CONSENT_MINOR"),
    ],
)
def test_a_guardians_signature(consent: Consent, expected: str) -> None:
    """For treatment, for that state, in force on the day."""
    found = judge(replace(NINE, consents=(consent,)))
    assert expected in {one.code for one in found}
    assert worst(found) is (Outcome.ALLOW if expected == "CONSENT_OK" else Outcome.HOLD)


@pytest.mark.parametrize(
    ("state", "minor", "parent", "expected"),
    [
        (PA, "revoked", "none", "CONSENT_REVOKED"),
        (PA, "revoked", "signed", "CONSENT_OK"),
        (PA, "signed", "revoked", "CONSENT_OK"),
        (PA, "none", "revoked", "CONSENT_REVOKED"),
        (NJ, "revoked", "signed", "CONSENT_REVOKED"),
        (NJ, "signed", "revoked", "CONSENT_REVOKED"),
        (NJ, "signed", "none", "CONSENT_OK"),
    ],
)
def test_taking_consent_back(state: State, minor: str, parent: str, expected: str) -> None:
    """In Pennsylvania neither of minor and parent undoes the other's consent."""
    records = [
        signed(by, revoked_on=day("2026-11-20") if what == "revoked" else None)
        for by, what in ((Signer.MINOR_SELF, minor), (Signer.GUARDIAN, parent))
        if what != "none"
    ]
    sixteen = client(born="2010-06-01", consents=tuple(records))
    found = judge(sixteen, state)
    assert {one.code for one in found} == {expected}


def test_who_consented_decides_what_parents_hear() -> None:
    """The basis is the minor when they refuse contact, the guardian when one signed."""
    guardian = replace(FIFTEEN, consents=(signed(Signer.GUARDIAN),))
    assert of(judge(guardian), "CONSENT_OK").evidence["basis"] == "guardian"
    alone = replace(guardian, refuses_parent_contact=True)
    assert of(judge(alone), "CONSENT_OK").evidence["basis"] == "minor_self"
    assert consents_alone(alone, PA, day("2026-12-01"), shipped_rules())
    assert not consents_alone(alone, NJ, day("2026-12-01"), shipped_rules())


@pytest.mark.parametrize(
    ("born", "state", "home", "warns"),
    [
        ("2011-06-01", PA, NJ, True),
        ("2011-06-01", NJ, PA, True),
        ("2009-06-01", PA, NJ, False),
        ("2017-06-01", PA, NJ, False),
        ("1990-06-01", PA, NJ, False),
        ("2011-06-01", PA, PA, False),
    ],
)
def test_across_the_border(born: str, state: State, home: State, warns: bool) -> None:
    """A warning where the two states answer differently."""
    found = judge(client(born=born, address=Address(state=home)), state)
    assert (("WARN", "CROSS_BORDER_MINOR") in codes(found)) is warns


def guardian(letter: str, custody: Custody) -> Guardian:
    """A guardian of that custody."""
    return Guardian(name=Name(given=letter, family="Parent"), custody=custody)


@pytest.mark.parametrize(
    ("custodies", "signers", "more", "expected"),
    [
        ("SHARED SHARED", "A", {}, "CONSENT_OK"),
        ("SHARED SHARED", "A", {"custody_order": True, "custody_order_on_file": True}, "CONSENT_CUSTODY"),
        ("SHARED SHARED", "AB", {"custody_order": True, "custody_order_on_file": True}, "CONSENT_OK"),
        ("SHARED SHARED", "AB", {"custody_order": True}, "CONSENT_CUSTODY"),
        ("SOLE NONE", "A", {"custody_order": True, "custody_order_on_file": True}, "CONSENT_OK"),
        ("SOLE NONE", "B", {"custody_order": True, "custody_order_on_file": True}, "CONSENT_CUSTODY"),
        ("SHARED NONE", "B", {}, "CONSENT_CUSTODY"),
        ("DISPUTED SHARED", "B", {}, "CONSENT_CUSTODY"),
        ("AGENCY", "A", {}, "CONSENT_CUSTODY"),
        ("AGENCY", "A", {"custody_order_on_file": True}, "CONSENT_OK"),
        ("SHARED", "A", {"routing": frozenset({RoutingFlag.CUSTODY_DISPUTE})}, "CONSENT_CUSTODY"),
    ],
)
def test_legal_custody(custodies: str, signers: str, more: dict[str, Any], expected: str) -> None:
    """Without an order any parent signs; with one, whoever has legal custody; a dispute waits for a person."""
    guardians = tuple(guardian(letter, Custody[one]) for letter, one in zip("AB", custodies.split(), strict=False))
    consents = tuple(signed(Signer.GUARDIAN, signer=f"parent,  {letter}") for letter in signers.lower())
    found = judge(replace(NINE, guardians=guardians, consents=consents, **more))
    assert {one.code for one in found} == {expected}


def test_custody_does_not_matter_to_a_minor_who_consents_alone() -> None:
    """Nor does anything about a place that nobody knows yet."""
    one = replace(FIFTEEN, custody_order=True, guardians=(guardian("A", Custody.DISPUTED),))
    assert worst(judge(one)) is Outcome.ALLOW
    assert judge(one, None) == ()
