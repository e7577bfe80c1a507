"""How the windows say what people are: statuses, levels, modalities, kinds of phone."""

from __future__ import annotations

from datetime import date
from functools import cache
from gettext import gettext as _
from gettext import ngettext

from desktop.clinic.clients import ClientStatus, ConsentKind, PaymentKind
from desktop.clinic.services import Level
from desktop.clinic.therapists import LicenseStatus

SOON, NEAR = 7, 90


@cache
def client_status(value: ClientStatus) -> str:
    """A client's status as staff say it."""
    return {
        ClientStatus.PROSPECTIVE: _("New"),
        ClientStatus.ACTIVE: _("Active"),
        ClientStatus.WAITING: _("Waiting"),
        ClientStatus.DISCHARGED: _("Discharged"),
        ClientStatus.DECEASED: _("Deceased"),
    }[value]


def client_tone(value: ClientStatus) -> str:
    """The color that goes with a client's status."""
    return {ClientStatus.ACTIVE: "ok", ClientStatus.WAITING: "warn", ClientStatus.PROSPECTIVE: "info"}.get(
        value, "muted"
    )


@cache
def payment(value: PaymentKind) -> str:
    """How a client pays, as staff say it."""
    return {
        PaymentKind.SELF_PAY: _("Self-pay"),
        PaymentKind.IN_NETWORK: _("In network"),
        PaymentKind.OUT_OF_NETWORK: _("Out of network"),
    }[value]


@cache
def consent(value: ConsentKind) -> str:
    """What was signed."""
    return {
        ConsentKind.TREATMENT: _("Treatment"),
        ConsentKind.TELEHEALTH: _("Telehealth"),
        ConsentKind.PRIVACY_NOTICE: _("Privacy notice"),
        ConsentKind.FINANCIAL_POLICY: _("Financial policy"),
        ConsentKind.COACHING: _("Coaching"),
        ConsentKind.KAP: _("KAP"),
    }[value]


@cache
def phone_kind(value: str) -> str:
    """The caption of a phone number."""
    return {"mobile": _("Mobile"), "home": _("Home"), "work": _("Work"), "fax": _("Fax")}.get(value, _("Phone"))


@cache
def level(value: Level) -> str:
    """A level of qualification as staff say it."""
    return {
        Level.NONE: _("None"),
        Level.IN_TRAINING: _("In training"),
        Level.TRAINED: _("Trained"),
        Level.CERTIFIED: _("Certified"),
        Level.CONSULTANT: _("Consultant"),
    }[value]


@cache
def license_status(value: LicenseStatus) -> str:
    """What the register says, as staff say it."""
    return value.value.replace("_", " ").capitalize()


@cache
def flag(value: str) -> str:
    """A specialty, population or other flag in plain words."""
    return {"lgbtq": "LGBTQ+"}.get(value, value.replace("_", " "))


def expiry(on: date, today: date) -> str:
    """How far off an expiry is: expires in 7 days, expired 3 days ago, expires Jun 30, 2027."""
    days = (on - today).days
    if days < 0:
        return ngettext("expired {n} day ago", "expired {n} days ago", -days).format(n=-days)
    if days == 0:
        return _("expires today")
    if days <= NEAR:
        return ngettext("expires in {n} day", "expires in {n} days", days).format(n=days)
    return _("expires {day}").format(day=short(on))


def expiry_tone(on: date, today: date) -> str:
    """The color that goes with an expiry."""
    days = (on - today).days
    return "err" if days <= SOON else "warn" if days <= NEAR else ""


def short(day: date) -> str:
    """A date as in Jun 30, 2027."""
    return f"{_('Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec').split()[day.month - 1]} {day.day}, {day.year}"
