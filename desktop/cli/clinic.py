"""The clinic file itself: make one, bring files in, take everything out, check it, take a task back."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from desktop.cli.output import UNUSABLE, complain, print_json, screen, table, words
from desktop.cli.session import (
    JsonOption,
    PassphraseOption,
    Session,
    UserOption,
    chosen,
    in_clinic,
    passphrase,
    user_of,
)
from desktop.clinic.change import TaskId, UserId
from desktop.clinic.errors import BadInput

if TYPE_CHECKING:
    from desktop.office.intake import Preview

FIRST_ERRORS = 20
Progress = Callable[[int, int], None]


def new(
    ctx: typer.Context,
    path: Annotated[Path, typer.Argument(help=_("The clinic file to make (NAME.handoff)."))],
    *,
    practice: Annotated[str, typer.Option(help=_("The name of the practice, as in its letterhead."))],
    name: Annotated[str, typer.Option(help=_("Your own name; the name to unlock with if not given."))] = "",
    user: UserOption = None,
    passphrase_file: PassphraseOption = None,
) -> None:
    """Make an encrypted clinic file; you are its first administrator. The recovery key is shown once."""
    from desktop.clinic.practice import Practice
    from desktop.office import access

    who = UserId(user_of(chosen(ctx, user=user)))
    secret = passphrase(chosen(ctx, passphrase_file=passphrase_file).passphrase_file, new=True)
    store, recovery = access.new_clinic(
        path,
        user=who,
        name=name or who,
        passphrase=secret,
        practice=Practice(name=practice),
        now=datetime.now(UTC),
    )
    store.close()
    output = screen()
    output.print(words(_("Made: {path}, for the user {user}.").format(path=path, user=who)))
    output.print(words(_("Recovery key, shown this once; print it and lock it away:")))
    output.print(words(recovery, "bold"), soft_wrap=True)


@in_clinic
def take_in(
    session: Session,
    source: Annotated[Path, typer.Argument(help=_("A facts file (JSON), a table (CSV), or FHIR R4 Patients."))],
    *,
    kind: Annotated[str | None, typer.Option(help=_("For a table: clients, referrals or therapists."))] = None,
    form: Annotated[str | None, typer.Option(help=_("json, csv or fhir; guessed from the file."))] = None,
    preview: Annotated[bool, typer.Option("--preview", help=_("Only say what would be done."))] = False,
    yes: Annotated[bool, typer.Option("--yes", help=_("Do not ask before writing."))] = False,
    as_json: JsonOption = False,
) -> None:
    """Bring a file in: first a preview with every error by row, then all of it or nothing, in one step."""
    from desktop.office import intake

    _one_of("--kind", kind, ("clients", "referrals", "therapists"))
    _one_of("--form", form, ("json", "csv", "fhir"))
    with progress(_("Reading")) as told:
        found = intake.preview(source, form=form, kind=kind, store=session.store, progress=told)
    if as_json:
        print_json(_document(found))
    else:
        show_preview(found)
    if found.errors:
        raise typer.Exit(UNUSABLE)
    if preview or not (found.add or found.change):
        return
    if not yes and not typer.confirm(_("Bring this in?"), err=True):
        raise typer.Exit(1)
    with progress(_("Writing")) as told:
        task = intake.bring_in(session.store, session.actor, found, told)
    if not as_json:
        screen().print(
            words(_("Done: {label}. To take it back: warm-handoff undo {task}").format(label=task.label, task=task.id))
        )


@in_clinic
def export(
    session: Session,
    *,
    out: Annotated[Path | None, typer.Option(help=_("Write the file there; otherwise to standard output."))] = None,
    csv: Annotated[bool, typer.Option("--csv", help=_("Only the clients, as a table."))] = False,
) -> None:
    """Take everything out as a facts file (JSON); it is not encrypted."""
    from desktop.office import intake

    data = (intake.export_clients if csv else intake.export_json)(session.store, session.actor)
    if out is None:
        typer.echo(data, nl=False)
        return
    handle = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
    screen().print(
        words(_("Written: {path}; it is not encrypted, so delete it when it is no longer needed.").format(path=out))
    )


@in_clinic
def verify(session: Session, *, as_json: JsonOption = False) -> None:
    """Check the file's pages, its structure and the chain of its audit; exit 1 when something is wrong."""
    with progress(_("Checking")):
        found = session.store.problems()
    if as_json:
        print_json({"sound": not found, "problems": list(found)})
    elif found:
        for sentence in found:
            complain(sentence)
    else:
        screen().print(words(_("The clinic file is sound: pages, structure and audit."), "green"))
    raise typer.Exit(1 if found else 0)


