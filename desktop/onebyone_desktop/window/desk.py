"""The desk: what the controllers of a window work with; none of them knows the window itself."""

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QMainWindow

from onebyone_desktop.files.documents import Documents
from onebyone_desktop.preferences import Preferences
from onebyone_desktop.settings import Settings
from onebyone_desktop.window.panel_places import PanelPlaces
from onebyone_desktop.window.workspace import Workspace

if TYPE_CHECKING:
    from onebyone.pointwise.parallel import Merge
    from onebyone_desktop.canvas.view import DesignCanvas
    from onebyone_desktop.latency.measuring import Measuring
    from onebyone_desktop.run_history.history_keeper import HistoryKeeper
    from onebyone_desktop.session import Session


class Desk(QObject):
    """The open designs, their files, the settings, the panels, the measuring process and the history.

    What is not needed for a window to be seen is made when it is first asked for.
    """

    #: A sentence for the status bar.
    said = Signal(str)
    #: What the actions need may have changed.
    changed = Signal()
    #: An action is to be run as from its menu, by name.
    command_wished = Signal(str)
    #: The focus is to go on by so many areas.
    area_wished = Signal(int)
    #: The window is about to close for good: processes end, files are closed.
    closing = Signal()

    def __init__(self, window: QMainWindow, workspace: Workspace, settings: Settings, panels: PanelPlaces) -> None:
        super().__init__(window)
        #: What dialogs stand in front of.
        self.window = window
        self.workspace = workspace
        self.settings = settings
        self.panels = panels
        self.documents = Documents(window, workspace, settings)
        #: The last merge of parallel 1×1 convolutions, so that it can be clocked.
        self.last_merge: Merge | None = None
        self._preferences = settings.preferences
        settings.preferences_changed.connect(self._on_settings_preferences_changed)
        self.closing.connect(self._on_closing)

    @property
    def session(self) -> "Session":
        """The current session."""
        return self.workspace.session

    @property
    def canvas(self) -> "DesignCanvas":
        """The current canvas."""
        return self.workspace.canvas

    @cached_property
    def measuring(self) -> "Measuring":
        """The process that measures, and what it is to measure with."""
        from onebyone_desktop.latency.measuring import Measuring

        measuring = Measuring(self)
        measuring.choose_by(self._preferences)
        measuring.answered.connect(self.history.keep)
        measuring.started.connect(self.changed)
        for ended in (measuring.finished, measuring.failed, measuring.cancelled):
            ended.connect(self.changed)
        self.workspace.session_closed.connect(measuring.forget)
        return measuring

    @cached_property
    def history(self) -> "HistoryKeeper":
        """The history of measurements."""
        from onebyone_desktop.run_history.history_keeper import HistoryKeeper

        history = HistoryKeeper(self)
        history.noted.connect(self.said)
        return history

    @property
    def is_measuring(self) -> bool:
        """Whether a measurement is under way."""
        return "measuring" in self.__dict__ and self.measuring.is_running

    def say(self, message: str) -> None:
        """Shows a sentence in the status bar."""
        self.said.emit(message)

    def compare(self, sessions: Sequence["Session"]) -> None:
        """Brings the Compare panel to the front with just these open designs."""
        from onebyone_desktop.comparing.compare_panel import Compare

        self.panels.show("compare")
        self.panels.get("compare", Compare).chosen.compare_only(sessions)

    @Slot(str)
    def show_node(self, node_id: str) -> None:
        """Selects a node of the current design and brings it into the middle."""
        self.session.select([node_id])
        self.canvas.center_on(node_id)

    @Slot(object)
    def _on_settings_preferences_changed(self, preferences: Preferences) -> None:
        before, self._preferences = self._preferences, preferences
        if "measuring" in self.__dict__:
            self.measuring.choose_by(preferences, before)

    @Slot()
    def _on_closing(self) -> None:
        if "measuring" in self.__dict__:
            self.measuring.stop()
        if "history" in self.__dict__:
            self.history.stop()
