"""The command `warm-handoff`: its commands, its options, and what it says when something cannot be done."""

from __future__ import annotations

from gettext import gettext as _
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from desktop import __version__
from desktop.cli import clinic, demo, facts, letters, oversight, work
from desktop.cli.output import UNUSABLE, complain
from desktop.cli.rules import rules
from desktop.cli.session import FileOption, PassphraseOption, UserOption, Where
from desktop.cli.waitlist import waitlist
from desktop.clinic.errors import ClinicError


class Commands(TyperGroup):
    """The commands; an error of the user becomes a sentence on standard error and exit code 2."""

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - typer does not publish the type
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except ClinicError as error:
            complain(error.sentence)
        except BrokenPipeError:
            raise
        except OSError as error:
            complain(_("{file}: {reason}.").format(file=error.filename or "", reason=error.strerror or error))
        raise typer.Exit(UNUSABLE)


app = typer.Typer(
    cls=Commands,
    name="warm-handoff",
    help=_("Appointments and referrals for psychotherapy group practices in Pennsylvania and New Jersey."),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

for name, command in (
    ("new", clinic.new),
    ("import", clinic.take_in),
    ("export", clinic.export),
    ("schema", facts.schema),
    ("referrals", work.referrals),
    ("match", facts.match),
    ("check", facts.check),
    ("book", work.book),
    ("calendar", work.calendar),
    ("letter", letters.letter),
    ("cliff", oversight.cliff),
    ("demand", oversight.demand),
    ("verify", clinic.verify),
    ("undo", clinic.undo),
    ("demo", demo.demo),
):
    app.command(name, help=_(command.__doc__ or ""))(command)
app.add_typer(rules)
app.add_typer(waitlist)


@app.callback(invoke_without_command=True)
def options(
    ctx: typer.Context,
    *,
    file: FileOption = None,
    user: UserOption = None,
    passphrase_file: PassphraseOption = None,
    version: Annotated[bool, typer.Option("--version", help=_("Print the version and leave."))] = False,
    self_check: Annotated[
        bool, typer.Option("--self-check", help=_("Prove that everything the program needs is found, and leave."))
    ] = False,
) -> None:
    """Keep the options that stand before the command."""
    ctx.obj = Where(file=file, user=user, passphrase_file=passphrase_file)
    if version:
        typer.echo(f"warm-handoff {__version__}")
        raise typer.Exit
    if self_check:
        from desktop.cli.selfcheck import self_check as prove

        raise typer.Exit(prove())
