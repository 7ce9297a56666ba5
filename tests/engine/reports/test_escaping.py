import csv
import html
import io
import json

import pytest

from onebyone.reports.escaping import (
    csv_cell,
    csv_text,
    html_text,
    markdown_code,
    markdown_table,
    markdown_text,
    script_json,
)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "  =", "\n@"])
def test_a_cell_that_begins_like_a_formula_gets_an_apostrophe(start: str) -> None:
    assert str(csv_cell(f"{start}cmd|' /C calc'!A0")).startswith("'")


@pytest.mark.parametrize(("cell", "expected"), [(-1, -1), (0.5, 0.5), (None, ""), (True, "true"), ("a", "a")])
def test_other_cells_stay_what_they_are(cell: str | float | None, expected: str | float) -> None:
    assert csv_cell(cell) == expected


def test_a_csv_cell_survives_quotes_and_newlines() -> None:
    text = csv_text([('a"b,c\nd', 1)])

    assert list(csv.reader(io.StringIO(text))) == [['a"b,c d', "1"]]


def test_html_text_is_no_markup() -> None:
    escaped = html_text('<b onload="x">&\'\u202e')

    assert html.unescape(escaped) == '<b onload="x">&\'U+202E'
    assert not set("<>\"'") & set(escaped)


def test_markdown_text_keeps_a_table_whole() -> None:
    row = markdown_table(("a",), [(markdown_text("x|y\n| z `<b>` [a](http://b) www.c.d"),)]).splitlines()[2]

    assert row == r"| x\|y \| z \`\<b\>\` \[a\](http\://b) www\.c.d |"


@pytest.mark.parametrize(
    ("text", "expected"), [("a", "`a`"), ("a`b", "``a`b``"), ("`", "`` ` ``"), ("a``b", "```a``b```")]
)
def test_markdown_code_holds_back_quotes(text: str, expected: str) -> None:
    assert markdown_code(text) == expected


def test_json_in_a_script_cannot_end_it() -> None:
    data = {"name": "</script><!--<script>\u2028&"}

    escaped = script_json(json.dumps(data, ensure_ascii=False).encode())

    assert not set("<>&\u2028") & set(escaped)
    assert json.loads(escaped) == data
