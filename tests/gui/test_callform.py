"""What is typed during a call is read as people type it."""

from __future__ import annotations

from datetime import date, time

import pytest

from desktop.clinic.errors import BadInput
from desktop.clinic.moments import Weekday
from desktop.clinic.people import Name, State
from desktop.clinic.services import ServiceId
from desktop.gui.callform import Typed, new_client, new_request, read_birth_date, read_name, read_place, windows

TODAY = date(2026, 11, 23)
CALL = Typed(name="Nguyen, Thi", phone="7325550142", birth_date="3/14/91", zip="08854", state=State.NJ)


@pytest.mark.parametrize(
    ("typed", "family", "given"),
    [
        ("Nguyen, Thi", "Nguyen", "Thi"),
        ("Thi Nguyen", "Nguyen", "Thi"),
        ("  Ann   Marie  del Doble", "Doble", "Ann Marie del"),
        ("王", "王", ""),
        ("O'Brien-Nguyễn, Siobhán", "O'Brien-Nguyễn", "Siobhán"),
    ],
)
def test_names(typed: str, family: str, given: str) -> None:
    """Family name first with a comma, last without."""
    assert read_name(typed) == Name(family=family, given=given)


@pytest.mark.parametrize(
    ("typed", "born"),
    [
        ("3/14/91", date(1991, 3, 14)),
        ("3/14/1991", date(1991, 3, 14)),
        ("1991-03-14", date(1991, 3, 14)),
        ("1/2/26", date(2026, 1, 2)),
        ("1/2/27", date(1927, 1, 2)),
    ],
)
def test_birth_dates(typed: str, born: date) -> None:
    """Two digits of a year are the latest year that has begun."""
    assert read_birth_date(typed, TODAY) == born


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        (Typed(), "name"),
        (Typed(name="Nguyen"), "phone"),
        (Typed(name="Nguyen", phone="555"), "phone"),
        (Typed(name="Nguyen", phone="7325550142", birth_date="31/31/91"), "birth_date"),
        (Typed(name="Nguyen", phone="7325550142", birth_date="11/24/2026"), "birth_date"),
        (Typed(name="Nguyen", phone="7325550142", birth_date="3/14/91", zip="8854"), "zip"),
    ],
)
def test_the_first_wrong_field_is_named(typed: Typed, field: str) -> None:
    """In the order of the sheet."""
    with pytest.raises(BadInput) as caught:
        new_client(typed, TODAY)
    assert caught.value.field == field


def test_a_call_becomes_a_client_and_a_request() -> None:
    """ZIP code gives city, county and state; the service is asked for from today on."""
    client = new_client(CALL, TODAY)
    assert (client.address.city, client.address.county, client.address.state) == (
        "Piscataway",
        "Middlesex County",
        "NJ",
    )
    assert client.phones[0].number == "+17325550142"
    with pytest.raises(BadInput, match="service"):
        new_request(CALL, TODAY)
    typed = Typed(service=ServiceId("intake"), times=frozenset({"evenings"}), payer="Aetna", state=State.NJ)
    asked = new_request(typed, TODAY)
    assert (asked.payer, asked.state, asked.from_day) == ("aetna", "NJ", TODAY)
    assert {(one.day, one.start) for one in asked.windows} == {(day, time(17)) for day in list(Weekday)[:5]}


def test_no_time_chosen_is_any_time() -> None:
    """Nothing typed is no address."""
    assert windows(frozenset()) == ()
    assert read_place("").zip == ""
