"""The terminal: its answers for people and programs, its exit codes, and what it refuses to say."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from icalendar import Calendar
from typer.testing import CliRunner, Result

from desktop import __version__
from desktop.cli.app import app
from desktop.cli.output import safe
from desktop.cli.session import PASSPHRASE as VARIABLE
from desktop.clinic.clients import Client
from desktop.clinic.facts import Facts
from desktop.clinic.moments import Weekday, Window
from desktop.clinic.people import Address, ClientId, Name, State, TherapistId
from desktop.clinic.practice import Practice
from desktop.clinic.referral import Referral, Stage
from desktop.clinic.requests import Proposal, Request
from desktop.clinic.services import Format, Service, ServiceId, ServiceKind
from desktop.clinic.therapists import Hours, License, LicenseStatus, Therapist
from desktop.clinic.visits import Seat, Visit, VisitId, VisitStatus
from desktop.documents.sheet import read_facts, write_facts
from desktop.office.demo import demo_facts
from desktop.records.store import Store
from tests.conftest import PASSPHRASE, ROSA, TODAY

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
OWN_RULE = {"source": "the practice", "confidence": "low", "verified_on": "2026-11-01"}
TUESDAY = datetime(2026, 12, 1, 15, 0, tzinfo=UTC)


def facts(state: State = State.PA, *, status: LicenseStatus = LicenseStatus.ACTIVE, **more: Any) -> Facts:
    """One therapist with a Pennsylvania license, one client at home in that state, one proposed visit by video."""
    license_ = License(
        state=State.PA,
        title="LPC",
        number="PC900001",
        status=status,
        expires=date(2027, 2, 28),
        verified_on=date(2026, 11, 1),
    )
    therapist = Therapist(
        id=TherapistId("t1"),
        name=Name(given="Tova", family="Lindgren"),
        licenses=(license_,),
        hours=tuple(Hours(window=Window(day=day, start=time(8), end=time(20))) for day in list(Weekday)[:5]),
        caseload_cap=30,
    )
    client = Client(
        id=ClientId("c1"),
        name=Name(given="Uma", family="Okafor"),
        birth_date=date(1990, 5, 1),
        address=Address(state=state),
    )
    service = Service(id=ServiceId("intake"), name="Intake", kind=ServiceKind.INTAKE)
    given = Facts(
        practice=Practice(name="Test practice"),
        services=(service,),
        therapists=(therapist,),
        clients=(client,),
        now=NOW,
        proposal=Proposal(
            service=service.id,
            therapist=therapist.id,
            seats=(Seat(client=client.id, expected_state=state),),
            format=Format.TELEHEALTH,
            start=TUESDAY,
        ),
        request=Request(
            client=client.id,
            service=service.id,
            formats=frozenset({Format.TELEHEALTH}),
            state=state,
            from_day=date(2026, 11, 24),
        ),
    )
    return replace(given, **more)


@pytest.fixture
def run() -> Callable[..., Result]:
    """Run `warm-handoff` with the passphrase of the tests' clinic files in the environment."""

    def invoke(*words: object, text: str | None = None, env: dict[str, str] | None = None) -> Result:
        runner = CliRunner(env={VARIABLE: PASSPHRASE, "COLUMNS": "200", **(env or {})})
        return runner.invoke(app, [str(word) for word in words], input=text, prog_name="warm-handoff")

    return invoke


@pytest.fixture
def clinic(demo_store: Store) -> tuple[str, ...]:
    """The options that open a copy of the demo clinic."""
    return ("--file", str(demo_store.path), "--user", str(ROSA.user))


def written(folder: Path, given: Facts) -> Path:
    """The facts as a file."""
    path = folder / "facts.json"
    path.write_bytes(write_facts(given))
    return path


def test_version(run: Callable[..., Result]) -> None:
    """One line."""
    assert run("--version").stdout == f"warm-handoff {__version__}\n"