@in_clinic
def undo(
    session: Session,
    task: Annotated[str | None, typer.Argument(help=_("The id of a task; otherwise your latest one."))] = None,
    *,
    show: Annotated[bool, typer.Option("--list", help=_("Only list the latest tasks."))] = False,
    as_json: JsonOption = False,
) -> None:
    """Take a task back in one step; undoing the undo does it again."""
    if show:
        _list_tasks(session, as_json=as_json)
        return
    latest = None if task else session.store.undoable(session.actor.user)
    if task is None and latest is None:
        raise BadInput("", _("there is nothing of yours to undo."))
    done = session.store.undo(session.actor, TaskId(task) if task else latest.id)  # type: ignore[union-attr]
    if as_json:
        print_json({"task": done.id, "label": done.label, "changes": len(done.changes)})
    else:
        screen().print(words(_("{label}: {n} records").format(label=done.label, n=len(done.changes))))


@contextmanager
def progress(title: str) -> Iterator[Progress]:
    """A progress bar on standard error for as long as the work goes on; nothing where that is no terminal."""
    from rich.console import Console
    from rich.progress import Progress as Bar

    errors = Console(stderr=True)
    with Bar(console=errors, transient=True, disable=not errors.is_terminal) as bar:
        row = bar.add_task(title, total=None)

        def told(done: int, total: int) -> None:
            bar.update(row, completed=done, total=total)

        yield told


def show_preview(found: Preview) -> None:
    """What bringing the file in would do, with the errors by row and who may be on file already."""
    output = screen()
    rows = [(name, one.add, one.change, one.unchanged) for name, one in found.counts.items()]
    output.print(table(_("Preview"), (_("Kind"), _("New"), _("Changed"), _("Same")), rows))
    if found.ignored:
        output.print(words(_("Left aside: {names}").format(names=", ".join(found.ignored))))
    if found.errors:
        title = _("Errors: {n}; nothing will be written").format(n=len(found.errors))
        errors = [(one.row or "", one.field, one.sentence) for one in found.errors[:FIRST_ERRORS]]
        output.print(table(title, (_("Row"), _("Field"), _("What to mend")), errors))
    if found.duplicates:
        title = _("May be on file already: {n}").format(n=len(found.duplicates))
        output.print(
            table(title, (_("Row"), _("New"), _("On file")), [(d.row, d.id, d.other) for d in found.duplicates])
        )


def _document(found: Preview) -> dict[str, Any]:
    return {
        "form": found.form.value,
        "counts": {
            name: {"add": one.add, "change": one.change, "unchanged": one.unchanged}
            for name, one in found.counts.items()
        },
        "errors": [{"row": one.row, "field": one.field, "sentence": one.sentence} for one in found.errors],
        "duplicates": [{"row": one.row, "id": one.id, "other": one.other} for one in found.duplicates],
        "ignored": list(found.ignored),
    }


def _list_tasks(session: Session, *, as_json: bool) -> None:
    tasks = session.store.tasks(20)
    if as_json:
        print_json(
            [
                {
                    "task": one.id,
                    "label": one.label,
                    "user": one.user,
                    "at": one.at.isoformat(),
                    "changes": len(one.changes),
                }
                for one in tasks
            ]
        )
        return
    rows = [(one.id, one.label, one.user, f"{one.at:%Y-%m-%d %H:%M} UTC", len(one.changes)) for one in tasks]
    screen().print(table(_("Latest tasks"), (_("Task"), _("What"), _("Who"), _("When"), _("Records")), rows))


def _one_of(field: str, given: str | None, allowed: tuple[str, ...]) -> None:
    if given is not None and given not in allowed:
        raise BadInput(field, _("choose one of: {names}.").format(names=", ".join(allowed)))
