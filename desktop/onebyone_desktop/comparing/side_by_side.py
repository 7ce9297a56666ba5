"""A window with the compared designs side by side."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QPushButton, QSplitter, QVBoxLayout, QWidget

from onebyone.comparison import Comparison
from onebyone.text import visible
from onebyone_desktop.canvas.heat_choice import HeatChoice
from onebyone_desktop.canvas.view import DesignCanvas
from onebyone_desktop.comparing.linked_canvases import LinkedCanvases
from onebyone_desktop.session import Session

_WIDTH, _HEIGHT = 1_180, 680


class SideBySide(QWidget):
    """Shows two to six designs on canvases that move together; they are edited in their own tabs."""

    def __init__(
        self, sessions: Sequence[Session], comparison: Comparison, heat: HeatChoice, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setObjectName("compare.side_by_side")
        self.setAccessibleName(self.tr("Designs side by side"))
        self.setWindowTitle(self.tr("Side by side: {}").format(", ".join(visible(s.title) for s in sessions)))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(_WIDTH, _HEIGHT)
        self.sessions = tuple(sessions)
        self.canvases = [DesignCanvas(session, heat) for session in sessions]
        split = QSplitter(Qt.Orientation.Horizontal, self)
        split.setChildrenCollapsible(False)
        self._words = [QLabel(self) for _ in sessions]
        for canvas, words in zip(self.canvases, self._words, strict=True):
            split.addWidget(self._column(canvas, words))
        self.linked = LinkedCanvases(self.canvases, self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 8, 10, 10)
        layout.addLayout(self._head())
        layout.addWidget(split, 1)
        self.show_comparison(comparison)

    def show_comparison(self, comparison: Comparison) -> None:
        """Follows edits of the designs."""
        for place, (words, session) in enumerate(zip(self._words, self.sessions, strict=True)):
            different = len(comparison.different(place))
            words.setText(
                self.tr("{} · {} of {} nodes differ").format(
                    visible(session.title), different, len(session.design.nodes)
                )
            )
        self.linked.show_comparison(comparison)

    def refresh_colours(self) -> None:
        """Follows a new theme."""
        for canvas in self.canvases:
            canvas.refresh_theme()

    def _head(self) -> QHBoxLayout:
        marking = QCheckBox(self.tr("Mark what differs"), self)
        marking.setObjectName("compare.marking")
        marking.setChecked(True)
        marking.toggled.connect(self.linked.mark_differences)
        fitting = QPushButton(self.tr("Fit all"), self)
        fitting.setObjectName("compare.fit")
        fitting.clicked.connect(self._on_fitting_clicked)
        head = QHBoxLayout()
        head.addWidget(marking)
        head.addStretch(1)
        head.addWidget(fitting)
        return head

    def _column(self, canvas: DesignCanvas, words: QLabel) -> QWidget:
        words.setTextFormat(Qt.TextFormat.PlainText)
        words.setProperty("role", "muted")
        column = QWidget(self)
        layout = QVBoxLayout(column)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(words)
        layout.addWidget(canvas, 1)
        return column

    @Slot()
    def _on_fitting_clicked(self) -> None:
        least = min(self.canvases, key=self._zoom_that_fits)
        least.fit_all()
        self.linked.follow(self.canvases.index(least))

    @staticmethod
    def _zoom_that_fits(canvas: DesignCanvas) -> float:
        rect, size = canvas.design_scene.bounds(), canvas.viewport().size()
        return min(size.width() / max(rect.width(), 1), size.height() / max(rect.height(), 1))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        QTimer.singleShot(0, self, self._on_fitting_clicked)
