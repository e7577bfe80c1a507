"""`demo`: the main job from end to end on an invented practice, and a summary of what was decided and why."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from desktop.cli.clinic import progress, show_preview
from desktop.cli.deciding import Decision, against, decide
from desktop.cli.letters import write_letter
from desktop.cli.output import screen, table, words
from desktop.cli.session import PASSPHRASE, Session
from desktop.cli.work import write_calendar
from desktop.clinic.change import Actor, UserId
from desktop.clinic.clients import Client
from desktop.clinic.errors import AlreadyThere, ClinicError, Refused
from desktop.clinic.letters import LetterKind
from desktop.clinic.moments import instant, local_date
from desktop.clinic.referral import Direction, Referral, Stage
from desktop.clinic.spoken import short_moment
from desktop.clinic.verdict import Verdict
from desktop.clinic.visits import Visit

if TYPE_CHECKING:
    from rich.text import Text

    from desktop.records.store import Store

FILE, ARRIVALS = "demo.handoff", "new-referrals.csv"
CALENDAR_WEEKS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A letter that was written, or why it was not."""

    kind: LetterKind
    about: str
    file: Path | None
    why: str


def demo(
    *,
    out: Annotated[Path, typer.Option(help=_("The folder to write to."))] = Path("demo-output"),
    seed: Annotated[int, typer.Option(help=_("Another seed invents other people."))] = 1,
    size: Annotated[int, typer.Option(min=1, max=100, help=_("How many times 25 therapists and 900 clients."))] = 1,
    today: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help=_("The day to pretend; today."))] = None,
) -> None:
    """Walk new referrals through the whole job on an invented practice: import, match, book, calendar, letters."""
    now = instant(today.date(), time(9)) if today else datetime.now(UTC)
    out.mkdir(parents=True, exist_ok=True)
    session = Session(store=_founded(out / FILE, now, seed, size), actor=Actor(user=UserId("desk"), now=now))
    try:
        _walk(session, out)
    finally:
        session.store.close()


def _founded(path: Path, now: datetime, seed: int, size: int) -> Store:
    """A new clinic file with the invented practice; an earlier demo at that place is replaced, anything else is not."""
    from desktop.office import access
    from desktop.office.demo import DEMO_PASSPHRASE, DESK, demo_facts, fill

    passphrase = os.environ.get(PASSPHRASE, DEMO_PASSPHRASE)
    _remove_earlier(path, passphrase, now)
    with progress(_("Inventing a practice")):
        facts = demo_facts(seed=seed, size=size, today=local_date(now))
    store, _recovery = access.new_clinic(
        path, user=DESK, name=_("Front desk"), passphrase=passphrase, practice=facts.practice, now=now
    )
    with progress(_("Filling the clinic file")) as told:
        fill(store, Actor(user=DESK, now=now), facts, told)
    output = screen()
    counts = _("{therapists} therapists, {clients} clients, {visits} appointments, {open} open referrals").format(
        therapists=len(facts.therapists),
        clients=len(facts.clients),
        visits=len(facts.visits),
        open=sum(one.stage.is_open for one in facts.referrals),
    )
    output.print(words(facts.practice.name, "bold"))
    output.print(words(_("{counts}; everybody is invented.").format(counts=counts)))
    output.print(words(_("Encrypted clinic file: {path}").format(path=path)))
    if PASSPHRASE not in os.environ:
        output.print(words(_("User: {user}  Passphrase: {passphrase}").format(user=DESK, passphrase=passphrase)))
    output.print()
    return store


def _remove_earlier(path: Path, passphrase: str, now: datetime) -> None:
    from desktop.office import access
    from desktop.office.demo import DESK, is_demo

    if not path.exists():
        return
    try:
        store = access.unlock(path, DESK, passphrase, now=now)
    except ClinicError as error:
        sentence = _(
            "{path} is there already and is no demo that this passphrase opens; choose another folder with --out."
        )
        raise AlreadyThere(sentence.format(path=path)) from error
    try:
        with store.reading() as reader:
            earlier = is_demo(reader)
    finally:
        store.close()
    if not earlier:
        raise AlreadyThere
    for pattern in (f"{path.name}*", "letter-*.pdf", "appointments-*.ics"):
        for old in path.parent.glob(pattern):
            old.unlink()


