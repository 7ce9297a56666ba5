"""Edits: pure functions from one design to the next.

Each returns a new design or raises `EditError` with a sentence that says why not; nothing is changed in place, and
nodes that an edit does not touch are the same objects afterwards.
"""

import math
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from onebyone.design import MAX_GROUPS, MAX_NODES, Design, Direction, Group, Node, Position, is_valid_id
from onebyone.errors import EditError
from onebyone.grouping import Grouping, without_empty
from onebyone.layers.fields import changed_layer, checked_layer
from onebyone.text import NAME_LENGTH, clean_line, clean_notes

_LARGEST_COORDINATE = 1e6


def unused_id(design: Design, base: str) -> str:
    """`base` if no node or group has it, otherwise with the first free number behind it: conv, conv_2, conv_3."""
    taken = {node.id for node in design.nodes} | {group.id for group in design.groups}
    return _free_id(taken, base)


def known_ids(design: Design, ids: Iterable[str]) -> set[str]:
    """The ids as a set, once all of them are nodes of the design.

    Raises:
        EditError: One of them is not.
    """
    chosen = set(ids)
    unknown = chosen - {node.id for node in design.nodes}
    if unknown:
        raise EditError(f"There is no node '{min(unknown)}' in the design.")
    return chosen


def add(design: Design, node: Node) -> Design:
    """The design with one more node, at the end."""
    return _with_nodes(design, (*design.nodes, _checked_new_node(design, node)))


def remove(design: Design, ids: Iterable[str]) -> Design:
    """The design without these nodes, every wire that touches them, and the groups that become empty."""
    gone = known_ids(design, ids)
    kept = []
    for node in design.nodes:
        if node.id in gone:
            continue
        inputs = node.inputs
        if not gone.isdisjoint(inputs):
            inputs = tuple(source for source in inputs if source not in gone)
        kept.append(node if inputs is node.inputs else msgspec.structs.replace(node, inputs=inputs))
    groups = design.groups
    if any(not gone.isdisjoint(group.nodes) for group in groups):
        groups = without_empty(
            msgspec.structs.replace(group, nodes=tuple(n for n in group.nodes if n not in gone)) for group in groups
        )
    return msgspec.structs.replace(design, nodes=tuple(kept), groups=groups)


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
        return _replaced(design, msgspec.structs.replace(node, inputs=(source,)))
    place = len(node.inputs) if index is None else min(max(index, 0), len(node.inputs))
    inputs = (*node.inputs[:place], source, *node.inputs[place:])
    return _replaced(design, msgspec.structs.replace(node, inputs=inputs))


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
    found: set[str] = set()
    waiting = list(nodes[start].inputs)
    while waiting:
        node_id = waiting.pop()
        if node_id not in found and node_id in nodes:
            found.add(node_id)
            waiting.extend(nodes[node_id].inputs)
    return found


def disconnect(design: Design, target: str, index: int) -> Design:
    """The design without input number `index` of `target`."""
    node = _node(design, target)
    _require_wire(node, index)
    return _replaced(design, msgspec.structs.replace(node, inputs=node.inputs[:index] + node.inputs[index + 1 :]))


def reconnect(design: Design, target: str, index: int, source: str) -> Design:
    """The design with input number `index` of `target` coming from another source."""
    node = _node(design, target)
    _require_wire(node, index)
    refuse_impossible_wire(design.nodes_by_id(), source, target)
    return _replaced(
        design, msgspec.structs.replace(node, inputs=(*node.inputs[:index], source, *node.inputs[index + 1 :]))
    )


def rewire(design: Design, target: str, index: int, new_target: str, new_index: int | None = None) -> Design:
    """The design with a wire's end pulled from one node to another."""
    source = _wire_source(_node(design, target), index)
    return connect(disconnect(design, target, index), source, new_target, new_index)


def insert_on_wire(design: Design, node: Node, target: str, index: int) -> Design:
    """The design with a new node in the middle of a wire: source → node → target."""
    if node.layer.maximum_inputs == 0 or node.layer.is_exit:
        raise EditError(f"{node.layer.label} cannot stand in the middle of a wire.")
    source = _wire_source(_node(design, target), index)
    added = add(design, msgspec.structs.replace(node, inputs=(source,)))
    return reconnect(added, target, index, node.id)


