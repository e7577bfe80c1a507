"""The way in and out of a clinic: look at a file first, then bring all of it in or nothing; export everything."""

from __future__ import annotations

import hashlib
import io
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from gettext import gettext as _
from pathlib import Path
from typing import Any, BinaryIO

from desktop.clinic.change import Actor, Task
from desktop.clinic.clients import Client
from desktop.clinic.errors import BadInput
from desktop.clinic.moments import local_date
from desktop.documents import fhir, roster, sheet, table
from desktop.documents.columns import TableKind
from desktop.documents.references import unknown
from desktop.documents.rows import MOST_ERRORS, BadFile, Progress, RowError, quiet
from desktop.office import upkeep
from desktop.office.arrivals import Arrival, opened
from desktop.office.comparison import Duplicate, Plan
from desktop.records.store import Store

_EVERY = 500
_LOOKED_AT = 64 * 1024


class Form(StrEnum):
    """What sort of file is brought in."""

    JSON = "json"
    CSV = "csv"
    FHIR = "fhir"


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many records of a kind a file would add, change and leave as they are."""

    add: int = 0
    change: int = 0
    unchanged: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What bringing a file in would do; nothing has been written yet.

    `add` holds values (an Arrival for a referral of a table), `change` pairs of the record on file and what it becomes.
    `duplicates` are new clients who may be on file already; they are only suggested, never merged.
    `ignored` names columns or FHIR resources that were left aside.
    """

    form: Form
    add: tuple[Any, ...] = ()
    change: tuple[tuple[Any, Any], ...] = ()
    unchanged: tuple[Any, ...] = ()
    errors: tuple[RowError, ...] = ()
    duplicates: tuple[Duplicate, ...] = ()
    ignored: tuple[str, ...] = ()

    @property
    def counts(self) -> Mapping[str, Count]:
        """How many records of each kind, by the name of the kind."""
        add = Counter(_kind(one) for one in self.add)
        change = Counter(_kind(after) for _before, after in self.change)
        same = Counter(_kind(one) for one in self.unchanged)
        return {
            name: Count(add=add[name], change=change[name], unchanged=same[name])
            for name in sorted(add.keys() | change.keys() | same.keys())
        }


def preview(
    source: bytes | Path,
    *,
    form: Form | str | None = None,
    kind: TableKind | str | None = None,
    store: Store | None = None,
    progress: Progress = quiet,
) -> Preview:
    """What bringing in the file would add, change and leave, with every error in it by row.

    `form` and, for a table, `kind` are guessed when None. Without a store everything counts as new. `progress` is told
    (done, total) and may raise Canceled. Raises BadFile when the file as a whole cannot be read.
    """
    with closing(_opened(source)) as stream:
        size = stream.seek(0, io.SEEK_END)
        stream.seek(0)
        chosen = Form(form) if form else _guessed(stream.read(_LOOKED_AT))
        stream.seek(0)
        if chosen is Form.JSON:
            return _of_sheet(stream, size, store, progress)
        most = table.MOST_BYTES if chosen is Form.CSV else fhir.MOST_BYTES
        if size > most:
            raise sheet.too_large(most)
        data = stream.read()
    if chosen is Form.CSV:
        return _of_rows(chosen, roster.read_roster(data, TableKind(kind) if kind else None, progress), store)
    return _of_rows(chosen, fhir.read_patients(data, progress), store)


def bring_in(store: Store, actor: Actor, found: Preview, progress: Progress = quiet) -> Task:
    """Write everything that the preview found in one step, which can be undone; or nothing at all.

    `progress` is told the records done and may raise Canceled. Raises BadFile when the preview has errors or a birth
    date lies in the future, and Stale when a record has changed since the preview.
    """
    if found.errors:
        raise BadFile(found.errors)
    add = [opened(one, actor) if isinstance(one, Arrival) else one for one in found.add]
    _refuse_future_births((*add, *(after for _before, after in found.change)), actor)
    total = len(add) + len(found.change)
    with store.writing(actor, _("Import {n} records").format(n=total)) as writer:
        for start in range(0, len(add), _EVERY):
            progress(start, total)
            writer.add_all(add[start : start + _EVERY])
        for done, (before, after) in enumerate(found.change, len(add)):
            if done % _EVERY == 0:
                progress(done, total)
            writer.replace(before, after)
        upkeep.of_changes(writer, actor, (after for _before, after in found.change))
    progress(total, total)
    return writer.task


