"""`waitlist`: who waits, whom a free slot suits, and a plan for everybody; nothing here books or offers anything."""

from __future__ import annotations

from datetime import datetime, timedelta
from gettext import gettext as _
from typing import TYPE_CHECKING, Annotated, Any

import typer

from desktop.cli.facts import asked_at, opening_document, read
from desktop.cli.output import print_json, reasons, screen, table, verdict_table, words
from desktop.cli.oversight import FactsOption, rules_of
from desktop.cli.session import FileOption, JsonOption, PassphraseOption, Session, UserOption, chosen, in_clinic, opened
from desktop.clinic.errors import BadInput
from desktop.clinic.services import Format

if TYPE_CHECKING:
    from desktop.clinic.facts import Facts
    from desktop.clinic.ranking import Criterion
    from desktop.clinic.waiting import Slot, Waiting
    from desktop.office.waitlines import PlanSheet, SlotSheet, WaitLine

waitlist = typer.Typer(
    name="waitlist",
    help=_("List who waits, whom a free slot suits, or a plan for everybody."),
    no_args_is_help=True,
    rich_markup_mode=None,
)


@in_clinic
def entries(
    session: Session,
    *,
    ended: Annotated[bool, typer.Option("--all", help=_("Those whose wait has ended, too."))] = False,
    as_json: JsonOption = False,
) -> None:
    """List the waitlist by priority and wait."""
    from desktop.office.waitlist import entries as listed

    found = listed(session.store, session.actor, ended=ended)
    if as_json:
        print_json([_entry(one) for one in found])
        return
    rows = [
        (
            one.waiting.id,
            one.priority,
            one.client,
            one.service,
            words(one.days, "bold red" if one.expired else ""),
            one.waiting.expires or "",
            len(one.offers) or "",
        )
        for one in found
    ]
    headers = (_("Entry"), _("Priority"), _("Client"), _("Service"), _("Days"), _("Until"), _("Offers"))
    screen().print(table(_("Waiting: {n}").format(n=len(found)), headers, rows))


def plan(
    ctx: typer.Context,
    facts: FactsOption = None,
    *,
    as_json: JsonOption = False,
    file: FileOption = None,
    user: UserOption = None,
    passphrase_file: PassphraseOption = None,
) -> None:
    """Propose the best way to give everybody who waits to therapists who have room; nothing is booked."""
    if facts is not None:
        sheet = _planned(read(facts))
    else:
        from desktop.office.waitlist import plan as proposed

        with opened(chosen(ctx, file=file, user=user, passphrase_file=passphrase_file)) as session:
            sheet = proposed(session.store, session.actor)
    if as_json:
        print_json(_plan(sheet))
    else:
        _show_plan(sheet)


def slot(
    ctx: typer.Context,
    facts: FactsOption = None,
    *,
    therapist: Annotated[str | None, typer.Option(help=_("Whose time is free: the id of the therapist."))] = None,
    start: Annotated[str | None, typer.Option(help=_("When, for example 2026-12-03T15:00:00-05:00."))] = None,
    minutes: Annotated[int, typer.Option(min=1, help=_("How long it is free."))] = 60,
    format: Annotated[Format, typer.Option(help=_("How the visit would take place."))] = Format.TELEHEALTH,
    site: Annotated[str | None, typer.Option(help=_("For visits in person: the id of the site."))] = None,
    room: Annotated[str | None, typer.Option(help=_("The id of the room that is free."))] = None,
    visit: Annotated[str | None, typer.Option(help=_("Instead of all that: the id of a canceled appointment."))] = None,
    as_json: JsonOption = False,
    file: FileOption = None,
    user: UserOption = None,
    passphrase_file: PassphraseOption = None,
) -> None:
    """Say whom to call about a free slot, best first, and why the others are not called; nothing is offered."""
    free = None if visit is not None else _slot(therapist, start, minutes, format, site, room)
    if facts is not None:
        if free is None:
            raise BadInput("--visit", _("give --therapist and --start with a facts file."))
        sheet = _called(read(facts), free)
    else:
        from desktop.office import waitlist as desk

        with opened(chosen(ctx, file=file, user=user, passphrase_file=passphrase_file)) as session:
            sheet = desk.slot(session.store, session.actor, free or _freed(session, str(visit)))
    if as_json:
        print_json(_sheet(sheet))
    else:
        _show_slot(sheet)


waitlist.command("list", help=_("List the waitlist by priority and wait."))(entries)
waitlist.command("plan", help=_(plan.__doc__ or ""))(plan)
waitlist.command("slot", help=_(slot.__doc__ or ""))(slot)


def _slot(
    therapist: str | None, start: str | None, minutes: int, format: Format, site: str | None, room: str | None
) -> Slot:
    from desktop.clinic.people import TherapistId
    from desktop.clinic.practice import RoomId, SiteId
    from desktop.clinic.waiting import Slot

    if therapist is None or start is None:
        raise BadInput("--therapist", _("say whose time is free and from when, or name a canceled appointment."))
    try:
        begins = datetime.fromisoformat(start)
    except ValueError:
        raise BadInput("--start", _("write the time like 2026-12-03T15:00:00-05:00.")) from None
    return Slot(
        therapist=TherapistId(therapist),
        start=begins,
        end=begins + timedelta(minutes=minutes),
        format=format,
        site=SiteId(site) if site else None,
        room=RoomId(room) if room else None,
    )


