"""`onebyone summary`: the figures of a design, node by node."""

import click

from onebyone import quantity
from onebyone.cli.exits import DESIGN_HAS_ERRORS, FINE
from onebyone.cli.output import say, say_document, say_table
from onebyone.cli.sources import load_source
from onebyone.node_table import columns
from onebyone.reports.summary_tables import (
    summary_csv,
    summary_json,
    summary_markdown,
    summary_titles,
    summary_totals,
)
from onebyone.summary import Summary, summarize


@click.command(short_help="Print the figures of a DESIGN.")
@click.argument("design")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.option("--csv", "as_csv", is_flag=True, help="One row a node, for a spreadsheet.")
@click.option("--markdown", "as_markdown", is_flag=True, help="A table for a README or an issue.")
def command(design: str, as_json: bool, as_csv: bool, as_markdown: bool) -> int:
    """Print shapes, parameters, MACs and memory of a DESIGN, node by node, with the totals."""
    if as_json + as_csv + as_markdown > 1:
        raise click.UsageError("Only one of --json, --csv and --markdown can be asked for.")
    summary = summarize(load_source(design).design)
    if as_json:
        say_document(summary_json(summary))
    elif as_csv:
        say_document(summary_csv(summary))
    elif as_markdown:
        say_document(summary_markdown(summary))
    else:
        _say_summary(summary)
    return FINE if summary.valid else DESIGN_HAS_ERRORS


def _say_summary(summary: Summary) -> None:
    say(summary.name or "Untitled design", "bold")
    rows = [[column.words(row) for column in columns("terminal")] for row in summary.nodes]
    rows.append(summary_totals(summary, "terminal"))
    say_table(summary_titles(summary, "terminal"), rows, numbers_from=2, last_is_total=True)
    totals = summary.totals
    weights = f"{quantity.count(totals.weights)} weights, {quantity.count(totals.biases)} biases"
    norm = f", {quantity.count(totals.norm)} of norms" if totals.norm else ""
    say(f"{weights}{norm}; peak activations {quantity.byte_size(totals.peak_activation_bytes)}.")
    for problem in summary.problems:
        say(f"{problem.severity}: {problem.message}", "red" if problem.severity == "error" else "yellow")
