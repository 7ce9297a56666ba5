"""The main window: it puts the panels together and passes wishes on."""

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QEvent, QPoint, Qt, QUrl, Slot
from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent, QResizeEvent, QStatusTipEvent
from PySide6.QtWidgets import (
    QApplication,
    QMainWindow,
    QTabWidget,
    QWidget,
)

from onebyone.run_store.records import StoredMeasurement
from onebyone_desktop.appearance import theme
from onebyone_desktop.canvas.view import DesignCanvas
from onebyone_desktop.channels.channels_panel import ChannelsPanel
from onebyone_desktop.commands.arrange_commands import ArrangeCommands
from onebyone_desktop.commands.availability import available, ticked
from onebyone_desktop.commands.commands import Commands
from onebyone_desktop.commands.copy_commands import CopyCommands
from onebyone_desktop.commands.edit_commands import EditCommands
from onebyone_desktop.commands.file_commands import FileCommands
from onebyone_desktop.commands.group_commands import GroupCommands
from onebyone_desktop.commands.help_commands import HelpCommands
from onebyone_desktop.commands.insert_commands import InsertCommands
from onebyone_desktop.commands.measure_commands import MeasureCommands
from onebyone_desktop.commands.reduce_commands import ReduceCommands
from onebyone_desktop.commands.view_commands import ViewCommands
from onebyone_desktop.comparing.compare_panel import Compare
from onebyone_desktop.comparing.comparing import Comparing
from onebyone_desktop.files.documents import Documents
from onebyone_desktop.inspector.inspector import Inspector
from onebyone_desktop.latency.latency_panel import Latency
from onebyone_desktop.panels.code import Code
from onebyone_desktop.panels.costs import Costs
from onebyone_desktop.panels.palette import Palette, PaletteEntry
from onebyone_desktop.panels.panel import Panel
from onebyone_desktop.panels.problems import Problems
from onebyone_desktop.pointwise.merging import Merging
from onebyone_desktop.pointwise.twins import Twins
from onebyone_desktop.roofline.roofline_panel import Roofline
from onebyone_desktop.run_history.history_keeper import HistoryKeeper
from onebyone_desktop.run_history.history_panel import History
from onebyone_desktop.session import Measured, Session
from onebyone_desktop.settings import Settings
from onebyone_desktop.sweep.sweep_panel import SweepPanel
from onebyone_desktop.sweep.sweeping import Sweeping
from onebyone_desktop.teaching.lesson_panel import LessonPanel
from onebyone_desktop.teaching.teaching import Teaching
from onebyone_desktop.window.actions import follow, make_actions
from onebyone_desktop.window.areas import Areas
from onebyone_desktop.window.context_menu import make_context_menu
from onebyone_desktop.window.layout import WindowLayout
from onebyone_desktop.window.menus import Menus, escaped
from onebyone_desktop.window.preference_keeper import Preferring
from onebyone_desktop.window.status_bar import StatusBar
from onebyone_desktop.window.workspace import Workspace

# Narrower than this the tool bar shows icons without words.
_NARROW = 1_060
_LEAST_PANEL = 420


