"""The summary document: the exact form of `onebyone summary --json`."""

import msgspec

from onebyone.analysis import Analysis, analyze
from onebyone.design import Design
from onebyone.shape import Shape


class ProblemRow(msgspec.Struct, frozen=True):
    """A problem; `node` is null where it belongs to the whole design."""

    code: str
    severity: str
    node: str | None
    message: str


class NodeRow(msgspec.Struct, frozen=True, omit_defaults=True):
    """The figures of one node; null where an error stands before or at it. A bypassed node costs nothing."""

    id: str
    kind: str
    inputs: tuple[str, ...]
    shape: Shape | None
    weights: int | None
    biases: int | None
    norm: int | None
    parameters: int | None
    macs: int | None
    activation_bytes: int | None
    receptive_field: tuple[int | str | None, int | str | None] | None
    bypassed: bool = False


class TotalsRow(msgspec.Struct, frozen=True):
    """The figures of the design; null while it has an error."""

    weights: int | None
    biases: int | None
    norm: int | None
    parameters: int | None
    macs: int | None
    activation_bytes: int | None
    peak_activation_bytes: int | None
    outputs: dict[str, Shape | None]


class Summary(msgspec.Struct, frozen=True):
    """All figures of a design."""

    name: str
    valid: bool
    problems: tuple[ProblemRow, ...]
    nodes: tuple[NodeRow, ...]
    totals: TotalsRow


def summarize(design: Design, analysis: Analysis | None = None) -> Summary:
    """The summary of a design, its nodes in the order of the file."""
    known = analyze(design) if analysis is None else analysis
    totals = known.totals
    return Summary(
        design.name,
        known.is_valid,
        tuple(ProblemRow(p.code, p.severity, p.node, p.message) for p in known.problems),
        tuple(_node_row(known, node.id) for node in design.nodes),
        TotalsRow(
            totals.weights,
            totals.biases,
            totals.norm,
            totals.parameters,
            totals.macs,
            totals.activation_bytes,
            totals.peak_activation_bytes,
            totals.outputs,
        ),
    )


def _node_row(analysis: Analysis, node_id: str) -> NodeRow:
    node, found = analysis.node(node_id), analysis.nodes[node_id]
    costs = found.costs
    return NodeRow(
        node_id,
        node.layer.kind,
        node.inputs,
        found.shape,
        None if costs is None else costs.weights,
        None if costs is None else costs.biases,
        None if costs is None else costs.norm,
        None if costs is None else costs.parameters,
        None if costs is None else costs.macs,
        found.activation_bytes,
        found.receptive_field,
        node.bypassed,
    )
