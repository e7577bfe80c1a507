"""The license cliff: what ends when, for every therapist, and which planned visits each end would strand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from desktop.clinic.facts import Facts
from desktop.clinic.ladder import level_word, name_of
from desktop.clinic.moments import local_date
from desktop.clinic.people import TherapistId
from desktop.clinic.phrases import translated as _
from desktop.clinic.recheck import Finding, Review, planned, recheck, supervisees
from desktop.clinic.rulebook import Rulebook
from desktop.clinic.supervision import known
from desktop.clinic.therapists import Authority, License, LicenseStatus, Qualification, Supervision, Therapist
from desktop.clinic.turning import counts_days
from desktop.clinic.visits import Visit, VisitId

__all__ = ["Expiry", "Finding", "Held", "cliff", "recheck"]

_NEVER = date(2199, 12, 31)
_LIVE = frozenset({LicenseStatus.ACTIVE, LicenseStatus.EXPIRED, LicenseStatus.PROBATION, LicenseStatus.RESTRICTED})
_INSTANT = timedelta(microseconds=1)
_Record = License | Authority | Supervision | Qualification


class Held(StrEnum):
    """What of a therapist ends."""

    LICENSE = "license"
    AUTHORITY = "authority"
    SUPERVISION = "supervision"
    CERTIFICATION = "certification"


_FIELDS = {
    Held.LICENSE: "licenses",
    Held.AUTHORITY: "authorities",
    Held.SUPERVISION: "supervisions",
    Held.CERTIFICATION: "qualifications",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Expiry:
    """One record of a therapist that ends: what, its last day, in how many days (negative: ended), whom it strands."""

    therapist: TherapistId
    held: Held
    what: str
    on: date
    days: int
    stranded: tuple[VisitId, ...] = ()


@dataclass(frozen=True, slots=True)
class _End:
    therapist: Therapist
    held: Held
    place: int
    on: date


def cliff(facts: Facts, rules: Rulebook, now: datetime) -> tuple[Expiry, ...]:
    """Every license, authority, supervision and certificate that ends, soonest first; renewed and given-up ones left out.

    An end strands a planned visit after its last day, of the therapist or of somebody they supervise, that the rules
    refuse for want of authority or qualification, when renewing this record alone would let it take place, or when
    this record alone would still refuse it with all others renewed. Days are New York's. Raises BadInput when the facts
    lack what a visit names, or `now` is naive.
    """
    today = local_date(now)
    reality = Review(facts, rules, now)
    refused: dict[TherapistId, list[Visit]] = {}
    for visit in planned(facts.visits, now):
        if reality.authority(visit):
            for key in dict.fromkeys((visit.therapist, *visit.co_leaders)):
                refused.setdefault(key, []).append(visit)
    found = [
        Expiry(
            therapist=end.therapist.id,
            held=end.held,
            what=_what(end, facts),
            on=end.on,
            days=(end.on - today).days,
            stranded=_stranded(end, refused, facts, rules, now),
        )
        for therapist in facts.therapists
        if not therapist.retired
        for end in _ends(therapist)
    ]
    return tuple(sorted(found, key=lambda one: (one.on, one.therapist, one.what)))


def _ends(therapist: Therapist) -> list[_End]:
    found = []
    for held, field in _FIELDS.items():
        records: Sequence[_Record] = getattr(therapist, field)
        for place, record in enumerate(records):
            on = _last_day(record)
            if on is not None and not any(_replaces(other, record) for other in records):
                found.append(_End(therapist, held, place, on))
    return found


def _last_day(record: _Record) -> date | None:
    if isinstance(record, License | Authority):
        return record.expires if record.status in _LIVE else None
    return record.ends if isinstance(record, Supervision) else record.valid_until


def _replaces(other: _Record, record: _Record) -> bool:
    """Whether the other record is the renewal of this one: the same thing, for longer."""
    if other is record or _same(other) != _same(record):
        return False
    if isinstance(other, License | Authority) and other.status not in _LIVE:
        return False
    last = _last_day(record)
    until = _last_day(other)
    return last is not None and (until is None or until > last)


def _same(record: _Record) -> tuple[object, ...]:
    if isinstance(record, License):
        return (record.state, record.title)
    if isinstance(record, Authority):
        return (record.kind, record.state)
    if isinstance(record, Supervision):
        return (record.state, record.modality)
    return (record.modality, record.level)


def _what(end: _End, facts: Facts) -> str:
    record = getattr(end.therapist, _FIELDS[end.held])[end.place]
    if isinstance(record, License):
        return " ".join(part for part in (record.state.value, record.title, record.number) if part)
    if isinstance(record, Authority):
        state = "" if record.state is None else record.state.value
        return " ".join(part for part in (record.kind.value.replace("_", " ").upper(), state, record.number) if part)
    if isinstance(record, Supervision):
        supervisor = known(record.supervisor, facts)
        by = record.supervisor if supervisor is None else supervisor.name.full
        over = record.state.value if record.state is not None else name_of(record.modality) if record.modality else ""
        return _("supervision for {over} by {supervisor}").format(over=over, supervisor=by)
    return f"{name_of(record.modality)}, {level_word(record.level)}"


def _stranded(
    end: _End, refused: dict[TherapistId, list[Visit]], facts: Facts, rules: Rulebook, now: datetime
) -> tuple[VisitId, ...]:
    concerned = {end.therapist.id, *supervisees(end.therapist.id, facts.therapists)}
    later = {
        one.id: one for key in concerned for one in refused.get(key, ()) if local_date(one.end - _INSTANT) > end.on
    }
    if not later:
        return ()
    renewed = _with(facts, [_renewed(end.therapist, end)], later)
    everyone = [_all_renewed(one) for one in facts.therapists]
    all_renewed = _with(facts, everyone, later)
    others = _with(facts, [*everyone, _all_renewed(end.therapist, but=end)], later)
    alone, full, without = (Review(world, rules, now).authority for world in (renewed, all_renewed, others))
    visits = sorted(later.values(), key=lambda one: (one.start, one.id))
    return tuple(one.id for one in visits if not alone(one) or (without(one) and not full(one)))


def _with(facts: Facts, staff: list[Therapist], visits: dict[VisitId, Visit]) -> Facts:
    """The facts with these therapists in place of those of the same id; all visits only where days are counted."""
    changed = {one.id: one for one in staff}
    return replace(
        facts,
        therapists=tuple(changed.get(one.id, one) for one in facts.therapists),
        visits=facts.visits if any(counts_days(one) for one in staff) else tuple(visits.values()),
    )


def _renewed(therapist: Therapist, end: _End) -> Therapist:
    field = _FIELDS[end.held]
    records = list(getattr(therapist, field))
    records[end.place] = _forever(records[end.place])
    changed: dict[str, Any] = {field: tuple(records)}
    return replace(therapist, **changed)


def _all_renewed(therapist: Therapist, *, but: _End | None = None) -> Therapist:
    """The therapist with everything renewed for good, but for one record if it is named."""
    fields: dict[str, Any] = {
        field: tuple(
            record if but is not None and (but.held, but.place) == (held, place) else _forever(record)
            for place, record in enumerate(getattr(therapist, field))
        )
        for held, field in _FIELDS.items()
    }
    return replace(therapist, **fields)


def _forever(record: _Record) -> _Record:
    if isinstance(record, License | Authority):
        lapsed = record.status is LicenseStatus.EXPIRED
        return replace(record, expires=_NEVER, status=LicenseStatus.ACTIVE if lapsed else record.status)
    return replace(record, ends=None) if isinstance(record, Supervision) else replace(record, valid_until=None)
