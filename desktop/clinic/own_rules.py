"""The practice's own entries on top of the rulebook, refused where the rules could not read them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from gettext import gettext as _
from typing import Any

from desktop.clinic.errors import BadInput
from desktop.clinic.phrases import as_date
from desktop.clinic.rulebook import Fact, Rulebook
from desktop.clinic.services import Level
from desktop.clinic.verdict import Outcome


def with_own(rules: Rulebook, own: Iterable[Fact]) -> Rulebook:
    """The rulebook with the practice's entries on top, each of the kind of the entry that it replaces or stands beside.

    Raises BadInput naming the entry whose value is of another kind, such as a text for a number of days.
    """
    entries = tuple(own)
    for entry in entries:
        family = tuple(_family(rules, entry.key))
        models = rules.facts.get(entry.key, family)
        if models and not any(_is_like(entry.value, one.value, _always(family)) for one in models):
            sentence = _("the value must be of the same kind as {value}.").format(value=models[-1].value)
            raise BadInput(f"rules.{entry.key}", sentence)
    return rules.with_facts(entries) if entries else rules


def merged(rules: Rulebook, key: str, value: Any, day: date) -> Any:  # noqa: ANN401 - rule data is of many kinds
    """The value for a new entry of that key: a table of some fields keeps the others as they are in force that day.

    A field given as None is left out. Raises BadInput when the rulebook has nothing of the kind, and for a field,
    a word or a number that the rules could not read.
    """
    models = rules.facts.get(key, tuple(_family(rules, key)))
    if not models:
        raise BadInput("key", _("the rulebook has no rule {key}; see its list.").format(key=key))
    if not isinstance(value, Mapping):
        _refuse_unreadable("value", value, [one.value for one in models])
        return value
    area = key.partition(".")[0]
    tables = [one.value for one in rules if one.key.partition(".")[0] == area and isinstance(one.value, Mapping)]
    for field, part in value.items():
        known = [table[field] for table in tables if field in table]
        if not known:
            names = ", ".join(sorted({name for table in tables for name in table}))
            raise BadInput(
                "value", _("there is no field {field}; there are: {names}.").format(field=field, names=names)
            )
        if part is not None:
            _refuse_unreadable(f"value.{field}", part, known)
    before = rules.find(key, day)
    whole = {**(before.value if before is not None and isinstance(before.value, Mapping) else {}), **value}
    return {field: part for field, part in whole.items() if part is not None}


def _refuse_unreadable(field: str, value: Any, models: Sequence[Any]) -> None:  # noqa: ANN401 - as above
    if not any(_is_like(value, model) for model in models):
        raise BadInput(field, _("the value must be of the same kind as {value}.").format(value=models[-1]))
    if isinstance(value, int | float) and value < 0:
        raise BadInput(field, _("the number must not be negative."))
    for words in (frozenset(Outcome), frozenset(Level)):
        if isinstance(value, str) and value not in words and all(model in words for model in models):
            listed = ", ".join(sorted(words))
            raise BadInput(field, _("choose one of {words}.").format(words=listed))


def _family(rules: Rulebook, key: str) -> Iterator[Fact]:
    """The entries of that key and of those beside it: the same words up to the last dot."""
    family = key.rpartition(".")[0]
    for other, facts in rules.facts.items():
        if other == key or (family and other.rpartition(".")[0] == family):
            yield from facts


def _always(family: Iterable[Fact]) -> frozenset[str]:
    """The fields that every entry of a family has, so that the rules count on them."""
    keys = [frozenset(one.value) for one in family if isinstance(one.value, Mapping)]
    return frozenset.intersection(*keys) if keys else frozenset()


def _is_like(value: Any, model: Any, needed: frozenset[str] = frozenset()) -> bool:  # noqa: ANN401 - rule data is of many kinds
    if isinstance(model, bool) or isinstance(value, bool):
        return isinstance(model, bool) and isinstance(value, bool)
    if isinstance(model, int | float):
        return isinstance(value, int | float)
    if isinstance(model, date):
        return _is_day(value)
    if isinstance(model, Mapping):
        return isinstance(value, Mapping) and needed <= value.keys() and _fields_alike(value, model)
    if isinstance(model, Sequence) and not isinstance(model, str):
        return _is_list_like(value, model)
    return isinstance(value, type(model))


def _fields_alike(value: Mapping[str, Any], model: Mapping[str, Any]) -> bool:
    return all(_is_like(value[key], model[key]) for key in value.keys() & model.keys())


def _is_list_like(value: Any, model: Sequence[Any]) -> bool:  # noqa: ANN401 - as above
    if not isinstance(value, Sequence) or isinstance(value, str):
        return False
    return not model or all(any(_is_like(one, shown) for shown in model) for one in value)


def _is_day(value: object) -> bool:
    try:
        return as_date(value) is not None
    except ValueError:
        return False
