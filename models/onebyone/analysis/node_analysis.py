"""What the analysis knows of one node, and the rule that finds it from its inputs."""

from collections.abc import Mapping

import msgspec

from onebyone.analysis.wiring_problems import node_problem
from onebyone.design import Node
from onebyone.edits import set_fields
from onebyone.layers import Costs
from onebyone.layers.base import FREE
from onebyone.layers.finding import Finding
from onebyone.problem import Fix, Problem
from onebyone.quantity import shape as shown_shape
from onebyone.shape import (
    FEATURE_MAP_RANK,
    MAX_CHANNELS,
    MAX_ELEMENTS,
    MAX_PARAMETERS,
    MAX_SIZE,
    START,
    Field,
    Shape,
    elements,
    field_size,
)


class NodeAnalysis(msgspec.Struct, frozen=True, gc=False):
    """Shape, costs and receptive field of one node; None where an error stands before or at it.

    `shape` is C, H, W or F, without the batch; `inputs` are the shapes that come in; bytes are of one sample.
    A bypassed node has the shape of its input, costs nothing and creates no tensor.
    """

    shape: Shape | None = None
    inputs: tuple[Shape, ...] = ()
    costs: Costs | None = None
    activation_bytes: int | None = None
    fields: tuple[Field, Field] | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def receptive_field(self) -> tuple[int | str | None, int | str | None] | None:
        """Input pixels that can reach one output, (height, width); None for the whole input, "mixed" per axis."""
        if self.fields is None:
            return None
        height, width = field_size(self.fields[0]), field_size(self.fields[1])
        return None if height is None and width is None else (height, width)

    @property
    def operations(self) -> int | None:
        """Additions and multiplications of one sample: a MAC is two."""
        return None if self.costs is None else 2 * self.costs.macs

    def moved_values(self, batch: int = 1) -> int | None:
        """Values read and written: inputs and output of every sample, the parameters once."""
        if self.shape is None or self.costs is None:
            return None
        return (sum(map(elements, self.inputs)) + elements(self.shape)) * batch + self.costs.parameters

    @property
    def moved_bytes(self) -> int | None:
        """Bytes of inputs, output and parameters for one sample; none of a bypassed node."""
        values = self.moved_values()
        if values is None or self.shape is None or self.activation_bytes is None:
            return None
        return values * (self.activation_bytes // elements(self.shape))

    @property
    def intensity(self) -> float | None:
        """Arithmetic intensity of one sample; see `intensity`."""
        if self.operations is None or self.moved_bytes is None:
            return None
        return intensity(self.operations, self.moved_bytes)


def intensity(operations: int, moved_bytes: int) -> float:
    """Arithmetic intensity: operations (a MAC is two) a byte that is moved; zero where none is.

    Source: Williams, Waterman, Patterson, Roofline: an insightful visual performance model, 2009.
    """
    return operations / moved_bytes if moved_bytes else 0.0


UNKNOWN = NodeAnalysis()


def analyze_node(node: Node, nodes: Mapping[str, NodeAnalysis], bytes_per_element: int) -> NodeAnalysis:
    """The analysis of a node from those of the nodes that feed it."""
    layer = node.layer
    if len(node.inputs) == 1:
        source = nodes[node.inputs[0]]
        if source.shape is None or source.fields is None:
            return UNKNOWN
        if node.bypassed and layer.can_be_bypassed:
            return NodeAnalysis(source.shape, (source.shape,), FREE, 0, source.fields)
        height, width = source.fields
        inputs: tuple[Shape, ...] = (source.shape,)
        heights: tuple[Field, ...] = (height,)
        widths: tuple[Field, ...] = (width,)
    else:
        joined = _joined([nodes[name] for name in node.inputs])
        if joined is None:
            return UNKNOWN
        inputs, heights, widths = joined
    findings = layer.problems(*inputs)
    for first in findings:
        return _flawed(node, inputs, (first, *findings))
    shape, costs = layer.result(*inputs)
    size = elements(shape)
    if (costs is not FREE or shape not in inputs) and _is_too_large(size, shape, costs):
        return _flawed(node, inputs, (_too_large(shape, costs),))
    fields = START, START
    if inputs:
        fields = layer.receptive_field(0, inputs, heights), layer.receptive_field(1, inputs, widths)
    return NodeAnalysis(shape, inputs, costs, size * bytes_per_element, fields)


def _joined(sources: list[NodeAnalysis]) -> tuple[tuple[Shape, ...], tuple[Field, ...], tuple[Field, ...]] | None:
    """The shapes that come in and their fields along height and width; None while one is unknown."""
    inputs: list[Shape] = []
    heights: list[Field] = []
    widths: list[Field] = []
    for source in sources:
        if source.shape is None or source.fields is None:
            return None
        inputs.append(source.shape)
        heights.append(source.fields[0])
        widths.append(source.fields[1])
    return tuple(inputs), tuple(heights), tuple(widths)


def _is_too_large(size: int, shape: Shape, costs: Costs) -> bool:
    if size > MAX_ELEMENTS or costs.weights + costs.biases + costs.norm > MAX_PARAMETERS:
        return True
    return len(shape) == FEATURE_MAP_RANK and (shape[0] > MAX_CHANNELS or shape[1] > MAX_SIZE or shape[2] > MAX_SIZE)


def _flawed(node: Node, inputs: tuple[Shape, ...], findings: tuple[Finding, ...]) -> NodeAnalysis:
    return NodeAnalysis(inputs=inputs, problems=tuple([_problem(node, finding) for finding in findings]))


def _problem(node: Node, finding: Finding) -> Problem:
    fixes = tuple(Fix(repair.label, set_fields, (node.id, repair.changes)) for repair in finding.repairs)
    return node_problem(node, finding.code, finding.message, fixes)


def _too_large(shape: Shape, costs: Costs) -> Finding:
    return Finding(
        "too-large",
        f"its result {shown_shape(shape)} with {costs.parameters:,} parameters is more than can be run"
        f" ({MAX_CHANNELS:,} channels, {MAX_SIZE:,} pixels a side, {MAX_ELEMENTS:,} values or parameters);"
        " use fewer channels or a smaller input.",
    )
