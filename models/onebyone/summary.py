"""All figures of a design: what `onebyone summary` and the reports tell."""

import msgspec

from onebyone.analysis import Analysis, analyze
from onebyone.design import Design
from onebyone.node_table import NodeRow, node_rows
from onebyone.shape import Shape


class ProblemRow(msgspec.Struct, frozen=True):
    """A problem; `node` is null where it belongs to the whole design."""

    code: str
    severity: str
    node: str | None
    message: str


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
        node_rows(known, (node.id for node in design.nodes)),
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
