"""The invented words of the demo practice, read from resources/demo."""

from __future__ import annotations

import tomllib
from datetime import time
from functools import cache
from random import Random
from typing import Any

from desktop import resource
from desktop.clinic.people import Address, Name, State

AREAS = {State.PA: ("215", "267", "445", "484", "610"), State.NJ: ("609", "856")}


@cache
def words(file: str) -> dict[str, Any]:
    """The tables of one file of resources/demo, by its name without the ending."""
    return tomllib.loads(resource(f"demo/{file}.toml").read_text(encoding="utf-8"))


def name(rng: Random, *, family: str = "") -> Name:
    """An invented name, of that family if one is given."""
    book = words("names")
    return Name(given=rng.choice(book["given"]), family=family or rng.choice(book["family"]))


def phone(rng: Random, state: State | None) -> str:
    """A number of the block 555-0100 to 555-0199, which is kept for fiction, in E.164 form."""
    return f"+1{rng.choice(AREAS.get(state or State.PA, AREAS[State.PA]))}55501{rng.randrange(100):02}"


def address(rng: Random, region: str) -> Address:
    """An invented street in a real town: philadelphia, main_line or new_jersey."""
    places = words("places")
    code, rest = rng.choice(places[region]).split(" ", 1)
    city, county = rest.split(", ")
    street = f"{rng.randrange(2, 990)} {rng.choice(places['streets'])}"
    state = State.NJ if region == "new_jersey" else State.PA
    return Address(street=street, city=city, county=county, state=state, zip=code)


def npi(serial: int) -> str:
    """A National Provider Identifier with a right check digit, from a range that is not issued yet."""
    stem = f"19999{serial:04}"
    digits = [int(digit) for digit in reversed("80840" + stem)]
    total = sum(digit if place % 2 else sum(divmod(2 * digit, 10)) for place, digit in enumerate(digits))
    return f"{stem}{-total % 10}"


def wall(hour: float) -> time:
    """The wall-clock time of an hour such as 16.5."""
    return time(int(hour), round(hour % 1 * 60))
