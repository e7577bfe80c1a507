"""The form for a therapist: everything that the front desk keeps of them, on six pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from gettext import gettext as _
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from PySide6.QtWidgets import QCheckBox, QLineEdit, QTabWidget, QVBoxLayout, QWidget

from desktop.clinic.errors import BadInput
from desktop.clinic.people import Name, State, TherapistId
from desktop.clinic.practice import Site
from desktop.clinic.therapists import Role, Therapist
from desktop.gui import therapistrows
from desktop.gui.desk import Desk
from desktop.gui.rowlist import RowList
from desktop.gui.therapistrows import flags, listed
from desktop.gui.widgets.fieldrows import FieldRows, FormDialog, choice, scrolled, typed

if TYPE_CHECKING:
    from desktop.clinic.change import Actor
    from desktop.records.store import Store

_NPI_DIGITS = 10
_OLDEST = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class TherapistChoices:
    """Whom and what the form offers."""

    staff: tuple[Therapist, ...]
    sites: tuple[Site, ...]


def read_choices(store: Store) -> TherapistChoices:
    """Read the staff by name, and the sites in use."""
    with store.reading() as reader:
        staff = sorted(reader.all(Therapist), key=lambda one: one.name.listed.casefold())
        return TherapistChoices(staff=tuple(staff), sites=tuple(one for one in reader.all(Site) if not one.retired))


class TherapistForm(FormDialog):
    """A new therapist (None) or one on record; the value is the Therapist that the fields describe."""

    def __init__(self, therapist: Therapist | None, choices: TherapistChoices, today: date, parent: QWidget) -> None:
        """Fill the fields from the therapist."""
        self.therapist, self._choices, self._today = therapist, choices, today
        title = _("New therapist") if therapist is None else _("Edit therapist")
        super().__init__(title, parent, letters=124, lines=36)
        self.family.setFocus()

    def body(self) -> QWidget:
        """The pages."""
        self.family, self.given, self.licensed, self.credentials, self.pronouns = (QLineEdit() for _n in range(5))
        self.gender, self.npi, self.email, self.cap, self.elsewhere = (QLineEdit() for _n in range(5))
        self.age_from, self.age_to, self.languages, self.payers = (QLineEdit() for _n in range(4))
        self.populations, self.specialties = QLineEdit(), QLineEdit()
        one = self.therapist
        self.role = choice([(each.value.capitalize(), each.value) for each in Role], one.role.value if one else None)
        self.seat = choice([*therapistrows.states()], one.seat_state.value if one else None)
        self.accepting, self.self_pay = QCheckBox(_("takes new clients")), QCheckBox(_("takes self-pay"))
        self.retired = QCheckBox(_("has left the practice"))
        self.sees = FieldRows(self)
        self._person()
        self._who()
        self._lists()
        self.pages = QTabWidget(self)
        self.pages.setUsesScrollButtons(False)
        for text, page in (
            (_("Person"), self.rows),
            (_("Sees"), self.sees),
            (_("Licenses"), _stacked(self.lists["licenses"], self.lists["authorities"])),
            (_("Supervision"), self.lists["supervisions"]),
            (_("Qualifications"), self.lists["qualifications"]),
            (_("Hours"), self.lists["hours"]),
            (_("Time off"), self.lists["time_off"]),
        ):
            self.pages.addTab(scrolled(page, self.pages), text)
        self._fill()
        return self.pages

    def value(self) -> Therapist:
        """The therapist that the fields describe."""
        self.sees.quiet()
        name = Name(family=typed(self.family), given=typed(self.given))
        given: dict[str, Any] = {
            "name": name,
            "licensed_name": typed(self.licensed),
            "role": Role(self.role.currentData()),
            "credentials": typed(self.credentials),
            "pronouns": typed(self.pronouns),
            "gender": typed(self.gender),
            "npi": _npi(typed(self.npi)),
            "email": _email(typed(self.email)),
            "seat_state": State(self.seat.currentData()),
            "accepting": self.accepting.isChecked(),
            "retired": self.retired.isChecked(),
            "caseload_cap": _number("caseload_cap", self.cap),
            "caseload_elsewhere": _number("caseload_elsewhere", self.elsewhere) or 0,
            **self._seen(),
            **{key: one.read() for key, one in self.lists.items()},
        }
        if self.therapist is None:
            return Therapist(id=TherapistId(str(uuid4())), **given)
        return replace(self.therapist, **given)

    def complain(self, key: str, sentence: str) -> bool:
        """Turn to the page of the field and say there what is wrong; a list has said so in its row already."""
        if key in self.lists:
            self._turn_to(self.lists[key])
            self.error.setText(sentence)
            self.error.show()
            return True
        for rows in (self.rows, self.sees):
            if rows.complain(key, sentence):
                self._turn_to(rows)
                rows.complain(key, sentence)  # again, for the focus: the page was hidden
                return True
        return False

    def _turn_to(self, inside: QWidget) -> None:
        for at in range(self.pages.count()):
            page = self.pages.widget(at)
            if page is not None and page.isAncestorOf(inside):
                self.pages.setCurrentIndex(at)

    def _person(self) -> None:
        rows = self.rows
        rows.add("name", _("&Family name"), self.family)
        rows.add("given", _("&Given name"), self.given)
        rows.add("licensed_name", _("Name on the &license"), self.licensed, hint=_("Only when it differs."))
        rows.add("credentials", _("&Credentials"), self.credentials, self.role)
        rows.add("pronouns", _("&Pronouns"), self.pronouns, self.gender)
        rows.add("npi", _("&NPI"), self.npi)
        rows.add("email", _("&Email"), self.email)
        rows.add("seat_state", _("Sits &in, by video"), self.seat)
        rows.add("caseload_cap", _("&Most clients"), self.cap, self.accepting, hint=_("Empty: no limit."))
        rows.add("caseload_elsewhere", _("Clients else&where"), self.elsewhere, self.retired)
        self.role.setAccessibleName(_("Role"))
        self.gender.setAccessibleName(_("Gender"))
        self.gender.setPlaceholderText(_("Gender"))

    def _who(self) -> None:
        comma = _("With commas between them.")
        self.sees.add("age_from", _("&Ages from"), self.age_from)
        self.sees.add("age_to", _("Ages &to"), self.age_to, hint=_("Inclusive; empty: no upper limit."))
        self.sees.add("populations", _("Pe&ople"), self.populations, hint=_("children, teens, adults, couples, ..."))
        self.sees.add("specialties", _("Topic&s"), self.specialties, hint=comma)
        self.sees.add("languages", _("Lang&uages"), self.languages, hint=_("As en, es, zh."))
        self.sees.add("payers", _("Pa&yers in network"), self.payers, self.self_pay, hint=comma)

    def _lists(self) -> None:
        one, choices = self.therapist, self._choices
        others = [each for each in choices.staff if one is None or each.id != one.id]
        forms: tuple[Any, ...] = (
            therapistrows.licenses(),
            therapistrows.authorities(),
            therapistrows.supervisions(others),
            therapistrows.qualifications(),
            therapistrows.hours(choices.sites),
            therapistrows.time_off(),
        )
        self.lists: dict[str, RowList[Any]] = {
            form.key: RowList(form, () if one is None else getattr(one, form.key), self._today, self) for form in forms
        }

    def _fill(self) -> None:
        one = self.therapist
        self.age_from.setText("18" if one is None else str(one.age_from))
        self.languages.setText("en" if one is None else listed(one.languages))
        self.accepting.setChecked(one is None or one.accepting)
        self.self_pay.setChecked(one is None or one.takes_self_pay)
        if one is None:
            return
        for box, text in (
            (self.family, one.name.family),
            (self.given, one.name.given),
            (self.licensed, one.licensed_name),
            (self.credentials, one.credentials),
            (self.pronouns, one.pronouns),
            (self.gender, one.gender),
            (self.npi, one.npi),
            (self.email, one.email),
            (self.cap, "" if one.caseload_cap is None else str(one.caseload_cap)),
            (self.elsewhere, str(one.caseload_elsewhere) if one.caseload_elsewhere else ""),
            (self.age_to, "" if one.age_to is None else str(one.age_to)),
            (self.populations, listed(one.populations)),
            (self.specialties, listed(one.specialties)),
            (self.payers, ", ".join(sorted(one.payers))),
        ):
            box.setText(text)
        self.retired.setChecked(one.retired)

    def _seen(self) -> dict[str, Any]:
        low, high = _number("age_from", self.age_from) or 0, _number("age_to", self.age_to)
        if low > _OLDEST or (high is not None and high < low):
            raise BadInput("age_to", _("the ages must rise, such as 18 and 65."))
        return {
            "age_from": low,
            "age_to": high,
            "populations": flags(typed(self.populations)),
            "specialties": flags(typed(self.specialties)),
            "languages": frozenset(typed(self.languages).replace(",", " ").lower().split()) or frozenset({"en"}),
            "payers": frozenset(" ".join(one.lower().split()) for one in typed(self.payers).split(",") if one.strip()),
            "takes_self_pay": self.self_pay.isChecked(),
        }


def open_form(therapist: Therapist | None, desk: Desk, parent: QWidget, saved: Callable[[Therapist], None]) -> None:
    """Open the form; saving re-checks the planned appointments, and `saved` gets the therapist."""

    def show(choices: TherapistChoices) -> None:
        form = TherapistForm(therapist, choices, desk.today, parent)
        form.save_asked.connect(lambda after: save(form, after))
        form.open()

    def save(form: TherapistForm, after: Therapist) -> None:
        def task(store: Store, actor: Actor) -> Therapist:
            from desktop.office import directory

            return directory.save_therapist(store, actor, therapist, after)

        def done(kept: Therapist) -> None:
            form.accept()
            saved(kept)
            desk.tell(_("Saved, and the planned appointments judged anew; Ctrl+Z takes it back."))

        label = _("Add therapist") if therapist is None else _("Change therapist")
        desk.do(label, task, done, failed=form.show_error)

    desk.ask(read_choices, show, key="therapist-form")


def _stacked(*parts: QWidget) -> QWidget:
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    for part in parts:
        column.addWidget(part)
    column.addStretch(1)
    return box


def _number(field: str, box: QLineEdit) -> int | None:
    text = typed(box)
    if not text:
        return None
    if not text.isdecimal():
        raise BadInput(field, _("write a whole number, or leave it empty."))
    return int(text)


def _npi(text: str) -> str:
    if text and not (text.isdecimal() and len(text) == _NPI_DIGITS):
        raise BadInput("npi", _("an NPI has ten digits."))
    return text


def _email(text: str) -> str:
    if text and ("@" not in text[1:-1] or " " in text):
        raise BadInput("email", _("write an address such as ann@example.com, or leave it empty."))
    return text
