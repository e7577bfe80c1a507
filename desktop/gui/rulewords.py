"""The rulebook in plain words: what a rule is called, what its value says, and a value read back from what is typed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from gettext import gettext as _
from typing import Any

from desktop.clinic.errors import BadInput
from desktop.clinic.rulebook import Confidence, Fact
from desktop.gui import peoplewords, words
from desktop.gui.widgets import dateword

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_SHORT = frozenset({"kap", "emdr", "dbt", "ifs", "cbt", "npi", "cpt", "dea", "psypact", "bmi", "iop", "php"})
_BETWEEN = " | "


@cache
def areas() -> Mapping[str, tuple[str, str]]:
    """The areas by the first word of a key: a heading, and what its rules decide."""
    return {
        "coaching": (_("Coaching"), _("What coaching may be about, and where it needs no license.")),
        "compact": (
            _("Compacts"),
            _("From which day a state belongs to a compact, and from which day it issues privileges."),
        ),
        "crisis": (_("Crisis cards"), _("The numbers that the crisis card shows, by where the client is.")),
        "holidays": (_("Holidays"), _("Days on which the practice is closed unless it says otherwise.")),
        "intensive": (_("Trauma intensives"), _("What is planned around days of intensive trauma work.")),
        "kap": (_("KAP"), _("What must be done before, on and after a dosing day.")),
        "letters": (_("Letters"), _("What letters may say and how they are sent.")),
        "license": (_("Licenses"), _("The titles of each board, when they end, and how long a late renewal counts.")),
        "matching": (_("Matching"), _("How many points each reason is worth when therapists are ranked.")),
        "minor": (_("Minors"), _("Who signs for a client under age, by the state they are in.")),
        "qualification": (_("Qualifications"), _("What each level of a modality asks for, and how it may be called.")),
        "risk": (_("Risk"), _("Which answers stop a booking, and which ask for a clinician.")),
        "seat": (_("Therapist's seat"), _("What happens when a therapist sits where they hold no license.")),
        "service": (_("Services"), _("Length, free time around it, and needs of each service.")),
        "supervision": (_("Supervision"), _("What a supervised therapist's booking asks for.")),
        "waitlist": (_("Waitlist"), _("How long an offer is kept, and how long an entry counts.")),
    }


def area(key: str) -> str:
    """The heading of the rule's area."""
    first = key.partition(".")[0]
    return areas().get(first, (spaced(first), ""))[0]


def titled(key: str) -> str:
    """The rule with its area, as in KAP: integration hours."""
    return f"{area(key)}: {name(key)}"


def about(key: str) -> str:
    """What the rules of that area decide."""
    return areas().get(key.partition(".")[0], ("", ""))[1]


def name(key: str) -> str:
    """The rule inside its area, as in integration hours or NJ: LPC."""
    rest = key.partition(".")[2] or key
    return ": ".join(spaced(part) for part in rest.split("."))


def spaced(word: str) -> str:
    """A word of the data as people write it."""
    if word.lower() in _SHORT:
        return word.upper()
    return " ".join(part.upper() if part in _SHORT else part for part in word.split("_"))


def confidence(value: Confidence) -> str:
    """How well a rule is attested, in a word."""
    return {Confidence.HIGH: _("high"), Confidence.MEDIUM: _("medium"), Confidence.LOW: _("low")}[value]


def confidence_why(value: Confidence) -> str:
    """The same with what it means."""
    return {
        Confidence.HIGH: _("high: a statute, or two sources"),
        Confidence.MEDIUM: _("medium: one secondary source"),
        Confidence.LOW: _("low: custom or recollection"),
    }[value]


def said(value: Any) -> str:  # noqa: ANN401 - rule data is of many kinds
    """The value in words."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, date):
        return peoplewords.short(value)
    if isinstance(value, str):
        return peoplewords.short(date.fromisoformat(value)) if _ISO.fullmatch(value) else value.replace("_", " ")
    if isinstance(value, Mapping):
        return "; ".join(f"{spaced(key)}: {said(part)}" for key, part in value.items()) or _("not yet")
    if isinstance(value, Sequence):
        between = "; " if any(isinstance(one, Mapping) for one in value) else ", "
        return between.join(_entry(one) for one in value) or _("none")
    return str(value)


def _entry(value: Any) -> str:  # noqa: ANN401 - as above
    return " ".join(said(part) for part in value.values()) if isinstance(value, Mapping) else said(value)


def since(fact: Fact) -> str:
    """From when until when it counts."""
    if fact.valid_from is None and fact.valid_to is None:
        return _("always")
    if fact.valid_to is None:
        return peoplewords.short(fact.valid_from) if fact.valid_from else _("always")
    if fact.valid_from is None:
        return _("until {day}").format(day=peoplewords.short(fact.valid_to))
    return f"{words.short_date(fact.valid_from)} – {words.short_date(fact.valid_to)}"


def written(value: Any) -> str:  # noqa: ANN401 - as above
    """The value as a field shows it, to be changed and read back by `read`."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, date):
        return words.short_date(value)
    if isinstance(value, str):
        return words.short_date(date.fromisoformat(value)) if _ISO.fullmatch(value) else value
    if isinstance(value, Sequence):
        if any(isinstance(one, Mapping) for one in value):
            return "\n".join(_BETWEEN.join(written(part) for part in one.values()) for one in value)
        return ", ".join(written(one) for one in value)
    return str(value)


def read(field: str, text: str, model: Any, today: date) -> Any:  # noqa: ANN401 - as above
    """What was typed, as a value of the model's kind.

    Raises BadInput naming the field.
    """
    text = text.strip()
    if isinstance(model, bool):
        return _yes(field, text)
    if isinstance(model, int | float):
        return _number(field, text)
    if isinstance(model, date) or (isinstance(model, str) and _ISO.fullmatch(model)):
        try:
            return dateword.read(text, today).day
        except BadInput as error:
            raise BadInput(field, error.sentence) from None
    if isinstance(model, Sequence) and not isinstance(model, str):
        if any(isinstance(one, Mapping) for one in model):
            return [_row(field, line, model[0], today) for line in text.splitlines() if line.strip()]
        first = model[0] if model else ""
        return [read(field, part, first, today) for part in re.split(r"[,;\n]", text) if part.strip()]
    return text


def _yes(field: str, text: str) -> bool:
    for words_of, value in (((_("yes"), "yes", "y", "true"), True), ((_("no"), "no", "n", "false"), False)):
        if text.lower() in words_of:
            return value
    raise BadInput(field, _("write yes or no."))


def _number(field: str, text: str) -> int | float:
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return float(text)
    except ValueError:
        raise BadInput(field, _("write a number, such as 48.")) from None


def _row(field: str, line: str, model: Mapping[str, Any], today: date) -> dict[str, Any]:
    parts = [part.strip() for part in line.split(_BETWEEN.strip())]
    if len(parts) != len(model):
        names = _BETWEEN.join(spaced(key) for key in model)
        raise BadInput(field, _("write each line as {names}.").format(names=names))
    return {key: read(field, part, model[key], today) for key, part in zip(model, parts, strict=True)}
