"""The desk's work: the referrals to look after, booking one, a therapist's calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from desktop.cli.output import EXIT, print_json, reasons, screen, table, verdict_table, words
from desktop.cli.session import JsonOption, Session, in_clinic
from desktop.clinic.change import UserId
from desktop.clinic.errors import BadInput, Refused
from desktop.clinic.moments import local_date
from desktop.clinic.referral import Referral, ReferralId
from desktop.clinic.verdict import Verdict, worst

if TYPE_CHECKING:
    from desktop.clinic.matching import Match
    from desktop.clinic.openings import Opening
    from desktop.clinic.therapists import Therapist
    from desktop.clinic.visits import Visit
    from desktop.office.referrals import ReferralLine

FOUR_WEEKS = timedelta(days=27)


@in_clinic
def referrals(
    session: Session,
    *,
    owner: Annotated[str | None, typer.Option(help=_("Only those of this owner."))] = None,
    ended: Annotated[bool, typer.Option("--all", help=_("Those that have ended, too."))] = False,
    as_json: JsonOption = False,
) -> None:
    """List the referrals with what has to be done next, the most urgent first."""
    from desktop.office.referrals import worklist

    found = worklist(session.store, session.actor, owner=UserId(owner) if owner else None, ended=ended)
    if as_json:
        print_json([_line(one) for one in found])
        return
    rows = [
        (
            one.referral.id,
            words(one.referral.due or "", "bold red" if one.overdue else ""),
            one.referral.stage.value,
            (one.referral.next_action or "").replace("_", " "),
            one.referral.owner or "",
            one.client,
            one.service,
            one.other,
        )
        for one in found
    ]
    headers = (_("Referral"), _("Due"), _("Stage"), _("Next"), _("Owner"), _("Client"), _("Service"), _("From or to"))
    screen().print(table(_("Referrals: {n}").format(n=len(found)), headers, rows))


@in_clinic
def book(
    session: Session,
    referral: Annotated[str, typer.Argument(help=_("The id of the referral."))],
    *,
    therapist: Annotated[str | None, typer.Option(help=_("Whom to book; otherwise the best match."))] = None,
    opening: Annotated[int, typer.Option(min=1, help=_("Which of their first openings."))] = 1,
    reason: Annotated[str, typer.Option(help=_("Why to go on in spite of a warning; it is kept."))] = "",
    as_json: JsonOption = False,
) -> None:
    """Book the first visit of a referral at an opening; exit 3 or 4 when the rules hold or block it."""
    from desktop.office import booking
    from desktop.office.matching import match_referral

    key = ReferralId(referral)
    chosen = _chosen(match_referral(session.store, session.actor, key), therapist, opening)
    with session.store.reading() as reader:
        about = reader.get(Referral, key)
        proposal = offer(session, about, chosen)
    try:
        visit = booking.book(session.store, session.actor, proposal, referral=key, reason=reason)
    except Refused as error:
        found = [one for one in error.verdicts if isinstance(one, Verdict)]
        _refused(found, as_json=as_json)
        raise typer.Exit(EXIT[worst(found)]) from error
    if as_json:
        print_json({"outcome": "ALLOW", "visit": _visit(visit)})
    else:
        screen().print(words(_("Booked: {visit}").format(visit=_said(visit))))


@in_clinic
def calendar(
    session: Session,
    therapist: Annotated[
        str, typer.Argument(help=_("The id of a therapist, or a part of the name that only one has."))
    ],
    *,
    first: Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help=_("First day; today."))] = None,
    last: Annotated[
        datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help=_("Last day; four weeks."))
    ] = None,
    out: Annotated[Path | None, typer.Option(help=_("Write an iCalendar file there (a folder, or NAME.ics)."))] = None,
    as_json: JsonOption = False,
) -> None:
    """Show a therapist's appointments, or write them as a calendar file that says nothing about clients."""
    from desktop.clinic.moments import whole_day

    start = first.date() if first else local_date(session.actor.now)
    end = last.date() if last else start + FOUR_WEEKS
    with session.store.reading() as reader:
        found = _therapist(reader.all(_therapist_kind()), therapist)
        visits = reader.visits(whole_day(start)[0], whole_day(end)[1], therapists=(found.id,))
    if out is not None:
        print_written(write_calendar(session, found.id, start, end, out))
    elif as_json:
        print_json([_visit(one) for one in visits])
    else:
        rows = [(_said(one), one.service, one.format.value, one.status.value) for one in visits]
        headers = (_("When"), _("Service"), _("Format"), _("Status"))
        screen().print(
            table(_("{name}: {n} appointments").format(name=found.name.listed, n=len(visits)), headers, rows)
        )


