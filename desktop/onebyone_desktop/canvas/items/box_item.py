"""What nodes and collapsed groups have in common on the canvas: a box with ports, a heat and marks."""

from collections.abc import Iterator

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from onebyone_desktop.canvas.items.look import NodeLook
from onebyone_desktop.canvas.items.painting import (
    TEXT_FROM_SCALE,
    LabelSide,
    Tools,
    paint_channels,
    paint_flat_node,
    paint_node,
    paint_ports,
    paint_target,
)

_SIDE_ROOM = 5.0
_TOP_ROOM = 6.0
_LABEL_ROOM = 40.0
_BOTTOM_ROOM = 20.0
_NODES_Z = 1.0
_RAISED_Z = 2.0


class BoxItem(QGraphicsItem):
    """Paints a look with its ports; what it stands for is its subclass's business."""

    def __init__(self, look: NodeLook, tools: Tools) -> None:
        super().__init__()
        self.look = look
        self.is_selected = False
        self._tools = tools
        self._time = ""
        self._share: float | None = None
        self._warmth: float | None = None
        self._target: int | None = None
        self._is_hovered = False
        self._wired = 0
        self._is_used = False
        self._wire_width = 0.0
        self._label_side: LabelSide = "right"
        self._bounds = self._room()
        self.setZValue(_NODES_Z)

    @property
    def name(self) -> str:
        """The id of what it stands for."""
        raise NotImplementedError

    @property
    def members(self) -> tuple[str, ...]:
        """The ids of the nodes that it stands for."""
        raise NotImplementedError

    def port_for(self, source: str, index: int) -> QPointF:
        """The port in the scene of a wire from `source` to input number `index`."""
        raise NotImplementedError

    @property
    def box(self) -> QRectF:
        """The box in the scene."""
        at = self.pos()
        return QRectF(at.x(), at.y(), self.look.width, self.look.height)

    @property
    def wired(self) -> int:
        """How many of its input ports have a wire."""
        return self._wired

    @property
    def share(self) -> float | None:
        """Its share of the heat that is shown, 0 to 1."""
        return self._share

    @property
    def warmth(self) -> float | None:
        """Its place on the heat's ramp, 0 to 1; None where it is not coloured by heat."""
        return self._warmth

    def show_look(self, look: NodeLook, wired: int) -> bool:
        """Shows a new look with this many wired ports; whether the box or the ports changed, so that wires follow."""
        before = self.look
        self.look = before if look == before else look
        resized = _measures(look) != _measures(before)
        if resized:
            self.prepareGeometryChange()
            self._bounds = self._room()
        if self.look is not before or wired != self._wired:
            self._wired = wired
            self.update()
        return resized

    def show_heat(self, time: str, share: float | None, warmth: float | None) -> None:
        """Shows a measured time, the share of the current heat, and the colour of the heat's ramp (0 to 1)."""
        shown = None if share is None else round(share, 3)
        warm = None if warmth is None else round(warmth, 2)
        if (time, shown, warm) != (self._time, self._share, self._warmth):
            self._time, self._share, self._warmth = time, shown, warm
            self.update()

    def show_wire(self, is_used: bool, width: float, side: LabelSide) -> None:
        """Follows the wires that leave: the count of channels is written beside them."""
        if (is_used, width, side) != (self._is_used, self._wire_width, self._label_side):
            self._is_used, self._wire_width, self._label_side = is_used, width, side
            self.update()

    def show_wire_width(self, width: float) -> None:
        """Follows the channels of the wires that leave."""
        if self._is_used and width != self._wire_width:
            self._wire_width = width
            self.update()

    def show_selected(self, is_selected: bool) -> None:
        """Marks it as selected and raises it."""
        if is_selected != self.is_selected:
            self.is_selected = is_selected
            self.setZValue(_RAISED_Z if is_selected else _NODES_Z)
            self.update()

    def show_hovered(self, is_hovered: bool) -> None:
        """Shows all its ports while the pointer is over it."""
        if is_hovered != self._is_hovered:
            self._is_hovered = is_hovered
            self.update()

    def show_target(self, index: int | None) -> None:
        """Marks it as the place where a dragged wire would end, at input `index`; None takes the mark away."""
        if index != self._target:
            self._target = index
            self.update()

    def show_theme(self, tools: Tools) -> None:
        """Follows a new theme."""
        self._tools = tools
        self.update()

    def input_port(self, index: int) -> QPointF:
        """A port in the scene."""
        return self.pos() + self.look.input_port(index)

    def output_port(self) -> QPointF:
        """The port in the scene where wires leave."""
        return self.pos() + self.look.output_port

    def ports(self) -> Iterator[tuple[int | None, QPointF]]:
        """Its ports in the scene, each with the number of the input, or None for the output."""
        for index in range(self.look.ports):
            yield index, self.input_port(index)
        if self.look.has_output:
            yield None, self.output_port()

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        look = self.look
        if painter.worldTransform().m11() < TEXT_FROM_SCALE:
            paint_flat_node(painter, look, self._tools, self.is_selected, self._warmth)
            return
        paint_node(painter, look, self._tools, self._time, self._share, self.is_selected, self._warmth)
        wired = 0 if self._is_hovered else self._wired
        paint_ports(painter, look, self._tools, wired, self._is_used and not self._is_hovered)
        if look.channels and self._is_used:
            paint_channels(painter, look, self._tools, self._wire_width, self._label_side)
        if self._target is not None:
            paint_target(painter, look, self._tools, look.input_port(self._target))

    def _room(self) -> QRectF:
        return self.look.rect.adjusted(-_SIDE_ROOM, -_TOP_ROOM, _LABEL_ROOM, _BOTTOM_ROOM)


def _measures(look: NodeLook) -> tuple[float, float, int, bool]:
    return look.width, look.height, look.ports, look.direction == "down"
