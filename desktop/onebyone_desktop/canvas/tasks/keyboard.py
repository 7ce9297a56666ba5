"""The keys of the canvas that are not shortcuts of an action."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from onebyone_desktop.canvas.tasks.walking import Way, first_box, next_box

if TYPE_CHECKING:
    from onebyone_desktop.canvas.pointing import Pointing
    from onebyone_desktop.canvas.surface import Surface
    from onebyone_desktop.canvas.tasks.tasks import Tasks

_NUDGE = 8.0
_WAYS: dict[Qt.Key, Way] = {
    Qt.Key.Key_Left: "left",
    Qt.Key.Key_Right: "right",
    Qt.Key.Key_Up: "up",
    Qt.Key.Key_Down: "down",
}
_STEPS: dict[Way, tuple[float, float]] = {
    "left": (-_NUDGE, 0.0),
    "right": (_NUDGE, 0.0),
    "up": (0.0, -_NUDGE),
    "down": (0.0, _NUDGE),
}
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Keyboard:
    """Arrows walk along the wires, with Shift they select on the way, with Ctrl they nudge; Enter edits, Tab adds."""

    def __init__(self, canvas: "Surface", tasks: "Tasks", pointing: "Pointing") -> None:
        self._canvas = canvas
        self._tasks = tasks
        self._pointing = pointing

    def press(self, event: QKeyEvent) -> bool:
        """Does what a key means; whether it means anything."""
        canvas, key = self._canvas, Qt.Key(event.key())
        keys = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if key == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._pointing.press_space()
        elif key == Qt.Key.Key_Escape and self._pointing.is_busy:
            self._pointing.cancel()
        elif key == Qt.Key.Key_Tab and not self._pointing.is_busy:
            self._tasks.searching.open_at_pointer()
        elif key in _WAYS and keys == Qt.KeyboardModifier.ControlModifier and canvas.session.selection:
            self._tasks.editing.nudge(*_STEPS[_WAYS[key]])
        elif key in _WAYS and keys in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier):
            self._walk(_WAYS[key], is_adding=keys == Qt.KeyboardModifier.ShiftModifier)
        elif key in _ENTER and not keys and canvas.session.selection:
            self._edit()
        else:
            return False
        return True

    def release(self, event: QKeyEvent) -> bool:
        """Ends what a key began."""
        if event.key() != Qt.Key.Key_Space or event.isAutoRepeat():
            return False
        self._pointing.release_space()
        return True

    def _edit(self) -> None:
        """Edits the selected node, or the title of the selected group."""
        canvas = self._canvas
        selection, groups = canvas.session.selection, self._tasks.group_editing.selected
        if len(selection) > 1 and len(groups) == 1:
            canvas.group_rename_requested.emit(groups[0])
        else:
            canvas.edit_requested.emit(selection[-1])

    def _walk(self, way: Way, is_adding: bool) -> None:
        canvas = self._canvas
        scene, selection = canvas.design_scene, canvas.session.selection
        start = scene.end_of(selection[-1]) if selection else None
        box = first_box(scene) if start is None else next_box(scene, start, way)
        if box is None:
            return
        kept = tuple(name for name in selection if name not in box.members) if is_adding else ()
        canvas.select((*kept, *box.members))
        canvas.reveal(box.box)
