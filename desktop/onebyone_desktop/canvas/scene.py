"""The scene: items keyed by node id and by wire, brought up to date with the design by comparing identities."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import hypot
from operator import is_
from typing import NamedTuple

from PySide6.QtCore import QObject, QPointF, QRectF
from PySide6.QtGui import QColor, QPen
from PySide6.QtWidgets import QAbstractGraphicsShapeItem, QGraphicsPathItem, QGraphicsRectItem, QGraphicsScene

from onebyone import quantity
from onebyone.analysis import Analysis, NodeAnalysis
from onebyone.analysis.waiting import waiting
from onebyone.design import Direction
from onebyone.edits.wires import WireKey
from onebyone.measurement.disproportion import disproportions
from onebyone.measurement.records import Run
from onebyone.problem import Problem
from onebyone.text import visible
from onebyone_desktop.canvas.heat import HeatShown, heat_shares
from onebyone_desktop.canvas.heat_choice import Heat
from onebyone_desktop.canvas.items.box_item import BoxItem
from onebyone_desktop.canvas.items.folding import Folding
from onebyone_desktop.canvas.items.group_items import Frame, GroupBox
from onebyone_desktop.canvas.items.node_item import NodeItem
from onebyone_desktop.canvas.items.painting import Tools
from onebyone_desktop.canvas.items.wire_courses import wire_path
from onebyone_desktop.canvas.items.wire_item import WireItem
from onebyone_desktop.canvas.items.wires import Wiring

_DROP_REACH = 12.0
_OVERLAY_Z = 3.0


@dataclass(frozen=True)
class Port:
    """A port of a node or a collapsed group: the number of the input, or None for the output."""

    node: BoxItem
    index: int | None


class _HeatKept(NamedTuple):
    """The heat that is shown, and what it was worked out from: compared by identity, so that moves cost nothing."""

    asked: tuple[Heat, Run | None, bool]
    boxes: list[BoxItem]
    found: list[NodeAnalysis]
    live: frozenset[str]
    shown: HeatShown

    def fits(self, asked: tuple[Heat, Run | None, bool], boxes: list[BoxItem], analysis: Analysis) -> bool:
        """Whether nothing that it depends on has changed."""
        heat, run, is_coloured = self.asked
        return (
            (heat, is_coloured) == (asked[0], asked[2])
            and run is asked[1]
            and self.live == analysis.topology.live
            and _are_same(self.boxes, boxes)
            and _are_same(self.found, list(analysis.nodes.values()))
        )


def _are_same(first: Sequence[object], second: Sequence[object]) -> bool:
    return len(first) == len(second) and all(map(is_, first, second))


class DesignScene(QGraphicsScene):
    """Holds an item for every node and every wire of one design."""

    def __init__(self, tools: Tools, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.nodes: dict[str, NodeItem] = {}
        self._tools = tools
        self._folding = Folding(self, self.nodes)
        self._wiring = Wiring(self, self._folding.end_of)
        self._path: set[WireKey] = set()
        self._chosen: set[str] = set()
        self._chosen_wires: set[WireKey] = set()
        self._heat: _HeatKept | None = None
        #: Lines that a gesture has put into the scene.
        self.gesture_lines: list[QGraphicsPathItem] = []
        self._preview = QGraphicsPathItem()
        self._band = QGraphicsRectItem()
        for overlay in (self._preview, self._band):
            overlay.setZValue(_OVERLAY_Z)
            overlay.hide()
            self.addItem(overlay)
        self._dress_overlays()

    @property
    def wires(self) -> dict[WireKey, WireItem]:
        """All wires, by target and number of the input."""
        return self._wiring.items

    @property
    def direction(self) -> Direction:
        """Where the results flow."""
        return self._wiring.direction

    @property
    def group_boxes(self) -> dict[str, GroupBox]:
        """The collapsed groups that are seen."""
        return self._folding.boxes

    @property
    def frames(self) -> dict[str, Frame]:
        """The frames of the expanded groups that are seen."""
        return self._folding.frames

    @property
    def overlays(self) -> tuple[QAbstractGraphicsShapeItem, ...]:
        """What a gesture shows on top of the design."""
        return tuple(item for item in (self._preview, self._band, *self.gesture_lines) if item.isVisible())

    def show_design(self, analysis: Analysis) -> None:
        """Brings the items up to date; what is the same object as before is left alone."""
        nodes = analysis.design_nodes
        direction = analysis.design.direction
        has_turned = direction != self._wiring.direction
        self._wiring.direction = direction
        problems, waits = _first_problems(analysis), waiting(analysis)
        is_rewired = False
        for name in [name for name in self.nodes if name not in nodes]:
            is_rewired = True
            gone = self.nodes.pop(name)
            self._wiring.forget_node(gone.node)
            self.removeItem(gone)
        moved: set[str] = set()
        reshaped: set[str] = set()
        for name, node in nodes.items():
            item: NodeItem | None = self.nodes.get(name)
            found = analysis.nodes[name]
            waits_for = nodes[waits[name]].name if name in waits else ""
            problem = None if waits_for else problems.get(name)
            if item is None:
                item = self.nodes[name] = NodeItem(node, found, problem, self._tools, direction, waits_for)
                self.addItem(item)
                moved.add(name)
                self._wiring.wire(node, (), self._tools)
                is_rewired = True
            elif (
                has_turned
                or item.node is not node
                or item.analysis is not found
                or item.problem != problem
                or item.waits_for != waits_for
            ):
                old_inputs = item.node.inputs
                if item.analysis.shape != found.shape:
                    reshaped.add(name)
                if item.show_node(node, found, problem, direction, waits_for) or has_turned:
                    moved.add(name)
                if old_inputs != node.inputs:
                    self._wiring.wire(node, old_inputs, self._tools)
                    moved.add(name)
                    is_rewired = True
        boxes = set(self._folding.boxes)
        refolded = self._folding.show_groups(analysis, self._tools)
        for name in (*(boxes - self._folding.boxes.keys()), *filter(self._folding.is_hidden, refolded)):
            self._wiring.forget_box(name)
        moved |= refolded
        self._wiring.follow_shapes(analysis, reshaped | moved, self._count_inputs)
        # Of several wires from one source to a group one is seen: another, where that one is gone.
        if refolded or (is_rewired and self._folding.boxes):
            self._hide_inner_wires()
        if moved:
            self.reroute(moved, everything_long=True)

    def show_heat(self, analysis: Analysis, heat: Heat, run: Run | None, is_coloured: bool = False) -> HeatShown:
        """Shows each box's share of a quantity and, once measured, its time; and how much the hottest has."""
        boxes = list(self._folding.shown())
        asked = (heat, run, is_coloured)
        if self._heat is not None and self._heat.fits(asked, boxes, analysis):
            return self._heat.shown
        shares = heat_shares(analysis, heat, run)
        times = {} if run is None else {item.id: item.median for item in run.nodes}
        shown: list[tuple[BoxItem, float | None, float | None]] = []
        for item in boxes:
            known = [shares[name] for name in item.members if name in shares]
            clocked = [time for name in item.members if (time := times.get(name)) is not None]
            shown.append((item, sum(known) if known else None, sum(clocked) if clocked else None))
        most = max((share for _, share, _ in shown if share is not None), default=0.0)
        for item, share, time in shown:
            warmth = share / most if is_coloured and share is not None and most > 0 else None
            item.show_heat("" if time is None else quantity.duration(time), share, warmth)
        hottest = next((item.look.name for item, share, _ in shown if share == most), "")
        found = disproportions(analysis, run) if heat == "latency" else ()
        remarked = tuple(visible(analysis.node(name).name) for name in found)
        heat_shown = HeatShown(most, hottest, remarked)
        self._heat = _HeatKept(asked, boxes, list(analysis.nodes.values()), analysis.topology.live, heat_shown)
        return self._heat.shown

    def show_theme(self, tools: Tools) -> None:
        """Follows a new theme."""
        self._tools = tools
        for node in self.nodes.values():
            node.show_theme(tools)
        for wire in self.wires.values():
            wire.show_theme(tools)
        self._folding.show_theme(tools)
        self._dress_overlays()

    def show_selection(self, ids: Iterable[str], wires: Iterable[WireKey]) -> None:
        """Marks nodes and wires as selected, and no others."""
        chosen, chosen_wires = set(ids), set(wires)
        for name in self._chosen | chosen:
            if name in self.nodes:
                self.nodes[name].show_selected(name in chosen)
        for key in self._chosen_wires | chosen_wires:
            if key in self.wires:
                self.wires[key].show_selected(key in chosen_wires)
        self._chosen, self._chosen_wires = chosen, chosen_wires
        self._folding.show_selection(chosen)

    def show_path(self, keys: set[WireKey]) -> None:
        """Marks the wires that lead to or from the selection, and no others."""
        for key in self._path ^ keys:
            if key in self.wires:
                self.wires[key].show_on_path(key in keys)
        self._path = keys

    def shift(self, ids: Iterable[str], offset: QPointF) -> None:
        """Moves nodes by the same distance, and their wires with them."""
        moved = {name for name in ids if name in self.nodes}
        for name in moved:
            item = self.nodes[name]
            item.setPos(item.pos() + offset)
        followers = self._folding.place(moved)
        carried = moved.union(*(box.members for box in followers))
        for name in carried:
            for wire in self._wiring.touching(name, self._count_inputs(name)):
                if wire.source in moved and wire.target in moved:
                    if wire.target == name:
                        wire.shift(offset)
                else:
                    self._wiring.route(wire)

    def reroute(self, moved: Iterable[str], everything_long: bool = False) -> None:
        """Lays the wires of moved nodes anew, and of all others that have to go round these nodes."""
        names = set(moved)
        followers = self._folding.place(names)
        names.update(*(box.members for box in followers))
        ends = {id(end): end for name in names if (end := self._folding.end_of(name)) is not None}
        areas = [self._wiring.place(end) for end in ends.values()]
        sources = set(names)
        wires: dict[WireKey, WireItem] = {}
        for name in names:
            for wire in self._wiring.touching(name, self._count_inputs(name)):
                wires[wire.key] = wire
                sources.add(wire.source)
        if everything_long:
            for wire in self._wiring.wires_in(areas):
                wires[wire.key] = wire
        for wire in wires.values():
            self._wiring.route(wire)
        for source in sources:
            self._wiring.label(source)

    def leaving(self, source: str) -> Iterator[WireItem]:
        """The wires that leave a node."""
        return self._wiring.leaving(source)

    def end_of(self, name: str) -> BoxItem | None:
        """The box that stands for a node: its own, or that of the collapsed group it is in."""
        return self._folding.end_of(name)

    def shown_boxes(self) -> Iterator[BoxItem]:
        """All boxes that are seen: nodes and collapsed groups."""
        return self._folding.shown()

    def box_at(self, point: QPointF) -> BoxItem | None:
        """The topmost node or collapsed group whose box holds a point."""
        for item in self.items(point):
            if isinstance(item, BoxItem) and item.box.contains(point):
                return item
        return None

    def frame_at(self, point: QPointF) -> Frame | None:
        """The innermost frame whose title bar holds a point."""
        for item in self.items(point):
            if isinstance(item, Frame) and item.title_rect.contains(point):
                return item
        return None

    def node_at(self, point: QPointF) -> NodeItem | None:
        """The topmost node whose box holds a point."""
        for item in self.items(point):
            if isinstance(item, NodeItem) and item.box.contains(point):
                return item
        return None

    def port_at(self, point: QPointF, reach: float) -> Port | None:
        """The nearest port within a distance of a point, unless another node covers it."""
        around = QRectF(point.x() - reach, point.y() - reach, 2 * reach, 2 * reach)
        near: list[tuple[float, int, Port]] = []
        for item in self.items(around):
            if isinstance(item, BoxItem):
                for index, at in item.ports():
                    distance = hypot(at.x() - point.x(), at.y() - point.y())
                    if distance <= reach and self.box_at(at) in (item, None):
                        near.append((distance, len(near), Port(item, index)))
        return min(near)[2] if near else None

    def wire_at(self, point: QPointF) -> WireItem | None:
        """The wire at a point, or near it where the wire is thin."""
        around = QRectF(point.x() - 6, point.y() - 6, 12, 12)
        found = [item for item in self.items(around) if isinstance(item, WireItem) and item.is_at(point)]
        return found[0] if found else None

    def nodes_within(self, rect: QRectF) -> list[str]:
        """The ids of the nodes whose box, or collapsed group, touches a rectangle, in the order of the design."""
        touched = {name for item in self.shown_boxes() if item.box.intersects(rect) for name in item.members}
        return [name for name in self.nodes if name in touched]

    def drop_target(self, point: QPointF) -> NodeItem | None:
        """The node that a wire would end at if it were dropped at a point."""
        around = QRectF(point.x() - _DROP_REACH, point.y() - _DROP_REACH, 2 * _DROP_REACH, 2 * _DROP_REACH)
        found = [item for item in self.items(around) if isinstance(item, NodeItem) and item.box.intersects(around)]
        return next((item for item in found if item.box.contains(point)), found[0] if found else None)

    def show_preview(self, source: str, end: QPointF, is_replacing: bool = False) -> None:
        """Shows the wire that is being pulled; another one where it takes the place of a wire."""
        item = self.end_of(source)
        if item is not None:
            self._preview.setPen(self._tools.replacing if is_replacing else self._tools.pulled)
            self._preview.setPath(wire_path(item.output_port(), end, direction=self.direction))
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
        """The rectangle around these nodes (or the collapsed groups they are in), or around all there is."""
        rect = QRectF()
        if ids is None:
            for item in self.shown_boxes():
                rect = rect.united(item.box)
            for frame in self.frames.values():
                rect = rect.united(frame.rect)
            return rect
        for name in ids:
            end = self.end_of(name)
            if end is not None:
                rect = rect.united(end.box)
        return rect

    def _dress_overlays(self) -> None:
        self._preview.setPen(self._tools.pulled)
        thin = QPen(self._tools.accent, 1.0)
        thin.setCosmetic(True)
        self._band.setPen(thin)
        ground = QColor(self._tools.accent)
        ground.setAlpha(28)
        self._band.setBrush(ground)

    def _count_inputs(self, name: str) -> int:
        return len(self.nodes[name].node.inputs) if name in self.nodes else 0

    def _hide_inner_wires(self) -> None:
        """Hides the wires within collapsed groups, and all but one of those that a group has from one source."""
        seen: set[tuple[int, int]] = set()
        for wire in self.wires.values():
            source, target = self.end_of(wire.source), self.end_of(wire.target)
            is_shown = source is not target or source is None
            if is_shown and isinstance(target, GroupBox):
                pair = id(source), id(target)
                is_shown = pair not in seen
                seen.add(pair)
            wire.setVisible(is_shown)


def _first_problems(analysis: Analysis) -> dict[str, Problem]:
    """The first problem of each node, errors before warnings."""
    found: dict[str, Problem] = {}
    for problem in analysis.problems:
        if problem.node is not None and (problem.node not in found or found[problem.node].severity == "warning"):
            found[problem.node] = problem
    return found
