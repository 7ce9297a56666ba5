"""What a 1×1 convolution buys: the design without it, and the widths at which it pays.

Source: Lin et al., Network In Network, 2013 (the 1×1 as cccp layer); Szegedy et al., Going Deeper with Convolutions,
    2014, section 4 (reductions before 3×3 and 5×5, projection after the pool); He et al., 2015 (bottleneck).
"""

from collections.abc import Iterator
from typing import Literal

import msgspec

from onebyone import quantity
from onebyone.analysis import Analysis, Totals, analyze
from onebyone.design import Design, Node
from onebyone.edits.rewiring import dissolve
from onebyone.layers import Conv2d
from onebyone.layers.convolution import as_conv2d

#: Where a 1×1 stands: in front of a larger kernel, behind a pool, or behind a convolution.
Role = Literal["reduction", "projection", "expansion"]

#: The figures that are compared, in order.
DIFFERENCES = ("weights", "MACs", "peak memory", "output channels")


class Served(msgspec.Struct, frozen=True):
    """A k×l convolution behind a reduction: its weights for each channel that comes in, and its output pixels."""

    node: str
    kernel: tuple[int, int]
    groups: int
    out_channels: int
    pixels: int

    @property
    def weights_a_channel(self) -> int:
        """k·l·C' / groups."""
        return self.kernel[0] * self.kernel[1] * self.out_channels // self.groups


class BreakEven(msgspec.Struct, frozen=True):
    """Weights and MACs of a reduction and the convolutions behind it, as functions of its width r.

    With it they cost r·C + r·S weights, without it C·S, where C are the channels that come in and S is the sum of
    k·l·C' over the convolutions; so it pays below r* = C·S / (C + S), which for one convolution is
    k²·C·C' / (C + k²·C').
    """

    channels: int
    pixels: int
    served: tuple[Served, ...]

    @property
    def weights_without(self) -> int:
        """C·S."""
        return self.channels * self._served_weights

    @property
    def width(self) -> float:
        """The width r* from which on the reduction saves no weights."""
        return self.weights_without / (self.channels + self._served_weights)

    @property
    def width_by_macs(self) -> float:
        """The width from which on it saves no MACs; another one than r* where the convolutions are strided."""
        served = sum(each.weights_a_channel * each.pixels for each in self.served)
        return self.channels * served / (self.channels * self.pixels + served)

    def weights(self, width: float) -> float:
        """Weights with a reduction of this width: r·C + r·S."""
        return width * (self.channels + self._served_weights)

    @property
    def _served_weights(self) -> int:
        return sum(each.weights_a_channel for each in self.served)


class Difference(msgspec.Struct, frozen=True):
    """What a figure of the whole design is with the 1×1, and without it."""

    title: str
    with_it: int
    without: int
    unit: str = ""

    @property
    def change(self) -> int:
        """How much more it is with the 1×1; negative where that saves."""
        return self.with_it - self.without

    @property
    def words(self) -> str:
        """The change with its sign and its share of what it was without: "−92,160 (−36.1 %)"."""
        shown = quantity.byte_size(abs(self.change)) if self.unit == "bytes" else quantity.count(abs(self.change))
        if not self.change:
            return "no change"
        sign = "+" if self.change > 0 else "−"
        share = f" ({sign}{quantity.percent(abs(self.change) / self.without)})" if self.without else ""
        return f"{sign}{shown}{share}"


class Counterfactual(msgspec.Struct, frozen=True):
    """A 1×1 convolution, and its design without it.

    `differences` are empty and `obstacle` says why where the two cannot be compared: the design has errors, or would
    not fit together without the 1×1.
    """

    node: str
    role: Role
    partners: tuple[str, ...]
    analysis: Analysis
    without: Analysis
    break_even: BreakEven | None
    differences: tuple[Difference, ...]
    obstacle: str = ""

    @property
    def design(self) -> Design:
        """The design without the 1×1."""
        return self.without.design


def mixes_channels(node: Node) -> bool:
    """Whether a node is a 1×1 convolution over all channels that is in force."""
    return node.layer.is_pointwise and not node.layer.is_grouped and not node.bypassed


