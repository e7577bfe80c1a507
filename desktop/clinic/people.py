"""What every person at the practice has: a name, ways to reach them, an address; and the referrers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from gettext import gettext as _
from typing import Annotated, NewType

from desktop.clinic.errors import BadInput

ClientId = NewType("ClientId", str)
TherapistId = NewType("TherapistId", str)
ReferrerId = NewType("ReferrerId", str)


class State(StrEnum):
    """A US state or the District of Columbia, by its postal code."""

    AL = "AL"
    AK = "AK"
    AZ = "AZ"
    AR = "AR"
    CA = "CA"
    CO = "CO"
    CT = "CT"
    DE = "DE"
    DC = "DC"
    FL = "FL"
    GA = "GA"
    HI = "HI"
    ID = "ID"
    IL = "IL"
    IN = "IN"
    IA = "IA"
    KS = "KS"
    KY = "KY"
    LA = "LA"
    ME = "ME"
    MD = "MD"
    MA = "MA"
    MI = "MI"
    MN = "MN"
    MS = "MS"
    MO = "MO"
    MT = "MT"
    NE = "NE"
    NV = "NV"
    NH = "NH"
    NJ = "NJ"
    NM = "NM"
    NY = "NY"
    NC = "NC"
    ND = "ND"
    OH = "OH"
    OK = "OK"
    OR = "OR"
    PA = "PA"
    RI = "RI"
    SC = "SC"
    SD = "SD"
    TN = "TN"
    TX = "TX"
    UT = "UT"
    VT = "VT"
    VA = "VA"
    WA = "WA"
    WV = "WV"
    WI = "WI"
    WY = "WY"


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A person's legal name; one of the two parts may be empty, never both."""

    family: str = ""
    given: str = ""

    def __post_init__(self) -> None:
        """Refuse a name without any letter in it."""
        if not (self.family.strip() or self.given.strip()):
            raise BadInput("name", _("give a family name or a given name."))

    @property
    def full(self) -> str:
        """Given name first, as in a letter."""
        return " ".join(part for part in (self.given, self.family) if part)

    @property
    def listed(self) -> str:
        """Family name first, as in a list."""
        return ", ".join(part for part in (self.family, self.given) if part)

    @property
    def initials(self) -> str:
        """The first letters, given name first."""
        return "".join(part.strip()[0].upper() for part in (self.given, self.family) if part.strip())


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """A telephone number in E.164 form (+12155550142) and what may be done with it."""

    number: str
    kind: Annotated[str, "mobile, home, work or fax"] = "mobile"
    voicemail_ok: bool = False
    text_ok: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A postal address in the United States."""

    street: str = ""
    city: str = ""
    county: str = ""
    state: State | None = None
    zip: str = ""


class ReferrerKind(StrEnum):
    """What a referrer is to the practice; letters disclose by it."""

    TREATING_PROVIDER = "treating_provider"
    PRESCRIBER = "prescriber"
    SCHOOL = "school"
    COURT = "court"
    INSURER = "insurer"
    COMMUNITY = "community"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Referrer:
    """An outside person or office that refers clients here or takes referrals from here."""

    id: ReferrerId
    name: Name
    kind: ReferrerKind = ReferrerKind.TREATING_PROVIDER
    credentials: str = ""
    organization: str = ""
    address: Address = Address()
    phone: str = ""
    fax: str = ""
    email: str = ""
    npi: str = ""
    services: Annotated[frozenset[str], "what they take referrals for"] = frozenset()
    retired: bool = False
