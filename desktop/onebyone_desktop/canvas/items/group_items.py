"""Groups on the canvas: a box in place of the nodes of a collapsed one, a frame round those of an expanded one."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from onebyone.analysis import GroupCosts
from onebyone.design import Group
from onebyone.layout.groups import FRAME_TITLE
from onebyone_desktop.canvas.items.box_item import BoxItem
from onebyone_desktop.canvas.items.group_look import family_of, title_of
from onebyone_desktop.canvas.items.look import NodeLook, elided, name_font, small_font, text_width
from onebyone_desktop.canvas.items.painting import TEXT_FROM_SCALE, Tools

_FRAMES_Z = -10.0
# Above the wires, below the nodes.
_TITLES_Z = 0.8
_TITLE_GAP = 8.0
_RADIUS = 10.0
_ARROW = 9.0
_GROUND_ALPHA = 18
_EDGE_ALPHA = 150


class GroupBox(BoxItem):
    """Stands for all nodes of a collapsed group."""

    def __init__(self, group: Group, members: tuple[str, ...], look: NodeLook, tools: Tools) -> None:
        super().__init__(look, tools)
        self.stands_for = group
        self.sources: tuple[str, ...] = ()
        self.results: tuple[str, ...] = ()
        self._members = members
        self._wired = look.ports

    @property
    def name(self) -> str:
        """The group's id."""
        return self.stands_for.id

    @property
    def members(self) -> tuple[str, ...]:
        """The ids of all its nodes."""
        return self._members

    def port_for(self, source: str, index: int) -> QPointF:
        """The port in the scene that all wires from a source share."""
        return self.input_port(self.sources.index(source) if source in self.sources else 0)

    def show_group(self, group: Group, members: tuple[str, ...], costs: GroupCosts, look: NodeLook) -> bool:
        """Shows new values; whether wires have to follow."""
        sources = tuple(passage.source for passage in costs.entering)
        has_changed = sources != self.sources
        self.stands_for, self._members, self.sources = group, members, sources
        self.results = tuple(passage.source for passage in costs.leaving)
        return self.show_look(look, len(sources)) or has_changed


class Frame(QGraphicsItem):
    """A frame round the nodes of an expanded group; its title is an item of its own, which lies above the wires."""

    def __init__(self, group: Group, tools: Tools) -> None:
        super().__init__()
        self.stands_for = group
        self.members: tuple[str, ...] = ()
        self.rect = QRectF()
        self.title = _Title(group, tools)
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
        if group != self.stands_for:
            self.update()
        self.stands_for, self.members = group, members
        self.title.show_group(group, words)

    def show_rect(self, rect: QRectF) -> None:
        """Follows its nodes."""
        if rect != self.rect:
            self.prepareGeometryChange()
            self.rect = rect
            self.title.show_bar(self.title_rect)

    def show_selected(self, is_selected: bool) -> None:
        """Marks it as selected."""
        if is_selected != self._is_selected:
            self._is_selected = is_selected
            self.update()

    def show_theme(self, tools: Tools) -> None:
        """Follows a new theme."""
        self._tools = tools
        self.title.show_theme(tools)
        self.update()

    def boundingRect(self) -> QRectF:
        return self.rect.adjusted(-2, -2, 2, 2)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        colour = QColor(self._tools.tokens.family(family_of(self.stands_for)))
        paint_frame_ground(painter, self.rect, colour, self._tools, self._is_selected)


class _Title(QGraphicsItem):
    """The arrow, the title and the costs of an expanded group, on a ground that hides the wires below."""

    def __init__(self, group: Group, tools: Tools) -> None:
        super().__init__()
        self._group = group
        self._tools = tools
        self._costs = ""
        self._bar = QRectF()
        self._words = ""
        self._shown_costs = ""
        self.setZValue(_TITLES_Z)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)

    def show_group(self, group: Group, costs: str) -> None:
        """Shows new values."""
        if (group.title, group.id, costs) != (self._group.title, self._group.id, self._costs):
            self._group, self._costs = group, costs
            self._fit()

    def show_bar(self, bar: QRectF) -> None:
        """Follows its frame."""
        # Before the bar is another: the scene would look for the item where it is not yet, and keep what is deleted.
        self.prepareGeometryChange()
        self._bar = bar
        self._fit()

    def show_theme(self, tools: Tools) -> None:
        """Follows a new theme."""
        self._tools = tools
        self.update()

    def boundingRect(self) -> QRectF:
        return self._bar

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        if painter.worldTransform().m11() < TEXT_FROM_SCALE:
            return
        tools, bar = self._tools, self._bar
        width = FRAME_TITLE + text_width(self._words, name_font()) + _TITLE_GAP
        costs = text_width(self._shown_costs, small_font())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tools.tokens.canvas))
        painter.drawRoundedRect(QRectF(bar.left() + 4, bar.top() + 5, width - 4, FRAME_TITLE - 9), 5, 5)
        if self._shown_costs:
            left = bar.right() - costs - 2 * _TITLE_GAP
            painter.drawRoundedRect(QRectF(left, bar.top() + 5, costs + 2 * _TITLE_GAP - 4, FRAME_TITLE - 9), 5, 5)
        painter.setBrush(tools.muted.color())
        centre, half = QPointF(bar.left() + FRAME_TITLE / 2, bar.center().y()), _ARROW / 2
        corners = (QPointF(-half, -half / 2), QPointF(half, -half / 2), QPointF(0, half / 1.6))
        painter.drawPolygon(QPolygonF([centre + corner for corner in corners]))
        painter.setPen(tools.text)
        painter.setFont(name_font())
        painter.drawText(QPointF(bar.left() + FRAME_TITLE, bar.top() + 18.5), self._words)
        if self._shown_costs:
            painter.setPen(tools.muted)
            painter.setFont(small_font())
            painter.drawText(QPointF(bar.right() - costs - _TITLE_GAP - 2, bar.top() + 18), self._shown_costs)

    def _fit(self) -> None:
        """Cuts the words to the width; the costs are left out where they would take more than half of it."""
        costs = text_width(self._costs, small_font())
        self._shown_costs = self._costs if costs < self._bar.width() / 2 else ""
        taken = costs + 2 * _TITLE_GAP if self._shown_costs else 0.0
        room = self._bar.width() - FRAME_TITLE - _TITLE_GAP - taken
        self._words = elided(title_of(self._group), name_font(), max(room, 0.0))
        self.update()


def paint_frame_ground(painter: QPainter, rect: QRectF, colour: QColor, tools: Tools, is_selected: bool) -> None:
    """Paints a frame without its title."""
    ground, edge = QColor(colour), QColor(colour)
    ground.setAlpha(_GROUND_ALPHA)
    edge.setAlpha(_EDGE_ALPHA)
    painter.setBrush(QBrush(ground))
    painter.setPen(tools.selection if is_selected else QPen(edge, 1.2))
    painter.drawRoundedRect(rect, _RADIUS, _RADIUS)
