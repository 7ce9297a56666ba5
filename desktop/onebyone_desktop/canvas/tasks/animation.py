"""Nodes that glide to their new places."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QEasingCurve, QPointF, QVariantAnimation
from PySide6.QtWidgets import QWidget

from onebyone_desktop.canvas.scene import DesignScene

_DURATION_MS = 200
# More than this cannot be moved smoothly.
_MOST_NODES = 200


class Glide(QVariantAnimation):
    """Moves the items, not the design: that is already where it should be."""

    def __init__(self, view: QWidget, scene: DesignScene, on_moved: Callable[[], None]) -> None:
        super().__init__(view)
        self._view = view
        self._scene = scene
        self._on_moved = on_moved
        self.is_wanted = True
        self._ways: dict[str, tuple[QPointF, QPointF]] = {}
        self.setDuration(_DURATION_MS)
        self.setStartValue(0.0)
        self.setEndValue(1.0)
        self.setEasingCurve(QEasingCurve.Type.OutCubic)
        self.valueChanged.connect(self._on_value_changed)

    def glide(self, before: Mapping[str, QPointF]) -> None:
        """Lets nodes glide from where they were; at once where the system asks for less motion."""
        from PySide6.QtWidgets import QStyle  # 4 ms, which the first window need not wait for

        nodes = self._scene.nodes
        self._ways = {name: (at, nodes[name].pos()) for name, at in before.items() if at != nodes[name].pos()}
        hint = self._view.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration, None, self._view)
        if 0 < len(self._ways) <= _MOST_NODES and hint > 0 and self.is_wanted and self._view.isVisible():
            self.start()

    def settle(self) -> None:
        """Puts the nodes where they belong."""
        if self.state() == QVariantAnimation.State.Running:
            self.stop()
            self._show(1.0)

    def _on_value_changed(self, value: float) -> None:
        self._show(value)

    def _show(self, part: float) -> None:
        scene = self._scene
        for name, (start, end) in self._ways.items():
            if name in scene.nodes:
                scene.nodes[name].setPos(start + (end - start) * part)
        scene.reroute(self._ways, everything_long=part == 1.0)
        self._on_moved()
