"""`onebyone gallery`: the bundled designs."""

import click

from onebyone import gallery, quantity
from onebyone.analysis import analyze
from onebyone.cli.output import say, say_table


@click.command(short_help="List the bundled designs.")
def command() -> None:
    """List the bundled designs with their totals."""
    rows = []
    for entry in gallery.entries():
        totals = analyze(entry.build()).totals
        rows.append(
            (
                entry.name,
                entry.title,
                quantity.count(totals.parameters),
                quantity.count(totals.macs),
                quantity.byte_size(totals.peak_activation_bytes),
            )
        )
    say_table(("Name", "Title", "Parameters", "MACs", "Peak activations"), rows, numbers_from=2)
    say("Ask for one as gallery:NAME, as in: onebyone summary gallery:inception-3a")
