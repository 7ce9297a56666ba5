"""The scene: items keyed by node id and by wire, brought up to date with the design by comparing identities."""

from collections import defaultdict
from collections.abc import Iterable
from math import hypot
from typing import NamedTuple

from PySide6.QtCore import QObject, QPointF, QRectF
from PySide6.QtGui import QColor, QPen
from PySide6.QtWidgets import QAbstractGraphicsShapeItem, QGraphicsPathItem, QGraphicsRectItem, QGraphicsScene

from onebyone import quantity
from onebyone.analysis import Analysis
from onebyone.measurement import Run
from onebyone.problem import Problem
from onebyone_desktop.canvas.heat import heat_shares
from onebyone_desktop.canvas.node_item import NodeItem
from onebyone_desktop.canvas.painting import LabelSide, Tools
from onebyone_desktop.canvas.wire_item import WireItem
from onebyone_desktop.canvas.wires import Box, Boxes, reference_channels, wire_path, wire_width
from onebyone_desktop.session import Heat

WireKey = tuple[str, int]

_DROP_REACH = 12.0
_OVERLAY_Z = 3.0


class Port(NamedTuple):
    """A port of a node: the number of the input, or None for the output."""

    node: NodeItem
    index: int | None


class DesignScene(QGraphicsScene):
    """Holds an item for every node and every wire of one design."""

    def __init__(self, tools: Tools, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.nodes: dict[str, NodeItem] = {}
        self.wires: dict[WireKey, WireItem] = {}
        self._tools = tools
        self._outgoing: defaultdict[str, set[WireKey]] = defaultdict(set)
        self._reference = 0
        self._boxes: Boxes | None = None
        self._preview = QGraphicsPathItem()
        self._band = QGraphicsRectItem()
        for overlay in (self._preview, self._band):
            overlay.setZValue(_OVERLAY_Z)
            overlay.hide()
            self.addItem(overlay)
        self._dress_overlays()

    @property
    def overlays(self) -> tuple[QAbstractGraphicsShapeItem, ...]:
        """What a gesture shows on top of the design."""
        return tuple(item for item in (self._preview, self._band) if item.isVisible())

    def show_design(self, analysis: Analysis) -> None:
        """Brings the items up to date; what is the same object as before is left alone."""
        # Not those of the topology: it stays as it was while only positions change.
        nodes = analysis.design.nodes_by_id()
        problems = _first_problems(analysis)
        for name in [name for name in self.nodes if name not in nodes]:
            self._forget_node(name)
        moved: set[str] = set()
        reshaped: set[str] = set()
        for name, node in nodes.items():
            item = self.nodes.get(name)
            found, problem = analysis.nodes[name], problems.get(name)
            if item is None:
                item = self.nodes[name] = NodeItem(node, found, problem, self._tools)
                self.addItem(item)
                moved.add(name)
                self._wire(item, ())
            elif item.node is not node or item.analysis is not found or item.problem != problem:
                old_inputs = item.node.inputs
                if item.analysis.shape != found.shape:
                    reshaped.add(name)
                if item.show_node(node, found, problem):
                    moved.add(name)
                if old_inputs != node.inputs:
                    self._wire(item, old_inputs)
                    moved.add(name)
        self._follow_shapes(analysis, reshaped | moved)
        if moved:
            self.reroute(moved, everything_long=True)

    def show_heat(self, analysis: Analysis, heat: Heat, run: Run | None) -> None:
        """Shows each node's share of a quantity and, once measured, its time."""
        shares = heat_shares(analysis, heat, run)
        times = {} if run is None else {item.id: quantity.duration(item.median) for item in run.nodes}
        for name, item in self.nodes.items():
            item.show_heat(times.get(name, ""), shares.get(name))

    def show_theme(self, tools: Tools) -> None:
        """Follows a new theme."""
        self._tools = tools
        for node in self.nodes.values():
            node.show_theme(tools)
        for wire in self.wires.values():
            wire.show_theme(tools)
        self._dress_overlays()

    def show_selection(self, ids: Iterable[str], wires: Iterable[WireKey]) -> None:
        """Marks nodes and wires as selected, and no others."""
        chosen, chosen_wires = set(ids), set(wires)
        for name, node in self.nodes.items():
            node.show_selected(name in chosen)
        for key, wire in self.wires.items():
            wire.show_selected(key in chosen_wires)

    def reroute(self, moved: Iterable[str], everything_long: bool = False) -> None:
        """Lays the wires of moved nodes anew, and of all others that have to go round nodes."""
        self._boxes = None
        keys: set[WireKey] = set()
        sources: set[str] = set()
        for name in moved:
            item = self.nodes.get(name)
            if item is not None:
                keys.update((name, index) for index in range(len(item.node.inputs)))
                sources.update(item.node.inputs)
            keys.update(self._outgoing[name])
            sources.add(name)
        if everything_long:
            keys.update(key for key, wire in self.wires.items() if _is_long(wire))
        for key in keys:
            wire = self.wires.get(key)
            if wire is not None:
                self._route(wire)
        for source in sources:
            self._label(source)

    def node_at(self, point: QPointF) -> NodeItem | None:
        """The topmost node whose box holds a point."""
        for item in self.items(point):
            if isinstance(item, NodeItem) and item.box.contains(point):
                return item
        return None

    def port_at(self, point: QPointF, reach: float) -> Port | None:
        """The nearest port within a distance of a point, unless another node covers it."""
        around = QRectF(point.x() - reach, point.y() - reach, 2 * reach, 2 * reach)
        near = []
        for item in self.items(around):
            if isinstance(item, NodeItem):
                for index, at in item.ports():
                    distance = hypot(at.x() - point.x(), at.y() - point.y())
                    if distance <= reach and self.node_at(at) in (item, None):
                        near.append((distance, len(near), Port(item, index)))
        return min(near)[2] if near else None

    def wire_at(self, point: QPointF) -> WireItem | None:
        """The wire at a point, or near it where the wire is thin."""
        around = QRectF(point.x() - 6, point.y() - 6, 12, 12)
        found = [item for item in self.items(around) if isinstance(item, WireItem) and item.is_at(point)]
        return found[0] if found else None

    def nodes_within(self, rect: QRectF) -> list[str]:
        """The ids of the nodes whose box touches a rectangle, in the order of the design."""
        return [name for name, item in self.nodes.items() if item.box.intersects(rect)]

    def drop_target(self, point: QPointF) -> NodeItem | None:
        """The node that a wire would end at if it were dropped at a point."""
        around = QRectF(point.x() - _DROP_REACH, point.y() - _DROP_REACH, 2 * _DROP_REACH, 2 * _DROP_REACH)
        found = [item for item in self.items(around) if isinstance(item, NodeItem) and item.box.intersects(around)]
        return next((item for item in found if item.box.contains(point)), found[0] if found else None)

    def show_preview(self, source: str, end: QPointF) -> None:
        """Shows the wire that is being pulled."""
        if source in self.nodes:
            self._preview.setPath(wire_path(self.nodes[source].output_port(), end))
            self._preview.show()

    def hide_preview(self) -> None:
        """Takes the pulled wire away."""
        self._preview.hide()

    def show_band(self, rect: QRectF) -> None:
        """Shows the rectangle that selects."""
        self._band.setRect(rect)
        self._band.show()

    def hide_band(self) -> None:
        """Takes the rectangle away."""
        self._band.hide()

    def bounds(self, ids: Iterable[str] | None = None) -> QRectF:
        """The rectangle around these nodes, or all."""
        rect = QRectF()
        for name in self.nodes if ids is None else ids:
            if name in self.nodes:
                rect = rect.united(self.nodes[name].box)
        return rect

    def _dress_overlays(self) -> None:
        pen = QPen(self._tools.accent, 2.5)
        self._preview.setPen(pen)
        thin = QPen(self._tools.accent, 1.0)
        thin.setCosmetic(True)
        self._band.setPen(thin)
        ground = QColor(self._tools.accent)
        ground.setAlpha(28)
        self._band.setBrush(ground)

    def _forget_node(self, name: str) -> None:
        item = self.nodes.pop(name)
        for index, source in enumerate(item.node.inputs):
            self._forget_wire(source, (name, index))
        self._outgoing.pop(name, None)
        self.removeItem(item)

    def _forget_wire(self, source: str, key: WireKey) -> None:
        wire = self.wires.pop(key, None)
        if wire is not None:
            self.removeItem(wire)
        self._outgoing[source].discard(key)

    def _wire(self, item: NodeItem, old_inputs: tuple[str, ...]) -> None:
        target = item.node.id
        for index, source in enumerate(old_inputs):
            self._forget_wire(source, (target, index))
            self._label(source)
        for index, source in enumerate(item.node.inputs):
            key = (target, index)
            wire = self.wires[key] = WireItem(source, target, index, self._tools)
            self._outgoing[source].add(key)
            self.addItem(wire)

    def _follow_shapes(self, analysis: Analysis, changed: set[str]) -> None:
        reference = reference_channels(found.shape for found in analysis.nodes.values())
        keys: Iterable[WireKey] = self.wires
        if reference == self._reference:
            keys = {key for name in changed for key in self._outgoing[name]}
            keys |= {(name, i) for name in changed for i in range(len(self.nodes[name].node.inputs))}
        self._reference = reference
        for key in keys:
            wire = self.wires[key]
            source = analysis.nodes.get(wire.source)
            wire.show_width(wire_width(source.shape if source is not None else None, reference))
            self._label(wire.source)

    def _route(self, wire: WireItem) -> None:
        source, target = self.nodes.get(wire.source), self.nodes.get(wire.target)
        if target is None:
            return
        end = target.input_port(wire.index)
        # A wire from a node that is not there hangs from nothing.
        start = end - QPointF(0, 40) if source is None else source.output_port()
        wire.setPath(wire_path(start, end, wire.width, self._all_boxes()))

    def _label(self, source: str) -> None:
        item = self.nodes.get(source)
        if item is None:
            return
        wires = [self.wires[key] for key in self._outgoing[source] if key in self.wires]
        port = item.output_port().x()
        ends = [self.nodes[wire.target].input_port(wire.index).x() for wire in wires if wire.target in self.nodes]
        goes_left, goes_right = any(end < port for end in ends), any(end > port for end in ends)
        side: LabelSide = "corner" if goes_left and goes_right else "left" if goes_right else "right"
        item.show_wire(bool(wires), max((wire.width for wire in wires), default=0.0), side)

    def _all_boxes(self) -> Boxes:
        if self._boxes is None:
            boxes = (item.box for item in self.nodes.values())
            self._boxes = Boxes(Box(box.top(), box.left(), box.right(), box.bottom()) for box in boxes)
        return self._boxes


def _first_problems(analysis: Analysis) -> dict[str, Problem]:
    """The first problem of each node, errors before warnings."""
    found: dict[str, Problem] = {}
    for problem in analysis.problems:
        if problem.node is not None and (problem.node not in found or found[problem.node].severity == "warning"):
            found[problem.node] = problem
    return found


def _is_long(wire: WireItem) -> bool:
    return wire.path().elementCount() > 4 or wire.path().boundingRect().height() > 110
