"""`rules`: every rule with its value, source and date, and the practice's own entries on top."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from desktop.cli.facts import asked_at, read
from desktop.cli.output import print_json, screen, table, words
from desktop.cli.oversight import FactsOption, rules_of
from desktop.cli.session import FileOption, JsonOption, PassphraseOption, UserOption, chosen, opened
from desktop.clinic.errors import BadInput
from desktop.clinic.moments import local_date
from desktop.clinic.rulebook import Confidence

if TYPE_CHECKING:
    from collections.abc import Iterable

    from desktop.clinic.rulebook import Fact
    from desktop.office.rules import RuleLine

rules = typer.Typer(name="rules", help=_("List the rules with their sources, or change one."), rich_markup_mode=None)


@rules.callback(invoke_without_command=True)
def rules_alone(
    ctx: typer.Context,
    *,
    as_json: JsonOption = False,
    file: FileOption = None,
    user: UserOption = None,
    passphrase_file: PassphraseOption = None,
) -> None:
    """List the rules when nothing else is asked for; the options count for what follows, too."""
    ctx.obj = chosen(ctx, file=file, user=user, passphrase_file=passphrase_file)
    ctx.meta["json"] = as_json
    if ctx.invoked_subcommand is None:
        _list(ctx, None, as_json=as_json)


@rules.command("list", help=_("List every rule: value, since when, source, last verified."))
def rules_list(
    ctx: typer.Context,
    facts: FactsOption = None,
    *,
    as_json: JsonOption = False,
    file: FileOption = None,
    user: UserOption = None,
    passphrase_file: PassphraseOption = None,
) -> None:
    """List the shipped rules with those of a facts file or a clinic file on top."""
    _list(ctx, facts, as_json=as_json, file=file, user=user, passphrase_file=passphrase_file)


def _list(ctx: typer.Context, facts: Path | None, *, as_json: bool, **options: Any) -> None:  # noqa: ANN401
    from desktop.office.rules import entries, lines, rulebook

    where = chosen(ctx, **options)
    if facts is not None:
        given = read(facts)
        found = lines(rules_of(given), local_date(asked_at(given)))
    elif where.file is None:
        found = lines(rulebook(), local_date(datetime.now(UTC)))
    else:
        with opened(where) as session:
            found = entries(session.store, session.actor)
    if as_json or ctx.meta.get("json"):
        print_json([_rule(one) for one in found])
    else:
        screen().print(_rule_table(found))


@rules.command("set", help=_("Put an own entry on top of a rule, from a day on; it is kept with name and reason."))
def rules_set(
    ctx: typer.Context,
    key: Annotated[str, typer.Argument(help=_("The rule, for example kap.integration_hours."))],
    value: Annotated[str, typer.Argument(help=_('The value as in TOML: 48, true, ["PA"], {issuing_from=2027-01-01}.'))],
    *,
    source: Annotated[str, typer.Option(help=_("Where it is written."))],
    name: Annotated[str, typer.Option(help=_("Who answers for it."))],
    reason: Annotated[str, typer.Option(help=_("Why it is changed."))],
    valid_from: Annotated[
        datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help=_("First day; always."))
    ] = None,
    valid_to: Annotated[
        datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help=_("Last day, inclusive; open."))
    ] = None,
    confidence: Annotated[Confidence, typer.Option(help=_("How well it is attested."))] = Confidence.MEDIUM,
    as_json: JsonOption = False,
    file: FileOption = None,
    user: UserOption = None,
    passphrase_file: PassphraseOption = None,
) -> None:
    """Put an entry of the practice on top of the rulebook; every planned visit is judged anew."""
    from desktop.office.rules import set_rule

    with opened(chosen(ctx, file=file, user=user, passphrase_file=passphrase_file)) as session:
        fact = set_rule(
            session.store,
            session.actor,
            key,
            _value(value),
            valid_from=None if valid_from is None else valid_from.date(),
            valid_to=None if valid_to is None else valid_to.date(),
            source=source,
            confidence=confidence,
            name=name,
            reason=reason,
        )
    if as_json or ctx.meta.get("json"):
        print_json(_fact(fact))
    else:
        screen().print(words(_("{key} is now {value}.").format(key=fact.key, value=_said(fact.value))))


def _value(text: str) -> Any:  # noqa: ANN401 - rule data is of many kinds
    """The value as TOML writes it; a word alone needs no quotes."""
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        if text.replace("_", "").replace("-", "").isalnum():
            return text
        raise BadInput(
            "value", _('write it as in TOML, for example 48, "WARN" or {issuing_from = 2027-01-01}.')
        ) from None


def _rule_table(found: Iterable[RuleLine]) -> Any:  # noqa: ANN401
    rows = [
        (
            one.fact.key,
            _said(one.fact.value),
            "" if one.fact.valid_from is None else one.fact.valid_from,
            one.fact.source,
            words(one.fact.verified_on, "yellow" if one.stale else ""),
            _("own") if one.own else _("shipped"),
        )
        for one in found
    ]
    headers = (_("Rule"), _("Value"), _("Since"), _("Source"), _("Verified"), _("Whose"))
    return table(_("Rules: {n}").format(n=len(rows)), headers, rows)


def _rule(one: RuleLine) -> dict[str, Any]:
    return {**_fact(one.fact), "own": one.own, "in_force": one.in_force, "stale": one.stale}


def _fact(fact: Fact) -> dict[str, Any]:
    return {
        "key": fact.key,
        "value": _plain(fact.value),
        "valid_from": None if fact.valid_from is None else fact.valid_from.isoformat(),
        "valid_to": None if fact.valid_to is None else fact.valid_to.isoformat(),
        "source": fact.source,
        "confidence": fact.confidence.value,
        "verified_on": fact.verified_on.isoformat(),
        "entered_by": fact.entered_by,
        "reason": fact.reason,
    }


def _plain(value: Any) -> Any:  # noqa: ANN401 - rule data is of many kinds
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def _said(value: Any) -> str:  # noqa: ANN401 - rule data is of many kinds
    if isinstance(value, dict):
        return "; ".join(f"{key} {_said(part)}" for key, part in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(map(_said, value))
    return str(value)
