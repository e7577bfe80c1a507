"""The lists in a therapist's form: licenses, authority, supervision, qualifications, hours, time off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import time, timedelta
from gettext import gettext as _
from typing import Any

from desktop.clinic.errors import BadInput
from desktop.clinic.moments import Weekday, Window, instant, local, whole_day
from desktop.clinic.people import State, TherapistId
from desktop.clinic.practice import Site, SiteId
from desktop.clinic.services import Format, Level, Modality
from desktop.clinic.therapists import (
    Authority,
    AuthorityKind,
    Hours,
    License,
    LicenseStatus,
    Qualification,
    Supervision,
    Therapist,
    TimeOff,
)
from desktop.gui import peoplewords
from desktop.gui.rowlist import Cell, Form, Kind

_TITLES = (
    "LPC",
    "LAPC",
    "LAC",
    "LMFT",
    "LAMFT",
    "LCSW",
    "LSW",
    "LBSW",
    "CSW",
    "PSY",
    "PRE",
    "PSY-P1",
    "PSY-P3",
    "LCADC",
    "CADC",
)
_NEAR = (State.PA, State.NJ)
_MIDNIGHT = time()
Values = Mapping[str, Any]


def states(*, none: str = "") -> tuple[tuple[str, str], ...]:
    """Every state, the practice's own first; with `none` an empty choice of that name."""
    ordered = (*_NEAR, *(one for one in State if one not in _NEAR))
    return (*(((none, ""),) if none else ()), *((one.value, one.value) for one in ordered))


def _statuses() -> tuple[tuple[str, str], ...]:
    return tuple((peoplewords.license_status(one), one.value) for one in LicenseStatus)


def _day(key: str, caption: str, *, needed: bool = False) -> Cell:
    return Cell(key=key, caption=caption, kind=Kind.DAY, letters=11, needed=needed)


def licenses() -> Form[License]:
    """Licenses and permits."""

    def make(before: License | None, values: Values) -> License:
        given = {**values, "state": State(values["state"]), "status": LicenseStatus(values["status"])}
        return License(**given) if before is None else replace(before, **given)

    return Form(
        key="licenses",
        title=_("License"),
        add=_("Add license"),
        cells=(
            Cell(key="state", caption=_("State"), kind=Kind.CHOICE, choices=states(), letters=3),
            Cell(
                key="title",
                caption=_("Title"),
                kind=Kind.OPEN_CHOICE,
                choices=tuple((one, one) for one in _TITLES),
                letters=7,
                needed=True,
            ),
            Cell(key="number", caption=_("Number"), letters=14),
            Cell(key="status", caption=_("Status"), kind=Kind.CHOICE, choices=_statuses(), letters=9),
            _day("effective", _("Valid from")),
            _day("expires", _("Last day"), needed=True),
            _day("verified_on", _("Looked up on")),
            _day("renewal_filed", _("Late renewal filed")),
        ),
        values=lambda one: {
            "state": one.state.value,
            "title": one.title,
            "number": one.number,
            "status": one.status.value,
            "effective": one.effective,
            "expires": one.expires,
            "verified_on": one.verified_on,
            "renewal_filed": one.renewal_filed,
        },
        make=make,
        fresh={"state": "PA", "status": LicenseStatus.ACTIVE.value},
    )


def authorities() -> Form[Authority]:
    """Authority under a compact, and temporary permission."""
    kinds = {
        AuthorityKind.APIT: _("PSYPACT by video"),
        AuthorityKind.TAP: _("PSYPACT in person"),
        AuthorityKind.PRIVILEGE: _("Counseling Compact"),
        AuthorityKind.MULTISTATE: _("Social Work Compact"),
        AuthorityKind.TEMPORARY_PERMISSION: _("Temporary permission"),
    }

    def make(before: Authority | None, values: Values) -> Authority:
        given = {
            **values,
            "kind": AuthorityKind(values["kind"]),
            "home_state": State(values["home_state"]) if values["home_state"] else None,
            "state": State(values["state"]) if values["state"] else None,
            "status": LicenseStatus(values["status"]),
        }
        return Authority(**given) if before is None else replace(before, **given)

    return Form(
        key="authorities",
        title=_("Authority"),
        add=_("Add authority across state lines"),
        cells=(
            Cell(
                key="kind",
                caption=_("Kind"),
                kind=Kind.CHOICE,
                choices=tuple((text, one.value) for one, text in kinds.items()),
                letters=18,
            ),
            Cell(key="home_state", caption=_("Home state"), kind=Kind.CHOICE, choices=states(none="–"), letters=3),
            Cell(key="state", caption=_("Reaches"), kind=Kind.CHOICE, choices=states(none=_("members")), letters=7),
            Cell(key="number", caption=_("Number"), letters=12),
            Cell(key="status", caption=_("Status"), kind=Kind.CHOICE, choices=_statuses(), letters=9),
            _day("effective", _("Valid from")),
            _day("expires", _("Last day"), needed=True),
            _day("verified_on", _("Looked up on")),
        ),
        values=lambda one: {
            "kind": one.kind.value,
            "home_state": one.home_state.value if one.home_state else "",
            "state": one.state.value if one.state else "",
            "number": one.number,
            "status": one.status.value,
            "effective": one.effective,
            "expires": one.expires,
            "verified_on": one.verified_on,
        },
        make=make,
        fresh={"kind": "apit", "home_state": "PA", "state": "", "status": LicenseStatus.ACTIVE.value},
    )


