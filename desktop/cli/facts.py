"""`check`, `match` and `schema`: the rules asked without any clinic file; `match` also for a referral on file."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from desktop.cli.output import EXIT, colored, print_json, reasons, screen, table, verdict_table
from desktop.cli.session import FileOption, JsonOption, PassphraseOption, UserOption, chosen, opened
from desktop.clinic.errors import BadInput
from desktop.clinic.verdict import Outcome, worst

if TYPE_CHECKING:
    from desktop.clinic.facts import Facts
    from desktop.clinic.matching import Candidate, Exclusion, Match
    from desktop.clinic.openings import Opening
    from desktop.clinic.waiting import Slot

FactsArgument = Annotated[Path, typer.Argument(help=_("A facts file (see `schema`), or - for standard input."))]


def schema() -> None:
    """Print the JSON Schema of a facts file."""
    from desktop.documents import schema as published

    print_json(published.schema())


def check(facts: FactsArgument, *, as_json: JsonOption = False) -> None:
    """Judge the proposed visit of a facts file; exit 0 for ALLOW and WARN, 3 for HOLD, 4 for BLOCK."""
    from desktop.clinic import judge
    from desktop.clinic.own_rules import with_own
    from desktop.office.rulebook import rulebook

    given = read(facts)
    if given.proposal is None:
        raise BadInput("proposal", _("add the visit to judge; see `warm-handoff schema`."))
    verdicts = judge.check(given.proposal, given, with_own(rulebook(), given.rules), asked_at(given))
    outcome = worst(verdicts)
    if as_json:
        print_json({"outcome": outcome.value, "reasons": reasons(verdicts)})
    else:
        screen().print(verdict_table(_("The proposed visit: {outcome}").format(outcome=outcome.value), verdicts))
    raise typer.Exit(EXIT[outcome])


def match(
    ctx: typer.Context,
    what: Annotated[
        str, typer.Argument(help=_("A facts file, - for standard input, or the id of a referral on file."))
    ],
    *,
    as_json: JsonOption = False,
    file: FileOption = None,
    user: UserOption = None,
    passphrase_file: PassphraseOption = None,
) -> None:
    """Find therapists for the request of a facts file or a referral: who can, and why the others cannot."""
    where = chosen(ctx, file=file, user=user, passphrase_file=passphrase_file)
    if what == "-" or what.endswith(".json") or Path(what).is_file():
        given = read(Path(what))
        found, names = _match(given), {one.id: one.name.listed for one in given.therapists}
    else:
        from desktop.clinic.referral import ReferralId
        from desktop.clinic.therapists import Therapist
        from desktop.office.matching import match_referral

        with opened(where) as session:
            found = match_referral(session.store, session.actor, ReferralId(what))
            with session.store.reading() as reader:
                names = {one.id: one.name.listed for one in reader.all(Therapist)}
    if as_json:
        print_json(as_document(found, names))
    else:
        show(found, names)


def as_document(found: Match, names: dict[Any, str]) -> dict[str, Any]:
    """The answer for programs: every therapist once, eligible or excluded."""
    return {
        "outcome": worst(found.verdicts).value,
        "reasons": reasons(found.verdicts),
        "eligible": [_eligible(one, names) for one in found.eligible],
        "excluded": [_excluded(one, names) for one in found.excluded],
    }


def show(found: Match, names: dict[Any, str], *, most: int = 25) -> None:
    """The answer for people; `most` is how many of the eligible are shown."""
    output = screen()
    if worst(found.verdicts) is not Outcome.ALLOW:
        output.print(verdict_table(_("About the request"), found.verdicts))
    rows = [
        (names.get(one.therapist, one.therapist), str(one.points), _parts(one), _times(one), _warnings(one))
        for one in found.eligible[:most]
    ]
    headers = (_("Therapist"), _("Points"), _("Why"), _("First openings"), _("Mind"))
    output.print(table(_("Eligible: {n}").format(n=len(found.eligible)), headers, rows))
    out = [
        (names.get(one.therapist, one.therapist), colored(verdict.outcome), verdict.code, verdict.sentence)
        for one in found.excluded
        for verdict in one.verdicts
    ]
    title = _("Excluded: {n}").format(n=len(found.excluded))
    output.print(table(title, (_("Therapist"), _("Outcome"), _("Code"), _("Reason")), out))


def opening_words(opening: Opening) -> str:
    """An opening in a few words: day, time, how."""
    from desktop.clinic.spoken import short_moment

    place = str(opening.site) if opening.site else _("video")
    return f"{short_moment(opening.start)}, {place}"


def read(path: Path) -> Facts:
    """The facts file at that path, or on standard input for -."""
    from desktop.documents.sheet import read_facts

    return read_facts(sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes())


def _match(given: Facts) -> Match:
    from desktop.clinic import matching
    from desktop.clinic.own_rules import with_own
    from desktop.office.rulebook import rulebook

    if given.request is None:
        raise BadInput("request", _("add what the client asks for; see `warm-handoff schema`."))
    return matching.match(given.request, given, with_own(rulebook(), given.rules), asked_at(given))


def asked_at(given: Facts) -> datetime:
    """When the question of a facts file is asked: as it says, or now."""
    return given.now or datetime.now(UTC)


def _eligible(one: Candidate, names: dict[Any, str]) -> dict[str, Any]:
    return {
        "therapist": one.therapist,
        "name": names.get(one.therapist, ""),
        "points": one.points,
        "criteria": [
            {"name": part.name, "points": part.points, "most": part.most, "sentence": part.sentence}
            for part in one.criteria
        ],
        "openings": [opening_document(opening) for opening in one.openings],
        "reasons": reasons(one.verdicts),
    }


def _excluded(one: Exclusion, names: dict[Any, str]) -> dict[str, Any]:
    return {
        "therapist": one.therapist,
        "name": names.get(one.therapist, ""),
        "reasons": reasons(one.verdicts),
    }


def opening_document(opening: Opening | Slot) -> dict[str, Any]:
    """An opening or a free slot for programs."""
    return {
        "start": opening.start.isoformat(),
        "end": opening.end.isoformat(),
        "format": opening.format.value,
        "site": opening.site,
        "room": opening.room,
    }


def _parts(one: Candidate) -> str:
    return "\n".join(f"{part.points}/{part.most} {part.sentence}" for part in one.criteria)


def _times(one: Candidate) -> str:
    return "\n".join(opening_words(opening) for opening in one.openings)


def _warnings(one: Candidate) -> str:
    return "\n".join(verdict.sentence for verdict in one.verdicts if verdict.outcome is not Outcome.ALLOW)
