"""Edits of single wires."""

from collections.abc import Iterable, Mapping

import msgspec

from onebyone.design import Design, Node
from onebyone.edits.checks import node_of, require_wire, wire_source, with_node
from onebyone.edits.nodes import add
from onebyone.errors import EditError
from onebyone.reach import reached

#: A wire: the node it ends at, and the number of the input there.
WireKey = tuple[str, int]


def connect(design: Design, source: str, target: str, index: int | None = None) -> Design:
    """The design with a wire from `source` to `target`, as input number `index` or as the last.

    Where the target takes a single input that is already wired, the new wire replaces the old one.
    """
    nodes = design.nodes_by_id()
    refuse_impossible_wire(nodes, source, target)
    node = nodes[target]
    most = node.layer.maximum_inputs
    if most is not None and len(node.inputs) >= most:
        if most > 1:
            raise EditError(f"'{node.name}' takes {most} inputs, and all are wired; disconnect one first.")
        return with_node(design, msgspec.structs.replace(node, inputs=(source,)))
    place = len(node.inputs) if index is None else min(max(index, 0), len(node.inputs))
    inputs = (*node.inputs[:place], source, *node.inputs[place:])
    return with_node(design, msgspec.structs.replace(node, inputs=inputs))


def disconnect(design: Design, target: str, index: int) -> Design:
    """The design without input number `index` of `target`."""
    node = node_of(design, target)
    require_wire(node, index)
    return with_node(design, msgspec.structs.replace(node, inputs=node.inputs[:index] + node.inputs[index + 1 :]))


def reconnect(design: Design, target: str, index: int, source: str) -> Design:
    """The design with input number `index` of `target` coming from another source."""
    node = node_of(design, target)
    require_wire(node, index)
    refuse_impossible_wire(design.nodes_by_id(), source, target)
    return with_node(
        design, msgspec.structs.replace(node, inputs=(*node.inputs[:index], source, *node.inputs[index + 1 :]))
    )


def rewire(design: Design, target: str, index: int, new_target: str, new_index: int | None = None) -> Design:
    """The design with a wire's end pulled from one node to another."""
    source = wire_source(node_of(design, target), index)
    return connect(disconnect(design, target, index), source, new_target, new_index)


def insert_on_wire(design: Design, node: Node, target: str, index: int) -> Design:
    """The design with a new node in the middle of a wire: source → node → target."""
    if node.layer.maximum_inputs == 0 or node.layer.is_exit:
        raise EditError(f"{node.layer.label} cannot stand in the middle of a wire.")
    source = wire_source(node_of(design, target), index)
    added = add(design, msgspec.structs.replace(node, inputs=(source,)))
    return reconnect(added, target, index, node.id)


def refuse_impossible_wire(nodes: Mapping[str, Node], source: str, target: str) -> None:
    """Raises where a wire from `source` to `target` could never be right.

    Raises:
        EditError: A node is unknown, the target takes no input, the source has no result, or a cycle would close.
    """
    for node_id in (source, target):
        if node_id not in nodes:
            raise EditError(f"There is no node '{node_id}' in the design.")
    if nodes[target].layer.maximum_inputs == 0:
        raise EditError(f"'{nodes[target].name}' is an input of the design; nothing can feed it.")
    if nodes[source].layer.is_exit:
        raise EditError(f"'{nodes[source].name}' is an output of the design; nothing can follow it.")
    if source == target:
        raise EditError(f"'{nodes[source].name}' cannot feed itself.")
    if target in ancestors(nodes, source):
        raise EditError(f"A wire from '{nodes[source].name}' to '{nodes[target].name}' would close a cycle.")


def ancestors(nodes: Mapping[str, Node], start: str) -> set[str]:
    """The ids of all nodes that `start` depends on, itself excluded."""

    def known_inputs(name: str) -> Iterable[str]:
        return (source for source in nodes[name].inputs if source in nodes)

    return reached(known_inputs(start), known_inputs)