def test_check_allows_with_the_basis(run: Callable[..., Result], tmp_path: Path) -> None:
    """Exit 0, and the reasons say on which license."""
    found = run("check", written(tmp_path, facts()), "--json")
    answer = json.loads(found.stdout)
    assert found.exit_code == 0
    assert answer["outcome"] in ("ALLOW", "WARN")
    assert any(one["evidence"].get("number") == "PC900001" for one in answer["reasons"])
    assert set(answer["reasons"][0]) == {"code", "outcome", "sentence", "evidence"}


def test_check_blocks_another_state_with_exit_4(run: Callable[..., Result], tmp_path: Path) -> None:
    """The worst reason comes first."""
    found = run("check", written(tmp_path, facts(State.NJ)), "--json")
    answer = json.loads(found.stdout)
    assert found.exit_code == 4
    assert answer["outcome"] == "BLOCK"
    assert answer["reasons"][0]["code"] == "LIC_NONE"
    ranks = [["BLOCK", "HOLD", "WARN", "ALLOW"].index(one["outcome"]) for one in answer["reasons"]]
    assert ranks == sorted(ranks)


def test_check_holds_with_exit_3(run: Callable[..., Result], tmp_path: Path) -> None:
    """A license on probation needs somebody's signature."""
    found = run("check", written(tmp_path, facts(status=LicenseStatus.PROBATION)), "--json")
    assert json.loads(found.stdout)["outcome"] == "HOLD"
    assert found.exit_code == 3


def test_check_for_people_is_a_table(run: Callable[..., Result], tmp_path: Path) -> None:
    """With the code and the sentence, and the same exit code."""
    found = run("check", written(tmp_path, facts(State.NJ)))
    assert "LIC_NONE" in found.stdout
    assert "Tova Lindgren" in found.stdout
    assert found.exit_code == 4


def test_check_reads_standard_input(run: Callable[..., Result]) -> None:
    """With a dash for the file."""
    found = run("check", "-", "--json", text=write_facts(facts()).decode())
    assert found.exit_code == 0


def test_check_uses_the_files_own_rules(run: Callable[..., Result], tmp_path: Path) -> None:
    """The practice's entries stand on top of the rulebook, so one of the wrong kind is refused."""
    given = json.loads(write_facts(facts(State.NJ)))
    given["rules"] = [OWN_RULE | {"key": "compact.counseling.NJ", "value": {"member_from": 2024}}]
    path = tmp_path / "facts.json"
    path.write_text(json.dumps(given))
    found = run("check", path, "--json")
    assert found.exit_code == 2
    assert "rules.compact.counseling.NJ" in found.stderr


@pytest.mark.parametrize("command", ["check", "match"])
@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", ""),
        ("{", ""),
        ("[]", ""),
        ("{}", "warm-handoff schema"),
        ('{"clients": [{"id": "c1"}]}', "clients"),
        ('{"now": "2026-11-23T10:00:00"}', "now"),
        ('{"nonsense": 1}', "nonsense"),
        ("PK\x03\x04", ""),
    ],
)
def test_unusable_input_is_a_sentence_and_exit_2(
    run: Callable[..., Result], tmp_path: Path, command: str, content: str, said: str
) -> None:
    """On standard error, without a traceback, and nothing on standard output."""
    path = tmp_path / "facts.json"
    path.write_text(content, encoding="utf-8")
    found = run(command, path, "--json")
    assert found.exit_code == 2
    assert found.stdout == ""
    assert found.stderr.strip()
    assert said in found.stderr
    assert "Traceback" not in found.stderr


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (("proposal", "start"), "9999-12-31T23:59:00+00:00", "proposal.start"),
        (("proposal", "start"), "0001-01-01T00:00:00+23:00", "proposal.start"),
        (("request", "from_day"), "9999-12-20", "request.from_day"),
        (("now",), "9999-12-31T23:00:00Z", "now"),
        (("rules",), [OWN_RULE | {"key": "license.verify_every_days", "value": "often"}], "license.verify_every_days"),
    ],
)
@pytest.mark.parametrize("command", ["check", "match"])
def test_values_that_nobody_could_mean_are_refused_by_name(
    run: Callable[..., Result], tmp_path: Path, command: str, path: tuple[str, ...], value: object, said: str
) -> None:
    """The ends of the calendar, and a rule of another kind."""
    given = json.loads(write_facts(facts()))
    place = given
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    file = tmp_path / "facts.json"
    file.write_text(json.dumps(given))
    found = run(command, file, "--json")
    assert found.exit_code == 2
    assert said in found.stderr


