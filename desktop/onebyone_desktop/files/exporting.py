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
    QFormLayout,
    QWidget,
)

from onebyone import formats
from onebyone.errors import OnebyoneError
from onebyone.formats import Kind
from onebyone.measurement.records import MeasuredCell
from onebyone_desktop.dialogs.file_choice import ask_to_write
from onebyone_desktop.files.documents import file_stem
from onebyone_desktop.session import Session

if TYPE_CHECKING:
    from onebyone_desktop.window.desk import Desk


class Exporting(QObject):
    """Asks where to, writes, and says what happened."""

    def __init__(self, desk: "Desk") -> None:
        super().__init__(desk)
        self._desk = desk

    def diagram(self, session: Session) -> None:
        """Exports the canvas as a picture."""
        path = self._ask(self.tr("Export a diagram"), session, "diagram")
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
        path = self._ask(self.tr("Export PyTorch source"), session, "source")
        if path is not None:
            self._attempt(
                lambda: formats.write("source", path, session.design, session.analysis),
                path,
            )

    def report(self, session: Session) -> None:
        """Exports the last measurement."""
        measured = session.measured
        if measured is None:
            return
        path = self._ask(self.tr("Export a latency report"), session, "report")
        if path is None:
            return
        from onebyone.reports import make_report

        cells = [MeasuredCell(cell.request, cell.measurement) for cell in session.answered_cells]
        sources = [str(session.path)] if session.path is not None and len(measured.request.designs) == 1 else None
        self._attempt(lambda: formats.write("report", path, make_report(cells, sources)), path)

    def _ask(self, title: str, session: Session, kind: Kind) -> Path | None:
        folder = session.path.parent if session.path is not None else Path()
        return ask_to_write(self._desk.window, title, folder / file_stem(session.title), kind)

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
