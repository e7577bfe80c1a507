"""Opening a clinic file for one command: which file, which user, and the passphrase from anywhere but argv."""

from __future__ import annotations

import getpass
import inspect
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import wraps
from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from desktop.clinic.change import Actor, UserId
from desktop.clinic.errors import BadInput

if TYPE_CHECKING:
    from desktop.records.store import Store

PASSPHRASE = "WARM_HANDOFF_PASSPHRASE"  # noqa: S105 - the name of a variable

FileOption = Annotated[
    Path | None, typer.Option("--file", "-f", envvar="WARM_HANDOFF_FILE", help=_("The clinic file (NAME.handoff)."))
]
UserOption = Annotated[
    str | None, typer.Option("--user", "-u", envvar="WARM_HANDOFF_USER", help=_("Who acts; the name to unlock with."))
]
PassphraseOption = Annotated[
    Path | None,
    typer.Option(
        "--passphrase-file",
        help=_("A file with the passphrase; otherwise ${name}, or a prompt.").format(name=PASSPHRASE),
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help=_("Print JSON for programs."))]


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """Which clinic file to open as whom."""

    file: Path | None = None
    user: str | None = None
    passphrase_file: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """An open clinic file, and who acts on it now."""

    store: Store
    actor: Actor


def in_clinic(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command an open clinic file, and the options that say which; they may also stand before the command."""

    @wraps(command)
    def run(ctx: typer.Context, **options: Any) -> None:  # noqa: ANN401
        given = {name: options.pop(name) for name in ("file", "user", "passphrase_file")}
        with opened(chosen(ctx, **given)) as session:
            command(session, **options)

    own = list(inspect.signature(command, eval_str=True).parameters.values())[1:]
    hints: list[tuple[str, Any]] = [("file", FileOption), ("user", UserOption), ("passphrase_file", PassphraseOption)]
    added = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=hint) for name, hint in hints
    ]
    first = inspect.Parameter("ctx", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context)
    keyword = [one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in own]
    params = [first, *keyword, *added]
    run.__signature__ = inspect.Signature(params)  # type: ignore[attr-defined]
    run.__annotations__ = {one.name: one.annotation for one in params}
    del run.__wrapped__
    return run


def chosen(ctx: typer.Context, **given: Any) -> Where:  # noqa: ANN401
    """The options before the command with those after it on top."""
    before = ctx.obj if isinstance(ctx.obj, Where) else Where()
    return replace(before, **{name: value for name, value in given.items() if value is not None})


@contextmanager
def opened(where: Where) -> Iterator[Session]:
    """The clinic file, unlocked, for as long as the command runs.

    Raises BadInput when no file or user is named, CannotOpen when it cannot be unlocked.
    """
    from desktop.office import access

    if where.file is None:
        raise BadInput("--file", _("name the clinic file, for example --file clinic.handoff."))
    user = UserId(where.user or _only_user(access.users(where.file) if where.file.exists() else ()))
    now = datetime.now(UTC)
    store = access.unlock(where.file, user, passphrase(where.passphrase_file), now=now)
    try:
        yield Session(store=store, actor=Actor(user=user, now=now))
    finally:
        store.close()


def user_of(where: Where) -> str:
    """The user that was named, or the name of the account on this computer."""
    return where.user or getpass.getuser()


def _only_user(known: tuple[UserId, ...]) -> str:
    return known[0] if len(known) == 1 else getpass.getuser()


def passphrase(file: Path | None, *, new: bool = False) -> str:
    """The passphrase from a file, the environment or a prompt; `new` asks for it twice.

    Raises BadInput when there is none and nobody to ask.
    """
    if file is not None:
        return file.read_text(encoding="utf-8").rstrip("\r\n")
    if PASSPHRASE in os.environ:
        return os.environ[PASSPHRASE]
    if not sys.stdin.isatty():
        raise BadInput(
            "--passphrase-file", _("give the passphrase in a file or in the variable {name}.").format(name=PASSPHRASE)
        )
    return str(typer.prompt(_("Passphrase"), hide_input=True, confirmation_prompt=new, err=True))