def set_fields(design: Design, node_id: str, changes: Mapping[str, Any]) -> Design:
    """The design with new values in the fields of one node's layer."""
    node = _node(design, node_id)
    layer = changed_layer(node.layer, dict(changes))
    return design if layer == node.layer else _replaced(design, msgspec.structs.replace(node, layer=layer))


def set_bypassed(design: Design, ids: Iterable[str], bypassed: bool) -> Design:
    """The design with these nodes bypassed, so that their inputs pass through them, or active again."""
    chosen = known_ids(design, ids)
    nodes = []
    for node in design.nodes:
        if node.id not in chosen or node.bypassed == bypassed:
            nodes.append(node)
            continue
        if bypassed and not node.layer.can_be_bypassed:
            raise EditError(
                f"{node.layer.label} '{node.name}' cannot be bypassed; only a layer can whose one input could stand"
                " in for its result."
            )
        nodes.append(msgspec.structs.replace(node, bypassed=bypassed))
    return msgspec.structs.replace(design, nodes=tuple(nodes))


def rename(design: Design, node_id: str, new_id: str) -> Design:
    """The design with another id for a node, in its wires and groups too."""
    node = _node(design, node_id)
    if new_id == node_id:
        return design
    _require_id(design, new_id)

    def renamed(ids: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(new_id if name == node_id else name for name in ids) if node_id in ids else ids

    nodes = []
    for other in design.nodes:
        if other is node:
            nodes.append(msgspec.structs.replace(other, id=new_id, inputs=renamed(other.inputs)))
        elif node_id in other.inputs:
            nodes.append(msgspec.structs.replace(other, inputs=renamed(other.inputs)))
        else:
            nodes.append(other)
    groups = tuple(
        msgspec.structs.replace(group, nodes=renamed(group.nodes)) if node_id in group.nodes else group
        for group in design.groups
    )
    return msgspec.structs.replace(design, nodes=tuple(nodes), groups=groups)


def retitle(design: Design, node_id: str, title: str) -> Design:
    """The design with another title on a node; an empty one shows the id again."""
    node = _node(design, node_id)
    cleaned = clean_line(title)
    cleaned = "" if cleaned == node.id else cleaned
    return design if cleaned == node.title else _replaced(design, msgspec.structs.replace(node, title=cleaned))


def set_name(design: Design, name: str) -> Design:
    """The design with another name."""
    return msgspec.structs.replace(design, name=clean_line(name, NAME_LENGTH))


def set_notes(design: Design, notes: str) -> Design:
    """The design with other notes."""
    return msgspec.structs.replace(design, notes=clean_notes(notes))


def move(design: Design, positions: Mapping[str, Position]) -> Design:
    """The design with nodes at new positions (scene units, top left)."""
    known_ids(design, positions)
    nodes = []
    for node in design.nodes:
        position = positions.get(node.id)
        if position is None or position == node.position:
            nodes.append(node)
        else:
            nodes.append(msgspec.structs.replace(node, position=_checked_position(position)))
    return msgspec.structs.replace(design, nodes=tuple(nodes))


def set_direction(design: Design, direction: Direction, positions: Mapping[str, Position]) -> Design:
    """The design with its results flowing down or to the right, and its nodes placed for it."""
    return msgspec.structs.replace(move(design, positions), direction=direction)


def paste(design: Design, nodes: Iterable[Node], offset: Position = (0.0, 0.0), groups: Iterable[Group] = ()) -> Design:
    """The design with copies of nodes and groups under free ids, at the end, in the order they are given.

    Wires among the nodes are kept, wires from outside dropped; a group keeps the members that are pasted with it.
    """
    copies, framed = list(nodes), list(groups)
    if len(design.nodes) + len(copies) > MAX_NODES:
        raise EditError(f"A design holds at most {MAX_NODES:,} nodes.")
    if len(design.groups) + len(framed) > MAX_GROUPS:
        raise EditError(f"A design holds at most {MAX_GROUPS:,} groups.")
    taken = {node.id for node in design.nodes} | {group.id for group in design.groups}
    names: dict[str, str] = {}
    for name in [node.id for node in copies] + [group.id for group in framed]:
        names[name] = _free_id(taken, name)
        taken.add(names[name])
    pasted = []
    for node in copies:
        position = node.position
        if position is not None:
            position = _checked_position((position[0] + offset[0], position[1] + offset[1]))
        inputs = tuple(names[source] for source in node.inputs if source in names)
        checked_layer(node.layer)
        pasted.append(msgspec.structs.replace(node, id=names[node.id], inputs=inputs, position=position))
    result = msgspec.structs.replace(design, nodes=design.nodes + tuple(pasted))
    if not framed:
        return result
    copied = without_empty(_renamed_group(group, names) for group in framed)
    return msgspec.structs.replace(result, groups=design.groups + copied)


def _renamed_group(group: Group, names: Mapping[str, str]) -> Group:
    return msgspec.structs.replace(
        group,
        id=names[group.id],
        nodes=tuple(names[name] for name in group.nodes if name in names),
        groups=tuple(names[name] for name in group.groups if name in names),
    )


def duplicate(design: Design, ids: Iterable[str], offset: Position = (24.0, 24.0)) -> Design:
    """The design with copies of these nodes; the copies keep the wires that come from nodes outside.

    Groups that are chosen as a whole are copied too; other copies are in the groups of their originals.
    """
    chosen = known_ids(design, ids)
    originals = [node for node in design.nodes if node.id in chosen]
    whole = set(Grouping(design).whole_groups(chosen)) if design.groups else set()
    framed = [group for group in design.groups if group.id in whole]
    result = paste(design, originals, offset, framed)
    copies = result.nodes[len(design.nodes) :]
    names = {node.id: copy.id for node, copy in zip(originals, copies, strict=True)}
    wired = tuple(
        msgspec.structs.replace(copy, inputs=tuple(names.get(source, source) for source in node.inputs))
        for node, copy in zip(originals, copies, strict=True)
    )
    # Empty groups are never whole, so every one that was given has its copy.
    frames = result.groups[len(design.groups) :]
    names |= {group.id: copy.id for group, copy in zip(framed, frames, strict=True)}
    grown = tuple(group if group.id in whole else _with_copies(group, names) for group in design.groups)
    return msgspec.structs.replace(result, nodes=design.nodes + wired, groups=grown + frames)


def _with_copies(group: Group, names: Mapping[str, str]) -> Group:
    nodes = tuple(names[name] for name in group.nodes if name in names)
    groups = tuple(names[name] for name in group.groups if name in names)
    if not nodes and not groups:
        return group
    return msgspec.structs.replace(group, nodes=group.nodes + nodes, groups=group.groups + groups)


def _replaced(design: Design, new: Node) -> Design:
    nodes = tuple(new if node.id == new.id else node for node in design.nodes)
    return msgspec.structs.replace(design, nodes=nodes)


def _with_nodes(design: Design, nodes: tuple[Node, ...]) -> Design:
    if len(nodes) > MAX_NODES:
        raise EditError(f"A design holds at most {MAX_NODES:,} nodes.")
    return msgspec.structs.replace(design, nodes=nodes)


def _node(design: Design, node_id: str) -> Node:
    try:
        return design.node(node_id)
    except KeyError:
        raise EditError(f"There is no node '{node_id}' in the design.") from None


def _free_id(taken: set[str], base: str) -> str:
    if base not in taken:
        return base
    stem, _, tail = base.rpartition("_")
    root = stem if stem and tail.isdecimal() else base
    number = 2
    while (name := f"{root[: 62 - len(str(number))]}_{number}") in taken:
        number += 1
    return name


def _checked_new_node(design: Design, node: Node) -> Node:
    _require_id(design, node.id)
    checked_layer(node.layer)
    position = None if node.position is None else _checked_position(node.position)
    return msgspec.structs.replace(node, title=clean_line(node.title), position=position)


def _require_id(design: Design, node_id: str) -> None:
    if not is_valid_id(node_id):
        raise EditError(
            f"{node_id[:70]!r} cannot be an id: it needs a letter, then letters, digits or underscores,"
            " 64 at most, and no Python keyword."
        )
    if any(node.id == node_id for node in design.nodes) or any(group.id == node_id for group in design.groups):
        raise EditError(f"There is already a node '{node_id}'; choose another id.")


def _require_wire(node: Node, index: int) -> None:
    if not 0 <= index < len(node.inputs):
        raise EditError(f"'{node.name}' has no input number {index + 1}.")


def _wire_source(node: Node, index: int) -> str:
    _require_wire(node, index)
    return node.inputs[index]


def _checked_position(position: Position) -> Position:
    if not all(math.isfinite(value) and abs(value) <= _LARGEST_COORDINATE for value in position):
        raise EditError("A node cannot be placed that far out.")
    return position