def supervisions(staff: Sequence[Therapist]) -> Form[Supervision]:
    """Supervision for a state's license, or for a modality in training; `staff` may supervise."""
    subjects = (
        *((_("license in {state}").format(state=text), f"state:{value}") for text, value in states()),
        *((one.label, f"modality:{one.value}") for one in Modality),
    )

    def make(before: Supervision | None, values: Values) -> Supervision:
        kind, _colon, what = values["subject"].partition(":")
        given = {key: value for key, value in values.items() if key != "subject"}
        given |= {
            "supervisor": TherapistId(values["supervisor"]),
            "state": State(what) if kind == "state" else None,
            "modality": Modality(what) if kind == "modality" else None,
        }
        if given["ends"] is not None and given["ends"] < given["starts"]:
            raise BadInput("ends", _("the last day must not lie before the first."))
        return Supervision(**given) if before is None else replace(before, **given)

    return Form(
        key="supervisions",
        title=_("Supervision"),
        add=_("Add supervision"),
        cells=(
            Cell(
                key="supervisor",
                caption=_("Supervisor"),
                kind=Kind.CHOICE,
                choices=tuple((one.name.listed, str(one.id)) for one in staff),
                letters=20,
                needed=True,
            ),
            Cell(key="subject", caption=_("For"), kind=Kind.CHOICE, choices=subjects, letters=14),
            _day("starts", _("From"), needed=True),
            _day("ends", _("Last day")),
            _day("plan_on", _("Plan filed")),
            _day("logged_on", _("Last session")),
            Cell(key="client_told", caption=_("clients told in writing"), kind=Kind.CHECK),
        ),
        values=lambda one: {
            "supervisor": str(one.supervisor),
            "subject": f"state:{one.state.value}" if one.state else f"modality:{one.modality}",
            "starts": one.starts,
            "ends": one.ends,
            "plan_on": one.plan_on,
            "logged_on": one.logged_on,
            "client_told": one.client_told,
        },
        make=make,
        fresh={"subject": "state:PA"},
    )


def qualifications() -> Form[Qualification]:
    """Levels of the modalities with their evidence."""

    def make(before: Qualification | None, values: Values) -> Qualification:
        given = {
            **values,
            "modality": Modality(values["modality"]),
            "level": Level(values["level"]),
            "scope": flags(values["scope"]),
        }
        first, last = given["obtained"], given["valid_until"]
        if first is not None and last is not None and last < first:
            raise BadInput("valid_until", _("the last day must not lie before the first."))
        return Qualification(**given) if before is None else replace(before, **given)

    return Form(
        key="qualifications",
        title=_("Qualification"),
        add=_("Add qualification"),
        cells=(
            Cell(
                key="modality",
                caption=_("Modality"),
                kind=Kind.CHOICE,
                choices=tuple((one.label, one.value) for one in Modality),
                letters=14,
            ),
            Cell(
                key="level",
                caption=_("Level"),
                kind=Kind.CHOICE,
                choices=tuple((peoplewords.level(one), one.value) for one in Level),
                letters=10,
            ),
            Cell(key="body", caption=_("Certified by"), letters=14),
            Cell(key="number", caption=_("Number"), letters=10),
            _day("obtained", _("From")),
            _day("valid_until", _("Last day")),
            _day("verified_on", _("Looked up on")),
            Cell(key="scope", caption=_("Scope, with commas"), letters=24),
        ),
        values=lambda one: {
            "modality": one.modality.value,
            "level": one.level.value,
            "body": one.body,
            "number": one.number,
            "obtained": one.obtained,
            "valid_until": one.valid_until,
            "verified_on": one.verified_on,
            "scope": listed(one.scope),
        },
        make=make,
        fresh={"modality": "emdr", "level": Level.TRAINED.value},
    )


