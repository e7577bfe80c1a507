"""The form that puts an entry of the practice on top of a rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from gettext import gettext as _
from typing import Any

from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QWidget

from desktop.clinic.errors import BadInput
from desktop.clinic.rulebook import Confidence, Fact
from desktop.gui import rulewords, safe, words
from desktop.gui.widgets import dateword
from desktop.gui.widgets.fieldrows import FormDialog, choice, typed

_LINES = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """What the form asks to keep."""

    key: str
    value: Any
    valid_from: date | None
    valid_to: date | None
    source: str
    confidence: Confidence
    name: str
    reason: str


class RuleForm(FormDialog):
    """Value, from when until when, source, confidence, who answers for it and why."""

    def __init__(self, fact: Fact, models: Mapping[str, Any], today: date, parent: QWidget) -> None:
        """Fill the fields from an entry; `models` are fields that a table may have, each with a value of its kind."""
        self._fact, self._models, self._today = fact, models, today
        title = rulewords.titled(fact.key)
        super().__init__(_("Change rule"), parent, letters=84, lines=28)
        self.heading = safe.label(title, self, kind="title", wrap=True)
        self.rows.wide(self.heading)
        self._values = {key: self._field(key) for key in (models or {"value": fact.value})}
        self.valid_from, self.valid_to, self.source, self.name, self.reason = (QLineEdit(self) for _n in range(5))
        self.confidence = choice([(rulewords.confidence_why(one), one.value) for one in Confidence], fact.confidence)
        self._arrange()
        first = next(iter(self._values.values()))
        first.setFocus()

    def value(self) -> Entered:
        """What the fields describe."""
        return Entered(
            key=self._fact.key,
            value=self._read(),
            valid_from=self._day("valid_from", self.valid_from),
            valid_to=self._day("valid_to", self.valid_to),
            source=typed(self.source),
            confidence=Confidence(self.confidence.currentData()),
            name=typed(self.name),
            reason=typed(self.reason),
        )

    def complain(self, key: str, sentence: str) -> bool:
        """A rule names the field of a table after value and a dot."""
        found = key.removeprefix("value.") if key.startswith("value.") else key
        if key.startswith("rules.") or (key == "value" and "value" not in self._values):
            found = next(iter(self._values))
        return super().complain(found, sentence)

    def _field(self, key: str) -> QWidget:
        now = self._fact.value.get(key) if self._models else self._fact.value
        model = self._models.get(key, now)
        if isinstance(model, bool):
            return choice([(_("yes"), True), (_("no"), False)], now)
        if isinstance(model, Sequence) and any(isinstance(one, Mapping) for one in model):
            text = QPlainTextEdit(self)
            text.setPlainText("" if now is None else rulewords.written(now))
            text.setTabChangesFocus(True)
            text.setMinimumHeight(self.fontMetrics().height() * _LINES)
            return text
        line = QLineEdit(self)
        line.setText("" if now is None else rulewords.written(now))
        return line

    def _read(self) -> Any:  # noqa: ANN401 - rule data is of many kinds
        if not self._models:
            return self._one("value", self._fact.value)
        found: dict[str, Any] = {}
        for key, model in self._models.items():
            field = self._values[key]
            if isinstance(field, QLineEdit) and not typed(field):
                if key in self._fact.value:
                    found[key] = None
            else:
                found[key] = self._one(key, model)
        return found

    def _one(self, key: str, model: Any) -> Any:  # noqa: ANN401 - as above
        field = self._values[key]
        if isinstance(field, QComboBox):
            return bool(field.currentData())
        text = (
            field.toPlainText()
            if isinstance(field, QPlainTextEdit)
            else typed(field)
            if isinstance(field, QLineEdit)
            else ""
        )
        return rulewords.read(key, text, model, self._today)

    def _day(self, key: str, field: QLineEdit) -> date | None:
        if not typed(field):
            return None
        try:
            return dateword.read(typed(field), self._today).day
        except BadInput as error:
            raise BadInput(key, error.sentence) from None

    def _arrange(self) -> None:
        for key, field in self._values.items():
            caption = _("&Value") if key == "value" else rulewords.spaced(key).capitalize()
            self.rows.add(key, caption, field, hint=self._hint(key))
        hint = _("Empty: always. Another first day keeps the entry that counts until then.")
        self.rows.add("valid_from", _("&From"), self.valid_from, hint=hint)
        self.rows.add("valid_to", _("&Until"), self.valid_to)
        self.rows.add(
            "source", _("S&ource"), self.source, hint=_("Where it is written: a law, a web page, a decision.")
        )
        self.rows.add("confidence", _("&Confidence"), self.confidence)
        self.rows.add("name", _("&Who answers for it"), self.name)
        self.rows.add("reason", _("&Reason"), self.reason, hint=_("It is kept with the entry and in the audit."))
        for field in (self.valid_from, self.valid_to):
            field.setPlaceholderText("1/1/2027")
        fact = self._fact
        if fact.entered_by:
            self.source.setText(fact.source)
            self.name.setText(fact.entered_by)
            self.valid_from.setText(words.short_date(fact.valid_from) if fact.valid_from else "")
            self.valid_to.setText(words.short_date(fact.valid_to) if fact.valid_to else "")

    def _hint(self, key: str) -> str:
        model = self._models.get(key, self._fact.value) if self._models else self._fact.value
        if isinstance(model, Sequence) and not isinstance(model, str):
            if model and isinstance(model[0], Mapping):
                names = " | ".join(rulewords.spaced(one) for one in model[0])
                return _("A line each: {names}").format(names=names)
            return _("With commas between them.")
        return ""
