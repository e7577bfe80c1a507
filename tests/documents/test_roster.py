"""Tables of clients, referrals and therapists: headers and cells as people write them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from desktop.clinic.clients import Client, ClientStatus, Coverage, PaymentKind
from desktop.clinic.errors import BadInput, Canceled
from desktop.clinic.people import Address, ClientId, Name, Phone, State
from desktop.clinic.referral import Urgency
from desktop.clinic.services import Format, Level, Modality
from desktop.documents import cells
from desktop.documents.columns import TableKind, columns, guess_kind
from desktop.documents.drafts import ClientRow, ReferralRow, TherapistRow
from desktop.documents.roster import Roster, read_roster, write_clients
from desktop.documents.rows import BadFile


def clients(text: str) -> list[Client]:
    """The new clients that a table without errors makes."""
    found = read_roster(text.encode(), TableKind.CLIENTS)
    assert found.errors == ()
    return [row.onto(None) for row in found.rows if isinstance(row, ClientRow)]


def errors(found: Roster) -> list[tuple[int, str]]:
    """Where a table's errors are."""
    return [(one.row, one.field) for one in found.errors]


@pytest.mark.parametrize("header", ["DOB", "Date of birth", "birth_date", "Birth Date", "dateOfBirth", " Birthdate "])
def test_a_header_is_known_by_its_synonyms(header: str) -> None:
    assert columns(TableKind.CLIENTS, ["Name", header]).places["birth_date"] == 1


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("1990-02-03", date(1990, 2, 3)),
        ("1990/2/3", date(1990, 2, 3)),
        ("2/3/1990", date(1990, 2, 3)),
        ("02-03-1990", date(1990, 2, 3)),
        ("1990-02-03 00:00:00", date(1990, 2, 3)),
        ("Feb 3, 1990", date(1990, 2, 3)),
        ("February 3rd 1990", date(1990, 2, 3)),
        ("3 Sept. 1990", date(1990, 9, 3)),
    ],
)
def test_days_are_read_in_iso_and_us_forms(text: str, day: date) -> None:
    assert cells.day(text) == day


@pytest.mark.parametrize(
    "text",
    ["2/3/90", "13/1/1990", "1990-02-30", "3.2.1990", "33270", "Foo 3, 1990", "3 May 3 1990", "1990-02-03T09:00"],
)
def test_days_that_could_mean_another_are_refused(text: str) -> None:
    with pytest.raises(BadInput, match="four digits for the year"):
        cells.day(text)


@pytest.mark.parametrize(
    "text", ["(215) 555-0142", "215.555.0142", "1 215 555 0142", "+12155550142", "２１５５５５０１４２"]
)
def test_telephones_become_e164(text: str) -> None:
    assert cells.phone(text) == "+12155550142"


def test_a_telephone_abroad_keeps_its_country() -> None:
    assert cells.phone("+44 20 7946 0958") == "+442079460958"


@pytest.mark.parametrize("text", ["555-0142", "call me", "1", "9" * 500])
def test_telephones_without_area_code_are_refused(text: str) -> None:
    with pytest.raises(BadInput, match="area code"):
        cells.phone(text)


def test_an_extension_is_not_lost_in_silence() -> None:
    with pytest.raises(BadInput, match="extension"):
        cells.phone("215-555-0142 x12")


@pytest.mark.parametrize("text", ["NJ", "nj", "N.J.", "New Jersey", "new jersey"])
def test_states_by_code_or_name(text: str) -> None:
    assert cells.state(text) is State.NJ


def test_every_state_has_its_own_name() -> None:
    assert cells.state("District of Columbia") is State.DC
    assert cells.state("Wyoming") is State.WY
    assert cells.state("West Virginia") is State.WV
    with pytest.raises(BadInput, match="US state"):
        cells.state("Jersey")


def test_a_zip_code_fills_in_city_county_and_state() -> None:
    (made,) = clients("name,dob,zip\nNg,1990-02-03,8033\n")
    assert made.address == Address(city="Haddonfield", county="Camden County", state=State.NJ, zip="08033")


def test_a_zip_code_in_another_state_is_an_error() -> None:
    found = read_roster(b"name,dob,zip,state\nNg,1990-02-03,08033,PA\n", TableKind.CLIENTS)
    assert errors(found) == [(2, "zip")]


