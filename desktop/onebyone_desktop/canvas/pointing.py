"""The mouse on the canvas: which gesture a press begins, and what the pointer looks like."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QMouseEvent

from onebyone_desktop.canvas.gestures.box_select import BoxSelectGesture
from onebyone_desktop.canvas.gestures.connect import ConnectGesture, ReconnectGesture
from onebyone_desktop.canvas.gestures.cut import CutGesture
from onebyone_desktop.canvas.gestures.edge_scroll import EdgeScroll
from onebyone_desktop.canvas.gestures.gesture import Gesture
from onebyone_desktop.canvas.gestures.move import MoveGesture
from onebyone_desktop.canvas.gestures.move_outputs import MoveOutputsGesture
from onebyone_desktop.canvas.gestures.pan import PanGesture
from onebyone_desktop.canvas.items.box_item import BoxItem
from onebyone_desktop.canvas.items.group_items import Frame, GroupBox
from onebyone_desktop.canvas.items.node_item import NodeItem
from onebyone_desktop.canvas.scene import Port

if TYPE_CHECKING:
    from onebyone.design import Group
    from onebyone.edits.wires import WireKey
    from onebyone_desktop.canvas.surface import Surface
    from onebyone_desktop.canvas.tasks.tasks import Tasks

_DRAG_FROM = 4.0
# How far from a port it is still meant: in pixels where the canvas is shrunk, else in units of the scene.
_PORT_REACH = 11.0
_LEAST_REACH_ZOOM = 0.5
_CUTTING_KEYS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
_ADDING_KEYS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


class Pointing:
    """Turns presses, motions and releases into gestures and selections."""

    def __init__(self, canvas: "Surface", tasks: "Tasks") -> None:
        self._canvas = canvas
        self._tasks = tasks
        self._edge = EdgeScroll(canvas, self._on_edge_scroll)
        self._position = QPointF()
        self._gesture: Gesture | None = None
        self._button = Qt.MouseButton.NoButton
        self._pressed_at = QPointF()
        self._is_drag = False
        self._clicked: tuple[str, ...] | None = None
        self._has_space = False
        self._hovered: BoxItem | None = None

    @property
    def is_busy(self) -> bool:
        """Whether a gesture is under way."""
        return self._gesture is not None

    def press(self, event: QMouseEvent) -> None:
        """Begins a gesture."""
        if self._gesture is not None:
            return
        self._position = event.position()
        self._button = event.button()
        self._pressed_at = event.position()
        self._is_drag = False
        self._clicked = None
        point = self._scene_point(event)
        self._gesture = self._gesture_for(event, point)
        self._show_cursor()

    def move(self, event: QMouseEvent) -> None:
        """Goes on with the gesture, or shows what the pointer is over."""
        point = self._scene_point(event)
        self._canvas.last_point = point
        self._position = event.position()
        if self._gesture is not None and not event.buttons() & self._button:
            # The release went elsewhere, as when a window opens in the middle of a drag.
            self.cancel()
        if self._gesture is None:
            self._hover(point)
            return
        self._is_drag = self._is_drag or (event.position() - self._pressed_at).manhattanLength() >= _DRAG_FROM
        if self._is_drag:
            self._gesture.keys = event.modifiers()
            self._gesture.move(point)
            if self._gesture.scrolls:
                self._edge.follow(event.position())

    def release(self, event: QMouseEvent) -> None:
        """Ends the gesture of the button that was pressed."""
        if event.button() != self._button:
            return
        gesture, self._gesture = self._gesture, None
        self._button = Qt.MouseButton.NoButton
        self._edge.stop()
        point = self._scene_point(event)
        if gesture is not None:
            gesture.keys = event.modifiers()
            gesture.end(point if self._is_drag else gesture.start)
            if not self._is_drag and self._clicked is not None:
                self._canvas.select(self._clicked)
        self._canvas.redraw_overview()
        self._hover(point)

    def cancel(self) -> None:
        """Breaks the gesture off."""
        gesture, self._gesture = self._gesture, None
        self._edge.stop()
        if gesture is not None:
            gesture.cancel()
        self._show_cursor()

    def press_space(self) -> None:
        """From now on a drag moves the view."""
        self._has_space = True
        self._show_cursor()

    def release_space(self) -> None:
        """A drag means again what it did."""
        self._has_space = False
        self._show_cursor()

    def double_click(self, point: QPointF) -> None:
        """Renames a node, expands a collapsed group, fits the view to an expanded one; on empty ground it searches."""
        canvas = self._canvas
        box, frame = canvas.design_scene.box_at(point), canvas.design_scene.frame_at(point)
        if isinstance(box, GroupBox):
            self._tasks.group_editing.set_collapsed((box.stands_for.id,), False)
        elif isinstance(box, NodeItem):
            canvas.rename_requested.emit(box.node.id)
        elif frame is not None:
            canvas.camera.fit(frame.rect)
        elif canvas.design_scene.wire_at(point) is None:
            self._tasks.searching.open_at(point)

    def choose_for_menu(self, point: QPointF) -> "str | Group | WireKey | None":
        """Selects what a context menu is for, unless it is selected already."""
        scene, selection = self._canvas.design_scene, self._canvas.session.selection
        box = scene.box_at(point)
        item = box if box is not None else scene.frame_at(point)
        if item is not None:
            if not set(item.members) <= set(selection):
                self._canvas.select(item.members)
            return item.stands_for if isinstance(item, GroupBox | Frame) else item.name
        wire = self._canvas.design_scene.wire_at(point)
        if wire is not None:
            self._canvas.select((), (wire.key,))
            return wire.key
        return None

    def _gesture_for(self, event: QMouseEvent, point: QPointF) -> Gesture | None:
        canvas, button = self._canvas, event.button()
        is_left = button == Qt.MouseButton.LeftButton
        if button == Qt.MouseButton.MiddleButton or (is_left and self._has_space):
            return PanGesture(canvas, point)
        if not is_left:
            return None
        if event.modifiers() & _CUTTING_KEYS == _CUTTING_KEYS:
            return CutGesture(canvas, point)
        is_adding = bool(event.modifiers() & _ADDING_KEYS)
        port = self._port_at(point)
        if port is not None:
            return self._gesture_from(port, point, bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        box = canvas.design_scene.box_at(point)
        if box is not None:
            return self._gesture_on(box.members, point, is_adding)
        frame = canvas.design_scene.frame_at(point)
        if frame is not None:
            if frame.arrow_rect.contains(point):
                self._tasks.group_editing.set_collapsed((frame.stands_for.id,), True)
                return None
            return self._gesture_on(frame.members, point, is_adding)
        wire = canvas.design_scene.wire_at(point)
        if wire is not None:
            others = canvas.selected_wires if is_adding else ()
            canvas.select(canvas.session.selection if is_adding else (), (*others, wire.key))
            return None
        kept = canvas.session.selection if is_adding else ()
        canvas.select(kept)
        return BoxSelectGesture(canvas, point, kept)

    def _gesture_from(self, port: Port, point: QPointF, is_moving_all: bool) -> Gesture | None:
        canvas, name = self._canvas, port.node.name
        if isinstance(port.node, GroupBox):
            return self._gesture_from_group(port.node, port.index, point)
        if port.index is None:
            is_used = any(wire.source == name for wire in canvas.design_scene.wires.values())
            if is_moving_all and is_used:
                return MoveOutputsGesture(canvas, point, name)
            return self._connecting(point, name)
        if (name, port.index) in canvas.design_scene.wires:
            return ReconnectGesture(canvas, point, name, port.index)
        # An open input has no end to pull off; the node stays where it is all the same.
        canvas.select((name,))
        return None

    def _gesture_from_group(self, box: GroupBox, index: int | None, point: QPointF) -> Gesture | None:
        """Pulls at the one wire or the one result that a port of a collapsed group stands for; else moves the group."""
        canvas = self._canvas
        if index is None and len(box.results) == 1:
            return self._connecting(point, box.results[0])
        if index is not None and index < len(box.sources):
            within, source = set(box.members), box.sources[index]
            wires = [wire for wire in canvas.design_scene.leaving(source) if wire.target in within]
            if len(wires) == 1:
                return ReconnectGesture(canvas, point, *wires[0].key)
        return self._gesture_on(box.members, point, is_adding=False)

    def _connecting(self, point: QPointF, source: str) -> Gesture:
        return ConnectGesture(self._canvas, point, source, self._tasks.searching.open_for_wire)

    def _port_at(self, point: QPointF) -> Port | None:
        reach = _PORT_REACH / min(max(self._canvas.zoom, _LEAST_REACH_ZOOM), 1.0)
        return self._canvas.design_scene.port_at(point, reach)

    def _gesture_on(self, members: tuple[str, ...], point: QPointF, is_adding: bool) -> Gesture | None:
        """Selects a node, or all nodes of a group, and begins to move the selection."""
        canvas = self._canvas
        selection = canvas.session.selection
        is_selected = set(members) <= set(selection)
        if is_adding:
            others = tuple(name for name in selection if name not in members)
            canvas.select(others if is_selected else (*others, *members), canvas.selected_wires)
            if is_selected:
                return None
        elif is_selected:
            self._clicked = members
        else:
            canvas.select(members)
        return MoveGesture(canvas, self._tasks, point, members[0], canvas.session.selection)

    def _hover(self, point: QPointF) -> None:
        port = self._port_at(point)
        item = self._canvas.design_scene.box_at(point) if port is None else port.node
        if self._hovered is not item:
            self.mark(item)
            self._canvas.node_pointed_at.emit(item.name if isinstance(item, NodeItem) else "")
        self._show_cursor(port)

    def mark(self, item: BoxItem | None) -> None:
        """Shows a box as if the pointer were over it, and no other."""
        if self._hovered is not None and self._hovered.scene() is not None:
            self._hovered.show_hovered(False)
        if item is not None:
            item.show_hovered(True)
        self._hovered = item

    def _show_cursor(self, port: Port | None = None) -> None:
        shape = Qt.CursorShape.ArrowCursor
        if self._gesture is not None and self._gesture.cursor is not None:
            shape = self._gesture.cursor
        elif self._has_space:
            shape = Qt.CursorShape.OpenHandCursor
        elif port is not None:
            shape = _cursor_at(port)
        self._canvas.viewport().setCursor(shape)

    def _on_edge_scroll(self) -> None:
        """The view has moved under the pointer."""
        if self._gesture is not None:
            self._gesture.move(self._canvas.mapToScene(self._position.toPoint()))

    def _scene_point(self, event: QMouseEvent) -> QPointF:
        return self._canvas.mapToScene(event.position().toPoint())


def _cursor_at(port: Port) -> Qt.CursorShape:
    """A result is pulled from, an end that is wired is pulled off, and at an open input there is nothing to pull."""
    if port.index is None:
        return Qt.CursorShape.CrossCursor
    return Qt.CursorShape.PointingHandCursor if port.index < port.node.wired else Qt.CursorShape.ArrowCursor
