"""A therapist's appointments as a file for their own calendar."""

from __future__ import annotations

from datetime import date
from gettext import gettext as _
from hashlib import sha256

from desktop.clinic.change import Actor
from desktop.clinic.errors import BadInput
from desktop.clinic.moments import whole_day
from desktop.clinic.people import TherapistId
from desktop.clinic.practice import Site
from desktop.clinic.therapists import Therapist
from desktop.documents.calendar import calendar
from desktop.records.store import Store


def export(
    store: Store, actor: Actor, therapist_id: TherapistId, start: date, end: date, *, with_street: bool = False
) -> bytes:
    """The therapist's appointments that touch the days from `start` through `end`, as an iCalendar file.

    It says "Appointment" and never who comes or why; canceled ones are kept. `with_street` adds the street of the site.
    Days are the practice's. The export stands in the audit. Raises Missing for an unknown therapist, BadInput when `end` is before `start`.
    """
    if end < start:
        raise BadInput("end", _("the last day must not be before the first."))
    first, last = whole_day(start)[0], whole_day(end)[1]
    with store.reading() as reader:
        reader.get(Therapist, therapist_id)
        visits = reader.visits(first, last, therapists=(therapist_id,), freed=True)
        streets = {site.id: site.address.street for site in reader.all(Site)} if with_street else {}
    with store.writing(actor, _("Export calendar")) as writer:
        writer.record(_("Export calendar"), therapist_id)
    return calendar(visits, stamp=actor.now, streets=streets)


def file_name(therapist_id: TherapistId, start: date, end: date) -> str:
    """A file name with the days and a code for the therapist; it names nobody."""
    code = sha256(therapist_id.encode()).hexdigest()[:8]
    return f"appointments-{start.isoformat()}-to-{end.isoformat()}-{code}.ics"
