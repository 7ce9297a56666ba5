"""Plots that load pyqtgraph in a thread when they are first seen, so that the window goes on painting."""

import sys
import threading
from importlib import import_module
from typing import Any

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from onebyone_desktop.appearance import theme

_LIBRARY = "pyqtgraph"
_LOOK_MS = 20


class _Loading:
    thread: threading.Thread | None = None


def is_loaded() -> bool:
    """Whether the library is there; begins to load it in a thread where it is not."""
    if _Loading.thread is None:
        if _LIBRARY in sys.modules:
            return True
        _Loading.thread = threading.Thread(target=import_module, args=(_LIBRARY,), name=_LIBRARY)
        _Loading.thread.start()
    return not _Loading.thread.is_alive()


class LazyPlot(QWidget):
    """A widget around a plot. `draw` is called with the plot whenever something is to be drawn and can be seen."""

    def __init__(self, object_name: str, accessible_name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(object_name)
        self.setAccessibleName(accessible_name)
        self.plot: Any = None
        self.slot = QVBoxLayout(self)
        self.slot.setContentsMargins(0, 0, 0, 0)
        self._look = QTimer(self)
        self._look.setInterval(_LOOK_MS)
        self._look.timeout.connect(self._on_look_timeout)

    def draw(self, plot: Any) -> None:
        """Draws everything anew."""
        raise NotImplementedError

    def prepare(self, plot: Any) -> None:
        """Called once, when the plot is new; most have nothing to do."""

    def draw_soon(self) -> None:
        """Draws now if it is seen and the library is there, otherwise as soon as both are so."""
        if not self.isVisible():
            return
        if self.plot is None:
            if not is_loaded():
                self._look.start()
                return
            self.plot = self._make_plot()
            self.prepare(self.plot)
        self.draw(self.plot)

    def refresh_colours(self) -> None:
        """Follows a new theme."""
        self.draw_soon()

    def dress(self, plot: Any) -> None:
        """Gives the ground and the axes the colours of the theme."""
        tokens = theme.current()
        plot.setBackground(tokens.surface)
        for name in ("left", "bottom"):
            plot.getAxis(name).setPen(tokens.border)
            plot.getAxis(name).setTextPen(tokens.muted_text)

    def _make_plot(self) -> Any:
        import pyqtgraph

        plot = pyqtgraph.PlotWidget(self)
        plot.setMenuEnabled(False)
        # What it shows can be read in words beside it, where keys go.
        plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        plot.setMouseEnabled(x=False, y=False)
        plot.hideButtons()
        plot.setAccessibleName(self.accessibleName())
        plot.setMinimumHeight(60)
        self.slot.insertWidget(0, plot, 1)
        return plot

    @Slot()
    def _on_look_timeout(self) -> None:
        if is_loaded():
            self._look.stop()
            self.draw_soon()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.draw_soon()
