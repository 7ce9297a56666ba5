"""A report in the format that a file's suffix asks for."""

from pathlib import Path

from onebyone import formats
from onebyone.reports.report import Report

#: The formats that are text; others are drawn by Qt.
SUFFIXES = tuple(each.suffix for each in formats.formats("report") if not each.is_drawn)


def render_report(report: Report, suffix: str) -> str:
    """The text of a report.

    Raises:
        ExportError: No report is written with that suffix.
    """
    content = formats.find(suffix, "report").load()(report)
    assert isinstance(content, str)
    return content


def write_report(report: Report, path: Path) -> None:
    """Writes a report in the format of the path's suffix.

    Raises:
        ExportError: No report is written with that suffix, or it cannot be drawn.
        StorageError: The file cannot be written.
    """
    formats.write("report", path, report)
