"""One client location and one stretch of time, as the license rules look at them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from desktop.clinic.moments import aware, local_date
from desktop.clinic.people import State
from desktop.clinic.services import Format
from desktop.clinic.therapists import Authority, License, LicenseStatus, Supervision

_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Where the client's body is, and the first and last calendar day in New York that the session touches."""

    state: State
    format: Format
    seat: State
    first: date
    last: date
    today: date

    def within(self, record: License | Authority) -> bool:
        """Whether the whole session lies between the record's first day and its last, both inclusive."""
        return (record.effective is None or record.effective <= self.first) and self.last <= record.expires

    def is_covered_by(self, record: License | Authority) -> bool:
        """Whether the record is active and holds for the whole session."""
        return record.status is LicenseStatus.ACTIVE and self.within(record)

    def is_supervised_in(self, record: Supervision) -> bool:
        """Whether the supervision runs for the whole session; the last day is inclusive."""
        return record.starts <= self.first and (record.ends is None or self.last <= record.ends)


def session(*, state: State, format: Format, seat: State, start: datetime, end: datetime, now: datetime) -> Session:
    """The session of those instants; one that ends at midnight does not touch the next day."""
    return Session(
        state=state,
        format=format,
        seat=seat,
        first=local_date(aware("start", start)),
        last=local_date(aware("end", end) - _INSTANT),
        today=local_date(aware("now", now)),
    )
