"""`cliff` and `demand`: what ends soon, and whether the open hours suffice for who waits."""

from __future__ import annotations

from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from desktop.cli.facts import asked_at, read
from desktop.cli.output import print_json, screen, table, words
from desktop.cli.session import FileOption, JsonOption, PassphraseOption, Session, UserOption, chosen, in_clinic, opened

if TYPE_CHECKING:
    from desktop.clinic.cliff import Expiry
    from desktop.clinic.facts import Facts
    from desktop.clinic.rulebook import Rulebook
    from desktop.office.demand import Board, CellLine

FactsOption = Annotated[
    Path | None, typer.Argument(help=_("A facts file, or - for standard input; none: the clinic file."))
]


def cliff(
    ctx: typer.Context,
    facts: FactsOption = None,
    *,
    as_json: JsonOption = False,
    file: FileOption = None,
    user: UserOption = None,
    passphrase_file: PassphraseOption = None,
) -> None:
    """List what ends of each therapist, soonest first, with the planned visits that each end would strand."""
    from desktop.clinic.cliff import cliff as ends_of

    if facts is not None:
        given = read(facts)
        found = ends_of(given, rules_of(given), asked_at(given))
        names = {one.id: one.name.listed for one in given.therapists}
    else:
        from desktop.office import upkeep

        with opened(chosen(ctx, file=file, user=user, passphrase_file=passphrase_file)) as session:
            listed = upkeep.cliff(session.store, session.actor)
        found = tuple(one.expiry for one in listed)
        names = {one.expiry.therapist: one.name for one in listed}
    if as_json:
        print_json([_expiry(one, names) for one in found])
        return
    rows = [
        (
            words(one.on, "bold red" if one.days < 0 else ""),
            one.days,
            names[one.therapist],
            one.held.value,
            one.what,
            len(one.stranded),
        )
        for one in found
    ]
    headers = (_("Last day"), _("Days"), _("Therapist"), _("Kind"), _("What"), _("Visits stranded"))
    screen().print(table(_("What ends: {n}").format(n=len(found)), headers, rows))


@in_clinic
def demand(session: Session, *, as_json: JsonOption = False) -> None:
    """Weigh who waits for what against the open hours, and say whom to hire or train next."""
    from desktop.office.demand import board

    found = board(session.store, session.actor)
    if as_json:
        print_json(_board(found))
        return
    headers = (_("Modality"), _("State"), _("Waiting"), _("Open hours a week"), _("Taken in"), _("Expected wait"))
    rows = [
        (one.modality, one.state, one.cell.waiting, f"{one.cell.hours:.1f}", one.cell.intakes, one.wait)
        for one in found.totals
    ]
    title = _("Waiting: {n}; beyond the open hours: {m}").format(n=found.demand.waiting, m=found.demand.unserved)
    screen().print(table(title, headers, rows))
    steps = [(one.sentence, "\n".join(one.nearest)) for one in found.steps]
    screen().print(table(_("Whom to hire or train next"), (_("What would help"), _("Who is nearest")), steps))


def rules_of(given: Facts) -> Rulebook:
    """The shipped rulebook with the facts file's own entries on top."""
    from desktop.clinic.own_rules import with_own
    from desktop.office.rulebook import rulebook

    return with_own(rulebook(), given.rules)


def _expiry(one: Expiry, names: dict[Any, str]) -> dict[str, Any]:
    return {
        "therapist": one.therapist,
        "name": names[one.therapist],
        "kind": one.held.value,
        "what": one.what,
        "on": one.on.isoformat(),
        "days": one.days,
        "stranded": list(one.stranded),
    }


def _board(found: Board) -> dict[str, Any]:
    return {
        "waiting": found.demand.waiting,
        "unserved": found.demand.unserved,
        "totals": [_cell(one) for one in found.totals],
        "cells": [_cell(one) for one in found.cells],
        "steps": [
            {
                "modality": one.step.modality,
                "state": one.step.state.value,
                "daypart": one.step.daypart.value,
                "unlocks": one.step.unlocks,
                "train": list(one.step.train),
                "license": list(one.step.license),
                "extend": list(one.step.extend),
                "sentence": one.sentence,
            }
            for one in found.steps
        ],
    }


def _cell(one: CellLine) -> dict[str, Any]:
    cell = one.cell
    return {
        "modality": cell.modality,
        "state": cell.state,
        "daypart": cell.daypart,
        "waiting": cell.waiting,
        "open_hours": round(cell.hours, 2),
        "intakes": cell.intakes,
        "wait_weeks": None if cell.wait is None else round(cell.wait, 1),
    }
