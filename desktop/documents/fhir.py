"""FHIR R4 Patients of other systems: a Bundle, newline-delimited JSON, or a single Patient."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from gettext import gettext as _
from typing import Any

from desktop.documents.drafts import ClientRow
from desktop.documents.patient import Unclear, read_patient
from desktop.documents.problems import shown
from desktop.documents.roster import Roster
from desktop.documents.rows import MOST_ERRORS, BadFile, Progress, RowError, bad_file, quiet, refuse_other_kinds
from desktop.documents.stream import pieces, value

MOST_BYTES = 100 * 1024 * 1024
MOST_PATIENTS = 50_000
LONGEST_LINE = 2 * 1024 * 1024

_EVERY = 50


def read_patients(data: bytes, progress: Progress = quiet) -> Roster:
    """The Patients in the file as clients; other resources are left aside and named in `ignored`.

    `progress` is told the bytes done and may raise Canceled. Raises BadFile when the file as a whole cannot be read;
    errors in single Patients are collected in the answer, with the number of the line or entry.
    """
    if len(data) > MOST_BYTES:
        raise bad_file(_("the file is larger than {size} MB; split it.").format(size=MOST_BYTES // 1024 // 1024))
    refuse_other_kinds(data)
    rows: list[ClientRow] = []
    errors: list[RowError] = []
    others: dict[str, None] = {}
    for count, (row, place, resource, done) in enumerate(_lines(data) if _is_ndjson(data) else _entries(data)):
        if isinstance(resource, BadFile):
            errors.extend(RowError(row=row, field=place, sentence=one.sentence) for one in resource.errors)
        elif (kind := _kind(resource)) == "Patient":
            _take(row, place, resource, rows, errors)
        elif kind:
            others[shown(kind)] = None
        else:
            errors.append(
                RowError(row=row, field=place, sentence=_("this is no FHIR resource; it has no resourceType."))
            )
        if len(errors) >= MOST_ERRORS:
            break
        if len(rows) > MOST_PATIENTS:
            raise bad_file(_("the file has more than {most} Patients; split it.").format(most=MOST_PATIENTS))
        if count % _EVERY == 0:
            progress(done, len(data))
    progress(len(data), len(data))
    return Roster(rows=tuple(rows), errors=tuple(errors[:MOST_ERRORS]), ignored=tuple(others)[:MOST_ERRORS])


def _take(row: int, place: str, resource: Mapping[str, Any], rows: list[ClientRow], errors: list[RowError]) -> None:
    """Check a Patient against FHIR and read it, or note what is wrong with it."""
    faults = list(_faults(resource))
    if not faults:
        try:
            rows.append(read_patient(row, resource))
            return
        except Unclear as unclear:
            faults = list(unclear.faults)
    errors.extend(RowError(row=row, field=f"{place}.{field}", sentence=sentence) for field, sentence in faults)


def _faults(resource: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Where the resource breaks the structure of a FHIR R4 Patient: the field and a sentence, never a value."""
    validate, refusal = _validation()
    try:
        validate(resource)
    except refusal as error:
        for one in error.errors(include_input=False, include_context=False, include_url=False)[:MOST_ERRORS]:
            field = ".".join(shown(str(step)) for step in one["loc"][:12]) or "Patient"
            if one["type"] == "extra_forbidden":
                yield field, _("a FHIR R4 Patient has no such field.")
            elif one["type"] == "missing":
                yield field, _("this field is missing.")
            else:
                yield field, _("this does not fit FHIR R4; correct it where the file was made.")


@cache
def _validation() -> tuple[Callable[[object], object], type[Any]]:
    """The check of a Patient's structure; loaded on first use, because it costs 0.2 s and most days need none."""
    from fhir.resources.R4B.patient import Patient
    from pydantic import ValidationError

    return Patient.model_validate, ValidationError


def _kind(resource: object) -> str:
    kind = resource.get("resourceType") if isinstance(resource, dict) else None
    return kind if isinstance(kind, str) else ""


def _is_ndjson(data: bytes) -> bool:
    """Whether there is more than one line, and the first is whole by itself."""
    first, _line_end, rest = data.lstrip().partition(b"\n")
    return first.rstrip().endswith(b"}") and rest.lstrip().startswith(b"{")


def _lines(data: bytes) -> Iterator[tuple[int, str, Any, int]]:
    """Each line with its number, its name, its resource (or why it is none), and the bytes done."""
    done = 0
    for number, line in enumerate(io.BytesIO(data), 1):
        done += len(line)
        if not line.strip():
            continue
        try:
            if len(line) > LONGEST_LINE:
                raise bad_file(_("this line is longer than {size} MB.").format(size=LONGEST_LINE // 1024 // 1024))
            resource = value(line.removeprefix(b"\xef\xbb\xbf"))
        except BadFile as error:
            resource = error
        yield number, _("line {n}").format(n=number), resource, done


def _entries(data: bytes) -> Iterator[tuple[int, str, Any, int]]:
    """Each resource of a Bundle in the same form, or the one resource that the file is."""
    stream = io.BytesIO(data)
    whole: dict[str, Any] = {}
    for piece in pieces(stream):
        if piece.name == "entry" and piece.index is not None:
            entry = piece.value if isinstance(piece.value, dict) else {}
            yield piece.index + 1, f"entry[{piece.index}]", entry.get("resource"), stream.tell()
        elif piece.index is None:
            whole[piece.name] = piece.value
        else:
            whole[piece.name].append(piece.value)
    kind = _kind(whole)
    if kind == "Patient":
        yield 1, "Patient", whole, len(data)
    elif kind != "Bundle":
        raise bad_file(_("this is neither a FHIR Bundle nor a Patient; its resourceType must say which."))
