"""The format of letter templates."""

from __future__ import annotations

import pytest

from desktop.clinic.errors import BadInput
from desktop.clinic.letters import LetterKind
from desktop.clinic.template import PartKind, fields_of, fill, read_template, used
from tests.clinic.letter_facts import template

TEXT = """\
version: 3
title: Test: one
# a remark

[greeting]
Dear $name,

[body: About it ? topic]
The first line
goes on here.
- An item about $topic
Price :: $$5
Note :: $note

And $note.

[empty]
$note
"""


def test_sections_paragraphs_items_and_rows() -> None:
    """Lines that follow each other are one paragraph; what has an empty field goes, and so does an empty section."""
    read = read_template(TEXT)
    assert read.version == "3"
    assert read.settings["title"] == "Test: one"
    greeting, body = fill(read, {"name": "Ann", "topic": "tea", "note": ""})
    assert (greeting.name, greeting.heading, greeting.parts[0].text) == ("greeting", "", "Dear Ann,")
    assert body.heading == "About it"
    assert [(part.kind, part.label, part.text) for part in body.parts] == [
        (PartKind.PARAGRAPH, "", "The first line goes on here."),
        (PartKind.ITEM, "", "An item about tea"),
        (PartKind.ROW, "Price", "$5"),
    ]


def test_a_section_depends_on_its_field() -> None:
    """Blank counts as empty."""
    read = read_template(TEXT)
    values = {"name": "Ann", "topic": " ", "note": "n"}
    assert [section.name for section in fill(read, values)] == ["greeting", "empty"]
    assert used(read, values) == {"name", "note"}
    assert fields_of(read) == {"name", "topic", "note"}


@pytest.mark.parametrize(
    "text", ["", "[a]\nx", "version: 1\nloose words", "version: 1\n[a]\n$ 5", "version: 1\n[a]\n${x"]
)
def test_a_broken_template_is_refused(text: str) -> None:
    """No version, words outside a section, a stray dollar sign."""
    with pytest.raises(BadInput, match="template"):
        read_template(text)


def test_a_field_without_a_value_is_refused() -> None:
    """Misspelled fields do not vanish silently."""
    with pytest.raises(BadInput, match="name"):
        fill(read_template(TEXT), {"topic": "x", "note": ""})


@pytest.mark.parametrize("kind", list(LetterKind))
def test_the_shipped_templates_have_footer_language_and_closing(kind: LetterKind) -> None:
    """Each of them."""
    read = template(kind)
    assert read.settings["footer"]
    assert read.settings["language"] == "en-US"
    assert read.sections[-1][0].name == "closing"
