"""The clinic file: transactions, changes, what an open file proves."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlcipher3.dbapi2 as driver
from sqlalchemy.exc import IntegrityError

from desktop.clinic.clients import Client
from desktop.clinic.errors import (
    AlreadyThere,
    BadInput,
    CannotOpen,
    Missing,
    NewerThanProgram,
    NotAClinicFile,
    Stale,
)
from desktop.clinic.facts import Facts
from desktop.clinic.people import ClientId
from desktop.clinic.referral import Direction, Referral, Stage
from desktop.clinic.visits import VisitId, VisitStatus
from desktop.records.engine import engine_for
from desktop.records.store import Store, create_store, open_store
from desktop.records.tables import body_of
from tests.conftest import NOW, ROSA
from tests.records.samples import INTAKE, NOON, client_of, kept, visit_of


def test_what_is_written_is_read_again(store: Store) -> None:
    """A value comes back equal, and only under its own id."""
    kept(store, client_of())
    with store.reading() as reader:
        assert reader.get(Client, "c1") == client_of()
        assert reader.find(Client, "c2") is None
        assert reader.many(Client, ["c2", "c1", "c1"]) == (client_of(),)
        assert reader.count(Client) == 1
        with pytest.raises(Missing):
            reader.get(Client, "c2")


def test_a_task_that_fails_leaves_nothing(store: Store) -> None:
    """Neither the record, nor its search words, nor its audit row."""
    before = store.dump_hash()

    def fail() -> None:
        with store.writing(ROSA, "Fail") as writer:
            writer.add(client_of())
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert before == store.dump_hash()
    with store.reading() as reader:
        assert not reader.clients_matching("nguyen")
        assert not reader.events(record="c1")


def test_the_second_of_two_desks_is_told(store: Store) -> None:
    """Who read an older value cannot overwrite the newer one, and cannot remove it."""
    kept(store, client_of())
    read = client_of()
    with store.writing(ROSA, "Edit") as writer:
        writer.replace(read, replace(read, goes_by="Tia"))
    with pytest.raises(Stale), store.writing(ROSA, "Edit") as writer:
        writer.replace(read, replace(read, goes_by="Thea"))
    with pytest.raises(Stale), store.writing(ROSA, "Edit") as writer:
        writer.remove(read)
    with pytest.raises(Missing), store.writing(ROSA, "Edit") as writer:
        writer.replace(client_of(2), client_of(2))
    with pytest.raises(AlreadyThere), store.writing(ROSA, "Edit") as writer:
        writer.add(client_of())


def test_a_body_of_an_older_program_is_not_taken_for_somebody_elses_change(
    store: Store, blank_file: tuple[Path, bytes]
) -> None:
    """A field that came later has its default; the record can still be changed."""
    kept(store, client_of())
    engine = engine_for(store.path, blank_file[1])
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE client SET body = json_remove(body, '$.may_thank_referrer')")
    engine.dispose()
    with store.writing(ROSA, "Edit") as writer:
        writer.replace(client_of(), replace(client_of(), goes_by="Tia"))
    with store.reading() as reader:
        assert reader.get(Client, "c1").goes_by == "Tia"


def test_the_order_in_which_things_are_brought_does_not_matter(store: Store) -> None:
    """A visit that stands before its service has the service's buffers all the same."""
    kept(store, visit_of(), INTAKE)
    with store.reading() as reader:
        taken = reader.taken(NOON, NOON + timedelta(hours=2), ["t1"])["t1"]
    assert [one.end for one in taken] == [NOON + timedelta(minutes=70)]


def test_no_visit_lasts_longer_than_a_day(store: Store) -> None:
    """The look for conflicts goes one day back; a longer visit would be overlooked."""
    day = timedelta(days=1)
    kept(store, INTAKE, visit_of(end=NOON + day - timedelta(minutes=10)))
    with store.reading() as reader:
        assert reader.taken(NOON + day - timedelta(minutes=1), NOON + day, ["t1"])["t1"]
        assert reader.visits(NOON + day - timedelta(minutes=11), NOON + day)
    with pytest.raises(BadInput, match="24 hours"):
        kept(store, visit_of(2, end=NOON + day))


