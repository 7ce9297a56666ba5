"""What a node looks like, as a value: its texts, cut to size, and its measures. Canvas and exports draw it."""

from functools import cache, lru_cache

import msgspec
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF

from onebyone import quantity
from onebyone.analysis import NodeAnalysis
from onebyone.design import Direction, Node
from onebyone.layers import Family
from onebyone.problem import Problem, Severity
from onebyone.text import clean_line, visible
from onebyone_desktop.appearance import theme
from onebyone_desktop.appearance.icons import kind_glyph

# Scene units are pixels at 100 %. The middle of every width lies on one raster of 8 with that of the others.
LEAST_WIDTH = 160.0
WIDTH_STEP = 16.0
MOST_WIDTH = 312.0
HEADER_HEIGHT = 20.0
HEIGHT = 58.0
MARGIN = 10.0
NAME_X = 26.0
BAR_WIDTH = 42.0
PORT_ROOM = 17.0
_MOST_PORTS = 64
_TIME_ROOM = 46.0
_NAME_END = 8.0
SIGN = 10.0
SIGN_GAP = 4.0
_TROUBLE_GAP = 8.0
# What a node says of its trouble, the longest words first; the tooltip and the Problems panel say it in full.
_SHORT_WORDS = {
    "cycle": ("in a cycle",),
    "self-loop": ("feeds itself",),
    "too-many-inputs": ("too many wires",),
    "unknown-input": ("an input is gone",),
    "unreachable": ("waits for an input", "waits"),
    "unused-output": ("result not used", "not used", "unused"),
    "channel-mismatch": ("channels differ",),
    "spatial-mismatch": ("sizes differ",),
    "rank-mismatch": ("needs another shape",),
    "fixed-shape": ("needs another shape",),
}


class NodeLook(msgspec.Struct, frozen=True):
    """A node's texts and measures.

    `channels` is written beside its wire, and empty where the layer keeps them; `shape` is empty where it is unknown
    and the trouble takes its place. Beside a shape the trouble takes the place of the heat. A trouble without a
    severity is that of another node: this one only waits.
    """

    name: str
    glyph: str
    family: Family
    summary: str
    shape: str
    channels: str
    severity: Severity | None
    trouble: str
    ports: int
    has_output: bool
    width: float
    height: float = HEIGHT
    direction: Direction = "down"
    is_bypassed: bool = False

    @property
    def rect(self) -> QRectF:
        """The box, with its top left at zero."""
        return QRectF(0, 0, self.width, self.height)

    @property
    def output_port(self) -> QPointF:
        """Where wires leave."""
        if self.direction == "right":
            return QPointF(self.width, self.height / 2)
        return QPointF(self.width / 2, self.height)

    def input_port(self, index: int) -> QPointF:
        """Where wire number `index` arrives; the ports are spread over the top, or the left side, in order."""
        part = (index + 0.5) / max(self.ports, index + 1)
        if self.direction == "right":
            return QPointF(0, self.height * part)
        return QPointF(self.width * part, 0)


def look_at(
    node: Node,
    analysis: NodeAnalysis,
    problem: Problem | None = None,
    direction: Direction = "down",
    waits_for: str = "",
) -> NodeLook:
    """The look of a node with its first problem, or with the name of the node whose problem it waits for."""
    layer = node.layer
    name = clean_line(visible(node.name))
    summary = layer.summary(*analysis.inputs)
    ports = max(len(node.inputs), layer.minimum_inputs)
    is_down = direction == "down"
    width = _fitting_width(name, summary, ports if is_down else 1)
    severity = problem.severity if problem is not None else None
    shape = quantity.shape(analysis.shape)
    trouble = ""
    if problem is not None:
        words = _SHORT_WORDS.get(problem.code) or (short_message(node, problem),)
        free = width - 2 * MARGIN - SIGN - SIGN_GAP
        if analysis.shape is None:
            shape, trouble = "", elided(words[0], small_font(), free)
        else:
            shape = elided(shape, number_font(), free)
            free -= text_width(shape, number_font()) + _TROUBLE_GAP
            trouble = next((text for text in words if text_width(text, small_font()) <= free), "")
    elif waits_for and analysis.shape is None:
        shape = ""
        trouble = elided(f"waits for {clean_line(visible(waits_for))}", small_font(), width - 2 * MARGIN)
    room = width - NAME_X - _NAME_END - (0 if layer.family == "tensor" else _TIME_ROOM)
    return NodeLook(
        name=elided(name, name_font(), room),
        glyph=kind_glyph(layer),
        family=layer.family,
        summary=elided(summary, text_font(), width - 2 * MARGIN),
        shape=shape,
        channels=_changed_channels(analysis),
        severity=severity,
        trouble=trouble,
        ports=ports,
        has_output=not layer.is_exit,
        width=width,
        height=HEIGHT if is_down else max(HEIGHT, min(ports, _MOST_PORTS) * PORT_ROOM),
        direction=direction,
        is_bypassed=node.bypassed,
    )


