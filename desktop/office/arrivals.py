"""Referrals of a table on their way in: the service and the referrer that they mean, and who owns them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from gettext import gettext as _
from typing import Annotated

from desktop.clinic.change import Actor
from desktop.clinic.errors import BadInput
from desktop.clinic.moments import local_date
from desktop.clinic.people import Name, Referrer, ReferrerId, ReferrerKind
from desktop.clinic.referral import Referral, Stage, Step, first_step
from desktop.clinic.requests import Request
from desktop.clinic.services import BOTH_FORMATS, Service, ServiceId, ServiceKind
from desktop.documents.cells import folded
from desktop.documents.drafts import ReferralRow, id_for
from desktop.documents.problems import choice
from desktop.documents.row import split_name


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A referral of a table with its service and referrer found; it gets its owner when it is brought in."""

    row: ReferralRow
    service: Annotated[ServiceId | None, "none: looked at without a clinic"]
    referrer: ReferrerId | None


def opened(arrival: Arrival, actor: Actor) -> Referral:
    """The referral as received and owned by whoever brings it in; old ones are due today, never in the past.

    Raises BadInput when the file was looked at without the clinic that it is brought into.
    """
    row, today = arrival.row, local_date(actor.now)
    if arrival.service is None:
        raise BadInput("service", _("look at the file with the clinic open before bringing it in."))
    received = row.received_on or today
    action, due = first_step(Stage.RECEIVED, row.urgency, received)
    request = Request(
        client=row.client.id,
        service=arrival.service,
        modality=row.modality,
        formats=row.formats or BOTH_FORMATS,
        state=row.state,
        from_day=max(row.from_day or today, today),
        payer=row.payer,
        language=row.language,
        gender=row.gender,
    )
    return Referral(
        id=row.id,
        client=row.client.id,
        referrer=arrival.referrer,
        received_on=received,
        urgency=row.urgency,
        reason=row.reason,
        request=request,
        owner=actor.user,
        next_action=action,
        due=max(due, today),
        history=(Step(at=actor.now, by=actor.user, before=None, after=Stage.RECEIVED),),
    )


class Sources:
    """The referrers on file by any of their names, and those that rows name for the first time."""

    def __init__(self, on_file: Iterable[Referrer]) -> None:
        self.new: list[Referrer] = []
        self._known: dict[str, ReferrerId] = {}
        for one in on_file:
            for words in (one.name.full, one.name.listed, one.organization):
                if words:
                    self._known.setdefault(folded(words), one.id)

    def find(self, row: ReferralRow) -> ReferrerId | None:
        """Who sent that referral; None when the row names nobody.

        A new one is of kind other, to whom letters disclose least, until somebody says what they are.
        """
        words = row.referrer or row.organization
        if not folded(words):
            return None
        found = self._known.get(folded(words))
        if found is None:
            found = ReferrerId(id_for("referrer", folded(words)))
            family, given = split_name(row.referrer) if row.referrer else (row.organization, "")
            name, kind = Name(family=family, given=given), ReferrerKind.OTHER
            self.new.append(Referrer(id=found, name=name, organization=row.organization, kind=kind))
            self._known[folded(words)] = found
        return found


def service_for(row: ReferralRow, services: Sequence[Service]) -> ServiceId:
    """The service that a referral asks for: the one it names, else the first visit for its modality, else any first visit.

    Raises BadInput with the services there are.
    """
    if row.service:
        wanted = folded(row.service)
        named = [one for one in services if wanted in (folded(one.id), folded(one.name))]
        if not named:
            raise BadInput("service", choice(row.service, [one.name for one in services]))
        return named[0].id
    intakes = [one for one in services if one.kind is ServiceKind.INTAKE]
    suiting = [one for one in intakes if one.modality == row.modality] or [one for one in intakes if not one.modality]
    if not (suiting or intakes):
        raise BadInput("service", _("the clinic has no service for a first visit; name one in a column Service."))
    return (suiting or intakes)[0].id
