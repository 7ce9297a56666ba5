"""The way through the design that a selected node lies on."""

from collections.abc import Iterable

from onebyone.analysis import Analysis
from onebyone.edits.wires import WireKey
from onebyone.reach import reached


def wires_on_path(analysis: Analysis, chosen: Iterable[str]) -> set[WireKey]:
    """All wires that lead from the inputs to one of these nodes, or from it to the outputs."""
    nodes = analysis.design_nodes
    known = [name for name in chosen if name in nodes]
    if not known or len(known) == len(nodes):
        return set()
    users: dict[str, list[str]] = {}
    for node in nodes.values():
        for source in node.inputs:
            users.setdefault(source, []).append(node.id)
    before = reached(known, lambda name: nodes[name].inputs if name in nodes else ())
    after = reached(known, lambda name: users.get(name, ()))
    return {
        (node.id, index)
        for node in nodes.values()
        if node.id in before or node.id in after
        for index, source in enumerate(node.inputs)
        if (node.id in before and source in before) or (node.id in after and source in after)
    }
