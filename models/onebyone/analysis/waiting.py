"""Nodes that are fine themselves and only wait for another one to be mended."""

from onebyone.analysis.analysis import Analysis
from onebyone.problem import Problem


def waiting(analysis: Analysis) -> dict[str, str]:
    """From each node whose shape is unknown through no fault of its own to the node that it waits for.

    A node that nothing feeds yet waits for the first node before it that has a problem; nodes on a cycle wait for none.
    """
    at_fault = {p.node for p in analysis.problems if p.node is not None and p.code != "unreachable"}
    if not at_fault:
        return {}
    cause: dict[str, str] = {}
    for name in analysis.topology.order:
        if name in at_fault or analysis.nodes[name].shape is not None:
            continue
        for source in analysis.node(name).inputs:
            if source in at_fault and analysis.nodes[source].shape is None:
                cause[name] = source
                break
            if source in cause:
                cause[name] = cause[source]
                break
    return cause


def causes(analysis: Analysis) -> tuple[Problem, ...]:
    """The problems, without those of nodes that only wait for another one to be mended."""
    if not any(problem.code == "unreachable" for problem in analysis.problems):
        return analysis.problems
    waits = waiting(analysis)
    return tuple(p for p in analysis.problems if p.code != "unreachable" or p.node not in waits)
