"""Zoom and pan: what part of the scene the canvas shows."""

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QTransform
from PySide6.QtWidgets import QGraphicsView

# All of ResNet-152 fits into a small window.
LEAST_ZOOM = 0.01
MOST_ZOOM = 4.0
ZOOM_STEP = 1.25
# A design that fits only smaller than this is opened at its beginning, large enough to be read.
_LEAST_OPENING_ZOOM = 0.3
_READABLE_ZOOM = 0.55
_MARGIN = 36.0
_INSET = (12.0, 12.0, -12.0, -12.0)


class Camera:
    """Moves a view by its hidden scroll bars; the scene rectangle never changes, so that panning only scrolls."""

    def __init__(self, view: QGraphicsView, on_zoom: Callable[[float], None]) -> None:
        self._view = view
        self._on_zoom = on_zoom
        #: Whether the whole design was fitted into view and nobody has moved since.
        self.is_fitted = False

    @property
    def zoom(self) -> float:
        """Pixels for a scene unit."""
        return float(self._view.transform().m11())

    @property
    def centre(self) -> QPointF:
        """The point of the scene in the middle of the view."""
        return self._view.mapToScene(self._view.viewport().rect().center())

    @property
    def view_rect(self) -> QRectF:
        """The part of the scene that is in view."""
        return self._view.mapToScene(self._view.viewport().rect()).boundingRect()

    def zoom_to(self, zoom: float, anchor: QPointF | None = None) -> None:
        """Zooms; the point of the scene under `anchor` (in the viewport, its middle if not given) stays there."""
        zoom = min(max(zoom, LEAST_ZOOM), MOST_ZOOM)
        # Steps up and down again end at 100 %, not beside it.
        zoom = 1.0 if abs(zoom - 1.0) < 0.004 else zoom
        if zoom == self.zoom:
            return
        at = QPointF(self._view.viewport().rect().center()) if anchor is None else anchor
        kept = self._view.mapToScene(at.toPoint())
        self._view.setTransform(QTransform.fromScale(zoom, zoom))
        self._scroll_to(kept, at)
        self._on_zoom(zoom)

    def look_at(self, point: QPointF) -> None:
        """Brings a point of the scene into the middle."""
        self._scroll_to(point, QPointF(self._view.viewport().rect().center()))

    def scroll_by(self, offset: QPointF) -> None:
        """Moves the view by a distance in the scene."""
        self.is_fitted = False
        zoom = self.zoom
        horizontal, vertical = self._view.horizontalScrollBar(), self._view.verticalScrollBar()
        horizontal.setValue(horizontal.value() + round(offset.x() * zoom))
        vertical.setValue(vertical.value() + round(offset.y() * zoom))

    def fit_all(self, rect: QRectF) -> None:
        """Fits the rectangle that holds the whole design, and says so until somebody zooms or scrolls."""
        self.fit(rect)
        self.is_fitted = not rect.isEmpty()

    def open(self, rect: QRectF, is_down: bool) -> None:
        """The first look at a design: all of it, or where it begins if all of it could not be read."""
        if rect.isEmpty() or self._fitting_zoom(rect) >= _LEAST_OPENING_ZOOM:
            self.fit_all(rect)
            return
        self.zoom_to(_READABLE_ZOOM)
        size, margin = self._view.viewport().size(), _MARGIN
        if is_down:
            self._scroll_to(QPointF(rect.center().x(), rect.top()), QPointF(size.width() / 2, margin))
        else:
            self._scroll_to(QPointF(rect.left(), rect.center().y()), QPointF(margin, size.height() / 2))

    def fit(self, rect: QRectF) -> None:
        """Shows a rectangle of the scene as large as it fits, at 100 % at most."""
        if rect.isEmpty():
            return
        self.zoom_to(self._fitting_zoom(rect))
        self.look_at(rect.center())

    def _fitting_zoom(self, rect: QRectF) -> float:
        size = self._view.viewport().size()
        room_x, room_y = max(size.width() - 2 * _MARGIN, 20), max(size.height() - 2 * _MARGIN, 20)
        return min(room_x / rect.width(), room_y / rect.height(), 1.0)

    def reveal(self, rect: QRectF) -> None:
        """Scrolls no further than it takes to bring a rectangle of the scene into view."""
        view = self.view_rect.adjusted(*_INSET)
        if view.contains(rect):
            return
        if rect.width() > view.width() or rect.height() > view.height():
            self.look_at(rect.center())
            return
        across = min(rect.left() - view.left(), 0.0) + max(rect.right() - view.right(), 0.0)
        down = min(rect.top() - view.top(), 0.0) + max(rect.bottom() - view.bottom(), 0.0)
        self.scroll_by(QPointF(across, down))

    def shows(self, rect: QRectF) -> bool:
        """Whether a rectangle of the scene is in view as a whole."""
        return self.view_rect.contains(rect)

    def _scroll_to(self, point: QPointF, at: QPointF) -> None:
        self.is_fitted = False
        zoom = self.zoom
        self._view.horizontalScrollBar().setValue(round(point.x() * zoom - at.x()))
        self._view.verticalScrollBar().setValue(round(point.y() * zoom - at.y()))
