"""What a set of nodes costs together, and which tensors enter and leave it."""

from collections.abc import Iterable

import msgspec

from onebyone.analysis.analysis import Analysis
from onebyone.analysis.memory import result_bytes
from onebyone.shape import Shape


class Passage(msgspec.Struct, frozen=True):
    """The result of a node that crosses the border of a group; the shape is None where it is unknown."""

    source: str
    shape: Shape | None


class GroupCosts(msgspec.Struct, frozen=True):
    """Sums over the nodes of a group; None while the figures of one of them are unknown.

    `activation_bytes` counts each tensor once. `entering` are the results of other nodes that the group takes in,
    `leaving` those of its own that others take, both without repeats.
    """

    weights: int | None
    biases: int | None
    norm: int | None
    macs: int | None
    activation_bytes: int | None
    entering: tuple[Passage, ...]
    leaving: tuple[Passage, ...]

    @property
    def parameters(self) -> int | None:
        """Weights, biases and norm."""
        if self.weights is None or self.biases is None or self.norm is None:
            return None
        return self.weights + self.biases + self.norm


def group_costs(analysis: Analysis, ids: Iterable[str]) -> GroupCosts:
    """The costs of these nodes and the tensors at their border; ids that are no nodes are passed over."""
    nodes = analysis.design_nodes
    chosen = {name: nodes[name] for name in dict.fromkeys(ids) if name in nodes}
    entering = dict.fromkeys(
        source for node in chosen.values() for source in node.inputs if source not in chosen and source in nodes
    )
    users = analysis.topology.users
    leaving = [name for name in chosen if any(user not in chosen for user in users.get(name, ()))]
    costs = [found for name in chosen if (found := analysis.nodes[name].costs) is not None]
    if len(costs) < len(chosen):
        return GroupCosts(None, None, None, None, None, _passages(analysis, entering), _passages(analysis, leaving))
    return GroupCosts(
        sum(cost.weights for cost in costs),
        sum(cost.biases for cost in costs),
        sum(cost.norm for cost in costs),
        sum(cost.macs for cost in costs),
        sum(result_bytes(node, analysis.nodes[name]) for name, node in chosen.items()),
        _passages(analysis, entering),
        _passages(analysis, leaving),
    )


def _passages(analysis: Analysis, sources: Iterable[str]) -> tuple[Passage, ...]:
    return tuple(Passage(source, analysis.nodes[source].shape) for source in sources)
