"""Letter templates: plain text with $fields, in named sections that go when they have nothing to say.

    version: 1
    title: Referral

    # A line that begins with # is a remark.
    [greeting]
    Dear $recipient_greeting:

    [care: Care so far ? treatment]
    Lines that follow each other are one paragraph; an empty line ends it.
    - A line that begins with a dash is an item of a list.
    Medication :: $medication

`[name]` begins a section, `[name: Heading]` gives it a heading, and `? field` keeps it only when that field has text.
`Label :: text` is a row. A paragraph, an item or a row goes when one of its fields is empty; a section goes when
nothing of it is left. Fields are those of `string.Template`; what a field holds is never read as a template again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from gettext import gettext as _
from string import Template as Fields

from desktop.clinic.errors import BadInput

LONGEST = 20_000

_SECTION = re.compile(r"\[(?P<name>[a-z_]+)(?:\s*:\s*(?P<heading>[^?\]]+?))?(?:\s*\?\s*(?P<field>[a-z_]+))?\s*\]")
_SETTING = re.compile(r"(?P<name>[a-z]+):\s*(?P<value>.*)")


class PartKind(StrEnum):
    """How a part of a section is set."""

    PARAGRAPH = "paragraph"
    ITEM = "item"
    ROW = "row"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A paragraph, an item of a list, or a row with its label; in a template with $fields, in a letter filled."""

    kind: PartKind = PartKind.PARAGRAPH
    label: str = ""
    text: str

    def __post_init__(self) -> None:
        """Refuse a text that no letter needs."""
        if len(self.text) > LONGEST:
            raise BadInput("text", _("keep each paragraph of a letter to 20,000 characters."))


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A named stretch of a letter, with its heading, if any."""

    name: str
    heading: str = ""
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A template as read: its settings, and each section with the field it depends on (empty: none)."""

    settings: Mapping[str, str]
    sections: tuple[tuple[Section, str], ...]

    @property
    def version(self) -> str:
        """The version that a finished letter names."""
        return self.settings["version"]


def read_template(text: str) -> Template:
    """The template written in that text.

    Raises BadInput naming the line that is neither a setting nor in a section, a malformed $field, or a missing version.
    """
    settings: dict[str, str] = {}
    sections: list[tuple[Section, str]] = []
    lines: list[str] = []

    def close() -> None:
        if sections:
            section, field = sections.pop()
            parts = tuple(_parts(lines))
            sections.append((Section(name=section.name, heading=section.heading, parts=parts), field))
        lines.clear()

    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("#"):
            continue
        if begins := _SECTION.fullmatch(line.strip()):
            close()
            sections.append((Section(name=begins["name"], heading=begins["heading"] or ""), begins["field"] or ""))
        elif sections:
            lines.append(line)
        elif setting := _SETTING.fullmatch(line.strip()):
            settings[setting["name"]] = setting["value"]
        elif line.strip():
            raise BadInput("template", _("line {number} belongs to no section.").format(number=number))
    close()
    if "version" not in settings:
        raise BadInput("template", _("begin it with a line such as version: 1."))
    return Template(settings=settings, sections=tuple(sections))


def fields_of(template: Template) -> frozenset[str]:
    """The names of every field that the template can print."""
    return frozenset(name for section, _field in template.sections for part in section.parts for name in _names(part))


def fill(template: Template, values: Mapping[str, str]) -> tuple[Section, ...]:
    """The sections with the values filled in, without what has nothing to say.

    Raises BadInput naming a field that there is no value for (an empty one is a value).
    """
    filled = (
        Section(name=section.name, heading=section.heading, parts=tuple(_filled(section, values)))
        for section, field in template.sections
        if not field or _value(values, field)
    )
    return tuple(section for section in filled if section.parts)


def used(template: Template, values: Mapping[str, str]) -> frozenset[str]:
    """The names of the fields that really end up on the paper with these values."""
    return frozenset(
        name
        for section, field in template.sections
        if not field or _value(values, field)
        for part in section.parts
        if _stands(part, values)
        for name in _names(part)
    )


def _parts(lines: list[str]) -> Iterator[Part]:
    paragraph: list[str] = []
    for line in [*lines, ""]:
        text = line.strip()
        label, row, value = text.partition(" :: ")
        special = row or text.startswith("- ") or not text
        if special and paragraph:
            yield _checked(Part(text=" ".join(paragraph)))
            paragraph.clear()
        if row:
            yield _checked(Part(kind=PartKind.ROW, label=label.strip(), text=value.strip()))
        elif text.startswith("- "):
            yield _checked(Part(kind=PartKind.ITEM, text=text.removeprefix("- ")))
        elif text:
            paragraph.append(text)


def _checked(part: Part) -> Part:
    if not Fields(part.text).is_valid():
        raise BadInput("template", _("write $$ for a dollar sign, and $name for a field."))
    return part


def _filled(section: Section, values: Mapping[str, str]) -> Iterator[Part]:
    for part in section.parts:
        if _stands(part, values):
            yield Part(kind=part.kind, label=part.label, text=Fields(part.text).substitute(values))


def _stands(part: Part, values: Mapping[str, str]) -> bool:
    return all(_value(values, name) for name in _names(part))


def _names(part: Part) -> list[str]:
    return Fields(part.text).get_identifiers()


def _value(values: Mapping[str, str], name: str) -> str:
    if name not in values:
        raise BadInput("template", _("there is no field ${name} for this kind of letter.").format(name=name))
    return values[name].strip()
