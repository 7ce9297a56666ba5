"""A report in the format that a file's suffix asks for."""

from collections.abc import Callable
from pathlib import Path

from onebyone.errors import ExportError
from onebyone.files import safe_file
from onebyone.files.strict_json import shown
from onebyone.reports.csv_sheet import render_csv
from onebyone.reports.html_page import render_html
from onebyone.reports.json_document import render_json
from onebyone.reports.markdown_page import render_markdown
from onebyone.reports.report import Report

_RENDERERS: dict[str, Callable[[Report], str]] = {
    ".html": render_html,
    ".json": render_json,
    ".csv": render_csv,
    ".md": render_markdown,
}
SUFFIXES = tuple(_RENDERERS)


def render_report(report: Report, suffix: str) -> str:
    """The text of a report.

    Raises:
        ExportError: No report is written with that suffix.
    """
    check_suffix(suffix)
    return _RENDERERS[suffix.lower()](report)


def write_report(report: Report, path: Path) -> None:
    """Writes a report in the format of the path's suffix.

    Raises:
        ExportError: No report is written with that suffix.
        StorageError: The file cannot be written.
    """
    safe_file.write(path, render_report(report, path.suffix).encode())


def check_suffix(suffix: str) -> None:
    """Raises where no report is written with a suffix, so that it can be said before measuring.

    Raises:
        ExportError: The suffix is none of `SUFFIXES`.
    """
    if suffix.lower() not in _RENDERERS:
        raise ExportError(f"A report is written as {', '.join(SUFFIXES)}, not as {shown(suffix)}.")
