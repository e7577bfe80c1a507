"""What it is worth to give a client to a therapist: the priority band first, then points, then the wait."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass

from desktop.clinic.question import Question
from desktop.clinic.ranking import TIMELESS, Criterion, Scale, criterion
from desktop.clinic.referral import Urgency
from desktop.clinic.therapists import Therapist
from desktop.clinic.vacancies import limit_of

_POINTS = 100
_RISING = (Urgency.ROUTINE, Urgency.SOON, Urgency.URGENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Units:
    """Whole numbers so far apart that no sum of the lower ones ever outweighs one of the higher."""

    point: int
    bands: Mapping[Urgency, int]

    def worth(self, priority: Urgency, points: int, days: int) -> int:
        """What a place is worth to a client of that band, with those points, after that wait in days."""
        return self.bands[priority] + points * self.point + days


def units(clients: int, days: int) -> Units:
    """The units for at most so many clients in places, none of whom has waited more than so many days."""
    point = clients * days + 1
    # Points and the price of a fuller caseload both lie between 0 and 100.
    band = (2 * _POINTS * clients + 1) * point + clients * days + 1
    bands = {}
    for one in _RISING:
        bands[one] = band
        band *= clients + 2
    return Units(point=point, bands=bands)


def share_prices(therapist: Therapist, capacity: int, scale: Scale, point: int) -> tuple[int, ...]:
    """What a first, second, ... new client costs, as the therapist's share of the caseload grows; `point` is one point.

    It grows as the criterion for the caseload falls, so that clients go round where points are nearly equal.
    """
    weight = scale.weights["caseload"]
    whole = sum(scale.weights[name] for name in TIMELESS)
    limit = max(1, limit_of(therapist, scale))
    most = _POINTS * point
    return tuple(min(most, most * weight * nth // (limit * max(1, whole))) for nth in range(capacity))


class Points:
    """The points of each therapist for many requests; each criterion is asked once for requests alike to it."""

    def __init__(self, therapists: Sequence[Therapist], scale: Scale) -> None:
        """Take the therapists, in their order, and the weights."""
        self._therapists = therapists
        self._scale = scale
        self._found: dict[tuple[str, Hashable], list[Criterion | None]] = {}

    def of(self, asked: Question, numbers: Sequence[int]) -> list[int]:
        """The points out of 100 of those therapists, without the criterion of openings."""
        columns = [self._column(name, asked) for name in TIMELESS]
        return [_total([column[number] for column in columns]) for number in numbers]

    def _column(self, name: str, asked: Question) -> list[Criterion | None]:
        key = (name, _KEYS[name](asked))
        if key not in self._found:
            self._found[key] = [criterion(name, one, asked, self._scale) for one in self._therapists]
        return self._found[key]


def _total(parts: Sequence[Criterion | None]) -> int:
    points = most = 0
    for one in parts:
        if one is not None:
            points += one.points
            most += one.most
    return 0 if most == 0 else (200 * points + most) // (2 * most)


def _continuity(asked: Question) -> Hashable:
    client = asked.client
    known = client is not None and (client.therapist is not None or client.id in asked.facts.calendar)
    return (asked.request.therapist, client.id if known and client is not None else None)


_KEYS: Mapping[str, Callable[[Question], Hashable]] = {
    "specialty": lambda asked: asked.request.specialties,
    "level": lambda asked: (asked.needs, asked.first_day),
    "payer": lambda asked: (asked.payer, asked.payment),
    "language": lambda asked: asked.language,
    "continuity": _continuity,
    "gender": lambda asked: asked.request.gender,
    "caseload": lambda _asked: None,
}
