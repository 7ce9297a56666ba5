"""Nodes whose time is out of proportion to their MACs: few MACs, much time; no torch here."""

from collections.abc import Mapping

import msgspec

from onebyone.analysis import Analysis
from onebyone.measurement.records import Run
from onebyone.quantity import percent

#: A node below this share of the time is not worth a remark.
LEAST_TIME_SHARE = 0.10
#: How many times its share of the MACs its share of the time has to be.
LEAST_FACTOR = 3.0
FEW_MACS_MUCH_TIME = "few MACs, much time"


class Disproportion(msgspec.Struct, frozen=True):
    """What a node takes of the time, and what it has of the MACs; both are shares of the whole design."""

    time_share: float
    macs_share: float

    @property
    def words(self) -> str:
        """Both shares in a sentence."""
        return (
            f"Few MACs, much time: {percent(self.time_share)} of the time for {percent(self.macs_share)} of the MACs."
        )


def disproportions(analysis: Analysis, run: Run | None) -> Mapping[str, Disproportion]:
    """The nodes that take at least a tenth of the time, and three times their share of the MACs."""
    macs = analysis.totals.macs
    if run is None or not macs:
        return {}
    found = {}
    for node in run.nodes:
        costs = analysis.nodes[node.id].costs if node.id in analysis.nodes else None
        share = costs.macs / macs if costs is not None else 0.0
        if node.share >= LEAST_TIME_SHARE and node.share >= LEAST_FACTOR * share:
            found[node.id] = Disproportion(node.share, share)
    return found
