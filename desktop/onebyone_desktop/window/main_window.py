"""The main window: it puts the parts together and passes wishes on."""

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, Qt, QUrl, Slot
from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent, QResizeEvent, QStatusTipEvent
from PySide6.QtWidgets import QMainWindow, QTabWidget, QWidget

from onebyone_desktop.appearance import theme
from onebyone_desktop.commands.availability import available, ticked
from onebyone_desktop.panels.panel import Panel
from onebyone_desktop.settings import Settings
from onebyone_desktop.window import panel_list
from onebyone_desktop.window.actions import follow, make_actions
from onebyone_desktop.window.areas import Areas
from onebyone_desktop.window.desk import Desk
from onebyone_desktop.window.dispatch import Dispatch
from onebyone_desktop.window.layout import WindowLayout
from onebyone_desktop.window.menus import Menus, escaped
from onebyone_desktop.window.panel_places import PanelPlaces, PanelSpec
from onebyone_desktop.window.preference_keeper import PreferenceKeeper
from onebyone_desktop.window.status_bar import StatusBar
from onebyone_desktop.window.workspace import Workspace

if TYPE_CHECKING:
    from onebyone_desktop.canvas.view import DesignCanvas
    from onebyone_desktop.inspector.inspector import Inspector
    from onebyone_desktop.session import Session
    from onebyone_desktop.welcome.welcome_page import Welcome

# Narrower than this the tool bar shows icons without words.
_NARROW = 1_060
# Room for every panel of the bottom area, so that nothing jumps when one is first seen.
_LEAST_PANEL = (420, 180)


