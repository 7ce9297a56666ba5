"""Exports from the window: diagram, PyTorch source, latency report."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFileDialog,
    QFormLayout,
    QWidget,
)

from onebyone.errors import OnebyoneError
from onebyone.files import safe_file
from onebyone.measurement.records import MeasuredCell
from onebyone.pytorch_source import torch_source
from onebyone_desktop.files.documents import file_stem
from onebyone_desktop.session import Session

if TYPE_CHECKING:
    from onebyone_desktop.window.desk import Desk

_DIAGRAMS = "Scalable picture (*.svg);;Picture (*.png);;PDF page (*.pdf)"
_REPORTS = "Web page (*.html);;PDF (*.pdf);;Markdown (*.md);;Spreadsheet (*.csv);;JSON (*.json)"


class Exporting(QObject):
    """Asks where to, writes, and says what happened."""

    def __init__(self, desk: "Desk") -> None:
        super().__init__(desk)
        self._desk = desk

    def diagram(self, session: Session) -> None:
        """Exports the canvas as a picture."""
        path = self._ask(self.tr("Export a diagram"), session, ".svg", _DIAGRAMS)
        if path is None:
            return
        scale, transparent = 2.0, False
        if path.suffix.lower() == ".png":
            options = PictureOptions(self._desk.window)
            accepted = options.exec() == QDialog.DialogCode.Accepted
            scale, transparent = options.scale, options.is_transparent
            options.deleteLater()
            if not accepted:
                return
        from onebyone_desktop.export import export_diagram

        self._attempt(
            lambda: export_diagram(
                session.design, path, analysis=session.analysis, scale=scale, transparent=transparent, run=session.run
            ),
            path,
        )

    def source(self, session: Session) -> None:
        """Exports the PyTorch module."""
        path = self._ask(self.tr("Export PyTorch source"), session, ".py", self.tr("Python module (*.py)"))
        if path is not None:
            self._attempt(
                lambda: safe_file.write(path, torch_source(session.design, session.analysis).encode()),
                path,
            )

    def report(self, session: Session) -> None:
        """Exports the last measurement."""
        measured = session.measured
        if measured is None:
            return
        path = self._ask(self.tr("Export a latency report"), session, ".html", _REPORTS)
        if path is None:
            return
        from onebyone.reports import make_report
        from onebyone_desktop.export import export_report

        cells = [MeasuredCell(cell.request, cell.measurement) for cell in session.answered_cells]
        sources = [str(session.path)] if session.path is not None and len(measured.request.designs) == 1 else None
        self._attempt(lambda: export_report(make_report(cells, sources), path), path)

    def _ask(self, title: str, session: Session, suffix: str, filters: str) -> Path | None:
        folder = session.path.parent if session.path is not None else Path()
        start = folder / f"{file_stem(session.title)}{suffix}"
        name, chosen = QFileDialog.getSaveFileName(self._desk.window, title, str(start), filters)
        if not name:
            return None
        path = Path(name)
        return path if path.suffix else path.with_suffix(_suffix_of(chosen) or suffix)

    def _attempt(self, write: Callable[[], object], path: Path) -> None:
        QApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)
        try:
            write()
        except OnebyoneError as error:
            QApplication.restoreOverrideCursor()
            self._desk.documents.say(self.tr("Nothing was exported"), str(error))
            return
        QApplication.restoreOverrideCursor()
        self._desk.say(self.tr("Exported to {}").format(path))


class PictureOptions(QDialog):
    """Scale and background of a picture made of pixels."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("export.options")
        self.setWindowTitle(self.tr("Picture"))
        self._scale = QDoubleSpinBox(self)
        self._scale.setObjectName("export.scale")
        self._scale.setRange(0.5, 8.0)
        self._scale.setSingleStep(0.5)
        self._scale.setValue(2.0)
        self._scale.setSuffix(" ×")
        self._transparent = QCheckBox(self.tr("Transparent background"), self)
        self._transparent.setObjectName("export.transparent")
        kinds = QDialogButtonBox.StandardButton
        buttons = QDialogButtonBox(kinds.Ok | kinds.Cancel, self)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        form = QFormLayout(self)
        form.addRow(self.tr("Scale"), self._scale)
        form.addRow(self._transparent)
        form.addRow(buttons)

    @property
    def scale(self) -> float:
        """Pixels for each unit of the canvas."""
        return self._scale.value()

    @property
    def is_transparent(self) -> bool:
        """Whether the background is left out."""
        return self._transparent.isChecked()


def _suffix_of(chosen_filter: str) -> str:
    start = chosen_filter.rfind("*.")
    return chosen_filter[start + 1 :].rstrip(")") if start >= 0 else ""
