"""The clinic's JSON file: what a hand-written one gets wrong is said with path and fix; nothing breaks the reader."""

from __future__ import annotations

import io
import json
from dataclasses import fields
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop import resource
from desktop.clinic.clients import Client
from desktop.clinic.errors import BadInput, Canceled
from desktop.clinic.facts import Facts
from desktop.clinic.people import ClientId, Name
from desktop.clinic.services import Format
from desktop.documents.rows import MOST_ERRORS, BadFile
from desktop.documents.sheet import examine, lists, read_facts, write_facts
from desktop.documents.stream import DEEPEST, MOST_VALUES, pieces
from tests.documents.values import LISTS, QUESTIONS

NG = {"id": "c1", "name": {"family": "Ng"}, "birth_date": "1990-02-03"}


def client(**more: object) -> dict[str, Any]:
    """A facts file with one client."""
    return {"clients": [{**NG, **more}]}


def errors(facts: object) -> dict[str, str]:
    """What is wrong in a facts file: the sentence by field."""
    data = facts if isinstance(facts, bytes) else json.dumps(facts).encode()
    with pytest.raises(BadFile) as caught:
        read_facts(data)
    return {one.field: one.sentence for one in caught.value.errors}


def test_an_empty_object_is_an_empty_clinic() -> None:
    assert read_facts(b"{}") == Facts()


def test_the_examples_read() -> None:
    check = read_facts(resource("demo/check.json").read_bytes())
    assert check.proposal is not None
    assert check.proposal.format is Format.TELEHEALTH
    assert {one.state.value for one in check.therapists[0].licenses} == {"PA", "NJ"}
    match = read_facts(resource("demo/match.json").read_bytes())
    assert match.request is not None
    assert match.request.from_day == date(2026, 12, 3)


def test_a_byte_order_mark_and_a_schema_line_are_welcome() -> None:
    text = json.dumps({"$schema": "facts.schema.json", **client()})
    assert read_facts(b"\xef\xbb\xbf" + text.encode()).clients[0].name == Name(family="Ng")


@pytest.mark.parametrize(
    ("facts", "field", "words"),
    [
        (client(dob="1990-02-03"), "clients[0].dob", ["no such field", "birth_date"]),
        (client(birthdate="x"), "clients[0].birthdate", ["Did you mean birth_date?"]),
        ({"client": []}, "client", ["Did you mean clients?"]),
        (client(status="actve"), "clients[0].status", ["choose one of: prospective, active", "Did you mean active?"]),
        (client(address={"state": "New Jersey"}), "clients[0].address.state", ["choose one of: AL", "NJ"]),
        (client(address={"state": "nj"}), "clients[0].address.state", ["Did you mean NJ?"]),
        ({"clients": [{"id": "c1", "name": {"family": "Ng"}}]}, "clients[0].birth_date", ["missing"]),
        (client(birth_date="2/3/1990"), "clients[0].birth_date", ["YYYY-MM-DD"]),
        (client(birth_date="1990-02-30"), "clients[0].birth_date", ["existing day"]),
        (client(birth_date="1890-02-03"), "clients[0].birth_date", ["1900 or later"]),
        (client(name={"family": " "}), "clients[0].name", ["family name or a given name"]),
        (client(concern="x" * 501), "clients[0].concern", ["500 characters"]),
        (client(email="x" * 40_000), "clients[0].email", ["32768 characters"]),
        (client(interpreter="no"), "clients[0].interpreter", ["true or false, without quotes"]),
        (client(languages="en"), "clients[0].languages", ["list in square brackets"]),
        (client(name="Ng"), "clients[0].name", ["object in braces"]),
        (client(id=3), "clients[0].id", ["text in quotes"]),
        (client(id=""), "clients[0].id", ["not be empty"]),
        (client(status=None), "clients[0].status", ["choose one of"]),
        (client(phones=None), "clients[0].phones", ["leave the field out"]),
        (client(formats=["telehealth", "telehealth"]), "clients[0].formats", ["twice"]),
        ({"now": "2026-12-03T15:00:00"}, "now", ["give the UTC offset with the time, for example"]),
        ({"now": "2026-12-03 15:00"}, "now", ["give the UTC offset with the time, for example"]),
        ({"now": "tomorrow"}, "now", ["2026-12-03T15:00:00-05:00"]),
        (
            client(risk_screen={"taken_at": "2026-01-01T10:00:00"}),
            "clients[0].risk_screen.taken_at",
            ["give the UTC offset"],
        ),
        (
            client(windows=[{"day": "mon", "start": "9:00", "end": "17:00:00"}]),
            "clients[0].windows[0].start",
            ["HH:MM:SS"],
        ),
        (
            client(windows=[{"day": "mon", "start": "17:00:00", "end": "09:00:00"}]),
            "clients[0].windows[0].end",
            ["later than the start"],
        ),
        ({"services": [{"id": "s", "name": "S", "kind": "intake", "minutes": -1}]}, "services[0].minutes", ["from 0"]),
        (
            {"services": [{"id": "s", "name": "S", "kind": "intake", "minutes": 50.0}]},
            "services[0].minutes",
            ["without a decimal point"],
        ),
        ({"practice": []}, "practice", ["object in braces"]),
        ({"clients": {}}, "clients", ["square brackets"]),
        ({"clients": [NG, NG]}, "clients[1]", ["clients[0] has the same id"]),
        (client(therapist="t9"), "clients[0].therapist", ["no therapist with this id"]),
        (
            {**client(therapist="t-okafr"), "therapists": [{"id": "t-okafor", "name": {"family": "Okafor"}}]},
            "clients[0].therapist",
            ["ids that exist: t-okafor"],
        ),
        (
            {
                "proposal": {
                    "service": "s",
                    "therapist": "t",
                    "seats": [],
                    "format": "telehealth",
                    "start": "2026-12-03T15:00:00Z",
                }
            },
            "proposal.seats",
            ["at least one client"],
        ),
    ],
)
def test_each_mistake_names_its_path_and_its_fix(facts: dict[str, Any], field: str, words: list[str]) -> None:
    found = errors(facts)
    assert list(found) == [field]
    for word in words:
        assert word in found[field]


