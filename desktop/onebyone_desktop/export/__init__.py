"""Exports that Qt draws: diagrams as SVG, PNG and PDF, reports as PDF."""

from onebyone_desktop.export.files import draw_diagram, export_diagram
from onebyone_desktop.export.report_pdf import export_report

__all__ = ["draw_diagram", "export_diagram", "export_report"]