def test_a_missing_file_is_a_sentence(run: Callable[..., Result], tmp_path: Path) -> None:
    """It names the file."""
    found = run("check", tmp_path / "nowhere.json")
    assert found.exit_code == 2
    assert "nowhere.json" in found.stderr


def test_match_answers_for_every_therapist(run: Callable[..., Result], tmp_path: Path) -> None:
    """Eligible with points and what they are for, or excluded with every failed rule."""
    found = run("match", written(tmp_path, facts()), "--json")
    answer = json.loads(found.stdout)
    assert found.exit_code == 0
    assert list(answer) == ["outcome", "reasons", "eligible", "excluded"]
    (one,) = answer["eligible"]
    assert (one["therapist"], one["name"]) == ("t1", "Lindgren, Tova")
    assert 0 < one["points"] <= 100
    assert all(0 <= part["points"] <= part["most"] and part["sentence"] for part in one["criteria"])
    assert 1 <= len(one["openings"]) <= 3
    assert datetime.fromisoformat(one["openings"][0]["start"]).tzinfo is not None
    refused = json.loads(run("match", written(tmp_path, facts(State.NJ)), "--json").stdout)
    assert refused["eligible"] == []
    assert [one["therapist"] for one in refused["excluded"]] == ["t1"]
    assert "LIC_NONE" in [reason["code"] for reason in refused["excluded"][0]["reasons"]]


def test_match_for_people_shows_both_tables(run: Callable[..., Result], tmp_path: Path) -> None:
    """Even when nobody can."""
    found = run("match", written(tmp_path, facts(State.NJ)))
    assert "Eligible: 0" in found.stdout
    assert "Excluded: 1" in found.stdout


def test_schema_describes_what_export_writes(
    run: Callable[..., Result], clinic: tuple[str, ...], tmp_path: Path
) -> None:
    """And what export writes is read again, value for value."""
    schema = json.loads(run("schema").stdout)
    assert schema["$schema"].endswith("2020-12/schema")
    path = tmp_path / "everything.json"
    assert run(*clinic, "export", "--out", path).exit_code == 0
    assert path.stat().st_mode & 0o077 == 0
    again = read_facts(path.read_bytes())
    assert again.clients == demo_facts(today=TODAY).clients
    refused = run(*clinic, "export", "--out", path)
    assert refused.exit_code == 2, "an export never writes over a file"


def test_new_makes_a_clinic_and_shows_the_recovery_key(run: Callable[..., Result], tmp_path: Path) -> None:
    """Once; and the file is encrypted."""
    path = tmp_path / "own.handoff"
    found = run("new", path, "--practice", "Lantern Practice", "--user", "rosa")
    assert found.exit_code == 0, found.stderr
    assert "Recovery key" in found.stdout
    assert not path.read_bytes().startswith(b"SQLite")
    assert run("new", path, "--practice", "Lantern Practice", "--user", "rosa").exit_code == 2
    assert run("-f", path, "-u", "rosa", "referrals", "--json").stdout == "[]\n"
    wrong = run("-f", path, "-u", "rosa", "referrals", env={VARIABLE: "not this one at all"})
    assert wrong.exit_code == 2
    assert "passphrase" in wrong.stderr


def test_the_passphrase_comes_from_a_file(run: Callable[..., Result], clinic: tuple[str, ...], tmp_path: Path) -> None:
    """Before the environment, and the options may stand after the command."""
    secret = tmp_path / "secret"
    secret.write_text(PASSPHRASE + "\n")
    found = run("referrals", "--json", *clinic, "--passphrase-file", secret, env={VARIABLE: "wrong"})
    assert found.exit_code == 0


