"""What a request asks for, with everything resolved that does not depend on the therapist."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from desktop.clinic.clients import Client, PaymentKind
from desktop.clinic.facts import Facts
from desktop.clinic.interest import coming_along, conflicted_therapists
from desktop.clinic.ladder import RANK
from desktop.clinic.moments import Window, local_date, whole_day
from desktop.clinic.people import ClientId, State, TherapistId
from desktop.clinic.practice import SiteId
from desktop.clinic.requests import Request
from desktop.clinic.rulebook import Rulebook
from desktop.clinic.services import Format, Level, Modality, Service, ServiceKind
from desktop.clinic.timetable import utc
from desktop.clinic.turning import birthday, rule_days

_SELF_PAY = frozenset({"self", "self_pay", "self-pay", "self pay", "cash"})
TOGETHER = frozenset({ServiceKind.COUPLES, ServiceKind.FAMILY})


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """A modality with the level that the service needs, the level that the client asks, and scope flags."""

    modality: Modality
    level: Level
    asked: Level | None
    scope: frozenset[str]

    @property
    def least(self) -> Level:
        """The lowest level that will do."""
        return max(self.level, self.asked or Level.NONE, key=RANK.__getitem__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A request with its service and client, the days that are searched, and what is asked of every therapist."""

    request: Request
    facts: Facts
    rules: Rulebook
    now: datetime
    service: Service
    client: Client | None
    first: datetime
    last: datetime
    formats: frozenset[Format]
    sites: Mapping[SiteId, State]
    windows: tuple[Window, ...]
    payment: PaymentKind
    payer: str
    language: str
    interpreter: bool
    needs: tuple[Need, ...]
    close_to: frozenset[TherapistId]
    caseloads: Mapping[TherapistId, int]
    rule_days: frozenset[date]
    first_day: date
    last_day: date


def question(
    request: Request,
    facts: Facts,
    rules: Rulebook,
    now: datetime,
    caseloads: Mapping[TherapistId, int] | None = None,
    *,
    turns: frozenset[date] | None = None,
) -> Question:
    """The request resolved against the facts; nothing is searched before now.

    `turns` are the rulebook's turning days where the caller has looked them up already, for many requests.
    Raises BadInput when the request names a client, service or site that is not in the facts.
    """
    service = facts.service(request.service)
    client = None if request.client is None else facts.client(request.client)
    first_day = max(request.from_day, local_date(now))
    last = whole_day(first_day + timedelta(weeks=request.weeks))[0]
    payment, payer = _payment(request, service, client)
    if request.site is not None:
        facts.site(request.site)
    return Question(
        request=request,
        facts=facts,
        rules=rules,
        now=utc(now),
        service=service,
        client=client,
        first=max(whole_day(first_day)[0], utc(now)),
        last=last,
        formats=request.formats & service.formats,
        sites={one.id: one.state for one in facts.sites if not one.retired and request.site in (None, one.id)},
        windows=request.windows or (() if client is None else client.windows),
        payment=payment,
        payer=payer,
        language=_tongue(request.language or (client.languages[0] if client and client.languages else "")),
        interpreter=client is not None and client.interpreter and not request.language,
        needs=_needs(request, service),
        close_to=_close_to(client, service, facts),
        caseloads=facts.caseloads if caseloads is None else caseloads,
        first_day=first_day,
        last_day=local_date(last - timedelta(microseconds=1)),
        rule_days=(rule_days(rules) if turns is None else turns) | _birthdays(client, first_day.year),
    )


def _tongue(code: str) -> str:
    return code.strip().casefold().split("-")[0]


def speaks(languages: frozenset[str], language: str) -> bool:
    """Whether the language, an ISO 639 code without its region, is among the languages."""
    return language in languages or any(_tongue(one) == language for one in languages)


def _payment(request: Request, service: Service, client: Client | None) -> tuple[PaymentKind, str]:
    payer = request.payer.strip().casefold()
    if service.kind is ServiceKind.COACHING or payer in _SELF_PAY:
        return PaymentKind.SELF_PAY, ""
    if payer:
        return PaymentKind.IN_NETWORK, payer
    if client is None or not client.coverage.payer.strip():
        return PaymentKind.SELF_PAY, ""
    return client.coverage.kind, client.coverage.payer.strip().casefold()


def _needs(request: Request, service: Service) -> tuple[Need, ...]:
    asked = request.modality or service.modality or _spoken_of(request.scope)
    lowest = Level.TRAINED if request.modality is not None else Level.NONE
    if asked is None:
        return ()
    if service.modality in (None, asked):
        level = max(service.level, lowest, key=lambda one: one.rank)
        return (Need(modality=asked, level=level, asked=request.level, scope=service.scope | request.scope),)
    return (
        Need(modality=service.modality, level=service.level, asked=None, scope=service.scope),
        Need(modality=asked, level=lowest, asked=request.level, scope=request.scope),
    )


def _spoken_of(scope: frozenset[str]) -> Modality | None:
    return next((modality for flag, modality in _SCOPES.items() if flag in scope), None)


_SCOPES = {
    "comprehensive": Modality.DBT,
    "individual_dbt": Modality.DBT,
    "skills_group_leader": Modality.DBT,
    "phone_coaching": Modality.DBT,
    "consult_team_member": Modality.DBT,
    "level_1": Modality.IFS,
    "level_2": Modality.IFS,
    "level_3": Modality.IFS,
    "intensive_protocol": Modality.TRAUMA_INTENSIVE,
    "group_leader": Modality.GROUP,
}


def _close_to(client: Client | None, service: Service, facts: Facts) -> frozenset[TherapistId]:
    """The therapists tied to somebody close to the client; in couple and family work partner and family come along."""
    if client is None:
        return frozenset()
    along = coming_along(client, facts) if service.kind in TOGETHER else frozenset[ClientId]()
    return conflicted_therapists(client, facts, among=along)


def _birthdays(client: Client | None, year: int) -> frozenset[date]:
    """When the client's age changes this year and next, counted as `age_on` counts it."""
    if client is None:
        return frozenset()
    born = client.birth_date
    return frozenset({birthday(born, year), birthday(born, year + 1)})
