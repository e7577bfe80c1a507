"""CSV as bytes and text: limits, encodings, delimiters, and cells that no spreadsheet takes for formulas."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from desktop.documents import table
from desktop.documents.rows import BadFile
from desktop.documents.table import neutral, plain, read_table, write_table

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def cells(data: bytes) -> list[tuple[str, ...]]:
    """The rows of a file without their line numbers."""
    return [line.cells for line in read_table(data)]


@pytest.mark.parametrize("start", DANGEROUS)
@pytest.mark.parametrize("before", ["", " ", "  ", "\u00a0", "'", "''"])
def test_a_formula_gets_an_apostrophe_and_loses_it_again(start: str, before: str) -> None:
    cell = before + start + "cmd|' /C calc'!A0"
    assert neutral(cell) == "'" + cell
    assert plain(neutral(cell)) == cell


@pytest.mark.parametrize("cell", ["", "Ng", "'t Hooft", "O'Brien", "3", "a=b", "d'=1", "王"])
def test_other_cells_stay_as_they_are(cell: str) -> None:
    assert neutral(cell) == plain(cell) == cell


@given(st.text(st.characters(codec="utf-8", exclude_characters="\x00")) | st.text("'=+-@\t ab", max_size=6))
@settings(max_examples=1000)
def test_every_text_comes_back_and_none_starts_a_formula(cell: str) -> None:
    assert plain(neutral(cell)) == cell
    assert not neutral(cell).lstrip().startswith(DANGEROUS)


def test_nul_never_leaves() -> None:
    assert neutral("\x00=1") == "'=1"


@given(st.lists(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\x00")), min_size=2, max_size=4)))
@settings(max_examples=200, deadline=None)
@example([["+1 215 555 0142", "=1+1"]])
def test_a_written_table_reads_back(rows: list[list[str]]) -> None:
    written = write_table(["a", "b"], rows)
    assert written.startswith(b"\xef\xbb\xbfa,b\r\n")
    kept = [tuple(cell.strip() for cell in row) for row in rows if any(neutral(cell).strip() for cell in row)]
    assert cells(written)[1:] == kept


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encodings_and_delimiters_are_found(encoding: str, delimiter: str) -> None:
    text = f'last{delimiter}first{delimiter}note\n"José{delimiter}né"{delimiter}Ann{delimiter}"two\nlines, 1; 2"\n'
    assert cells(text.encode(encoding)) == [
        ("last", "first", "note"),
        (f"José{delimiter}né", "Ann", "two\nlines, 1; 2"),
    ]


def test_lines_are_counted_as_an_editor_counts() -> None:
    assert [line.line for line in read_table(b"a,b\n\n1,2\n,\n3,4\n")] == [1, 3, 5]


HOSTILE = {
    "empty": (b"", "empty"),
    "blank": (b" \n \n", "empty"),
    "blank cells": (b",\n", "empty"),
    "NUL": (b"a,b\n1,\x002\n", "NUL"),
    "zip": (b"PK\x03\x04" + b"a" * 50, "ZIP archive or an Excel workbook"),
    "old Excel": (b"\xd0\xcf\x11\xe0" + b"a" * 50, "old Excel workbook"),
    "UTF-16": ("a,b\n1,2\n".encode("utf-16"), "UTF-16"),
    "no text": (b"\x81\x8d\x8f\x90\x9d,\n", "neither UTF-8 nor Windows text"),
    "too large": (b"a" * (table.MOST_BYTES + 1), "larger than 20 MB"),
    "one line of 10 MB": (b"a,b\n" + b"x" * 10_000_000, "far too long"),
    "long cell": (b"a,b\n" + b"x" * (table.LONGEST_FIELD + 1) + b",1\n", "more than 32768 characters"),
    "many columns": (b"a," * (table.MOST_COLUMNS + 1), "more than 100 columns"),
    "many rows": (b"a,b\n" + b"1,2\n" * (table.MOST_ROWS + 1), "more than 50000 rows"),
    "open quote": (b'a,b\n"1,2\n' + b"3,4\n" * 10, "quotes"),
    "text after a quote": (b'a,b\n"1"x,2\n', "quotes"),
    "open quote and 10 MB": (b'a,b\n"1,2\n' + b"3,4\n" * 2_500_000, "quotes"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_gets_a_sentence(name: str) -> None:
    data, words = HOSTILE[name]
    with pytest.raises(BadFile, match=words):
        list(read_table(data))


def test_limits_themselves_are_allowed() -> None:
    wide = b",".join(b"a" * 10 for _ in range(table.MOST_COLUMNS)) + b"\n"
    assert len(cells(wide)[0]) == table.MOST_COLUMNS
    assert len(cells(b"a\n" + b"1\n" * table.MOST_ROWS)) == table.MOST_ROWS + 1
    assert len(cells(b"a,b\n" + b"x" * table.LONGEST_FIELD + b",1\n")[1][0]) == table.LONGEST_FIELD


@given(st.binary(max_size=400) | st.text('a,;"\n\r\t|=\x00é', max_size=200).map(str.encode))
@settings(max_examples=1000, deadline=None)
def test_any_bytes_are_rows_or_a_sentence(data: bytes) -> None:
    try:
        rows = cells(data)
    except BadFile:
        return
    assert rows
