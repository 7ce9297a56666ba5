"""Merges parallel 1×1 convolutions on one input into one, with a slice for each: the same function in one call.

Source: a 1×1 convolution is a matrix on the channels of a pixel (Lin et al., Network In Network, 2013), so that the
    rows of several stand below each other in one.
"""

from collections.abc import Iterable, Sequence

import msgspec

from onebyone import edits
from onebyone.design import Design, Node
from onebyone.edits import groups as group_edits
from onebyone.errors import EditError
from onebyone.grouping import Grouping
from onebyone.layers import AnyLayer, Slice
from onebyone.layers.convolution import as_conv2d
from onebyone.layers.fields import without_idle_fields
from onebyone.layers.norms import OVER_CHANNELS
from onebyone.pointwise.counterfactual import mixes_channels

#: Softmax works over all channels, so that it would mix what was separate, as some norms do.
_ACROSS_CHANNELS = ("softmax",)
_ROW = 104.0


class Merge(msgspec.Struct, frozen=True):
    """What a merge made: the design before and after, the merged convolution and those it stands for, in order."""

    before: Design
    after: Design
    node: str
    parts: tuple[str, ...]


def parallel_to(design: Design, node_id: str) -> tuple[str, ...]:
    """The 1×1 convolutions that could be merged with one, itself among them; none where it is alone."""
    nodes = design.nodes_by_id()
    node = nodes.get(node_id)
    if node is None or not _can_merge(node):
        return ()
    found = tuple(
        other.id
        for other in design.nodes
        if _can_merge(other) and other.inputs == node.inputs and _settings(other) == _settings(node)
    )
    return found if len(found) > 1 else ()


def merge_parallel(design: Design, ids: Iterable[str]) -> Merge:
    """Merges 1×1 convolutions that read the same result; their slices keep their ids, so that nothing else changes.

    Raises:
        EditError: There are fewer than two, or they differ in more than their width.
    """
    chosen = set(ids)
    parts = [node for node in design.nodes if node.id in chosen]
    _refuse(parts)
    layers = [found for node in parts if (found := as_conv2d(node.layer))]
    first = layers[0]
    total = sum(layer.out_channels for layer in layers)
    name = edits.unused_id(design, "merged_1x1")
    merged = Node(name, msgspec.structs.replace(first, out_channels=total), inputs=parts[0].inputs)
    slices: dict[str, Node] = {}
    start = 0
    for node, layer in zip(parts, layers, strict=True):
        stop = start + layer.out_channels
        slices[node.id] = msgspec.structs.replace(node, layer=Slice(start, stop), inputs=(name,))
        start = stop
    nodes = [slices.get(node.id, node) for node in design.nodes]
    placed, merged = _with_room(msgspec.structs.replace(design, nodes=tuple(nodes)), merged, parts)
    after = edits.add(placed, merged)
    homes = {Grouping(design).parent(node.id) for node in parts}
    home = homes.pop() if len(homes) == 1 else None
    if home is not None:
        after = group_edits.add_to_group(after, home, [name])
    return Merge(design, after, name, tuple(node.id for node in parts))


def chosen_parts(design: Design, selection: Sequence[str]) -> tuple[str, ...]:
    """The convolutions that a selection would merge: all parallel to the only one selected, or those selected."""
    if not selection:
        return ()
    parallel = parallel_to(design, selection[0])
    if len(selection) == 1:
        return parallel
    return tuple(selection) if set(selection) <= set(parallel) else ()


def _refuse(parts: Sequence[Node]) -> None:
    if len(parts) < 2:
        raise EditError("There is nothing to merge; it takes two 1×1 convolutions that read the same result.")
    first = parts[0]
    for node in parts:
        if not _can_merge(node):
            raise EditError(f"'{node.name}' is no 1×1 convolution over all channels that can be merged.")
        if node.inputs != first.inputs:
            raise EditError(f"'{node.name}' and '{first.name}' read different results.")
        if _settings(node) != _settings(first):
            raise EditError(
                f"'{node.name}' and '{first.name}' differ in more than their width; make stride, padding, bias, norm"
                " and activation the same."
            )


def _can_merge(node: Node) -> bool:
    layer = as_conv2d(node.layer)
    if layer is None or not mixes_channels(node) or not node.inputs:
        return False
    return layer.activation not in _ACROSS_CHANNELS and layer.norm not in OVER_CHANNELS


def _settings(node: Node) -> AnyLayer:
    layer = as_conv2d(node.layer)
    assert layer is not None
    return without_idle_fields(msgspec.structs.replace(layer, out_channels=1))


def _with_room(design: Design, merged: Node, parts: Sequence[Node]) -> tuple[Design, Node]:
    """The merged node in a row of its own above its slices, and all from there on moved along."""
    places = [node.position for node in parts if node.position is not None]
    if len(places) < len(parts):
        return design, merged
    axis = 0 if design.direction == "right" else 1
    start = min(place[axis] for place in places)
    middle = sum(place[1 - axis] for place in places) / len(places)
    across, down = (_ROW, 0.0) if axis == 0 else (0.0, _ROW)
    shifted = {
        node.id: (node.position[0] + across, node.position[1] + down)
        for node in design.nodes
        if node.position is not None and node.position[axis] >= start
    }
    position = (start, middle) if axis == 0 else (middle, start)
    return edits.move(design, shifted), msgspec.structs.replace(merged, position=position)
