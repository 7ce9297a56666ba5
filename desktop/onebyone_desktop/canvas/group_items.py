"""Groups on the canvas: a box in place of the nodes of a collapsed one, a frame round those of an expanded one."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from onebyone.design import Group
from onebyone.group_layout import FRAME_TITLE
from onebyone_desktop.canvas.box_item import BoxItem
from onebyone_desktop.canvas.group_look import family_of, title_of
from onebyone_desktop.canvas.look import NodeLook, elided, name_font, small_font, text_width
from onebyone_desktop.canvas.painting import TEXT_FROM_SCALE, Tools

_FRAMES_Z = -10.0
_RADIUS = 10.0
_ARROW = 9.0
_GROUND_ALPHA = 18
_EDGE_ALPHA = 150


class GroupBox(BoxItem):
    """Stands for all nodes of a collapsed group."""

    def __init__(self, group: Group, members: tuple[str, ...], look: NodeLook, tools: Tools) -> None:
        super().__init__(look, tools)
        self.group = group
        self.sources: tuple[str, ...] = ()
        self._members = members
        self._wired = look.ports

    @property
    def name(self) -> str:
        """The group's id."""
        return self.group.id

    @property
    def members(self) -> tuple[str, ...]:
        """The ids of all its nodes."""
        return self._members

    def port_for(self, source: str, index: int) -> QPointF:
        """The port in the scene that all wires from a source share."""
        return self.input_port(self.sources.index(source) if source in self.sources else 0)

    def show_group(self, group: Group, members: tuple[str, ...], sources: tuple[str, ...], look: NodeLook) -> bool:
        """Shows new values; whether wires have to follow."""
        has_changed = sources != self.sources
        self.group, self._members, self.sources = group, members, sources
        return self.show_look(look, len(sources)) or has_changed


class Frame(QGraphicsItem):
    """A frame with a title round the nodes of an expanded group."""

    def __init__(self, group: Group, tools: Tools) -> None:
        super().__init__()
        self.group = group
        self.members: tuple[str, ...] = ()
        self.rect = QRectF()
        self._words = ""
        self._is_selected = False
        self._tools = tools

    @property
    def title_rect(self) -> QRectF:
        """The bar that the frame is dragged by."""
        return QRectF(self.rect.left(), self.rect.top(), self.rect.width(), FRAME_TITLE)

    @property
    def arrow_rect(self) -> QRectF:
        """The place to click to collapse the group."""
        return QRectF(self.rect.left(), self.rect.top(), FRAME_TITLE, FRAME_TITLE)

    def show_group(self, group: Group, members: tuple[str, ...], depth: int, words: str) -> None:
        """Shows new values; inner frames lie on outer ones."""
        self.setZValue(_FRAMES_Z + min(depth, 9) * 0.5)
        if (group, words) != (self.group, self._words):
            self.update()
        self.group, self.members, self._words = group, members, words

    def show_rect(self, rect: QRectF) -> None:
        """Follows its nodes."""
        if rect != self.rect:
            self.prepareGeometryChange()
            self.rect = rect

    def show_selected(self, is_selected: bool) -> None:
        """Marks it as selected."""
        if is_selected != self._is_selected:
            self._is_selected = is_selected
            self.update()

    def show_theme(self, tools: Tools) -> None:
        """Follows a new theme."""
        self._tools = tools
        self.update()

    def boundingRect(self) -> QRectF:
        return self.rect.adjusted(-2, -2, 2, 2)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        tools = self._tools
        colour = QColor(tools.tokens.family(family_of(self.group)))
        paint_frame_ground(painter, self.rect, colour, tools, self._is_selected)
        if painter.worldTransform().m11() < TEXT_FROM_SCALE:
            return
        bar = self.title_rect
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tools.muted.color())
        centre = QPointF(bar.left() + FRAME_TITLE / 2, bar.center().y())
        half = _ARROW / 2
        painter.drawPolygon(
            QPolygonF(
                [centre + QPointF(-half, -half / 2), centre + QPointF(half, -half / 2), centre + QPointF(0, half / 1.6)]
            )
        )
        costs = self._words if text_width(self._words, small_font()) < bar.width() / 2 else ""
        taken = text_width(costs, small_font()) + 16 if costs else 0.0
        painter.setPen(tools.text)
        painter.setFont(name_font())
        room = bar.width() - FRAME_TITLE - 8 - taken
        painter.drawText(
            QPointF(bar.left() + FRAME_TITLE, bar.top() + 18.5), elided(title_of(self.group), name_font(), room)
        )
        if costs:
            painter.setPen(tools.muted)
            painter.setFont(small_font())
            painter.drawText(QPointF(bar.right() - taken + 8, bar.top() + 18), costs)


def paint_frame_ground(painter: QPainter, rect: QRectF, colour: QColor, tools: Tools, is_selected: bool) -> None:
    """Paints a frame without its title."""
    ground, edge = QColor(colour), QColor(colour)
    ground.setAlpha(_GROUND_ALPHA)
    edge.setAlpha(_EDGE_ALPHA)
    painter.setBrush(QBrush(ground))
    painter.setPen(tools.selection if is_selected else QPen(edge, 1.2))
    painter.drawRoundedRect(rect, _RADIUS, _RADIUS)
