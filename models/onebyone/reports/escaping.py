"""Text made inert for each format: a name in a report is never markup, a formula or a script."""

import csv
import html
import io
import re
from collections.abc import Iterable

from onebyone.text import clean_line, visible

Cell = str | int | float | None

_FORMULA_START = ("=", "+", "-", "@", "\t", "\r")
_MARKDOWN = re.compile(r"[\\`*_{}\[\]<>#|~&!$]|:(?=//)")
_WEB_ADDRESS = re.compile(r"www\.", re.IGNORECASE)
_LONGEST_TEXT = 100_000


def one_line(text: str) -> str:
    """The text on one line, with direction controls shown instead of obeyed."""
    return visible(clean_line(text, _LONGEST_TEXT))


def html_text(text: str) -> str:
    """Text for HTML, between tags or in a quoted attribute."""
    return html.escape(one_line(text), quote=True)


def markdown_text(text: str) -> str:
    """Text for a paragraph or a table cell of Markdown."""
    escaped = _MARKDOWN.sub(lambda found: f"\\{found[0]}", one_line(text))
    return _WEB_ADDRESS.sub(lambda found: f"{found[0][:3]}\\.", escaped)


def markdown_code(text: str) -> str:
    """Text as a code span that may hold back quotes itself."""
    line = one_line(text)
    longest = max((len(run) for run in re.findall("`+", line)), default=0)
    fence = "`" * (longest + 1)
    padding = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{padding}{line}{padding}{fence}"


def markdown_table(header: Iterable[str], rows: Iterable[Iterable[str]], numbers_from: int = 1) -> str:
    """A table of cells that are Markdown already; columns from `numbers_from` on are aligned to the right."""
    titles = list(header)
    rule = ["---" if column < numbers_from else "---:" for column in range(len(titles))]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (titles, rule, *rows)) + "\n"


def csv_text(rows: Iterable[Iterable[Cell]]) -> str:
    """Rows as CSV: numbers stay numbers, unknown is empty, and text that a spreadsheet would run is quoted."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows([csv_cell(cell) for cell in row] for row in rows)
    return buffer.getvalue()


def csv_cell(cell: Cell) -> str | int | float:
    """One cell; text that begins like a formula gets a leading apostrophe."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if not isinstance(cell, str):
        return cell
    line = f"'{cell}" if cell.startswith(_FORMULA_START) else cell
    return one_line(f"'{line}" if line.lstrip().startswith(_FORMULA_START) else line)


def script_json(data: bytes) -> str:
    """JSON for a script element: nothing in it can end the element or open a comment."""
    text = data.decode("utf-8")
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text