def test_taken_times_have_buffers_for_staff_and_room_only(store: Store) -> None:
    """The client may come from another visit; the therapist needs the ten minutes after."""
    kept(store, INTAKE, visit_of(room="r1"))
    kept(store, visit_of(2, NOON + timedelta(hours=3), status=VisitStatus.CANCELED))
    start, end = NOON - timedelta(hours=1), NOON + timedelta(hours=6)
    with store.reading() as reader:
        taken = reader.taken(start, end, ["t1", "r1", "c1", "c2", "nobody"])
        assert {one: len(times) for one, times in taken.items()} == {"t1": 1, "r1": 1, "c1": 1, "c2": 0, "nobody": 0}
        assert taken["t1"][0].end == taken["r1"][0].end == NOON + timedelta(minutes=70)
        assert taken["c1"][0].end == NOON + timedelta(minutes=60)
        assert not reader.taken(start, end, ["t1"], ignoring=VisitId("v1"))["t1"]
        late = reader.taken(NOON + timedelta(minutes=65), end, ["t1", "c1"])
        assert (len(late["t1"]), len(late["c1"])) == (1, 0)


def test_visits_are_found_by_time_and_by_who_takes_part(store: Store) -> None:
    """Half-open: a visit that ends at the start is not in the span."""
    kept(store, INTAKE, visit_of(), visit_of(2, NOON + timedelta(hours=1), status=VisitStatus.CANCELED))
    with store.reading() as reader:
        assert [one.id for one in reader.visits(NOON, NOON + timedelta(hours=2))] == ["v1"]
        assert [one.id for one in reader.visits(NOON, NOON + timedelta(hours=2), freed=True)] == ["v1", "v2"]
        assert not reader.visits(NOON + timedelta(hours=1), NOON + timedelta(hours=2))
        assert [one.id for one in reader.visits(NOON, NOON + timedelta(hours=2), clients=[ClientId("c1")])] == ["v1"]
        assert [one.id for one in reader.visits_of(ClientId("c2"))] == ["v2"]


@pytest.mark.parametrize(
    "typed",
    [
        "ngu",
        "NGUYEN th",
        "nguyễn",
        "thi",
        "7325550142",
        "(732) 555-0142",
        "5550142",
        "0142",
        "3/14/91",
        "1991-03-14",
        "nguyen 3/14/1991",
        "nguyen 0142",
        "5550142 thi",
        "nguyen 1991",
        "Nguye\u0302\u0303n",
    ],
)
def test_clients_are_found_by_what_a_caller_says(store: Store, typed: str) -> None:
    """A part of a name in any accents, the end of a phone number, a birth date."""
    kept(store, client_of(), client_of(2, "Smith & Sons"))
    with store.reading() as reader:
        assert "c1" in [one.id for one in reader.clients_matching(typed)]
        assert not reader.clients_matching("zzz")


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Łukaszewicz", "lukasz"),
        ("Łukaszewicz", "ŁUKASZ"),
        ("Søndergaard", "sonder"),
        ("Weiß", "weiss"),
        ("Đặng", "dang"),
        ("O'Brien-Nguyễn", "o'brien-nguyen"),
        ("O'Brien-Nguyễn", "brien"),
        ("王", "王"),
        ("Çelik", "çelik"),
        ("Bæk", "baek"),
        ("Ó", "o"),
    ],
)
def test_names_of_every_script_are_found_as_people_type_them(store: Store, name: str, typed: str) -> None:
    """With their own letters, or with those of a keyboard that lacks them."""
    kept(store, client_of(1, name), client_of(2, "Smith"))
    with store.reading() as reader:
        assert [one.id for one in reader.clients_matching(typed)] == ["c1"]


@pytest.mark.parametrize(
    "typed", ["", " ", '"', "a OR b", "NEAR(", "*", "'; DROP TABLE client; --", "\0", "(" * 50, "_", "-", "&", "²", "٣"]
)
def test_nothing_typed_breaks_the_search(store: Store, typed: str) -> None:
    """Whatever is typed is words, never a query language."""
    kept(store, client_of())
    with store.reading() as reader:
        reader.clients_matching(typed)
        assert reader.count(Client) == 1


def test_search_follows_edits(store: Store) -> None:
    """The old name is not found any more."""
    kept(store, client_of())
    with store.writing(ROSA, "Rename") as writer:
        writer.replace(client_of(), client_of(1, "Ostrowski"))
    with store.reading() as reader:
        assert not reader.clients_matching("nguyen")
        assert reader.clients_matching("ostr")[0].listed == "Ostrowski, Thi"