class MainWindow(QMainWindow):
    """One window with a tab for each open design."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("main_window")
        self.setMinimumSize(760, 520)
        self.setAcceptDrops(True)
        self._shown_session: Session | None = None
        settings = Settings(self)
        self.workspace = Workspace(self)
        self.desk = Desk(self, self.workspace, settings, PanelPlaces(self._build_panel))
        self._status = StatusBar(self)
        self.setStatusBar(self._status)
        self._actions = make_actions(self, Dispatch(self.desk).run)
        self._bottom = self._make_bottom()
        places = self.desk.panels
        palette = places.make(panel_list.PALETTE, self)
        side: list[QWidget] = [places.make(spec, self) for spec in (panel_list.LESSON, *panel_list.SIDE)]
        places.hide("lesson")
        self._layout = WindowLayout(self, palette, (self.workspace, self._bottom), side)
        self._menus = Menus(self, self._actions, settings)
        self._areas = Areas((palette, self.workspace, self._bottom, *side, self._menus.bar))
        self._preferences = PreferenceKeeper(self.desk, self.use_theme)
        self._connect()
        self._preferences.start()
        self._layout.restore(settings)
        self._on_heat_changed()

    @property
    def session(self) -> "Session":
        """The current session."""
        return self.workspace.session

    @property
    def canvas(self) -> "DesignCanvas":
        """The current canvas."""
        return self.workspace.canvas

    def action(self, name: str) -> QAction:
        """An action by its name, such as "file.open"."""
        return self._actions[name]

    @property
    def actions_by_name(self) -> Mapping[str, QAction]:
        """All actions."""
        return self._actions

    @property
    def areas(self) -> Areas:
        """The areas that the focus goes through."""
        return self._areas

    # Building the window.

    def _make_bottom(self) -> QTabWidget:
        panels = QTabWidget(self)
        panels.setObjectName("panels")
        panels.tabBar().setAccessibleName(self.tr("Panels"))
        panels.setDocumentMode(True)
        for spec in panel_list.BOTTOM:
            place = self.desk.panels.make(spec, panels)
            # One that was never seen must not take room from the palette.
            place.setMinimumSize(*_LEAST_PANEL)
            panels.addTab(place, self.tr(spec.title))
        return panels

    def _build_panel(self, spec: PanelSpec, place: QWidget) -> Panel:
        panel: Panel = import_module(spec.home).open_panel(self.desk, place)
        panel.node_wanted.connect(self.desk.show_node)
        if self._shown_session is not None:
            panel.set_session(self._shown_session)
        return panel

    def _connect(self) -> None:
        desk = self.desk
        desk.said.connect(self._status.say)
        desk.changed.connect(self.follow_session)
        desk.command_wished.connect(self._on_desk_command_wished)
        desk.area_wished.connect(self._areas.go)
        self.workspace.session_changed.connect(self._show_session)
        self.workspace.session_closed.connect(self._on_workspace_session_closed)
        self.workspace.sessions_changed.connect(self._on_workspace_sessions_changed)
        self.workspace.close_wished.connect(desk.documents.close)
        self._menus.recent.file_wanted.connect(desk.documents.open)
        self._menus.gallery.triggered.connect(self._on_gallery_triggered)
        heat = self.workspace.heat
        heat.changed.connect(self._on_heat_changed)
        self._menus.heat.chosen.connect(heat.show)
        self._menus.heat_box.activated.connect(self._on_heat_box_activated)
        self._menus.theme.chosen.connect(self._on_theme_chosen)
        self.workspace.welcome_made.connect(self._on_workspace_welcome_made)
        self.workspace.show_recent(desk.settings.recent_files)

    @Slot(object)
    def _on_workspace_welcome_made(self, welcome: "Welcome") -> None:
        desk = self.desk
        welcome.new_wanted.connect(desk.documents.new)
        welcome.lesson_wanted.connect(self._on_welcome_lesson_wanted)
        welcome.open_wanted.connect(desk.documents.ask_and_open)
        welcome.file_wanted.connect(desk.documents.open)
        welcome.gallery_wanted.connect(desk.documents.open_gallery)
        welcome.measuring_wanted.connect(self._on_welcome_measuring_wanted)
        welcome.forget_wished.connect(self._on_welcome_forget_wished)

    # Following the sessions.

    @Slot(object)
    def _show_session(self, session: "Session") -> None:
        if self._shown_session is session:
            return
        self._leave_session()
        self._shown_session = session
        session.design_changed.connect(self.follow_session)
        session.selection_changed.connect(self.follow_session)
        session.file_changed.connect(self.follow_session)
        session.measurement_changed.connect(self.follow_session)
        session.edit_refused.connect(self.desk.said)
        for panel in self.desk.panels.built:
            panel.set_session(session)
        canvas = self.canvas
        canvas.zoom_changed.connect(self._status.show_zoom, Qt.ConnectionType.UniqueConnection)
        canvas.rename_requested.connect(self._on_canvas_rename_requested, Qt.ConnectionType.UniqueConnection)
        canvas.edit_requested.connect(self._on_canvas_edit_requested, Qt.ConnectionType.UniqueConnection)
        canvas.group_rename_requested.connect(self._on_canvas_group_rename, Qt.ConnectionType.UniqueConnection)
        canvas.context_menu_requested.connect(self._on_canvas_menu_requested, Qt.ConnectionType.UniqueConnection)
        self.follow_session()

    def _leave_session(self) -> None:
        old, self._shown_session = self._shown_session, None
        if old is not None:
            old.design_changed.disconnect(self.follow_session)
            old.selection_changed.disconnect(self.follow_session)
            old.file_changed.disconnect(self.follow_session)
            old.measurement_changed.disconnect(self.follow_session)
            old.edit_refused.disconnect(self.desk.said)

    @Slot(object)
    def _on_workspace_session_closed(self, session: "Session") -> None:
        if session is self._shown_session:
            # It was the last one.
            self._leave_session()
            for panel in self.desk.panels.built:
                panel.set_session(None)

    @Slot()
    def follow_session(self) -> None:
        """Enables the actions that make sense now, and brings title and status bar up to date."""
        follow(self._actions, available(self.desk), ticked(self.desk))
        self._layout.show_panels(not self.workspace.is_welcoming)
        if self.workspace.is_welcoming:
            self._name_steps(None, None)
            self._status.show_nothing()
        else:
            steps = self.session.undo_history
            self._name_steps(steps.undo_label, steps.redo_label)
            self._status.show_session(self.session)
            self._status.show_zoom(self.canvas.zoom)
        self._follow_title()

    def _name_steps(self, undo: str | None, redo: str | None) -> None:
        for action, verb, step in (("edit.undo", self.tr("&Undo"), undo), ("edit.redo", self.tr("&Redo"), redo)):
            self._actions[action].setText(f"{verb} {escaped(step)}" if step else verb)
            self._actions[action].setIconText(verb.replace("&", ""))

    def _follow_title(self) -> None:
        if self.workspace.is_welcoming:
            self.setWindowTitle("OneByOne")
            self.setWindowModified(False)
            return
        session = self.session
        name = session.path.name if session.path is not None else session.title
        self.setWindowTitle(f"{name}[*] – OneByOne")
        self.setWindowModified(session.is_modified)

    @Slot()
    def _on_workspace_sessions_changed(self) -> None:
        self.workspace.show_recent(self.desk.settings.recent_files)
        self._preferences.follow()
        self.follow_session()

    @Slot(str)
    def _on_desk_command_wished(self, name: str) -> None:
        self._actions[name].trigger()

    @Slot(str)
    def _on_welcome_lesson_wanted(self, name: str) -> None:
        self._actions[f"help.{name}"].trigger()

    @Slot(str)
    def _on_welcome_measuring_wanted(self, name: str) -> None:
        self.desk.documents.open_gallery(name)
        self._actions["measure.start"].trigger()

    @Slot(object)
    def _on_welcome_forget_wished(self, path: Path) -> None:
        self.desk.settings.forget_file(path)
        self.workspace.show_recent(self.desk.settings.recent_files)

    @Slot(str)
    def _on_canvas_rename_requested(self, node_id: str) -> None:
        self.session.select([node_id])
        self._inspector().edit_name()

    @Slot(str)
    def _on_canvas_group_rename(self, _group_id: str) -> None:
        self._inspector().edit_name()

    @Slot(str)
    def _on_canvas_edit_requested(self, node_id: str) -> None:
        self.session.select([node_id])
        self._inspector().edit_fields()

    @Slot(object, object)
    def _on_canvas_menu_requested(self, point: QPoint, target: object) -> None:
        from onebyone_desktop.window.context_menu import make_context_menu

        menu = make_context_menu(self, self._actions, self.session, target)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(point)

    def _inspector(self) -> "Inspector":
        from onebyone_desktop.inspector.inspector import Inspector

        return self.desk.panels.get("inspector", Inspector)

    @Slot(int)
    def _on_heat_box_activated(self, place: int) -> None:
        self.workspace.heat.show(self._menus.heat_box.itemData(place))

    @Slot()
    def _on_heat_changed(self) -> None:
        quantity = self.workspace.heat.quantity
        self._menus.heat_box.setCurrentIndex(self._menus.heat_box.findData(quantity))
        self._menus.heat.tick(quantity)
        self.follow_session()

    @Slot(str)
    def _on_theme_chosen(self, name: str) -> None:
        self.desk.settings.theme = name

    def use_theme(self, tokens: theme.Theme) -> None:
        """Shows everything in another theme."""
        theme.apply(theme.application(), tokens)
        self._menus.theme.tick(self.desk.settings.theme)
        self.workspace.refresh_colours()
        for panel in self.desk.panels.built:
            panel.refresh_colours()

    @Slot(QAction)
    def _on_gallery_triggered(self, action: QAction) -> None:
        self.desk.documents.open_gallery(action.objectName())

    # Closing, and files dropped on the window.

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QStatusTipEvent):
            self._status.show_tip(event.tip())
            return True
        return super().event(event)

    def focusNextPrevChild(self, is_next: bool) -> bool:
        return self._areas.step(is_next) or super().focusNextPrevChild(is_next)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._menus.use_icons_alone(event.size().width() < _NARROW)

    def closeEvent(self, event: QCloseEvent) -> None:
        for session in list(self.workspace.sessions):
            if not self.desk.documents.may_close(session):
                event.ignore()
                return
        self._layout.store(self.desk.settings)
        self.desk.closing.emit()
        event.accept()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        for url in event.mimeData().urls():
            if url.isLocalFile():
                self.desk.documents.open(_local_path(url))
        event.acceptProposedAction()


def _local_path(url: QUrl) -> Path:
    return Path(url.toLocalFile())
