"""Letters through an encrypted clinic file: drafted, judged again when finished, logged, printed."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pypdfium2 as pdfium
import pytest

from desktop.clinic.clients import DataClass
from desktop.clinic.errors import BadInput, Missing, Refused, Stale
from desktop.clinic.letters import LetterId, LetterKind
from desktop.clinic.people import ClientId, Name, Referrer, ReferrerId
from desktop.clinic.referral import ReferralId
from desktop.clinic.verdict import Outcome
from desktop.clinic.visits import Visit, VisitId, VisitStatus
from desktop.office import correspondence
from desktop.records.store import Store, create_store
from tests.clinic.letter_facts import (
    ACTOR,
    CLIENT,
    IN,
    IN_PERSON,
    OUT,
    PHYSICIAN,
    PRACTICE,
    RELEASE,
    ROOM,
    SITE,
    SUPERVISED,
    SUPERVISOR,
    THERAPIST,
    TODAY,
    VISIT,
)

REPLY, REFERRAL, CONFIRMATION = (
    LetterKind.REPLY_TO_REFERRER,
    LetterKind.REFERRAL_OUT,
    LetterKind.APPOINTMENT_CONFIRMATION,
)
PARTNER = replace(CLIENT, id=ClientId("C2"), name=Name(given="Casimir", family="Wojtyna"), releases=())
OTHER = Referrer(id=ReferrerId("R2"), name=Name(given="Orla", family="Quill"))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A clinic with one client and partner, one physician, referrals in and out, and two visits."""
    opened = create_store(tmp_path / "test.handoff", bytes(32))
    moved = replace(
        IN_PERSON, id=VisitId("V2"), start=VISIT.start + timedelta(days=7), end=VISIT.end + timedelta(days=7)
    )
    with opened.writing(ACTOR, "Set up") as writer:
        writer.add_all((PRACTICE, SITE, ROOM, SUPERVISOR, THERAPIST, SUPERVISED, PHYSICIAN, OTHER, CLIENT, PARTNER))
        writer.add_all((replace(OUT, therapist=SUPERVISED.id), IN, VISIT, moved))
    yield opened
    opened.close()


def text_of(file: bytes) -> str:
    """The whole text of the PDF on one line."""
    document = pdfium.PdfDocument(file)
    try:
        return " ".join(" ".join(page.get_textpage().get_text_bounded() for page in document).split())
    finally:
        document.close()


def change(store: Store, before: object, after: object) -> None:
    """Change one record, as another desk would."""
    with store.writing(ACTOR, "Change") as writer:
        writer.replace(before, after)


def test_a_reply_is_drafted_finished_logged_and_printed(store: Store) -> None:
    """The draft is not kept; the finished letter is, with every disclosed fact and its release."""
    draft = correspondence.draft(store, ACTOR, REPLY, referral_id=IN.id)
    assert draft.verdicts == ()
    assert correspondence.letters(store, ACTOR) == ()
    letter = correspondence.finalize(store, ACTOR, draft)
    assert letter.finalized
    assert correspondence.letters(store, ACTOR, CLIENT.id) == (letter,)
    assert correspondence.letters(store, ACTOR, PARTNER.id) == ()
    assert {(row.field, row.data_class, row.basis) for row in letter.disclosed} >= {
        ("client_name", DataClass.IDENTITY, "REL-7"),
        ("first_visit", DataClass.SCHEDULING, "REL-7"),
    }
    file = correspondence.pdf(store, ACTOR, letter.id)
    assert file == correspondence.pdf(store, ACTOR, letter.id)
    text = text_of(file)
    assert "First appointment Tuesday, December 1, 2026, 3:00 PM Eastern Time (EST)" in text
    assert "Rowan Maria Castellano, LPC New Jersey license LPC 37PC03" in text
    assert "DRAFT" not in text
    assert "DRAFT" in text_of(correspondence.pdf_of(draft))


def test_a_referral_signed_by_a_supervised_therapist(store: Store) -> None:
    """The supervisor of the license in the client's state signs as well."""
    draft = correspondence.draft(store, ACTOR, REFERRAL, referral_id=OUT.id)
    assert [signature.lines[0] for signature in draft.letter.signatures] == ["Noa Lindqvist, LSW", "Imani Okafor, LCSW"]


def test_finishing_can_be_undone(store: Store) -> None:
    """Until it is sent."""
    letter = correspondence.finalize(store, ACTOR, correspondence.draft(store, ACTOR, REPLY, referral_id=IN.id))
    (task, *_rest) = store.tasks(1)
    store.undo(ACTOR, task.id)
    assert correspondence.letters(store, ACTOR) == ()
    with pytest.raises(Missing):
        correspondence.pdf(store, ACTOR, letter.id)


def test_a_release_revoked_after_the_draft_stops_the_letter(store: Store) -> None:
    """Revocation counts at once; nothing is kept or logged."""
    draft = correspondence.draft(store, ACTOR, REPLY, referral_id=IN.id)
    change(store, CLIENT, replace(CLIENT, releases=(replace(RELEASE, revoked_on=TODAY),)))
    with pytest.raises(Refused) as refused:
        correspondence.finalize(store, ACTOR, draft)
    assert [getattr(verdict, "code", "") for verdict in refused.value.verdicts] == ["ROI_REVOKED"]
    assert correspondence.letters(store, ACTOR) == ()


def test_a_letter_about_what_has_changed_is_stale(store: Store) -> None:
    """The appointment was moved at another desk: look again."""
    draft = correspondence.draft(store, ACTOR, REPLY, referral_id=IN.id)
    with store.reading() as reader:
        before = reader.get(Visit, VISIT.id)
    change(store, before, replace(before, start=VISIT.start + timedelta(minutes=10)))
    with pytest.raises(Stale):
        correspondence.finalize(store, ACTOR, draft)


