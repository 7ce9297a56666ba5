"""The figures of a design as a table: JSON, CSV, Markdown, and the words of the terminal."""

from collections.abc import Callable
from typing import Any

import msgspec

from onebyone import quantity
from onebyone.node_table import Column, NodeRow, Table, columns
from onebyone.reports.escaping import Cell, csv_text, markdown_code, markdown_table, markdown_text
from onebyone.summary import Summary


def summary_document(summary: Summary) -> dict[str, Any]:
    """The summary as it is written in JSON; what is unknown is null."""
    return {
        "name": summary.name,
        "valid": summary.valid,
        "problems": summary.problems,
        "nodes": [_node_document(row) for row in summary.nodes],
        "totals": summary.totals,
    }


def summary_json(summary: Summary) -> str:
    """One JSON document, indented."""
    return msgspec.json.format(msgspec.json.encode(summary_document(summary)), indent=2).decode() + "\n"


def summary_csv(summary: Summary) -> str:
    """One row a node and a last row with the totals; a last column where nodes are bypassed."""
    shown = columns("sheet", summary.nodes)
    rows: list[list[Cell]] = [[column.key for column in shown]]
    rows += [[column.sheet_cell(column.value(row)) for column in shown] for row in summary.nodes]
    rows.append([_total_cell(summary, column) for column in shown])
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


def summary_titles(summary: Summary, table: Table) -> list[str]:
    """The headings of the table of nodes."""
    return [column.title for column in columns(table, summary.nodes)]


def summary_totals(summary: Summary, table: Table) -> list[str]:
    """The line below the nodes: the sums, and the shapes that come out; empty where nothing adds up."""
    return [_total_words(summary, column) for column in columns(table, summary.nodes)]


def _node_document(row: NodeRow) -> dict[str, Any]:
    return {column.key: column.value(row) for column in columns("document", (row,))}


def _node_table(summary: Summary) -> str:
    shown = columns("markdown", summary.nodes)
    quoted: dict[str, Callable[[str], str]] = {"id": markdown_code, "kind": str}
    rows = [[quoted.get(column.key, markdown_text)(column.words(row)) for column in shown] for row in summary.nodes]
    totals = summary_totals(summary, "markdown")
    totals[0] = "Total"
    bold = [column.has_total or column.key == "id" for column in shown]
    rows.append([f"**{words}**" if is_bold else words for words, is_bold in zip(totals, bold, strict=True)])
    return markdown_table(summary_titles(summary, "markdown"), rows, numbers_from=2)


def _total_words(summary: Summary, column: Column) -> str:
    if column.key == "id":
        return "total"
    if column.key == "shape":
        return ", ".join(column.shown(shape) for shape in summary.totals.outputs.values())
    return column.shown(getattr(summary.totals, column.key)) if column.has_total else ""


def _total_cell(summary: Summary, column: Column) -> Cell:
    if column.key == "id":
        return "total"
    if column.key == "shape":
        return " ".join(str(column.sheet_cell(shape) or "") for shape in summary.totals.outputs.values())
    return getattr(summary.totals, column.key) if column.has_total else ""
