"""Reports: what the front desk sees first in the morning."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from desktop.clinic.change import Actor
from desktop.clinic.moments import local_date, whole_day
from desktop.clinic.people import TherapistId
from desktop.clinic.therapists import Therapist
from desktop.clinic.visits import VisitStatus
from desktop.office.daybook import VisitLine, lines
from desktop.office.referrals import ReferralLine
from desktop.office.referrals import lines as referral_lines
from desktop.records.store import Store

SOON = timedelta(days=90)
WITHOUT_OUTCOME = frozenset({VisitStatus.SCHEDULED, VisitStatus.CONFIRMED, VisitStatus.ARRIVED, VisitStatus.NO_SHOW})


@dataclass(frozen=True, slots=True, kw_only=True)
class Expiring:
    """Something of a therapist that ends soon: what, on which day, in how many days (negative when it ended)."""

    therapist: TherapistId
    name: str
    what: str
    on: date
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Morning:
    """The lists of the Today screen."""

    day: date
    visits: tuple[VisitLine, ...]
    unconfirmed: tuple[VisitLine, ...]
    without_outcome: tuple[VisitLine, ...]
    overdue: tuple[ReferralLine, ...]
    expiring: tuple[Expiring, ...]


def morning(store: Store, actor: Actor) -> Morning:
    """Today's visits, unconfirmed ones of the next two days, yesterday's open ends, overdue referrals, expiring licenses."""
    today = local_date(actor.now)
    start, end = whole_day(today)
    before, after = whole_day(today - timedelta(days=1))[0], whole_day(today + timedelta(days=2))[1]
    with store.reading() as reader:
        shown = lines(reader, reader.visits(before, after))
        due = tuple(one for one in reader.referrals(due_by=today) if one.is_overdue(today))
        return Morning(
            day=today,
            visits=tuple(one for one in shown if start <= one.visit.start < end),
            unconfirmed=tuple(
                one for one in shown if one.visit.start >= actor.now and one.visit.status is VisitStatus.SCHEDULED
            ),
            without_outcome=tuple(
                one for one in shown if one.visit.start < start and one.visit.status in WITHOUT_OUTCOME
            ),
            overdue=referral_lines(reader, due, today),
            expiring=expiring(reader.all(Therapist), today),
        )


def expiring(therapists: tuple[Therapist, ...], today: date) -> tuple[Expiring, ...]:
    """Licenses and authorities that end within 90 days, soonest first; those that ended stay until renewed."""
    ends = [
        Expiring(therapist=one.id, name=one.name.listed, what=what, on=on, days=(on - today).days)
        for one in therapists
        if not one.retired
        for what, on in _ends(one)
        if on - today <= SOON
    ]
    return tuple(sorted(ends, key=lambda end: (end.on, end.name, end.what)))


def _ends(therapist: Therapist) -> list[tuple[str, date]]:
    latest: dict[str, date] = {}
    for held in therapist.licenses:
        what = f"{held.state} {held.title}"
        latest[what] = max(held.expires, latest.get(what, held.expires))
    for authority in therapist.authorities:
        what = authority.kind.value.upper()
        latest[what] = max(authority.expires, latest.get(what, authority.expires))
    return list(latest.items())
