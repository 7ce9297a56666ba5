"""`onebyone check`: the problems of a design."""

import click

from onebyone.analysis import analyze
from onebyone.cli.exits import DESIGN_HAS_ERRORS, FINE
from onebyone.cli.output import say
from onebyone.cli.sources import load_source


@click.command(short_help="Print the problems of a DESIGN.")
@click.argument("design")
def command(design: str) -> int:
    """Print the problems of a DESIGN; 0 if it can be built and run, 1 if not."""
    analysis = analyze(load_source(design).design)
    for problem in analysis.problems:
        say(
            f"{problem.severity}: {problem.message} [{problem.code}]",
            "red" if problem.severity == "error" else "yellow",
        )
    if not analysis.problems:
        say("No problems.")
    return FINE if analysis.is_valid else DESIGN_HAS_ERRORS
