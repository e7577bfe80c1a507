"""How the windows say things: stages, statuses, moments; and the glyph and tint that go with a status."""

from __future__ import annotations

from datetime import date, datetime, time
from functools import cache
from gettext import gettext as _
from gettext import ngettext

from desktop.clinic.moments import PRACTICE_ZONE, local
from desktop.clinic.referral import NextAction, Stage, Urgency
from desktop.clinic.services import Format, ServiceKind
from desktop.clinic.visits import VisitStatus
from desktop.gui.widgets.glyphs import Glyph

_KAP = frozenset({ServiceKind.KAP_PREPARATION, ServiceKind.KAP_DOSING, ServiceKind.KAP_INTEGRATION})


@cache
def stage(value: Stage) -> str:
    """A stage as staff say it."""
    return {
        Stage.DRAFTED: _("Drafted"),
        Stage.SENT: _("Sent"),
        Stage.RECEIVED: _("Received"),
        Stage.ACKNOWLEDGED: _("Acknowledged"),
        Stage.PENDING_INFORMATION: _("Waiting for information"),
        Stage.TRIAGED: _("Triaged"),
        Stage.CONTACTING: _("Contacting"),
        Stage.WAITLISTED: _("On wait list"),
        Stage.BOOKED: _("Booked"),
        Stage.ATTENDED: _("Attended"),
        Stage.REPORTED_BACK: _("Reported back"),
        Stage.CLOSED: _("Closed"),
        Stage.DECLINED: _("Declined"),
        Stage.UNABLE_TO_REACH: _("Unable to reach"),
        Stage.REDIRECTED: _("Redirected"),
        Stage.WITHDRAWN: _("Withdrawn"),
    }[value]


@cache
def urgency(value: Urgency) -> str:
    """An urgency as staff say it."""
    return {Urgency.ROUTINE: _("Routine"), Urgency.SOON: _("Soon"), Urgency.URGENT: _("Urgent")}[value]


def urgency_tone(value: Urgency) -> str:
    """The color that goes with an urgency."""
    return {Urgency.ROUTINE: "muted", Urgency.SOON: "warn", Urgency.URGENT: "err"}[value]


@cache
def action(value: NextAction | None) -> str:
    """A next action as staff say it."""
    return {
        None: "",
        NextAction.ACKNOWLEDGE: _("Acknowledge to referrer"),
        NextAction.ASK_FOR_INFORMATION: _("Ask for information"),
        NextAction.TRIAGE: _("Triage"),
        NextAction.CALL_CLIENT: _("Call client"),
        NextAction.MATCH: _("Match"),
        NextAction.CLINICIAN_CALL: _("Clinician calls"),
        NextAction.OFFER_OPENING: _("Offer an opening"),
        NextAction.AWAIT_VISIT: _("Await first visit"),
        NextAction.REPORT_BACK: _("Report back"),
        NextAction.SEND: _("Send"),
        NextAction.ASK_FOR_REPLY: _("Ask for reply"),
        NextAction.CLOSE: _("Close"),
    }[value]


@cache
def status(value: VisitStatus) -> str:
    """A visit's status as staff say it."""
    return {
        VisitStatus.HOLD: _("Hold"),
        VisitStatus.SCHEDULED: _("Unconfirmed"),
        VisitStatus.CONFIRMED: _("Confirmed"),
        VisitStatus.ARRIVED: _("Arrived"),
        VisitStatus.COMPLETED: _("Done"),
        VisitStatus.NO_SHOW: _("No-show"),
        VisitStatus.LATE_CANCEL: _("Canceled late"),
        VisitStatus.CANCELED: _("Canceled"),
        VisitStatus.BOOKED_IN_ERROR: _("Booked in error"),
    }[value]


@cache
def kind(value: ServiceKind) -> str:
    """What sort of visit it is, in a word or two."""
    return {
        ServiceKind.INTAKE: _("Intake"),
        ServiceKind.INDIVIDUAL: _("Individual"),
        ServiceKind.COUPLES: _("Couples"),
        ServiceKind.FAMILY: _("Family"),
        ServiceKind.GROUP: _("Group"),
        ServiceKind.PLAY: _("Play therapy"),
        ServiceKind.INTENSIVE: _("Intensive"),
        ServiceKind.KAP_PREPARATION: _("KAP preparation"),
        ServiceKind.KAP_DOSING: _("KAP dosing"),
        ServiceKind.KAP_INTEGRATION: _("KAP integration"),
        ServiceKind.COACHING: _("Coaching"),
    }[value]


