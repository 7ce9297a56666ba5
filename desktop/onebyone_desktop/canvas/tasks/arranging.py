"""Laying nodes out, aligning and distributing them; each is one undo step, and the nodes glide to their places."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from onebyone import edits
from onebyone.design import Design, Direction, Position
from onebyone.layout.alignment import Axis, Box, Edge, align, distribute
from onebyone.layout.groups import arrange_view
from onebyone_desktop.canvas.placement import group_sizes, node_sizes

if TYPE_CHECKING:
    from onebyone_desktop.canvas.surface import Surface


class Arranging(QObject):
    """Finds new positions for the nodes of a canvas."""

    def __init__(self, canvas: "Surface") -> None:
        super().__init__(canvas)
        self._canvas = canvas

    def all(self) -> None:
        """Lays the whole design out anew."""
        canvas = self._canvas
        design = canvas.session.design
        positions = self._arranged(design)
        with canvas.gliding():
            canvas.apply(self.tr("Arrange"), edits.move, positions)

    def selection(self) -> None:
        """Lays the selected nodes out anew, where they are."""
        canvas = self._canvas
        design, ids = canvas.session.design, canvas.session.selection
        positions = self._arranged(design, ids)
        with canvas.gliding(keeps_view=True):
            canvas.apply(canvas.words_for(self.tr("Arrange"), ids), edits.move, positions)

    def turn(self) -> None:
        """Draws the design from left to right, or from top to bottom again."""
        canvas = self._canvas
        design = canvas.session.design
        direction: Direction = "down" if design.direction == "right" else "right"
        turned = edits.set_direction(design, direction, {})
        positions = self._arranged(turned)
        words = self.tr("Left to right") if direction == "right" else self.tr("Top to bottom")
        with canvas.gliding():
            canvas.apply(words, edits.set_direction, direction, positions)
        canvas.fit_all()

    def align(self, edge: Edge) -> None:
        """Aligns the selected nodes at a side or a middle."""
        self._move(self.tr("Align"), align(self._boxes(), edge))

    def distribute(self, axis: Axis) -> None:
        """Makes the gaps between the selected nodes equal."""
        self._move(self.tr("Distribute"), distribute(self._boxes(), axis))

    def _arranged(self, design: Design, ids: Collection[str] | None = None) -> dict[str, Position]:
        analysis = self._canvas.session.analysis
        sizes = node_sizes(design, analysis)
        boxes = group_sizes(design, analysis)
        return arrange_view(design, sizes, design.direction, ids, boxes)

    def _boxes(self) -> dict[str, Box]:
        nodes = self._canvas.design_scene.nodes
        items = [nodes[name] for name in self._canvas.session.selection]
        return {item.name: Box(item.x(), item.y(), item.look.width, item.look.height) for item in items}

    def _move(self, verb: str, positions: dict[str, Position]) -> None:
        canvas = self._canvas
        with canvas.gliding(keeps_view=True):
            canvas.apply(canvas.words_for(verb, positions), edits.move, positions)
