"""Is the therapist trained for what is asked? Level, scope, and training under a supervisor."""

from __future__ import annotations

from datetime import date

from desktop.clinic.facts import Facts
from desktop.clinic.ladder import (
    COMPREHENSIVE,
    RANK,
    Standing,
    has_independent_license,
    is_comprehensive,
    level_word,
    name_of,
    scopes,
    standing,
    title_words,
)
from desktop.clinic.people import TherapistId
from desktop.clinic.phrases import evidence, shown
from desktop.clinic.phrases import translated as _
from desktop.clinic.rulebook import Fact, Rulebook
from desktop.clinic.services import Level, Modality
from desktop.clinic.supervision import known, supervisor_of
from desktop.clinic.therapists import Therapist
from desktop.clinic.verdict import Outcome, Verdict


def judge_qualification(
    therapist: Therapist,
    *,
    modality: Modality | None,
    level: Level | None,
    scope: frozenset[str],
    day: date,
    facts: Facts,
    rules: Rulebook,
    asked: Level | None = None,
) -> tuple[Verdict, ...]:
    """Judge the level and scope that a service needs on that day of the New York calendar; nothing without a modality.

    `level` is the service's lowest: training under a supervisor stands in for trained, and the verdict says so.
    `asked` is the client's own lowest, for which training under a supervisor never stands in.
    """
    if modality is None:
        return ()
    held = standing(therapist, modality, day, rules)
    found: tuple[Verdict, ...]
    if modality is Modality.TRAUMA_INTENSIVE:
        found = (_judge_intensive(therapist, day, rules),)
    else:
        found = _judge_level(therapist, modality, held, level or Level.NONE, asked or Level.NONE, day, facts, rules)
    found = (*found, *_judge_scope(therapist, modality, scope, day, rules))
    if any(one.outcome is Outcome.BLOCK for one in found):
        return found
    return (*found, *_doubts(therapist, modality, held, day, rules))


def _judge_level(
    therapist: Therapist,
    modality: Modality,
    held: Standing,
    level: Level,
    asked: Level,
    day: date,
    facts: Facts,
    rules: Rulebook,
) -> tuple[Verdict, ...]:
    needed = max(level, asked, key=RANK.__getitem__)
    if needed is Level.NONE:
        return ()
    accepts_training = RANK[needed] <= RANK[Level.TRAINED] and asked in (Level.NONE, Level.IN_TRAINING)
    if held.level is Level.IN_TRAINING and accepts_training:
        return (_judge_training(therapist, modality, day, facts, rules),)
    if RANK[held.level] >= RANK[needed]:
        return (_enough(therapist, modality, held, day, rules),)
    if held.lapsed_on is not None:
        sentence = _(
            "{name} counts as {held} in {modality}, because the certificate lapsed on {lapsed}; {needed} is asked."
        )
    else:
        sentence = _("{name} is {held} in {modality}; {needed} is asked.")
    text = sentence.format(
        name=therapist.signed_name,
        held=level_word(held.level),
        modality=name_of(modality),
        needed=level_word(needed),
        lapsed="" if held.lapsed_on is None else shown(held.lapsed_on),
    )
    return (_block("QUAL_LEVEL", text, None, modality=modality.value, level=held.level.value, needed=needed.value),)


def _enough(therapist: Therapist, modality: Modality, held: Standing, day: date, rules: Rulebook) -> Verdict:
    words, fact = title_words(held.level, modality, day, rules)
    record = held.record
    shows = evidence(
        fact,
        modality=modality.value,
        level=held.level.value,
        body="" if record is None else record.body,
        number="" if record is None else record.number,
        valid_until="" if record is None or record.valid_until is None else record.valid_until.isoformat(),
    )
    text = _("{name}: {words}.").format(name=therapist.signed_name, words=words)
    return Verdict(outcome=Outcome.ALLOW, code="QUAL_OK", sentence=text, evidence=shows)


def _judge_training(therapist: Therapist, modality: Modality, day: date, facts: Facts, rules: Rulebook) -> Verdict:
    rule = rules.fact("qualification.supervisor_level", day)
    supervisor = named_supervisor(therapist, modality, day, facts, rules)
    words = {"name": therapist.signed_name, "modality": name_of(modality)}
    if supervisor is None:
        sentence = _(
            "{name} is in training for {modality}: on that day a named supervisor trained in it is needed, and clients "
            "must be told in writing."
        )
        return _block("QUAL_SUP", sentence.format(**words), rule, modality=modality.value, level="in_training")
    sentence = _("{name} is in training for {modality}, supervised by {supervisor}; tell the client so.")
    shows = evidence(rule, modality=modality.value, level="in_training", supervisor=supervisor.id)
    text = sentence.format(supervisor=supervisor.signed_name, **words)
    return Verdict(outcome=Outcome.ALLOW, code="QUAL_OK", sentence=text, evidence=shows)


