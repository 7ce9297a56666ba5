"""Edits that narrow and widen: reductions, projections, bottlenecks, and the naive twin of a module.

Source: Szegedy et al., Going Deeper with Convolutions, 2014, figure 2; He et al., Deep Residual Learning, 2015,
    figure 5.
"""

from collections.abc import Iterable

import msgspec

from onebyone import edits
from onebyone.analysis import Analysis, analyze
from onebyone.design import Design, Node, Position
from onebyone.edits import groups as group_edits
from onebyone.edits.rewiring import dissolve
from onebyone.errors import EditError
from onebyone.grouping import Grouping
from onebyone.layers import Conv2d
from onebyone.layers.convolution import as_conv2d, largest_divisor
from onebyone.pointwise.counterfactual import mixes_channels, role_of

# A row of the layout, as large as boxes and the gap between them.
_ROW = 104.0


def insert_reduction(design: Design, node_id: str, width: int) -> Design:
    """The design with a 1×1 to `width` channels in front of a convolution with a larger kernel.

    It has the bias, norm and activation of the convolution.
    """
    node, layer = _larger(design, node_id)
    if not node.inputs:
        raise EditError(f"'{node.name}' has no input yet; wire it first.")
    name = edits.unused_id(design, f"reduce_{node_id}"[:60])
    return _between(design, Node(name, _pointwise(layer, width)), node, node_id)


def insert_projection(design: Design, node_id: str, width: int) -> Design:
    """The design with a 1×1 to `width` channels behind a pool; everything that read the pool reads it."""
    node = edits.node_of(design, node_id)
    if not node.layer.is_pool:
        raise EditError(f"'{node.name}' is no max or average pool; a projection stands behind one.")
    users = [user for user in design.nodes if node_id in user.inputs]
    if not users:
        raise EditError(f"Nothing reads '{node.name}' yet; wire it first.")
    like = next((found for each in design.nodes if (found := as_conv2d(each.layer))), Conv2d(width))
    name = edits.unused_id(design, f"{node_id}_proj"[:60])
    first = min(users, key=lambda user: _along(design, user) or 0.0)
    placed, new = _placed(design, Node(name, _pointwise(like, width), inputs=(node_id,)), node, first)
    return _grouped(_taking_over(placed, new, node_id), node_id, name)


def to_bottleneck(design: Design, node_id: str, width: int) -> Design:
    """The design with a convolution turned into 1×1 – k×k – 1×1: narrow inside, as wide outside as before."""
    node, layer = _larger(design, node_id)
    if layer.groups != 1:
        raise EditError(
            f"'{node.name}' works in {layer.groups} groups; only a convolution over all channels is narrowed."
        )
    outer = layer.out_channels
    made = insert_reduction(design, node_id, width)
    made = edits.set_fields(made, node_id, {"out_channels": width})
    users = [user for user in made.nodes if node_id in user.inputs]
    name = edits.unused_id(made, f"expand_{node_id}"[:60])
    expand = Node(name, _pointwise(layer, outer), inputs=(node_id,))
    after = min(users, key=lambda user: _along(made, user) or 0.0) if users else None
    placed, expand = _placed(made, expand, made.node(node_id), after)
    return _grouped(_taking_over(placed, expand, node_id), node_id, name)


def remove_pointwise(design: Design, node_id: str) -> Design:
    """The design without a 1×1, what it read going on to where it led."""
    node = edits.node_of(design, node_id)
    if not mixes_channels(node):
        raise EditError(f"'{node.name}' is no 1×1 convolution.")
    return dissolve(design, [node_id])


def naive_twin(design: Design, ids: Iterable[str] = ()) -> Design:
    """The design without the reductions before larger kernels and the projections behind pools.

    Args:
        design: The design.
        ids: The nodes of the module; all nodes unless said.

    Raises:
        EditError: There are none.
    """
    analysis = analyze(design)
    chosen = set(ids) or {node.id for node in design.nodes}
    gone = [node.id for node in design.nodes if node.id in chosen and _is_saving(analysis, node.id)]
    if not gone:
        raise EditError("There is no reduction before a larger kernel and no projection behind a pool to leave out.")
    return msgspec.structs.replace(dissolve(design, gone), name=f"{design.name or 'Untitled'} naive")


