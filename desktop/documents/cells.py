"""What people write into the cells of a table, read as values: dates, telephones, states, ZIP codes, choices.

Every function raises BadInput with a sentence and no field; whoever reads the table knows the column.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from enum import Enum
from functools import cache, lru_cache
from gettext import gettext as _
from typing import TypeVar

from desktop.clinic.errors import BadInput
from desktop.clinic.people import State
from desktop.clinic.services import BOTH_FORMATS, Format, Modality
from desktop.documents.problems import choice
from desktop.documents.schema import LARGEST_NUMBER, allowed

E = TypeVar("E", bound=Enum)

_ISO = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?Z?)?")
_US = re.compile(r"(\d{1,2})[-/](\d{1,2})[-/](\d{4})(?: 0?0:00(?::00)?)?")
_SPOKEN = re.compile(r"(?:(\d{1,2})\.? +)?([A-Za-z]{3,9})\.?(?: +(\d{1,2})(?:st|nd|rd|th)?)?,? +(\d{4})")
_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_STATES = (
    "Alabama", "Alaska", "Arizona", "Arkansas", "California", "Colorado", "Connecticut", "Delaware",
    "District of Columbia", "Florida", "Georgia", "Hawaii", "Idaho", "Illinois", "Indiana", "Iowa", "Kansas",
    "Kentucky", "Louisiana", "Maine", "Maryland", "Massachusetts", "Michigan", "Minnesota", "Mississippi", "Missouri",
    "Montana", "Nebraska", "Nevada", "New Hampshire", "New Jersey", "New Mexico", "New York", "North Carolina",
    "North Dakota", "Ohio", "Oklahoma", "Oregon", "Pennsylvania", "Rhode Island", "South Carolina", "South Dakota",
    "Tennessee", "Texas", "Utah", "Vermont", "Virginia", "Washington", "West Virginia", "Wisconsin", "Wyoming",
)  # fmt: skip
_LANGUAGES = {
    "english": "en", "spanish": "es", "espanol": "es", "chinese": "zh", "mandarin": "zh", "cantonese": "yue",
    "vietnamese": "vi", "korean": "ko", "polish": "pl", "portuguese": "pt", "arabic": "ar", "russian": "ru",
    "ukrainian": "uk", "french": "fr", "haitiancreole": "ht", "german": "de", "hindi": "hi", "gujarati": "gu",
    "urdu": "ur", "bengali": "bn", "hebrew": "he", "yiddish": "yi", "italian": "it", "japanese": "ja", "tagalog": "tl",
    "americansignlanguage": "ase", "asl": "ase",
}  # fmt: skip
_MODALITIES = {
    "ketamine": Modality.KAP, "ketamineassistedpsychotherapy": Modality.KAP, "playtherapy": Modality.PLAY,
    "couplestherapy": Modality.COUPLES, "couple": Modality.COUPLES, "internalfamilysystems": Modality.IFS,
    "dialecticalbehaviortherapy": Modality.DBT, "cognitivebehavioraltherapy": Modality.CBT,
    "grouptherapy": Modality.GROUP, "somaticexperiencing": Modality.SOMATIC, "coach": Modality.COACHING,
    "sensorimotorpsychotherapy": Modality.SENSORIMOTOR, "innerchildwork": Modality.INNER_CHILD,
    "eyemovementdesensitizationandreprocessing": Modality.EMDR,
}  # fmt: skip
_FORMATS = {
    "telehealth": {Format.TELEHEALTH}, "online": {Format.TELEHEALTH}, "video": {Format.TELEHEALTH},
    "virtual": {Format.TELEHEALTH}, "remote": {Format.TELEHEALTH}, "inperson": {Format.IN_PERSON},
    "office": {Format.IN_PERSON}, "onsite": {Format.IN_PERSON}, "both": BOTH_FORMATS, "either": BOTH_FORMATS,
    "any": BOTH_FORMATS, "nopreference": BOTH_FORMATS,
}  # fmt: skip
_YES = frozenset({"yes", "y", "true", "t", "1", "x", "ok"})
_NO = frozenset({"no", "n", "false", "f", "0", "none"})


def folded(text: str) -> str:
    """Letters and digits alone, lower case, without accents: how headers and names are compared."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in plain if letter.isalnum())


def day(text: str) -> date:
    """A day: 2026-12-03, 12/3/2026 (month first), Dec 3, 2026 or 3 December 2026."""
    try:
        if found := _ISO.fullmatch(text):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := _US.fullmatch(text):
            return date(int(found[3]), int(found[1]), int(found[2]))
        if (found := _SPOKEN.fullmatch(text)) and bool(found[1]) != bool(found[3]):
            return date(int(found[4]), _month(found[2]), int(found[1] or found[3]))
    except ValueError:
        pass
    raise BadInput("", _("write an existing day with four digits for the year, as 2026-12-03 or 12/3/2026."))


