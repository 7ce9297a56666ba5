"""What a design computes, apart from how it is drawn: the same for designs with the same generated source."""

from collections.abc import Iterable
from hashlib import sha256

import msgspec

from onebyone.analysis import analyze
from onebyone.analysis.topology import branch_order
from onebyone.design import Design, Node
from onebyone.edits.bypass import effective
from onebyone.layers import AnyLayer
from onebyone.layers.fields import without_idle_fields
from onebyone.shape import Pair


class _Step(msgspec.Struct, frozen=True):
    """A node that runs; `stride` is the one in force where the layer may leave it to its kernel."""

    id: str
    layer: AnyLayer
    inputs: tuple[str, ...]
    stride: Pair | None = None


class _Computation(msgspec.Struct, frozen=True):
    """The arguments of the forward pass, its nodes in the order they run, and the nodes whose results it gives."""

    arguments: tuple[str, ...]
    steps: tuple[_Step, ...]
    results: tuple[str, ...]


def computes_same(first: Design, second: Design, ends: Iterable[str] | None = None) -> bool:
    """Whether the same source is generated from two designs, but for the name: what was measured of one holds for both.

    Names, titles, groups and places do not matter, nor do bypassed nodes and nodes that lead to no output.

    Args:
        first: A design.
        second: Another one, or the same at another time.
        ends: Asks for what leads to these nodes alone, where they lead to no output too.
    """
    if first is second or _is_drawn_alike(first.nodes, second.nodes):
        return True
    if _computation(first, ends) != _computation(second, ends):
        return False
    # What runs is the same, but a node that does not run may be wrong: then there is no source.
    return ends is not None or (analyze(first).is_valid and analyze(second).is_valid)


def digest(design: Design) -> str:
    """The SHA-256 of what a design without errors computes; designs that compute the same have the same."""
    return sha256(msgspec.json.encode(_computation(design, None))).hexdigest()


def _is_drawn_alike(first: tuple[Node, ...], second: tuple[Node, ...]) -> bool:
    return len(first) == len(second) and all(
        a is b or (a.id == b.id and a.layer == b.layer and a.inputs == b.inputs and a.bypassed == b.bypassed)
        for a, b in zip(first, second, strict=True)
    )


def _computation(design: Design, ends: Iterable[str] | None) -> _Computation:
    active = effective(design)
    nodes = active.nodes_by_id()
    wires = {name: tuple(source for source in node.inputs if source in nodes) for name, node in nodes.items()}
    wanted = [name for name, node in nodes.items() if node.layer.is_exit] if ends is None else ends
    results = tuple(name for name in wanted if name in nodes)
    order = branch_order(wires, results)
    running = set(order)
    arguments = tuple(name for name, node in nodes.items() if node.layer.is_entry and name in running)
    return _Computation(arguments, tuple(_step(nodes[name]) for name in order), results)


def _step(node: Node) -> _Step:
    window = node.layer.window
    if window is None or not node.layer.is_pool:
        return _Step(node.id, without_idle_fields(node.layer), node.inputs)
    return _Step(node.id, msgspec.structs.replace(node.layer, stride=None), node.inputs, window.stride)