def test_a_client_with_everything() -> None:
    (made,) = clients(
        "Last Name,First Name,MI,Preferred Name,DOB,Cell,OK to leave message,OK to text,E-mail,Address 1,Apt,City,"
        "State,ZIP,Language,Visit type,Emergency contact,Emergency phone,Insurance,Member ID,Guardian\n"
        '"O\'Brien-Nguyễn",Ann,B.,Annie,2/3/1990,215-555-0142,yes,no,a@example.org,1 Main St,4B,Bryn Mawr,'
        'Pennsylvania,19010,"Spanish, en",video,Li Ng,215-555-0143,Aetna,77,"Ng, Li"\n'
    )
    assert made.name == Name(family="O'Brien-Nguyễn", given="Ann B.")
    assert made.called == "Annie"
    assert made.phones == (Phone(number="+12155550142", kind="mobile", voicemail_ok=True),)
    assert made.address.street == "1 Main St, 4B"
    assert made.languages == ("es", "en")
    assert made.formats == {Format.TELEHEALTH}
    assert made.emergency_contact is not None
    assert made.emergency_contact.phone == "+12155550143"
    assert made.coverage == Coverage(kind=PaymentKind.IN_NETWORK, payer="aetna", member_id="77")
    assert made.guardians[0].name == Name(family="Ng", given="Li")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Reyes; Marisol", Name(family="Marisol", given="Reyes;")),
        ('"Reyes, Marisol"', Name(family="Reyes", given="Marisol")),
        ("Marisol Ana Reyes", Name(family="Reyes", given="Marisol Ana")),
        ("王", Name(family="王")),
    ],
)
def test_a_name_in_one_cell(text: str, name: Name) -> None:
    assert clients(f"name,dob\n{text},1990-02-03\n")[0].name == name


def test_errors_are_told_cell_by_cell_and_row_by_row() -> None:
    found = read_roster(
        b"Name,DOB,Phone,State\nNg,x,1,Jersey\n,1990-02-03,,\nOk,1990-02-03,,\nLo,1990-02-03,,,,9\n", TableKind.CLIENTS
    )
    assert errors(found) == [(2, "DOB"), (2, "Phone"), (2, "State"), (3, "Name"), (5, "line 5")]
    assert len(found.rows) == 1


def test_no_error_repeats_what_a_cell_says() -> None:
    text = "name,dob,phone,state,zip,email,status,language,payment\n" + "Ng," + ",".join(["Secretword"] * 8) + "\n"
    found = read_roster(text.encode(), TableKind.CLIENTS)
    assert len(found.errors) >= 7
    assert not any("secretword" in one.sentence.lower() for one in found.errors)


@pytest.mark.parametrize(
    ("header", "words"),
    [
        (b"Phone,City\n1,2\n", "no column holds the name"),
        (b"Name,City\n1,2\n", "this column is missing"),
        (b"Name,DOB,Birth date\n1,2,3\n", "two columns mean the same"),
    ],
)
def test_a_header_that_does_not_do_is_refused(header: bytes, words: str) -> None:
    with pytest.raises(BadFile, match=words):
        read_roster(header, TableKind.CLIENTS)


def test_columns_nobody_knows_are_named_and_left_aside() -> None:
    assert read_roster(b"Name,DOB,Zodiac\nNg,1990-02-03,lion\n", TableKind.CLIENTS).ignored == ("Zodiac",)


def test_the_same_content_gives_the_same_id_and_an_id_is_kept() -> None:
    first, again = (clients("name,dob,phone\nNg,1990-02-03,215-555-0142\n")[0] for _ in range(2))
    other_form = clients("phone;Last Name;DOB\n+1 (215) 555 0142;Ng;2/3/1990\n")[0]
    assert first.id == again.id == other_form.id
    assert clients("name,dob,phone\nNg,1990-02-03,215-555-0143\n")[0].id != first.id
    assert clients("Client ID,name,dob\nc-7,Ng,1990-02-03\n")[0].id == "c-7"


