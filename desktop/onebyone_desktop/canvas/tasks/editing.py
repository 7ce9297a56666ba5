"""What the canvas does with the selected nodes and wires; each is one undo step."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot

from onebyone import edits
from onebyone.adding import additions
from onebyone.edits import rewiring
from onebyone.errors import EditError
from onebyone.grouping import Grouping
from onebyone_desktop.canvas.payload import read_nodes, write_nodes
from onebyone_desktop.session import new_gesture

if TYPE_CHECKING:
    from onebyone_desktop.canvas.surface import Surface
    from onebyone_desktop.canvas.tasks.adding import Adding

_NUDGE_PAUSE_MS = 700


class Editing(QObject):
    """Turns wishes about the selection into edits of the session."""

    def __init__(self, canvas: "Surface", adding: "Adding") -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._adding = adding
        self._nudge = 0
        self._nudge_timer = QTimer(self)
        self._nudge_timer.setSingleShot(True)
        self._nudge_timer.setInterval(_NUDGE_PAUSE_MS)
        self._nudge_timer.timeout.connect(self.end_nudges)
        canvas.session.selection_changed.connect(self.end_nudges)

    def delete(self) -> None:
        """Deletes the selected nodes and wires in one step."""
        canvas = self._canvas
        ids, wires = canvas.session.selection, canvas.selected_wires
        if ids or wires:
            words = canvas.words_for(self.tr("Delete"), ids) if ids else self.tr("Delete wire")
            canvas.select(ids)
            canvas.apply(words, additions.delete, ids, wires)

    def dissolve(self) -> None:
        """Deletes the selected nodes and joins the wires that ended at them."""
        canvas = self._canvas
        ids = canvas.session.selection
        if ids:
            canvas.apply(canvas.words_for(self.tr("Dissolve"), ids), rewiring.dissolve, ids)

    def toggle_bypass(self) -> None:
        """Bypasses the selected nodes that can be, or puts them back to work where all are bypassed."""
        canvas = self._canvas
        nodes = canvas.session.design.nodes_by_id()
        ids = [name for name in canvas.session.selection if nodes[name].layer.can_be_bypassed]
        if ids:
            is_bypassed = not all(nodes[name].bypassed for name in ids)
            verb = self.tr("Bypass") if is_bypassed else self.tr("Use")
            canvas.apply(canvas.words_for(verb, ids), edits.set_bypassed, ids, is_bypassed)

    def duplicate(self) -> None:
        """Copies the selected nodes beside themselves, with the wires that come from outside."""
        ids = self._canvas.session.selection
        if ids:
            self._adding.apply(self._canvas.words_for(self.tr("Duplicate"), ids), edits.duplicate, ids)

    def nudge(self, dx: float, dy: float) -> None:
        """Moves the selected nodes a little; a burst of nudges is one step."""
        canvas = self._canvas
        ids = canvas.session.selection
        if not self._nudge_timer.isActive() or not self._nudge:
            self._nudge = new_gesture()
        self._nudge_timer.start()
        nodes = canvas.design_scene.nodes
        positions = {name: (nodes[name].x() + dx, nodes[name].y() + dy) for name in ids}
        canvas.apply(canvas.words_for(self.tr("Move"), ids), edits.move, positions, gesture=self._nudge)

    def copied(self) -> str:
        """The selected nodes as text, as they stand in a design file; nothing where none is selected."""
        session = self._canvas.session
        chosen = set(session.selection)
        design = session.design
        nodes = tuple(node for node in design.nodes if node.id in chosen)
        whole = set(Grouping(design).whole_groups(chosen)) if design.groups else set()
        return write_nodes(nodes, tuple(group for group in design.groups if group.id in whole)) if nodes else ""

    def paste(self, text: str) -> bool:
        """Adds the nodes in a text, at the pointer; where it holds none, the session says why."""
        try:
            copied = read_nodes(text)
        except EditError as error:
            self._canvas.session.edit_refused.emit(str(error))
            return False
        return self._adding.paste(copied, self._canvas.point_under_mouse())

    @Slot()
    def end_nudges(self) -> None:
        """Lets the next nudge begin a step of its own."""
        self._nudge = 0
