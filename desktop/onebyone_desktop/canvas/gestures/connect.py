"""Pulling a new wire from an output port, or the end of a wire off an input port."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt

from onebyone import edits
from onebyone.adding.wire_rules import Verdict, WireRules
from onebyone.text import visible
from onebyone_desktop.canvas.gestures.dimming import Dimming
from onebyone_desktop.canvas.gestures.gesture import Gesture
from onebyone_desktop.canvas.gestures.targets import target_near
from onebyone_desktop.canvas.items.group_items import GroupBox
from onebyone_desktop.canvas.items.group_look import title_of
from onebyone_desktop.canvas.items.node_item import NodeItem

if TYPE_CHECKING:
    from onebyone.edits.wires import WireKey
    from onebyone_desktop.canvas.surface import Surface

_CLICK_REACH = 5.0
_GIVING_WAY = 0.35


class ConnectGesture(Gesture):
    """Pulls a wire from a node's output to the node that is to take it.

    The wire snaps to a node nearby; nodes that cannot take it are dimmed, and say why when it is over them. Dropped on
    nothing, it opens the search for what is to follow.
    """

    cursor = Qt.CursorShape.CrossCursor
    scrolls = True

    def __init__(
        self,
        canvas: "Surface",
        start: QPointF,
        source: str,
        open_search: Callable[[str, QPointF], None] | None = None,
        pulled_off: "WireKey | None" = None,
    ) -> None:
        super().__init__(canvas, start)
        self._open_search = open_search
        self._source = source
        self._rules = WireRules(canvas.session.analysis, source, pulled_off)
        self._dimming: Dimming | None = None
        self._target: NodeItem | None = None
        self._verdict = Verdict()
        self._judged = ""

    def move(self, point: QPointF) -> None:
        scene = self.canvas.design_scene
        if self._dimming is None:
            self._dimming = Dimming(scene, self._rules.unfit())
        target = self._target_at(point)
        self._judge(target)
        taken = None if self._verdict.refusal else target
        if self._target is not None and self._target is not taken:
            self._target.show_target(None)
        self._target = taken
        end = point
        if taken is not None:
            index = self.index_at(taken, point)
            taken.show_target(index)
            end = taken.input_port(index)
        scene.show_preview(self._source, end, is_replacing=bool(self._verdict.replaced))
        self._say(point)

    def end(self, point: QPointF) -> None:
        target = self._target_at(point)
        self._judge(target)
        verdict = self._verdict
        self.cancel()
        if (point - self.start).manhattanLength() <= _CLICK_REACH:
            return
        if target is None:
            closed = self._closed_group(point)
            if closed:
                self.canvas.session.edit_refused.emit(closed)
            else:
                self.drop_on_nothing(point)
        elif verdict.refusal:
            self.canvas.session.edit_refused.emit(verdict.refusal)
        else:
            self.drop(target, self.index_at(target, point))

    def cancel(self) -> None:
        self._judge(None)
        if self._target is not None:
            self._target.show_target(None)
            self._target = None
        if self._dimming is not None:
            self._dimming.lift()
            self._dimming = None
        self.canvas.note.hide()
        self.canvas.design_scene.hide_preview()

    def index_at(self, target: NodeItem, point: QPointF) -> int:
        """The input number that the wire would get."""
        return target.input_for_new(point)

    def drop(self, target: NodeItem, index: int) -> None:
        """Wires the node that the end was dropped on."""
        name = target.node.id
        self.canvas.apply(self.canvas.words_for_wire(self._source, name), edits.connect, self._source, name, index)

    def drop_on_nothing(self, point: QPointF) -> None:
        """Asks for the layer that is to take the wire."""
        if self._open_search is not None:
            self._open_search(self._source, point)

    def _target_at(self, point: QPointF) -> NodeItem | None:
        scene, unfit = self.canvas.design_scene, self._dimming.names if self._dimming is not None else frozenset()
        found = target_near(scene, point, self.canvas.zoom, lambda name: name not in unfit)
        # Beside its own source a wire is not yet on its way to anything.
        is_leaving = found is not None and found.node.id == self._source and not found.box.contains(point)
        return None if is_leaving else found

    def _judge(self, target: NodeItem | None) -> None:
        """Finds what comes of the wire here, and draws back the wire that it would replace."""
        name = "" if target is None else target.node.id
        if name == self._judged:
            return
        if self._verdict.replaced:
            self._fade((self._judged, 0), 1.0)
        self._judged = name
        self._verdict = self._rules.verdict(name) if name else Verdict()
        if self._verdict.replaced:
            self._fade((name, 0), _GIVING_WAY)

    def _fade(self, key: "WireKey", opacity: float) -> None:
        wire = self.canvas.design_scene.wires.get(key)
        if wire is not None:
            wire.setOpacity(opacity)

    def _closed_group(self, point: QPointF) -> str:
        """Why the wire cannot end here, where this is a collapsed group."""
        box = self.canvas.design_scene.box_at(point)
        if not isinstance(box, GroupBox):
            return ""
        return self.canvas.tr("A wire ends at a node; expand '{}' to wire those within.").format(
            title_of(box.stands_for)
        )

    def _say(self, point: QPointF) -> None:
        verdict, canvas = self._verdict, self.canvas
        closed = self._closed_group(point)
        text = closed or verdict.refusal or verdict.objection
        if not text and verdict.replaced:
            name = canvas.session.design.node(verdict.replaced).name
            text = canvas.tr("Replaces the wire from {}").format(visible(name))
        canvas.note.show_at(canvas.mapFromScene(point), text, bool(closed or verdict.refusal))


class ReconnectGesture(ConnectGesture):
    """Pulls the end of a wire off: to another node, to another place on the same one, or to nothing."""

    def __init__(self, canvas: "Surface", start: QPointF, target: str, index: int) -> None:
        self._key = (target, index)
        super().__init__(canvas, start, canvas.design_scene.wires[target, index].source, pulled_off=self._key)

    def move(self, point: QPointF) -> None:
        if (point - self.start).manhattanLength() > _CLICK_REACH:
            self._show_wire(False)
            super().move(point)

    def end(self, point: QPointF) -> None:
        if (point - self.start).manhattanLength() <= _CLICK_REACH:
            self.cancel()
            self.canvas.select((), (self._key,))
        else:
            super().end(point)

    def cancel(self) -> None:
        super().cancel()
        self._show_wire(True)

    def index_at(self, target: NodeItem, point: QPointF) -> int:
        index = target.input_for(point)
        name, old = self._key
        # Its own end does not count among the wires before it.
        return index - 1 if target.node.id == name and index > old else index

    def drop(self, target: NodeItem, index: int) -> None:
        name = target.node.id
        if (name, index) != self._key:
            words = self.canvas.words_for_wire(self._source, name)
            self.canvas.apply(words, edits.rewire, *self._key, name, index)

    def drop_on_nothing(self, point: QPointF) -> None:
        self.canvas.apply(self.canvas.tr("Disconnect {}").format(self._key[0]), edits.disconnect, *self._key)

    def _show_wire(self, is_shown: bool) -> None:
        wire = self.canvas.design_scene.wires.get(self._key)
        if wire is not None:
            wire.setVisible(is_shown)
