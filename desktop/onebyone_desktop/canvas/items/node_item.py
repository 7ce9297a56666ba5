"""A node on the canvas."""

from PySide6.QtCore import QPointF

from onebyone.analysis import NodeAnalysis
from onebyone.design import Direction, Node
from onebyone.problem import Problem
from onebyone_desktop.canvas.items.box_item import BoxItem
from onebyone_desktop.canvas.items.look import HEADER_HEIGHT, look_at
from onebyone_desktop.canvas.items.painting import Tools


class NodeItem(BoxItem):
    """Paints one node with its ports. It keeps the values it was made from, to be compared by identity."""

    def __init__(
        self,
        node: Node,
        analysis: NodeAnalysis,
        problem: Problem | None,
        tools: Tools,
        direction: Direction = "down",
        waits_for: str = "",
    ) -> None:
        super().__init__(look_at(node, analysis, problem, direction, waits_for), tools)
        self.node = node
        self.analysis = analysis
        self.problem = problem
        self.waits_for = waits_for
        self._wired = len(node.inputs)
        if node.position is not None:
            self.setPos(*node.position)

    @property
    def name(self) -> str:
        """The node's id."""
        return self.node.id

    @property
    def members(self) -> tuple[str, ...]:
        """The node alone."""
        return (self.node.id,)

    def port_for(self, source: str, index: int) -> QPointF:
        """The port in the scene of input number `index`."""
        return self.input_port(index)

    def show_node(
        self, node: Node, analysis: NodeAnalysis, problem: Problem | None, direction: Direction, waits_for: str
    ) -> bool:
        """Shows new values; whether the box or the ports changed, so that wires have to follow."""
        before = self.node
        is_as_it_was = (
            analysis is self.analysis
            and problem == self.problem
            and waits_for == self.waits_for
            and direction == self.look.direction
            and (node.layer is before.layer and node.inputs is before.inputs and node.title is before.title)
            and node.bypassed == before.bypassed
        )
        self.node, self.analysis, self.problem, self.waits_for = node, analysis, problem, waits_for
        has_moved = node.position is not None and node.position != (self.x(), self.y())
        if has_moved:
            self.setPos(*node.position)  # type: ignore[misc]
        if is_as_it_was:
            return has_moved
        resized = self.show_look(look_at(node, analysis, problem, direction, waits_for), len(node.inputs))
        return has_moved or resized

    def input_for_new(self, point: QPointF) -> int:
        """The input number that a new wire dropped at a point in the scene would get.

        It is the last one, unless the wire is put between two that are there already, at the row of ports.
        """
        wired = len(self.node.inputs)
        if wired == 0 or self.node.layer.maximum_inputs == 1:
            return 0
        along, off = self._along(point), self._off_ports(point)
        is_between = self._along(self.input_port(0)) < along < self._along(self.input_port(wired - 1))
        return self.input_for(point) if is_between and off <= HEADER_HEIGHT / 2 else wired

    def input_for(self, point: QPointF) -> int:
        """The input number at a point in the scene: one more for each wire that ends before it."""
        if self.node.layer.maximum_inputs == 1:
            return 0
        along = self._along(point)
        return sum(self._along(self.input_port(index)) < along for index in range(len(self.node.inputs)))

    def _along(self, point: QPointF) -> float:
        return point.y() if self.look.direction == "right" else point.x()

    def _off_ports(self, point: QPointF) -> float:
        return point.x() - self.x() if self.look.direction == "right" else point.y() - self.y()