def test_a_row_says_some_fields_and_leaves_the_others() -> None:
    before = Client(
        id=ClientId("c"),
        name=Name(family="Ng"),
        birth_date=date(1990, 2, 3),
        phones=(Phone(number="+12155550142", voicemail_ok=True), Phone(number="+12155550199")),
        address=Address(street="1 Main St", city="Rosemont", state=State.PA, zip="19010"),
        email="a@example.org",
        status=ClientStatus.WAITING,
    )
    found = read_roster(b"id,name,dob,phone,zip\nc,Ng,1990-02-03,215-555-0142,19010\n", TableKind.CLIENTS)
    (row,) = found.rows
    assert isinstance(row, ClientRow)
    assert row.onto(before) == replace(before, address=replace(before.address, county="Delaware County"))
    moved = read_roster(b"id,name,dob,zip\nc,Ng,1990-02-03,08033\n", TableKind.CLIENTS).rows[0]
    assert isinstance(moved, ClientRow)
    assert moved.onto(before).address == Address(
        street="1 Main St", city="Haddonfield", county="Camden County", state=State.NJ, zip="08033"
    )


def test_a_referral_brings_its_client() -> None:
    found = read_roster(
        b"Last name,First name,DOB,Phone,Home state,Therapy type,Insurance,Priority,Reason for referral,Referred by\n"
        b"Ng,Ann,2/3/1990,215-555-0142,NJ,EMDR therapy,Aetna,ASAP,Nightmares,Dr. Lee\n",
        TableKind.REFERRALS,
    )
    assert found.errors == ()
    (row,) = found.rows
    assert isinstance(row, ReferralRow)
    assert (row.modality, row.payer, row.urgency, row.state) == (Modality.EMDR, "aetna", Urgency.URGENT, State.NJ)
    assert (row.reason, row.referrer) == ("Nightmares", "Dr. Lee")
    assert row.client.onto(None, status=ClientStatus.PROSPECTIVE).status is ClientStatus.PROSPECTIVE


def test_a_therapist_brings_licenses_and_qualifications() -> None:
    found = read_roster(
        b"Name;NPI;License state;License type;License number;License expires;License 2 state;License 2 type;"
        b"License 2 expires;Modalities;Insurance accepted\n"
        b'"Okafor, Ngozi";1234567893;PA;LCSW;CW1;2/28/2027;NJ;L.C.S.W.;2028-08-31;EMDR: certified, DBT;Aetna, Cigna\n'
    )
    assert found.errors == ()
    (row,) = found.rows
    assert isinstance(row, TherapistRow)
    made = row.onto(None)
    assert [(one.state, one.title, one.expires) for one in made.licenses] == [
        (State.PA, "LCSW", date(2027, 2, 28)),
        (State.NJ, "LCSW", date(2028, 8, 31)),
    ]
    assert [(one.modality, one.level) for one in made.qualifications] == [
        (Modality.EMDR, Level.CERTIFIED),
        (Modality.DBT, Level.TRAINED),
    ]
    assert made.payers == {"aetna", "cigna"}
    assert row.onto(made) == made


def test_a_license_needs_its_expiry() -> None:
    found = read_roster(b"Name,License state,License type\nNg,PA,LCSW\n", TableKind.THERAPISTS)
    assert errors(found) == [(2, "license1 expires")]


def test_the_kind_of_table_is_guessed_from_its_header() -> None:
    assert guess_kind(["Name", "DOB", "Phone"]) is TableKind.CLIENTS
    assert guess_kind(["Name", "DOB", "Urgency", "Reason"]) is TableKind.REFERRALS
    assert guess_kind(["Name", "License state", "License type", "NPI"]) is TableKind.THERAPISTS


def test_written_clients_read_back() -> None:
    one = Client(
        id=ClientId("=c"),
        name=Name(family="=HYPERLINK(1)", given="José"),
        birth_date=date(1990, 2, 3),
        phones=(Phone(number="+12155550142", voicemail_ok=True),),
        address=Address(street="-1 Main", city="Bryn Mawr", county="Delaware County", state=State.PA, zip="19010"),
        languages=("es", "en"),
        source="web",
    )
    written = write_clients([one])
    assert b",=" not in written
    assert b",+" not in written
    assert clients(written.decode("utf-8-sig")) == [one]


def test_progress_may_cancel() -> None:
    def cancel(done: int, total: int) -> None:
        assert done <= total
        raise Canceled

    with pytest.raises(Canceled):
        read_roster(b"name,dob\n" + b"Ng,1990-02-03\n" * 1000, TableKind.CLIENTS, cancel)
