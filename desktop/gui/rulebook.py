"""The rulebook: every rule with its value, since when, its source and when it was last verified; and how to change it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from gettext import gettext as _
from gettext import ngettext
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QCheckBox, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desktop.gui import peoplewords, rulewords, safe
from desktop.gui.commands import command
from desktop.gui.desk import Desk
from desktop.gui.ruleform import Entered, RuleForm
from desktop.gui.screen import Screen
from desktop.gui.widgets.factsheet import FactSheet, Part, Row
from desktop.gui.widgets.fieldrows import FormDialog, typed
from desktop.gui.widgets.flow import Flow
from desktop.gui.widgets.glyphs import Glyph
from desktop.gui.widgets.sides import Sides
from desktop.gui.widgets.table import Column, Table, TableView

if TYPE_CHECKING:
    from desktop.clinic.change import Actor
    from desktop.clinic.rulebook import Fact
    from desktop.office.rules import RuleLine
    from desktop.records.store import Store


class RulebookView(QWidget):
    """The rules at the left, one in full at the right."""

    filtered = Signal()
    edit_asked = Signal()
    remove_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """An empty list."""
        super().__init__(parent)
        self.box = QLineEdit(self)
        self.box.setPlaceholderText(_("Rule, value or source"))
        self.box.setAccessibleName(_("Find rule"))
        self.box.setClearButtonEnabled(True)
        self.today_only = QCheckBox(_("&In force today"), self)
        self.today_only.setChecked(True)
        self.stale_only = QCheckBox(_("To be verified agai&n"), self)
        self.own_only = QCheckBox(_("&Own entries"), self)
        self.summary = safe.label(kind="muted", wrap=True)
        self.list = TableView(_table(), _("Rules"), self)
        self.facts = FactSheet(_("Rule"), self)
        self.edit = QPushButton(_("Chan&ge  F2"), self)
        self.edit.setAccessibleName(_("Change rule"))
        self.remove = QPushButton(_("&Take own entry away"), self)
        self._arrange()
        self.box.textEdited.connect(lambda _text: self.filtered.emit())
        for box in (self.today_only, self.stale_only, self.own_only):
            box.toggled.connect(lambda _on: self.filtered.emit())
        self.list.opened.connect(lambda _line: self.edit_asked.emit())
        self.edit.clicked.connect(lambda: self.edit_asked.emit())
        self.remove.clicked.connect(lambda: self.remove_asked.emit())
        self.show_rule(None, ())

    def show_lines(self, lines: Sequence[RuleLine], summary: str) -> None:
        """Show these rules."""
        self.summary.setText(summary)
        self.list.show_values(lines, lambda line: (line.fact.key, line.fact.valid_from, line.own))

    def show_rule(self, line: RuleLine | None, beside: Sequence[RuleLine]) -> None:
        """Show that rule and the other entries of its key, or none."""
        self.edit.setEnabled(line is not None)
        self.remove.setVisible(line is not None and line.own)
        if line is None:
            self.facts.show_facts("", _("No rule is selected."), ())
        else:
            title = rulewords.titled(line.fact.key)
            self.facts.show_facts(title, rulewords.about(line.fact.key), _parts(line, beside))

    def _arrange(self) -> None:
        line = self.fontMetrics().height()
        left, right = QWidget(self), QWidget(self)
        checks = QWidget(left)
        flow = Flow(checks, gap=line)
        for check in (self.today_only, self.stale_only, self.own_only):
            flow.addWidget(check)
        column = QVBoxLayout(left)
        column.setContentsMargins(line // 2, line // 2, line // 2, line // 2)
        for widget in (self.box, checks, self.summary):
            column.addWidget(widget)
        column.addWidget(self.list, 1)
        buttons = QWidget(right)
        row = Flow(buttons)
        row.setContentsMargins(line // 2, line // 2, line // 2, line // 2)
        for button in (self.edit, self.remove):
            button.setAutoDefault(False)
            row.addWidget(button)
        side = QVBoxLayout(right)
        side.setContentsMargins(0, 0, 0, 0)
        side.addWidget(buttons)
        side.addWidget(self.facts, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(Sides(left, right, self, letters=(104, 46)))


class RulebookPresenter(QObject):
    """Reads the rulebook, filters it, and puts the practice's own entries on top."""

    def __init__(self, view: RulebookView, desk: Desk, counted: Callable[[int], None]) -> None:
        """`counted` tells how many rules are to be verified again."""
        super().__init__(view)
        self._view, self._desk, self._counted = view, desk, counted
        self._lines: tuple[RuleLine, ...] = ()
        self._wanted = ""
        view.filtered.connect(self._paint)
        view.list.picked.connect(self._picked)
        view.edit_asked.connect(self.edit)
        view.remove_asked.connect(self.remove)

    def refresh(self) -> None:
        """Read the rulebook again."""
        actor = self._desk.actor
        self._desk.ask(lambda store: _read(store, actor), self._show, key="rulebook")

    def reveal(self, key: str) -> None:
        """Show the rule of that key, whatever is typed in the box."""
        self._wanted = key
        self._view.box.clear()
        self._paint()

    def edit(self) -> None:
        """Open the form for an entry on top of the chosen rule."""
        line = self._view.list.current
        if line is None:
            return
        form = RuleForm(line.fact, fields(line.fact, self._lines), self._desk.today, self._view)
        form.save_asked.connect(lambda entered: self._save(form, entered))
        form.open()

    def remove(self) -> None:
        """Ask who takes the own entry away, and why."""
        line = self._view.list.current
        if line is None or not line.own:
            return
        form = _Removal(line.fact, self._view)
        form.save_asked.connect(lambda said: self._remove(form, line.fact, said))
        form.open()

    def _save(self, form: RuleForm, entered: Entered) -> None:
        def task(store: Store, actor: Actor) -> Fact:
            from desktop.office.rules import set_rule

            return set_rule(
                store,
                actor,
                entered.key,
                entered.value,
                valid_from=entered.valid_from,
                valid_to=entered.valid_to,
                source=entered.source,
                confidence=entered.confidence,
                name=entered.name,
                reason=entered.reason,
            )

        def done(fact: Fact) -> None:
            form.accept()
            self._view.list.setFocus()  # or Ctrl+Z would take back what was typed in the box
            self._wanted = fact.key
            self._desk.tell(_("Rule changed, and every planned appointment judged anew; Ctrl+Z takes it back."))

        self._desk.do(_("Change rule"), task, done, failed=form.show_error)

    def _remove(self, form: _Removal, fact: Fact, said: tuple[str, str]) -> None:
        def task(store: Store, actor: Actor) -> None:
            from desktop.office.rules import remove_rule

            remove_rule(store, actor, fact.key, fact.valid_from, name=said[0], reason=said[1])

        def done(_none: None) -> None:
            form.accept()
            self._view.list.setFocus()
            self._desk.tell(_("Own entry taken away; the shipped rule counts again."))

        self._desk.do(_("Remove rule"), task, done, failed=form.show_error)

    def _show(self, lines: tuple[RuleLine, ...]) -> None:
        self._lines = lines
        self._counted(sum(one.stale and one.in_force for one in lines))
        self._paint()

    def _paint(self) -> None:
        view = self._view
        parts = safe.clean(view.box.text()).casefold().split()
        found = [
            one
            for one in self._lines
            if (one.in_force or one.own or not view.today_only.isChecked())
            and (one.stale or not view.stale_only.isChecked())
            and (one.own or not view.own_only.isChecked())
            and all(part in _text(one) for part in parts)
        ]
        stale = sum(one.stale for one in found)
        shown = ngettext("{n} rule", "{n} rules", len(found)).format(n=len(found))
        again = ngettext("{n} to be verified again", "{n} to be verified again", stale).format(n=stale)
        view.show_lines(found, f"{shown} · {again}" if stale else shown)
        if self._wanted and view.list.select(
            lambda line: line.fact.key == self._wanted and (line.own or line.in_force)
        ):
            self._wanted = ""

    def _picked(self, line: RuleLine | None) -> None:
        others = (
            [] if line is None else [one for one in self._lines if one.fact.key == line.fact.key and one is not line]
        )
        self._view.show_rule(line, others)


