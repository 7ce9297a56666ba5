"""A small map of the whole design in a corner of the canvas; dragging on it moves the view."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt, QTimer, Slot
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QTransform, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

from onebyone_desktop.canvas.items.painting import Tools
from onebyone_desktop.canvas.overlays.overview import Overview

if TYPE_CHECKING:
    from onebyone_desktop.canvas.surface import Surface

_MOST = QSize(168, 150)
_LEAST = QSize(64, 48)
_MARGIN = 8.0
_EDGE = 12
_VIEW_ALPHA = 36
# A canvas smaller than this has no room for a map.
_LEAST_CANVAS = QSize(520, 360)
_SETTLING_MS = 60


class Minimap(QWidget):
    """Shows where the view is. It is hidden while the whole design is in view."""

    def __init__(self, canvas: "Surface", overview: Overview, tools: Tools) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._overview = overview
        self._tools = tools
        self._picture: QPixmap | None = None
        self._is_wanted = True
        self._bounds = QRectF()
        # A drag or a burst of edits draws the map a few times a second, not at every step.
        self._settling = QTimer(self)
        self._settling.setSingleShot(True)
        self._settling.setInterval(_SETTLING_MS)
        self._settling.timeout.connect(self._look_again)
        self.setObjectName("canvas.minimap")
        self.setAccessibleName(self.tr("Map of the design"))
        self.setToolTip(self.tr("Drag to move the view"))
        self.setFixedSize(_MOST)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.hide()
        for bar in (canvas.horizontalScrollBar(), canvas.verticalScrollBar()):
            bar.valueChanged.connect(self._on_view_moved)
        canvas.zoom_changed.connect(self._on_view_moved)

    def show_wanted(self, is_wanted: bool) -> None:
        """Lets the user do without it."""
        self._is_wanted = is_wanted
        self.follow()

    def show_theme(self, tools: Tools) -> None:
        """Follows a new theme."""
        self._tools = tools
        self._picture = None
        self.update()

    def forget(self) -> None:
        """Items have moved, come or gone."""
        if self._bounds.isEmpty():
            self._look_again()
        elif not self._settling.isActive():
            self._settling.start()

    def follow(self) -> None:
        """Keeps to its corner; shows itself where there is more than the view holds."""
        canvas = self._canvas
        room = canvas.viewport().size()
        has_room = room.width() >= _LEAST_CANVAS.width() and room.height() >= _LEAST_CANVAS.height()
        bounds = self._bounds
        is_shown = self._is_wanted and has_room and not bounds.isEmpty() and not canvas.camera.shows(bounds)
        self.setVisible(is_shown)
        if is_shown:
            self._fit(bounds)
            self.move(room.width() - self.width() - _EDGE, room.height() - self.height() - _EDGE)
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._picture is None:
            self._picture = self._draw()
        painter.drawPixmap(0, 0, self._picture)
        tokens = self._tools.tokens
        ground = QColor(tokens.accent)
        ground.setAlpha(_VIEW_ALPHA)
        painter.setPen(QPen(QColor(tokens.accent), 1.4))
        painter.setBrush(ground)
        painter.setClipRect(self.rect().adjusted(1, 1, -1, -1))
        painter.drawRect(self._transform().mapRect(self._canvas.camera.view_rect))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._look_at(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._look_at(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        # Passed on, it would end a gesture on the canvas below.
        event.accept()

    def wheelEvent(self, event: QWheelEvent) -> None:
        QApplication.sendEvent(self._canvas.viewport(), event)

    @Slot()
    def _look_again(self) -> None:
        self._bounds = self._canvas.design_scene.bounds()
        self._picture = None
        self.follow()

    @Slot()
    def _on_view_moved(self) -> None:
        self.follow()

    def _fit(self, bounds: QRectF) -> None:
        """Takes the shape of the design, so that a tall one covers a narrow strip of the canvas only."""
        size = bounds.size().scaled(QSizeF(_MOST), Qt.AspectRatioMode.KeepAspectRatio).toSize().expandedTo(_LEAST)
        if size != self.size():
            self.setFixedSize(size)
            self._picture = None

    def _look_at(self, at: QPointF) -> None:
        inverted, is_possible = self._transform().inverted()
        if is_possible:
            self._canvas.camera.look_at(inverted.map(at))

    def _transform(self) -> QTransform:
        """From the scene to the map."""
        bounds = self._bounds
        room = QRectF(self.rect()).adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        scale = min(room.width() / max(bounds.width(), 1.0), room.height() / max(bounds.height(), 1.0))
        transform = QTransform.fromTranslate(room.center().x(), room.center().y())
        transform.scale(scale, scale)
        return transform.translate(-bounds.center().x(), -bounds.center().y())

    def _draw(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        picture = QPixmap(self.size() * ratio)
        picture.setDevicePixelRatio(ratio)
        tokens = self._tools.tokens
        picture.fill(QColor(tokens.surface))
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setTransform(self._transform())
        self._overview.paint(painter, self._tools)
        painter.resetTransform()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(tokens.control_border), 1.0))
        painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
        painter.end()
        return picture
