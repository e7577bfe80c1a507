"""What was typed during a call, read as a client and a request; every mistake names its field."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, time
from gettext import gettext as _
from uuid import uuid4

from desktop.clinic.clients import Client, ClientStatus, Coverage, PaymentKind
from desktop.clinic.errors import BadInput
from desktop.clinic.moments import Weekday, Window
from desktop.clinic.people import Address, ClientId, Name, Phone, ReferrerId, State
from desktop.clinic.referral import Urgency
from desktop.clinic.requests import Request
from desktop.clinic.services import Format, Modality, ServiceId

WORKDAYS = (Weekday.MON, Weekday.TUE, Weekday.WED, Weekday.THU, Weekday.FRI)
PARTS = {
    "mornings": (WORKDAYS, time(8), time(12)),
    "afternoons": (WORKDAYS, time(12), time(17)),
    "evenings": (WORKDAYS, time(17), time(21)),
    "saturdays": ((Weekday.SAT,), time(8), time(18)),
}
_SHORT_YEAR = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{2})")
_ZIP = re.compile(r"\d{5}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """The fields of the sheet as they stand, chosen values included."""

    name: str = ""
    phone: str = ""
    voicemail_ok: bool = False
    birth_date: str = ""
    zip: str = ""
    state: State | None = None
    service: ServiceId | None = None
    modality: Modality | None = None
    formats: frozenset[Format] = frozenset(Format)
    times: frozenset[str] = frozenset()
    payer: str = ""
    language: str = ""
    urgency: Urgency = Urgency.ROUTINE
    referrer: ReferrerId | None = None
    reason: str = ""
    crisis: bool = False


def read_name(text: str) -> Name:
    """Family and given name: `Nguyen, Thi` or `Thi Nguyen`.

    Raises BadInput when nothing was typed.
    """
    text = " ".join(text.split())
    if not text:
        raise BadInput("name", _("type the name, family name first: Nguyen, Thi."))
    family, comma, given = text.partition(",")
    if not comma:
        given, _blank, family = text.rpartition(" ")
    return Name(family=family.strip(), given=given.strip())


def read_birth_date(text: str, today: date) -> date:
    """A birth date such as 3/14/91 or 3/14/1991; a year of two digits is the latest one that is not in the future.

    Raises BadInput for anything that is not a day of the past.
    """
    from desktop.documents.cells import day

    text = text.strip()
    short = _SHORT_YEAR.fullmatch(text)
    if short:
        year = today.year // 100 * 100 + int(short[3])
        text = f"{short[1]}/{short[2]}/{year if year <= today.year else year - 100}"
    try:
        born = day(text)
    except BadInput as error:
        raise BadInput("birth_date", _("type the birth date as month, day and year: 3/14/1991.")) from error
    if born > today:
        raise BadInput("birth_date", _("this day is still to come; check the year."))
    return born


def read_phone(text: str) -> str:
    """A telephone number in E.164 form.

    Raises BadInput when it lacks digits.
    """
    from desktop.documents.cells import phone

    try:
        return phone(text)
    except BadInput as error:
        raise BadInput("phone", _("type the telephone number with its area code: 215-555-0142.")) from error


def read_place(text: str) -> Address:
    """City, county and state of a ZIP code; only the code where the register does not know it.

    Raises BadInput for anything but five digits; nothing typed is no address.
    """
    from desktop.documents.cells import place

    text = text.strip()
    if not text:
        return Address()
    if not _ZIP.fullmatch(text):
        raise BadInput("zip", _("type the five digits of the ZIP code."))
    found = place(text)
    if not found or found["state"] not in State.__members__:
        return Address(zip=text)
    return Address(city=found["city"], county=found["county"], state=State(found["state"]), zip=text)


def new_client(typed: Typed, today: date) -> Client:
    """The caller as a prospective client.

    Raises BadInput naming the first field that is wrong, in the order of the sheet.
    """
    name = read_name(typed.name)
    number = read_phone(typed.phone)
    born = read_birth_date(typed.birth_date, today)
    payer = typed.payer.strip().casefold()
    return Client(
        id=ClientId(str(uuid4())),
        name=name,
        birth_date=born,
        status=ClientStatus.PROSPECTIVE,
        phones=(Phone(number=number, voicemail_ok=typed.voicemail_ok),),
        address=read_place(typed.zip),
        languages=(typed.language,) if typed.language else ("en",),
        formats=typed.formats,
        windows=windows(typed.times),
        coverage=Coverage(kind=PaymentKind.IN_NETWORK, payer=payer) if payer else Coverage(),
    )


def new_request(typed: Typed, today: date) -> Request:
    """What the caller asks for, from today on.

    Raises BadInput when no service or no format was chosen.
    """
    if typed.service is None:
        raise BadInput("service", _("choose the service."))
    return Request(
        service=typed.service,
        modality=typed.modality,
        formats=typed.formats,
        state=typed.state,
        from_day=today,
        windows=windows(typed.times),
        payer=typed.payer.strip().casefold(),
        language=typed.language,
    )


def windows(times: frozenset[str]) -> tuple[Window, ...]:
    """The chosen parts of the day as windows; none for any time."""
    return tuple(
        Window(day=day, start=start, end=end)
        for part, (days, start, end) in PARTS.items()
        if part in times
        for day in days
    )
