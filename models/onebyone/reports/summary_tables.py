"""The figures of a design as a table: JSON, CSV, Markdown."""

import msgspec

from onebyone import quantity
from onebyone.reports.escaping import Cell, csv_text, markdown_code, markdown_table, markdown_text
from onebyone.summary import NodeRow, Summary

_COLUMNS = (
    "id", "kind", "inputs", "shape", "weights", "biases", "norm", "parameters", "macs", "activation_bytes",
    "receptive_field",
)  # fmt: skip


def summary_json(summary: Summary) -> str:
    """One JSON document, indented."""
    return msgspec.json.format(msgspec.json.encode(summary), indent=2).decode() + "\n"


def summary_csv(summary: Summary) -> str:
    """One row a node and a last row with the totals; a last column where nodes are bypassed."""
    has_bypassed = any(node.bypassed for node in summary.nodes)
    rows: list[tuple[Cell, ...]] = [(*_COLUMNS, "bypassed") if has_bypassed else _COLUMNS]
    for node in summary.nodes:
        figures = (node.weights, node.biases, node.norm, node.parameters, node.macs, node.activation_bytes)
        field = field_words(node, "x")
        row = (node.id, node.kind, " ".join(node.inputs), _axes(node.shape), *figures, field)
        rows.append((*row, "yes" if node.bypassed else "") if has_bypassed else row)
    totals = summary.totals
    sums = (totals.weights, totals.biases, totals.norm, totals.parameters, totals.macs, totals.activation_bytes)
    outputs = " ".join(_axes(shape) for shape in totals.outputs.values())
    last = ("total", "", "", outputs, *sums, "")
    rows.append((*last, "") if has_bypassed else last)
    return csv_text(rows)


def summary_markdown(summary: Summary) -> str:
    """The table, the totals, and the problems if there are any."""
    parts = [f"# {markdown_text(summary.name) or 'Untitled design'}", _node_table(summary)]
    peak = quantity.byte_size(summary.totals.peak_activation_bytes)
    parts.append(f"Peak activation memory: {peak}.")
    if summary.problems:
        parts.append(
            "\n".join(f"- {problem.severity}: {markdown_text(problem.message)}" for problem in summary.problems)
        )
    return "\n\n".join(part.rstrip("\n") for part in parts) + "\n"


def field_words(node: NodeRow, times: str = "×") -> str:
    """The receptive field in words: 3×3, or the whole input."""
    if node.receptive_field is None:
        return "" if node.shape is None else "whole input"
    return times.join("whole" if size is None else str(size) for size in node.receptive_field)


def kind_words(node: NodeRow) -> str:
    """The kind of a node, and whether it is bypassed."""
    return f"{node.kind} (bypassed)" if node.bypassed else node.kind


def _node_table(summary: Summary) -> str:
    header = ("Node", "Kind", "Shape", "Weights", "Biases", "Norm", "Parameters", "MACs", "Activations", "Field")
    rows = []
    for node in summary.nodes:
        figures = (node.weights, node.biases, node.norm, node.parameters, node.macs)
        rows.append(
            (
                markdown_code(node.id),
                kind_words(node),
                quantity.shape(node.shape),
                *(quantity.count(figure) for figure in figures),
                quantity.byte_size(node.activation_bytes),
                field_words(node),
            )
        )
    totals = summary.totals
    sums = (totals.weights, totals.biases, totals.norm, totals.parameters, totals.macs)
    bold = tuple(f"**{quantity.count(figure)}**" for figure in sums)
    outputs = ", ".join(quantity.shape(shape) for shape in totals.outputs.values())
    rows.append(("**Total**", "", outputs, *bold, f"**{quantity.byte_size(totals.activation_bytes)}**", ""))
    return markdown_table(header, rows, numbers_from=2)


def _axes(shape: tuple[int, ...] | None) -> str:
    return "" if shape is None else "x".join(str(axis) for axis in shape)
