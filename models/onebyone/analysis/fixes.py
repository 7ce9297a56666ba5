"""Fixes that need the whole graph: what to connect, insert or pad so that a problem goes away."""

from collections import Counter
from collections.abc import Iterator
from typing import Any, TypeVar

import msgspec

from onebyone.analysis.node_analysis import NodeAnalysis
from onebyone.analysis.topology import Topology
from onebyone.design import Node
from onebyone.edits import connect, set_fields
from onebyone.edits.mending import add_input_before, add_output_after, insert_layer, insert_projection
from onebyone.errors import EditError
from onebyone.layers import AnyLayer, Flatten
from onebyone.layers.fields import changed_layer, fields_of
from onebyone.problem import Fix, Problem
from onebyone.quantity import pair
from onebyone.reach import reached
from onebyone.shape import Pair, Shape
from onebyone.text import visible

# Beyond this many problems, buttons help nobody, and looking for neighbours would cost a square of the nodes.
_MOST_MENDED = 50
_MOST_CHOICES = 3

_Value = TypeVar("_Value")


def with_fixes(problems: list[Problem], topology: Topology, nodes: dict[str, NodeAnalysis]) -> tuple[Problem, ...]:
    """The problems, with fixes added where the graph around them offers one."""
    mended = []
    for place, problem in enumerate(problems):
        maker = _MAKERS.get(problem.code)
        if maker is not None and place < _MOST_MENDED:
            fixes = (*problem.fixes, *maker(problem, topology, nodes))
            problem = msgspec.structs.replace(problem, fixes=fixes)  # noqa: PLW2901
        mended.append(problem)
    return tuple(mended)


def _for_missing_input(problem: Problem, topology: Topology, nodes: dict[str, NodeAnalysis]) -> Iterator[Fix]:
    target = topology.nodes[problem.node or ""]
    behind = reached([target.id], topology.users.__getitem__)
    candidates = [
        node
        for node in topology.nodes.values()
        if node.id not in behind and not node.layer.is_exit and node.id not in target.inputs
    ]
    # A node that waits for a wire itself is no help.
    candidates = [node for node in candidates if nodes[node.id].shape is not None]
    if candidates:
        nearest = min(candidates, key=lambda node: _distance(node, target, topology))
        yield Fix(f"Connect '{visible(nearest.name)}' to it", connect, (nearest.id, target.id))


def _distance(source: Node, target: Node, topology: Topology) -> tuple[float, int]:
    """How far apart two nodes are drawn; a source below its target counts double, unplaced ones come last."""
    unused = 0 if not topology.users[source.id] else 1
    if source.position is None or target.position is None:
        return float("inf"), unused
    across = source.position[0] - target.position[0]
    down = target.position[1] - source.position[1]
    return (across * across + down * down) * (1 if down > 0 else 4), unused


def _for_no_output(problem: Problem, topology: Topology, nodes: dict[str, NodeAnalysis]) -> Iterator[Fix]:
    ends = [name for name in topology.order if not topology.users[name]]
    for name in ends[: -_MOST_CHOICES - 1 : -1]:
        yield Fix(f"Add an output after '{visible(topology.nodes[name].name)}'", add_output_after, (name,))


def _for_no_input(problem: Problem, topology: Topology, nodes: dict[str, NodeAnalysis]) -> Iterator[Fix]:
    starts = tuple(node.id for node in topology.nodes.values() if not node.inputs)
    if len(starts) > 1:
        yield Fix(f"Add an input that feeds the {len(starts)} open nodes", add_input_before, (starts,))
    for start in starts[:1]:
        yield Fix(f"Add an input before '{visible(topology.nodes[start].name)}'", add_input_before, ((start,),))
    if not starts:
        yield Fix("Add an input", add_input_before, ((),))


