"""A wire on the canvas: Qt's own path item, so that painting it runs no Python."""

from collections.abc import Iterator
from itertools import pairwise

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainterPath, QPainterPathStroker, QPen
from PySide6.QtWidgets import QGraphicsPathItem

from onebyone.edits.wires import WireKey
from onebyone_desktop.canvas.items.painting import Tools
from onebyone_desktop.canvas.items.wire_courses import SHORT, UNKNOWN_WIDTH

_CURVE_DATA = QPainterPath.ElementType.CurveToDataElement
_LEAST_GRIP = 10.0
_WIRES_Z = 0.0
_RAISED_Z = 0.5
# Above the node that is dragged over it.
_MARKED_Z = 2.5


def wire_pen(width: float, tools: Tools, is_marked: bool = False) -> QPen:
    """The pen of a wire; a wire of unknown shape is thin and dashed."""
    pen = QPen(tools.accent if is_marked else tools.wire, max(width, 2.5) if is_marked else width)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    if width == UNKNOWN_WIDTH:
        pen.setDashPattern([4.0, 3.0])
    return pen


class WireItem(QGraphicsPathItem):
    """Input number `index` of `target`, fed by `source`."""

    def __init__(self, source: str, target: str, index: int, tools: Tools) -> None:
        super().__init__()
        self.source = source
        self.target = target
        self.index = index
        self.width = 0.0
        self.is_selected = False
        #: Whether it passes rows of nodes, which it may have to go round.
        self.is_long = False
        #: Around its course.
        self.span = QRectF()
        self._ends = QPointF(), QPointF(), True
        self._is_marked = False
        self._is_on_path = False
        self._lines: list[QLineF] | None = None
        self._tools = tools
        self.setZValue(_WIRES_Z)

    @property
    def key(self) -> WireKey:
        """The place of the wire in the design."""
        return self.target, self.index

    @property
    def lines(self) -> list[QLineF]:
        """Its course as straight lines between the ends of its curves; worked out once after each change."""
        if self._lines is None:
            self._lines = list(_straight(self.path()))
        return self._lines

    def show_width(self, width: float) -> bool:
        """Follows the channels of its source; whether it was of another width before."""
        if width == self.width:
            return False
        self.width = width
        self._renew_pen()
        return True

    def is_laid(self, start: QPointF, end: QPointF, is_down: bool) -> bool:
        """Whether it is a short wire that runs between these points already: nothing else can change its course."""
        return not self.is_long and self._ends == (start, end, is_down)

    def show_course(self, path: QPainterPath, start: QPointF, end: QPointF, is_down: bool) -> None:
        """Follows the boxes that it joins."""
        self.is_long = (end.y() - start.y() if is_down else end.x() - start.x()) > SHORT
        self.span = path.controlPointRect()
        self._ends = start, end, is_down
        self._lines = None
        self.setPath(path)

    def shift(self, offset: QPointF) -> None:
        """Moves with both of its ends."""
        self.span.translate(offset)
        start, end, is_down = self._ends
        self._ends = start + offset, end + offset, is_down
        self._lines = None
        self.setPath(self.path().translated(offset))

    def show_on_path(self, is_on_path: bool) -> None:
        """Marks it as leading to or from the selected node."""
        if is_on_path != self._is_on_path:
            self._is_on_path = is_on_path
            self._renew_pen()

    def show_selected(self, is_selected: bool) -> None:
        """Marks it as selected."""
        if is_selected != self.is_selected:
            self.is_selected = is_selected
            self._renew_pen()

    def show_marked(self, is_marked: bool) -> None:
        """Marks it as the place where a dragged layer would be inserted."""
        if is_marked != self._is_marked:
            self._is_marked = is_marked
            self._renew_pen()

    def show_theme(self, tools: Tools) -> None:
        """Follows a new theme."""
        self._tools = tools
        self._renew_pen()

    def is_at(self, point: QPointF) -> bool:
        """Whether a point in the scene is on the wire, or near a thin one."""
        grip = max(self.width, _LEAST_GRIP)
        return self.path().controlPointRect().adjusted(-grip, -grip, grip, grip).contains(point) and self._stroke(
            grip
        ).contains(point)

    def _stroke(self, width: float) -> QPainterPath:
        stroker = QPainterPathStroker()
        stroker.setWidth(width)
        return stroker.createStroke(self.path())

    def _renew_pen(self) -> None:
        is_marked = self.is_selected or self._is_marked
        self.setZValue(_MARKED_Z if self._is_marked else _RAISED_Z if is_marked else _WIRES_Z)
        pen = wire_pen(self.width, self._tools, is_marked)
        if self._is_on_path and not is_marked:
            pen.setColor(self._tools.path)
        self.setPen(pen)


def _straight(path: QPainterPath) -> Iterator[QLineF]:
    elements = [path.elementAt(place) for place in range(path.elementCount())]
    points = [elements[0]] if elements else []
    points += [
        element
        for element, following in zip(elements[1:], [*elements[2:], None], strict=True)
        if element.isLineTo() or (not element.isCurveTo() and (following is None or following.type != _CURVE_DATA))
    ]
    for start, end in pairwise(points):
        yield QLineF(start.x, start.y, end.x, end.y)
