"""Therapists in a table: credentials, licenses, qualifications, whom they see. Working hours are set in the program."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from gettext import gettext as _
from typing import Any

from desktop.clinic.people import TherapistId
from desktop.clinic.services import Level, Modality
from desktop.clinic.therapists import LicenseStatus, Qualification, Role
from desktop.documents import cells
from desktop.documents.drafts import TherapistRow, id_for
from desktop.documents.row import Row

_LICENSES = range(1, 6)


def read_therapist(row: Row) -> TherapistRow | None:
    """What a row says of a therapist; without an id it is made from the NPI, or from name and e-mail."""
    name = row.name()
    given = row.given(
        licensed_name=str, role=lambda text: cells.one_of(Role, text), credentials=str, pronouns=str, gender=str.lower,
        npi=str, email=cells.email, seat_state=cells.state, specialties=_words, populations=_words,
        age_from=cells.number, age_to=cells.number, languages=lambda text: frozenset(cells.languages(text)),
        payers=_payers, takes_self_pay=cells.yes, accepting=cells.yes, caseload_cap=cells.number,
        caseload_elsewhere=cells.number, qualifications=_qualifications,
    )  # fmt: skip
    licenses = tuple(one for one in (_license(row, count) for count in _LICENSES) if one)
    if name is None or row.errors:
        return None
    content = (given["npi"],) if "npi" in given else (name.family, name.given, given.get("email", ""))
    key = row.text("id") or id_for("therapist", *content)
    given = {"name": name, **given, **({"licenses": licenses} if licenses else {})}
    return TherapistRow(row=row.line.line, id=TherapistId(key), given=given)


def _license(row: Row, count: int) -> Mapping[str, Any]:
    """The license in the columns of that number, by the fields of License; empty when there is none."""
    readers: Mapping[str, Callable[[str], Any]] = {
        "state": cells.state, "title": _title, "number": str, "board": str, "effective": cells.day,
        "expires": cells.day, "verified_on": cells.day, "status": lambda text: cells.one_of(LicenseStatus, text),
    }  # fmt: skip
    found = {field: row.get(f"license{count} {field}", read) for field, read in readers.items()}
    given = {field: value for field, value in found.items() if value is not None}
    for field in ("state", "title", "expires"):
        if given and field not in given and not row.text(f"license{count} {field}"):
            row.note(f"license{count} {field}", _("a license needs its state, its title and the day it expires."))
    effective, expires = given.get("effective"), given.get("expires")
    if effective and expires and effective > expires:
        row.note(f"license{count} expires", _("the license expires before it takes effect; check both dates."))
    return given


def _title(text: str) -> str:
    return text.upper().replace(".", "")


def _words(text: str) -> frozenset[str]:
    return frozenset(part.lower().replace(" ", "_") for part in cells.several(text))


def _payers(text: str) -> frozenset[str]:
    return frozenset(part.lower() for part in cells.several(text))


def _qualifications(text: str) -> tuple[Qualification, ...]:
    """Modalities with their level after a colon, as "emdr: certified; dbt"; trained when no level is given."""
    return tuple(_qualification(*part.partition(":")[::2]) for part in cells.several(text))


def _qualification(modality: str, level: str) -> Qualification:
    chosen: Modality = cells.modality(modality.strip())
    return Qualification(modality=chosen, level=cells.one_of(Level, level) if level.strip() else Level.TRAINED)
