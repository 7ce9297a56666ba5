"""What the Compare panel wishes for: measuring together, canvases side by side, an exported comparison."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from onebyone import formats
from onebyone.errors import OnebyoneError
from onebyone_desktop.comparing.compare_panel import Compare
from onebyone_desktop.comparing.side_by_side import SideBySide
from onebyone_desktop.dialogs.file_choice import ask_to_write
from onebyone_desktop.files.documents import file_stem
from onebyone_desktop.latency.latency_panel import Latency
from onebyone_desktop.panels.panel import Panel

if TYPE_CHECKING:
    from onebyone_desktop.window.desk import Desk


def open_panel(desk: "Desk", parent: QWidget) -> Panel:
    """The panel for a place in the window, with its controller."""
    panel = Compare(parent)
    CompareController(desk, panel)
    return panel


class CompareController(QObject):
    """Serves the panel and keeps the side-by-side window in step."""

    def __init__(self, desk: "Desk", panel: Compare) -> None:
        super().__init__(panel)
        self.setObjectName("compare.controller")
        self._desk = desk
        self._panel = panel
        #: The window with the canvases, while it is open.
        self.side_by_side: SideBySide | None = None
        self._panel.measuring_wished.connect(self.measure)
        self._panel.canvases_wished.connect(self.show_canvases)
        self._panel.export_wished.connect(self.export)
        self._panel.said.connect(desk.said)
        self._panel.colours_changed.connect(self._on_panel_colours_changed)
        self._panel.chosen.changed.connect(self._on_chosen_changed)
        self._panel.chosen.offer_changed.connect(self._on_chosen_offer_changed)
        desk.workspace.sessions_changed.connect(self._on_workspace_sessions_changed)
        # As if it had been there from the beginning: while there is room, designs are compared as they are opened.
        self._panel.offer_sessions(desk.workspace.sessions_by_age)
        self._on_workspace_sessions_changed()

    @Slot()
    def measure(self) -> None:
        """Measures all compared designs together, with the choices of the Latency panel."""
        if self._desk.is_measuring:
            self._desk.say(self.tr("A measurement is running; wait for it or cancel it first."))
            return
        sessions = self._panel.chosen.sessions
        wrong = next((session for session in sessions if not session.analysis.is_valid), None)
        if wrong is not None:
            self._desk.say(self.tr("'{}' has an error and cannot run.").format(wrong.title))
            return
        # It says how far it is, and how it ended.
        self._desk.panels.get("latency", Latency)
        self._desk.say(self.tr("Measuring {} designs together; the Latency panel shows how far it is.").format(
            len(sessions)
        ))  # fmt: skip
        self._desk.measuring.start(sessions)

    @Slot()
    def show_canvases(self) -> None:
        """Opens the compared designs side by side."""
        comparison = self._panel.chosen.comparison()
        if comparison is None:
            return
        self.close_canvases()
        self.side_by_side = SideBySide(
            self._panel.chosen.sessions, comparison, self._desk.workspace.heat, self._desk.window
        )
        self.side_by_side.destroyed.connect(self._on_side_by_side_destroyed)
        self.side_by_side.show()

    @Slot()
    def _on_panel_colours_changed(self) -> None:
        if self.side_by_side is not None:
            self.side_by_side.refresh_colours()

    def close_canvases(self) -> None:
        """Closes the window with the canvases, if it is open."""
        if self.side_by_side is not None:
            self.side_by_side.destroyed.disconnect(self._on_side_by_side_destroyed)
            self.side_by_side.close()
            self.side_by_side = None

    @Slot()
    def export(self) -> None:
        """Asks for a file and writes the comparison."""
        comparison = self._panel.chosen.comparison()
        if comparison is None:
            return
        start = Path(file_stem(" and ".join(comparison.titles)))
        path = ask_to_write(self._desk.window, self.tr("Export the comparison"), start, "comparison")
        if path is None:
            return
        try:
            formats.write("comparison", path, comparison)
        except OnebyoneError as error:
            self._desk.documents.say(self.tr("Nothing was exported"), str(error))
            return
        self._desk.say(self.tr("Exported to {}").format(path))

    @Slot()
    def _on_workspace_sessions_changed(self) -> None:
        self._panel.offer_sessions(self._desk.workspace.sessions)

    @Slot()
    def _on_chosen_changed(self) -> None:
        if self.side_by_side is None:
            return
        comparison = self._panel.chosen.comparison()
        if comparison is None or tuple(self._panel.chosen.sessions) != self.side_by_side.sessions:
            self.close_canvases()
        else:
            self.side_by_side.show_comparison(comparison)

    @Slot()
    def _on_chosen_offer_changed(self) -> None:
        # A canvas must not outlive the session that it shows.
        view = self.side_by_side
        if view is not None and not set(view.sessions) <= set(self._panel.chosen.offered):
            self.close_canvases()

    @Slot()
    def _on_side_by_side_destroyed(self) -> None:
        self.side_by_side = None
