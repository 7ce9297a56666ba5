"""Edits that the canvas puts together from the engine's: each is one undo step."""

from collections import defaultdict
from collections.abc import Iterable

import msgspec

from onebyone import edits
from onebyone.design import Design, Node, Position
from onebyone.errors import EditError


def add_after(design: Design, node: Node, sources: Iterable[str] = ()) -> Design:
    """The design with a new node, fed by these nodes where all of it allows."""
    design = edits.add(design, node)
    for source in sources:
        design = _fed(design, source, (node.id,))
    return design


def add_module(design: Design, nodes: tuple[Node, ...], offset: Position, source: str | None) -> Design:
    """The design with copies of a module's nodes; `source` feeds those that still need an input."""
    result = edits.paste(design, nodes, offset)
    copies = result.nodes[len(design.nodes) :]
    waiting = (copy.id for copy in copies if len(copy.inputs) < copy.layer.minimum_inputs)
    return _fed(result, source, waiting)


def delete(design: Design, ids: Iterable[str], wires: Iterable[tuple[str, int]]) -> Design:
    """The design without these nodes and these wires, given as target and input number."""
    gone: defaultdict[str, set[int]] = defaultdict(set)
    for target, index in wires:
        gone[target].add(index)
    if gone:
        kept = tuple(
            msgspec.structs.replace(
                node, inputs=tuple(name for index, name in enumerate(node.inputs) if index not in gone[node.id])
            )
            if node.id in gone
            else node
            for node in design.nodes
        )
        design = msgspec.structs.replace(design, nodes=kept)
    return edits.remove(design, ids)


def can_feed(design: Design, source: str) -> bool:
    """Whether a node has a result that another could take."""
    try:
        return design.node(source).layer.kind != "output"
    except KeyError:
        return False


def is_possible(design: Design, source: str, target: str) -> bool:
    """Whether a wire from one node to another could be right."""
    try:
        edits.refuse_impossible_wire(design.nodes_by_id(), source, target)
    except EditError:
        return False
    return True


def _fed(design: Design, source: str | None, targets: Iterable[str]) -> Design:
    if source is None:
        return design
    for target in targets:
        if is_possible(design, source, target):
            design = edits.connect(design, source, target)
    return design