def test_all_mistakes_are_told_at_once() -> None:
    found = errors({"clients": [{**NG, "dob": 1}, {"id": "c2", "name": {"family": "B"}, "birth_date": "x"}], "now": 3})
    assert list(found) == ["clients[0].dob", "clients[1].birth_date", "now"]


def test_rows_are_counted_across_batches() -> None:
    rows = [{**NG, "id": f"c{count}"} for count in range(500)]
    rows[450]["birth_date"] = "x"
    reading = examine(io.BytesIO(data := json.dumps({"clients": rows}).encode()), size=len(data))
    assert [(one.row, one.field) for one in reading.errors] == [(451, "clients[450].birth_date")]


def test_reading_stops_after_many_errors() -> None:
    data = json.dumps({"clients": [{}] * 5000}).encode()
    with pytest.raises(BadFile) as caught:
        read_facts(data)
    assert len(caught.value.errors) == MOST_ERRORS
    assert str(caught.value).count("\n") <= 22


def test_no_error_repeats_what_the_file_says_of_a_person() -> None:
    """The sentence may be shown anywhere; names and dates of the file may not."""
    secret = "Marisol-1990-02-03"
    facts = client(status=secret, birth_date=secret, email=[secret], concern=secret * 40, languages={secret: 1})
    with pytest.raises(BadFile) as caught:
        read_facts(json.dumps(facts).encode())
    assert secret not in str(caught.value)
    with pytest.raises(BadFile) as caught:
        read_facts(b'{"clients": [{"name": "' + secret.encode() + b'", oops')
    assert secret not in str(caught.value)
    assert caught.value.__suppress_context__


def _nested(depth: int) -> bytes:
    return b'{"rules":[{"value":' + b"[" * depth + b"]" * depth + b"}]}"


