"""Bypassed nodes: drawn and saved, but their input passes through them as if they were a wire."""

from typing import TYPE_CHECKING

from onebyone.design import Design
from onebyone.layers import Costs, Layer
from onebyone.rewiring import dissolve

if TYPE_CHECKING:
    from onebyone.analysis import Analysis


def can_bypass(layer: Layer) -> bool:
    """Whether nodes with this layer can be bypassed: one input, a result of the same rank, and no end of the design."""
    return layer.can_be_bypassed


def effective(design: Design) -> Design:
    """The design as it is built and run: without its bypassed nodes, wires passing through where they were.

    It is the design itself where nothing is bypassed. Nodes of a kind that cannot be bypassed stay as they are, and
    so do those behind which nothing changes. A bypassed node without an input leaves those behind it unwired.
    """
    gone = [node.id for node in design.nodes if node.passes_through]
    return dissolve(design, gone) if gone else design


def bypass_saving(analysis: "Analysis", node_id: str) -> Costs | None:
    """What a node costs while it is not bypassed: for an active node its costs, for a bypassed one what it saves.

    None where its input is unknown or does not fit its layer. Nodes behind it may change their costs too, if it
    changes the shape.
    """
    node, found = analysis.node(node_id), analysis.nodes[node_id]
    if not node.passes_through:
        return found.costs
    if found.shape is None or next(node.layer.problems(*found.inputs), None) is not None:
        return None
    return node.layer.cost(*found.inputs)
