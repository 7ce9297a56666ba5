"""Opens the search on a canvas and adds what is chosen."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QPointF, Qt, Slot

from onebyone import edits
from onebyone.adding import additions
from onebyone.adding.connections import connections
from onebyone.adding.entries import entries
from onebyone.adding.search import Place, Suggestion
from onebyone_desktop.settings import Settings

if TYPE_CHECKING:
    from onebyone_desktop.canvas.search.popup import SearchPopup
    from onebyone_desktop.canvas.surface import Surface
    from onebyone_desktop.canvas.tasks.adding import Adding

_BELOW_POINTER = 10
_BELOW_NODE = 12


class Searching(QObject):
    """Knows where the search was opened: the point of the scene and the nodes that feed what is chosen."""

    def __init__(self, canvas: "Surface", adding: "Adding") -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._adding = adding
        self._popup: SearchPopup | None = None
        self._point: QPointF | None = None
        self._sources: tuple[str, ...] = ()
        self._hangs_from_wire = False

    @property
    def is_open(self) -> bool:
        """Whether the search is on the screen."""
        return self._popup is not None and self._popup.isVisible()

    def open_at_pointer(self) -> None:
        """Opens it under the pointer, or else below the selected nodes; they feed what is chosen."""
        self._open(self._free_point_under_mouse(), self._selected_sources())

    def open_at(self, point: QPointF) -> None:
        """Opens it at a point of the scene; what is chosen is not wired."""
        self._open(point, ())

    def open_for_wire(self, source: str, point: QPointF) -> None:
        """Opens it where a wire was dropped, which stays in sight until something is chosen."""
        self._hangs_from_wire = True
        self._canvas.design_scene.show_preview(source, point)
        self._open(point, (source,))

    def _open(self, point: QPointF | None, sources: tuple[str, ...]) -> None:
        if self._popup is None:
            from onebyone_desktop.canvas.search.popup import SearchPopup

            offered = [entry for members in entries().values() for entry in members]
            self._popup = SearchPopup(offered, self._canvas)
            self._popup.chosen.connect(self._on_popup_chosen)
            self._popup.closed.connect(self._on_popup_closed)
        self._point, self._sources = point, sources
        nodes = self._canvas.session.analysis.nodes
        place = Place(tuple(nodes[name].shape for name in sources), not nodes)
        known = self._connections if len(sources) == 1 else None
        self._popup.open(self._corner(point, sources), place, Settings().recent_layers, known)

    def _connections(self, text: str) -> tuple[Suggestion, ...]:
        return connections(self._canvas.session.analysis, self._sources[0], text)

    def _corner(self, point: QPointF | None, sources: tuple[str, ...]) -> QPoint:
        canvas = self._canvas
        if point is not None:
            at = canvas.mapFromScene(point) + QPoint(0, _BELOW_POINTER)
        elif sources:
            box = canvas.mapFromScene(canvas.design_scene.bounds(sources)).boundingRect()
            at = box.bottomLeft() + QPoint(0, _BELOW_NODE)
        else:
            at = canvas.viewport().rect().center()
        room = canvas.viewport().rect()
        inside = QPoint(min(max(at.x(), room.left()), room.right()), min(max(at.y(), room.top()), room.bottom()))
        return canvas.viewport().mapToGlobal(inside)

    def _selected_sources(self) -> tuple[str, ...]:
        """The selected nodes that have a result, in the order in which their wires do not cross."""
        session, scene = self._canvas.session, self._canvas.design_scene
        names = [name for name in session.selection if additions.can_feed(session.design, name)]
        ports = {name: scene.nodes[name].output_port() for name in names}
        is_down = scene.direction == "down"
        return tuple(sorted(names, key=lambda name: ports[name].x() if is_down else ports[name].y()))

    def _free_point_under_mouse(self) -> QPointF | None:
        point = self._canvas.point_under_mouse()
        return None if point is None or self._canvas.design_scene.drop_target(point) is not None else point

    @Slot(object)
    def _on_popup_chosen(self, suggestion: Suggestion) -> None:
        canvas = self._canvas
        if suggestion.target:
            words = canvas.words_for_wire(self._sources[0], suggestion.target)
            if canvas.apply(words, edits.connect, self._sources[0], suggestion.target):
                canvas.select((suggestion.target,))
        elif self._adding.add_found(suggestion, self._point, self._sources, self._hangs_from_wire):
            Settings().remember_layer(suggestion.key)

    @Slot()
    def _on_popup_closed(self) -> None:
        self._canvas.design_scene.hide_preview()
        self._canvas.setFocus(Qt.FocusReason.PopupFocusReason)
