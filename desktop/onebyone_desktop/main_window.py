"""The main window: it puts the panels together and passes wishes on."""

from functools import partial
from pathlib import Path
from typing import get_args

from PySide6.QtCore import QSize, Qt, QUrl, Slot
from PySide6.QtGui import QAction, QActionGroup, QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QMainWindow,
    QMenu,
    QMessageBox,
    QSizePolicy,
    QSplitter,
    QTabWidget,
    QToolBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from onebyone import gallery
from onebyone.measurement import Measurement
from onebyone_desktop import theme
from onebyone_desktop.actions import MENUS, TOOLBAR, make_actions
from onebyone_desktop.canvas.view import DesignCanvas
from onebyone_desktop.documents import Documents
from onebyone_desktop.exporting import Exporting
from onebyone_desktop.icons import icon
from onebyone_desktop.measuring import Measuring
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
from onebyone_desktop.workspace import Workspace

_HEAT_TITLES = {"parameters": "parameters", "macs": "MACs", "memory": "memory", "latency": "latency"}
_MESSAGE_MS = 8_000


class MainWindow(QMainWindow):
    """One window with a tab for each open design."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("main_window")
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
        self._lay_out()
        self._fill_menus()
        self._fill_toolbar()
        self._connect()
        self._restore_layout()
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

    def _lay_out(self) -> None:
        self._bottom = QTabWidget(self)
        self._bottom.setObjectName("panels")
        self._bottom.setDocumentMode(True)
        for panel, title in ((self.costs, "Costs"), (self.latency, "Latency"), (self.code, "Code")):
            self._bottom.addTab(panel, self.tr(title))
        side = QSplitter(Qt.Orientation.Vertical, self)
        side.addWidget(self.inspector)
        side.addWidget(self.problems)
        side.setStretchFactor(1, 1)
        side.setSizes([460, 220])
        middle = QSplitter(Qt.Orientation.Vertical, self)
        middle.addWidget(self.workspace)
        middle.addWidget(self._bottom)
        middle.setStretchFactor(0, 1)
        middle.setSizes([520, 260])
        whole = QSplitter(Qt.Orientation.Horizontal, self)
        for widget in (self.palette_panel, middle, side):
            whole.addWidget(widget)
        whole.setStretchFactor(1, 1)
        whole.setSizes([200, 880, 300])
        self._splitters = {"side": side, "middle": middle, "whole": whole}
        for name, splitter in self._splitters.items():
            splitter.setObjectName(f"splitter.{name}")
            splitter.setChildrenCollapsible(False)
            splitter.setHandleWidth(1)
        self.palette_panel.setMinimumWidth(150)
        side.setMinimumWidth(250)
        holder = QWidget(self)
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(whole)
        self.setCentralWidget(holder)
        self.resize(1280, 800)

    def _fill_menus(self) -> None:
        self._recent = QMenu(self.tr("Open &recent"), self)
        self._recent.setObjectName("file.recent")
        self._recent.aboutToShow.connect(self._on_recent_about_to_show)
        bundled = QMenu(self.tr("&Gallery"), self)
        bundled.setObjectName("file.gallery")
        for entry in gallery.entries():
            bundled.addAction(entry.title).triggered.connect(partial(self._on_gallery_triggered, entry.name))
        self._export = QMenu(self.tr("&Export"), self)
        self._export.setObjectName("file.export")
        for name in ("file.export_diagram", "file.export_source", "file.export_report"):
            self._export.addAction(self._actions[name])
        self._menus = {
            "file.recent": self._recent,
            "file.gallery": bundled,
            "file.export": self._export,
            "view.heat": self._heat_menu(),
            "view.theme": self._theme_menu(),
        }
        for title, names in MENUS.items():
            menu = self.menuBar().addMenu(self.tr(title))
            for name in names:
                if name == "-":
                    menu.addSeparator()
                elif name in self._menus:
                    menu.addMenu(self._menus[name])
                else:
                    menu.addAction(self._actions[name])

    def _heat_menu(self) -> QMenu:
        menu = QMenu(self.tr("&Heat"), self)
        group = QActionGroup(menu)
        for heat in get_args(Heat):
            action = menu.addAction(self.tr(_HEAT_TITLES[heat]))
            action.setObjectName(f"view.heat.{heat}")
            action.setCheckable(True)
            action.setChecked(heat == "macs")
            action.triggered.connect(partial(self._on_heat_triggered, heat))
            group.addAction(action)
        return menu

    def _theme_menu(self) -> QMenu:
        menu = QMenu(self.tr("&Theme"), self)
        group = QActionGroup(menu)
        for name, title in (("system", "Follow the system"), ("light", "Light"), ("dark", "Dark")):
            action = menu.addAction(self.tr(title))
            action.setObjectName(f"view.theme.{name}")
            action.setCheckable(True)
            action.setChecked(name == self._settings.theme)
            action.triggered.connect(partial(self._on_theme_triggered, name))
            group.addAction(action)
        return menu

    def _fill_toolbar(self) -> None:
        bar = QToolBar(self.tr("Tools"), self)
        bar.setObjectName("toolbar")
        bar.setMovable(False)
        bar.setIconSize(QSize(16, 16))
        bar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        bar.toggleViewAction().setEnabled(False)
        for name in TOOLBAR:
            if name == "-":
                bar.addSeparator()
            elif name == "file.export":
                bar.addWidget(self._export_button())
            else:
                bar.addAction(self._actions[name])
        spacer = QWidget(bar)
        spacer.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        bar.addWidget(spacer)
        self._heat_box = QComboBox(bar)
        self._heat_box.setObjectName("heat")
        self._heat_box.setAccessibleName(self.tr("Heat"))
        self._heat_box.setToolTip(self.tr("What the bars on the nodes show"))
        for heat in get_args(Heat):
            self._heat_box.addItem(self.tr("Heat: {}").format(self.tr(_HEAT_TITLES[heat])), heat)
        self._heat_box.activated.connect(self._on_heat_box_activated)
        bar.addAction(self._actions["measure.start"])
        bar.widgetForAction(self._actions["measure.start"]).setObjectName("measure.start.button")
        bar.addWidget(self._heat_box)
        self.addToolBar(bar)

    def _export_button(self) -> QToolButton:
        button = QToolButton(self)
        button.setText(self.tr("Export"))
        button.setIcon(icon("export"))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setToolTip(self.tr("Export a diagram, the PyTorch source or a latency report"))
        button.setMenu(self._export)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        return button

    def _connect(self) -> None:
        self.workspace.session_changed.connect(self._show_session)
        self.workspace.sessions_changed.connect(self._on_workspace_sessions_changed)
        self.workspace.close_wished.connect(self._on_workspace_close_wished)
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
        self._status.show_zoom(canvas.zoom)
        self._heat_box.setCurrentIndex(self._heat_box.findData(session.heat))
        self._follow_session()

    @Slot()
    def _follow_session(self) -> None:
        session = self.session
        actions = self._actions
        undo, redo = session.history.undo_label, session.history.redo_label
        actions["edit.undo"].setEnabled(undo is not None)
        actions["edit.undo"].setText(self.tr("&Undo {}").format(_escaped(undo)) if undo else self.tr("&Undo"))
        actions["edit.undo"].setIconText(self.tr("Undo"))
        actions["edit.redo"].setEnabled(redo is not None)
        actions["edit.redo"].setText(self.tr("&Redo {}").format(_escaped(redo)) if redo else self.tr("&Redo"))
        actions["edit.redo"].setIconText(self.tr("Redo"))
        has_selection = bool(session.selection) or self.canvas.has_selected_wires
        for name in ("edit.cut", "edit.copy", "edit.duplicate", "view.fit_selection"):
            actions[name].setEnabled(bool(session.selection))
        actions["edit.delete"].setEnabled(has_selection)
        actions["edit.rename"].setEnabled(len(session.selection) == 1)
        for name in ("edit.arrange", "edit.select_all", "view.fit"):
            actions[name].setEnabled(bool(session.design.nodes))
        actions["file.revert"].setEnabled(session.path is not None and session.is_modified)
        actions["file.close"].setEnabled(not self.workspace.is_welcoming)
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
        self._actions["measure.start"].setEnabled(not is_running)
        self._actions["measure.cancel"].setEnabled(is_running)

    @Slot(str)
    def _say(self, message: str) -> None:
        self._status.showMessage(message, _MESSAGE_MS)

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
            self.canvas.add_layer(entry.nodes[0].layer, entry.base)

    @Slot(str)
    def _on_node_wanted(self, node_id: str) -> None:
        self.session.select([node_id])
        self.canvas.center_on(node_id)

    @Slot(str)
    def _on_canvas_rename_requested(self, node_id: str) -> None:
        self.session.select([node_id])
        self.inspector.edit_name()

    @Slot(int)
    def _on_heat_box_activated(self, place: int) -> None:
        self._on_heat_triggered(self._heat_box.itemData(place))

    def _on_heat_triggered(self, heat: Heat, _checked: bool = False) -> None:
        for canvas in self.workspace.canvases():
            canvas.session.show_heat(heat)
        self._heat_box.setCurrentIndex(self._heat_box.findData(heat))
        for action in self._menus["view.heat"].actions():
            action.setChecked(action.objectName() == f"view.heat.{heat}")

    def _on_theme_triggered(self, name: str, _checked: bool = False) -> None:
        self._settings.theme = name
        self.use_theme(theme.named(name))

    def use_theme(self, tokens: theme.Theme) -> None:
        """Shows everything in another theme."""
        theme.apply(QApplication.instance(), tokens)
        self.palette_panel.refresh_icons()
        self.workspace.refresh_colours()
        self.code.refresh_colours()
        self.latency.refresh_colours()

    def _on_gallery_triggered(self, name: str, _checked: bool = False) -> None:
        self.documents.open_gallery(name)

    @Slot()
    def _on_recent_about_to_show(self) -> None:
        self._recent.clear()
        paths = self._settings.recent_files
        for path in paths:
            action = self._recent.addAction(_escaped(str(path)))
            action.triggered.connect(partial(self._on_recent_triggered, path))
        if not paths:
            self._recent.addAction(self.tr("No recent files")).setEnabled(False)
            return
        self._recent.addSeparator()
        self._recent.addAction(self.tr("Clear this list")).triggered.connect(self._settings.forget_files)

    def _on_recent_triggered(self, path: Path, _checked: bool = False) -> None:
        self.documents.open(path)

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

    # Layout between starts, closing, files dropped on the window.

    def _restore_layout(self) -> None:
        geometry = self._settings.layout("geometry")
        if geometry is not None:
            self.restoreGeometry(geometry)
        for name, splitter in self._splitters.items():
            state = self._settings.layout(name)
            if state is not None:
                splitter.restoreState(state)

    def closeEvent(self, event: QCloseEvent) -> None:
        for session in list(self.workspace.sessions):
            if not self.documents.may_close(session):
                event.ignore()
                return
        self._settings.store_layout("geometry", self.saveGeometry())
        for name, splitter in self._splitters.items():
            self._settings.store_layout(name, splitter.saveState())
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


def _escaped(text: str | None) -> str:
    return (text or "").replace("&", "&&")
