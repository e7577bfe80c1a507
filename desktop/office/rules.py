"""The rulebook listed and edited: the practice's own dated entries on top of what ships with the program."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from gettext import gettext as _
from typing import Any

from desktop.clinic.change import Actor
from desktop.clinic.errors import BadInput
from desktop.clinic.moments import local_date, usual
from desktop.clinic.own_rules import merged, with_own
from desktop.clinic.rulebook import Confidence, Fact, Rulebook
from desktop.office import upkeep
from desktop.office.rulebook import rulebook as rulebook
from desktop.office.rulebook import shipped_rules as shipped_rules
from desktop.records.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleLine:
    """One entry as the rulebook's screen shows it; `own` is the practice's, `in_force` today, `stale` after 180 days."""

    fact: Fact
    own: bool
    in_force: bool
    stale: bool


def entries(store: Store, actor: Actor) -> tuple[RuleLine, ...]:
    """Every entry by key, the shipped ones of a key before the practice's own."""
    with store.reading() as reader:
        return lines(rulebook(reader), local_date(actor.now))


def lines(rules: Rulebook, today: date) -> tuple[RuleLine, ...]:
    """Every entry of a rulebook by key, as of that day in New York."""
    return tuple(
        RuleLine(
            fact=fact,
            own=fact not in shipped_rules().facts.get(fact.key, ()),
            in_force=rules.find(fact.key, today) is fact,
            stale=fact.is_stale(today),
        )
        for fact in rules
    )


def set_rule(
    store: Store,
    actor: Actor,
    key: str,
    value: Any,  # noqa: ANN401 - rule data is of many kinds
    *,
    valid_from: date | None = None,
    valid_to: date | None = None,
    source: str,
    confidence: Confidence = Confidence.MEDIUM,
    name: str,
    reason: str,
) -> Fact:
    """Put an entry of the practice on top of the rulebook, verified today, and re-check every planned visit.

    Both days are inclusive, none is open; an own entry with the same first day is replaced. A table that names some of
    the fields keeps the others as they are in force on the first day, or today. `name` is who answers for it.
    Raises BadInput naming the field for an unknown rule, a value of another kind, days out of order, and without a
    source, a name or a reason.
    """
    _refuse_gaps(valid_from=valid_from, valid_to=valid_to, source=source, name=name, reason=reason)
    with store.writing(actor, _("Change rule {key}").format(key=key)) as writer:
        today = local_date(actor.now)
        fact = Fact(
            key=key,
            value=merged(rulebook(writer), key, value, valid_from or today),
            valid_from=valid_from,
            valid_to=valid_to,
            source=source.strip(),
            confidence=confidence,
            verified_on=today,
            entered_by=name.strip(),
            reason=reason.strip(),
        )
        own = writer.all(Fact)
        before = next((one for one in own if (one.key, one.valid_from) == (key, valid_from)), None)
        with_own(shipped_rules(), (*(one for one in own if one is not before), fact))
        if before is None:
            writer.add(fact)
        else:
            writer.replace(before, fact)
        upkeep.of_all(writer, actor)
        return fact


def remove_rule(store: Store, actor: Actor, key: str, valid_from: date | None, *, name: str, reason: str) -> None:
    """Take an entry of the practice away, so that the shipped one counts again, and re-check every planned visit.

    Raises BadInput without a name or a reason and when there is no own entry with that first day.
    """
    _refuse_gaps(valid_from=valid_from, valid_to=None, source="-", name=name, reason=reason)
    label = _("Remove rule {key}: {reason} ({name})").format(key=key, reason=reason.strip(), name=name.strip())
    with store.writing(actor, label) as writer:
        own = next((one for one in writer.all(Fact) if (one.key, one.valid_from) == (key, valid_from)), None)
        if own is None:
            raise BadInput("key", _("the practice has no entry of its own for this rule and day."))
        writer.remove(own)
        upkeep.of_all(writer, actor)


def _refuse_gaps(*, valid_from: date | None, valid_to: date | None, source: str, name: str, reason: str) -> None:
    for field, text in (("source", source), ("name", name), ("reason", reason)):
        if not text.strip():
            raise BadInput(field, _("say it in a few words; it is kept with the entry."))
    for day in (valid_from, valid_to):
        if day is not None:
            usual("valid_from", day)
    if valid_from is not None and valid_to is not None and valid_to < valid_from:
        raise BadInput("valid_to", _("the last day must not lie before the first."))
