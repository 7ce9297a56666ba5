"""`onebyone compare`: the totals of designs side by side."""

from collections.abc import Callable

import click

from onebyone import quantity
from onebyone.analysis import Totals, analyze
from onebyone.cli.exits import DESIGN_HAS_ERRORS, FINE
from onebyone.cli.output import say, say_table
from onebyone.cli.sources import load_sources


def _output_channels(totals: Totals) -> int | None:
    shapes = list(totals.outputs.values())
    known = [shape[0] for shape in shapes if shape is not None]
    return sum(known) if known and len(known) == len(shapes) else None


_ROWS: tuple[tuple[str, Callable[[Totals], int | None], Callable[[int | None], str]], ...] = (
    ("Weights", lambda totals: totals.weights, quantity.count),
    ("Biases", lambda totals: totals.biases, quantity.count),
    ("Parameters", lambda totals: totals.parameters, quantity.count),
    ("MACs", lambda totals: totals.macs, quantity.count),
    ("Activations", lambda totals: totals.activation_bytes, quantity.byte_size),
    ("Peak activations", lambda totals: totals.peak_activation_bytes, quantity.byte_size),
    ("Output channels", _output_channels, quantity.count),
)


@click.command(short_help="Print totals side by side.")
@click.argument("designs", nargs=-1, required=True)
def command(designs: tuple[str, ...]) -> int:
    """Print the totals of DESIGNs side by side; ratios are to the first one."""
    if len(designs) < 2:
        raise click.UsageError("There is nothing to compare with; name two designs or more.")
    sources = load_sources(designs)
    analyses = [analyze(source.design) for source in sources]
    header = ["", *(source.title for source in sources), *(f"{source.title} ÷ first" for source in sources[1:])]
    rows = []
    for title, figure, shown in _ROWS:
        values = [figure(analysis.totals) for analysis in analyses]
        ratios = (quantity.ratio(_divided(value, values[0])) for value in values[1:])
        rows.append((title, *(shown(value) for value in values), *ratios))
    say_table(header, rows)
    wrong = [source for source, analysis in zip(sources, analyses, strict=True) if not analysis.is_valid]
    for source in wrong:
        say(f"{source.title} has errors, so its totals are withheld; see: onebyone check {source.word}", "red")
    return DESIGN_HAS_ERRORS if wrong else FINE


def _divided(value: int | None, base: int | None) -> float | None:
    return None if value is None or not base else value / base
