"""Lines that a gesture draws on top of the design."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsPathItem

from onebyone_desktop.canvas.scene import DesignScene

_OVERLAY_Z = 3.0


class Overlay:
    """One path in the scene, as long as the gesture lasts."""

    def __init__(self, scene: DesignScene, colour: str, width: float, is_dashed: bool = False) -> None:
        self._scene = scene
        pen = QPen(QColor(colour), width)
        pen.setCosmetic(True)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        if is_dashed:
            pen.setDashPattern([5.0, 4.0])
        self._item = QGraphicsPathItem()
        self._item.setPen(pen)
        self._item.setZValue(_OVERLAY_Z)
        scene.addItem(self._item)
        scene.gesture_lines.append(self._item)

    def show(self, path: QPainterPath) -> None:
        """Draws another path."""
        self._item.setPath(path)

    def remove(self) -> None:
        """Takes the path out of the scene."""
        if self._item in self._scene.gesture_lines:
            self._scene.gesture_lines.remove(self._item)
            self._scene.removeItem(self._item)
