"""Small pictures of designs: the canvas's boxes and wires without a word, gathered a little at a time."""

from collections.abc import Iterator
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen

from onebyone.analysis import Analysis, group_costs
from onebyone.grouping import Grouping
from onebyone.layout.groups import FRAME_PADDING
from onebyone_desktop.canvas.items.group_look import collapsed_look
from onebyone_desktop.canvas.items.look import NodeLook, look_at
from onebyone_desktop.canvas.items.painting import Tools
from onebyone_desktop.canvas.items.wire_courses import Boxes, reference_channels, wire_path, wire_width

_RADIUS = 8.0
# No larger than this, or a design of two nodes would fill the picture with two slabs.
_MOST_SCALE = 0.4
_LEAST_LINE = 0.8
_MOST_STRIPS = 12
_STRIP_GAP = 10.0


class _Box(NamedTuple):
    look: NodeLook
    rect: QRectF


class _Wire(NamedTuple):
    path: QPainterPath
    width: float


class _Strips(NamedTuple):
    """Parts of a drawing and the places where they are shown, all at one scale."""

    scale: float
    parts: list[QRectF]
    places: list[QRectF]


class Sketch:
    """The drawing of a design, of which all nodes have positions. It is complete when its `steps` have been taken."""

    def __init__(self, analysis: Analysis) -> None:
        self._analysis = analysis
        self._grouping = Grouping(analysis.design)
        self._boxes: dict[str, _Box] = {}
        self._frames: list[QRectF] = []
        self._wires: list[_Wire] = []

    @property
    def boxes(self) -> int:
        """How many boxes it shows: nodes and collapsed groups."""
        return len(self._boxes)

    def steps(self) -> Iterator[None]:
        """Gathers the drawing; a step takes a fraction of a millisecond."""
        for node in self._analysis.design.nodes:
            look = look_at(node, self._analysis.nodes[node.id], None, self._analysis.design.direction)
            self._boxes[node.id] = _Box(look, look.rect.translated(QPointF(*(node.position or (0.0, 0.0)))))
            yield
        yield from self._fold()
        yield from self._wire()

    def paint(self, painter: QPainter, room: QRectF, tools: Tools) -> None:
        """Paints the drawing into the middle of a rectangle; a long one in several strips, to be read like lines."""
        bounds = self._bounds()
        if bounds.isEmpty():
            return
        is_down = self._analysis.design.direction == "down"
        strips = [_strips(bounds, room, count, is_down) for count in range(1, _MOST_STRIPS + 1)]
        best = max(strips, key=lambda each: each.scale)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for place, part in zip(best.places, best.parts, strict=True):
            painter.save()
            painter.setClipRect(place)
            painter.translate(place.topLeft())
            painter.scale(best.scale, best.scale)
            painter.translate(-part.topLeft())
            self._paint(painter, tools, _LEAST_LINE / best.scale)
            painter.restore()
        painter.restore()

    def _paint(self, painter: QPainter, tools: Tools, least: float) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(tools.outline.color(), least))
        for frame in self._frames:
            painter.drawRoundedRect(frame, _RADIUS, _RADIUS)
        for wire in self._wires:
            painter.setPen(QPen(tools.wire, max(wire.width, least), c=Qt.PenCapStyle.FlatCap))
            painter.drawPath(wire.path)
        painter.setPen(Qt.PenStyle.NoPen)
        for look, rect in self._boxes.values():
            painter.setBrush(tools.families[look.family])
            painter.drawRoundedRect(rect, _RADIUS, _RADIUS)

    def _bounds(self) -> QRectF:
        bounds = QRectF()
        for rect in (*(box.rect for box in self._boxes.values()), *self._frames):
            bounds = bounds.united(rect)
        return bounds

    def _fold(self) -> Iterator[None]:
        """Puts a box in the place of each collapsed group, and a frame round the others."""
        for group in self._analysis.design.groups:
            members = self._grouping.nodes_of(group.id)
            if self._grouping.is_hidden(group.id) or not members:
                continue
            around = QRectF()
            for name in members:
                around = around.united(self._boxes[name].rect)
            if not group.collapsed:
                self._frames.append(around.adjusted(-FRAME_PADDING, -FRAME_PADDING, FRAME_PADDING, FRAME_PADDING))
                continue
            direction = self._analysis.design.direction
            costs = group_costs(self._analysis, members)
            look = collapsed_look(group, self._analysis, members, costs, direction)
            rect = look.rect
            rect.moveCenter(around.center())
            rect.moveLeft(around.left()) if direction == "right" else rect.moveTop(around.top())
            for name in members:
                self._boxes.pop(name)
            self._boxes[group.id] = _Box(look, rect)
            yield

    def _wire(self) -> Iterator[None]:
        analysis, direction = self._analysis, self._analysis.design.direction
        obstacles = Boxes()
        for name, box in self._boxes.items():
            obstacles.place(name, box.rect, direction)
            yield
        reference = reference_channels(found.shape for found in analysis.nodes.values())
        for node in analysis.design.nodes:
            target = self._end_of(node.id)
            for index, source in enumerate(node.inputs):
                origin = self._end_of(source)
                if origin is None or target is None or origin is target:
                    continue
                port = target.look.input_port(index) if node.id in self._boxes else _middle_port(target.look)
                width = wire_width(analysis.nodes[source].shape, reference)
                path = wire_path(
                    origin.rect.topLeft() + origin.look.output_port,
                    target.rect.topLeft() + port,
                    width,
                    obstacles,
                    direction,
                    target.look.ports > 1,
                )
                self._wires.append(_Wire(path, width))
                yield

    def _end_of(self, name: str) -> _Box | None:
        """The box that stands for a node."""
        return self._boxes.get(self._grouping.outermost_collapsed(name) or name)


def _middle_port(look: NodeLook) -> QPointF:
    return QPointF(0, look.height / 2) if look.direction == "right" else QPointF(look.width / 2, 0)


def _strips(bounds: QRectF, room: QRectF, count: int, is_down: bool) -> _Strips:
    """The drawing in so many strips of equal length, beside each other where it goes down, else below each other."""
    gaps = _STRIP_GAP * (count - 1)
    width, height = (bounds.width(), bounds.height() / count) if is_down else (bounds.width() / count, bounds.height())
    if is_down:
        scale = min((room.width() - gaps) / (count * width), room.height() / height, _MOST_SCALE)
    else:
        scale = min(room.width() / width, (room.height() - gaps) / (count * height), _MOST_SCALE)
    step = QPointF(width * scale + _STRIP_GAP, 0) if is_down else QPointF(0, height * scale + _STRIP_GAP)
    along = QPointF(0, height) if is_down else QPointF(width, 0)
    size, shown = QSizeF(width, height), QSizeF(width * scale, height * scale)
    last = QRectF(step * (count - 1), shown)
    start = room.center() - last.bottomRight() / 2
    return _Strips(
        scale,
        [QRectF(bounds.topLeft() + along * number, size) for number in range(count)],
        [QRectF(start + step * number, shown) for number in range(count)],
    )
