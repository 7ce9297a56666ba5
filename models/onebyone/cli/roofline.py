"""`onebyone roofline`: what this machine can do at best, and where the nodes of a design stand under it."""

from typing import Any, get_args

import click
import msgspec

from onebyone import quantity
from onebyone.analysis import analyze
from onebyone.cli.axes import matrix_of
from onebyone.cli.exits import FINE
from onebyone.cli.output import say, say_document, say_table
from onebyone.cli.sources import load_sources
from onebyone.cli.validity import require_valid
from onebyone.errors import MeasurementError
from onebyone.measurement.records import (
    MAX_BATCH,
    MAX_THREADS,
    QUICK_BUDGET_S,
    DType,
    Layout,
    MeasurementRequest,
    Roofs,
)
from onebyone.measurement.roofline import PlacedNode, place, roofs_words, share_of_whole, whole_words
from onebyone.worker import client
from onebyone.worker.messages import MeasureRoofs


@click.command(short_help="Measure the machine's roofs and place a DESIGN's nodes under them.")
@click.argument("design", required=False)
@click.option("--device", default="cpu", show_default=True, help="What to measure on; see: onebyone devices.")
@click.option("--dtype", type=click.Choice(get_args(DType)), default="float32", show_default=True)
@click.option("--threads", type=click.IntRange(1, MAX_THREADS), help="All physical cores unless said.")
@click.option("--layout", type=click.Choice(get_args(Layout)), default="nchw", show_default=True)
@click.option("--batch", type=click.IntRange(1, MAX_BATCH), default=1, show_default=True, help="Samples a call.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document; times in seconds.")
def command(design: str | None, as_json: bool, layout: Layout, batch: int, **choices: Any) -> int:
    """Measure the machine's roofs; with a DESIGN also its nodes, placed by their operations a byte and their time.

    Roofs are the best of a matrix product and a convolution, a copy larger than the caches, and the least time of a
    call. A MAC is two operations.
    """
    matrix_of({"device": choices["device"]}, ())
    if design is None:
        roofs = client.roofs(MeasureRoofs(1, **choices))
        if as_json:
            _say_json(roofs, (), None)
        else:
            _say_roofs(roofs)
        return FINE
    source = load_sources((design,))[0]
    analysis = analyze(source.design)
    require_valid(source, analysis)
    named = msgspec.structs.replace(source.design, name=source.title)
    request = MeasurementRequest((named,), layout=layout, batch=batch, budget=QUICK_BUDGET_S, **choices)
    measurement = client.measure(request)
    run = measurement.runs[0]
    if measurement.roofs is None:
        raise MeasurementError("The roofs could not be measured.")
    placed = place(analysis, run, measurement.roofs)
    if as_json:
        _say_json(measurement.roofs, placed, share_of_whole(placed, run))
        return FINE
    _say_roofs(measurement.roofs)
    if not placed:
        say(f"{run.verdict.capitalize()}. {run.reason}")
        return FINE
    _say_nodes(placed)
    say(whole_words(placed, run))
    return FINE


def _say_roofs(roofs: Roofs) -> None:
    for words in roofs_words(roofs):
        say(words)


def _say_nodes(placed: tuple[PlacedNode, ...]) -> None:
    rows = [
        (
            node.id,
            node.bound,
            quantity.intensity(node.intensity) if node.operations else quantity.UNKNOWN,
            f"{quantity.rate(node.rate)}/s" if node.operations else quantity.UNKNOWN,
            f"{quantity.byte_size(round(node.bandwidth))}/s",
            quantity.duration(node.seconds),
            quantity.duration(node.least_seconds),
            quantity.percent(node.share_of_roof),
        )
        for node in placed
    ]
    header = ("Node", "Bound by", "Operations a byte", "Operations", "Bytes", "Time", "Roof", "of the roof")
    say_table(header, rows, numbers_from=2)


def _say_json(roofs: Roofs, placed: tuple[PlacedNode, ...], share: float | None) -> None:
    nodes = [
        msgspec.to_builtins(node)
        | {"intensity": node.intensity, "rate": node.rate, "share_of_roof": node.share_of_roof}
        for node in placed
    ]
    document = {"roofs": roofs, "nodes": nodes, "share_of_roof": share}
    say_document(msgspec.json.format(msgspec.json.encode(document), indent=1).decode() + "\n")
