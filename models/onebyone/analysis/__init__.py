"""Analysis: shapes, costs, receptive fields, memory and problems of a design."""

from onebyone.analysis.analysis import Analysis, Totals, analyze
from onebyone.analysis.group_costs import GroupCosts, group_costs
from onebyone.analysis.node_analysis import NodeAnalysis, intensity

__all__ = ["Analysis", "GroupCosts", "NodeAnalysis", "Totals", "analyze", "group_costs", "intensity"]