def role_of(analysis: Analysis, node_id: str) -> Role | None:
    """What a 1×1 convolution does where it stands; None where the node is none, or stands elsewhere."""
    node = analysis.design_nodes.get(node_id)
    if node is None or not mixes_channels(node):
        return None
    if any(True for _ in _served(analysis, node_id)):
        return "reduction"
    source = _source(analysis, node)
    if source is None:
        return None
    if source.layer.is_pool:
        # What reads a pool beside others is the first layer of a branch.
        return "projection" if len(list(analysis.topology.users.get(source.id, ()))) == 1 else None
    is_convolution = source.layer.learns and source.layer.window is not None
    return "expansion" if is_convolution else None


def counterfactual(analysis: Analysis, node_id: str) -> Counterfactual | None:
    """What a 1×1 buys; None where the node is none, or is not in front of a larger kernel nor behind a layer it serves.

    Without a reduction the norms and activations between it and the larger kernels go too; without another 1×1 what
    follows it stays.
    """
    role = role_of(analysis, node_id)
    if role is None:
        return None
    node = analysis.node(node_id)
    served = tuple(_served(analysis, node_id))
    source = _source(analysis, node)
    partners = tuple(name for name, _ in served) if role == "reduction" else (source.id,) if source else ()
    gone = {node_id}.union(*(between for _, between in served))
    design = msgspec.structs.replace(
        dissolve(analysis.design, gone), name=f"{analysis.design.name or 'Untitled'} without {node.name}"
    )
    without = analyze(design, analysis, analysis.bytes_per_element)
    obstacle = _obstacle(node, analysis, without)
    return Counterfactual(
        node=node_id,
        role=role,
        partners=partners,
        analysis=analysis,
        without=without,
        break_even=_break_even(analysis, node_id) if role == "reduction" else None,
        differences=() if obstacle else tuple(_differences(analysis.totals, without.totals)),
        obstacle=obstacle,
    )


def proposed_width(analysis: Analysis, node_id: str) -> int | None:
    """A width for a reduction in front of a convolution: half of the break-even one, in steps of 16 from 16 on.

    None where the node is no convolution of a larger kernel, where its input is unknown, or where no width pays.
    """
    node, found = analysis.design_nodes.get(node_id), analysis.nodes.get(node_id)
    if node is None or found is None or found.shape is None or not _is_larger(node):
        return None
    channels = found.inputs[0][0]
    served = _as_served(analysis, node_id)
    pays_below = BreakEven(channels, 1, (served,)).width
    width = int(pays_below / 2)
    width = width // 16 * 16 if width >= 16 else width
    return width if width >= 1 else None


def _served(analysis: Analysis, node_id: str) -> Iterator[tuple[str, frozenset[str]]]:
    """The larger kernels that a node feeds through norms and activations, and what stands between for them alone."""
    for name, between in _ends(analysis, node_id):
        if _is_larger(analysis.node(name)):
            yield name, between


def _ends(analysis: Analysis, node_id: str) -> Iterator[tuple[str, frozenset[str]]]:
    """All that a node feeds, directly or through norms and activations, and what stands between for it alone."""
    nodes, users = analysis.design_nodes, analysis.topology.users
    waiting: list[tuple[str, frozenset[str]]] = [(node_id, frozenset())]
    while waiting:
        name, between = waiting.pop()
        for user in users.get(name, ()):
            if not nodes[user].layer.is_follower:
                yield user, between
            else:
                is_alone = len(list(users.get(user, ()))) == 1
                waiting.append((user, between | {user} if is_alone else between))


def _source(analysis: Analysis, node: Node) -> Node | None:
    """The layer that a node works on, seen through norms and activations."""
    nodes = analysis.design_nodes
    for _ in nodes:
        if not node.inputs or node.inputs[0] not in nodes:
            return None
        node = nodes[node.inputs[0]]
        if not node.layer.is_follower and not (node.bypassed and node.layer.can_be_bypassed):
            return node
    return None


def _is_larger(node: Node) -> bool:
    return as_conv2d(node.layer) is not None and not node.layer.is_pointwise and not node.bypassed


