"""What the terminal prints: data as plain text, tables for people, JSON for programs."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import typer

from desktop.clinic.verdict import Outcome, Verdict

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

STYLES = {Outcome.ALLOW: "green", Outcome.WARN: "yellow", Outcome.HOLD: "magenta", Outcome.BLOCK: "bold red"}
EXIT = {Outcome.ALLOW: 0, Outcome.WARN: 0, Outcome.HOLD: 3, Outcome.BLOCK: 4}
UNUSABLE = 2
HIDDEN = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u061c")


def safe(text: str) -> str:
    """The text without control characters and direction overrides, which could redraw the terminal."""
    return "".join("\N{REPLACEMENT CHARACTER}" if _is_control(letter) else letter for letter in text)


def print_json(value: object) -> None:
    """One JSON document on standard output, in UTF-8 whatever the terminal speaks."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2).encode("utf-8"))


def complain(sentence: str) -> None:
    """A sentence on standard error."""
    typer.echo(safe(sentence), err=True)


def screen() -> Console:
    """The terminal, as wide as it is; plain text where output goes to a file."""
    from rich.console import Console

    return Console(highlight=False, markup=False, emoji=False, soft_wrap=False)


def words(text: object, style: str = "") -> Text:
    """Text from data, shown letter for letter."""
    from rich.text import Text

    return Text(safe(str(text)), style=style)


def table(title: str, headers: Iterable[str], rows: Iterable[Sequence[object]], *, lines: bool = False) -> Table:
    """A table of plain texts, with `lines` between rows; a cell that is already rich stays as it is."""
    from rich.table import Table
    from rich.text import Text

    made = Table(title=words(title, "bold"), title_justify="left", header_style="bold", show_lines=lines)
    for header in headers:
        made.add_column(words(header), overflow="fold")
    for row in rows:
        made.add_row(*(cell if isinstance(cell, Text) else words(cell) for cell in row))
    return made


def colored(outcome: Outcome) -> Text:
    """The outcome in its color."""
    return words(outcome.value, STYLES[outcome])


def reasons(verdicts: Iterable[Verdict]) -> list[dict[str, Any]]:
    """The verdicts for JSON, the worst first, otherwise in the order given."""
    ordered = sorted(verdicts, key=lambda verdict: -verdict.outcome.rank)
    return [
        {"code": one.code, "outcome": one.outcome.value, "sentence": one.sentence, "evidence": dict(one.evidence)}
        for one in ordered
    ]


def verdict_table(title: str, verdicts: Iterable[Verdict]) -> Table:
    """The verdicts with their evidence, the worst first."""
    ordered = sorted(verdicts, key=lambda verdict: -verdict.outcome.rank)
    rows = [(colored(one.outcome), one.code, one.sentence, _evidence(one)) for one in ordered]
    return table(title, ("Outcome", "Code", "Reason", "Evidence"), rows)


def _evidence(verdict: Verdict) -> str:
    return "; ".join(f"{key} {value}" for key, value in verdict.evidence.items())


@cache
def _is_control(letter: str) -> bool:
    return (unicodedata.category(letter) == "Cc" and letter not in "\n\t") or letter in HIDDEN