class RulebookScreen(Screen):
    """The module Rulebook."""

    title = _("Rulebook")

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        """Put view and presenter together, with their keys."""
        super().__init__(desk, parent)
        self.view = RulebookView(self)
        self.presenter = RulebookPresenter(self.view, desk, self.counted.emit)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.view)
        self._tools = (command(self, _("Change rule..."), self.presenter.edit, keys="F2", picture="edit"),)

    def refresh(self) -> None:
        """Read the rulebook again."""
        self.presenter.refresh()

    def reveal(self, key: str) -> None:
        """Show the rule of that key."""
        self.presenter.reveal(key)

    def panes(self) -> Sequence[QWidget]:
        """The box, the rules, the chosen one."""
        return (self.view.box, self.view.list, self.view.edit)

    def tools(self) -> Sequence[QAction]:
        """Change a rule."""
        return self._tools

    def focus_first(self) -> None:
        """Begin in the list."""
        self.view.list.setFocus()


class _Removal(FormDialog):
    """Who takes an own entry away, and why."""

    def __init__(self, fact: Fact, parent: QWidget) -> None:
        super().__init__(_("Take own entry away"), parent, go=_("Take away  Ctrl+Enter"), letters=64, lines=14)
        title = rulewords.titled(fact.key)
        self.rows.wide(safe.label(title, self, kind="heading", wrap=True))
        self.name, self.reason = QLineEdit(self), QLineEdit(self)
        self.rows.add("name", _("&Who answers for it"), self.name)
        self.rows.add("reason", _("&Reason"), self.reason)
        self.name.setFocus()

    def value(self) -> tuple[str, str]:
        return typed(self.name), typed(self.reason)


