"""The parts of a design that are compared as wholes: its outermost groups, and chains between forks and merges."""

from collections.abc import Iterator

import msgspec

from onebyone.analysis import Analysis
from onebyone.grouping import Grouping


class Branch(msgspec.Struct, frozen=True):
    """A part of a design: what to call it, and its nodes in the order of the forward pass."""

    title: str
    nodes: tuple[str, ...]


def branches(analysis: Analysis) -> tuple[Branch, ...]:
    """The parts in order; inputs, outputs and merges belong to none."""
    grouping = Grouping(analysis.design)
    inner = {name for group in analysis.design.groups for name in group.groups}
    grouped: dict[str, str] = {}
    titles: dict[str, str] = {}
    for group in analysis.design.groups:
        if group.id not in inner:
            titles[group.id] = group.title or group.id
            grouped |= dict.fromkeys(grouping.nodes_of(group.id), group.id)
    members: dict[str, list[str]] = {}
    for name in analysis.order:
        if name in grouped:
            members.setdefault(grouped[name], []).append(name)
    found = [Branch(titles[group], tuple(nodes)) for group, nodes in members.items()]
    found += _chains(analysis, grouped)
    places = {name: place for place, name in enumerate(analysis.order)}
    return tuple(sorted(found, key=lambda branch: places[branch.nodes[0]]))


def _chains(analysis: Analysis, grouped: dict[str, str]) -> Iterator[Branch]:
    """Nodes one after the other with one input and one user each."""
    nodes, users = analysis.design_nodes, analysis.topology.users
    free = [name for name in analysis.order if name not in grouped and _is_inner(analysis, name)]
    begun: dict[str, list[str]] = {}
    for name in free:
        source = nodes[name].inputs[0] if nodes[name].inputs else ""
        chain = begun.pop(source, None) if len(list(users.get(source, ()))) == 1 else None
        begun[name] = [*(chain or []), name]
    for chain in begun.values():
        names = [nodes[name].name for name in chain]
        yield Branch(" → ".join(names if len(names) < 4 else (names[0], "…", names[-1])), tuple(chain))


def _is_inner(analysis: Analysis, name: str) -> bool:
    layer = analysis.node(name).layer
    return layer.maximum_inputs == 1 and not layer.is_exit
