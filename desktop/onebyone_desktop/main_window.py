"""The main window: it puts the panels together and passes wishes on."""

from pathlib import Path

from PySide6.QtCore import QEvent, QPoint, Qt, QUrl, Slot
from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent, QResizeEvent, QStatusTipEvent
from PySide6.QtWidgets import (
    QApplication,
    QMainWindow,
    QMessageBox,
    QTabWidget,
    QWidget,
)

from onebyone.measurement import Measurement
from onebyone_desktop import theme
from onebyone_desktop.actions import make_actions
from onebyone_desktop.canvas.view import DesignCanvas
from onebyone_desktop.context_menu import make_context_menu
from onebyone_desktop.documents import Documents
from onebyone_desktop.exporting import Exporting
from onebyone_desktop.measuring import Measuring
from onebyone_desktop.menus import Menus, escaped
from onebyone_desktop.panels.code import Code
from onebyone_desktop.panels.costs import Costs
from onebyone_desktop.panels.inspector import Inspector
from onebyone_desktop.panels.latency import Latency
from onebyone_desktop.panels.palette import Palette, PaletteEntry
from onebyone_desktop.panels.panel import Panel
from onebyone_desktop.panels.problems import Problems
from onebyone_desktop.panels.status import StatusBar
from onebyone_desktop.session import Heat, Session
from onebyone_desktop.settings import Settings
from onebyone_desktop.window_layout import WindowLayout
from onebyone_desktop.workspace import Workspace

# Narrower than this the tool bar shows icons without words.
_NARROW = 1_060


