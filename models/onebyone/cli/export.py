"""`onebyone export`: a design as a diagram, as PyTorch source, or as a design file."""

from pathlib import Path

import click

from onebyone.analysis import analyze
from onebyone.cli.exits import FINE
from onebyone.cli.sources import Source, load_source
from onebyone.cli.validity import require_valid
from onebyone.errors import ExportError
from onebyone.files import safe_file, storage
from onebyone.files.strict_json import shown
from onebyone.pytorch_source import torch_source

DIAGRAMS = (".svg", ".png", ".pdf")
_SUFFIXES = (*DIAGRAMS, ".py", ".1x1")


@click.command(short_help="Write a DESIGN to a FILE.")
@click.argument("design")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--scale", type=click.FloatRange(0.5, 8), default=2.0, show_default=True, help="Pixels a unit, for .png.")
@click.option("--transparent", is_flag=True, help="No background, for .png.")
def command(design: str, file: Path, scale: float, transparent: bool) -> int:
    """Write a DESIGN to a FILE: .svg, .png and .pdf draw it, .py is its PyTorch source, .1x1 a design file."""
    suffix = file.suffix.lower()
    if suffix not in _SUFFIXES:
        raise ExportError(f"{shown(file.name)} cannot be written; a design is exported as {', '.join(_SUFFIXES)}.")
    source = load_source(design)
    if suffix == ".1x1":
        storage.save(source.design, file)
    elif suffix == ".py":
        _export_source(source, file)
    else:
        _export_diagram(source, file, scale, transparent)
    return FINE


def _export_source(source: Source, file: Path) -> None:
    analysis = analyze(source.design)
    require_valid(source, analysis)
    safe_file.write(file, torch_source(source.design, analysis).encode())


def _export_diagram(source: Source, file: Path, scale: float, transparent: bool) -> None:
    safe_file.require_writable(file)
    try:
        from onebyone_desktop.export import export_diagram
    except ImportError as error:
        raise ExportError(f"Diagrams are drawn by Qt, which cannot be loaded here: {error}.") from error
    export_diagram(source.design, file, scale=scale, transparent=transparent)
