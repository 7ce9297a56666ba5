"""Reports of a measurement, and tables of a design's figures, as HTML, CSV, JSON and Markdown."""

from onebyone.reports.render import SUFFIXES, render_report, write_report
from onebyone.reports.report import Report, make_report
from onebyone.reports.summary_tables import summary_csv, summary_json, summary_markdown

__all__ = [
    "SUFFIXES",
    "Report",
    "make_report",
    "render_report",
    "summary_csv",
    "summary_json",
    "summary_markdown",
    "write_report",
]
