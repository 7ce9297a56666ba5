"""What a node costs, in words with the numbers filled in: the text of the inspector."""

from onebyone.analysis import Analysis, analyze
from onebyone.edits import set_bypassed
from onebyone.layers import Costs
from onebyone.quantity import byte_size, count, macs, shape
from onebyone.shape import elements


def cost_lines(analysis: Analysis, node_id: str) -> tuple[str, ...]:
    """The formula of a node's costs, its change of shape, its receptive field and its memory, a line each."""
    node, found = analysis.node(node_id), analysis.nodes[node_id]
    if found.shape is None:
        return (
            ("Not known until its inputs are.",) if not found.problems else ("Not known until its problem is mended.",)
        )
    if node.passes_through:
        return _bypassed_lines(analysis, node_id)
    lines = [*node.layer.formula(*found.inputs)]
    if len(found.inputs) == 1:
        lines.append(f"{shape(found.inputs[0])} → {shape(found.shape)}{_channel_change(found.inputs[0], found.shape)}")
    lines.append(f"receptive field {receptive_field(found.receptive_field)} · {byte_size(found.activation_bytes)} out")
    if found.costs is not None and found.costs.macs and found.intensity is not None:
        lines.append(f"{found.intensity:.1f} operations a byte (a MAC is two)")
    if not analysis.is_live(node_id):
        lines.append("leads to no output: not in the totals")
    return tuple(lines)


def _bypassed_lines(analysis: Analysis, node_id: str) -> tuple[str, ...]:
    saved = bypass_saving(analysis, node_id)
    if saved is None:
        words = "its layer would not fit this input"
    elif saved.parameters or saved.macs:
        words = f"saves its own {count(saved.parameters)} parameters and {count(saved.macs)} MACs"
    else:
        words = "saves neither parameters nor MACs of its own"
    lines = (f"bypassed: its input {shape(analysis.nodes[node_id].shape)} passes through", words)
    return (*lines, *_bypass_effect(analysis, node_id))


def _bypass_effect(analysis: Analysis, node_id: str) -> tuple[str, ...]:
    """What the bypass does to the whole design: behind a 1×1 reduction the saving often turns into a loss."""
    active = analyze(set_bypassed(analysis.design, (node_id,), False)).totals
    now = analysis.totals
    if active.parameters is None or active.macs is None or now.parameters is None or now.macs is None:
        return ()
    parameters, macs_more = now.parameters - active.parameters, now.macs - active.macs
    return (f"whole design by this bypass: {parameters:+,} parameters, {macs_more:+,} MACs",)


def receptive_field(field: tuple[int | str | None, int | str | None] | None) -> str:
    """A receptive field in words: "3×3", "whole input", "mixed"."""
    if field is None:
        return "whole input"
    height, width = ("all" if side is None else str(side) for side in field)
    return "mixed" if "mixed" in (height, width) else f"{height}×{width}"


def totals_lines(analysis: Analysis) -> tuple[str, ...]:
    """The totals of a design, a line each."""
    totals = analysis.totals
    if not analysis.design.nodes:
        return ("Nothing yet.",)
    if totals.macs is None:
        return ("Withheld while the design has an error.",)
    return (
        f"{count(totals.parameters)} parameters"
        f" ({count(totals.weights)} weights, {count(totals.biases)} biases, {count(totals.norm)} norm)",
        f"{count(totals.macs)} MACs ({macs(totals.macs)})",
        f"{byte_size(totals.activation_bytes)} of activations, {byte_size(totals.peak_activation_bytes)} at the peak",
    )


def totals_sentence(analysis: Analysis) -> str:
    """The totals of a design in one line."""
    totals = analysis.totals
    if totals.macs is None:
        return totals_lines(analysis)[0]
    peak = byte_size(totals.peak_activation_bytes)
    return f"{count(totals.parameters)} parameters · {count(totals.macs)} MACs · peak {peak}"


def shape_change(analysis: Analysis) -> str:
    """What goes in and what comes out: "28×28×192 → 28×28×256"."""
    entering = ", ".join(shape(analysis.nodes[name].shape) for name in analysis.input_ids)
    leaving = ", ".join(shape(analysis.nodes[name].shape) for name in analysis.output_ids)
    return f"{entering} → {leaving}" if entering and leaving else ""


def _channel_change(before: tuple[int, ...], after: tuple[int, ...]) -> str:
    if len(before) != len(after) or before[0] == after[0] or elements(after) == 0:
        return ""
    larger, smaller = max(before[0], after[0]), min(before[0], after[0])
    factor = f"{larger / smaller:.3g}"
    return f" ({'÷' if before[0] > after[0] else '×'}{factor} channels)"


def bypass_saving(analysis: Analysis, node_id: str) -> Costs | None:
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
