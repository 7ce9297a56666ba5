"""Canvases that pan and zoom together, with what differs marked."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, QPointF, QTimer, Slot

from onebyone.comparison import Comparison
from onebyone_desktop.canvas.gestures.dimming import Dimming
from onebyone_desktop.canvas.view import DesignCanvas


class LinkedCanvases(QObject):
    """Lets every canvas follow the one that is moved: the nodes that stand for each other stay side by side."""

    def __init__(self, canvases: Sequence[DesignCanvas], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._canvases = tuple(canvases)
        self._comparison: Comparison | None = None
        self._dimming: list[Dimming] = []
        self._is_marking = True
        self._is_following = False
        for canvas in canvases:
            canvas.zoom_changed.connect(self._on_canvas_moved)
            canvas.horizontalScrollBar().valueChanged.connect(self._on_canvas_moved)
            canvas.verticalScrollBar().valueChanged.connect(self._on_canvas_moved)

    def show_comparison(self, comparison: Comparison) -> None:
        """Marks what differs now: what all designs have alike is drawn back."""
        self._comparison = comparison
        # The scenes follow the same edits; they are marked once they have.
        QTimer.singleShot(0, self, self._mark)

    def mark_differences(self, is_marking: bool) -> None:
        """Marks what differs, or shows everything alike."""
        self._is_marking = is_marking
        self._mark()

    @Slot()
    def _mark(self) -> None:
        for dimming in self._dimming:
            dimming.lift()
        self._dimming = []
        if self._comparison is None or not self._is_marking:
            return
        for place, canvas in enumerate(self._canvases):
            different = self._comparison.different(place)
            same = [name for name in canvas.design_scene.nodes if name not in different]
            self._dimming.append(Dimming(canvas.design_scene, same))

    @Slot()
    def _on_canvas_moved(self) -> None:
        if self._is_following:
            return
        moved = self.sender()
        place = next(
            (
                place
                for place, canvas in enumerate(self._canvases)
                if moved in (canvas, canvas.horizontalScrollBar(), canvas.verticalScrollBar())
            ),
            None,
        )
        if place is not None:
            self.follow(place)

    def follow(self, place: int) -> None:
        """Moves all other canvases to where this one is."""
        self._is_following = True
        leader = self._canvases[place]
        for other, canvas in enumerate(self._canvases):
            if other != place:
                centre = self._counterpart_of_centre(place, other)
                canvas.camera.zoom_to(leader.zoom)
                canvas.camera.look_at(leader.camera.centre if centre is None else centre)
        self._is_following = False

    def _counterpart_of_centre(self, place: int, other: int) -> QPointF | None:
        """The point of another canvas that lies beside its nodes as the middle of this one does."""
        if self._comparison is None:
            return None
        leader, scene = self._canvases[place], self._canvases[other].design_scene
        centre = leader.camera.centre
        nearest = None
        for row in self._comparison.rows:
            own, theirs = row[place], row[other]
            if own in leader.design_scene.nodes and theirs in scene.nodes:
                offset = centre - leader.design_scene.nodes[own].box.center()
                distance = offset.manhattanLength()
                if nearest is None or distance < nearest[0]:
                    nearest = distance, scene.nodes[theirs].box.center() + offset
        return None if nearest is None else nearest[1]
