"""Edits that add copies: of what is in the design, or of what comes from elsewhere."""

from collections.abc import Iterable, Mapping

import msgspec

from onebyone.design import MAX_GROUPS, MAX_NODES, Design, Group, Node, Position
from onebyone.edits.checks import checked_position, free_id, known_ids
from onebyone.errors import EditError
from onebyone.grouping import Grouping, without_empty
from onebyone.layers.fields import checked_layer


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
        names[name] = free_id(taken, name)
        taken.add(names[name])
    pasted = []
    for node in copies:
        position = node.position
        if position is not None:
            position = checked_position((position[0] + offset[0], position[1] + offset[1]))
        inputs = tuple(names[source] for source in node.inputs if source in names)
        checked_layer(node.layer)
        pasted.append(msgspec.structs.replace(node, id=names[node.id], inputs=inputs, position=position))
    result = msgspec.structs.replace(design, nodes=design.nodes + tuple(pasted))
    if not framed:
        return result
    copied = without_empty(_renamed_group(group, names) for group in framed)
    return msgspec.structs.replace(result, groups=design.groups + copied)


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


def _renamed_group(group: Group, names: Mapping[str, str]) -> Group:
    return msgspec.structs.replace(
        group,
        id=names[group.id],
        nodes=tuple(names[name] for name in group.nodes if name in names),
        groups=tuple(names[name] for name in group.groups if name in names),
    )


def _with_copies(group: Group, names: Mapping[str, str]) -> Group:
    nodes = tuple(names[name] for name in group.nodes if name in names)
    groups = tuple(names[name] for name in group.groups if name in names)
    if not nodes and not groups:
        return group
    return msgspec.structs.replace(group, nodes=group.nodes + nodes, groups=group.groups + groups)
