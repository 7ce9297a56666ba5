"""Designs side by side: totals with ratios, the branches and nodes that differ, measured latency."""

from onebyone.comparison.comparison import (
    MAX_COMPARED,
    Comparison,
    Figure,
    Held,
    LatencyLine,
    Line,
    compare,
)

__all__ = ["MAX_COMPARED", "Comparison", "Figure", "Held", "LatencyLine", "Line", "compare"]
