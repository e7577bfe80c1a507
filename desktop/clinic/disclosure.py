"""The gate before a letter: what may be told to whom, and on which release.

Default is stricter than 45 CFR 164.506: a treating provider, too, is told nothing without a signed release of the client.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from gettext import gettext as _
from typing import Annotated

from desktop.clinic.clients import Client, DataClass, Release
from desktop.clinic.errors import BadInput
from desktop.clinic.moments import age_on
from desktop.clinic.people import Referrer
from desktop.clinic.practice import Part2
from desktop.clinic.template import LONGEST
from desktop.clinic.verdict import Outcome, Verdict
from desktop.clinic.wording import long_date

TO_THE_CLIENT = "to the client"
WARN_DAYS = 30

_SUBSTANCE = re.compile(
    r"\b(substance|addict\w*|alcohol\w*|drink(s|ing|er)?|drunk|sober|sobriety|relaps\w*|detox\w*|rehab|overdos\w*|drugs?"
    r"|opioid\w*|opiate\w*|heroin|fentanyl|cocaine|meth(amphetamine\w*)?|methadone|suboxone|buprenorphine|naltrexone"
    r"|cannabis|marijuana|benzodiazepine\w*|intoxicat\w*|12[- ]step|twelve[- ]step|SUD)\b",
    re.IGNORECASE,
)
_HIV = re.compile(r"\b(hiv|aids|antiretroviral\w*|seropositive)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A fact that a letter could print, with the classes of information it would give away (none: the practice's own)."""

    name: str
    text: str
    classes: frozenset[DataClass] = frozenset()

    def __post_init__(self) -> None:
        """Refuse a fact too long for a letter."""
        if len(self.text) > LONGEST:
            raise BadInput(self.name, _("keep it to 20,000 characters."))


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosed:
    """One line of the disclosure log: what leaves, its class, and the release (or other basis) it leaves on."""

    field: str
    data_class: DataClass
    basis: Annotated[str, "the release's id, or why none is needed"]


def told(name: str, text: str, *classes: DataClass) -> Field:
    """A free text as a field; words that tell of substance use or HIV add those classes to the given ones."""
    more = {DataClass.SUD} if _SUBSTANCE.search(text) else set()
    if _HIV.search(text):
        more.add(DataClass.HIV)
    return Field(name=name, text=text, classes=frozenset({*classes, *more}))


def is_confidential_minor(client: Client, day: date) -> bool:
    """Whether the client is a minor who consents alone, so that nothing may reach the parents."""
    return client.refuses_parent_contact and not client.emancipated and age_on(client.birth_date, day) < 18


def judge_disclosure(
    fields: Iterable[Field], client: Client, recipient: Referrer | None, part2: Part2, day: date
) -> tuple[tuple[Disclosed, ...], tuple[Verdict, ...]]:
    """What leaves on which basis that day, and why anything of it may not.

    No recipient means the client. Every class needs a release of the client to this very recipient, signed, not expired
    and not revoked that day; substance use needs one that also meets 42 CFR 2.31, unless the practice is no part 2 program.
    """
    fields = tuple(fields)
    if recipient is None:
        rows = tuple(_rows(fields, dict.fromkeys(DataClass, TO_THE_CLIENT)))
        return rows, _to_a_minor(client, day)
    needed = {one for field in fields for one in field.classes}
    if needed and is_confidential_minor(client, day):
        needed.add(DataClass.MINOR_CONFIDENTIAL)
    found = {one: _release(client, recipient, one, part2, day) for one in sorted(needed)}
    basis = {one: release.id for one, (release, code) in found.items() if release is not None and not code}
    return tuple(_rows(fields, basis)), (*_refusals(found, day), *_running_out(client, basis, day))


def _rows(fields: Iterable[Field], basis: dict[DataClass, str]) -> Iterable[Disclosed]:
    for field in fields:
        for one in sorted(field.classes):
            yield Disclosed(field=field.name, data_class=one, basis=basis.get(one, ""))


def _release(
    client: Client, recipient: Referrer, wanted: DataClass, part2: Part2, day: date
) -> tuple[Release | None, str]:
    """The release that covers the class, with no code; or the nearest one with the code of what is wrong with it."""
    theirs = sorted((one for one in client.releases if one.recipient == recipient.id), key=lambda one: one.expires_on)
    standing = [one for one in theirs if _stands(one, day)]
    covering = [one for one in reversed(theirs) if _covers(one, wanted, part2)]
    for one in covering:
        if _stands(one, day):
            return one, ""
    for one in covering:
        if one.signed_on <= day:
            return one, "ROI_REVOKED" if _revoked(one, day) else "ROI_EXPIRED"
    if standing:
        return standing[-1], _LACKING.get(wanted, "ROI_SCOPE")
    for one in reversed(theirs):
        if one.signed_on <= day:
            return one, "ROI_REVOKED" if _revoked(one, day) else "ROI_EXPIRED"
    others = [
        one for one in client.releases if one.recipient != recipient.id and wanted in one.classes and _stands(one, day)
    ]
    return (others[0], "ROI_OTHER_RECIPIENT") if others else (None, "ROI_MISSING")