def test_readers_do_not_wait_for_the_writer_and_see_one_moment(store: Store) -> None:
    """A read that began before the commit keeps seeing the old state."""
    with store.reading() as reader:
        assert reader.count(Client) == 0
        writing = threading.Thread(target=kept, args=(store, client_of()))
        writing.start()
        writing.join()
        assert reader.count(Client) == 0
    with store.reading() as reader:
        assert reader.count(Client) == 1


def test_every_change_has_its_audit_row_and_the_chain_holds(store: Store) -> None:
    """Who, when, what: in the same transaction."""
    kept(store, client_of())
    with store.reading() as reader:
        (event,) = reader.events(record="c1")
    assert (event.user, event.at, event.kind, event.label) == ("rosa", NOW, "client", "Keep")
    assert store.problems() == ()


@pytest.mark.parametrize("statement", ["UPDATE audit SET label = 'x'", "DELETE FROM audit"])
def test_the_audit_is_append_only_in_the_engine(store: Store, blank_file: tuple[Path, bytes], statement: str) -> None:
    """Not even SQL can change a row."""
    engine = engine_for(store.path, blank_file[1])
    with pytest.raises(IntegrityError, match="append-only"), engine.begin() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET user = 'ivo' WHERE number = 2",
        "UPDATE audit SET after = replace(after, 'Thi', 'Tom') WHERE number = 3",
        "DELETE FROM audit WHERE number = 3",
        "INSERT INTO audit SELECT number + 10, task, at, user, label, undoes, kind, record, before, after, mac FROM audit WHERE number = 2",
    ],
)
def test_tampering_with_the_audit_is_found(store: Store, blank_file: tuple[Path, bytes], statement: str) -> None:
    """Even by somebody who removes the triggers first."""
    kept(store, client_of())
    kept(store, client_of(2))
    assert store.broken_audit_row() is None
    engine = engine_for(store.path, blank_file[1])
    with engine.begin() as connection:
        for verb in ("update", "delete"):
            connection.exec_driver_sql(f"DROP TRIGGER audit_no_{verb}")
        connection.exec_driver_sql(statement)
    engine.dispose()
    assert store.broken_audit_row() is not None
    assert any("audit" in problem for problem in store.problems())


def test_the_file_holds_no_plain_text(store: Store) -> None:
    """Neither the file nor its log shows a name, and another program cannot read it."""
    kept(store, client_of(1, "Wolverhampton"))
    for path in store.path.parent.glob(store.path.name + "*"):
        assert b"Wolverhampton" not in path.read_bytes()
    assert not store.path.read_bytes().startswith(b"SQLite format 3")
    other = sqlite3.connect(store.path)
    with pytest.raises(sqlite3.DatabaseError):
        other.execute("SELECT * FROM client")
    other.close()


def test_the_file_and_its_companions_are_private(store: Store) -> None:
    """Readable by the owner alone, the write-ahead log too."""
    kept(store, client_of())
    paths = [one for one in store.path.parent.glob(store.path.name + "*") if not one.name.endswith(".keys")]
    assert len(paths) == 3
    assert {path.stat().st_mode & 0o077 for path in paths if path != store.path} == {0}


def test_the_promises_of_an_open_file(store: Store, blank_file: tuple[Path, bytes]) -> None:
    """WAL with synchronous FULL, foreign keys, no temporary file, the cipher at work."""
    engine = engine_for(store.path, blank_file[1])
    with engine.connect() as connection:
        pragmas = {
            name: str(connection.exec_driver_sql(f"PRAGMA {name}").scalar_one())
            for name in ("journal_mode", "synchronous", "foreign_keys", "temp_store", "secure_delete", "trusted_schema")
        }
    engine.dispose()
    assert pragmas == {
        "journal_mode": "wal",
        "synchronous": "2",
        "foreign_keys": "1",
        "temp_store": "2",
        "secure_delete": "1",
        "trusted_schema": "0",
    }
    assert driver.sqlite_version_info >= (3, 51, 3)


