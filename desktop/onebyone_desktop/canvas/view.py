"""The canvas of one design: a view that turns mouse, keys and drops into edits of its session."""

import html
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFocusEvent,
    QHelpEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QGraphicsView, QToolTip, QWidget

from onebyone.design import Node
from onebyone.layers import AnyLayer
from onebyone_desktop.appearance import theme
from onebyone_desktop.canvas.camera import ZOOM_STEP
from onebyone_desktop.canvas.heat import time_words
from onebyone_desktop.canvas.heat_choice import HeatChoice
from onebyone_desktop.canvas.items.look import full_text
from onebyone_desktop.canvas.items.painting import tools_of
from onebyone_desktop.canvas.overlays.ground import paint_ground, paint_hint
from onebyone_desktop.canvas.overlays.legend import HeatLegend
from onebyone_desktop.canvas.overlays.minimap import Minimap
from onebyone_desktop.canvas.overlays.overview import OVERVIEW_BELOW_SCALE, Overview
from onebyone_desktop.canvas.path import wires_on_path
from onebyone_desktop.canvas.pointing import Pointing
from onebyone_desktop.canvas.search.searching import Searching
from onebyone_desktop.canvas.snapping import Snapping
from onebyone_desktop.canvas.surface import Surface
from onebyone_desktop.canvas.tasks.adding import Adding
from onebyone_desktop.canvas.tasks.arranging import Arranging
from onebyone_desktop.canvas.tasks.dropping import Dropping
from onebyone_desktop.canvas.tasks.editing import Editing
from onebyone_desktop.canvas.tasks.group_editing import GroupEditing
from onebyone_desktop.canvas.tasks.keyboard import Keyboard
from onebyone_desktop.canvas.tasks.tasks import Tasks
from onebyone_desktop.session import Session

if TYPE_CHECKING:
    from onebyone_desktop.preferences import Preferences

# Far larger than any drawing, so that the view can be moved freely and the rectangle never has to change.
_WORLD = QRectF(-1.1e6, -1.1e6, 2.2e6, 2.2e6)
_CLEAR_OF_MAP = 10
_WHEEL_ZOOM = 1.0015
_BY_KEYBOARD = {
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
}


