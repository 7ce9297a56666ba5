"""All wires of a scene: which items they join, how wide they are, and their courses round the nodes in between."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtWidgets import QGraphicsScene

from onebyone.analysis import Analysis
from onebyone.design import Direction, Node
from onebyone.edits.wires import WireKey
from onebyone_desktop.canvas.items.box_item import BoxItem
from onebyone_desktop.canvas.items.painting import LabelSide, Tools
from onebyone_desktop.canvas.items.wire_courses import Boxes, reference_channels, wire_path, wire_width
from onebyone_desktop.canvas.items.wire_item import WireItem

_HANGING = 40.0
# Up to so many moved nodes, each is asked which wires it is in the way of; more are taken as one area.
_FEW = 8
_CLEARANCE = 24.0


class Wiring:
    """Keeps the wire items of a scene in step with the boxes that they join.

    `end_of` gives the box that stands for a node: its own, or that of the collapsed group it is in.
    """

    def __init__(self, scene: QGraphicsScene, end_of: Callable[[str], BoxItem | None]) -> None:
        self.items: dict[WireKey, WireItem] = {}
        self.direction: Direction = "down"
        self._scene = scene
        self._end_of = end_of
        self._outgoing: defaultdict[str, set[WireKey]] = defaultdict(set)
        self._reference = 0
        self._boxes = Boxes()

    def wire(self, node: Node, old_inputs: tuple[str, ...], tools: Tools) -> None:
        """Makes the wires that feed a node anew."""
        for index, source in enumerate(old_inputs):
            self._forget(source, (node.id, index))
            self.label(source)
        for index, source in enumerate(node.inputs):
            key = (node.id, index)
            item = self.items[key] = WireItem(source, node.id, index, tools)
            self._outgoing[source].add(key)
            self._scene.addItem(item)

    def forget_node(self, node: Node) -> None:
        """Takes away the wires that feed a node, and the node as an obstacle."""
        for index, source in enumerate(node.inputs):
            self._forget(source, (node.id, index))
        self._outgoing.pop(node.id, None)
        self._boxes.forget(node.id)

    def forget_box(self, name: str) -> None:
        """Takes a box out of the way of wires."""
        self._boxes.forget(name)

    def leaving(self, source: str) -> Iterator[WireItem]:
        """The wires that leave a node."""
        for key in self._outgoing[source]:
            if key in self.items:
                yield self.items[key]

    def touching(self, name: str, inputs: int) -> Iterator[WireItem]:
        """The wires that end or begin at a node with so many inputs."""
        for index in range(inputs):
            if (name, index) in self.items:
                yield self.items[name, index]
        yield from self.leaving(name)

    def follow_shapes(self, analysis: Analysis, changed: Iterable[str], inputs: Callable[[str], int]) -> None:
        """Gives the wires at nodes with new shapes their widths; all of them where the scale changed."""
        reference = reference_channels(found.shape for found in analysis.nodes.values())
        wires = list(self.items.values())
        if reference == self._reference:
            wires = [wire for name in changed for wire in self.touching(name, inputs(name))]
        self._reference = reference
        widths = {
            name: wire_width(found.shape if (found := analysis.nodes.get(name)) is not None else None, reference)
            for name in {wire.source for wire in wires}
        }
        widened = {wire.source for wire in wires if wire.show_width(widths[wire.source])}
        for name in widened:
            item = self._end_of(name)
            if item is not None and len(item.members) == 1:
                item.show_wire_width(widths[name])
            else:
                self.label(name)

    def place(self, item: BoxItem) -> QRectF:
        """Remembers where a box is now; the area that it covered and covers."""
        return self._boxes.place(item.name, item.box, self.direction)

    def wires_in(self, areas: list[QRectF]) -> Iterator[WireItem]:
        """The wires that go round nodes and whose course touches one of these areas."""
        if len(areas) > _FEW:
            whole = QRectF()
            for area in areas:
                whole = whole.united(area)
            areas = [whole]
        wide = [area.adjusted(-_CLEARANCE, -_CLEARANCE, _CLEARANCE, _CLEARANCE) for area in areas]
        for wire in self.items.values():
            if wire.is_long and any(wire.span.intersects(area) for area in wide):
                yield wire

    def route(self, wire: WireItem) -> None:
        """Lays a wire anew between its two boxes."""
        source, target = self._end_of(wire.source), self._end_of(wire.target)
        if target is None:
            return
        end = target.port_for(wire.source, wire.index)
        is_down = self.direction == "down"
        # A wire from a node that is not there hangs from nothing.
        hanging = end - (QPointF(0, _HANGING) if is_down else QPointF(_HANGING, 0))
        start = hanging if source is None else source.output_port()
        if wire.is_laid(start, end, is_down):
            return
        wire.show_course(
            wire_path(start, end, wire.width, self._boxes, self.direction, target.look.ports > 1), start, end, is_down
        )

    def label(self, source: str) -> None:
        """Tells a box which wires leave it, so that their channels are written beside them."""
        item = self._end_of(source)
        if item is None:
            return
        is_down = self.direction == "down"
        port = _across(item.output_port(), is_down)
        width, is_before, is_after, is_used = 0.0, False, False, False
        for name in item.members:
            for wire in self.leaving(name):
                target = self._end_of(wire.target)
                if target is None or target is item:
                    continue
                is_used = True
                width = max(width, wire.width)
                end = _across(target.port_for(wire.source, wire.index), is_down)
                is_before, is_after = is_before or end < port, is_after or end > port
        side: LabelSide = "corner" if is_before and is_after else "left" if is_after else "right"
        item.show_wire(is_used, width, side)

    def _forget(self, source: str, key: WireKey) -> None:
        wire = self.items.pop(key, None)
        if wire is not None:
            self._scene.removeItem(wire)
        self._outgoing[source].discard(key)


def _across(point: QPointF, is_down: bool) -> float:
    return point.x() if is_down else point.y()