def _walk(session: Session, out: Path) -> None:
    arrived = _bring_in(session, out)
    with progress(_("Matching and booking")) as told:
        decisions = []
        for done, referral in enumerate(arrived, 1):
            decisions.append(decide(session, referral))
            told(done, len(arrived))
    _show_decisions(decisions)
    with progress(_("Writing letters and calendar files")):
        papers = _papers(session, decisions, out)
        calendars = _calendars(session, decisions, out)
    _show_papers(papers, calendars)
    booked = sum(one.visit is not None for one in decisions)
    screen().print(
        words(
            _("{booked} of {n} new referrals are booked; the others wait at the desk with the reason.").format(
                booked=booked, n=len(decisions)
            ),
            "bold",
        )
    )
    screen().print(words(_("What waits at the desk: warm-handoff --file {path} referrals").format(path=out / FILE)))
    screen().print(words(_("The window on the same clinic: python -m desktop {path}").format(path=out / FILE)))


def _bring_in(session: Session, out: Path) -> tuple[Referral, ...]:
    from desktop.office import intake
    from desktop.office.demo import demo_referrals_csv

    source = out / ARRIVALS
    source.write_bytes(demo_referrals_csv(local_date(session.actor.now)))
    screen().print(words(_("New referrals: {path}").format(path=source)))
    found = intake.preview(source, kind="referrals", store=session.store)
    show_preview(found)
    task = intake.bring_in(session.store, session.actor, found)
    return tuple(one.after for one in task.changes if isinstance(one.after, Referral))


def _show_decisions(decisions: list[Decision]) -> None:
    rows = [(words(f"{one.client}\n{one.asked}"), _decided(one), one.why) for one in decisions]
    headers = (_("Client, and what is asked"), _("Decision"), _("Why"))
    screen().print(table(_("What was decided, and why"), headers, rows, lines=True))


def _decided(one: Decision) -> Text:
    if one.visit is None:
        return words(_("not booked"), "bold red")
    text = words(_("booked"), "green")
    text.append(f"\n{one.therapist}\n{short_moment(one.visit.start)}, {one.place}", "default")
    return text


def _papers(session: Session, decisions: list[Decision], out: Path) -> list[Paper]:
    papers = [
        _paper(session, LetterKind.APPOINTMENT_CONFIRMATION, one.referral, one.client, out, visit=one.visit)
        for one in decisions
        if one.visit is not None
    ]
    asked_back = [one for one in decisions if one.visit is not None and one.referral.referrer is not None]
    papers += [_paper(session, LetterKind.REPLY_TO_REFERRER, one.referral, one.client, out) for one in asked_back[:1]]
    with session.store.reading() as reader:
        met = [
            one
            for one in reader.referrals(direction=Direction.IN, stages=(Stage.BOOKED, Stage.ATTENDED))
            if one.referrer and one.visit and one.id not in {decision.referral.id for decision in decisions}
        ]
        drafted = reader.referrals(direction=Direction.OUT, stages=(Stage.DRAFTED,))
        listed = {one.id: one.name.listed for one in reader.many(Client, [one.client for one in (*met, *drafted)])}
    papers += [_paper(session, LetterKind.REPLY_TO_REFERRER, one, listed[one.client], out) for one in met[:2]]
    papers += [_paper(session, LetterKind.REFERRAL_OUT, one, listed[one.client], out) for one in drafted[:2]]
    return papers


def _paper(
    session: Session, kind: LetterKind, referral: Referral, about: str, out: Path, *, visit: Visit | None = None
) -> Paper:
    from desktop.office import correspondence

    about_visit = None if visit is None else visit.id
    try:
        drafted = correspondence.draft(
            session.store, session.actor, kind, referral_id=referral.id, visit_id=about_visit
        )
        return Paper(kind=kind, about=about, file=write_letter(session, drafted, out), why="")
    except Refused as error:
        stops = tuple(one for one in error.verdicts if isinstance(one, Verdict))
        return Paper(kind=kind, about=about, file=None, why=against(stops))


def _calendars(session: Session, decisions: list[Decision], out: Path) -> list[tuple[str, Path]]:
    start = local_date(session.actor.now)
    end = start + timedelta(weeks=CALENDAR_WEEKS)
    therapists = {one.visit.therapist: one.therapist for one in decisions if one.visit is not None}
    return [(name, write_calendar(session, key, start, end, out)) for key, name in therapists.items()]


def _show_papers(papers: list[Paper], calendars: list[tuple[str, Path]]) -> None:
    rows: list[tuple[object, ...]] = [
        (words(f"{one.kind.label}\n{one.about}"), one.file.name if one.file else _kept_back(one)) for one in papers
    ]
    rows += [(words(_("Calendar file\n{name}").format(name=name)), path.name) for name, path in calendars]
    headers = (_("What, and about whom"), _("File, or why there is none"))
    screen().print(table(_("Letters and calendar files"), headers, rows))


def _kept_back(one: Paper) -> Text:
    text = words(_("kept back"), "magenta")
    text.append(f"\n{one.why}", "default")
    return text
