"""The waitlist as the screens read it: entries with everything about them, and offers in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from gettext import gettext as _
from gettext import ngettext
from typing import TYPE_CHECKING

from desktop.clinic.clients import Client
from desktop.clinic.moments import Window, local_date
from desktop.clinic.people import Phone, TherapistId
from desktop.clinic.waiting import Offer, OfferState, Waiting, WaitingId
from desktop.gui import peoplewords, words
from desktop.gui.asking import asked_words
from desktop.gui.widgets.factsheet import Part, Row
from desktop.gui.widgets.glyphs import Glyph

if TYPE_CHECKING:
    from desktop.clinic.change import Actor
    from desktop.office.waitlines import WaitLine
    from desktop.records.store import Store

_SOON = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiter:
    """An entry with the client, what they ask for in words, and every offer that was made to them, latest first."""

    line: WaitLine
    client: Client
    asks: str
    state: str
    offers: tuple[Offer, ...]

    @property
    def waiting(self) -> Waiting:
        """The entry itself."""
        return self.line.waiting


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiters:
    """Everybody who waits, whom to call first, and the therapists' names."""

    rows: tuple[Waiter, ...]
    names: Mapping[TherapistId, str]


def read_waiters(store: Store, actor: Actor) -> Waiters:
    """Read the waitlist with everything that the screen says of an entry."""
    from desktop.clinic.practice import Site
    from desktop.clinic.services import Service
    from desktop.clinic.therapists import Therapist
    from desktop.office import waitlist

    lines = waitlist.entries(store, actor)
    with store.reading() as reader:
        clients = {one.id: one for one in reader.many(Client, {line.waiting.client for line in lines})}
        services = {one.id: one.name for one in reader.all(Service)}
        sites = {str(one.id): one.name for one in reader.all(Site)}
        names = {one.id: one.name.full for one in reader.all(Therapist)}
        offers: dict[WaitingId, list[Offer]] = {}
        for one in reader.offers():
            offers.setdefault(one.waiting, []).append(one)
    rows = []
    for line in lines:
        client = clients[line.waiting.client]
        made = sorted(offers.get(line.waiting.id, ()), key=lambda one: one.offered_at, reverse=True)
        state = line.waiting.request.state or client.address.state
        asks = asked_words(line.waiting.request, services, sites)
        rows.append(Waiter(line=line, client=client, asks=asks, state=state or "", offers=tuple(made)))
    return Waiters(rows=tuple(rows), names=names)


def since(waiting: Waiting, today: date) -> str:
    """How long somebody waits, and since when."""
    days = waiting.days(today)
    text = ngettext("{n} day · {day}", "{n} days · {day}", days)
    return text.format(n=days, day=words.short_date(local_date(waiting.since)))


def until(waiting: Waiting, today: date) -> str:
    """The entry's last day, or that it is over."""
    if waiting.expires is None:
        return _("no end")
    if waiting.expires < today:
        return _("ran out {day}").format(day=words.short_date(waiting.expires))
    return peoplewords.short(waiting.expires)


def until_tone(waiting: Waiting, today: date) -> str:
    """The color that goes with the last day."""
    if waiting.expires is None:
        return "muted"
    days = (waiting.expires - today).days
    return "err" if days < 0 else "warn" if days <= _SOON else ""


def held(offers: Sequence[Offer], now: datetime) -> Offer | None:
    """The offer that keeps a slot for the client now."""
    return next((one for one in offers if one.state_at(now).holds and one.slot.start > now), None)


def offer_state(offer: Offer, now: datetime) -> str:
    """Where an offer stands."""
    return {
        OfferState.HELD: _("kept until {moment}").format(moment=words.moment(offer.held_until)),
        OfferState.ACCEPTED: _("accepted, to be booked"),
        OfferState.DECLINED: _("declined"),
        OfferState.EXPIRED: _("not answered in time"),
        OfferState.WITHDRAWN: _("withdrawn"),
    }[offer.state_at(now)]


_SIGNS = {
    OfferState.HELD: (Glyph.DOTS, "warn"),
    OfferState.ACCEPTED: (Glyph.TICK, "ok"),
    OfferState.DECLINED: (Glyph.CROSS, "muted"),
    OfferState.EXPIRED: (Glyph.DASH, "muted"),
    OfferState.WITHDRAWN: (Glyph.DASH, "muted"),
}


def offer_sign(offer: Offer, now: datetime) -> tuple[Glyph, str]:
    """The sign and the tone that go with where an offer stands."""
    return _SIGNS[offer.state_at(now)]


def times(windows: Sequence[Window]) -> str:
    """When somebody can come, a line for each window; any time when there is none."""
    lines = [
        f"{_weekday(one)} {words.wall_clock(one.start)} – {words.wall_clock(one.end)}"
        for one in sorted(windows, key=lambda one: (one.day.number, one.start))
    ]
    return "\n".join(lines) or _("any time")


def _weekday(window: Window) -> str:
    return _("Mon Tue Wed Thu Fri Sat Sun").split()[window.day.number]


def phones(numbers: Sequence[Phone]) -> str:
    """How to reach somebody, and whether a message may be left."""
    said = [
        words.phone(one.number) + (_(" (voicemail OK)") if one.voicemail_ok else _(" (no voicemail)"))
        for one in numbers
    ]
    return "\n".join(said) or _("no phone on record")


def parts(row: Waiter, names: Mapping[TherapistId, str], now: datetime) -> tuple[Part, ...]:
    """An entry in full."""
    waiting, today = row.waiting, local_date(now)
    about = (
        Row(label=_("Priority"), text=row.line.priority, tone=words.urgency_tone(waiting.priority)),
        Row(label=_("Waiting"), text=since(waiting, today)),
        Row(label=_("Counts until"), text=until(waiting, today), tone=until_tone(waiting, today)),
        Row(label=_("Phone"), text=phones(row.client.phones)),
    )
    can = Row(text=times(waiting.request.windows or row.client.windows))
    return (
        Part(rows=about),
        Part(heading=_("Can come"), rows=(can,)),
        Part(heading=_("Offers"), rows=tuple(_offer(one, names, now) for one in row.offers)),
    )


def _offer(offer: Offer, names: Mapping[TherapistId, str], now: datetime) -> Row:
    glyph, tone = offer_sign(offer, now)
    who = names.get(offer.slot.therapist, "")
    text = _("{moment} with {therapist}: {state}")
    return Row(
        text=text.format(moment=words.moment(offer.slot.start), therapist=who, state=offer_state(offer, now)),
        tone=tone,
        glyph=glyph,
    )
