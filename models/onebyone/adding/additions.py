"""Edits that the canvas puts together from the engine's: each is one undo step."""

import math
from collections.abc import Collection, Iterable, Mapping

import msgspec

from onebyone import edits
from onebyone.analysis import analyze
from onebyone.design import Design, Node, Position
from onebyone.edits import rewiring
from onebyone.errors import EditError
from onebyone.gallery import recognition
from onebyone.layout.layered import GRID

_GAP = 48.0


class Splice(msgspec.Struct, frozen=True):
    """How nodes stand in a wire: it feeds the `entries`, and goes on from the `result`."""

    entries: tuple[str, ...]
    result: str


class Room(msgspec.Struct, frozen=True):
    """What nodes in a wire need along the flow: `start` is where they can begin, `depth` how far they reach."""

    start: float
    depth: float


def add_after(design: Design, node: Node, sources: Iterable[str] = ()) -> Design:
    """The design with a new node, fed by these nodes where all of it allows."""
    design = edits.add(design, node)
    for source in sources:
        design = _fed(design, source, (node.id,))
    return design


def add_module(design: Design, nodes: tuple[Node, ...], offset: Position, source: str | None) -> Design:
    """The design with copies of a module's nodes; `source` feeds those that still need an input.

    Numbers of the module that must equal the channels of the source follow it.
    """
    nodes = _fitting(design, nodes, source)
    result = edits.paste(design, nodes, offset)
    copies = result.nodes[len(design.nodes) :]
    waiting = (copy.id for copy in copies if len(copy.inputs) < copy.layer.minimum_inputs)
    return _fed(result, source, waiting)


def _fitting(design: Design, nodes: tuple[Node, ...], source: str | None) -> tuple[Node, ...]:
    """A module's nodes with the numbers that the channels of their source ask for."""
    shape = None if source is None else analyze(design).nodes[source].shape
    return nodes if shape is None else recognition.fitted(nodes, shape[0])


def splice_of(design: Design, ids: Collection[str]) -> Splice | None:
    """How these nodes could stand in a wire; None where they have wires to others, or more than one result."""
    chosen = set(ids)
    inside = [node for node in design.nodes if node.id in chosen]
    outside = (node for node in design.nodes if node.id not in chosen)
    used = {source for node in inside for source in node.inputs}
    if not used <= chosen or any(not chosen.isdisjoint(node.inputs) for node in outside):
        return None
    if any(node.layer.maximum_inputs == 0 or node.layer.is_exit for node in inside):
        return None
    entries = tuple(node.id for node in inside if len(node.inputs) < node.layer.minimum_inputs)
    results = [node.id for node in inside if node.id not in used]
    return Splice(entries, results[0]) if entries and len(results) == 1 else None


def insert_layer(design: Design, node: Node, target: str, index: int, room: Room) -> Design:
    """The design with a new node in a wire, and room for it."""
    return _roomy(edits.insert_on_wire(design, node, target, index), (node.id,), target, room)


def insert_module(
    design: Design, nodes: tuple[Node, ...], offset: Position, target: str, index: int, room: Room
) -> Design:
    """The design with copies of a module's nodes in a wire, and room for them."""
    splice = splice_of(Design(nodes=nodes), [node.id for node in nodes])
    if splice is None:
        raise EditError("It needs one open input and one result to stand in the middle of a wire.")
    nodes = _fitting(design, nodes, design.node(target).inputs[index])
    result = edits.paste(design, nodes, offset)
    copies = [node.id for node in result.nodes[len(design.nodes) :]]
    names = dict(zip((node.id for node in nodes), copies, strict=True))
    renamed = Splice(tuple(names[entry] for entry in splice.entries), names[splice.result])
    return _roomy(_spliced(result, renamed, target, index), copies, target, room)


def move_into_wire(
    design: Design, positions: Mapping[str, Position], splice: Splice, target: str, index: int, room: Room
) -> Design:
    """The design with nodes moved into a wire, and room for them."""
    moved = edits.move(design, positions)
    return _roomy(_spliced(moved, splice, target, index), positions, target, room)


def delete(design: Design, ids: Iterable[str], wires: Iterable[tuple[str, int]]) -> Design:
    """The design without these nodes and these wires, given as target and input number."""
    return edits.remove(rewiring.disconnect_many(design, wires), ids)


def can_feed(design: Design, source: str) -> bool:
    """Whether a node has a result that another could take."""
    try:
        return not design.node(source).layer.is_exit
    except KeyError:
        return False


def is_possible(design: Design, source: str, target: str) -> bool:
    """Whether a wire from one node to another could be right."""
    try:
        edits.refuse_impossible_wire(design.nodes_by_id(), source, target)
    except EditError:
        return False
    return True


def _spliced(design: Design, splice: Splice, target: str, index: int) -> Design:
    if splice.entries == (splice.result,):
        return rewiring.insert_existing_on_wire(design, splice.result, target, index)
    source = design.node(target).inputs[index]
    for entry in splice.entries:
        design = edits.connect(design, source, entry)
    return edits.reconnect(design, target, index, splice.result)


def _roomy(design: Design, ids: Collection[str], target: str, room: Room) -> Design:
    """The design with new nodes in the flow no nearer than a row to what is before them, and what follows moved on."""
    axis = 1 if design.direction == "down" else 0
    places = {node.id: node.position for node in design.nodes if node.position is not None}
    begin = min(places[name][axis] for name in ids)
    follows = places[target][axis] if target in places else -math.inf
    if follows < room.start - _GAP:
        return design
    push = _steps(room.start - begin)
    shift = _steps(begin + push + room.depth + _GAP - follows)
    moved = dict.fromkeys(ids, push)
    moved |= {name: shift for name, at in places.items() if name not in moved and at[axis] >= follows}
    offsets = {name: (by, 0.0) if axis == 0 else (0.0, by) for name, by in moved.items() if by}
    return edits.move(
        design, {name: (places[name][0] + dx, places[name][1] + dy) for name, (dx, dy) in offsets.items()}
    )


def _steps(distance: float) -> float:
    """So many whole steps of the grid as a distance takes; none where it is negative."""
    return max(math.ceil(distance / GRID) * GRID, 0.0)


def _fed(design: Design, source: str | None, targets: Iterable[str]) -> Design:
    if source is None:
        return design
    for target in targets:
        if is_possible(design, source, target):
            design = edits.connect(design, source, target)
    return design
