"""Edits that mend problems; each fix of a problem is one of these or of `onebyone.edits`."""

import msgspec

from onebyone.design import Design, Node, Position
from onebyone.edits.checks import node_of, require_wire, unused_id
from onebyone.edits.nodes import add
from onebyone.edits.wires import connect, insert_on_wire
from onebyone.layers import AnyLayer, Conv2d, Input, Output

# Node boxes are about this large; used to place a new node beside or between others.
_ROW = 110.0


def keep_inputs(design: Design, target: str, count: int) -> Design:
    """The design with only the first `count` wires that end at `target`."""
    nodes = tuple(
        msgspec.structs.replace(node, inputs=node.inputs[:count]) if node.id == target else node
        for node in design.nodes
    )
    return msgspec.structs.replace(design, nodes=nodes)


def add_output_after(design: Design, source: str) -> Design:
    """The design with a new output behind `source`."""
    after = node_of(design, source)
    node = Node(unused_id(design, "output"), Output(), position=_below(after, 1))
    return connect(add(design, node), source, node.id)


def add_input_before(design: Design, targets: tuple[str, ...]) -> Design:
    """The design with a new input (192×28×28, as in the palette), wired to every one of `targets`."""
    first = node_of(design, targets[0]) if targets else None
    node = Node(unused_id(design, "input"), Input(192, 28, 28), position=_below(first, -1))
    result = add(design, node)
    for target in targets:
        result = connect(result, node.id, target)
    return result


def insert_projection(design: Design, target: str, index: int, channels: int) -> Design:
    """The design with a 1×1 convolution to `channels` channels on input number `index` of `target`."""
    return insert_layer(design, target, index, Conv2d(channels), "projection")


def insert_layer(design: Design, target: str, index: int, layer: AnyLayer, base: str) -> Design:
    """The design with a new layer on input number `index` of `target`, placed in the middle of the wire."""
    after = node_of(design, target)
    require_wire(after, index)
    position = _between(node_of(design, after.inputs[index]), after)
    return insert_on_wire(design, Node(unused_id(design, base), layer, position=position), target, index)


def _below(node: Node | None, rows: int) -> Position | None:
    if node is None or node.position is None:
        return None
    return node.position[0], node.position[1] + rows * _ROW


def _between(before: Node, after: Node) -> Position | None:
    if before.position is None or after.position is None:
        return None
    return (before.position[0] + after.position[0]) / 2, (before.position[1] + after.position[1]) / 2