@pytest.mark.parametrize("outcome", [Outcome.HOLD, Outcome.BLOCK])
def test_held_and_blocked_letters_are_not_finished(store: Store, outcome: Outcome) -> None:
    """A hold needs a correction, too: leave it out, or get the consent."""
    if outcome is Outcome.BLOCK:
        draft = correspondence.draft(store, ACTOR, REPLY, referral_id=IN.id, recipient=OTHER.id)
    else:
        notes = {"picture": "Relapse in October."}
        draft = correspondence.draft(
            store, ACTOR, REFERRAL, referral_id=OUT.id, notes=notes, classes=frozenset({DataClass.SUD})
        )
    assert outcome in {verdict.outcome for verdict in draft.verdicts}
    with pytest.raises(Refused):
        correspondence.finalize(store, ACTOR, draft)


def test_another_recipient_needs_a_release_of_their_own(store: Store) -> None:
    """The physician's release does not serve anybody else."""
    draft = correspondence.draft(store, ACTOR, REPLY, referral_id=IN.id, recipient=OTHER.id)
    assert {verdict.code for verdict in draft.verdicts} == {"ROI_OTHER_RECIPIENT"}


def test_a_confirmation_names_one_client_of_a_couple_alone(store: Store) -> None:
    """Each gets their own letter."""
    first = correspondence.draft(store, ACTOR, CONFIRMATION, visit_id=VISIT.id)
    second = correspondence.draft(store, ACTOR, CONFIRMATION, visit_id=VISIT.id, client_id=PARTNER.id)
    assert "Casimir" not in text_of(correspondence.pdf_of(first))
    text = text_of(correspondence.pdf_of(second))
    assert "Casimir" in text
    assert "Nguy" not in text
    assert second.letter.recipient is None
    assert correspondence.finalize(store, ACTOR, second).client == PARTNER.id


def test_a_confirmation_in_person_shows_the_place(store: Store) -> None:
    """Site, street and room from the records."""
    draft = correspondence.draft(store, ACTOR, CONFIRMATION, visit_id=VisitId("V2"))
    assert "20 Elder Avenue, Bryn Mawr, PA 19010, Room 2" in text_of(correspondence.pdf_of(draft))


def test_a_letter_about_somebody_elses_appointment_is_refused(store: Store) -> None:
    """It would tell one client's time to another's physician."""
    with pytest.raises(BadInput, match="client"):
        correspondence.draft(store, ACTOR, CONFIRMATION, visit_id=VisitId("V2"), client_id=PARTNER.id)
    foreign = replace(OUT, id=ReferralId("F9"), client=PARTNER.id)
    with store.writing(ACTOR, "Add") as writer:
        writer.add(foreign)
    with pytest.raises(BadInput, match="client"):
        correspondence.draft(store, ACTOR, REPLY, referral_id=foreign.id, visit_id=VisitId("V2"))


def test_nothing_to_write_about_and_unknown_ids(store: Store) -> None:
    """Clear errors."""
    with pytest.raises(BadInput):
        correspondence.draft(store, ACTOR, REFERRAL)
    with pytest.raises(Missing):
        correspondence.draft(store, ACTOR, REFERRAL, referral_id=ReferralId("nobody"))
    with pytest.raises(Missing):
        correspondence.pdf(store, ACTOR, LetterId("nobody"))


def test_characters_without_a_font_are_told(store: Store) -> None:
    """A warning with their codes; the letter may go."""
    draft = correspondence.draft(store, ACTOR, REFERRAL, referral_id=OUT.id, notes={"picture": "Sleeps badly 🙂"})
    assert [(one.code, one.evidence["characters"]) for one in draft.verdicts] == [("LETTER_FONT", "U+1F642")]
    assert correspondence.finalize(store, ACTOR, draft).finalized


def test_a_canceled_appointment_is_not_confirmed(store: Store) -> None:
    """The letter is refused, not the preview."""
    with store.reading() as reader:
        before = reader.get(Visit, VISIT.id)
    change(store, before, replace(before, status=VisitStatus.CANCELED))
    draft = correspondence.draft(store, ACTOR, CONFIRMATION, visit_id=VISIT.id)
    with pytest.raises(Refused):
        correspondence.finalize(store, ACTOR, draft)
    assert correspondence.pdf_of(draft).startswith(b"%PDF")


def test_file_names_name_nobody(store: Store) -> None:
    """The day and a code; the same letter has the same name."""
    letter = correspondence.draft(store, ACTOR, REPLY, referral_id=IN.id).letter
    named = correspondence.file_name(replace(letter, id=LetterId("L-nguyen")))
    assert named == correspondence.file_name(replace(letter, id=LetterId("L-nguyen")))
    assert named.startswith("letter-2026-11-23-")
    assert named.endswith(".pdf")
    assert "nguyen" not in named


def test_what_prints_letters_is_loaded_with_the_first_letter() -> None:
    """So that the window opens before it."""
    code = "import sys, desktop.office.correspondence, desktop.office.calendars; print([one for one in ('reportlab', 'fontTools', 'icalendar') if one in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "[]"


def test_showing_a_letter_stands_in_the_audit(store: Store) -> None:
    """Who looked at which letter."""
    drafted = correspondence.draft(store, ACTOR, CONFIRMATION, visit_id=VISIT.id)
    letter = correspondence.finalize(store, ACTOR, drafted)
    correspondence.pdf(store, ACTOR, letter.id)
    with store.reading() as reader:
        newest = reader.events(limit=1)[0]
    assert (newest.label, newest.record, newest.user) == ("Show letter", letter.id, ACTOR.user)