@cache
def way(value: Format) -> str:
    """A format as staff say it."""
    return {Format.IN_PERSON: _("In person"), Format.TELEHEALTH: _("Telehealth")}[value]


def tint(value: VisitStatus, service: ServiceKind) -> str:
    """The name of the appointment's colors in the palette."""
    if value in (VisitStatus.SCHEDULED, VisitStatus.CONFIRMED):
        if service in _KAP:
            return "kap"
        if service is ServiceKind.INTAKE:
            return "intake"
    return {
        VisitStatus.HOLD: "hold",
        VisitStatus.SCHEDULED: "scheduled",
        VisitStatus.CONFIRMED: "confirmed",
        VisitStatus.ARRIVED: "arrived",
        VisitStatus.COMPLETED: "completed",
        VisitStatus.NO_SHOW: "noshow",
    }.get(value, "canceled")


def glyph(value: VisitStatus, service: ServiceKind) -> Glyph:
    """The sign that goes with the colors."""
    return {
        "hold": Glyph.DOTS,
        "scheduled": Glyph.RING,
        "confirmed": Glyph.TICK,
        "arrived": Glyph.DISC,
        "completed": Glyph.SQUARE,
        "noshow": Glyph.CROSS,
        "intake": Glyph.STAR,
        "kap": Glyph.DIAMOND,
        "canceled": Glyph.DASH,
    }[tint(value, service)]


def clock(moment: datetime, zone: str = PRACTICE_ZONE) -> str:
    """The wall-clock time of an instant, such as 1:00 PM."""
    return wall_clock(local(moment, zone).time())


def wall_clock(at: time) -> str:
    """A time of the wall clock, such as 1:00 PM."""
    return f"{at.hour % 12 or 12}:{at.minute:02} {'AM' if at.hour < 12 else 'PM'}"


def day(value: date) -> str:
    """A date with its weekday, such as Mon, Nov 23."""
    return f"{_weekdays()[value.weekday()]}, {_months()[value.month - 1]} {value.day}"


def weekday(value: date) -> str:
    """Its weekday in three letters, such as Mon."""
    return _weekdays()[value.weekday()]


def long_day(value: date) -> str:
    """A date with its weekday and year, such as Mon, Nov 23, 2026."""
    return f"{day(value)}, {value.year}"


def moment(value: datetime, zone: str = PRACTICE_ZONE) -> str:
    """Day and time, such as Tue, Nov 24, 6:00 PM."""
    return f"{day(local(value, zone).date())}, {clock(value, zone)}"


def due(value: date | None, today: date) -> str:
    """How far off a due date is: Overdue 3 days, Today, Tomorrow, Tue, Dec 1."""
    if value is None:
        return ""
    days = (value - today).days
    if days < 0:
        return ngettext("Overdue {days} day", "Overdue {days} days", -days).format(days=-days)
    if days <= 1:
        return _("Today") if days == 0 else _("Tomorrow")
    return day(value)


def due_tone(value: date | None, today: date) -> str:
    """The color that goes with a due date."""
    if value is None or value > today:
        return ""
    return "err" if value < today else "warn"


@cache
def _weekdays() -> tuple[str, ...]:
    return tuple(_("Mon Tue Wed Thu Fri Sat Sun").split())


@cache
def _months() -> tuple[str, ...]:
    return tuple(_("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec").split())


def short_date(value: date) -> str:
    """A date in figures, such as 3/14/1991."""
    return f"{value.month}/{value.day}/{value.year}"


def phone(number: str) -> str:
    """A United States number as people read it, such as (215) 555-0142; any other one as it is."""
    digits = number.removeprefix("+1")
    if len(digits) == len("2155550142") and digits.isdigit():
        return f"({digits[:3]}) {digits[3:6]}-{digits[6:]}"
    return number
