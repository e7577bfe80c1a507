"""The ladder of qualification as of a day: what lapses, what stays, and the exact words a level may be called by."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from desktop.clinic.phrases import translated as _
from desktop.clinic.rulebook import Fact, Rulebook
from desktop.clinic.services import Level, Modality
from desktop.clinic.standing import is_independent
from desktop.clinic.therapists import License, LicenseStatus, Qualification, Therapist

RANK = {level: rank for rank, level in enumerate(Level)}
COMPREHENSIVE = "comprehensive"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The level that counts on a day, the record behind it, when that record lapsed, and whether its body grants grace."""

    level: Level
    record: Qualification | None = None
    lapsed_on: date | None = None
    in_grace: bool = False


def standing(therapist: Therapist, modality: Modality, day: date, rules: Rulebook) -> Standing:
    """The highest level in force that day; a lapsed certificate counts as trained, because training stays."""
    held = [_as_of(one, day, rules) for one in in_force(therapist, day) if one.modality is modality]
    best = max(held, key=lambda one: (RANK[one.level], one.lapsed_on is None), default=Standing(level=Level.NONE))
    if RANK[best.level] < RANK[Level.TRAINED]:
        titles = rules.find(f"qualification.{modality}.trained_by_license", day)
        if titles is not None and any(one.title in titles.value for one in valid_licenses(therapist, day)):
            return Standing(level=Level.TRAINED)
    return best


def in_force(therapist: Therapist, day: date) -> list[Qualification]:
    """The qualifications obtained by that day, lapsed ones included."""
    return [one for one in therapist.qualifications if one.obtained is None or one.obtained <= day]


def _as_of(record: Qualification, day: date, rules: Rulebook) -> Standing:
    until = record.valid_until
    if until is None or day <= until:
        return Standing(level=record.level, record=record)
    grace = rules.find(f"qualification.{record.modality}.grace_months.{record.level}", day)
    if grace is not None and day <= months_after(until, grace.value):
        return Standing(level=record.level, record=record, lapsed_on=until, in_grace=True)
    if record.level is Level.IN_TRAINING:
        return Standing(level=Level.NONE, record=record, lapsed_on=until)
    return Standing(level=min(record.level, Level.TRAINED, key=RANK.__getitem__), record=record, lapsed_on=until)


def months_after(day: date, months: int) -> date:
    """The same day of the month that many months later, or the last day of a shorter month."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def valid_licenses(therapist: Therapist, day: date) -> list[License]:
    """The active licenses of any state that hold on that day."""
    return [
        one
        for one in therapist.licenses
        if one.status is LicenseStatus.ACTIVE and (one.effective is None or one.effective <= day) and day <= one.expires
    ]


def has_independent_license(therapist: Therapist, day: date, rules: Rulebook) -> bool:
    """Whether any license valid that day allows clinical practice without a supervisor."""
    return any(is_independent(one, rules, day) for one in valid_licenses(therapist, day))


def scopes(therapist: Therapist, modality: Modality | None, day: date) -> frozenset[str]:
    """The scope flags held that day in the modality, or in any when None."""
    flags = [one.scope for one in in_force(therapist, day) if modality in (None, one.modality)]
    return frozenset().union(*flags)


def is_comprehensive(therapist: Therapist, day: date, rules: Rulebook) -> bool:
    """Whether the therapist offers all parts of DBT, so that it may be called comprehensive."""
    parts = rules.fact("qualification.dbt.comprehensive", day).value
    return scopes(therapist, Modality.DBT, day) >= frozenset(parts)


def title_words(level: Level, modality: Modality, day: date, rules: Rulebook) -> tuple[str, Fact | None]:
    """The exact words of the certifying body for that level, and the rule they come from."""
    fact = rules.find(f"qualification.words.{modality}", day)
    exact = None if fact is None else fact.value.get(level.value)
    return exact or f"{name_of(modality)}, {level_word(level)}", fact


def marketing_words(therapist: Therapist, modality: Modality, day: date, rules: Rulebook) -> str:
    """What letters and lists may call the therapist on that day; empty when nothing may be said."""
    level = standing(therapist, modality, day, rules).level
    if RANK[level] < RANK[Level.TRAINED]:
        return ""
    if modality is Modality.DBT and level is Level.TRAINED:
        held = scopes(therapist, Modality.DBT, day)
        labels = rules.fact("qualification.dbt.labels", day).value
        kind = "comprehensive" if is_comprehensive(therapist, day, rules) else "skills_group"
        return str(labels[kind if kind == "comprehensive" or held == {"skills_group_leader"} else "other"])
    return title_words(level, modality, day, rules)[0]


def name_of(modality: Modality) -> str:
    """The modality as a sentence names it."""
    short = (Modality.EMDR, Modality.DBT, Modality.KAP, Modality.IFS, Modality.CBT)
    return modality.value.upper() if modality in short else modality.value.replace("_", " ")


def level_word(level: Level) -> str:
    """The level as a sentence names it."""
    return {
        Level.NONE: _("not trained"),
        Level.IN_TRAINING: _("in training"),
        Level.TRAINED: _("trained"),
        Level.CERTIFIED: _("certified"),
        Level.CONSULTANT: _("consultant"),
    }[level]