HOSTILE = {
    "empty": b"",
    "blank": b"  \n ",
    "cut off": b'{"clients": [{"id": "c1"',
    "list": b"[]",
    "number": b"3",
    "deep": _nested(DEEPEST + 1),
    "very deep": b'{"a":' * 1_000_000,
    "deep and open": b'{"clients":' + b"[" * 3_000_000,
    "large integer": b'{"clients": [1' + b"0" * 5000 + b"]}",
    "large exponent": b'{"clients": [1e400000000]}',
    "nan": b'{"clients": [NaN]}',
    "raw NUL": b'{"clients": ["a\x00b"]}',
    "NUL": b'{"practice": {"name": "a\\u0000b"}}',
    "NUL in a name": b'{"practice": {"a\\u0000b": 1}}',
    "bytes that are no UTF-8": b'{"practice": {"name": "\xff\xfe"}}',
    "surrogate as UTF-8": b'{"practice": {"name": "\xed\xa0\x80"}}',
    "repeated field": b'{"practice": {"name": "a", "name": "b"}}',
    "repeated list": b'{"clients": [], "clients": []}',
    "text after the end": b"{} {}",
    "comment": b"/* facts */ {}",
    "zip": b"PK\x03\x04" + b"\x00" * 100,
    "gzip": b"\x1f\x8b" + b"\x00" * 100,
    "UTF-16": '{"clients": []}'.encode("utf-16"),
    "one line of 10 MB": b'{"practice": {"name": "' + b"x" * 10_000_000 + b'"}}',
    "one row of many values": b'{"rules":[{"value":[' + b"1," * MOST_VALUES + b"1]}]}",
    "one object of many fields": b'{"a":{' + b",".join(b'"%d":[[]]' % n for n in range(MOST_VALUES // 2 + 1)) + b"}}",
    "many unknown fields": json.dumps({f"x{count}": [1] for count in range(5000)}).encode(),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_gets_a_sentence(name: str) -> None:
    with pytest.raises(BadFile) as caught:
        read_facts(HOSTILE[name])
    assert all(one.sentence.endswith((".", "?")) for one in caught.value.errors)


def test_depth_that_is_allowed_reads() -> None:
    depth = DEEPEST - 3
    fact = {"key": "k", "source": "s", "confidence": "low", "verified_on": "2026-01-01"}
    text = json.dumps({"rules": [{**fact, "value": 0}]}).replace('"value": 0', '"value": ' + "[" * depth + "]" * depth)
    assert len(read_facts(text.encode()).rules) == 1


def test_progress_is_told_and_may_cancel() -> None:
    data = json.dumps({"clients": [{**NG, "id": f"c{count}"} for count in range(3000)]}).encode()
    told: list[tuple[int, int]] = []
    examine(io.BytesIO(data), size=len(data), progress=lambda done, total: told.append((done, total)))
    assert told == sorted(told)
    assert told[-1] == (len(data), len(data))
    assert len(told) > 10

    def cancel(done: int, total: int) -> None:
        if done > total // 2:
            raise Canceled

    with pytest.raises(Canceled):
        examine(io.BytesIO(data), size=len(data), progress=cancel)


def test_the_text_is_read_in_small_parts() -> None:
    class Counting(io.BytesIO):
        largest = 0

        def read(self, size: int | None = -1) -> bytes:
            part = super().read(size)
            self.largest = max(self.largest, len(part))
            return part

    stream = Counting(json.dumps({"clients": [NG] * 20_000}).encode())
    assert sum(1 for _piece in pieces(stream)) == 20_001
    assert stream.largest <= 64 * 1024


def test_the_same_facts_give_the_same_bytes_in_any_order() -> None:
    people = [Client(id=ClientId(key), name=Name(family=key), birth_date=date(1990, 1, 1)) for key in ("b", "a")]
    one, other = Facts(clients=tuple(people)), Facts(clients=tuple(reversed(people)))
    assert other.caseloads == {}  # what a value remembers of questions asked is not part of the file
    assert write_facts(one) == write_facts(other)
    assert write_facts(one).endswith(b"}\n")
    assert write_facts(one).index(b'"practice"') < write_facts(one).index(b'"clients"')


def test_every_list_of_facts_is_read_as_rows() -> None:
    assert {one.name for one in fields(Facts)} - set(lists()) == {"practice", "now", "proposal", "request"}


def _round_trip(facts: Facts) -> None:
    written = write_facts(facts)
    reading = examine(io.BytesIO(written), size=len(written))
    assert reading.errors == ()
    assert write_facts(Facts(**reading.values)) == written


@pytest.mark.parametrize("name", lists())
@given(data=st.data())
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
def test_records_that_are_written_read_back_the_same(name: str, data: st.DataObject) -> None:
    _round_trip(Facts(**{name: data.draw(LISTS[name])}))


@given(QUESTIONS)
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_questions_that_are_written_read_back_the_same(question: dict[str, Any]) -> None:
    _round_trip(Facts(**question))


def test_bad_input_is_what_a_caller_catches() -> None:
    with pytest.raises(BadInput, match="this is not valid JSON"):
        read_facts(b"{")
