"""Draws back the nodes that a gesture cannot use."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from onebyone_desktop.canvas.items.box_item import BoxItem
    from onebyone_desktop.canvas.scene import DesignScene

_DIMMED = 0.4


class Dimming:
    """Dims boxes until it is lifted; a collapsed group is dimmed with its last node."""

    def __init__(self, scene: "DesignScene", names: Iterable[str]) -> None:
        self.names = frozenset(names)
        self._boxes: list[BoxItem] = []
        for box in scene.shown_boxes():
            if self.names.issuperset(box.members):
                box.setOpacity(_DIMMED)
                self._boxes.append(box)

    def lift(self) -> None:
        """Shows everything as before."""
        for box in self._boxes:
            if box.scene() is not None:
                box.setOpacity(1.0)
        self._boxes = []