def test_without_a_passphrase_or_a_terminal_it_says_so(clinic: tuple[str, ...]) -> None:
    """It never waits for an answer that cannot come, and has no option for a passphrase on the command line."""
    runner = CliRunner(env={VARIABLE: None})
    found = runner.invoke(app, [*clinic, "referrals"], input="")
    assert found.exit_code == 2
    assert VARIABLE in found.stderr
    assert runner.invoke(app, [*clinic, "--passphrase", PASSPHRASE, "referrals"]).exit_code == 2


def test_a_command_without_a_clinic_file_says_which_option(run: Callable[..., Result]) -> None:
    """One sentence."""
    found = run("referrals")
    assert found.exit_code == 2
    assert "--file" in found.stderr


def test_the_only_user_need_not_be_named(run: Callable[..., Result], demo_store: Store) -> None:
    """As in the demo clinic; a file that is not there is still a sentence."""
    assert run("--file", demo_store.path, "referrals", "--json").exit_code == 0
    missing = run("--file", demo_store.path.with_name("other.handoff"), "referrals")
    assert missing.exit_code == 2
    assert "There is no file" in missing.stderr


def test_referrals_are_listed_with_what_is_due(run: Callable[..., Result], clinic: tuple[str, ...]) -> None:
    """Sixty open ones, overdue ones first; all with --all."""
    found = json.loads(run(*clinic, "referrals", "--json").stdout)
    assert len(found) == 60
    assert all(one["owner"] and one["next_action"] and one["due"] and one["bser"] for one in found)
    assert [one["due"] for one in found] == sorted(one["due"] for one in found)
    assert len(json.loads(run(*clinic, "referrals", "--all", "--json").stdout)) > 60
    assert "Referrals: 60" in run(*clinic, "referrals").stdout


def test_import_shows_a_preview_and_can_be_undone(
    run: Callable[..., Result], clinic: tuple[str, ...], demo_store: Store, tmp_path: Path
) -> None:
    """Nothing before the yes; afterwards everything in one step."""
    table = tmp_path / "clients.csv"
    table.write_text("First name,Last name,DOB\nŁucja,Żółkiewska,1990-05-01\n", encoding="utf-8")
    before = demo_store.dump_hash()
    looked = json.loads(run(*clinic, "import", table, "--kind", "clients", "--preview", "--json").stdout)
    assert looked["counts"] == {"Client": {"add": 1, "change": 0, "unchanged": 0}}
    refused = run(*clinic, "import", table, "--kind", "clients", text="n\n")
    assert refused.exit_code == 1
    assert demo_store.dump_hash() == before
    assert run(*clinic, "import", table, "--kind", "clients", "--yes").exit_code == 0
    assert demo_store.dump_hash() != before
    undone = json.loads(run(*clinic, "undo", "--json").stdout)
    assert undone["changes"] == 1
    assert demo_store.dump_hash() == before


def test_import_with_errors_writes_nothing(
    run: Callable[..., Result], clinic: tuple[str, ...], demo_store: Store, tmp_path: Path
) -> None:
    """Every error by row, and exit 2."""
    table = tmp_path / "clients.csv"
    table.write_text("First name,Last name,DOB\nAda,Good,1990-05-01\nBo,Bad,someday\n", encoding="utf-8")
    before = demo_store.dump_hash()
    found = run(*clinic, "import", table, "--kind", "clients", "--yes", "--json")
    assert found.exit_code == 2
    assert [one["row"] for one in json.loads(found.stdout)["errors"]] == [3]
    assert demo_store.dump_hash() == before
    wrong = run(*clinic, "import", table, "--kind", "people")
    assert wrong.exit_code == 2
    assert "--kind" in wrong.stderr