def has_naive_twin(analysis: Analysis, ids: Iterable[str]) -> bool:
    """Whether some of these nodes are reductions or projections."""
    return any(_is_saving(analysis, name) for name in ids)


def proposed_projection(analysis: Analysis, node_id: str) -> int | None:
    """A width for a projection behind a pool: a quarter of its channels, in steps of 16 from 16 on."""
    node, found = analysis.design_nodes.get(node_id), analysis.nodes.get(node_id)
    if node is None or found is None or found.shape is None or not node.layer.is_pool:
        return None
    width = max(found.shape[0] // 4, 1)
    return width // 16 * 16 if width >= 16 else width


def _is_saving(analysis: Analysis, node_id: str) -> bool:
    window = analysis.node(node_id).layer.window
    is_plain = window is not None and window.stride == (1, 1)
    return is_plain and role_of(analysis, node_id) in ("reduction", "projection")


def _pointwise(like: Conv2d, width: int) -> Conv2d:
    groups = largest_divisor(width, like.norm_groups)
    return Conv2d(
        width,
        bias=like.bias,
        norm=like.norm,
        activation=like.activation,
        norm_eps=like.norm_eps,
        norm_groups=groups if like.norm == "group" else like.norm_groups,
    )


def _larger(design: Design, node_id: str) -> tuple[Node, Conv2d]:
    node = edits.node_of(design, node_id)
    layer = as_conv2d(node.layer)
    if layer is None or layer.is_pointwise:
        raise EditError(f"'{node.name}' is no convolution with a kernel larger than 1×1.")
    return node, layer


def _between(design: Design, new: Node, target: Node, group_of: str) -> Design:
    """The design with a node on the only input of another, and room for it."""
    source = design.nodes_by_id().get(target.inputs[0])
    placed, new = _placed(design, new, source, target)
    return _grouped(edits.insert_on_wire(placed, new, target.id, 0), group_of, new.id)


def _taking_over(design: Design, new: Node, source: str) -> Design:
    """The design with a new node behind `source`, read by all that read `source`."""
    users = {node.id for node in design.nodes if source in node.inputs}
    nodes = tuple(
        msgspec.structs.replace(node, inputs=tuple(new.id if name == source else name for name in node.inputs))
        if node.id in users
        else node
        for node in design.nodes
    )
    return edits.add(msgspec.structs.replace(design, nodes=nodes), new)


def _placed(design: Design, new: Node, before: Node | None, after: Node | None) -> tuple[Design, Node]:
    """A new node where `after` is, in line with the node it serves, and all from there on moved one row along."""
    column = before if new.inputs else after
    if after is None:
        position = None if before is None or before.position is None else _moved(design, before.position, _ROW)
        return design, msgspec.structs.replace(new, position=position)
    start = _along(design, after)
    if start is None or column is None or column.position is None or after.position is None:
        return design, new
    across = column.position[1] if design.direction == "right" else column.position[0]
    position = (start, across) if design.direction == "right" else (across, start)
    shifted = {
        node.id: _moved(design, node.position, _ROW)
        for node in design.nodes
        if node.position is not None and (along := _along(design, node)) is not None and along >= start
    }
    return edits.move(design, shifted), msgspec.structs.replace(new, position=position)


def _along(design: Design, node: Node) -> float | None:
    if node.position is None:
        return None
    return node.position[0] if design.direction == "right" else node.position[1]


def _moved(design: Design, position: Position, by: float) -> Position:
    x, y = position
    return (x + by, y) if design.direction == "right" else (x, y + by)


def _grouped(design: Design, like: str, new: str) -> Design:
    """The design with a new node in the group of another."""
    home = Grouping(design).parent(like)
    return design if home is None else group_edits.add_to_group(design, home, [new])
