"""Finding clients while somebody types: part of a name, a phone number or a birth date."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from typing import Any
from unicodedata import combining, normalize

from sqlalchemy import Connection, Row, bindparam, column, literal_column, select, table

from desktop.clinic.clients import Client, ClientStatus
from desktop.clinic.people import ClientId

_DATE = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})|(\d{4})-(\d{1,2})-(\d{1,2})")
_PHONE = re.compile(r"[\d\s().+-]{4,}")

# Letters that Unicode does not take apart into a plain one and its accent.
_LETTERS = str.maketrans({"ł": "l", "đ": "d", "ð": "d", "ø": "o", "ı": "i", "þ": "th", "æ": "ae", "œ": "oe"})

_LINE = ("id", "listed", "called", "birth_date", "phone", "status")
_search = table("client_search", column("rowid"), column("words"), *(column(name) for name in _LINE))
_client = table("client", column("id"), column("sort_name"))
_shown = select(*(_search.c[name] for name in _LINE))

_FORGET = _search.delete().where(_search.c.rowid == bindparam("row"))
# A word that begins thousands of names need not sort them all to show the first few.
_SOME = _shown.where(literal_column("client_search").op("MATCH")(bindparam("query"))).limit(500).subquery()
_MATCH = select(_SOME).order_by(_SOME.c.listed).limit(bindparam("most"))
_ROWS = _shown.where(_search.c.rowid.in_(bindparam("rows", expanding=True)))
_BY_NAME = (
    select(_client.c.id)
    .where(_client.c.sort_name >= bindparam("low"), _client.c.sort_name < bindparam("high"))
    .order_by(_client.c.sort_name)
    .limit(bindparam("most"))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientLine:
    """Just what tells one client from another in a list."""

    id: ClientId
    listed: str
    called: str
    birth_date: date
    phone: str
    status: ClientStatus


def index_clients(connection: Connection, clients: Iterable[Client]) -> None:
    """Put the clients into the search table."""
    rows = [_row(client) for client in clients]
    if rows:
        connection.execute(_search.insert(), rows)


def forget_clients(connection: Connection, client_ids: Sequence[str]) -> None:
    """Take clients out of the search table."""
    connection.execute(_FORGET, [{"row": _number(one)} for one in client_ids])


def find_clients(connection: Connection, typed: str, limit: int) -> tuple[ClientLine, ...]:
    """The clients of whom every typed word begins a name, a phone number or the birth date.

    Those whose list name begins with what is typed come first, then the others, each by name.
    """
    query = _query(typed)
    if not query:
        return ()
    begins = sort_name(typed).strip()
    low_high = {"low": begins, "high": begins + "\U0010ffff", "most": limit}
    rows = [_number(key) for key in connection.execute(_BY_NAME, low_high).scalars()]
    first = sorted((_line(row) for row in connection.execute(_ROWS, {"rows": rows})), key=lambda line: line.listed)
    if len(first) >= limit:
        return tuple(first)
    shown = {line.id for line in first}
    found = (_line(row) for row in connection.execute(_MATCH, {"query": query, "most": limit}))
    return (*first, *(line for line in found if line.id not in shown))[:limit]


def sort_name(text: str) -> str:
    """The text as names are sorted and compared: without accents and letter case, Ł as l and ß as ss."""
    plain = text.casefold().translate(_LETTERS)
    return "".join(one for one in normalize("NFKD", plain) if not combining(one))


def _line(row: Row[Any]) -> ClientLine:
    return ClientLine(
        id=ClientId(row.id),
        listed=row.listed,
        called=row.called,
        birth_date=date.fromisoformat(row.birth_date),
        phone=row.phone,
        status=ClientStatus(row.status),
    )


def _query(typed: str) -> str:
    words = []
    born = _DATE.search(typed)
    if born is not None:
        words.append(_born(born))
        typed = typed.replace(born.group(), " ")
    digits = "".join(re.findall(r"\d", typed))
    if digits and _PHONE.fullmatch(typed.strip()):
        words.append("t" + digits.removeprefix("1"))
        typed = ""
    words += re.findall(r"\w+", sort_name(typed))
    return " AND ".join(_either(word) for word in words)


def _either(word: str) -> str:
    # No name is made of digits: they begin a number's last ten, seven or four, or a year of birth.
    forms = (f"t{word}", f"b{word}") if word.isdecimal() else (word,)
    return "(" + " OR ".join(f'"{one}"*' for one in forms) + ")"


def _born(match: re.Match[str]) -> str:
    month, day, year, long_year, long_month, long_day = match.groups()
    if long_year:
        return f"b{long_year}{int(long_month):02}{int(long_day):02}"
    if len(year) == 4:
        return f"b{year}{int(month):02}{int(day):02}"
    # A two-digit year stands at the end of its own token, so that both centuries are found.
    return f"s{year}{int(month):02}{int(day):02}"


def _row(client: Client) -> dict[str, Any]:
    born = client.birth_date.strftime("%Y%m%d")
    numbers = [re.sub(r"\D", "", phone.number)[-10:] for phone in client.phones]
    ends = [f"t{number[at:]}" for number in numbers for at in (0, 3, 6)]
    names = sort_name(f"{client.name.family} {client.name.given} {client.goes_by}")
    return {
        "rowid": _number(client.id),
        "words": " ".join((names, f"b{born}", f"s{born[2:]}", *ends)),
        "id": client.id,
        "listed": client.name.listed,
        "called": client.called,
        "birth_date": client.birth_date.isoformat(),
        "phone": client.phones[0].number if client.phones else "",
        "status": client.status.value,
    }


def _number(client_id: str) -> int:
    return int.from_bytes(blake2b(client_id.encode(), digest_size=8).digest(), "big") >> 1