def _freed(session: Session, visit: str) -> Slot:
    from desktop.clinic.visits import VisitId
    from desktop.office.waitlist import freed

    return freed(session.store, session.actor, VisitId(visit))[0]


def _planned(given: Facts) -> PlanSheet:
    from desktop.clinic.placement import plan as proposed
    from desktop.office.waitlines import plan_sheet

    return plan_sheet(proposed(given.waiting, given, rules_of(given), asked_at(given)), given)


def _called(given: Facts, free: Slot) -> SlotSheet:
    from desktop.clinic.waitlist import people_for
    from desktop.office.waitlines import slot_sheet

    found = people_for(free, given.waiting, given, rules_of(given), asked_at(given), offers=given.offers)
    return slot_sheet(found, given)


def _show_plan(sheet: PlanSheet) -> None:
    output = screen()
    rows = [
        (one.client, one.service, one.therapist, one.placement.points, one.opening, "\n".join(one.reasons))
        for one in sheet.placements
    ]
    headers = (_("Client"), _("Service"), _("Therapist"), _("Points"), _("First opening"), _("Why"))
    output.print(table(_("Placed: {n}").format(n=len(rows)), headers, rows))
    left = [(one.client, one.service, "\n".join(one.reasons)) for one in sheet.unmet]
    output.print(table(_("Unmet: {n}").format(n=len(left)), (_("Client"), _("Service"), _("Reason")), left))
    full = [(name, one.given, one.capacity) for name, one in sheet.rooms]
    output.print(table(_("Room"), (_("Therapist"), _("New clients"), _("Room for")), full))


def _show_slot(sheet: SlotSheet) -> None:
    output = screen()
    if sheet.verdicts:
        output.print(verdict_table(_("About the slot"), sheet.verdicts))
    rows = [
        (one.client, one.fit.waiting.priority.value, one.fit.points, _numbers(one.phones), "\n".join(one.reasons))
        for one in sheet.calls
    ]
    headers = (_("Client"), _("Priority"), _("Points"), _("Phone"), _("Why"))
    output.print(table(_("{slot}: call {n}").format(slot=sheet.words, n=len(rows)), headers, rows))
    others = [(one.client, verdict.code, verdict.sentence) for one in sheet.others for verdict in one.verdicts]
    title = _("Others: {n}").format(n=len(sheet.others))
    output.print(table(title, (_("Client"), _("Code"), _("Reason")), others))


def _numbers(phones: Any) -> str:  # noqa: ANN401 - telephones of a client
    return "\n".join(one.number for one in phones)


def _waiting(one: Waiting) -> dict[str, Any]:
    return {
        "waiting": one.id,
        "client": one.client,
        "service": one.request.service,
        "priority": one.priority.value,
        "since": one.since.isoformat(),
        "expires": None if one.expires is None else one.expires.isoformat(),
        "referral": one.referral,
    }


def _entry(one: WaitLine) -> dict[str, Any]:
    ended = one.waiting.ended
    return {
        **_waiting(one.waiting),
        "client_name": one.client,
        "days": one.days,
        "expired": one.expired,
        "ended": None if ended is None else {"on": ended.on.isoformat(), "how": ended.how.value},
        "offers": [each.id for each in one.offers],
    }


def _criteria(parts: tuple[Criterion, ...]) -> list[dict[str, Any]]:
    return [{"name": one.name, "points": one.points, "most": one.most, "sentence": one.sentence} for one in parts]


def _plan(sheet: PlanSheet) -> dict[str, Any]:
    return {
        "proven": sheet.proven,
        "placements": [
            {
                **_waiting(one.placement.waiting),
                "client_name": one.client,
                "therapist": one.placement.therapist,
                "name": one.therapist,
                "points": one.placement.points,
                "criteria": _criteria(one.placement.criteria),
                "opening": None if one.placement.opening is None else opening_document(one.placement.opening),
                "reasons": reasons(one.placement.verdicts),
            }
            for one in sheet.placements
        ],
        "unmet": [
            {**_waiting(one.unmet.waiting), "client_name": one.client, "reasons": reasons(one.unmet.verdicts)}
            for one in sheet.unmet
        ],
        "rooms": [
            {"therapist": one.therapist, "name": name, "capacity": one.capacity, "given": one.given}
            for name, one in sheet.rooms
        ],
    }


def _sheet(sheet: SlotSheet) -> dict[str, Any]:
    return {
        "slot": opening_document(sheet.slot) | {"therapist": sheet.slot.therapist},
        "reasons": reasons(sheet.verdicts),
        "calls": [
            {
                **_waiting(one.fit.waiting),
                "client_name": one.client,
                "phones": [each.number for each in one.phones],
                "points": one.fit.points,
                "criteria": _criteria(one.fit.criteria),
                "reasons": reasons(one.fit.verdicts),
                "script": one.script,
            }
            for one in sheet.calls
        ],
        "others": [
            {**_waiting(one.waiting), "client_name": one.client, "reasons": reasons(one.verdicts)}
            for one in sheet.others
        ],
    }
