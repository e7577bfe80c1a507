"""A therapist as the practice knows them, in parts for the page of facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from gettext import gettext as _

from desktop.clinic.moments import Weekday, local
from desktop.clinic.therapists import Authority, Hours, License, LicenseStatus, Qualification, Therapist, TimeOff
from desktop.gui import peoplewords, words
from desktop.gui.widgets.factsheet import Part, Row
from desktop.gui.widgets.glyphs import Glyph


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffLine:
    """A therapist with what the directory shows beside them."""

    therapist: Therapist
    caseload: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """The whole directory."""

    lines: tuple[StaffLine, ...]
    names: Mapping[str, str]
    sites: Mapping[str, str]


def soonest(therapist: Therapist, today: date) -> date | None:
    """The first day on which something that still holds ends, or ended without renewal."""
    latest: dict[str, date] = {}
    for held in therapist.licenses:
        if held.status is not LicenseStatus.RETIRED:
            key = f"{held.state} {held.title}"
            latest[key] = max(held.expires, latest.get(key, held.expires))
    for authority in therapist.authorities:
        latest[authority.kind] = max(authority.expires, latest.get(authority.kind, authority.expires))
    ends = list(latest.values())
    return min(ends, key=lambda end: abs((end - today).days) if end < today else (end - today).days, default=None)


def expiry_sign(on: date, today: date) -> Glyph | None:
    """The sign that goes with an expiry: a cross when it has passed, a triangle when it comes soon."""
    if on < today:
        return Glyph.CROSS
    return Glyph.TRIANGLE if peoplewords.expiry_tone(on, today) else None


def subtitle(line: StaffLine) -> str:
    """Role, pronouns, caseload and whether they take new clients."""
    one = line.therapist
    cap = f" / {one.caseload_cap}" if one.caseload_cap is not None else ""
    taking = _("takes new clients") if one.accepting else _("takes no new clients")
    load = _("{n}{cap} active clients").format(n=line.caseload, cap=cap)
    return " · ".join(part for part in (one.role.value.capitalize(), one.pronouns, load, taking) if part)


def parts(line: StaffLine, staff: Staff, today: date) -> tuple[Part, ...]:
    """Everything, licenses first."""
    one = line.therapist
    return (
        Part(heading=_("Licenses"), rows=tuple(_license(held, today) for held in _by_state(one))),
        Part(heading=_("Across state lines"), rows=tuple(_authority(held, today) for held in one.authorities)),
        Part(
            heading=_("Supervision"),
            rows=tuple(
                Row(
                    label=record.state.value if record.state else record.modality.label if record.modality else "",
                    text=_("{name}, since {day}").format(
                        name=staff.names.get(record.supervisor, ""), day=peoplewords.short(record.starts)
                    ),
                    tone="muted" if record.ends is not None and record.ends < today else "",
                )
                for record in one.supervisions
            ),
        ),
        Part(heading=_("Qualifications"), rows=tuple(_qualification(held, today) for held in _by_level(one))),
        Part(heading=_("Hours"), rows=tuple(_hours(one, staff, today))),
        Part(heading=_("Time off"), rows=tuple(_time_off(one, today))),
        Part(heading=_("Sees"), rows=tuple(_sees(one))),
    )


def _by_state(one: Therapist) -> list[License]:
    return sorted(one.licenses, key=lambda held: (held.state, held.title, -held.expires.toordinal()))


def _license(held: License, today: date) -> Row:
    sign = expiry_sign(held.expires, today) or Glyph.TICK
    tone, state = peoplewords.expiry_tone(held.expires, today), peoplewords.expiry(held.expires, today)
    if held.status is not LicenseStatus.ACTIVE:
        sign, tone, state = Glyph.CROSS, "err", peoplewords.license_status(held.status)
    elif held.effective is not None and held.effective > today:
        sign, tone, state = Glyph.DOTS, "warn", _("from {day}").format(day=peoplewords.short(held.effective))
    text = " · ".join(part for part in (held.title, held.number, state) if part)
    return Row(label=held.state.value, text=text, tone=tone, glyph=sign)


def _authority(held: Authority, today: date) -> Row:
    tone = peoplewords.expiry_tone(held.expires, today)
    where = held.state.value if held.state else _("member states")
    names = {
        "apit": _("PSYPACT by video"),
        "tap": _("PSYPACT in person"),
        "privilege": _("Counseling Compact"),
        "multistate": _("Social Work Compact"),
        "temporary_permission": _("Temporary permission"),
    }
    text = f"{names[held.kind.value]} · {peoplewords.expiry(held.expires, today)}"
    return Row(label=where, text=text, tone=tone, glyph=expiry_sign(held.expires, today) or Glyph.TICK)


def _by_level(one: Therapist) -> list[Qualification]:
    return sorted(one.qualifications, key=lambda held: (-held.level.rank, held.modality))


def _qualification(held: Qualification, today: date) -> Row:
    details = [peoplewords.level(held.level), held.body, held.number]
    tone, sign = "", None
    if held.valid_until is not None:
        details.append(peoplewords.expiry(held.valid_until, today))
        tone, sign = peoplewords.expiry_tone(held.valid_until, today), expiry_sign(held.valid_until, today)
    details += sorted(peoplewords.flag(one) for one in held.scope)
    return Row(
        label=held.modality.label,
        text=" · ".join(part for part in details if part),
        tone=tone,
        glyph=sign,
    )


def _hours(one: Therapist, staff: Staff, today: date) -> list[Row]:
    rows = []
    for day in Weekday:
        spans = [
            hours
            for hours in sorted(one.hours, key=lambda hours: hours.window.start)
            if hours.window.day is day and (hours.valid_to is None or hours.valid_to >= today)
        ]
        if spans:
            rows.append(Row(label=_weekday(day), text="\n".join(_span(span, staff) for span in spans)))
    return rows


def _span(hours: Hours, staff: Staff) -> str:
    where = staff.sites.get(hours.site, "") if hours.site else _("video, from home")
    return f"{_clock(hours.window.start)} – {_clock(hours.window.end)} · {where}"


def _clock(wall: time) -> str:
    return f"{wall.hour % 12 or 12}:{wall.minute:02} {'AM' if wall.hour < 12 else 'PM'}"


def _time_off(one: Therapist, today: date) -> list[Row]:
    coming = sorted((off for off in one.time_off if local(off.end).date() >= today), key=lambda off: off.start)
    return [Row(text=_days(off)) for off in coming]


def _days(off: TimeOff) -> str:
    """Whole days as days, anything else to the minute."""
    start, end = local(off.start), local(off.end)
    if start.time() == end.time() == time.min:
        last = end.date() - timedelta(days=1)
        return words.day(start.date()) + (f" – {words.day(last)}" if last > start.date() else "")
    return f"{words.moment(off.start)} – {words.moment(off.end)}"


def _sees(one: Therapist) -> list[Row]:
    ages = _("{low} and older").format(low=one.age_from)
    if one.age_to is not None:
        ages = _("{low} to {high}").format(low=one.age_from, high=one.age_to)
    payers = sorted(payer.title() for payer in one.payers) + ([_("self-pay")] if one.takes_self_pay else [])
    pairs = (
        (_("Ages"), ages),
        (_("People"), ", ".join(sorted(peoplewords.flag(flag) for flag in one.populations))),
        (_("Topics"), ", ".join(sorted(peoplewords.flag(flag) for flag in one.specialties))),
        (_("Languages"), ", ".join(sorted(one.languages))),
        (_("Payers"), ", ".join(payers)),
        (_("By video from"), one.seat_state.value),
        (_("NPI"), one.npi),
    )
    return [Row(label=label, text=text) for label, text in pairs if text]


def _weekday(day: Weekday) -> str:
    return _("Mon Tue Wed Thu Fri Sat Sun").split()[day.number]