class MainWindow(QMainWindow):
    """One window with a tab for each open design."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("main_window")
        self.setMinimumSize(760, 520)
        self.setAcceptDrops(True)
        self._settings = Settings()
        self._shown_session: Session | None = None
        self.workspace = Workspace(self)
        self.documents = Documents(self, self.workspace, self._settings)
        self._exporting = Exporting(self, self.documents)
        self._measuring = Measuring(self)
        self.palette_panel = Palette(self)
        self.inspector = Inspector(self)
        self.problems = Problems(self)
        self.costs = Costs(self)
        self.latency = Latency(self)
        self.code = Code(self)
        self._panels: tuple[Panel, ...] = (self.inspector, self.problems, self.costs, self.latency, self.code)
        self._status = StatusBar(self)
        self.setStatusBar(self._status)
        self._actions = make_actions(self)
        self._bottom = self._make_panels()
        side: list[QWidget] = [self.inspector, self.problems]
        self._layout = WindowLayout(self, self.palette_panel, (self.workspace, self._bottom), side)
        self._menus = Menus(self, self._actions, self._settings)
        self._connect()
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

    # Actions: each is the slot of the action of that name in actions.py.

    @Slot()
    def new_design(self) -> None:
        self.documents.new()

    @Slot()
    def open_design(self) -> None:
        self.documents.ask_and_open()

    @Slot()
    def save_design(self) -> None:
        if self.documents.save(self.session):
            self._say(self.tr("Saved to {}").format(self.session.path))

    @Slot()
    def save_design_as(self) -> None:
        self.documents.save_as(self.session)

    @Slot()
    def revert_design(self) -> None:
        self.documents.revert(self.session)

    @Slot()
    def close_design(self) -> None:
        self._on_workspace_close_wished(self.session)

    @Slot()
    def export_diagram(self) -> None:
        self._exporting.diagram(self.session)

    @Slot()
    def export_source(self) -> None:
        self._exporting.source(self.session)

    @Slot()
    def export_report(self) -> None:
        self._exporting.report(self.session)

    @Slot()
    def undo(self) -> None:
        self.session.undo()

    @Slot()
    def redo(self) -> None:
        self.session.redo()

    @Slot()
    def copy(self) -> None:
        text = self.canvas.copy_selection()
        if text:
            QApplication.clipboard().setText(text)

    @Slot()
    def cut(self) -> None:
        self.copy()
        self.canvas.delete_selection()

    @Slot()
    def paste(self) -> None:
        self.canvas.paste_text(QApplication.clipboard().text())

    @Slot()
    def duplicate(self) -> None:
        self.canvas.duplicate_selection()

    @Slot()
    def delete(self) -> None:
        self.canvas.delete_selection()

    @Slot()
    def select_all(self) -> None:
        self.canvas.select_all()

    @Slot()
    def rename(self) -> None:
        self.inspector.edit_name()

    @Slot()
    def arrange(self) -> None:
        self.canvas.arrange()

    @Slot()
    def search_layers(self) -> None:
        self.palette_panel.focus_search()

    @Slot()
    def zoom_in(self) -> None:
        self.canvas.zoom_in()

    @Slot()
    def zoom_out(self) -> None:
        self.canvas.zoom_out()

    @Slot()
    def reset_zoom(self) -> None:
        self.canvas.reset_zoom()

    @Slot()
    def fit_all(self) -> None:
        self.canvas.fit_all()

    @Slot()
    def fit_selection(self) -> None:
        self.canvas.fit_selection()

    @Slot()
    def next_tab(self) -> None:
        self.workspace.show_neighbour(1)

    @Slot()
    def previous_tab(self) -> None:
        self.workspace.show_neighbour(-1)

    @Slot()
    def measure(self) -> None:
        self._bottom.setCurrentWidget(self.latency)
        self._measuring.start(self.latency.sessions, self.latency.choices)

    @Slot()
    def cancel_measuring(self) -> None:
        self._measuring.cancel()

    @Slot()
    def show_shortcuts(self) -> None:
        from onebyone_desktop.about import shortcuts_text

        self._show_text(self.tr("Keyboard shortcuts"), shortcuts_text(self._actions.values()))

    @Slot()
    def show_about(self) -> None:
        from onebyone_desktop.about import versions_text

        self._show_text(self.tr("About OneByOne"), versions_text())

    # Building the window.

    def _make_panels(self) -> QTabWidget:
        panels = QTabWidget(self)
        panels.setObjectName("panels")
        panels.setDocumentMode(True)
        for panel, title in ((self.costs, "Costs"), (self.latency, "Latency"), (self.code, "Code")):
            panels.addTab(panel, self.tr(title))
        return panels

    def _connect(self) -> None:
        self.workspace.session_changed.connect(self._show_session)
        self.workspace.sessions_changed.connect(self._on_workspace_sessions_changed)
        self.workspace.close_wished.connect(self._on_workspace_close_wished)
        self._menus.recent.file_wanted.connect(self.documents.open)
        self._menus.gallery.triggered.connect(self._on_gallery_triggered)
        self._menus.heat.chosen.connect(self.show_heat)
        self._menus.heat_box.activated.connect(self._on_heat_box_activated)
        self._menus.theme.chosen.connect(self._on_theme_chosen)
        welcome = self.workspace.welcome
        welcome.new_wanted.connect(self.new_design)
        welcome.open_wanted.connect(self.open_design)
        welcome.file_wanted.connect(self.documents.open)
        welcome.gallery_wanted.connect(self.documents.open_gallery)
        welcome.show_recent(self._settings.recent_files)
        self.palette_panel.entry_chosen.connect(self._on_palette_entry_chosen)
        self.problems.node_wanted.connect(self._on_node_wanted)
        self.latency.node_wanted.connect(self._on_node_wanted)
        self.latency.measuring_wished.connect(self.measure)
        self.latency.cancel_wished.connect(self.cancel_measuring)
        self.latency.report_wished.connect(self.export_report)
        self.latency.devices_wished.connect(self._measuring.list_devices)
        self._measuring.devices_listed.connect(self.latency.offer_devices)
        measuring = self._measuring
        measuring.started.connect(self._on_measuring_started)
        measuring.progressed.connect(self.latency.show_progress)
        measuring.finished.connect(self._on_measuring_finished)
        measuring.failed.connect(self._on_measuring_failed)
        measuring.cancelled.connect(self._on_measuring_cancelled)

    # Following the sessions.

    @Slot(object)
    def _show_session(self, session: Session) -> None:
        old = self._shown_session
        if old is session:
            return
        if old is not None:
            old.design_changed.disconnect(self._follow_session)
            old.selection_changed.disconnect(self._follow_session)
            old.file_changed.disconnect(self._follow_session)
            old.measurement_changed.disconnect(self._follow_session)
            old.edit_refused.disconnect(self._say)
        self._shown_session = session
        session.design_changed.connect(self._follow_session)
        session.selection_changed.connect(self._follow_session)
        session.file_changed.connect(self._follow_session)
        session.measurement_changed.connect(self._follow_session)
        session.edit_refused.connect(self._say)
        for panel in self._panels:
            panel.set_session(session)
        canvas = self.canvas
        canvas.zoom_changed.connect(self._status.show_zoom, Qt.ConnectionType.UniqueConnection)
        canvas.rename_requested.connect(self._on_canvas_rename_requested, Qt.ConnectionType.UniqueConnection)
        canvas.context_menu_requested.connect(self._on_canvas_menu_requested, Qt.ConnectionType.UniqueConnection)
        self._status.show_zoom(canvas.zoom)
        self._show_chosen_heat(session.heat)
        self._follow_session()

    @Slot()
    def _follow_session(self) -> None:
        session = self.session
        actions = self._actions
        undo, redo = session.history.undo_label, session.history.redo_label
        actions["edit.undo"].setEnabled(undo is not None)
        actions["edit.undo"].setText(self.tr("&Undo {}").format(escaped(undo)) if undo else self.tr("&Undo"))
        actions["edit.undo"].setIconText(self.tr("Undo"))
        actions["edit.redo"].setEnabled(redo is not None)
        actions["edit.redo"].setText(self.tr("&Redo {}").format(escaped(redo)) if redo else self.tr("&Redo"))
        actions["edit.redo"].setIconText(self.tr("Redo"))
        has_selection = bool(session.selection) or self.canvas.has_selected_wires
        for name in ("edit.cut", "edit.copy", "edit.duplicate", "view.fit_selection"):
            actions[name].setEnabled(bool(session.selection))
        actions["edit.delete"].setEnabled(has_selection)
        actions["edit.rename"].setEnabled(len(session.selection) == 1)
        for name in ("edit.arrange", "edit.select_all", "view.fit"):
            actions[name].setEnabled(bool(session.design.nodes))
        actions["file.revert"].setEnabled(session.path is not None and session.is_modified)
        is_open = not self.workspace.is_welcoming
        for name in ("file.close", "file.save", "file.save_as"):
            actions[name].setEnabled(is_open)
        actions["measure.start"].setEnabled(is_open and not self._measuring.is_running)
        actions["file.export_source"].setEnabled(session.analysis.is_valid)
        actions["file.export_diagram"].setEnabled(bool(session.design.nodes))
        actions["file.export_report"].setEnabled(session.run is not None)
        self._status.show_session(session)
        self._follow_title()

    def _follow_title(self) -> None:
        session = self.session
        if self.workspace.is_welcoming:
            self.setWindowTitle("OneByOne")
            self.setWindowModified(False)
            return
        name = session.path.name if session.path is not None else session.title
        self.setWindowTitle(f"{name}[*] – OneByOne")
        self.setWindowModified(session.is_modified)

    def _follow_measuring(self) -> None:
        is_running = self._measuring.is_running
        self._actions["measure.start"].setEnabled(not is_running and not self.workspace.is_welcoming)
        self._actions["measure.cancel"].setEnabled(is_running)

    @Slot(str)
    def _say(self, message: str) -> None:
        self._status.say(message)

    @Slot()
    def _on_workspace_sessions_changed(self) -> None:
        self.latency.offer_sessions(self.workspace.sessions)
        self.workspace.welcome.show_recent(self._settings.recent_files)
        self._follow_session()

    @Slot(object)
    def _on_workspace_close_wished(self, session: Session) -> None:
        if self.documents.may_close(session):
            self._measuring.forget(session)
            self.workspace.close(session)
            self._follow_session()

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
    def _on_canvas_rename_requested(self, node_id: str) -> None:
        self.session.select([node_id])
        self.inspector.edit_name()

    @Slot(object, object)
    def _on_canvas_menu_requested(self, point: QPoint, target: object) -> None:
        menu = make_context_menu(self, self._actions, self.session, target)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(point)

    @Slot(int)
    def _on_heat_box_activated(self, place: int) -> None:
        self.show_heat(self._menus.heat_box.itemData(place))

    @Slot(str)
    def show_heat(self, heat: Heat) -> None:
        """Shows another quantity on the nodes of all open designs."""
        for canvas in self.workspace.canvases():
            canvas.session.show_heat(heat)
        self._show_chosen_heat(heat)

    def _show_chosen_heat(self, heat: Heat) -> None:
        self._menus.heat_box.setCurrentIndex(self._menus.heat_box.findData(heat))
        self._menus.heat.tick(heat)

    @Slot(str)
    def _on_theme_chosen(self, name: str) -> None:
        self._settings.theme = name
        self.use_theme(theme.named(name))

    def use_theme(self, tokens: theme.Theme) -> None:
        """Shows everything in another theme."""
        theme.apply(QApplication.instance(), tokens)
        self.palette_panel.refresh_icons()
        self.workspace.refresh_colours()
        self.code.refresh_colours()
        self.latency.refresh_colours()

    @Slot(QAction)
    def _on_gallery_triggered(self, action: QAction) -> None:
        self.documents.open_gallery(action.objectName())

    @Slot(object)
    def _on_measuring_started(self, names: tuple[str, ...]) -> None:
        self._follow_measuring()
        self.latency.show_started(names)

    @Slot(object)
    def _on_measuring_finished(self, measurement: Measurement) -> None:
        self._follow_measuring()
        self.latency.show_ended()
        self._follow_session()

    @Slot(str)
    def _on_measuring_failed(self, reason: str) -> None:
        self._follow_measuring()
        self.latency.show_ended(reason)

    @Slot()
    def _on_measuring_cancelled(self) -> None:
        self._follow_measuring()
        self.latency.show_ended(self.tr("Cancelled."))

    def _show_text(self, title: str, text: str) -> None:
        box = QMessageBox(self)
        box.setWindowTitle(title)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        box.setText(text)
        box.exec()
        box.deleteLater()

    # Closing, and files dropped on the window.

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QStatusTipEvent):
            self._status.show_tip(event.tip())
            return True
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._menus.use_icons_alone(event.size().width() < _NARROW)

    def closeEvent(self, event: QCloseEvent) -> None:
        for session in list(self.workspace.sessions):
            if not self.documents.may_close(session):
                event.ignore()
                return
        self._layout.store(self._settings)
        self._measuring.stop()
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
