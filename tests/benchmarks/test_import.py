"""20 MB of input: read, checked and compared in seconds, in memory that does not grow with the text."""

from __future__ import annotations

import io
import json
import tracemalloc
from datetime import date
from typing import TYPE_CHECKING

import pytest

from desktop.documents.fhir import read_patients
from desktop.documents.roster import read_roster
from desktop.documents.sheet import examine, write_facts
from desktop.documents.stream import pieces
from desktop.office.demo import demo_facts
from tests.benchmarks.measure import median

if TYPE_CHECKING:
    from pytest_benchmark.fixture import BenchmarkFixture

MB = 1024 * 1024


@pytest.fixture(scope="module")
def clinic() -> bytes:
    """A clinic's JSON file of at least 20 MB."""
    written = write_facts(demo_facts(seed=1, today=date(2026, 11, 23)))
    assert len(written) > 20 * MB
    return written


def test_a_clinic_of_20_mb_is_checked_within_8_seconds(benchmark: BenchmarkFixture, clinic: bytes) -> None:
    reading = benchmark.pedantic(lambda: examine(io.BytesIO(clinic), size=len(clinic)), rounds=3)
    assert reading.errors == ()
    benchmark.extra_info["MB/s"] = len(clinic) / MB / median(benchmark)
    assert median(benchmark) < 8


def test_the_text_streams_in_bounded_memory() -> None:
    row = {"id": "v", "service": "s", "therapist": "t", "seats": [{"client": "c"}], "format": "telehealth"}
    stream = io.BytesIO(json.dumps({"visits": [row] * 60_000}).encode())
    tracemalloc.start()
    try:
        rows = sum(1 for _piece in pieces(stream))
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert rows > 60_000
    assert peak < 2 * MB


def test_a_table_of_50_000_rows_within_15_seconds(benchmark: BenchmarkFixture) -> None:
    rows = b"".join(
        b"Family%d,Given%d,2/3/1990,215-555-%04d,1 Main St,%s\n"
        % (n, n, n % 10_000, (b"19010", b"08033", b"19104")[n % 3])
        for n in range(50_000)
    )
    table = b"Last name,First name,DOB,Phone,Address,ZIP\n" + rows
    found = benchmark.pedantic(lambda: read_roster(table), rounds=1)
    assert len(found.rows) == 50_000
    assert median(benchmark) < 15


def test_20_mb_of_fhir_patients_within_20_seconds(benchmark: BenchmarkFixture) -> None:
    patient = {
        "resourceType": "Patient",
        "name": [{"use": "official", "family": "Ng", "given": ["Ann"]}],
        "birthDate": "1990-02-03",
        "telecom": [{"system": "phone", "value": "215-555-0142"}],
        "address": [{"line": ["1 Main St"], "city": "Bryn Mawr", "state": "PA", "postalCode": "19010"}],
        "text": {"status": "generated", "div": f'<div xmlns="http://www.w3.org/1999/xhtml">{"x" * 760}</div>'},
    }
    lines = b"\n".join(json.dumps({**patient, "id": f"p{n}"}).encode() for n in range(19_000))
    assert len(lines) > 20 * MB
    found = benchmark.pedantic(lambda: read_patients(lines), rounds=1)
    assert len(found.rows) == 19_000
    assert median(benchmark) < 20
