"""Analysis: shapes, costs, receptive fields, memory and problems of a design."""

from onebyone.analysis.analysis import Analysis, Totals, analyze
from onebyone.analysis.node_analysis import NodeAnalysis

__all__ = ["Analysis", "NodeAnalysis", "Totals", "analyze"]
