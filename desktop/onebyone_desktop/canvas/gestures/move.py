"""Moving the selected nodes, in line with their neighbours or on the grid; one undo step a drag."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainterPath

from onebyone import edits
from onebyone.adding import additions
from onebyone_desktop.appearance import theme
from onebyone_desktop.canvas.gestures.gesture import Gesture
from onebyone_desktop.canvas.gestures.overlay import Overlay
from onebyone_desktop.canvas.snapping import Guides, Settled

if TYPE_CHECKING:
    from onebyone_desktop.canvas.items.wire_item import WireItem
    from onebyone_desktop.canvas.surface import Surface
    from onebyone_desktop.canvas.tasks.tasks import Tasks


class MoveGesture(Gesture):
    """Drags the selection by one of its nodes. The items move at once; the design changes at the end.

    What has no wires to other nodes, one open input and one result is put into the wire under it. Alt suppresses both.
    """

    cursor = Qt.CursorShape.SizeAllCursor
    scrolls = True

    def __init__(self, canvas: "Surface", tasks: "Tasks", start: QPointF, grabbed: str, ids: tuple[str, ...]) -> None:
        super().__init__(canvas, start)
        self._tasks = tasks
        self._before = {name: canvas.design_scene.nodes[name].pos() for name in ids}
        box = canvas.design_scene.end_of(grabbed)
        assert box is not None
        self._grabbed = box.box
        self._guides: Guides | None = None
        self._lines = Overlay(canvas.design_scene, theme.current().accent, 1.0)
        self._offset = QPointF()
        self._splice = additions.splice_of(canvas.session.design, ids)
        self._wire: WireItem | None = None

    def move(self, point: QPointF) -> None:
        canvas = self.canvas
        wanted = self._grabbed.translated(point - self.start)
        if self._guides is None:
            self._guides = self._neighbours()
        is_free = bool(self.keys & Qt.KeyboardModifier.AltModifier)
        settled = (
            Settled(wanted.topLeft()) if is_free else self._tasks.snapping.settle(wanted, self._guides, canvas.zoom)
        )
        offset = settled.corner - self._grabbed.topLeft()
        if offset != self._offset:
            self._show(offset)
            path = QPainterPath()
            for line in settled.lines:
                path.moveTo(line.p1())
                path.lineTo(line.p2())
            self._lines.show(path)
        self._mark(point)

    def end(self, point: QPointF) -> None:
        self.move(point)
        self._lines.remove()
        wire = self._wire
        self._unmark()
        if self._offset.isNull():
            return
        canvas = self.canvas
        canvas.design_scene.reroute(self._before, everything_long=True)
        positions = {}
        for name, at in self._before.items():
            place = at + self._offset
            # Sums of fractions end in digits that nobody placed.
            positions[name] = (round(place.x(), 2), round(place.y(), 2))
        if wire is not None and self._splice is not None:
            words = canvas.words_for(canvas.tr("Insert"), positions)
            room = self._tasks.adding.room_in(wire, canvas.design_scene.bounds(positions))
            is_done = canvas.apply(words, additions.move_into_wire, positions, self._splice, *wire.key, room)
        else:
            is_done = canvas.apply(canvas.words_for(canvas.tr("Move"), positions), edits.move, positions)
        if not is_done:
            self.cancel()

    def cancel(self) -> None:
        self._unmark()
        self._lines.remove()
        self._show(QPointF())
        self.canvas.design_scene.reroute(self._before, everything_long=True)

    def _neighbours(self) -> Guides:
        """The boxes in view that stay where they are."""
        scene, view = self.canvas.design_scene, self.canvas.camera.view_rect
        moved = self._before.keys()
        boxes = (item for item in scene.shown_boxes() if item.members[0] not in moved)
        return Guides(item.box for item in boxes if item.box.intersects(view))

    def _show(self, offset: QPointF) -> None:
        self.canvas.design_scene.shift(self._before, offset - self._offset)
        self._offset = offset

    def _mark(self, point: QPointF) -> None:
        """Lights the wire that the nodes would go into."""
        scene, canvas = self.canvas.design_scene, self.canvas
        wire = None
        if self._splice is not None and not self.keys & Qt.KeyboardModifier.AltModifier:
            wire = scene.wire_at(point) or scene.wire_at(scene.bounds(self._before).center())
        if wire is not None and (wire.source in self._before or wire.target in self._before):
            wire = None
        self._wire = wire
        self._tasks.adding.mark(wire)
        text = "" if wire is None else canvas.tr("Goes into this wire; hold Alt to keep it out")
        canvas.note.show_at(canvas.mapFromScene(point), text)

    def _unmark(self) -> None:
        self._wire = None
        self._tasks.adding.mark(None)
        self.canvas.note.hide()
