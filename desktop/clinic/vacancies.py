"""How many new clients each therapist has room for: in the caseload, and in the week."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from desktop.clinic.facts import Facts
from desktop.clinic.openings import Wish, openings_of
from desktop.clinic.people import TherapistId
from desktop.clinic.ranking import Scale
from desktop.clinic.rulebook import Rulebook
from desktop.clinic.services import BOTH_FORMATS, Service, ServiceId, ServiceKind
from desktop.clinic.therapists import Role, Therapist
from desktop.clinic.timetable import Taken, utc

_WEEKS = 4
_USUAL = Service(id=ServiceId(""), name="", kind=ServiceKind.INDIVIDUAL)


def vacancies(
    facts: Facts, rules: Rulebook, now: datetime, scale: Scale, taken: Taken, caseloads: Mapping[TherapistId, int]
) -> dict[TherapistId, int]:
    """The new clients that each therapist can take on now.

    It is the room up to the therapist's own limit, or a full caseload, but no more than the visits of usual length that
    fit into a week, averaged over the next four. Nobody who is retired, not accepting or a prescriber has any.
    """
    rooms = {one.id: _room(one, scale, caseloads) for one in facts.therapists}
    first = utc(now)
    wish = Wish(service=_USUAL, formats=BOTH_FORMATS, first=first, last=first + timedelta(weeks=_WEEKS))
    planned = [one for one in facts.therapists if rooms[one.id] and one.hours]
    found = openings_of(planned, wish, facts, rules, taken, most=_WEEKS * max(rooms.values(), default=0))
    return {**rooms, **{key: min(rooms[key], -(-len(some) // _WEEKS)) for key, some in found.items()}}


def _room(therapist: Therapist, scale: Scale, caseloads: Mapping[TherapistId, int]) -> int:
    if therapist.retired or not therapist.accepting or therapist.role is Role.PRESCRIBER:
        return 0
    return max(0, limit_of(therapist, scale) - caseloads.get(therapist.id, therapist.caseload_elsewhere))


def limit_of(therapist: Therapist, scale: Scale) -> int:
    """The most active clients: the therapist's own limit, or a full caseload where there is none."""
    return scale.full_caseload if therapist.caseload_cap is None else therapist.caseload_cap
