"""What the Compare panel wishes for: measuring together, canvases side by side, an exported comparison."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from onebyone import formats
from onebyone.errors import OnebyoneError
from onebyone_desktop.comparing.side_by_side import SideBySide
from onebyone_desktop.dialogs.file_choice import ask_to_write
from onebyone_desktop.documents import file_stem
from onebyone_desktop.session import Session

if TYPE_CHECKING:
    from onebyone_desktop.main_window import MainWindow


class Comparing(QObject):
    """Serves the panel and keeps the side-by-side window in step."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._panel = window.compare
        #: The window with the canvases, while it is open.
        self.side_by_side: SideBySide | None = None
        self._panel.measuring_wished.connect(self.measure)
        self._panel.canvases_wished.connect(self.show_canvases)
        self._panel.export_wished.connect(self.export)
        self._panel.said.connect(window.say)
        self._panel.node_wanted.connect(self._on_panel_node_wanted)
        self._panel.chosen.changed.connect(self._on_chosen_changed)
        self._panel.chosen.offer_changed.connect(self._on_chosen_offer_changed)

    def compare(self, sessions: list[Session]) -> None:
        """Brings the panel to the front with just these open designs."""
        self._window.show_panel(self._panel)
        self._panel.chosen.compare_only(sessions)

    @Slot()
    def measure(self) -> None:
        """Measures all compared designs together, with the choices of the Latency panel."""
        measuring = self._window.measure_commands.measuring
        if measuring.is_running:
            self._window.say(self.tr("A measurement is running; wait for it or cancel it first."))
            return
        sessions = self._panel.chosen.sessions
        wrong = next((session for session in sessions if not session.analysis.is_valid), None)
        if wrong is not None:
            self._window.say(self.tr("'{}' has an error and cannot run.").format(wrong.title))
            return
        self._window.say(self.tr("Measuring {} designs together; the Latency panel shows how far it is.").format(
            len(sessions)
        ))  # fmt: skip
        measuring.start(sessions, self._window.latency.choices)

    @Slot()
    def show_canvases(self) -> None:
        """Opens the compared designs side by side."""
        comparison = self._panel.chosen.comparison()
        if comparison is None:
            return
        self.close_canvases()
        self.side_by_side = SideBySide(self._panel.chosen.sessions, comparison, self._window)
        self.side_by_side.destroyed.connect(self._on_side_by_side_destroyed)
        self.side_by_side.show()

    def refresh_colours(self) -> None:
        """Follows a new theme."""
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
        path = ask_to_write(self._window, self.tr("Export the comparison"), start, "comparison")
        if path is None:
            return
        try:
            formats.write("comparison", path, comparison)
        except OnebyoneError as error:
            self._window.documents.say(self.tr("Nothing was exported"), str(error))
            return
        self._window.say(self.tr("Exported to {}").format(path))

    @Slot(str)
    def _on_panel_node_wanted(self, node_id: str) -> None:
        self._window.session.select([node_id])
        self._window.canvas.center_on(node_id)

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
