"""Edits of single nodes, and of the design's own name and notes."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from onebyone.design import MAX_NODES, Design, Direction, Node, Position
from onebyone.edits.checks import checked_position, known_ids, node_of, require_id, with_node
from onebyone.errors import EditError
from onebyone.grouping import without_empty
from onebyone.layers.fields import changed_layer, checked_layer
from onebyone.text import NAME_LENGTH, clean_line, clean_notes


def add(design: Design, node: Node) -> Design:
    """The design with one more node, at the end."""
    if len(design.nodes) >= MAX_NODES:
        raise EditError(f"A design holds at most {MAX_NODES:,} nodes.")
    return msgspec.structs.replace(design, nodes=(*design.nodes, _checked_new_node(design, node)))


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


def set_fields(design: Design, node_id: str, changes: Mapping[str, Any]) -> Design:
    """The design with new values in the fields of one node's layer."""
    node = node_of(design, node_id)
    layer = changed_layer(node.layer, dict(changes))
    return design if layer == node.layer else with_node(design, msgspec.structs.replace(node, layer=layer))


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
    node = node_of(design, node_id)
    if new_id == node_id:
        return design
    require_id(design, new_id)

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
    node = node_of(design, node_id)
    cleaned = clean_line(title)
    cleaned = "" if cleaned == node.id else cleaned
    return design if cleaned == node.title else with_node(design, msgspec.structs.replace(node, title=cleaned))


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
            nodes.append(msgspec.structs.replace(node, position=checked_position(position)))
    return msgspec.structs.replace(design, nodes=tuple(nodes))


def set_direction(design: Design, direction: Direction, positions: Mapping[str, Position]) -> Design:
    """The design with its results flowing down or to the right, and its nodes placed for it."""
    return msgspec.structs.replace(move(design, positions), direction=direction)


def _checked_new_node(design: Design, node: Node) -> Node:
    require_id(design, node.id)
    checked_layer(node.layer)
    position = None if node.position is None else checked_position(node.position)
    return msgspec.structs.replace(node, title=clean_line(node.title), position=position)