class DesignCanvas(Surface):
    """Shows the design of a session and edits it."""

    #: A context menu is asked for at a place on the screen, for a node id, a Group, a wire (target, index) or None.
    context_menu_requested = Signal(object, object)

    def __init__(self, session: Session, heat: HeatChoice, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self._heat = heat
        self._overview = Overview(self.design_scene)
        self._tasks = Tasks(self)
        self.pointing = Pointing(self, self._tasks)
        self._keyboard = Keyboard(self, self._tasks, self.pointing)
        self._dropping = Dropping(self, self._tasks.adding)
        self.minimap = Minimap(self, self._overview, self._tools)
        self.legend = HeatLegend(self, self._tools)
        self._is_fitted = False
        self._has_keyboard_focus = False
        self._set_up()
        self._show_design()
        session.design_changed.connect(self._on_session_design_changed)
        session.selection_changed.connect(self._on_session_selection_changed)
        session.measurement_changed.connect(self._on_heat_changed)
        heat.changed.connect(self._on_heat_changed)
        session.figures_changed.connect(self._on_session_figures_changed)

    @property
    def adding(self) -> Adding:
        """Adds layers and modules."""
        return self._tasks.adding

    @property
    def searching(self) -> Searching:
        """Opens the search at a point."""
        return self._tasks.searching

    @property
    def editing(self) -> Editing:
        """Does what is wished with the selection."""
        return self._tasks.editing

    @property
    def group_editing(self) -> GroupEditing:
        """Does what is wished with groups."""
        return self._tasks.group_editing

    @property
    def arranging(self) -> Arranging:
        """Finds new places for the nodes."""
        return self._tasks.arranging

    @property
    def snapping(self) -> Snapping:
        """Says where dragged boxes settle."""
        return self._tasks.snapping

    # Looking.

    def refresh_theme(self) -> None:
        """Follows a new theme."""
        self._tools = tools_of(theme.current())
        self.design_scene.show_theme(self._tools)
        self.minimap.show_theme(self._tools)
        self.legend.show_theme(self._tools)
        self.viewport().update()

    def use(self, preferences: "Preferences") -> None:
        """Follows what the user prefers."""
        self._tasks.snapping.has_grid = preferences.has_grid
        self._tasks.snapping.has_guides = preferences.has_guides
        self._glide.is_wanted = preferences.is_animated
        self.minimap.show_wanted(preferences.has_minimap)

    @Slot()
    def fit_selection(self) -> None:
        """Shows the selected nodes."""
        self.camera.fit(self.design_scene.bounds(self._session.selection))

    @Slot()
    def zoom_in(self) -> None:
        """Shows everything one step larger."""
        self.camera.zoom_to(self.zoom * ZOOM_STEP)

    @Slot()
    def zoom_out(self) -> None:
        """Shows everything one step smaller."""
        self.camera.zoom_to(self.zoom / ZOOM_STEP)

    @Slot()
    def reset_zoom(self) -> None:
        """Shows everything at 100 %."""
        self.camera.zoom_to(1.0)

    def center_on(self, node_id: str) -> None:
        """Brings a node into the middle, large enough to be read."""
        item = self.design_scene.end_of(node_id)
        if item is not None:
            self.camera.zoom_to(max(self.zoom, 0.75))
            self.camera.look_at(item.box.center())

    def place_of(self, ids: Iterable[str]) -> QPoint:
        """The place on the screen just below these nodes."""
        rect = self.design_scene.bounds(ids)
        return self.viewport().mapToGlobal(self.mapFromScene(rect.bottomLeft()))

    def reveal(self, rect: QRectF) -> None:
        """Brings a rectangle of the scene into view, and out from under the map."""
        super().reveal(rect)
        if self.minimap.isVisible():
            shown, covered = self.mapFromScene(rect).boundingRect(), self.minimap.geometry()
            if shown.intersects(covered):
                self.camera.scroll_by(QPointF(0, shown.bottom() - covered.top() + _CLEAR_OF_MAP) / self.zoom)

    # Selecting.

    @Slot()
    def select_all(self) -> None:
        """Selects every node."""
        self.select(node.id for node in self._session.design.nodes)

    # Editing.

    def add_layer(self, layer: AnyLayer, base: str, scene_position: QPointF | None = None, title: str = "") -> bool:
        """Adds a layer: at a point, into the wire there if there is one, or else after the selected node."""
        return self._tasks.adding.add_layer(layer, base, scene_position, title)

    def add_nodes(self, nodes: Iterable[Node], label: str, scene_position: QPointF | None = None) -> bool:
        """Adds a module: around a point, or else after the selected node."""
        return self._tasks.adding.add_nodes(tuple(nodes), label, scene_position)

    # Following the session.

    @Slot(object)
    def _on_session_design_changed(self, _before: object) -> None:
        self.pointing.cancel()
        self._glide.settle()
        self._show_design()

    @Slot()
    def _on_session_selection_changed(self) -> None:
        if not self._is_selecting:
            self._wires = ()
        self._show_selection()
        if self.zoom < OVERVIEW_BELOW_SCALE:
            self.viewport().update()

    @Slot()
    def _on_session_figures_changed(self) -> None:
        self._show_design()

    @Slot()
    def _on_heat_changed(self) -> None:
        session, quantity, is_coloured = self._session, self._heat.quantity, self._heat.is_coloured
        shown = self.design_scene.show_heat(session.analysis, quantity, session.run, is_coloured)
        self.legend.show_heat(quantity, shown)
        self.legend.setVisible(is_coloured and bool(session.design.nodes))
        if is_coloured:
            self.redraw_overview()

    def _show_design(self) -> None:
        was_empty = not self.design_scene.nodes
        self.design_scene.show_design(self._session.analysis)
        self._on_heat_changed()
        self._wires = tuple(key for key in self._wires if key in self.design_scene.wires)
        self._show_selection()
        self.redraw_overview()
        if was_empty != (not self.design_scene.nodes):
            self.viewport().update()

    def _show_selection(self) -> None:
        selection = self._session.selection
        self.design_scene.show_selection(selection, self._wires)
        self.design_scene.show_path(wires_on_path(self._session.analysis, selection))

    def redraw_overview(self) -> None:
        """Items have moved, come or gone."""
        self._overview.forget()
        self.minimap.forget()
        if self.zoom < OVERVIEW_BELOW_SCALE:
            self.viewport().update()

    def _set_up(self) -> None:
        self.setScene(self.design_scene)
        self.setSceneRect(_WORLD)
        self.setObjectName("canvas")
        self.setAccessibleName(self.tr("Canvas"))
        self.setAccessibleDescription(
            self.tr("The design as a graph, from top to bottom. The Costs table says the same in rows.")
        )
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.MinimalViewportUpdate)
        self.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
        self.setOptimizationFlags(
            QGraphicsView.OptimizationFlag.DontSavePainterState
            | QGraphicsView.OptimizationFlag.DontAdjustForAntialiasing
        )
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.viewport().setMouseTracking(True)
        # Trackpads pinch and scroll by other means, and Qt keeps an object for every viewport that had this.
        self.viewport().ungrabGesture(Qt.GestureType.PanGesture)
        self.camera.look_at(QPointF(0, 0))

    # Overrides of Qt.

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.zoom >= OVERVIEW_BELOW_SCALE:
            super().paintEvent(event)
            return
        painter = QPainter(self.viewport())
        painter.setClipRegion(event.region())
        painter.fillRect(event.rect(), QColor(self._tools.tokens.canvas))
        painter.save()
        painter.setTransform(self.viewportTransform())
        self._overview.paint(painter, self._tools)
        painter.restore()
        self._paint_focus(painter)

    def drawBackground(self, painter: QPainter, rect: QRectF | Any) -> None:
        transform = painter.worldTransform()
        device = transform.mapRect(QRectF(rect)).toAlignedRect()
        painter.resetTransform()
        paint_ground(painter, device, QPointF(transform.dx(), transform.dy()), self.zoom, self._tools)
        painter.setWorldTransform(transform)

    def drawForeground(self, painter: QPainter, rect: QRectF | Any) -> None:
        painter.save()
        painter.resetTransform()
        if not self.design_scene.nodes:
            text = self.tr("Drag a layer here, or press Tab to search for one")
            paint_hint(painter, QRectF(self.viewport().rect()), text, self._tools)
        self._paint_focus(painter)
        painter.restore()

    def _paint_focus(self, painter: QPainter) -> None:
        if self._has_keyboard_focus:
            painter.setPen(QPen(self._tools.accent, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.viewport().rect().adjusted(1, 1, -1, -1))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit_once()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        # The release will go to what is shown instead.
        self.pointing.release_space()
        self.pointing.cancel()

    def resizeEvent(self, event: QResizeEvent) -> None:
        centre = self.mapToScene(event.oldSize().width() // 2, event.oldSize().height() // 2)
        super().resizeEvent(event)
        self.legend.follow(self.viewport().height())
        self.minimap.follow()
        if self.camera.is_fitted:
            # A new window is laid out in several steps: what was fitted stays fitted.
            self.fit_all()
        elif self._is_fitted:
            self.camera.look_at(centre)
        elif self.isVisible():
            self._fit_once()

    def _fit_once(self) -> None:
        if not self._is_fitted and self.viewport().width() > 1:
            self._is_fitted = True
            self.camera.open(self.design_scene.bounds(), self.design_scene.direction == "down")

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._has_keyboard_focus = event.reason() in _BY_KEYBOARD
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._has_keyboard_focus = False
        self.pointing.release_space()
        self.pointing.cancel()
        self.viewport().update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.camera.zoom_to(self.zoom * _WHEEL_ZOOM ** event.angleDelta().y(), event.position())
            event.accept()
        else:
            super().wheelEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.NativeGesture:
            assert isinstance(event, QNativeGestureEvent)
            if event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
                self.camera.zoom_to(self.zoom * (1 + event.value()), event.position())
                return True
        if event.type() == QEvent.Type.ToolTip:
            assert isinstance(event, QHelpEvent)
            self._show_tool_tip(event)
            return True
        return super().viewportEvent(event)

    def _show_tool_tip(self, event: QHelpEvent) -> None:
        item = self.design_scene.node_at(self.mapToScene(event.pos()))
        if item is None:
            QToolTip.hideText()
            return
        problems = self._session.analysis.problems_at(item.node.id)
        times = time_words(self._session.analysis, self._session.run, item.node.id)
        text = "\n".join(filter(None, (full_text(item.node, item.analysis, problems), times)))
        # Qt guesses whether a tip is markup; this one says that it is, and holds none of the user's.
        QToolTip.showText(event.globalPos(), f"<div style='white-space: pre-wrap'>{html.escape(text)}</div>", self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._keyboard.press(event):
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if not self._keyboard.release(event):
            super().keyReleaseEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.pointing.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.pointing.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.pointing.release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.pointing.double_click(self.mapToScene(event.position().toPoint()))

    def focusNextPrevChild(self, is_next: bool) -> bool:
        # Tab opens the search; Shift+Tab leaves the canvas.
        return not is_next and super().focusNextPrevChild(False)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        at = event.pos()
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            at = self.viewport().rect().center()
        target = self.pointing.choose_for_menu(self.mapToScene(at))
        self.context_menu_requested.emit(self.viewport().mapToGlobal(at), target)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self._dropping.enter(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        self._dropping.move(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._dropping.leave()

    def dropEvent(self, event: QDropEvent) -> None:
        self._dropping.drop(event)