def named_supervisor(
    therapist: Therapist, modality: Modality, day: date, facts: Facts, rules: Rulebook
) -> Therapist | None:
    """The supervisor on record for that modality and day who may supervise it, with clients told; None without one."""
    for record in therapist.supervisions:
        if record.modality is not modality or not record.client_told:
            continue
        if record.starts <= day and (record.ends is None or day <= record.ends):
            supervisor = supervisor_of(record, facts)
            if supervisor is not None and _may_supervise(supervisor, modality, day, rules):
                return supervisor
    return None


def may_supervise(key: TherapistId | None, modality: Modality, day: date, facts: Facts, rules: Rulebook) -> bool:
    """Whether that person may supervise the modality that day; False for nobody and for somebody unknown."""
    person = None if key is None else known(key, facts)
    return person is not None and _may_supervise(person, modality, day, rules)


def _may_supervise(person: Therapist, modality: Modality, day: date, rules: Rulebook) -> bool:
    needed = Level(rules.fact("qualification.supervisor_level", day).value)
    if RANK[standing(person, modality, day, rules).level] < RANK[needed]:
        return False
    licensed = rules.fact("qualification.supervisor_independent", day).value
    return modality.value not in licensed or has_independent_license(person, day, rules)


def _judge_scope(
    therapist: Therapist, modality: Modality, scope: frozenset[str], day: date, rules: Rulebook
) -> tuple[Verdict, ...]:
    if not scope:
        return ()
    missing = sorted(scope - {COMPREHENSIVE} - scopes(therapist, modality, day))
    if COMPREHENSIVE in scope and not is_comprehensive(therapist, day, rules):
        rule = rules.fact("qualification.dbt.comprehensive", day)
        sentence = _("{name} does not offer every part of DBT, so this may not be called comprehensive DBT.")
        shows = {"modality": modality.value, "needed": ", ".join(rule.value)}
        return (_block("QUAL_SCOPE", sentence.format(name=therapist.signed_name), rule, **shows),)
    if not missing:
        return ()
    sentence = _("{name} lacks for {modality}: {missing}.")
    listed = ", ".join(missing)
    text = sentence.format(name=therapist.signed_name, modality=name_of(modality), missing=listed.replace("_", " "))
    return (_block("QUAL_SCOPE", text, None, modality=modality.value, needed=listed),)


def _judge_intensive(therapist: Therapist, day: date, rules: Rulebook) -> Verdict:
    rule = rules.fact("qualification.trauma_intensive.any_of", day)
    lowest = rules.fact("qualification.trauma_intensive.level", day)
    protocol = rules.fact("qualification.trauma_intensive.scope", day)
    held = [
        modality
        for modality in map(Modality, rule.value)
        if RANK[standing(therapist, modality, day, rules).level] >= RANK[Level(lowest.value)]
    ]
    own = standing(therapist, Modality.TRAUMA_INTENSIVE, day, rules).level
    knows_protocol = RANK[own] >= RANK[Level.TRAINED] or protocol.value in scopes(therapist, None, day)
    names = ", ".join(name_of(Modality(one)) for one in rule.value)
    if not held:
        text = _("A trauma intensive needs training in one of {names}; {name} has none of them.")
        return _block("QUAL_PREREQUISITE", text.format(names=names, name=therapist.signed_name), rule)
    if not knows_protocol:
        text = _("A trauma intensive needs the intensive protocol; {name} has not been trained in it.")
        return _block("QUAL_PREREQUISITE", text.format(name=therapist.signed_name), protocol)
    text = _("{name}: trauma intensive, on the ground of {held}.")
    text = text.format(name=therapist.signed_name, held=", ".join(map(name_of, held)))
    return Verdict(outcome=Outcome.ALLOW, code="QUAL_OK", sentence=text, evidence=evidence(rule))


def _doubts(
    therapist: Therapist, modality: Modality, held: Standing, day: date, rules: Rulebook
) -> tuple[Verdict, ...]:
    found = []
    if held.lapsed_on is not None:
        if held.in_grace:
            code, sentence = (
                "QUAL_GRACE",
                _("{modality}: the certificate ended on {lapsed} and is in its grace period; renew it."),
            )
        else:
            code, sentence = (
                "QUAL_LAPSED",
                _("{modality}: certification lapsed on {lapsed}; say only that they are trained."),
            )
        text = sentence.format(modality=name_of(modality), lapsed=shown(held.lapsed_on))
        shows = {"modality": modality.value, "lapsed_on": held.lapsed_on.isoformat()}
        found.append(Verdict(outcome=Outcome.WARN, code=code, sentence=text, evidence=shows))
    rule = rules.fact("qualification.presumes_license", day)
    certified = RANK[held.level] >= RANK[Level.CERTIFIED] and modality.value in rule.value
    if certified and not has_independent_license(therapist, day, rules):
        sentence = _("{modality} certification presumes an independent license, and {name} has none; check the record.")
        text = sentence.format(modality=name_of(modality), name=therapist.signed_name)
        found.append(
            Verdict(
                outcome=Outcome.WARN, code="QUAL_DATA", sentence=text, evidence=evidence(rule, modality=modality.value)
            )
        )
    return tuple(found)


def _block(code: str, sentence: str, rule: Fact | None, **more: str) -> Verdict:
    return Verdict(outcome=Outcome.BLOCK, code=code, sentence=sentence, evidence=evidence(rule, **more))
