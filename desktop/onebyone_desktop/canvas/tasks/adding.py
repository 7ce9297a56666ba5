"""Adding to the design: what is dropped, chosen in the palette, pasted or duplicated, and where it goes."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec
from PySide6.QtCore import QMimeData, QPointF, QRectF

from onebyone import edits
from onebyone.adding import additions
from onebyone.adding.entries import LAYER_MIME
from onebyone.analysis import NodeAnalysis
from onebyone.design import Design, Node, Position
from onebyone.errors import EditError
from onebyone.layers import AnyLayer
from onebyone_desktop.canvas.items.look import look_at
from onebyone_desktop.canvas.payload import Payload, read_payload
from onebyone_desktop.canvas.placement import (
    ROW_GAP,
    bounds,
    free_spot,
    snapped,
    snapped_point,
    spot_below,
    with_positions,
)

if TYPE_CHECKING:
    from onebyone.adding.search import Suggestion
    from onebyone_desktop.canvas.items.wire_item import WireItem
    from onebyone_desktop.canvas.surface import Surface

_PASTE_OFFSET = 24.0


class Adding:
    """Finds places and wires for new nodes and selects them once they are there."""

    def __init__(self, canvas: "Surface") -> None:
        self._canvas = canvas
        self._marked: WireItem | None = None

    def apply(self, label: str, edit: Callable[..., Design], *arguments: Any) -> bool:
        """Applies an edit that adds nodes, selects these and brings them into view."""
        canvas = self._canvas
        before = {node.id for node in canvas.session.design.nodes}
        if not canvas.apply(label, edit, *arguments):
            return False
        new = [node.id for node in canvas.session.design.nodes if node.id not in before]
        canvas.select(new)
        rect = canvas.design_scene.bounds(new)
        canvas.reveal(rect)
        return True

    def add_layer(
        self, layer: AnyLayer, base: str, point: QPointF | None, title: str, is_inserting: bool = True
    ) -> bool:
        """Adds one layer: around a point, into a wire if one is there; or else after the selected node."""
        design = self._canvas.session.design
        node = Node(edits.unused_id(design, base or layer.kind), layer)
        look = look_at(node, NodeAnalysis())
        label = self._canvas.tr("Add {}").format(title or layer.type_name)
        if point is not None:
            corner = point - QPointF(look.width / 2, look.height / 2)
            node = _at(node, snapped_point(corner))
            wire = self._canvas.design_scene.wire_at(point)
            if wire is not None and is_inserting and _fits_in_wire(layer):
                return self.apply(label, additions.insert_layer, node, *wire.key, self.room_in(wire, look.rect))
            return self.apply(label, additions.add_after, node)
        sources = self._sources() if layer.maximum_inputs != 0 else ()
        corner = self._place(QRectF(0, 0, look.width, look.height), sources)
        return self.apply(label, additions.add_after, _at(node, snapped_point(corner)), sources)

    def add_found(
        self, found: "Suggestion", point: QPointF | None, sources: tuple[str, ...], hangs_from_wire: bool = False
    ) -> bool:
        """Adds what the search found, fed by some nodes.

        Args:
            point: The middle of what is added, or its input where it `hangs_from_wire`; below its sources if not given.
        """
        label = self._canvas.tr("Add {}").format(found.title)
        if found.is_module:
            ready = with_positions(found.nodes)
            rect = bounds(ready)
            corner = self._free_place(rect, point, QPointF(rect.width() / 2, rect.height() / 2), sources)
            offset = snapped(corner.x() - rect.left()), snapped(corner.y() - rect.top())
            return self.apply(label, additions.add_module, ready, offset, next(iter(sources), None))
        layer = found.nodes[0].layer
        node = Node(edits.unused_id(self._canvas.session.design, found.base), layer)
        look = look_at(node, NodeAnalysis())
        held = look.input_port(0) if hangs_from_wire else look.rect.center()
        corner = self._free_place(look.rect, point, held, sources)
        fed_by = () if layer.maximum_inputs == 0 else sources
        return self.apply(label, additions.add_after, _at(node, snapped_point(corner)), fed_by)

    def add_nodes(self, nodes: tuple[Node, ...], label: str, point: QPointF | None, is_inserting: bool = True) -> bool:
        """Adds the nodes of a module: around a point, into a wire if one is there; or else after the selected node."""
        ready = with_positions(nodes)
        rect = bounds(ready)
        source = None
        if point is None:
            source = next(iter(self._sources()), None)
            corner = self._place(rect, () if source is None else (source,))
        else:
            corner = point - QPointF(rect.width() / 2, rect.height() / 2)
        offset = snapped(corner.x() - rect.left()), snapped(corner.y() - rect.top())
        wire = None if point is None or not is_inserting else self._canvas.design_scene.wire_at(point)
        if wire is not None and _splice_of(ready) is not None:
            room = self.room_in(wire, rect)
            return self.apply(label, additions.insert_module, ready, offset, *wire.key, room)
        return self.apply(label, additions.add_module, ready, offset, source)

    def paste(self, copied: Design, point: QPointF | None) -> bool:
        """Adds copied nodes and groups: around a point, or else a little beside where they were."""
        ready = with_positions(copied.nodes)
        rect = bounds(ready)
        offset = (_PASTE_OFFSET, _PASTE_OFFSET)
        if point is not None:
            offset = snapped(point.x() - rect.center().x()), snapped(point.y() - rect.center().y())
        offset = self._uncovered(rect, offset)
        label = self._canvas.words_for(self._canvas.tr("Paste"), [node.id for node in ready])
        return self.apply(label, edits.paste, ready, offset, copied.groups)

    def drop(self, payload: Payload, point: QPointF, is_inserting: bool = True) -> bool:
        """Adds what was dragged from the palette; where it is not `inserting`, beside the wires."""
        if payload.layer is not None:
            return self.add_layer(payload.layer, payload.base, point, payload.title, is_inserting)
        words = payload.title or self._canvas.tr("{} nodes").format(len(payload.nodes))
        return self.add_nodes(payload.nodes, self._canvas.tr("Add {}").format(words), point, is_inserting)

    def show_place(self, point: QPointF, data: QMimeData, is_inserting: bool = True) -> None:
        """Marks the wire that a dragged layer or module would be inserted into."""
        wire = self._canvas.design_scene.wire_at(point) if is_inserting else None
        if wire is not None and wire is not self._marked and not _is_insertable(data):
            wire = None
        self.mark(wire)

    def mark(self, wire: "WireItem | None") -> None:
        """Marks a wire as the place of what is dragged, and no other."""
        if wire is self._marked:
            return
        if self._marked is not None and self._marked.scene() is not None:
            self._marked.show_marked(False)
        if wire is not None:
            wire.show_marked(True)
        self._marked = wire

    def hide_place(self) -> None:
        """Takes the mark away."""
        self.mark(None)

    def room_in(self, wire: "WireItem", rect: QRectF) -> additions.Room:
        """The room that a box needs in a wire."""
        scene = self._canvas.design_scene
        is_down = scene.direction == "down"
        source = scene.end_of(wire.source)
        begin = wire.path().elementAt(0)
        end = (begin.y if is_down else begin.x) if source is None else _end(source.box, is_down)
        return additions.Room(end + ROW_GAP, rect.height() if is_down else rect.width())

    def _sources(self) -> tuple[str, ...]:
        """The node that feeds what is added: the selected one, if there is one and it has a result."""
        session = self._canvas.session
        selection = session.selection
        return selection if len(selection) == 1 and additions.can_feed(session.design, selection[0]) else ()

    def _free_place(self, rect: QRectF, point: QPointF | None, held: QPointF, sources: tuple[str, ...]) -> QPointF:
        """The corner of a box held at a point of its own, as near to there as nothing is covered."""
        if point is None:
            return self._place(rect, sources)
        wanted = QRectF(rect)
        wanted.moveTopLeft(point - held)
        return free_spot(wanted, self._boxes())

    def _place(self, rect: QRectF, sources: tuple[str, ...]) -> QPointF:
        boxes = self._boxes()
        if sources:
            above = self._canvas.design_scene.bounds(sources)
            return spot_below(above, rect.width(), rect.height(), boxes)
        wanted = QRectF(rect)
        wanted.moveCenter(self._canvas.camera.centre)
        return free_spot(wanted, boxes)

    def _boxes(self) -> list[QRectF]:
        return [item.box for item in self._canvas.design_scene.nodes.values()]

    def _uncovered(self, rect: QRectF, offset: Position) -> Position:
        """The offset, further on where a node already lies exactly there, as after pasting twice."""
        corners = {(item.x(), item.y()) for item in self._canvas.design_scene.nodes.values()}
        while (rect.left() + offset[0], rect.top() + offset[1]) in corners:
            offset = offset[0] + _PASTE_OFFSET, offset[1] + _PASTE_OFFSET
        return offset


def _fits_in_wire(layer: AnyLayer) -> bool:
    return layer.maximum_inputs != 0 and not layer.is_exit


def _is_insertable(data: QMimeData) -> bool:
    try:
        payload = read_payload(bytes(data.data(LAYER_MIME).data()))
    except EditError:
        return False
    return _splice_of(payload.nodes) is not None if payload.layer is None else _fits_in_wire(payload.layer)


def _splice_of(nodes: tuple[Node, ...]) -> additions.Splice | None:
    return additions.splice_of(Design(nodes=nodes), [node.id for node in nodes])


def _end(box: QRectF, is_down: bool) -> float:
    return box.bottom() if is_down else box.right()


def _at(node: Node, position: Position) -> Node:
    return msgspec.structs.replace(node, position=position)
