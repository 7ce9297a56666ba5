"""A node on the canvas."""

from collections.abc import Iterator

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from onebyone.analysis import NodeAnalysis
from onebyone.design import Node
from onebyone.problem import Problem
from onebyone_desktop.canvas.look import HEADER_HEIGHT, NodeLook, look_at
from onebyone_desktop.canvas.painting import (
    TEXT_FROM_SCALE,
    LabelSide,
    Tools,
    paint_channels,
    paint_flat_node,
    paint_node,
    paint_ports,
    paint_target,
)

_SIDE_ROOM = 5.0
_TOP_ROOM = 6.0
_LABEL_ROOM = 40.0
_BOTTOM_ROOM = 20.0
_NODES_Z = 1.0
_RAISED_Z = 2.0


class NodeItem(QGraphicsItem):
    """Paints one node with its ports. It keeps the values it was made from, to be compared by identity."""

    def __init__(self, node: Node, analysis: NodeAnalysis, problem: Problem | None, tools: Tools) -> None:
        super().__init__()
        self.node = node
        self.analysis = analysis
        self.problem = problem
        self.look: NodeLook = look_at(node, analysis, problem)
        self.is_selected = False
        self._tools = tools
        self._time = ""
        self._share: float | None = None
        self._target: int | None = None
        self._is_hovered = False
        self._wired = len(node.inputs)
        self._is_used = False
        self._wire_width = 0.0
        self._label_side: LabelSide = "right"
        self._bounds = self._room()
        self.setZValue(_NODES_Z)
        if node.position is not None:
            self.setPos(*node.position)

    @property
    def box(self) -> QRectF:
        """The node's box in the scene."""
        at = self.pos()
        return QRectF(at.x(), at.y(), self.look.width, self.look.height)

    def show_node(self, node: Node, analysis: NodeAnalysis, problem: Problem | None) -> bool:
        """Shows new values; whether the box or the ports changed, so that wires have to follow."""
        before = self.look
        self.node, self.analysis, self.problem = node, analysis, problem
        look = look_at(node, analysis, problem)
        self.look = before if look == before else look
        has_moved = node.position is not None and node.position != (self.x(), self.y())
        if has_moved:
            self.setPos(*node.position)  # type: ignore[misc]
        resized = (look.width, look.height, look.ports) != (before.width, before.height, before.ports)
        if resized:
            self.prepareGeometryChange()
            self._bounds = self._room()
        if self.look is not before or len(node.inputs) != self._wired:
            self._wired = len(node.inputs)
            self.update()
        return has_moved or resized

    def show_heat(self, time: str, share: float | None) -> None:
        """Shows a measured time and the share of the current heat."""
        shown = None if share is None else round(share, 3)
        if time != self._time or shown != self._share:
            self._time, self._share = time, shown
            self.update()

    def show_wire(self, is_used: bool, width: float, side: LabelSide) -> None:
        """Follows the wires that leave: the count of channels is written beside them."""
        if (is_used, width, side) != (self._is_used, self._wire_width, self._label_side):
            self._is_used, self._wire_width, self._label_side = is_used, width, side
            self.update()

    def show_selected(self, is_selected: bool) -> None:
        """Marks it as selected and raises it."""
        if is_selected != self.is_selected:
            self.is_selected = is_selected
            self.setZValue(_RAISED_Z if is_selected else _NODES_Z)
            self.update()

    def show_hovered(self, is_hovered: bool) -> None:
        """Shows all its ports while the pointer is over it."""
        if is_hovered != self._is_hovered:
            self._is_hovered = is_hovered
            self.update()

    def show_target(self, index: int | None) -> None:
        """Marks it as the place where a dragged wire would end, at input `index`; None takes the mark away."""
        if index != self._target:
            self._target = index
            self.update()

    def show_theme(self, tools: Tools) -> None:
        """Follows a new theme."""
        self._tools = tools
        self.update()

    def input_port(self, index: int) -> QPointF:
        """A port in the scene."""
        return self.pos() + self.look.input_port(index)

    def output_port(self) -> QPointF:
        """The port in the scene where wires leave."""
        return self.pos() + self.look.output_port

    def ports(self) -> Iterator[tuple[int | None, QPointF]]:
        """Its ports in the scene, each with the number of the input, or None for the output."""
        for index in range(self.look.ports):
            yield index, self.input_port(index)
        if self.look.has_output:
            yield None, self.output_port()

    def input_for_new(self, point: QPointF) -> int:
        """The input number that a new wire dropped at a point in the scene would get.

        It is the last one, unless the wire is put between two that are there already, at the row of ports.
        """
        wired = len(self.node.inputs)
        if wired == 0 or self.node.layer.maximum_inputs == 1:
            return 0
        is_between = self.input_port(0).x() < point.x() < self.input_port(wired - 1).x()
        is_at_ports = point.y() - self.y() <= HEADER_HEIGHT / 2
        return self.input_for(point.x()) if is_between and is_at_ports else wired

    def input_for(self, x: float) -> int:
        """The input number at `x` in the scene: one more for each wire that ends to the left of it."""
        if self.node.layer.maximum_inputs == 1:
            return 0
        return sum(self.input_port(index).x() < x for index in range(len(self.node.inputs)))

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        look = self.look
        transform = painter.worldTransform()
        if transform.m11() < TEXT_FROM_SCALE:
            paint_flat_node(painter, look, self._tools, self.is_selected)
            return
        paint_node(painter, look, self._tools, self._time, self._share, self.is_selected)
        wired = 0 if self._is_hovered else self._wired
        paint_ports(painter, look, self._tools, wired, self._is_used and not self._is_hovered)
        if look.channels and self._is_used:
            paint_channels(painter, look, self._tools, self._wire_width, self._label_side)
        if self._target is not None:
            paint_target(painter, look, self._tools, look.input_port(self._target))

    def _room(self) -> QRectF:
        return self.look.rect.adjusted(-_SIDE_ROOM, -_TOP_ROOM, _LABEL_ROOM, _BOTTOM_ROOM)
