"""What a referral asks for, in a line of words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from gettext import gettext as _

from desktop.clinic.moments import Weekday, Window
from desktop.clinic.requests import Request
from desktop.clinic.services import BOTH_FORMATS, ServiceId
from desktop.gui import words

EVENING = 17


def asked_words(request: Request | None, services: Mapping[ServiceId, str], sites: Mapping[str, str]) -> str:
    """As in Intake · EMDR · NJ · telehealth · evenings · Aetna; empty when nothing is asked."""
    if request is None:
        return ""
    parts = [services.get(request.service, "")]
    if request.modality is not None:
        parts.append(request.modality.label)
    if request.state is not None:
        parts.append(request.state.value)
    if request.formats != BOTH_FORMATS:
        parts += [words.way(one).lower() for one in request.formats]
    if request.site is not None:
        parts.append(sites.get(str(request.site), ""))
    parts.append(times(request.windows))
    parts.append(request.payer.title())
    parts += sorted(one.replace("_", " ") for one in request.specialties)
    return " · ".join(part for part in parts if part)


def times(windows: Sequence[Window]) -> str:
    """As in evenings, or Tue and Thu evenings, or mornings; empty for any time."""
    if not windows:
        return ""
    days = [day for day in Weekday if any(one.day is day for one in windows)]
    if all(one.start.hour >= EVENING for one in windows):
        part = _("evenings")
    elif all(one.end.hour <= 12 for one in windows):
        part = _("mornings")
    else:
        part = _("certain hours")
    if len(days) >= 5:
        return part
    return f"{', '.join(day.value.title() for day in days)} {part}"
