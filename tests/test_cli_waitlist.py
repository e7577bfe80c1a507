"""The waitlist in the terminal: of a clinic file and of a facts file."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from desktop.cli.app import app
from desktop.cli.session import PASSPHRASE as VARIABLE
from desktop.clinic.waiting import Waiting, WaitingId
from desktop.documents.sheet import write_facts
from desktop.office import booking
from desktop.records.store import Store
from tests.conftest import PASSPHRASE, ROSA
from tests.office.clinic_day import AVA, PROPOSAL, furnish
from tests.test_cli import facts

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)


@pytest.fixture
def run() -> Callable[..., Result]:
    """Run `warm-handoff waitlist` with the passphrase of the tests' clinic files in the environment."""

    def invoke(*words: object) -> Result:
        runner = CliRunner(env={VARIABLE: PASSPHRASE, "COLUMNS": "200"})
        return runner.invoke(app, ["waitlist", *(str(word) for word in words)], prog_name="warm-handoff")

    return invoke


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    """A facts file of one therapist and one client, who waits for what the file's request asks."""
    given = facts()
    assert given.request is not None
    entry = Waiting(
        id=WaitingId("w1"), client=given.clients[0].id, request=given.request, since=NOW - timedelta(days=12)
    )
    path = tmp_path / "facts.json"
    path.write_bytes(write_facts(replace(given, waiting=(entry,), request=None, proposal=None)))
    return path


def answer(found: Result) -> Any:
    """What the command printed as JSON."""
    assert found.exit_code == 0, found.stderr
    return json.loads(found.stdout)


def test_plan_of_a_facts_file(run: Callable[..., Result], sheet: Path) -> None:
    """Without any clinic file: who goes to whom, with points, opening and what is left."""
    found = answer(run("plan", sheet, "--json"))
    (placed,) = found["placements"]
    assert (placed["client"], placed["therapist"], found["unmet"], found["proven"]) == ("c1", "t1", [], True)
    assert placed["opening"]["format"] == "telehealth"
    assert sum(one["most"] for one in placed["criteria"]) > 0
    assert found["rooms"][0]["given"] == 1
    shown = run("plan", sheet)
    assert "Placed: 1" in shown.stdout
    assert "Lindgren" in shown.stdout


def test_plan_says_why_somebody_is_left(run: Callable[..., Result], sheet: Path) -> None:
    """With code, sentence and evidence."""
    given = json.loads(sheet.read_text())
    given["waiting"][0]["request"]["state"] = "NJ"
    sheet.write_text(json.dumps(given))
    (left,) = answer(run("plan", sheet, "--json"))["unmet"]
    assert left["reasons"][0]["code"] == "NOBODY"
    assert left["reasons"][0]["evidence"] == {"license": "1"}


def test_slot_of_a_facts_file(run: Callable[..., Result], sheet: Path) -> None:
    """Whom to call, and why not the others."""
    fits = answer(run("slot", sheet, "--therapist", "t1", "--start", "2026-12-01T10:00:00-05:00", "--json"))
    assert [one["client"] for one in fits["calls"]] == ["c1"]
    assert "Uma" in fits["calls"][0]["script"]
    night = answer(run("slot", sheet, "--therapist", "t1", "--start", "2026-11-22T10:00:00-05:00", "--json"))
    assert night["reasons"][0]["code"] == "SLOT_PAST"
    assert night["others"][0]["reasons"][0]["code"] == "TOO_EARLY"
    assert "call 1" in run("slot", sheet, "--therapist", "t1", "--start", "2026-12-01T10:00:00-05:00").stdout


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "--therapist"),
        (("--therapist", "t1", "--start", "soon"), "--start"),
        (("--therapist", "t1", "--start", "2026-12-01T10:00:00"), "UTC offset"),
        (("--therapist", "nobody", "--start", "2026-12-01T10:00:00-05:00"), "nobody"),
        (("--visit", "v1"), "facts file"),
    ],
)
def test_unusable_slots_are_a_sentence(
    run: Callable[..., Result], sheet: Path, options: tuple[str, ...], said: str
) -> None:
    """With exit 2."""
    found = run("slot", sheet, *options)
    assert found.exit_code == 2
    assert said in found.stderr


def test_an_entry_of_nobody_is_refused_by_name(run: Callable[..., Result], sheet: Path) -> None:
    """The reference is found like every other."""
    given = json.loads(sheet.read_text())
    given["waiting"][0]["client"] = "nobody"
    sheet.write_text(json.dumps(given))
    found = run("plan", sheet)
    assert found.exit_code == 2
    assert "waiting[0].client" in found.stderr


def test_the_demo_clinics_waitlist(run: Callable[..., Result], demo_store: Store) -> None:
    """Its list and its plan, as JSON and as tables."""
    clinic = ("--file", demo_store.path, "--user", ROSA.user)
    listed = answer(run("list", "--json", *clinic))
    assert len(listed) == 25
    bands = [["urgent", "soon", "routine"].index(one["priority"]) for one in listed]
    assert bands == sorted(bands)
    assert "Waiting: 25" in run("list", *clinic).stdout
    assert "Unmet" in run("plan", *clinic).stdout


def test_a_canceled_visits_slot(run: Callable[..., Result], store: Store) -> None:
    """By its id alone."""
    visit = booking.book(furnish(store), ROSA, replace(PROPOSAL, start=PROPOSAL.start + timedelta(days=7)))
    clinic = ("--file", store.path, "--user", ROSA.user)
    assert "cancel it first" in run("slot", "--visit", visit.id, *clinic).stderr
    booking.cancel(store, ROSA, visit.id, by="client")
    found = answer(run("slot", "--visit", visit.id, "--json", *clinic))
    assert found["slot"]["therapist"] == AVA.id
    assert found["calls"] == []
