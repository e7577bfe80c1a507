"""Tables of clients, referrals and therapists: CSV in, drafts out, with every error by line and column; and back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from desktop.clinic.clients import Client
from desktop.documents.client_table import read_client
from desktop.documents.columns import TableKind, columns, guess_kind
from desktop.documents.drafts import ClientRow, ReferralRow, TherapistRow
from desktop.documents.referral_table import read_referral
from desktop.documents.row import Row
from desktop.documents.rows import MOST_ERRORS, BadFile, Progress, RowError, quiet
from desktop.documents.table import read_table, write_table
from desktop.documents.therapist_table import read_therapist

Draft = ClientRow | ReferralRow | TherapistRow

_EVERY = 200
_CLIENT_HEADER = (
    "id", "family name", "given name", "goes by", "pronouns", "date of birth", "status", "phone", "voicemail ok",
    "text ok", "email", "email ok", "mail ok", "street", "city", "county", "state", "zip", "languages", "interpreter",
    "payment kind", "payer", "member id", "subscriber", "source",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """A table as far as it could be read, every error in it, and the columns that were left aside."""

    rows: tuple[Draft, ...]
    errors: tuple[RowError, ...]
    ignored: tuple[str, ...] = ()


def read_roster(data: bytes, kind: TableKind | None = None, progress: Progress = quiet) -> Roster:
    """The rows of a CSV file of that kind (None: guessed from the header), as `progress` is told; it may raise Canceled.

    Raises BadFile when the file as a whole cannot be read; errors of single cells are collected in the answer.
    """
    lines = list(read_table(data))
    kind = kind or guess_kind(lines[0].cells)
    known = columns(kind, lines[0].cells)
    if known.errors:
        raise BadFile(known.errors)
    rows: list[Draft] = []
    errors: list[RowError] = []
    for done, line in enumerate(lines[1:], 1):
        row = Row(line=line, known=known)
        draft = _draft(row, kind) if row.fits() else None
        errors.extend(row.errors)
        if draft is not None and not row.errors:
            rows.append(draft)
        if len(errors) >= MOST_ERRORS:
            break
        if done % _EVERY == 0:
            progress(done, len(lines) - 1)
    progress(len(lines) - 1, len(lines) - 1)
    return Roster(rows=tuple(rows), errors=tuple(errors[:MOST_ERRORS]), ignored=known.ignored)


def write_clients(clients: Iterable[Client], *, bom: bool = True) -> bytes:
    """Clients as a CSV file that `read_roster` reads back; one telephone each, and nothing of consents or concerns."""
    return write_table(_CLIENT_HEADER, (_cells(one) for one in clients), bom=bom)


def _draft(row: Row, kind: TableKind) -> Draft | None:
    if kind is TableKind.CLIENTS:
        return read_client(row)
    return read_referral(row) if kind is TableKind.REFERRALS else read_therapist(row)


def _cells(client: Client) -> tuple[str, ...]:
    phone = client.phones[0] if client.phones else None
    return (
        client.id, client.name.family, client.name.given, client.goes_by, client.pronouns,
        client.birth_date.isoformat(), client.status.value, phone.number if phone else "",
        _yes(phone is not None and phone.voicemail_ok), _yes(phone is not None and phone.text_ok), client.email,
        _yes(client.email_ok), _yes(client.mail_ok), client.address.street, client.address.city, client.address.county,
        client.address.state or "", client.address.zip, ";".join(client.languages), _yes(client.interpreter),
        client.coverage.kind.value, client.coverage.payer, client.coverage.member_id, client.coverage.subscriber,
        client.source,
    )  # fmt: skip


def _yes(answer: bool) -> str:
    return "yes" if answer else "no"