class MainWindow(QMainWindow):
    """One window with a tab for each open design."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("main_window")
        self.setMinimumSize(760, 520)
        self.setAcceptDrops(True)
        self._settings = Settings(self)
        self._shown_session: Session | None = None
        self.workspace = Workspace(self)
        self.documents = Documents(self, self.workspace, self._settings)
        self.palette_panel = Palette(self)
        self.lesson = LessonPanel(self)
        self.inspector = Inspector(self)
        self.problems = Problems(self)
        self.costs = Costs(self)
        self.latency = Latency(self)
        self.roofline = Roofline(self)
        self.channels = ChannelsPanel(self)
        self.compare = Compare(self)
        self.sweep = SweepPanel(self)
        self.code = Code(self)
        self.history_keeper = HistoryKeeper(self)
        self.history = History(self.history_keeper, self)
        self._panels: tuple[Panel, ...] = (
            self.inspector,
            self.problems,
            self.costs,
            self.latency,
            self.roofline,
            self.channels,
            self.compare,
            self.sweep,
            self.code,
            self.history,
        )
        self._status = StatusBar(self)
        self.setStatusBar(self._status)
        self._measure = MeasureCommands(self)
        self.sweeping = Sweeping(self, self.sweep)
        self._actions = make_actions(self, self._make_commands())
        self._bottom = self._make_panels()
        side: list[QWidget] = [self.lesson, self.inspector, self.problems]
        self._layout = WindowLayout(self, self.palette_panel, (self.workspace, self._bottom), side)
        self._menus = Menus(self, self._actions, self._settings)
        parts = (self.palette_panel, self.workspace, self._bottom, *side, self._menus.bar)
        self._areas = Areas(parts)
        self.preferring = Preferring(self)
        self.comparing = Comparing(self)
        self.twins = Twins(self)
        self.merging = Merging(self)
        self.teaching = Teaching(self)
        self._connect()
        self.preferring.start()
        self._layout.restore(self._settings)
        self._show_session(self.workspace.session)

    @property
    def session(self) -> Session:
        """The current session."""
        return self.workspace.session

    @property
    def canvas(self) -> DesignCanvas:
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
    def measure_commands(self) -> MeasureCommands:
        """The commands that measure."""
        return self._measure

    @property
    def settings(self) -> Settings:
        """What the program remembers."""
        return self._settings

    @property
    def areas(self) -> Areas:
        """The areas that the focus goes through."""
        return self._areas

    def show_panel(self, panel: Panel) -> None:
        """Brings one of the panels at the bottom to the front."""
        self._bottom.setCurrentWidget(panel)

    @Slot(str)
    def say(self, message: str) -> None:
        """Shows a sentence in the status bar."""
        self._status.say(message)

    def close_session(self, session: Session) -> None:
        """Closes a tab, unless the user wants to keep it."""
        if self.documents.may_close(session):
            self._measure.forget(session)
            self.sweeping.forget(session)
            self.workspace.close(session)
            self.follow_session()

    # Building the window.

    def _make_commands(self) -> dict[str, Commands]:
        return {
            "file": FileCommands(self),
            "edit": EditCommands(self),
            "copy": CopyCommands(self),
            "insert": InsertCommands(self),
            "arrange": ArrangeCommands(self),
            "group": GroupCommands(self),
            "reduce": ReduceCommands(self),
            "view": ViewCommands(self),
            "measure": self._measure,
            "help": HelpCommands(self),
        }

    def _bottom_panels(self) -> tuple[tuple[Panel, str], ...]:
        return (
            (self.costs, "Costs"), (self.latency, "Latency"), (self.roofline, "Roofline"), (self.compare, "Compare"),
            (self.sweep, "Sweep"), (self.channels, "Channels"), (self.history, "History"), (self.code, "Code"),
        )  # fmt: skip

    def _make_panels(self) -> QTabWidget:
        panels = QTabWidget(self)
        panels.setObjectName("panels")
        panels.tabBar().setAccessibleName(self.tr("Panels"))
        panels.setDocumentMode(True)
        for panel, title in self._bottom_panels():
            # One that was never seen must not take room from the palette.
            panel.setMinimumWidth(_LEAST_PANEL)
            panels.addTab(panel, self.tr(title))
        return panels

    def _connect(self) -> None:
        self.workspace.session_changed.connect(self._show_session)
        self.workspace.sessions_changed.connect(self._on_workspace_sessions_changed)
        self.workspace.close_wished.connect(self._on_workspace_close_wished)
        self._menus.recent.file_wanted.connect(self.documents.open)
        self._menus.gallery.triggered.connect(self._on_gallery_triggered)
        heat = self.workspace.heat
        heat.changed.connect(self._on_heat_changed)
        self._menus.heat.chosen.connect(heat.show)
        self._menus.heat_box.activated.connect(self._on_heat_box_activated)
        self._menus.theme.chosen.connect(self._on_theme_chosen)
        welcome = self.workspace.welcome
        welcome.new_wanted.connect(self.documents.new)
        welcome.lesson_wanted.connect(self.teaching.start)
        welcome.open_wanted.connect(self.documents.ask_and_open)
        welcome.file_wanted.connect(self.documents.open)
        welcome.gallery_wanted.connect(self.documents.open_gallery)
        welcome.measuring_wanted.connect(self._on_welcome_measuring_wanted)
        welcome.forget_wished.connect(self._on_welcome_forget_wished)
        welcome.show_recent(self._settings.recent_files)
        self.palette_panel.entry_chosen.connect(self._on_palette_entry_chosen)
        self._measure.measuring.answered.connect(self.history_keeper.keep)
        self.history_keeper.noted.connect(self.say)
        self.history.said.connect(self.say)
        self.history.opening_wished.connect(self._on_history_opening_wished)
        self.inspector.left.connect(self._on_inspector_left)
        self.problems.node_wanted.connect(self._on_node_wanted)
        self.latency.node_wanted.connect(self._on_node_wanted)
        self.roofline.node_wanted.connect(self._on_node_wanted)
        self.channels.node_wanted.connect(self._on_node_wanted)
        self.channels.follow_measuring(self._measure.measuring.client)
        self.roofline.node_pointed_at.connect(self._on_roofline_node_pointed_at)
        self.roofline.measuring_wished.connect(self._actions["measure.start"].trigger)
        self.latency.report_wished.connect(self._actions["file.export_report"].trigger)

    # Following the sessions.

    @Slot(object)
    def _show_session(self, session: Session) -> None:
        old = self._shown_session
        if old is session:
            return
        if old is not None:
            old.design_changed.disconnect(self.follow_session)
            old.selection_changed.disconnect(self.follow_session)
            old.file_changed.disconnect(self.follow_session)
            old.measurement_changed.disconnect(self.follow_session)
            old.edit_refused.disconnect(self.say)
        self._shown_session = session
        session.design_changed.connect(self.follow_session)
        session.selection_changed.connect(self.follow_session)
        session.file_changed.connect(self.follow_session)
        session.measurement_changed.connect(self.follow_session)
        session.edit_refused.connect(self.say)
        for panel in self._panels:
            panel.set_session(session)
        canvas = self.canvas
        canvas.zoom_changed.connect(self._status.show_zoom, Qt.ConnectionType.UniqueConnection)
        canvas.rename_requested.connect(self._on_canvas_rename_requested, Qt.ConnectionType.UniqueConnection)
        canvas.edit_requested.connect(self._on_canvas_edit_requested, Qt.ConnectionType.UniqueConnection)
        canvas.group_rename_requested.connect(self._on_canvas_group_rename, Qt.ConnectionType.UniqueConnection)
        canvas.context_menu_requested.connect(self._on_canvas_menu_requested, Qt.ConnectionType.UniqueConnection)
        canvas.node_pointed_at.connect(self.roofline.point_at, Qt.ConnectionType.UniqueConnection)
        self._status.show_zoom(canvas.zoom)
        self.follow_session()

    @Slot()
    def follow_session(self) -> None:
        """Enables the actions that make sense now, and brings title and status bar up to date."""
        session = self.session
        follow(self._actions, available(self), ticked(self))
        self._name("edit.undo", self.tr("&Undo"), session.undo_history.undo_label)
        self._name("edit.redo", self.tr("&Redo"), session.undo_history.redo_label)
        self._status.show_session(session)
        self._layout.show_panels(not self.workspace.is_welcoming)
        self._follow_title()

    def _name(self, action: str, verb: str, step: str | None) -> None:
        self._actions[action].setText(f"{verb} {escaped(step)}" if step else verb)
        self._actions[action].setIconText(verb.replace("&", ""))

    def _follow_title(self) -> None:
        session = self.session
        if self.workspace.is_welcoming:
            self.setWindowTitle("OneByOne")
            self.setWindowModified(False)
            return
        name = session.path.name if session.path is not None else session.title
        self.setWindowTitle(f"{name}[*] – OneByOne")
        self.setWindowModified(session.is_modified)

    @Slot()
    def _on_workspace_sessions_changed(self) -> None:
        self.latency.offer_sessions(self.workspace.sessions)
        self.compare.offer_sessions(self.workspace.sessions)
        self.workspace.welcome.show_recent(self._settings.recent_files)
        self.preferring.follow()
        self.follow_session()

    @Slot(str)
    def _on_welcome_measuring_wanted(self, name: str) -> None:
        self.documents.open_gallery(name)
        self._actions["measure.start"].trigger()

    @Slot(object)
    def _on_welcome_forget_wished(self, path: Path) -> None:
        self._settings.forget_file(path)
        self.workspace.welcome.show_recent(self._settings.recent_files)

    @Slot(object)
    def _on_workspace_close_wished(self, session: Session) -> None:
        self.close_session(session)

    @Slot(object, int)
    def _on_history_opening_wished(self, stored: StoredMeasurement, place: int) -> None:
        self.documents.open_measured(Measured(stored.request, stored.measurement, place))

    @Slot(object)
    def _on_palette_entry_chosen(self, entry: PaletteEntry) -> None:
        self.workspace.show_designs()
        if entry.is_module:
            self.canvas.add_nodes(entry.nodes, self.tr("Add {}").format(entry.title))
        else:
            self.canvas.add_layer(entry.nodes[0].layer, entry.base, title=entry.title)

    @Slot(str)
    def _on_node_wanted(self, node_id: str) -> None:
        self.session.select([node_id])
        self.canvas.center_on(node_id)

    @Slot(str)
    def _on_roofline_node_pointed_at(self, node_id: str) -> None:
        self.canvas.pointing.mark(self.canvas.design_scene.nodes.get(node_id))

    @Slot()
    def _on_inspector_left(self) -> None:
        self.canvas.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot(str)
    def _on_canvas_rename_requested(self, node_id: str) -> None:
        self.session.select([node_id])
        self.inspector.edit_name()

    @Slot(str)
    def _on_canvas_group_rename(self, _group_id: str) -> None:
        self.inspector.edit_name()

    @Slot(str)
    def _on_canvas_edit_requested(self, node_id: str) -> None:
        self.session.select([node_id])
        self.inspector.edit_fields()

    @Slot(object, object)
    def _on_canvas_menu_requested(self, point: QPoint, target: object) -> None:
        menu = make_context_menu(self, self._actions, self.session, target)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(point)

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
        self._settings.theme = name

    def use_theme(self, tokens: theme.Theme) -> None:
        """Shows everything in another theme."""
        theme.apply(QApplication.instance(), tokens)
        self._menus.theme.tick(self._settings.theme)
        self.palette_panel.refresh_icons()
        self.workspace.refresh_colours()
        self.code.refresh_colours()
        self.latency.refresh_colours()
        self.roofline.refresh_colours()
        self.channels.refresh_colours()
        self.compare.refresh_colours()
        self.comparing.refresh_colours()
        self.sweep.refresh_colours()

    @Slot(QAction)
    def _on_gallery_triggered(self, action: QAction) -> None:
        self.documents.open_gallery(action.objectName())

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
            if not self.documents.may_close(session):
                event.ignore()
                return
        self._layout.store(self._settings)
        self.sweeping.stop()
        self._measure.stop()
        self.channels.stop()
        self.history_keeper.stop()
        self.merging.check.stop()
        event.accept()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        for url in event.mimeData().urls():
            if url.isLocalFile():
                self.documents.open(_local_path(url))
        event.acceptProposedAction()


def _local_path(url: QUrl) -> Path:
    return Path(url.toLocalFile())