def fields(fact: Fact, lines: Sequence[RuleLine]) -> dict[str, Any]:
    """The fields that this rule's table may have, each with a value of its kind; nothing for a rule that is no table.

    They are those of the rules beside it, and of rules in its area that have a field in common with those.
    """
    if not isinstance(fact.value, Mapping):
        return {}
    family, area = fact.key.rpartition(".")[0], fact.key.partition(".")[0]
    tables = [one.fact for one in lines if isinstance(one.fact.value, Mapping)]
    near: dict[str, Any] = dict(fact.value)
    for other in tables:
        if other.key.rpartition(".")[0] == family:
            near = {**other.value, **near}
    for other in tables:
        if other.key.partition(".")[0] == area and near.keys() & other.value.keys():
            near = {**other.value, **near}
    ordered = [*fact.value, *(key for key in near if key not in fact.value)]
    return {key: near[key] for key in ordered}


def _table() -> Table[RuleLine]:
    def tone(line: RuleLine) -> str:
        return "" if line.in_force else "muted"

    return Table(
        (
            Column(
                _("Rule"),
                lambda line: rulewords.titled(line.fact.key) + (_(" (own)") if line.own else ""),
                tone=lambda line: "info" if line.own else tone(line),
                glyph=lambda line: Glyph.STAR if line.own else None,
                bold=lambda line: line.own,
                tip=lambda line: line.fact.key,
                width=33,
            ),
            Column(_("Value"), lambda line: rulewords.said(line.fact.value), tone=tone),
            Column(_("Since"), lambda line: rulewords.since(line.fact), tone=tone, width=12, spare=2),
            Column(
                _("Source"),
                lambda line: line.fact.source,
                tone=lambda _line: "muted",
                tip=lambda line: line.fact.source,
                width=20,
                spare=1,
            ),
            Column(
                _("Confidence"),
                lambda line: rulewords.confidence(line.fact.confidence),
                tone=lambda _line: "muted",
                width=10,
                spare=3,
            ),
            Column(
                _("Verified"),
                lambda line: verified(line),
                tone=lambda line: "warn" if line.stale else "muted",
                glyph=lambda line: Glyph.TRIANGLE if line.stale else None,
                width=18,
            ),
        ),
        spoken=lambda line: _spoken(line),
    )


def verified(line: RuleLine) -> str:
    """When it was last verified, and that it is time to do so again."""
    day = peoplewords.short(line.fact.verified_on)
    return _("{day}, check").format(day=day) if line.stale else day


def _spoken(line: RuleLine) -> str:
    fact = line.fact
    stale = _("to be verified again") if line.stale else ""
    own = _("own entry") if line.own else ""
    parts = (rulewords.titled(fact.key), rulewords.said(fact.value), own, stale)
    return ", ".join(part for part in parts if part)


def _text(line: RuleLine) -> str:
    fact = line.fact
    return " ".join((fact.key, rulewords.titled(fact.key), rulewords.said(fact.value), fact.source)).casefold()


def _parts(line: RuleLine, beside: Sequence[RuleLine]) -> tuple[Part, ...]:
    fact = line.fact
    checked = peoplewords.short(fact.verified_on)
    if line.stale:
        checked = _("{day}: more than 180 days ago; look it up again").format(day=checked)
    kept = (
        Row(label=_("Counts"), text=rulewords.since(fact) + ("" if line.in_force else _(" (not in force today)"))),
        Row(label=_("Source"), text=fact.source),
        Row(label=_("Confidence"), text=rulewords.confidence_why(fact.confidence)),
        Row(
            label=_("Verified"),
            text=checked,
            tone="warn" if line.stale else "",
            glyph=Glyph.TRIANGLE if line.stale else None,
        ),
        Row(label=_("Rule"), text=fact.key),
    )
    own = (
        (Row(label=_("Entered by"), text=fact.entered_by), Row(label=_("Reason"), text=fact.reason)) if line.own else ()
    )
    others = tuple(
        Row(
            label=_("own") if one.own else _("shipped"),
            text=f"{rulewords.said(one.fact.value)} · {rulewords.since(one.fact)}",
            tone="" if one.in_force else "muted",
        )
        for one in beside
    )
    return (
        Part(heading=_("Value"), rows=_value_rows(fact)),
        Part(heading=_("The practice's own entry"), rows=own),
        Part(heading=_("Where it comes from"), rows=kept),
        Part(heading=_("Other entries of this rule"), rows=others),
    )


def _value_rows(fact: Fact) -> tuple[Row, ...]:
    value = fact.value
    if isinstance(value, Mapping) and value:
        return tuple(
            Row(label=rulewords.spaced(key).capitalize(), text=rulewords.said(part)) for key, part in value.items()
        )
    if isinstance(value, Sequence) and any(isinstance(one, Mapping) for one in value):
        return tuple(Row(text=rulewords.said([one])) for one in value)
    return (Row(text=rulewords.said(value)),)


def _read(store: Store, actor: Actor) -> tuple[RuleLine, ...]:
    from desktop.office import rules

    return rules.entries(store, actor)
