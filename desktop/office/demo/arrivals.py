"""The file of new referrals that the demo imports: twelve invented people, one of whom nobody can take."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from typing import Any

from desktop.office.demo.words import words

AREA = {"PA": "215", "NJ": "856", "NY": "212"}
COLUMNS = (
    "Received",
    "Given name",
    "Family name",
    "Birth date",
    "Phone",
    "Email",
    "Street",
    "City",
    "State",
    "ZIP",
    "Guardian",
    "Guardian phone",
    "Referred by",
    "Referring organization",
    "Service",
    "Modality",
    "Format",
    "Payer",
    "Language",
    "Urgency",
    "Available from",
    "Reason",
)


def demo_referrals_csv(today: date) -> bytes:
    """A CSV file of referrals that came yesterday, in UTF-8, with headers as a front desk would write them."""
    text = io.StringIO(newline="")
    sheet = csv.writer(text)
    sheet.writerow(COLUMNS)
    for nth, row in enumerate(words("arrivals")["row"]):
        sheet.writerow(_cells(nth, row, today))
    return text.getvalue().encode("utf-8")


def _cells(nth: int, row: dict[str, Any], today: date) -> tuple[str, ...]:
    code, rest = row["home"].split(" ", 1)
    city, state = rest.split(", ")
    born = date(today.year - row["age"], 1 + nth % 12, 3 + nth)
    if (born.month, born.day) > (today.month, today.day):
        born = born.replace(year=born.year - 1)
    street = words("places")["streets"][nth]
    return (
        (today - timedelta(days=1)).isoformat(),
        row["given"],
        row["family"],
        born.isoformat(),
        f"+1{AREA[state]}55501{40 + nth}",
        f"arrival{nth + 1}@mail.example",
        f"{17 + 6 * nth} {street}",
        city,
        state,
        code,
        row.get("guardian", ""),
        row.get("guardian_phone", ""),
        row.get("referred_by", ""),
        row.get("organization", ""),
        "intake",
        row["modality"],
        row["format"],
        row.get("payer", ""),
        row.get("language", "en"),
        row.get("urgency", "routine"),
        (today + timedelta(days=1 + nth % 4)).isoformat(),
        row["reason"],
    )