def offer(session: Session, referral: Referral, opening: Opening) -> Any:  # noqa: ANN401
    """The proposed first visit of a referral at that opening: who, where, and the state where the client sits."""
    from desktop.clinic.clients import Client
    from desktop.clinic.requests import Proposal
    from desktop.clinic.services import Format
    from desktop.clinic.visits import Seat

    if referral.request is None:
        raise BadInput("request", _("say first which service the client asks for."))
    with session.store.reading() as reader:
        home = reader.get(Client, referral.client).address.state
    remote = opening.format is Format.TELEHEALTH
    return Proposal(
        service=referral.request.service,
        therapist=opening.therapist,
        seats=(Seat(client=referral.client, expected_state=(referral.request.state or home) if remote else None),),
        format=opening.format,
        site=opening.site if not remote else None,
        room=opening.room if not remote else None,
        start=opening.start,
    )


def write_calendar(session: Session, therapist: Any, start: date, end: date, out: Path) -> Path:  # noqa: ANN401
    """Write the calendar file into the folder, or to the file, `out`; the path written."""
    from desktop.office import calendars

    data = calendars.export(session.store, session.actor, therapist, start, end)
    path = out if out.suffix == ".ics" else out / calendars.file_name(therapist, start, end)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def print_written(path: Path) -> None:
    """Say which file was written."""
    screen().print(words(_("Written: {path}").format(path=path)))


def _chosen(match: Match, therapist: str | None, nth: int) -> Opening:
    candidates = [one for one in match.eligible if therapist in (None, one.therapist)]
    if not candidates:
        stops = [one for exclusion in match.excluded if exclusion.therapist == therapist for one in exclusion.verdicts]
        sentence = stops[0].sentence if stops else _("no therapist can take this referral; see `match`.")
        raise BadInput("therapist", sentence)
    if nth > len(candidates[0].openings):
        raise BadInput("opening", _("there are only {n} openings.").format(n=len(candidates[0].openings)))
    return candidates[0].openings[nth - 1]


def _refused(found: list[Verdict], *, as_json: bool) -> None:
    if as_json:
        print_json({"outcome": worst(found).value, "reasons": reasons(found)})
    else:
        screen().print(verdict_table(_("Not booked"), found))


def _therapist_kind() -> type[Therapist]:
    from desktop.clinic.therapists import Therapist

    return Therapist


def _therapist(everyone: tuple[Therapist, ...], text: str) -> Therapist:
    exact = [one for one in everyone if one.id == text]
    found = exact or [one for one in everyone if text.casefold() in one.name.full.casefold()]
    if len(found) != 1:
        raise BadInput("therapist", _("{n} therapists have this id or name; give the id.").format(n=len(found)))
    return found[0]


def _said(visit: Visit) -> str:
    from desktop.clinic.spoken import short_span

    return short_span(visit.start, visit.end)


def _visit(visit: Visit) -> dict[str, Any]:
    return {
        "id": visit.id,
        "therapist": visit.therapist,
        "service": visit.service,
        "clients": list(visit.clients),
        "start": visit.start.astimezone(UTC).isoformat(),
        "end": visit.end.astimezone(UTC).isoformat(),
        "format": visit.format.value,
        "site": visit.site,
        "room": visit.room,
        "status": visit.status.value,
    }


def _line(one: ReferralLine) -> dict[str, Any]:
    referral = one.referral
    return {
        "id": referral.id,
        "direction": referral.direction.value,
        "stage": referral.stage.value,
        "bser": referral.stage.bser,
        "owner": referral.owner,
        "next_action": referral.next_action.value if referral.next_action else None,
        "due": referral.due.isoformat() if referral.due else None,
        "overdue": one.overdue,
        "client": referral.client,
        "client_name": one.client,
        "service": one.service,
        "other": one.other,
        "therapist": referral.therapist,
        "visit": referral.visit,
    }
