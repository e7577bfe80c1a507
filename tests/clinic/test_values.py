"""What the values refuse, so that nothing impossible is ever stored."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from desktop.clinic.change import Actor, UserId
from desktop.clinic.clients import Client
from desktop.clinic.errors import BadInput, ClinicError, Missing
from desktop.clinic.facts import Facts
from desktop.clinic.people import ClientId, Name, State, TherapistId
from desktop.clinic.practice import SiteId
from desktop.clinic.requests import Proposal, Request
from desktop.clinic.services import Format, Level, ServiceId
from desktop.clinic.therapists import License, Supervision, Therapist, TimeOff
from desktop.clinic.visits import Seat, Visit, VisitId, VisitStatus

NOON = datetime(2026, 12, 3, 17, tzinfo=UTC)
ONE = datetime(2026, 12, 3, 18, tzinfo=UTC)


def _visit(**fields: object) -> Visit:
    given: dict[str, object] = {
        "id": VisitId("v"),
        "service": ServiceId("s"),
        "therapist": TherapistId("t"),
        "seats": (Seat(client=ClientId("c")),),
        "format": Format.TELEHEALTH,
        "start": NOON,
        "end": ONE,
    }
    return Visit(**{**given, **fields})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("field", "make"),
    [
        ("name", lambda: Name()),
        ("expires", lambda: License(state=State.PA, title="LPC", effective=date(2027, 1, 1), expires=date(2026, 1, 1))),
        ("supervisions", lambda: Supervision(supervisor=TherapistId("t"), starts=date(2026, 1, 1), client_told=True)),
        ("end", lambda: TimeOff(start=ONE, end=NOON)),
        ("end", lambda: _visit(end=NOON)),
        ("start", lambda: _visit(start=datetime(2026, 12, 3, 17))),  # noqa: DTZ001
        ("site", lambda: _visit(format=Format.IN_PERSON)),
        ("concern", lambda: Client(id=ClientId("c"), name=Name(family="Ó"), birth_date=NOON.date(), concern="x" * 501)),
        ("birth_date", lambda: Client(id=ClientId("c"), name=Name(family="Ó"), birth_date=date(1816, 1, 1))),
        ("weeks", lambda: Request(service=ServiceId("s"), from_day=date(2026, 11, 23), weeks=0)),
        ("formats", lambda: Request(service=ServiceId("s"), from_day=date(2026, 11, 23), formats=frozenset())),
        (
            "seats",
            lambda: Proposal(
                service=ServiceId("s"), therapist=TherapistId("t"), seats=(), format=Format.TELEHEALTH, start=NOON
            ),
        ),
        ("now", lambda: Facts(now=datetime(2026, 1, 1))),  # noqa: DTZ001
        ("now", lambda: Actor(user=UserId("u"), now=datetime(2026, 1, 1))),  # noqa: DTZ001
    ],
)
def test_an_impossible_value_is_refused_by_field(field: str, make: Callable[[], object]) -> None:
    """The sentence begins with the field's name."""
    with pytest.raises(BadInput, match=rf"^{field}: ") as caught:
        make()
    assert caught.value.field == field


def test_names_are_shown_first_or_last_name_first() -> None:
    """A person with one name only has no stray comma or space."""
    assert Name(family="O'Brien-Nguyễn", given="Thi").full == "Thi O'Brien-Nguyễn"
    assert Name(family="O'Brien-Nguyễn", given="Thi").listed == "O'Brien-Nguyễn, Thi"
    assert Name(family="王").full == Name(family="王").listed == "王"
    assert Name(family="Łukasz", given="é").initials == "ÉŁ"
    assert Client(id=ClientId("c"), name=Name(family="王"), birth_date=date(1990, 1, 1)).called == "王"


def test_a_canceled_visit_frees_its_time() -> None:
    """A no-show did hold the time; a canceled one does not."""
    assert VisitStatus.NO_SHOW.holds_time
    assert not any(one.holds_time for one in VisitStatus if "cancel" in one or one is VisitStatus.BOOKED_IN_ERROR)
    assert _visit(co_leaders=(TherapistId("u"),), supervisor=TherapistId("w")).therapists == ("t", "u", "w")


def test_the_ladder_has_an_order() -> None:
    """None below in training below trained below certified below consultant."""
    assert [one.rank for one in Level] == [0, 1, 2, 3, 4]


def test_an_error_without_words_speaks_its_docstring() -> None:
    """The docstring is the sentence that the user reads."""
    assert Missing().sentence == Missing.__doc__
    assert isinstance(Missing(), ClinicError)


def test_facts_name_what_is_not_in_the_file() -> None:
    """Asking for a site that does not exist says which id."""
    facts = Facts(therapists=(Therapist(id=TherapistId("t"), name=Name(family="A"), caseload_elsewhere=4),))
    assert facts.caseloads == {"t": 4}
    with pytest.raises(BadInput, match="there is no site with the id X"):
        facts.site(SiteId("X"))
