"""The keys of the canvas that are not shortcuts of an action."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

if TYPE_CHECKING:
    from onebyone_desktop.canvas.view import DesignCanvas

_NUDGE = 8.0
_ARROWS = {
    Qt.Key.Key_Left: (-_NUDGE, 0.0),
    Qt.Key.Key_Right: (_NUDGE, 0.0),
    Qt.Key.Key_Up: (0.0, -_NUDGE),
    Qt.Key.Key_Down: (0.0, _NUDGE),
}


class Keyboard:
    """Turns keys into nudges and pans, and breaks gestures off."""

    def __init__(self, canvas: "DesignCanvas") -> None:
        self._canvas = canvas

    def press(self, event: QKeyEvent) -> bool:
        """Does what a key means; whether it means anything."""
        canvas, key = self._canvas, event.key()
        if key == Qt.Key.Key_Space and not event.isAutoRepeat():
            canvas.pointing.press_space()
        elif key == Qt.Key.Key_Escape and canvas.pointing.is_busy:
            canvas.pointing.cancel()
        elif key in _ARROWS and canvas.session.selection and not _is_modified(event):
            canvas.editing.nudge(*_ARROWS[Qt.Key(key)])
        else:
            return False
        return True

    def release(self, event: QKeyEvent) -> bool:
        """Ends what a key began."""
        if event.key() != Qt.Key.Key_Space or event.isAutoRepeat():
            return False
        self._canvas.pointing.release_space()
        return True


def _is_modified(event: QKeyEvent) -> bool:
    return bool(event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier)
