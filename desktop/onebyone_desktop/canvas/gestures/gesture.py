"""What all gestures have in common."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt

if TYPE_CHECKING:
    from onebyone_desktop.canvas.surface import Surface


class Gesture:
    """A drag of the mouse, from press to release. Points are in the scene.

    The canvas makes one at the press, and calls `move` at each motion, then `end` or `cancel` once. Before each call
    it says in `keys` which of Shift, Control and Alt are held. The view follows a gesture that `scrolls` at its edge.
    """

    cursor: Qt.CursorShape | None = None
    scrolls = False

    def __init__(self, canvas: "Surface", start: QPointF) -> None:
        self.canvas = canvas
        self.start = start
        self.keys = Qt.KeyboardModifier.NoModifier

    def move(self, point: QPointF) -> None:
        """Shows what would happen at a release here."""

    def end(self, point: QPointF) -> None:
        """Makes it happen."""

    def cancel(self) -> None:
        """Leaves everything as it was."""
