"""Moves the view while something is dragged at its edge."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, QTimer, Slot

if TYPE_CHECKING:
    from onebyone_desktop.canvas.surface import Surface

_PERIOD_MS = 16
_EDGE = 28.0
# Pixels a period, for each pixel beyond the line where it begins.
_SPEED = 0.5
_FASTEST = 24.0


class EdgeScroll(QObject):
    """Scrolls as long as the pointer stays at the edge, the faster the farther out it is."""

    def __init__(self, canvas: "Surface", on_scroll: Callable[[], None]) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._on_scroll = on_scroll
        self._step = QPointF()
        self._timer = QTimer(self)
        self._timer.setInterval(_PERIOD_MS)
        self._timer.timeout.connect(self._on_timer_timeout)

    def follow(self, position: QPointF) -> None:
        """The pointer is at a place of the viewport."""
        room = self._canvas.viewport().rect()
        self._step = QPointF(_push(position.x(), room.width()), _push(position.y(), room.height()))
        if self._step.isNull():
            self._timer.stop()
        elif not self._timer.isActive():
            self._timer.start()

    def stop(self) -> None:
        """Nothing is dragged any more."""
        self._timer.stop()

    @Slot()
    def _on_timer_timeout(self) -> None:
        self._canvas.camera.scroll_by(self._step / self._canvas.zoom)
        self._on_scroll()


def _push(place: float, size: int) -> float:
    before, after = _EDGE - place, place - (size - _EDGE)
    if before > 0:
        return -min(before * _SPEED + 1, _FASTEST)
    return min(after * _SPEED + 1, _FASTEST) if after > 0 else 0.0
