"""Referrals in a table: who is referred, by whom, for what, how soon."""

from __future__ import annotations

from desktop.clinic.referral import ReferralId, Urgency
from desktop.documents import cells
from desktop.documents.client_table import read_client
from desktop.documents.drafts import ReferralRow, id_for
from desktop.documents.row import Row

_URGENCY = {
    "normal": Urgency.ROUTINE, "low": Urgency.ROUTINE, "standard": Urgency.ROUTINE, "medium": Urgency.SOON,
    "high": Urgency.URGENT, "asap": Urgency.URGENT, "stat": Urgency.URGENT, "emergent": Urgency.URGENT,
}  # fmt: skip


def read_referral(row: Row) -> ReferralRow | None:
    """What a row says of a referral and its client; without an id it is made from the client, the day and the reason."""
    client = read_client(row, "client_id")
    given = row.given(
        received_on=cells.day, urgency=lambda text: cells.one_of(Urgency, text, _URGENCY), reason=str, service=str,
        modality=cells.modality, formats=cells.formats, from_day=cells.day, referrer=str, organization=str,
    )  # fmt: skip
    if client is None or row.errors:
        return None
    state = client.given.get("address", {}).get("state") or client.looked_up.get("state")
    languages = client.given.get("languages", ("",))
    received = given["received_on"].isoformat() if "received_on" in given else ""
    content = (client.id, received, given.get("reason", ""), str(given.get("modality", "")), given.get("service", ""))
    return ReferralRow(
        row=row.line.line,
        id=ReferralId(row.text("id") or id_for("referral", *content)),
        client=client,
        state=state,
        payer=client.given.get("coverage", {}).get("payer", ""),
        language=languages[0] if languages else "",
        gender=row.text("therapist_gender").lower(),
        **given,
    )
