"""How the window is divided: palette, canvases over panels, a lesson over inspector and problems."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMainWindow, QSplitter, QWidget

from onebyone_desktop.settings import Settings


class WindowLayout:
    """The splitters of a window; their places are kept between starts."""

    def __init__(
        self, window: QMainWindow, palette: QWidget, middle: tuple[QWidget, QWidget], side: list[QWidget]
    ) -> None:
        self._window = window
        self._bottom = middle[1]
        # From the outside in: each move to another parent would style all that is within once more.
        whole = QSplitter(Qt.Orientation.Horizontal, window)
        window.setCentralWidget(whole)
        whole.addWidget(palette)
        centre, right = QSplitter(Qt.Orientation.Vertical, whole), QSplitter(Qt.Orientation.Vertical, whole)
        for splitter, widgets in ((centre, middle), (right, side)):
            for widget in widgets:
                splitter.addWidget(widget)
        # Tables and charts get their part of a larger window.
        centre.setStretchFactor(0, 5)
        centre.setStretchFactor(1, 2)
        centre.setSizes([480, 290])
        right.setStretchFactor(1, 1)
        right.setSizes([400, 560, 120])
        whole.setStretchFactor(1, 1)
        whole.setSizes([200, 880, 300])
        self._splitters = {"side": right, "middle": centre, "whole": whole}
        for name, splitter in self._splitters.items():
            splitter.setObjectName(f"splitter.{name}")
            splitter.setChildrenCollapsible(False)
            splitter.setHandleWidth(5)
        palette.setMinimumWidth(150)
        right.setMinimumWidth(250)
        window.resize(1280, 800)

    def show_panels(self, is_shown: bool) -> None:
        """Shows the panels beside and below the canvas, or leaves their room to the welcome page."""
        for part in (self._bottom, self._splitters["side"]):
            part.setVisible(is_shown)

    def restore(self, settings: Settings) -> None:
        """Puts everything where it was at the end of the last run."""
        geometry = settings.layout("geometry")
        if geometry is not None:
            self._window.restoreGeometry(geometry)
        for name, splitter in self._splitters.items():
            state = settings.layout(name)
            if state is not None:
                splitter.restoreState(state)

    def store(self, settings: Settings) -> None:
        """Remembers where everything is."""
        settings.store_layout("geometry", self._window.saveGeometry())
        for name, splitter in self._splitters.items():
            settings.store_layout(name, splitter.saveState())
