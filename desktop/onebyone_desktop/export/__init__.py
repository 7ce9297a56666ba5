"""Exports that Qt draws: diagrams as SVG, PNG and PDF, reports as PDF."""

from onebyone_desktop.export.files import draw_diagram, export_diagram

__all__ = ["draw_diagram", "export_diagram"]
