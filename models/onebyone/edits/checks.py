"""What edits ask before they change anything; every refusal is a sentence."""

import math
from collections.abc import Iterable

import msgspec

from onebyone.design import MAX_COORDINATE, Design, Node, Position, is_valid_id
from onebyone.errors import EditError


def node_of(design: Design, node_id: str) -> Node:
    """The node with this id.

    Raises:
        EditError: There is none.
    """
    try:
        return design.node(node_id)
    except KeyError:
        raise EditError(f"There is no node '{node_id}' in the design.") from None


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


def require_wire(node: Node, index: int) -> None:
    """Refuses a wire that a node does not have.

    Raises:
        EditError: It has no input of that number.
    """
    if not 0 <= index < len(node.inputs):
        raise EditError(f"'{node.name}' has no input number {index + 1}.")


def wire_source(node: Node, index: int) -> str:
    """The id of the node that input number `index` comes from."""
    require_wire(node, index)
    return node.inputs[index]


def require_id(design: Design, node_id: str) -> None:
    """Refuses an id that is malformed or taken.

    Raises:
        EditError: It is.
    """
    if not is_valid_id(node_id):
        raise EditError(
            f"{node_id[:70]!r} cannot be an id: it needs a letter, then letters, digits or underscores,"
            " 64 at most, and no Python keyword."
        )
    if any(node.id == node_id for node in design.nodes) or any(group.id == node_id for group in design.groups):
        raise EditError(f"There is already a node '{node_id}'; choose another id.")


def unused_id(design: Design, base: str) -> str:
    """`base` if no node or group has it, otherwise with the first free number behind it: conv, conv_2, conv_3."""
    taken = {node.id for node in design.nodes} | {group.id for group in design.groups}
    return free_id(taken, base)


def free_id(taken: set[str], base: str) -> str:
    """`base` if it is not taken, otherwise with the first free number behind it."""
    if base not in taken:
        return base
    stem, _, tail = base.rpartition("_")
    root = stem if stem and tail.isdecimal() else base
    number = 2
    while (name := f"{root[: 62 - len(str(number))]}_{number}") in taken:
        number += 1
    return name


def checked_position(position: Position) -> Position:
    """The position itself, unless it is too far out.

    Raises:
        EditError: It is.
    """
    if not all(math.isfinite(value) and abs(value) <= MAX_COORDINATE for value in position):
        raise EditError("A node cannot be placed that far out.")
    return position


def with_node(design: Design, new: Node) -> Design:
    """The design with a node in place of the one of the same id."""
    nodes = tuple(new if node.id == new.id else node for node in design.nodes)
    return msgspec.structs.replace(design, nodes=nodes)
