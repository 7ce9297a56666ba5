"""Report files of the command line: the engine's own, and PDF, which Qt draws."""

from pathlib import Path

from onebyone.errors import ExportError
from onebyone.files.strict_json import shown
from onebyone.reports import SUFFIXES, Report, write_report

PDF = ".pdf"


def check_report_suffix(suffix: str) -> None:
    """Raises where no report is written with a suffix, so that it can be said before measuring.

    Raises:
        ExportError: There is no such report.
    """
    if suffix.lower() not in (*SUFFIXES, PDF):
        raise ExportError(f"A report is written as {', '.join((*SUFFIXES, PDF))}, not as {shown(suffix)}.")


def write_report_file(report: Report, path: Path) -> None:
    """Writes a report in the format of the path's suffix.

    Raises:
        ExportError: It cannot be drawn.
        StorageError: The file cannot be written.
    """
    if path.suffix.lower() == PDF:
        try:
            from onebyone_desktop.export import export_report
        except ImportError as error:
            raise ExportError(f"A PDF is drawn by Qt, which cannot be loaded here: {error}.") from error
        export_report(report, path)
    else:
        write_report(report, path)
