"""Exports that draw: diagrams as SVG, PNG and PDF."""

from onebyone_desktop.export.files import export_diagram

__all__ = ["export_diagram"]
