"""`onebyone export`: a design as a diagram, as PyTorch source, or as a design file."""

from pathlib import Path

import click

from onebyone import formats
from onebyone.analysis import analyze
from onebyone.cli.exits import FINE
from onebyone.cli.sources import Source, load_source
from onebyone.cli.validity import require_valid
from onebyone.files import safe_file
from onebyone.formats import Format, Kind

KINDS: tuple[Kind, ...] = ("design", "diagram", "source")


def _help() -> str:
    lines = (f"  {each.suffix:<6}{each.words}" for each in formats.formats(*KINDS))
    return "\n".join(("Write a DESIGN to a FILE, by its suffix:", "", "\b", *lines))


@click.command(short_help="Write a DESIGN to a FILE.", help=_help())
@click.argument("design")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--scale", type=click.FloatRange(0.5, 8), default=2.0, show_default=True, help="Pixels a unit, for .png.")
@click.option("--transparent", is_flag=True, help="No background, for .png.")
def command(design: str, file: Path, scale: float, transparent: bool) -> int:
    """Write a DESIGN to a FILE."""
    wanted = formats.find(file.suffix, *KINDS)
    source = load_source(design)
    if wanted.kind == "diagram":
        _export_diagram(source, file, wanted, scale, transparent)
    elif wanted.kind == "source":
        analysis = analyze(source.design)
        require_valid(source, analysis)
        formats.write("source", file, source.design, analysis)
    else:
        formats.write("design", file, source.design)
    return FINE


def _export_diagram(source: Source, file: Path, wanted: Format, scale: float, transparent: bool) -> None:
    safe_file.require_writable(file)
    # First, as it says so where there is no Qt.
    wanted.load()
    from onebyone_desktop.export import export_diagram

    export_diagram(source.design, file, scale=scale, transparent=transparent)
