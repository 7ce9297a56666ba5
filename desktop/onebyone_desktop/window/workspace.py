"""The middle of the window: the welcome page, or one tab with a canvas for each open design."""

from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QDragEnterEvent
from PySide6.QtWidgets import QStackedWidget, QTabBar, QTabWidget, QVBoxLayout, QWidget

from onebyone.adding.entries import LAYER_MIME
from onebyone.design import Design
from onebyone.text import visible
from onebyone_desktop.canvas.heat_choice import HeatChoice
from onebyone_desktop.panels.find_bar import FindBar

if TYPE_CHECKING:
    from onebyone_desktop.canvas.view import DesignCanvas
    from onebyone_desktop.session import Session
    from onebyone_desktop.welcome.welcome_page import Welcome

_MOST_CLOSED = 10


class Workspace(QWidget):
    """Holds the sessions. Where nothing is open, an empty one is made behind the welcome page when it is asked for."""

    #: Another session is current.
    session_changed = Signal(object)
    #: Designs were opened or closed, or renamed.
    sessions_changed = Signal()
    #: The welcome page has been made.
    welcome_made = Signal(object)
    #: A tab was closed; its session.
    session_closed = Signal(object)
    #: The pointer is over another node of a canvas: its id, or nothing where it is over none.
    node_pointed_at = Signal(str)
    #: A tab's close button was pressed.
    close_wished = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAcceptDrops(True)
        self._closed: list[Session] = []
        self._opened: list[Session] = []
        self.heat = HeatChoice(self)
        self._welcome: Welcome | None = None
        self._recent_files: list[Path] = []
        self.find_bar = FindBar(self)
        self._tabs = QTabWidget(self)
        self._tabs.setObjectName("workspace.tabs")
        self._tabs.setAccessibleName(self.tr("Open designs"))
        self._tabs.tabBar().setAccessibleName(self.tr("Open designs"))
        self._tabs.setDocumentMode(True)
        self._tabs.setTabsClosable(True)
        self._tabs.setMovable(True)
        self._tabs.setUsesScrollButtons(True)
        self._stack = QStackedWidget(self)
        # Until it is known whether there are designs to show.
        self._stack.addWidget(QWidget(self))
        self._stack.addWidget(self._tabs)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.find_bar)
        layout.addWidget(self._stack)
        self.find_bar.node_found.connect(self._on_find_bar_node_found)
        self.find_bar.closed.connect(self._on_find_bar_closed)
        self.session_changed.connect(self.find_bar.set_session)
        self._tabs.currentChanged.connect(self._on_tabs_current_changed)
        self._tabs.tabCloseRequested.connect(self._on_tabs_tab_close_requested)

    @property
    def welcome(self) -> "Welcome":
        """The welcome page; it is made when it is first needed."""
        if self._welcome is None:
            from onebyone_desktop.welcome.welcome_page import Welcome

            self._welcome = Welcome(self)
            self._welcome.show_recent(self._recent_files)
            self._stack.addWidget(self._welcome)
            self.welcome_made.emit(self._welcome)
        return self._welcome

    def show_welcome(self) -> None:
        """Shows the welcome page where no design is open."""
        if self.is_welcoming:
            self._stack.setCurrentWidget(self.welcome)
            self.welcome.focus_first()

    def show_recent(self, paths: list[Path]) -> None:
        """Lists recent files on the welcome page."""
        self._recent_files = paths
        if self._welcome is not None:
            self._welcome.show_recent(paths)

    @property
    def session(self) -> "Session":
        """The current session."""
        return self.canvas.session

    @property
    def canvas(self) -> "DesignCanvas":
        """The current canvas."""
        if not self._tabs.count():
            self._add_untouched()
        return cast("DesignCanvas", self._tabs.currentWidget())

    @property
    def sessions(self) -> "list[Session]":
        """All open designs in the order of the tabs; none while the welcome page is shown."""
        return [] if self.is_welcoming else [canvas.session for canvas in self.canvases()]

    @property
    def sessions_by_age(self) -> "list[Session]":
        """All open designs in the order in which they were opened."""
        return sorted(self.sessions, key=self._opened.index)

    @property
    def is_welcoming(self) -> bool:
        """Whether no design is open: the welcome page is shown, or will be."""
        return self._stack.currentWidget() is not self._tabs

    def canvases(self) -> "list[DesignCanvas]":
        """All canvases in the order of the tabs."""
        return [cast("DesignCanvas", self._tabs.widget(place)) for place in range(self._tabs.count())]

    def add(self, session: "Session") -> None:
        """Opens a session in a new tab, in place of one that nobody has touched."""
        untouched = self._untouched()
        canvas = self._add_tab(session)
        self._tabs.setCurrentWidget(canvas)
        if untouched is not None:
            self._remove_tab(untouched)
        self.show_designs()
        self.session_changed.emit(session)
        self.sessions_changed.emit()

    @property
    def can_reopen(self) -> bool:
        """Whether a tab was closed that can be opened again."""
        return bool(self._closed)

    def reopen(self) -> None:
        """Opens the tab that was closed last, with its history; the tab of its file if that is open already."""
        if not self._closed:
            return
        session = self._closed.pop()
        opened = next((s for s in self.sessions if s.path is not None and s.path == session.path), None)
        if opened is None or session.is_modified:
            self.add(session)
        else:
            session.deleteLater()
            self.show_session(opened)
            self.sessions_changed.emit()

    def close_tab(self, session: "Session") -> None:
        """Closes a session's tab; after the last one the welcome page is shown."""
        canvas = next(canvas for canvas in self.canvases() if canvas.session is session)
        if not _is_untouched(session):
            self._keep(session)
        if self._tabs.count() == 1:
            self._stack.setCurrentWidget(self.welcome)
            self.welcome.focus_first()
            self.find_bar.set_session(None)
        self._remove_tab(canvas)
        self.session_closed.emit(session)
        self.sessions_changed.emit()

    def show_session(self, session: "Session") -> None:
        """Makes a session the current one."""
        for canvas in self.canvases():
            if canvas.session is session:
                self._tabs.setCurrentWidget(canvas)

    def show_designs(self) -> None:
        """Shows the tabs instead of the welcome page."""
        was_welcoming = self.is_welcoming
        self._stack.setCurrentWidget(self._tabs)
        self.canvas.setFocus()
        if was_welcoming:
            self.sessions_changed.emit()

    def show_neighbour(self, steps: int) -> None:
        """Makes the next or previous tab the current one."""
        if self._tabs.count():
            self._tabs.setCurrentIndex((self._tabs.currentIndex() + steps) % self._tabs.count())

    def refresh_colours(self) -> None:
        """Follows a new theme."""
        for canvas in self.canvases():
            canvas.refresh_theme()

    def _add_untouched(self) -> None:
        from onebyone_desktop.session import Session

        self._add_tab(Session(Design(), parent=self))

    def _untouched(self) -> "DesignCanvas | None":
        return next((canvas for canvas in self.canvases() if _is_untouched(canvas.session)), None)

    def _keep(self, session: "Session") -> None:
        """Keeps a session whose tab is closed: it is not deleted with its canvas."""
        session.setParent(self)
        session.design_changed.disconnect(self._on_session_design_changed)
        session.file_changed.disconnect(self._on_session_file_changed)
        self._closed.append(session)
        while len(self._closed) > _MOST_CLOSED:
            self._closed.pop(0).deleteLater()

    def _add_tab(self, session: "Session") -> "DesignCanvas":
        # A window that shows its welcome page has no need of a canvas.
        from onebyone_desktop.canvas.view import DesignCanvas

        canvas = DesignCanvas(session, self.heat, self._tabs)
        canvas.node_pointed_at.connect(self.node_pointed_at)
        self._opened.append(session)
        session.setParent(canvas)
        self._tabs.addTab(canvas, "")
        session.design_changed.connect(self._on_session_design_changed)
        session.file_changed.connect(self._on_session_file_changed)
        self._name_tabs()
        return canvas

    def _remove_tab(self, canvas: "DesignCanvas") -> None:
        self._opened.remove(canvas.session)
        self._tabs.removeTab(self._tabs.indexOf(canvas))
        canvas.hide()
        canvas.deleteLater()

    def _name_tabs(self) -> None:
        for place, canvas in enumerate(self.canvases()):
            session = canvas.session
            text = visible(session.title).replace("&", "&&")
            self._tabs.setTabText(place, text + (" •" if session.is_modified else ""))
            self._name_close_button(place, session)
            self._tabs.setTabToolTip(place, str(session.path) if session.path else self.tr("Not saved to a file yet"))

    def _name_close_button(self, place: int, session: "Session") -> None:
        bar = self._tabs.tabBar()
        for side in (QTabBar.ButtonPosition.LeftSide, QTabBar.ButtonPosition.RightSide):
            button = bar.tabButton(place, side)
            if button is not None:
                button.setAccessibleName(self.tr("Close {}").format(visible(session.title)))

    @Slot(str)
    def _on_find_bar_node_found(self, node_id: str) -> None:
        self.canvas.select((node_id,))
        self.canvas.center_on(node_id)

    @Slot()
    def _on_find_bar_closed(self) -> None:
        self.canvas.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot(int)
    def _on_tabs_current_changed(self, place: int) -> None:
        if place >= 0:
            self.session_changed.emit(self.session)

    @Slot(int)
    def _on_tabs_tab_close_requested(self, place: int) -> None:
        self.close_wished.emit(self.canvases()[place].session)

    @Slot(object)
    def _on_session_design_changed(self, _before: object) -> None:
        if self.is_welcoming:
            self.show_designs()

    @Slot()
    def _on_session_file_changed(self) -> None:
        self._name_tabs()
        self.sessions_changed.emit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        # A layer is dragged over the welcome page: show the canvas that it can be dropped on.
        if event.mimeData().hasFormat(LAYER_MIME) and self.is_welcoming:
            self.show_designs()
        event.ignore()


def _is_untouched(session: "Session") -> bool:
    return (
        session.path is None and not session.design.nodes and not session.undo_history.past and not session.is_modified
    )