def test_match_and_book_a_referral_on_file(
    run: Callable[..., Result], clinic: tuple[str, ...], demo_store: Store
) -> None:
    """The best match is booked at its first opening; asking for an excluded therapist says why not."""
    key, answer = _matchable(run, clinic, demo_store)
    best = answer["eligible"][0]
    booked = run(*clinic, "book", key, "--json")
    assert booked.exit_code == 0, booked.stderr
    visit = json.loads(booked.stdout)["visit"]
    assert visit["therapist"] == best["therapist"]
    assert datetime.fromisoformat(visit["start"]) == datetime.fromisoformat(best["openings"][0]["start"])
    with demo_store.reading() as reader:
        referral = reader.get(Referral, key)
        assert referral.stage is Stage.BOOKED
        assert reader.get(Visit, visit["id"]).status is VisitStatus.SCHEDULED
    excluded = answer["excluded"][0]
    refused = run(*clinic, "book", key, "--therapist", excluded["therapist"])
    assert refused.exit_code == 2
    assert excluded["reasons"][0]["sentence"] in refused.stderr


def test_undo_takes_the_latest_task_back(
    run: Callable[..., Result], clinic: tuple[str, ...], demo_store: Store
) -> None:
    """A booking becomes one that was made in error, and the list names the tasks."""
    key, _answer = _matchable(run, clinic, demo_store)
    visit = json.loads(run(*clinic, "book", key, "--json").stdout)["visit"]
    assert run(*clinic, "undo").exit_code == 0
    with demo_store.reading() as reader:
        assert reader.get(Visit, visit["id"]).status is VisitStatus.BOOKED_IN_ERROR
    tasks = json.loads(run(*clinic, "undo", "--list", "--json").stdout)
    assert len(tasks) >= 2
    assert "Latest tasks" in run(*clinic, "undo", "--list").stdout


def test_calendar_is_a_table_json_or_a_file_without_names(
    run: Callable[..., Result], clinic: tuple[str, ...], tmp_path: Path
) -> None:
    """A part of the name is enough when only one therapist has it."""
    days = ("--from", "2026-11-23", "--to", "2026-12-06")
    visits = json.loads(run(*clinic, "calendar", "Marrero", *days, "--json").stdout)
    assert visits
    assert "appointments" in run(*clinic, "calendar", "therapist-0002", *days).stdout
    assert run(*clinic, "calendar", "therapist-0002", *days, "--out", tmp_path / "out").exit_code == 0
    (path,) = (tmp_path / "out").glob("*.ics")
    events = Calendar.from_ical(path.read_bytes()).walk("VEVENT")
    assert len(events) >= len(visits)
    assert {str(event["SUMMARY"]) for event in events} == {"Appointment"}
    assert "marrero" not in path.name.casefold()
    unclear = run(*clinic, "calendar", "a")
    assert unclear.exit_code == 2


def test_letter_says_what_it_tells_and_writes_a_pdf(
    run: Callable[..., Result], clinic: tuple[str, ...], demo_store: Store, tmp_path: Path
) -> None:
    """A reply without a release is kept back with exit 4 and no file."""
    with demo_store.reading() as reader:
        booked = [one for one in reader.referrals(stages=(Stage.BOOKED,)) if one.visit and one.referrer]
        client = reader.get(Client, booked[0].client)
    confirmation = run(
        *clinic, "letter", "appointment_confirmation", "--visit", booked[0].visit, "--out", tmp_path / "a.pdf"
    )
    assert confirmation.exit_code == 0, confirmation.stdout + confirmation.stderr
    page = pypdfium2.PdfDocument(tmp_path / "a.pdf")
    assert "988" in page[0].get_textpage().get_text_range()
    page.close()
    told = json.loads(run(*clinic, "letter", "reply_to_referrer", "--referral", booked[0].id, "--json").stdout)
    assert {one["basis"] for one in told["disclosed"]} == {f"release-{booked[0].id}"}
    with demo_store.writing(ROSA, "Revoke") as writer:
        before = writer.get(Client, client.id)
        writer.replace(before, replace(before, releases=()))
    kept = run(
        *clinic, "letter", "reply_to_referrer", "--referral", booked[0].id, "--out", tmp_path / "b.pdf", "--json"
    )
    assert kept.exit_code == 4
    assert json.loads(kept.stdout)["reasons"][0]["code"] == "ROI_MISSING"
    assert not (tmp_path / "b.pdf").exists()


