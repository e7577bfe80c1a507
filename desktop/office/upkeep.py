"""Upkeep: the license cliff, and the re-check of planned visits that writes tasks and closes them when settled."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from gettext import gettext as _

from desktop.clinic.change import Actor
from desktop.clinic.clients import Client
from desktop.clinic.cliff import Expiry, Held
from desktop.clinic.cliff import cliff as ends_of
from desktop.clinic.facts import Facts
from desktop.clinic.moments import local_date, whole_day
from desktop.clinic.pathway import Pathway
from desktop.clinic.people import ClientId, TherapistId
from desktop.clinic.practice import Practice, Room, Site
from desktop.clinic.recheck import KAP_KINDS, Finding, supervisees
from desktop.clinic.recheck import recheck as judge_anew
from desktop.clinic.rulebook import Fact
from desktop.clinic.services import Service
from desktop.clinic.therapists import Therapist
from desktop.clinic.todo import ToDo, ToDoId, ToDoKind
from desktop.clinic.turning import counts_days
from desktop.clinic.visits import Visit, VisitId
from desktop.office.daybook import VisitLine, lines
from desktop.office.rulebook import rulebook
from desktop.records.store import Reader, Store, Writer

LEAD = timedelta(days=7)
_DAILY = "daily re-check"
# No visit can lie beyond either.
_FIRST, _LAST = whole_day(date(1900, 1, 2))[0], whole_day(date(2199, 12, 30))[1]
_YEAR = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class CliffLine:
    """Something of a therapist that ends, with the words a screen shows and the visits it would strand, in order."""

    expiry: Expiry
    name: str
    kind: str
    visits: tuple[VisitLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ToDoLine:
    """A task with the words that a list shows; no visit when it is no longer on record."""

    todo: ToDo
    visit: VisitLine | None
    therapist: str
    overdue: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Rechecked:
    """What a re-check did: findings of the visits judged, tasks written and tasks closed."""

    findings: tuple[Finding, ...]
    opened: tuple[ToDo, ...]
    closed: tuple[ToDo, ...]


def cliff(store: Store, actor: Actor) -> tuple[CliffLine, ...]:
    """Everything of a therapist that ends, soonest first, with the planned visits that each end would strand."""
    with store.reading() as reader:
        visits = reader.visits(actor.now, _LAST)
        facts = _facts(reader, actor, visits)
        found = ends_of(facts, rulebook(reader), actor.now)
        stranded = {key for one in found for key in one.stranded}
        shown = {one.visit.id: one for one in lines(reader, [one for one in visits if one.id in stranded])}
        names = {one.id: one.name.listed for one in facts.therapists}
        return tuple(
            CliffLine(
                expiry=one,
                name=names[one.therapist],
                kind=_words(one.held),
                visits=tuple(shown[key] for key in one.stranded),
            )
            for one in found
        )


def recheck(
    store: Store, actor: Actor, *, therapist: TherapistId | None = None, client: ClientId | None = None
) -> Rechecked:
    """Judge planned visits anew and keep the tasks in step: all visits, or those of one therapist or one client.

    With a therapist, the visits of those they supervise too. Each finding has one task; a task whose finding is gone is
    closed, one that comes back is opened again.
    """
    with store.writing(actor, _("Re-check appointments")) as writer:
        if therapist is not None:
            return of_therapists(writer, actor, (therapist,))
        if client is not None:
            return of_clients(writer, actor, (client,))
        return of_all(writer, actor)


def daily(store: Store, actor: Actor) -> Rechecked | None:
    """Re-check every planned visit, unless that was done today at any desk; the audit keeps that it was done."""
    with store.reading() as reader:
        if _is_done(reader, actor):
            return None
    with store.writing(actor, _("Re-check appointments")) as writer:
        if _is_done(writer, actor):  # another desk was quicker
            return None
        writer.record(_("Re-check appointments"), record=_DAILY)
        return of_all(writer, actor)


def _is_done(reader: Reader, actor: Actor) -> bool:
    last = reader.events(record=_DAILY, limit=1)
    return bool(last) and local_date(last[0].at) == local_date(actor.now)


def tasks(store: Store, actor: Actor) -> tuple[ToDoLine, ...]:
    """The open tasks, the first due first."""
    today = local_date(actor.now)
    with store.reading() as reader:
        found = sorted(reader.todos(), key=lambda one: (one.due, one.id))
        visits = {one.visit.id: one for one in lines(reader, reader.many(Visit, {one.about for one in found}))}
        names = {one.id: one.name.listed for one in reader.all(Therapist)}
    return tuple(
        ToDoLine(
            todo=one,
            visit=visits.get(VisitId(one.about)),
            therapist=names.get(one.therapist, "") if one.therapist else "",
            overdue=one.due < today,
        )
        for one in found
    )


def _words(held: Held) -> str:
    return {
        Held.LICENSE: _("license"),
        Held.AUTHORITY: _("authority"),
        Held.SUPERVISION: _("supervision"),
        Held.CERTIFICATION: _("certification"),
    }[held]


def of_all(writer: Writer, actor: Actor) -> Rechecked:
    """Re-check every planned visit within a task that is under way."""
    visits = writer.visits(actor.now, _LAST)
    return _settled(writer, actor, visits, writer.todos(closed=True))


def of_therapists(writer: Writer, actor: Actor, therapists: Collection[TherapistId]) -> Rechecked:
    """Re-check the visits of these therapists, and of whom they supervise, within a task that is under way."""
    staff = writer.all(Therapist)
    concerned = {*therapists, *(one for key in therapists for one in supervisees(key, staff))}
    visits = writer.visits(actor.now, _LAST, therapists=concerned)
    return _settled(writer, actor, visits, writer.todos(about=[one.id for one in visits], closed=True))


def of_clients(writer: Writer, actor: Actor, clients: Collection[ClientId]) -> Rechecked:
    """Re-check the visits of these clients within a task that is under way."""
    visits = writer.visits(actor.now, _LAST, clients=clients) if clients else ()
    return _settled(writer, actor, visits, writer.todos(about=[one.id for one in visits], closed=True))


def of_changes(writer: Writer, actor: Actor, changed: Iterable[object]) -> None:
    """Re-check what changed therapists, clients, pathways and rules concern, within a task that is under way."""
    values = tuple(changed)
    if any(isinstance(one, Fact) for one in values):
        of_all(writer, actor)
        return
    therapists = {one.id for one in values if isinstance(one, Therapist)}
    clients = {one.id for one in values if isinstance(one, Client)}
    clients |= {one.client for one in values if isinstance(one, Pathway)}
    if therapists:
        of_therapists(writer, actor, therapists)
    if clients:
        of_clients(writer, actor, clients)


def _settled(writer: Writer, actor: Actor, visits: tuple[Visit, ...], known: Iterable[ToDo]) -> Rechecked:
    """Judge the visits, and write and close tasks; `known` are those on record about them, or all for all visits."""
    findings = judge_anew(visits, _facts(writer, actor, visits), rulebook(writer), actor.now)
    before = {one.id: one for one in known if one.kind is ToDoKind.RECHECK}
    wanted = {one.id: one for one in (_task(finding, actor) for finding in findings)}
    fresh = [one for key, one in wanted.items() if key not in before]
    again = [(before[key], one) for key, one in wanted.items() if key in before and not before[key].is_open]
    gone = [one for key, one in before.items() if one.is_open and key not in wanted]
    closed = tuple(replace(one, closed_at=actor.now) for one in gone)
    writer.add_all(fresh)
    writer.replace_all((*again, *zip(gone, closed, strict=True), *_reworded(before, wanted)))
    return Rechecked(findings=findings, opened=(*fresh, *(new for _old, new in again)), closed=closed)


def _reworded(before: dict[ToDoId, ToDo], wanted: dict[ToDoId, ToDo]) -> list[tuple[ToDo, ToDo]]:
    """Open tasks whose sentence, outcome or therapist has changed, with what they say now."""
    found = []
    for key, new in wanted.items():
        old = before.get(key)
        if old is not None and old.is_open:
            now = replace(old, sentence=new.sentence, outcome=new.outcome, therapist=new.therapist)
            found += [(old, now)] if now != old else []
    return found


def _task(finding: Finding, actor: Actor) -> ToDo:
    """The task for a finding: due a week before the visit, or today."""
    return ToDo(
        id=ToDoId(f"{ToDoKind.RECHECK}:{finding.key}"),
        about=finding.visit,
        code=finding.verdict.code,
        outcome=finding.verdict.outcome,
        sentence=finding.verdict.sentence,
        therapist=finding.therapist,
        client=finding.client,
        owner=actor.user,
        due=max(local_date(finding.start) - LEAD, local_date(actor.now)),
        opened_at=actor.now,
    )


def _facts(reader: Reader, actor: Actor, visits: tuple[Visit, ...]) -> Facts:
    """The facts that judging these visits anew looks at, and no more of the past than it needs."""
    services, staff = reader.all(Service), reader.all(Therapist)
    seated = {key for visit in visits for key in visit.clients}
    clients = {one.id: one for one in reader.many(Client, seated)}
    clients |= {
        one.id: one
        for one in reader.many(Client, {other.client for one in clients.values() for other in one.relations})
    }
    kap = {one.id for one in services if one.kind in KAP_KINDS}
    whole = {key for visit in visits if visit.service in kap for key in visit.clients}
    whole |= {one.id for one in clients.values() if one.relations}
    counting = {one.id for one in staff if counts_days(one)} & {key for one in visits for key in one.therapists}
    past = reader.visits(_FIRST, actor.now, clients=whole) if whole else ()
    counted = reader.visits(actor.now - _YEAR, _LAST, therapists=counting) if counting else ()
    others = reader.visits(actor.now, _LAST, clients=whole) if whole else ()
    return Facts(
        practice=reader.find(Practice, "practice") or Practice(name=""),
        sites=reader.all(Site),
        rooms=reader.all(Room),
        services=services,
        therapists=staff,
        clients=tuple(clients.values()),
        visits=tuple({one.id: one for one in (*past, *counted, *others, *visits)}.values()),
        pathways=tuple(one for one in reader.all(Pathway) if one.client in whole),
    )
