"""One referral decided on: matched, booked at the best opening that the rules allow, or left with the reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from gettext import gettext as _
from typing import TYPE_CHECKING

from desktop.cli.session import Session
from desktop.cli.work import offer
from desktop.clinic.clients import Client
from desktop.clinic.errors import Refused
from desktop.clinic.practice import Site
from desktop.clinic.referral import Referral
from desktop.clinic.therapists import Therapist
from desktop.clinic.verdict import Outcome, Verdict, refusing
from desktop.clinic.visits import Visit

if TYPE_CHECKING:
    from desktop.clinic.matching import Match

TRIES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What became of one new referral, and why."""

    referral: Referral
    client: str
    asked: str
    visit: Visit | None
    therapist: str
    place: str
    why: str


def decide(session: Session, referral: Referral) -> Decision:
    """Match the referral and book the best opening that the rules allow; or say what stands against it."""
    from desktop.office.matching import match_referral

    found = match_referral(session.store, session.actor, referral.id)
    visit, refused = _booked(session, referral, found)
    with session.store.reading() as reader:
        client = reader.get(Client, referral.client).name.listed
        names = {one.id: one.name.listed for one in reader.all(Therapist)}
        sites = {one.id: one.name for one in reader.all(Site)}
    best = next((one for one in found.eligible if visit is not None and one.therapist == visit.therapist), None)
    if best is not None:
        top = "; ".join(part.sentence for part in sorted(best.criteria, key=lambda part: -part.points)[:3])
        why = _("best of {n} who can, {points} points: {parts}").format(
            n=len(found.eligible), points=best.points, parts=top
        )
        warned = against(best.verdicts)
        why = f"{why}\n{warned}" if warned else why
    else:
        why = against(refused or found.verdicts) or _most_frequent(found)
    return Decision(
        referral=referral,
        client=client,
        asked=_asked(referral),
        visit=visit,
        therapist=names[visit.therapist] if visit is not None else "",
        place=_("video") if visit is None or visit.site is None else sites[visit.site],
        why=why,
    )


def _booked(session: Session, referral: Referral, found: Match) -> tuple[Visit | None, tuple[Verdict, ...]]:
    """The best opening that the rules allow, of the first candidates; or what stands against the best one."""
    from desktop.office import booking

    stops: tuple[Verdict, ...] = ()
    if refusing(found.verdicts):
        return None, refusing(found.verdicts)
    for candidate in found.eligible[:TRIES]:
        for opening in candidate.openings:
            proposal = offer(session, referral, opening)
            try:
                return booking.book(session.store, session.actor, proposal, referral=referral.id), ()
            except Refused as error:
                stops = stops or tuple(one for one in error.verdicts if isinstance(one, Verdict))
    return None, stops


def _asked(referral: Referral) -> str:
    request = referral.request
    if request is None:
        return ""
    how = ", ".join(sorted(one.value.replace("_", " ") for one in request.formats))
    parts = (request.modality or "", how, request.state or "", request.language)
    return "; ".join(str(part) for part in parts if part)


def against(verdicts: Iterable[Verdict]) -> str:
    """What the verdicts say against it, a line each, the worst first."""
    worst_first = sorted(verdicts, key=lambda one: -one.outcome.rank)
    return "\n".join(
        f"{one.outcome.value} {one.code}: {one.sentence}" for one in worst_first if one.outcome is not Outcome.ALLOW
    )


def _most_frequent(found: Match) -> str:
    """The reasons that exclude most of the therapists, with an example sentence for each."""
    codes = Counter(code for one in found.excluded for code in {verdict.code for verdict in one.verdicts})
    said = {verdict.code: verdict.sentence for one in reversed(found.excluded) for verdict in one.verdicts}
    line = _("{code}, {count} of {all} therapists; for example: {sentence}")
    return "\n".join(
        line.format(code=code, count=count, all=len(found.excluded), sentence=said[code])
        for code, count in codes.most_common(2)
    )