def test_verify_finds_a_sound_file_and_a_damaged_one(
    run: Callable[..., Result], clinic: tuple[str, ...], demo_store: Store
) -> None:
    """Exit 0 and 1."""
    assert json.loads(run(*clinic, "verify", "--json").stdout) == {"sound": True, "problems": []}
    demo_store.close()
    data = bytearray(demo_store.path.read_bytes())
    data[-5000] ^= 0xFF
    demo_store.path.write_bytes(data)
    found = run(*clinic, "verify", "--json")
    assert found.exit_code in (1, 2)
    assert found.exit_code == 2 or not json.loads(found.stdout)["sound"]


def test_demo_walks_the_whole_job(run: Callable[..., Result], tmp_path: Path) -> None:
    """Twice into the same folder; what another passphrase protects is never replaced."""
    out = tmp_path / "out"
    found = run("demo", "--out", out, "--today", "2026-11-23")
    assert found.exit_code == 0, found.stderr
    for name in ("Żółkiewska, Łucja", "Smith & Sons, Zuri", "王", "עדי"):
        assert name in found.stdout
    assert "10 of 12 new referrals are booked" in found.stdout
    assert "LIC_NONE" in found.stdout
    assert "CONSENT_MINOR" in found.stdout
    assert "ROI_MISSING" in found.stdout
    assert not (out / "demo.handoff").read_bytes().startswith(b"SQLite")
    letters = sorted(out.glob("letter-*.pdf"))
    assert len(letters) >= 12
    assert all(path.read_bytes().startswith(b"%PDF") for path in letters)
    assert len(list(out.glob("appointments-*.ics"))) >= 5
    assert {path.stat().st_mode & 0o077 for path in out.iterdir()} == {0}
    other = run("demo", "--out", out, "--today", "2026-11-23", env={VARIABLE: "quite another secret"})
    assert other.exit_code == 2
    assert sorted(out.glob("letter-*.pdf")) == letters
    again = run("demo", "--out", out, "--today", "2026-11-23")
    assert again.exit_code == 0
    assert len(list(out.glob("letter-*.pdf"))) == len(letters)
    assert not set(out.glob("letter-*.pdf")) & set(letters)


def test_control_characters_of_data_do_not_reach_the_terminal() -> None:
    """Nor do overrides of the direction; letters of every script do."""
    assert safe("a\x1b[31mb\x07\u202ec\x9b") == "a\ufffd[31mb\ufffd\ufffdc\ufffd"
    assert safe("Łucja 王 עדי\n\tЖ") == "Łucja 王 עדי\n\tЖ"


def test_names_with_markup_are_shown_letter_for_letter(run: Callable[..., Result], tmp_path: Path) -> None:
    """Rich would read [red] as a color."""
    odd = replace(facts().therapists[0], name=Name(given="[red]Bo[/red]", family="\x1b[31mLd"))
    found = run("match", written(tmp_path, facts(therapists=(odd,))))
    assert "[red]Bo[/red]" in found.stdout
    assert "\x1b" not in found.stdout


def test_self_check_in_a_process_of_its_own() -> None:
    """The real entry point, with exit 0; and its start loads nothing heavy."""
    command = [sys.executable, "-m", "desktop.cli"]
    found = subprocess.run([*command, "--self-check"], capture_output=True, text=True, check=False, encoding="utf-8")
    assert found.returncode == 0, found.stdout + found.stderr
    assert "clinic file" in found.stdout
    loaded = "import sys; from desktop.cli.app import app; print(*sys.modules)"
    modules = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True).stdout.split()
    assert not {"sqlalchemy", "reportlab", "PySide6", "msgspec", "icalendar", "jsonschema_rs"} & set(modules)


def _matchable(run: Callable[..., Result], clinic: tuple[str, ...], store: Store) -> tuple[str, dict[str, Any]]:
    """An open referral that has not been booked, and its match with somebody eligible."""
    with store.reading() as reader:
        found = reader.referrals(stages=(Stage.TRIAGED, Stage.ACKNOWLEDGED))
    for referral in found:
        answer = json.loads(run(*clinic, "match", referral.id, "--json").stdout)
        if answer["outcome"] == "ALLOW" and answer["eligible"] and answer["excluded"]:
            return referral.id, answer
    raise AssertionError


