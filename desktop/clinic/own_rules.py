"""The practice's own entries on top of the rulebook, refused where the rules could not read them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from gettext import gettext as _
from typing import Any

from desktop.clinic.errors import BadInput
from desktop.clinic.phrases import as_date
from desktop.clinic.rulebook import Fact, Rulebook


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
