"""Letters: draft one, finish it, print it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from gettext import gettext as _
from hashlib import sha256
from uuid import uuid4

from desktop import resource
from desktop.clinic.change import Actor
from desktop.clinic.clients import Client, DataClass
from desktop.clinic.drafting import compose
from desktop.clinic.errors import BadInput, Refused, Stale
from desktop.clinic.letter_fields import client_state
from desktop.clinic.letters import Asked, Draft, Letter, LetterId, LetterKind, Matter
from desktop.clinic.moments import local_date
from desktop.clinic.people import ClientId, Referrer, ReferrerId, TherapistId
from desktop.clinic.practice import Practice, Room, Site
from desktop.clinic.referral import Referral, ReferralId
from desktop.clinic.template import Template, read_template
from desktop.clinic.therapists import Therapist
from desktop.clinic.verdict import Outcome, Verdict, refusing
from desktop.clinic.visits import Visit, VisitId
from desktop.office.rulebook import rulebook
from desktop.records.store import Reader, Store

NO_NOTES: Mapping[str, str] = {}


def draft(
    store: Store,
    actor: Actor,
    kind: LetterKind,
    *,
    referral_id: ReferralId | None = None,
    visit_id: VisitId | None = None,
    recipient: ReferrerId | None = None,
    client_id: ClientId | None = None,
    classes: frozenset[DataClass] = frozenset(),
    notes: Mapping[str, str] = NO_NOTES,
) -> Draft:
    """A letter that is not final: its text, what would leave on which basis, and what stands against it.

    The recipient is the referral's own unless another is given; a confirmation goes to the client. `client_id` says whom
    a visit of several clients is confirmed to. `classes` lets more out than the kind tells by itself, `notes` are the
    writer's own sentences by field (`letter_fields.NOTES`).
    Raises Missing for an unknown id, BadInput when there is nobody to write about or a note belongs to no field.
    """
    asked = Asked(
        kind=kind,
        referral=referral_id,
        visit=visit_id,
        client=client_id,
        recipient=recipient,
        classes=classes,
        notes=dict(notes),
    )
    with store.reading() as reader:
        drafted = _drafted(reader, actor, asked, LetterId(str(uuid4())))
    return replace(drafted, verdicts=(*drafted.verdicts, *_unprintable(drafted.letter)))


def finalize(store: Store, actor: Actor, draft: Draft) -> Letter:
    """Keep the letter as final; what it discloses is from then on in the disclosure log. One step that can be undone.

    Everything is judged again at this moment. Raises Refused with the verdicts when something stands against it, Stale
    when the letter would no longer say the same.
    """
    with store.writing(actor, _("Finish letter")) as writer:
        again = _drafted(writer, actor, draft.asked, draft.letter.id)
        if stops := refusing(again.verdicts):
            raise Refused(stops, stops[0].sentence)
        if _what_it_says(again.letter) != _what_it_says(draft.letter):
            raise Stale(_("What the letter says has changed since it was drafted; look at it again."))
        letter = replace(again.letter, finalized=True)
        writer.add(letter)
        return letter


def letters(store: Store, actor: Actor, client_id: ClientId | None = None) -> tuple[Letter, ...]:
    """Every finished letter, or those about one client; newest first."""
    del actor
    with store.reading() as reader:
        found = [one for one in reader.all(Letter) if client_id in (None, one.client)]
    return tuple(sorted(found, key=lambda one: (one.written_at, one.id), reverse=True))


def pdf(store: Store, actor: Actor, letter_id: LetterId) -> bytes:
    """A finished letter as PDF, the same bytes each time; that it was shown stands in the audit.

    Raises Missing for an unknown letter.
    """
    with store.writing(actor, _("Show letter")) as writer:
        letter = writer.get(Letter, letter_id)
        writer.record(_("Show letter"), letter_id)
    return _paper(letter)


def pdf_of(draft: Draft) -> bytes:
    """A draft as PDF for a preview; every page says that it is one."""
    return _paper(draft.letter)


def file_name(letter: Letter) -> str:
    """A file name with the day and a code; it names nobody and no kind of care."""
    code = sha256(letter.id.encode()).hexdigest()[:8]
    return f"letter-{local_date(letter.written_at).isoformat()}-{code}.pdf"


def _paper(letter: Letter) -> bytes:
    from desktop.documents.letter import pdf as print_letter  # the first letter loads what writes PDF, not the start

    return print_letter(letter)


def _unprintable(letter: Letter) -> tuple[Verdict, ...]:
    from desktop.documents.letter import unprintable  # as above

    letters_without_font = unprintable(letter)
    if not letters_without_font:
        return ()
    codes = ", ".join(f"U+{ord(one):04X}" for one in letters_without_font)
    sentence = _("No font has some characters of this letter; they would print as �: {codes}.").format(codes=codes)
    return (Verdict(outcome=Outcome.WARN, code="LETTER_FONT", sentence=sentence, evidence={"characters": codes}),)


@cache
def _template(kind: LetterKind) -> Template:
    return read_template(resource(f"letters/{kind}.txt").read_text(encoding="utf-8"))


def _drafted(reader: Reader, actor: Actor, asked: Asked, letter_id: LetterId) -> Draft:
    matter = _matter(reader, actor, asked)
    return compose(asked, matter, _template(asked.kind), rulebook(reader), actor, letter_id)


def _matter(reader: Reader, actor: Actor, asked: Asked) -> Matter:
    referral = reader.get(Referral, asked.referral) if asked.referral else None
    visit_id = asked.visit or (referral.visit if referral is not None and not _is_confirmation(asked) else None)
    visit = reader.get(Visit, visit_id) if visit_id else None
    client = reader.get(Client, _whom(asked, referral, visit))
    to = asked.recipient or (referral.referrer if referral is not None and not _is_confirmation(asked) else None)
    matter = Matter(
        practice=reader.find(Practice, "practice") or Practice(name=""),
        client=client,
        recipient=reader.get(Referrer, to) if to else None,
        referral=referral,
        visit=visit,
        site=reader.find(Site, visit.site) if visit is not None and visit.site else None,
        room=reader.find(Room, visit.room) if visit is not None and visit.room else None,
    )
    signer = _signer(asked, matter)
    therapist = reader.find(Therapist, signer) if signer else None
    matter = replace(matter, therapist=therapist)
    supervisor = _supervisor(actor, matter)
    return replace(matter, supervisor=reader.find(Therapist, supervisor) if supervisor else None)


def _is_confirmation(asked: Asked) -> bool:
    return asked.kind is LetterKind.APPOINTMENT_CONFIRMATION


def _whom(asked: Asked, referral: Referral | None, visit: Visit | None) -> ClientId:
    there = visit.clients if visit is not None else () if referral is None else (referral.client,)
    found = asked.client or (referral.client if referral is not None else next(iter(there), None))
    if found is None:
        raise BadInput("letter", _("choose a referral or an appointment to write about."))
    if visit is not None and found not in there:
        raise BadInput("client", _("this client does not take part in the appointment."))
    return found


def _signer(asked: Asked, matter: Matter) -> TherapistId | None:
    """The visit's therapist confirms a visit; otherwise the referral's, the client's own, or the first visit's."""
    visits = matter.visit.therapist if matter.visit is not None else None
    if _is_confirmation(asked):
        return visits
    referred = matter.referral.therapist if matter.referral is not None else None
    return referred or matter.client.therapist or visits


def _supervisor(actor: Actor, matter: Matter) -> TherapistId | None:
    state, today = client_state(matter), local_date(actor.now)
    for one in matter.therapist.supervisions if matter.therapist is not None else ():
        if (
            one.state is not None
            and one.state is state
            and one.starts <= today
            and (one.ends is None or today <= one.ends)
        ):
            return one.supervisor
    return None


def _what_it_says(letter: Letter) -> tuple[object, ...]:
    return (letter.addressee, letter.head, letter.sections, letter.signatures, letter.notices, letter.disclosed)