def phone(text: str) -> str:
    """A telephone number in E.164 form; one without a country code is taken as a US number."""
    import phonenumbers  # 30 ms that only an import needs

    try:
        number = phonenumbers.parse(text[:60], "US")
    except phonenumbers.NumberParseException:
        number = None
    possible = phonenumbers.ValidationResult.IS_POSSIBLE
    if number is None or phonenumbers.is_possible_number_with_reason(number) != possible:
        raise BadInput("", _("write the telephone number with its area code, for example 215-555-0142."))
    if number.extension:
        raise BadInput("", _("leave the extension out; only the number itself is kept."))
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def state(text: str) -> State:
    """A state by its postal code or its name."""
    code = text.strip().upper().replace(".", "")
    if code in State.__members__:
        return State(code)
    if found := _states().get(folded(text)):
        return found
    raise BadInput("", _("write a US state by its two letters or its name, for example NJ or New Jersey."))


def zip_code(text: str) -> str:
    """A ZIP code of five or nine digits; the leading zero that a spreadsheet takes away is put back."""
    digits = text.removesuffix(".0")
    if re.fullmatch(r"\d{4}", digits, re.ASCII):
        digits = "0" + digits
    if not re.fullmatch(r"\d{5}(-\d{4})?", digits, re.ASCII):
        raise BadInput("", _("write the ZIP code with five digits, for example 08033."))
    return digits


@lru_cache(maxsize=4096)
def place(zip_digits: str) -> Mapping[str, str]:
    """City, county and state of a ZIP code; empty when the register does not know it."""
    import zipcodes  # 250 ms at the first look-up, that only an import needs

    found = zipcodes.matching(zip_digits[:5])  # type: ignore[no-untyped-call]
    return {"city": found[0]["city"], "county": found[0]["county"], "state": found[0]["state"]} if found else {}


def yes(text: str) -> bool:
    """Yes or no in its usual spellings."""
    answer = text.strip().casefold()
    if answer in _YES:
        return True
    if answer in _NO:
        return False
    raise BadInput("", _("answer yes or no."))


def number(text: str) -> int:
    """A whole number from 0."""
    plain = text.removesuffix(".0")
    if not re.fullmatch(r"\d{1,7}", plain, re.ASCII) or int(plain) > LARGEST_NUMBER:
        raise BadInput("", _("write a whole number, for example 18."))
    return int(plain)


def email(text: str) -> str:
    """An e-mail address; only its shape is looked at."""
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", text):
        raise BadInput("", _("write one e-mail address, for example name@example.org."))
    return text


def several(text: str) -> tuple[str, ...]:
    """The entries of a cell that holds a list, between semicolons, commas or bars."""
    return tuple(part.strip() for part in re.split(r"[;,|]", text) if part.strip())


def one_of(enum: type[E], text: str, also: Mapping[str, E] | None = None) -> E:
    """A value of an enumeration in any spelling of case, space and hyphen, or by one of its other names."""
    names = {folded(str(one.value)): one for one in enum} | dict(also or {})
    if folded(text) in names:
        return names[folded(text)]
    raise BadInput("", choice(text, allowed(enum)))


def modality(text: str) -> Modality:
    """A way of working, by its short name or its usual full one."""
    return one_of(Modality, text.casefold().replace("therapy", "") if folded(text)[:4] == "emdr" else text, _MODALITIES)


def formats(text: str) -> frozenset[Format]:
    """In person, telehealth, or both."""
    chosen: set[Format] = set()
    for part in several(text.replace("/", ";")):
        if folded(part) not in _FORMATS:
            raise BadInput("", choice(part, ("in person", "telehealth", "both")))
        chosen |= _FORMATS[folded(part)]
    return frozenset(chosen)


def languages(text: str) -> tuple[str, ...]:
    """ISO 639 codes from codes or English names, in the order given."""
    return tuple(_language(part) for part in several(text.replace("/", ";")))


def _language(text: str) -> str:
    code = _LANGUAGES.get(folded(text), text.strip().lower())
    if not re.fullmatch(r"[a-z]{2,3}(-[a-z0-9]+)*", code):
        raise BadInput("", _("write languages as ISO 639 codes or English names, for example en or Spanish."))
    return code.partition("-")[0]


def _month(text: str) -> int:
    wanted = text.lower()
    found = [index for index, name in enumerate(_MONTHS, 1) if name == wanted or name[:3] == wanted or wanted == "sept"]
    return 9 if wanted == "sept" else found[0] if found else 0


@cache
def _states() -> Mapping[str, State]:
    return {folded(name): one for name, one in zip(_STATES, State, strict=True)}