def _break_even(analysis: Analysis, node_id: str) -> BreakEven | None:
    """The arithmetic of a reduction; None where something else than ungrouped convolutions reads it."""
    found = analysis.nodes[node_id]
    ends = sorted({name for name, _ in _ends(analysis, node_id)})
    layers = [analysis.node(name).layer for name in ends]
    if found.shape is None or any(analysis.nodes[name].shape is None for name in ends):
        return None
    if any(as_conv2d(layer) is None or layer.is_grouped for layer in layers):
        return None
    pixels = found.shape[1] * found.shape[2]
    return BreakEven(found.inputs[0][0], pixels, tuple(_as_served(analysis, name) for name in ends))


def _as_served(analysis: Analysis, node_id: str) -> Served:
    layer, shape = _layer(analysis, node_id), analysis.nodes[node_id].shape
    assert shape is not None
    return Served(node_id, layer.kernel, layer.groups, layer.out_channels, shape[1] * shape[2])


def _layer(analysis: Analysis, node_id: str) -> Conv2d:
    layer = as_conv2d(analysis.node(node_id).layer)
    assert layer is not None
    return layer


def _obstacle(node: Node, analysis: Analysis, without: Analysis) -> str:
    """Why a design and its counterfactual cannot be compared."""
    if not analysis.is_valid:
        return "Known once the design has no errors."
    if not without.is_valid:
        problem = next(each for each in without.problems if each.severity == "error")
        return f"Without '{node.name}' the design does not fit together. {problem.message}"
    window = node.layer.window
    if window is not None and window.stride != (1, 1):
        stride = quantity.pair(window.stride)
        return f"'{node.name}' also skips pixels (stride {stride}), so it cannot be left out alone."
    return ""


def _differences(with_it: Totals, without: Totals) -> Iterator[Difference]:
    channels = [sum(shape[0] for shape in totals.outputs.values() if shape) for totals in (with_it, without)]
    figures = (
        (with_it.weights, without.weights),
        (with_it.macs, without.macs),
        (with_it.peak_activation_bytes, without.peak_activation_bytes),
        (channels[0], channels[1]),
    )
    for title, (ours, theirs) in zip(DIFFERENCES, figures, strict=True):
        if ours is not None and theirs is not None:
            yield Difference(title, ours, theirs, "bytes" if title == "peak memory" else "")


def role_words(found: Counterfactual) -> str:
    """What the 1×1 does where it stands: "reduction 192 → 96 in front of conv3x3 (3×3)"."""
    nodes = found.analysis.design_nodes
    shapes = found.analysis.nodes[found.node]
    change = f" {shapes.inputs[0][0]:,} → {shapes.shape[0]:,}" if shapes.shape is not None else ""
    names = ", ".join(f"{nodes[name].name} ({nodes[name].layer.type_name})" for name in found.partners)
    place = {"reduction": "in front of", "projection": "behind", "expansion": "behind"}[found.role]
    word = _role_word(found)
    return f"{word}{change} {place} {names}"


def _role_word(found: Counterfactual) -> str:
    shapes = found.analysis.nodes[found.node]
    if shapes.shape is None or found.role == "projection":
        return "Projection" if found.role == "projection" else "1×1"
    before, after = shapes.inputs[0][0], shapes.shape[0]
    return "Narrows" if after < before else "Widens" if after > before else "Mixes"


def break_even_words(found: BreakEven, width: int) -> tuple[str, ...]:
    """The arithmetic of a reduction with its numbers, a line each."""
    sums = " + ".join(f"{each.kernel[0]}·{each.kernel[1]}·{width:,}·{each.out_channels:,}" for each in found.served)
    alone = " + ".join(
        f"{each.kernel[0]}·{each.kernel[1]}·{found.channels:,}·{each.out_channels:,}" for each in found.served
    )
    star = f"It saves weights below r* = {found.width:,.1f} channels"
    by_macs = found.width_by_macs
    if abs(by_macs - found.width) >= 0.05:
        star += f", MACs below {by_macs:,.1f}"
    lines = (
        f"with: {found.channels:,}·{width:,} + {sums} = {quantity.count(round(found.weights(width)))} weights",
        f"without: {alone} = {quantity.count(found.weights_without)}",
    )
    if len(found.served) == 1:
        each = found.served[0]
        area = each.kernel[0] * each.kernel[1]
        star += (
            f" = {area}·{found.channels:,}·{each.out_channels:,} / ({found.channels:,} + {area}·{each.out_channels:,})"
        )
    return (*lines, f"{star}.")
