"""Cycles of a design, found and named by networkx."""

from collections.abc import Mapping

import msgspec


class Cycle(msgspec.Struct, frozen=True):
    """Nodes that all lead to each other, and the wires of one way round through some of them."""

    nodes: frozenset[str]
    wires: tuple[tuple[str, str], ...]


def find_cycles(wires: Mapping[str, tuple[str, ...]]) -> list[Cycle]:
    """The strongly connected parts of more than one node; wires are (source, target), from the inputs of each node."""
    import networkx as nx

    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(wires)
    graph.add_edges_from((source, target) for target, sources in wires.items() for source in sources)
    parts = [frozenset(part) for part in nx.strongly_connected_components(graph) if len(part) > 1]
    return [Cycle(part, tuple(edge[:2] for edge in nx.find_cycle(graph.subgraph(part)))) for part in parts]
