"""Letters from the terminal: draft, show what they tell and what stands against them, print."""

from __future__ import annotations

from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from desktop.cli.output import EXIT, print_json, reasons, screen, verdict_table
from desktop.cli.session import JsonOption, Session, in_clinic
from desktop.cli.work import print_written
from desktop.clinic.letters import LetterKind
from desktop.clinic.people import ClientId, ReferrerId
from desktop.clinic.referral import ReferralId
from desktop.clinic.verdict import refusing, worst
from desktop.clinic.visits import VisitId

if TYPE_CHECKING:
    from desktop.clinic.letters import Draft


@in_clinic
def letter(
    session: Session,
    kind: Annotated[LetterKind, typer.Argument(help=_("What the letter is for."))],
    *,
    referral: Annotated[str | None, typer.Option(help=_("The id of the referral it is about."))] = None,
    visit: Annotated[str | None, typer.Option(help=_("The id of the appointment it is about."))] = None,
    recipient: Annotated[str | None, typer.Option(help=_("The id of another recipient than the referral's."))] = None,
    client: Annotated[str | None, typer.Option(help=_("Whom a visit of several clients is confirmed to."))] = None,
    out: Annotated[
        Path | None, typer.Option(help=_("Finish it and write the PDF there (a folder, or NAME.pdf)."))
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Draft a letter and say what it tells on which basis; with --out finish it and write the PDF."""
    from desktop.office import correspondence

    drafted = correspondence.draft(
        session.store,
        session.actor,
        kind,
        referral_id=ReferralId(referral) if referral else None,
        visit_id=VisitId(visit) if visit else None,
        recipient=ReferrerId(recipient) if recipient else None,
        client_id=ClientId(client) if client else None,
    )
    if as_json:
        print_json(_document(drafted))
    else:
        screen().print(verdict_table(_("{kind}: draft").format(kind=kind.label), drafted.verdicts))
    stops = refusing(drafted.verdicts)
    if out is not None and not stops:
        path = write_letter(session, drafted, out)
        if not as_json:
            print_written(path)
    raise typer.Exit(EXIT[worst(stops)])


def write_letter(session: Session, drafted: Draft, out: Path) -> Path:
    """Finish the letter and write its PDF into the folder, or to the file, `out`; the path written.

    Raises Refused when something stands against it.
    """
    from desktop.office import correspondence

    finished = correspondence.finalize(session.store, session.actor, drafted)
    path = out if out.suffix == ".pdf" else out / correspondence.file_name(finished)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(correspondence.pdf(session.store, session.actor, finished.id))
    return path


def _document(drafted: Draft) -> dict[str, Any]:
    return {
        "outcome": worst(drafted.verdicts).value,
        "reasons": reasons(drafted.verdicts),
        "disclosed": [
            {"field": one.field, "class": one.data_class.value, "basis": one.basis} for one in drafted.disclosed
        ],
        "withheld": [one.name for one in drafted.withheld],
    }