def test_the_cliff_of_a_facts_file(run: Callable[..., Result], tmp_path: Path) -> None:
    """What ends, with the visits behind it; for people too, and from standard input."""
    visit = Visit(
        id=VisitId("v1"),
        service=ServiceId("intake"),
        therapist=TherapistId("t1"),
        seats=(Seat(client=ClientId("c1"), expected_state=State.PA),),
        format=Format.TELEHEALTH,
        start=datetime(2027, 3, 2, 15, tzinfo=UTC),
        end=datetime(2027, 3, 2, 16, tzinfo=UTC),
    )
    path = written(tmp_path, facts(visits=(visit,)))
    expected = {
        "therapist": "t1",
        "name": "Lindgren, Tova",
        "kind": "license",
        "what": "PA LPC PC900001",
        "on": "2027-02-28",
        "days": 97,
        "stranded": ["v1"],
    }
    assert json.loads(run("cliff", path, "--json").stdout) == [expected]
    assert json.loads(run("cliff", "-", "--json", text=path.read_text("utf-8")).stdout) == [expected]
    assert "PA LPC PC900001" in run("cliff", path).stdout


def test_the_cliff_and_the_demand_of_a_clinic(run: Callable[..., Result], clinic: tuple[str, ...]) -> None:
    """The demo practice: licenses end in February, and somebody waits."""
    ends = json.loads(run(*clinic, "cliff", "--json").stdout)
    assert ends == sorted(ends, key=lambda one: str(one["on"]))
    assert sum(len(one["stranded"]) for one in ends) > 1000
    board = json.loads(run("demand", "--json", *clinic).stdout)
    assert board["waiting"] > 20
    assert {one["daypart"] for one in board["cells"]} == {"morning", "afternoon", "evening", "weekend"}
    assert run("demand", *clinic).exit_code == 0


def test_rules_are_listed_without_any_file(run: Callable[..., Result], tmp_path: Path) -> None:
    """What ships; and with a facts file's own entries on top."""
    found = json.loads(run("rules", "--json").stdout)
    assert len(found) > 100
    assert {"key", "value", "valid_from", "source", "verified_on", "stale", "own", "in_force"} <= set(found[0])
    own = {"key": "kap.integration_hours", "value": 48, **OWN_RULE}
    path = written(tmp_path, facts())
    path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), "rules": [own]}), "utf-8")
    mine = [one for one in json.loads(run("rules", "list", path, "--json").stdout) if one["own"]]
    assert [(one["key"], one["value"], one["in_force"]) for one in mine] == [("kap.integration_hours", 48, True)]
    assert "kap.integration_hours" in run("rules", "list", path).stdout.replace("\n", "")


def test_a_rule_is_set_from_the_terminal(run: Callable[..., Result], clinic: tuple[str, ...]) -> None:
    """With name and reason; a value is written as in TOML, and refused with a sentence when it does not fit."""
    signed = ("--source", "Board notice", "--name", "Dr. Lead", "--reason", "Live")
    key = "compact.counseling.PA"
    found = run(*clinic, "rules", "set", key, "{issuing_from = 2027-01-04}", *signed, "--from", "2026-12-01", "--json")
    assert json.loads(found.stdout)["value"] == {"issuing_from": "2027-01-04"}
    listed = json.loads(run("rules", "list", "--json", *clinic).stdout)
    assert [one["entered_by"] for one in listed if one["own"]] == ["Dr. Lead"]
    for wrong in ("soon", "{issuing_from = ", "12"):
        refused = run(*clinic, "rules", "set", key, wrong, *signed)
        assert refused.exit_code == 2
        assert "value" in refused.stderr
    assert run(*clinic, "rules", "set", key, "{}", "--name", "x", "--reason", "y").exit_code == 2