def short_message(node: Node, problem: Problem) -> str:
    """A problem without the name of its node and without the advice behind the semicolon."""
    message = problem.message.removeprefix(f"{node.layer.label} '{visible(node.name)}': ")
    return message.partition(";")[0].partition(", so ")[0].removesuffix(".")


def full_text(node: Node, analysis: NodeAnalysis, problems: tuple[Problem, ...]) -> str:
    """What the tooltip says of a node: everything that may be cut off on the canvas."""
    summary = node.layer.summary(*analysis.inputs)
    lines = [visible(node.name), node.layer.type_name + (f": {summary}" if summary else "")]
    if analysis.shape is not None:
        lines.append(quantity.shape(analysis.shape))
    if analysis.costs is not None and analysis.costs.parameters:
        macs, parameters = quantity.macs(analysis.costs.macs), quantity.count(analysis.costs.parameters)
        lines.append(f"{parameters} parameters, {macs} MACs")
    lines += [problem.message for problem in problems]
    return "\n".join(lines)


def _changed_channels(analysis: NodeAnalysis) -> str:
    shape = analysis.shape
    if shape is None or len(shape) == 1 or (len(analysis.inputs) == 1 and analysis.inputs[0][0] == shape[0]):
        return ""
    if len(analysis.inputs) > 1 and any(source[0] == shape[0] for source in analysis.inputs):
        return ""
    return f"{shape[0]:,}"


def _fitting_width(name: str, summary: str, ports: int) -> float:
    wanted = max(
        text_width(name, name_font()) + NAME_X + _NAME_END + _TIME_ROOM,
        text_width(summary, text_font()) + 2 * MARGIN,
        min(ports, _MOST_PORTS) * PORT_ROOM,
        LEAST_WIDTH,
    )
    steps = -(-(wanted - LEAST_WIDTH) // WIDTH_STEP)
    most = max(
        MOST_WIDTH, LEAST_WIDTH + -(-(min(ports, _MOST_PORTS) * PORT_ROOM - LEAST_WIDTH) // WIDTH_STEP) * WIDTH_STEP
    )
    return min(LEAST_WIDTH + steps * WIDTH_STEP, most)


@lru_cache(maxsize=8192)
def text_width(text: str, font: QFont) -> float:
    """The width of one line of text in scene units."""
    return _metrics(font).horizontalAdvance(text)


@lru_cache(maxsize=8192)
def elided(text: str, font: QFont, room: float) -> str:
    """The text, cut with an ellipsis where it is wider than `room`."""
    return (
        text if text_width(text, font) <= room else _metrics(font).elidedText(text, Qt.TextElideMode.ElideRight, room)
    )


@lru_cache(maxsize=32)
def _metrics(font: QFont) -> QFontMetricsF:
    return QFontMetricsF(font)


@cache
def name_font() -> QFont:
    """The font of names in headers."""
    return _font(theme.UI_FAMILIES, 12, QFont.Weight.DemiBold)


@cache
def text_font() -> QFont:
    """The font of summaries."""
    return _font(theme.UI_FAMILIES, 11)


@cache
def small_font() -> QFont:
    """The font of messages and of counts beside wires."""
    return _font(theme.UI_FAMILIES, 10)


@cache
def number_font() -> QFont:
    """The font of shapes and times."""
    return _font(theme.FIXED_FAMILIES, 10)


@cache
def hint_font() -> QFont:
    """The font of a hint on an empty canvas and of a diagram's title."""
    return _font(theme.UI_FAMILIES, 15)


def _font(families: tuple[str, ...], pixels: int, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    # In scene units, not points: the boxes are measured with it, whatever the resolution of the device.
    font = QFont(theme.family_of(families))
    font.setPixelSize(pixels)
    font.setWeight(weight)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font
