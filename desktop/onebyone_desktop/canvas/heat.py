"""The heat of nodes: each one's share of the quantity that is shown."""

from collections.abc import Mapping

import msgspec

from onebyone.analysis import Analysis, NodeAnalysis
from onebyone.measurement.disproportion import disproportions
from onebyone.measurement.records import Run
from onebyone.quantity import duration, percent
from onebyone_desktop.canvas.heat_choice import Heat


class HeatShown(msgspec.Struct, frozen=True):
    """What the hot end of the ramp stands for: the largest share, and whose it is.

    `remarked` are the nodes with few MACs and much time, named where latency is shown.
    """

    most: float = 0.0
    hottest: str = ""
    remarked: tuple[str, ...] = ()


def heat_shares(analysis: Analysis, heat: Heat, run: Run | None) -> Mapping[str, float]:
    """The share, 0 to 1, of every node for which the quantity is known."""
    if heat == "latency":
        return {} if run is None else {item.id: item.share for item in run.nodes}
    amounts = {name: amount for name, found in analysis.nodes.items() if (amount := _amount(found, heat)) is not None}
    total = sum(amount for name, amount in amounts.items() if analysis.is_live(name)) or sum(amounts.values())
    return {name: amount / total for name, amount in amounts.items()} if total else {}


def time_words(analysis: Analysis, run: Run | None, name: str) -> str:
    """What a tooltip says of a node's time: the time, its share, and whether it is out of proportion to the MACs."""
    timed = next((item for item in run.nodes if item.id == name), None) if run is not None else None
    if timed is None:
        return ""
    found = disproportions(analysis, run).get(name)
    words = f"{duration(timed.median)}, {percent(timed.share)} of the time"
    return f"{words}\n{found.words}" if found is not None else words


def _amount(found: NodeAnalysis, heat: Heat) -> int | None:
    if heat == "memory":
        return found.activation_bytes
    if found.costs is None:
        return None
    return found.costs.parameters if heat == "parameters" else found.costs.macs
