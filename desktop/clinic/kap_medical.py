"""The medical gates of KAP: clearance, contraindication flags, blood pressure. Only the prescriber clears."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from desktop.clinic.dosing import Dosing, gate
from desktop.clinic.pathway import Answer, Clearance, Decision, ExamMode, Flag, Pressure, Reading
from desktop.clinic.phrases import as_date, shown
from desktop.clinic.phrases import translated as _
from desktop.clinic.risk import is_suicidal
from desktop.clinic.verdict import Outcome, Verdict

_CLEARED = frozenset({Decision.CLEARED, Decision.CLEARED_WITH_LIMITS})


def judge_clearance(asked: Dosing) -> Iterator[Verdict]:
    """Gate 2: a clearance by a named prescriber, not on hold, valid on the day; and the law on telehealth exams."""
    found, rule = asked.clearance, asked.rule("clearance_days")
    if found is None or not found.prescriber.strip():
        text = _("No medical clearance by a prescriber is on file; send the clearance request.")
        yield gate(2, "KAP_NO_CLEARANCE", text, rule)
        return
    if found.on_hold:
        text = _("The medical clearance is on hold; the prescriber must release it.")
        yield gate(2, "KAP_NO_CLEARANCE", text, rule, exam_on=found.exam_on.isoformat())
    until = valid_until(found, rule.value)
    if asked.day > until:
        text = _("The medical clearance of {exam} expires on {until}, before the dosing; ask for a new one.")
        sentence = text.format(exam=shown(found.exam_on), until=shown(until))
        yield gate(
            2,
            "KAP_CLEARANCE_EXPIRED",
            sentence,
            rule,
            exam_on=found.exam_on.isoformat(),
            valid_until=until.isoformat(),
            prescriber_license_state=found.license_state.value,
        )
    law = asked.rule("telehealth_prescribing_until")
    last = as_date(law.value)
    if found.exam_mode is ExamMode.TELEHEALTH and last is not None and asked.day > last:
        text = _(
            "The exam was by video, and the federal rule that allows it ends on {last}; the prescriber must confirm."
        )
        sentence = text.format(last=shown(last))
        yield gate(2, "RX_LAW_CHECK", sentence, law, outcome=Outcome.HOLD, exam_on=found.exam_on.isoformat())


def valid_until(clearance: Clearance, default_days: int) -> date:
    """The last day the clearance counts: the prescriber's own date, or the default number of days from the exam."""
    return clearance.valid_until or clearance.exam_on + timedelta(days=default_days)


def judge_flags(asked: Dosing) -> Iterator[Verdict]:
    """Gate 3: no open flag of class A, and a prescriber's decision on each of class R that is not older than the flag."""
    flags = () if asked.pathway is None else asked.pathway.flags
    open_ones = [one for one in flags if one.noted_on <= asked.day and _is_open(one, asked.day)]
    by_class: dict[str, list[str]] = {"A": [], "R": [], "I": []}
    for flag in open_ones:
        by_class[_class(flag, asked)].append(flag.code)
    if is_suicidal(asked.client.risk_screen, asked.day, asked.rules):
        by_class["A"].append("SI_ACUTE")
    for kind, outcome in (("A", Outcome.BLOCK), ("R", Outcome.HOLD)):
        codes = sorted(set(by_class[kind]))
        if codes:
            text = _(
                "The prescriber must decide about the client's answers first ({codes}); send the clearance request."
            )
            rule = asked.rules.find(f"kap.flag.{codes[0]}", asked.day)
            sentence = text.format(codes=", ".join(codes))
            yield gate(3, "KAP_CONTRA_HOLD", sentence, rule, outcome=outcome, flags=", ".join(codes))
    informed = asked.clearance
    notes = [one.code for one in open_ones if one.code in by_class["I"]]
    fresh = [one for one in open_ones if one.code in notes and (informed is None or informed.exam_on < one.noted_on)]
    if fresh:
        text = _("Tell the prescriber before the dosing: {codes}.").format(codes=", ".join(one.code for one in fresh))
        yield gate(3, "KAP_INFORM", text, None, outcome=Outcome.WARN)


def _is_open(flag: Flag, day: date) -> bool:
    if flag.answer is Answer.NO:
        return False
    decided = flag.decided_on
    return not (flag.decision in _CLEARED and decided is not None and flag.noted_on <= decided <= day)


def _class(flag: Flag, asked: Dosing) -> str:
    if flag.decision is Decision.DECLINED:
        return "A"
    rule = asked.rules.find(f"kap.flag.{flag.code}", asked.day)
    return "R" if rule is None else str(rule.value["unstable" if flag.unstable else "class"])


def judge_pressure(asked: Dosing) -> Iterator[Verdict]:
    """Gate 3, blood pressure: the prescriber's limit holds on the day; before a clearance the default limit alerts."""
    readings = [] if asked.pathway is None else [one for one in asked.pathway.readings if one.on <= asked.day]
    if not readings:
        return
    clearance, rule = asked.clearance, asked.rule("pressure_limit")
    limit = clearance.limit if clearance is not None and clearance.limit is not None else Pressure(**rule.value)
    unseen = [one for one in readings if clearance is None or one.on > clearance.exam_on]
    high = [one for one in unseen if _exceeds(one, limit)]
    last = max(readings, key=lambda one: one.on)
    latest = [one for one in high if one.on == last.on]
    words = {"limit": _written(limit), "reading": _written((latest or high or [last])[-1].pressure)}
    shows = {"limit": words["limit"], "reading": words["reading"], "on": last.on.isoformat()}
    if clearance is None and latest:
        text = _("The blood pressure {reading} is above {limit}; the prescriber must decide first.")
        yield gate(3, "KAP_CONTRA_HOLD", text.format(**words), rule, outcome=Outcome.BLOCK, **shows)
    elif len({one.on for one in high}) >= asked.rule("pressure_strikes").value:
        text = _(
            "The blood pressure was above {limit} more than once since the clearance; the prescriber must clear anew."
        )
        yield gate(3, "KAP_CONTRA_HOLD", text.format(**words), rule, outcome=Outcome.BLOCK, **shows)
    elif latest and last.on == asked.day:
        text = _(
            "The blood pressure {reading} is above {limit}: no dosing today. Keep a preparation visit, tell the prescriber."
        )
        yield gate(3, "KAP_BP", text.format(**words), rule, outcome=Outcome.BLOCK, **shows)
    elif latest:
        text = _("The last blood pressure {reading} is above {limit}; the prescriber must be told before the dosing.")
        yield gate(3, "KAP_BP", text.format(**words), rule, outcome=Outcome.HOLD, **shows)


def _exceeds(reading: Reading, limit: Pressure) -> bool:
    return reading.pressure.systolic > limit.systolic or reading.pressure.diastolic > limit.diastolic


def _written(pressure: Pressure) -> str:
    return f"{pressure.systolic}/{pressure.diastolic}"