def _for_channels(problem: Problem, topology: Topology, nodes: dict[str, NodeAnalysis]) -> Iterator[Fix]:
    target = topology.nodes[problem.node or ""]
    shapes = nodes[target.id].inputs
    wanted = _usual([shape[0] for shape in shapes])
    differing = [index for index, shape in enumerate(shapes) if shape[0] != wanted]
    for index in differing[:_MOST_CHOICES]:
        source = topology.nodes[target.inputs[index]]
        label = f"Project '{visible(source.name)}' to {wanted:,} channels with a 1×1"
        yield Fix(label, insert_projection, (target.id, index, wanted))


def _for_sizes(problem: Problem, topology: Topology, nodes: dict[str, NodeAnalysis]) -> Iterator[Fix]:
    target = topology.nodes[problem.node or ""]
    shapes = nodes[target.id].inputs
    wanted = _usual([shape[1:] for shape in shapes])
    found: dict[str, Fix] = {}
    for source, shape in zip(target.inputs, shapes, strict=True):
        if shape[1:] != wanted and source not in found:
            for fix in _resizing_fixes(topology.nodes[source], (wanted[0], wanted[1]), topology, nodes):
                found.setdefault(source, fix)
    yield from list(found.values())[:_MOST_CHOICES]


def _resizing_fixes(node: Node, wanted: Pair, topology: Topology, nodes: dict[str, NodeAnalysis]) -> Iterator[Fix]:
    """Paddings, then strides, of the layer behind a branch's end that sets its size, to give that of the others."""
    while node.passes_through or not (resizings := list(node.layer.resizings(wanted, *nodes[node.id].inputs))):
        if len(node.inputs) != 1 or nodes[node.id].shape is None:
            return
        if nodes[node.id].inputs[0][1:] != nodes[node.id].shape[1:]:  # type: ignore[index]
            return
        node = topology.nodes[node.inputs[0]]
    for changes in resizings:
        if _gives(node.layer, changes, nodes[node.id].inputs, wanted):
            label = f"Set {_change_words(node, changes)}"
            yield Fix(label, set_fields, (node.id, changes))


def _gives(layer: AnyLayer, changes: dict[str, Any], inputs: tuple[Shape, ...], wanted: Pair) -> bool:
    try:
        changed = changed_layer(layer, changes)
    except EditError:
        return False
    return not list(changed.problems(*inputs)) and changed.output_shape(*inputs)[1:] == wanted


def _change_words(node: Node, changes: dict[str, Any]) -> str:
    """The changes for a button: "padding of 'stem' to 1×1"; where there are several, "left to 1, top to 2 of 'pad'"."""
    titles = {field.name: field.title.lower() for field in fields_of(node.layer.kind)}
    values = {titles[name]: pair(value) if isinstance(value, tuple) else str(value) for name, value in changes.items()}
    name = f"of '{visible(node.name)}'"
    if len(values) == 1:
        return "".join(f"{title} {name} to {value}" for title, value in values.items())
    return ", ".join(f"{title} to {value}" for title, value in values.items()) + f" {name}"


def _for_rank(problem: Problem, topology: Topology, nodes: dict[str, NodeAnalysis]) -> Iterator[Fix]:
    target = topology.nodes[problem.node or ""]
    shapes = nodes[target.id].inputs
    wants_vector = target.layer.needs_vector or any(len(shape) == 1 for shape in shapes[1:])
    for index, shape in enumerate(shapes):
        if wants_vector and len(shape) > 1:
            source = visible(topology.nodes[target.inputs[index]].name)
            yield Fix(f"Insert a flatten after '{source}'", insert_layer, (target.id, index, Flatten(), "flatten"))


def _usual(values: list[_Value]) -> _Value:
    return Counter(values).most_common(1)[0][0]


_MAKERS = {
    "missing-input": _for_missing_input,
    "no-output": _for_no_output,
    "no-input": _for_no_input,
    "channel-mismatch": _for_channels,
    "spatial-mismatch": _for_sizes,
    "rank-mismatch": _for_rank,
}
