"""Edits that change many wires at once: pure functions from one design to the next."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

import msgspec

from onebyone.design import Design, Node
from onebyone.edits.checks import known_ids, node_of, require_wire
from onebyone.edits.nodes import remove
from onebyone.edits.wires import ancestors, reconnect, refuse_impossible_wire
from onebyone.errors import EditError


def dissolve(design: Design, ids: Iterable[str]) -> Design:
    """The design without these nodes, what came into them (their first input) going on to where they led.

    Wires keep their places in the nodes they end at. Where a node had no input, its wires go with it.
    """
    gone = known_ids(design, ids)
    if not gone:
        return design
    sources = _passed_on({node.id: node for node in design.nodes}, gone)
    kept = []
    for node in design.nodes:
        if node.id not in gone and not gone.isdisjoint(node.inputs):
            # A cycle that would shrink to a wire from a node to itself goes altogether.
            inputs = tuple(
                source
                for name in node.inputs
                if (source := sources.get(name, name)) is not None and (source != node.id or name == node.id)
            )
            kept.append(msgspec.structs.replace(node, inputs=inputs))
        else:
            kept.append(node)
    return remove(msgspec.structs.replace(design, nodes=tuple(kept)), gone)


def reorder_inputs(design: Design, node_id: str, from_index: int, to_index: int) -> Design:
    """The design with an input of a node at another place among its inputs."""
    node = node_of(design, node_id)
    for index in (from_index, to_index):
        require_wire(node, index)
    inputs = list(node.inputs)
    inputs.insert(to_index, inputs.pop(from_index))
    return _with_inputs(design, {node_id: tuple(inputs)})


def move_outputs(design: Design, source: str, new_source: str) -> Design:
    """The design with all wires that leave one node leaving another instead."""
    node = node_of(design, source)
    nodes = design.nodes_by_id()
    users = [user for user in design.nodes if source in user.inputs]
    if not users:
        raise EditError(f"No wire leaves '{node.name}'.")
    refuse_impossible_wire(nodes, new_source, users[0].id)
    before = ancestors(nodes, new_source) | {new_source}
    for user in users:
        if user.id in before:
            refuse_impossible_wire(nodes, new_source, user.id)
    return _with_inputs(
        design,
        {user.id: tuple(new_source if name == source else name for name in user.inputs) for user in users},
    )


def disconnect_many(design: Design, wires: Iterable[tuple[str, int]]) -> Design:
    """The design without these wires, each given as its target and the number of the input there."""
    gone: defaultdict[str, set[int]] = defaultdict(set)
    for target, index in wires:
        gone[target].add(index)
    nodes = design.nodes_by_id()
    changed = {}
    for target, indices in gone.items():
        node = nodes.get(target) or node_of(design, target)
        for index in indices:
            require_wire(node, index)
        changed[target] = tuple(source for index, source in enumerate(node.inputs) if index not in indices)
    return _with_inputs(design, changed)


def insert_existing_on_wire(design: Design, node_id: str, target: str, index: int) -> Design:
    """The design with one of its nodes in the middle of a wire: source → node → target.

    Other wires of the node stay, but its first input now comes from the wire.
    """
    node, end = node_of(design, node_id), node_of(design, target)
    if node.layer.maximum_inputs == 0 or node.layer.is_exit:
        raise EditError(f"{node.layer.label} cannot stand in the middle of a wire.")
    require_wire(end, index)
    source = end.inputs[index]
    if node_id in (source, target):
        raise EditError(f"'{node.name}' is already an end of this wire.")
    refuse_impossible_wire(design.nodes_by_id(), source, node_id)
    fed = _with_inputs(design, {node_id: (source, *node.inputs[1:])})
    return reconnect(fed, target, index, node_id)


def _passed_on(nodes: Mapping[str, Node], gone: Collection[str]) -> dict[str, str | None]:
    """What stands for the result of each node in `gone`: the first node before it that stays, or nothing."""
    found: dict[str, str | None] = {}
    for start in gone:
        trail: list[str] = []
        on_trail: set[str] = set()
        name: str | None = start
        while name is not None and name in gone and name not in found:
            if name in on_trail:
                name = None
                break
            trail.append(name)
            on_trail.add(name)
            name = nodes[name].inputs[0] if nodes[name].inputs else None
        end = found[name] if name is not None and name in found else name
        found.update(dict.fromkeys(trail, end))
    return found


def _with_inputs(design: Design, changed: Mapping[str, tuple[str, ...]]) -> Design:
    nodes = tuple(
        msgspec.structs.replace(node, inputs=changed[node.id])
        if changed.get(node.id, node.inputs) != node.inputs
        else node
        for node in design.nodes
    )
    return msgspec.structs.replace(design, nodes=nodes)
