"""What groups look like, as values: the box of a collapsed one, the title of the frame round an expanded one."""

from onebyone import quantity
from onebyone.analysis import Analysis, GroupCosts
from onebyone.design import Direction, Group
from onebyone.layers import Family
from onebyone.shape import Shape
from onebyone.text import clean_line, visible
from onebyone_desktop.canvas.items.look import (
    HEIGHT,
    LEAST_WIDTH,
    MARGIN,
    MOST_WIDTH,
    NAME_X,
    PORT_ROOM,
    WIDTH_STEP,
    NodeLook,
    elided,
    name_font,
    number_font,
    text_font,
    text_width,
)

#: The colours of groups by name: those of the layer families.
COLOURS: dict[str, Family] = {
    "slate": "tensor",
    "amber": "pointwise",
    "blue": "convolution",
    "green": "pooling",
    "violet": "merge",
    "grey": "normalization",
    "teal": "head",
}
_GLYPH = "group"
_TIME_ROOM = 46.0
_NAME_END = 8.0


def family_of(group: Group) -> Family:
    """The layer family that has the group's colour."""
    return COLOURS.get(group.colour, "tensor")


def title_of(group: Group) -> str:
    """What a group is called on screen."""
    return clean_line(visible(group.title or group.id))


def cost_words(costs: GroupCosts) -> str:
    """The summed costs of nodes: "215,808 parameters · 680 M MACs"; nothing while one of them is unknown."""
    if costs.parameters is None:
        return ""
    return f"{quantity.macs(costs.parameters)} parameters · {quantity.macs(costs.macs)} MACs"


def collapsed_look(
    group: Group, analysis: Analysis, members: tuple[str, ...], costs: GroupCosts, direction: Direction
) -> NodeLook:
    """The look of a collapsed group: its title, the sum of its costs, the shapes that leave it."""
    name, summary = title_of(group), cost_words(costs)
    ports = len(costs.entering)
    shapes = list(dict.fromkeys(passage.shape for passage in costs.leaving))
    shape = ", ".join(quantity.shape(shape) for shape in shapes if shape is not None)
    count = f"{len(members):,} nodes" if len(members) != 1 else "1 node"
    line = f"{shape} · {count}" if shape else count
    has_error = any(problem.severity == "error" and problem.node in set(members) for problem in analysis.problems)
    width = _width(name, summary, line, ports if direction == "down" else 1)
    return NodeLook(
        name=elided(name, name_font(), width - NAME_X - _NAME_END - _TIME_ROOM),
        glyph=_GLYPH,
        family=family_of(group),
        summary=elided(summary, text_font(), width - 2 * MARGIN),
        shape="" if has_error else elided(line, number_font(), width - 2 * MARGIN),
        channels=_channels(shapes),
        severity="error" if has_error else None,
        trouble="a node within has an error" if has_error else "",
        ports=ports,
        has_output=bool(costs.leaving),
        width=width,
        height=HEIGHT if direction == "down" else max(HEIGHT, ports * PORT_ROOM),
        direction=direction,
    )


def _channels(shapes: list[Shape | None]) -> str:
    known = [shape for shape in shapes if shape is not None and len(shape) > 1]
    return f"{known[0][0]:,}" if len(known) == 1 == len(shapes) else ""


def _width(name: str, summary: str, line: str, ports: int) -> float:
    wanted = max(
        text_width(name, name_font()) + NAME_X + _NAME_END + _TIME_ROOM,
        text_width(summary, text_font()) + 2 * MARGIN,
        text_width(line, number_font()) + 2 * MARGIN,
        ports * PORT_ROOM,
        LEAST_WIDTH,
    )
    steps = -(-(wanted - LEAST_WIDTH) // WIDTH_STEP)
    return min(LEAST_WIDTH + steps * WIDTH_STEP, MOST_WIDTH)
