"""Layers and modules that are dragged onto the canvas."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragMoveEvent, QDropEvent

from onebyone.adding.entries import LAYER_MIME
from onebyone.errors import EditError
from onebyone_desktop.canvas.payload import read_payload

if TYPE_CHECKING:
    from onebyone_desktop.canvas.surface import Surface
    from onebyone_desktop.canvas.tasks.adding import Adding


class Dropping:
    """Accepts what comes from the palette, and nothing else."""

    def __init__(self, canvas: "Surface", adding: "Adding") -> None:
        self._canvas = canvas
        self._adding = adding

    def enter(self, event: QDragMoveEvent) -> None:
        """Says whether it could be dropped here."""
        if event.mimeData().hasFormat(LAYER_MIME):
            event.acceptProposedAction()
        else:
            event.ignore()

    def move(self, event: QDragMoveEvent) -> None:
        """Shows where it would go."""
        if event.mimeData().hasFormat(LAYER_MIME):
            canvas = self._canvas
            point = canvas.mapToScene(event.position().toPoint())
            self._adding.show_place(point, event.mimeData(), _is_inserting(event))
        self.enter(event)

    def leave(self) -> None:
        """Shows nothing any more."""
        self._adding.hide_place()

    def drop(self, event: QDropEvent) -> None:
        """Adds it."""
        canvas = self._canvas
        self._adding.hide_place()
        if not event.mimeData().hasFormat(LAYER_MIME):
            event.ignore()
            return
        try:
            payload = read_payload(bytes(event.mimeData().data(LAYER_MIME).data()))
        except EditError as error:
            canvas.session.edit_refused.emit(str(error))
            event.ignore()
            return
        self._adding.drop(payload, canvas.mapToScene(event.position().toPoint()), _is_inserting(event))
        event.acceptProposedAction()
        canvas.setFocus(Qt.FocusReason.MouseFocusReason)


def _is_inserting(event: QDropEvent) -> bool:
    """Alt keeps what is dropped out of the wire that lies under it."""
    return not event.modifiers() & Qt.KeyboardModifier.AltModifier