_LACKING = {DataClass.SUD: "ROI_SUD", DataClass.MINOR_CONFIDENTIAL: "ROI_MINOR"}


def _revoked(release: Release, day: date) -> bool:
    return release.revoked_on is not None and release.revoked_on <= day


def _stands(release: Release, day: date) -> bool:
    return release.signed_on <= day <= release.expires_on and not _revoked(release, day)


def _covers(release: Release, wanted: DataClass, part2: Part2) -> bool:
    meets = wanted is not DataClass.SUD or release.part2 or part2 is Part2.NO
    return wanted in release.classes and meets


def _refusals(found: dict[DataClass, tuple[Release | None, str]], day: date) -> Iterable[Verdict]:
    grouped: dict[tuple[str, str], list[DataClass]] = {}
    for one, (release, code) in found.items():
        if code:
            grouped.setdefault((code, release.id if release else ""), []).append(one)
    for (code, _id), classes in grouped.items():
        yield _refusal(code, found[classes[0]][0], classes, day)


def _refusal(code: str, release: Release | None, classes: Sequence[DataClass], day: date) -> Verdict:
    what = ", ".join(class_name(one) for one in classes)
    evidence = {"classes": ", ".join(classes), "day": day.isoformat()}
    when = ""
    if release is not None:
        evidence |= {"release": release.id, "signed_on": release.signed_on.isoformat()}
        evidence["expires_on"] = release.expires_on.isoformat()
        when = long_date(release.expires_on)
        if release.revoked_on is not None:
            evidence["revoked_on"] = release.revoked_on.isoformat()
            when = long_date(release.revoked_on) if code == "ROI_REVOKED" else when
    outcome = Outcome.HOLD if code == "ROI_SUD" else Outcome.BLOCK
    return Verdict(outcome=outcome, code=code, sentence=_sentence(code).format(what=what, when=when), evidence=evidence)


def _sentence(code: str) -> str:
    return {
        "ROI_MISSING": _("There is no signed release to this recipient for: {what}. Ask the client to sign one."),
        "ROI_EXPIRED": _("The release to this recipient for {what} expired on {when}. Ask the client to renew it."),
        "ROI_REVOKED": _("The client revoked the release to this recipient for {what} on {when}. Nothing may be sent."),
        "ROI_OTHER_RECIPIENT": _(
            "The release for {what} names another recipient. Ask the client to sign one for this one."
        ),
        "ROI_SCOPE": _("The release to this recipient does not cover: {what}. Leave it out, or ask the client for it."),
        "ROI_SUD": _(
            "No release to this recipient meets 42 CFR part 2 for substance use information. "
            "Leave it out, or ask the client for that consent."
        ),
        "ROI_MINOR": _(
            "This minor consents to care alone, and no release of their own to this recipient says that it may be told."
        ),
    }[code]


def _running_out(client: Client, basis: dict[DataClass, str], day: date) -> Iterable[Verdict]:
    for release in client.releases:
        if release.id in basis.values() and release.expires_on - day <= timedelta(days=WARN_DAYS):
            yield Verdict(
                outcome=Outcome.WARN,
                code="ROI_EXPIRES_SOON",
                sentence=_("The release runs out on {when}; ask the client to renew it.").format(
                    when=long_date(release.expires_on)
                ),
                evidence={"release": release.id, "expires_on": release.expires_on.isoformat()},
            )


def _to_a_minor(client: Client, day: date) -> tuple[Verdict, ...]:
    if not is_confidential_minor(client, day):
        return ()
    return (
        Verdict(
            outcome=Outcome.WARN,
            code="MINOR_CONFIDENTIAL",
            sentence=_("This minor consents alone: hand the letter over in person; nothing goes to the parents."),
            evidence={"birth_date": client.birth_date.isoformat()},
        ),
    )


def class_name(one: DataClass) -> str:
    """The class of information in plain words."""
    return {
        DataClass.IDENTITY: _("name and birth date"),
        DataClass.CONTACT: _("contact details"),
        DataClass.SCHEDULING: _("appointments"),
        DataClass.INSURANCE: _("insurance"),
        DataClass.REASON: _("reason for the referral"),
        DataClass.DIAGNOSIS: _("diagnosis"),
        DataClass.TREATMENT: _("treatment"),
        DataClass.RISK: _("risk"),
        DataClass.SUD: _("substance use"),
        DataClass.HIV: _("HIV"),
        DataClass.MINOR_CONFIDENTIAL: _("a minor's own care"),
    }[one]
