"""Opens the search on a canvas and adds what is chosen."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QPointF, Qt, Slot

from onebyone_desktop.canvas import additions
from onebyone_desktop.canvas.search.layer_search import Place, Suggestion
from onebyone_desktop.canvas.search.popup import SearchPopup
from onebyone_desktop.palette_entries import entries
from onebyone_desktop.settings import Settings

if TYPE_CHECKING:
    from onebyone_desktop.canvas.view import DesignCanvas

_BELOW_POINTER = 10
_BELOW_NODE = 12


class Searching(QObject):
    """Knows where the search was opened: the point of the scene and the nodes that feed what is chosen."""

    def __init__(self, canvas: "DesignCanvas") -> None:
        super().__init__(canvas)
        self._canvas = canvas
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
        design = self._canvas.session.design
        sources = tuple(name for name in self._canvas.session.selection if additions.can_feed(design, name))
        self._open(self._free_point_under_mouse(), sources)

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
            known = [entry for members in entries().values() for entry in members]
            self._popup = SearchPopup(known, self._canvas)
            self._popup.chosen.connect(self._on_popup_chosen)
            self._popup.closed.connect(self._on_popup_closed)
        self._point, self._sources = point, sources
        nodes = self._canvas.session.analysis.nodes
        place = Place(tuple(nodes[name].shape for name in sources), not nodes)
        self._popup.open(self._corner(point, sources), place, Settings().recent_layers)

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

    def _free_point_under_mouse(self) -> QPointF | None:
        point = self._canvas.pointing.point_under_mouse()
        return None if point is None or self._canvas.design_scene.drop_target(point) is not None else point

    @Slot(object)
    def _on_popup_chosen(self, suggestion: Suggestion) -> None:
        if self._canvas.adding.add_found(suggestion, self._point, self._sources, self._hangs_from_wire):
            Settings().remember_layer(suggestion.key)

    @Slot()
    def _on_popup_closed(self) -> None:
        self._canvas.design_scene.hide_preview()
        self._canvas.setFocus(Qt.FocusReason.PopupFocusReason)