def test_what_cannot_be_opened_says_why(tmp_path: Path, blank_file: tuple[Path, bytes], store: Store) -> None:
    """Missing, wrong key, foreign file, plain database, newer program: each its own sentence."""
    key = blank_file[1]
    with pytest.raises(CannotOpen, match="no file at that place"):
        open_store(tmp_path / "none.handoff", key)
    with pytest.raises(NotAClinicFile):
        open_store(store.path, bytes(32))
    for name, data in (("text.handoff", b"hello" * 999), ("plain.handoff", b"SQLite format 3\0" + bytes(4080))):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(NotAClinicFile):
            open_store(tmp_path / name, key)
    engine = engine_for(store.path, key)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    engine.dispose()
    with pytest.raises(NewerThanProgram, match="newer"):
        open_store(store.path, key)


def test_a_clinic_file_is_never_overwritten(store: Store) -> None:
    """Making a new one under the same name is refused."""
    with pytest.raises(AlreadyThere):
        create_store(store.path, bytes(32))


def test_a_flipped_bit_is_found(store: Store, blank_file: tuple[Path, bytes]) -> None:
    """Each page carries its own seal."""
    kept(store, *(client_of(number) for number in range(50)))
    assert store.problems() == ()
    store.close()
    data = bytearray(store.path.read_bytes())
    data[len(data) // 2] ^= 1
    store.path.write_bytes(data)
    found: tuple[str, ...] = ()
    try:
        damaged = open_store(store.path, blank_file[1])
        found = damaged.problems()
        damaged.close()
    except NotAClinicFile:
        found = ("refused",)
    assert found


def test_the_whole_practice_is_kept_as_it_was(demo: Facts, demo_store: Store) -> None:
    """Export holds every value that was brought in, equal to the letter."""
    with demo_store.reading() as reader:
        kept = reader.facts()
    for name in ("sites", "rooms", "services", "therapists", "clients", "referrals", "visits", "pathways"):
        assert {body_of(one) for one in getattr(kept, name)} == {body_of(one) for one in getattr(demo, name)}, name
    assert demo_store.problems() == ()


def test_referrals_are_listed_by_what_is_asked(demo: Facts, shared_demo_store: Store) -> None:
    """The same ones as picked from the values, soonest due first."""
    some = next(one for one in demo.referrals if one.stage.is_open and one.owner)
    asked: tuple[tuple[dict[str, Any], Callable[[Referral], bool]], ...] = (
        ({}, lambda _one: True),
        ({"stages": [Stage.RECEIVED, Stage.TRIAGED]}, lambda one: one.stage in {Stage.RECEIVED, Stage.TRIAGED}),
        ({"owner": some.owner}, lambda one: one.owner == some.owner),
        ({"client": some.client}, lambda one: one.client == some.client),
        ({"direction": Direction.OUT}, lambda one: one.direction is Direction.OUT),
        ({"due_by": some.due}, lambda one: one.due is not None and some.due is not None and one.due <= some.due),
        (
            {"stages": [some.stage], "owner": some.owner, "direction": some.direction},
            lambda one: (one.stage, one.owner, one.direction) == (some.stage, some.owner, some.direction),
        ),
    )
    with shared_demo_store.reading() as reader:
        for given, fits in asked:
            found = reader.referrals(**given)
            assert {one.id for one in found} == {one.id for one in demo.referrals if fits(one)}, given
            assert [one.due or date.max for one in found] == sorted(one.due or date.max for one in found)


def test_a_part_without_its_visit_is_a_problem(store: Store, blank_file: tuple[Path, bytes]) -> None:
    """A row that somebody put in from outside would take a therapist's time for nothing."""
    engine = engine_for(store.path, blank_file[1])
    with engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.exec_driver_sql("INSERT INTO part VALUES ('none', 't1', 0, 1, 0, 1, 1)")
    engine.dispose()
    assert store.problems() == ("A visit's parts do not belong to a visit.",)


def test_caseloads_count_active_clients(demo: Facts, demo_store: Store) -> None:
    """The same numbers as counted from the values."""
    with demo_store.reading() as reader:
        assert reader.caseloads() == demo.caseloads


def test_opened_copies_are_independent(opened: Callable[[Path], Store], blank_file: tuple[Path, bytes]) -> None:
    """The fixture itself: a change in one copy is not seen in another."""
    one, two = opened(blank_file[0]), opened(blank_file[0])
    kept(one, client_of())
    assert one.dump_hash() != two.dump_hash()