def export_json(store: Store, actor: Actor) -> bytes:
    """Everything in the clinic as a facts file; importing it into an empty clinic gives the same clinic.

    The export stands in the audit with the number of records and the SHA-256 of the file.
    """
    with store.reading() as reader:
        facts = reader.facts()
    written = sheet.write_facts(facts)
    _record_export(store, actor, sum(len(getattr(facts, name)) for name in sheet.lists()), written)
    return written


def export_clients(store: Store, actor: Actor) -> bytes:
    """The clients as a CSV file for a spreadsheet, with no cell that it could take for a formula; audited likewise."""
    with store.reading() as reader:
        clients = sorted(reader.all(Client), key=lambda one: (one.name.listed, one.id))
    written = roster.write_clients(clients)
    _record_export(store, actor, len(clients), written)
    return written


def _record_export(store: Store, actor: Actor, records: int, written: bytes) -> None:
    digest = hashlib.sha256(written).hexdigest()
    with store.writing(actor, _("Export")) as writer:
        writer.record(_("Export of {n} records, SHA-256 {digest}").format(n=records, digest=digest))


def _opened(source: bytes | Path) -> BinaryIO:
    if isinstance(source, bytes):
        return io.BytesIO(source)
    try:
        return source.open("rb")
    except OSError as error:
        raise BadInput(_("file"), _("it cannot be opened; check its name and that you may read it.")) from error


def _guessed(start: bytes) -> Form:
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not text.startswith((b"{", b"[")):
        return Form.CSV
    return Form.FHIR if re.search(rb'"resourceType"\s*:', text) else Form.JSON


def _of_sheet(stream: BinaryIO, size: int, store: Store | None, progress: Progress) -> Preview:
    if size > sheet.MOST_BYTES:
        raise sheet.too_large(sheet.MOST_BYTES)
    reading = sheet.examine(stream, size=size, progress=progress)
    if reading.errors:
        return Preview(form=Form.JSON, errors=reading.errors)
    plan = Plan()
    missing = [one for one in reading.dangling if one.path[0] not in ("proposal", "request")]
    if store is None:
        plan.compare_facts(reading.values, None)
    else:
        with store.reading() as reader:
            missing = [one for one in missing if reader.find(one.kind, one.id) is None]
            plan.compare_facts(reading.values, reader)
    errors = [unknown(one, reading.known(one.kind)) for one in missing[:MOST_ERRORS]]
    return _preview(Form.JSON, plan, errors)


def _of_rows(form: Form, found: roster.Roster, store: Store | None) -> Preview:
    plan = Plan()
    if store is None:
        plan.compare_rows(found.rows, None)
    else:
        with store.reading() as reader:
            plan.compare_rows(found.rows, reader)
    return _preview(form, plan, found.errors, found.ignored)


def _preview(form: Form, plan: Plan, errors: Sequence[RowError], ignored: tuple[str, ...] = ()) -> Preview:
    return Preview(
        form=form,
        add=tuple(plan.add),
        change=tuple(plan.change),
        unchanged=tuple(plan.unchanged),
        errors=(*errors, *plan.errors)[:MOST_ERRORS],
        duplicates=tuple(plan.duplicates),
        ignored=ignored,
    )


def _refuse_future_births(values: Sequence[object], actor: Actor) -> None:
    today = local_date(actor.now)
    errors = [
        RowError(row=0, field=one.id, sentence=_("the date of birth lies in the future; correct it in the file."))
        for one in values
        if isinstance(one, Client) and one.birth_date > today
    ]
    if errors:
        raise BadFile(errors[:MOST_ERRORS])


def _kind(value: object) -> str:
    return "Referral" if isinstance(value, Arrival) else type(value).__name__