def hours(sites: Sequence[Site]) -> Form[Hours]:
    """Weekly hours over a span of days; breaks are the gaps between rows."""
    names = _("Mon Tue Wed Thu Fri Sat Sun").split()

    def make(before: Hours | None, values: Values) -> Hours:
        formats = frozenset(one for one in Format if values[one.value])
        if not formats:
            raise BadInput(Format.IN_PERSON.value, _("choose in person, video or both."))
        if values["site"] == "" and Format.IN_PERSON in formats:
            raise BadInput("site", _("hours in person need a site."))
        if values["start"] >= values["end"]:
            raise BadInput("end", _("the end must be later than the start."))
        first, last = values["valid_from"], values["valid_to"]
        if first is not None and last is not None and last < first:
            raise BadInput("valid_to", _("the last day must not lie before the first."))
        made = Hours(window=Window(day=Weekday(values["day"]), start=values["start"], end=values["end"]))
        return replace(
            before or made,
            window=made.window,
            site=SiteId(values["site"]) if values["site"] else None,
            formats=formats,
            valid_from=first,
            valid_to=last,
        )

    return Form(
        key="hours",
        title=_("Hours"),
        add=_("Add hours"),
        cells=(
            Cell(
                key="day",
                caption=_("Day"),
                kind=Kind.CHOICE,
                choices=tuple((names[one.number], one.value) for one in Weekday),
                letters=4,
            ),
            Cell(key="start", caption=_("From"), kind=Kind.TIME, letters=9, needed=True),
            Cell(key="end", caption=_("To"), kind=Kind.TIME, letters=9, needed=True),
            Cell(
                key="site",
                caption=_("Where"),
                kind=Kind.CHOICE,
                choices=((_("from home"), ""), *((one.name, str(one.id)) for one in sites)),
                letters=14,
            ),
            Cell(key=Format.IN_PERSON.value, caption=_("in person"), kind=Kind.CHECK),
            Cell(key=Format.TELEHEALTH.value, caption=_("video"), kind=Kind.CHECK),
            _day("valid_from", _("First day")),
            _day("valid_to", _("Last day")),
        ),
        values=lambda one: {
            "day": one.window.day.value,
            "start": one.window.start,
            "end": one.window.end,
            "site": str(one.site) if one.site else "",
            "in_person": Format.IN_PERSON in one.formats,
            "telehealth": Format.TELEHEALTH in one.formats,
            "valid_from": one.valid_from,
            "valid_to": one.valid_to,
        },
        make=make,
        fresh={"day": "mon", "in_person": bool(sites), "telehealth": True, "site": str(sites[0].id) if sites else ""},
    )


def time_off() -> Form[TimeOff]:
    """Times when the therapist sees nobody; without times of day they are whole days."""

    def make(_before: TimeOff | None, values: Values) -> TimeOff:
        first, last = values["first"], values["last"] or values["first"]
        start = whole_day(first)[0] if values["start"] is None else instant(first, values["start"])
        end = whole_day(last)[1] if values["end"] is None else instant(last, values["end"])
        return TimeOff(start=start, end=end)

    def values(one: TimeOff) -> Values:
        start, end = local(one.start), local(one.end)
        whole = end.time() == _MIDNIGHT
        return {
            "first": start.date(),
            "start": None if start.time() == _MIDNIGHT else start.time(),
            "last": end.date() - timedelta(days=1) if whole else end.date(),
            "end": None if whole else end.time(),
        }

    return Form(
        key="time_off",
        title=_("Time off"),
        add=_("Add time off"),
        cells=(
            _day("first", _("First day"), needed=True),
            Cell(key="start", caption=_("From (empty: all day)"), kind=Kind.TIME, letters=10),
            _day("last", _("Last day")),
            Cell(key="end", caption=_("Until (empty: all day)"), kind=Kind.TIME, letters=10),
        ),
        values=values,
        make=make,
    )


def listed(words_of: frozenset[str]) -> str:
    """Flags as people write them, with commas."""
    return ", ".join(sorted(one.replace("_", " ") for one in words_of))


def flags(text: str) -> frozenset[str]:
    """The flags of a text with commas."""
    return frozenset("_".join(part.lower().split()) for part in text.split(",") if part.strip())
