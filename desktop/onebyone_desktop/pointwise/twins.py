"""Twins: a design beside the one without a 1×1, compared and clocked together."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from onebyone.computation import computes_same
from onebyone.design import Design
from onebyone.pointwise.counterfactual import Counterfactual
from onebyone_desktop.files.documents import placed
from onebyone_desktop.session import Session

if TYPE_CHECKING:
    from onebyone_desktop.window.main_window import MainWindow


class Twins(QObject):
    """Opens a changed copy of the current design in a tab of its own and sets both side by side."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        form = window.inspector.bought
        form.twin_wished.connect(self._on_form_twin_wished)
        form.clock_wished.connect(self._on_form_clock_wished)

    def open(self, design: Design) -> Session:
        """Opens a twin of the current design and compares both; the tab of one that is open already is shown."""
        original = self._window.session
        twin = self._opened(design)
        self._window.comparing.compare([twin, original])
        return twin

    def clock(self, design: Design) -> None:
        """Measures the current design and a twin, interleaved, with the choices of the Latency panel."""
        window = self._window
        if window.measure_commands.is_running:
            window.say(self.tr("A measurement is running; wait for it or cancel it first."))
            return
        original = window.session
        twin = self._opened(design)
        window.comparing.compare([twin, original])
        window.workspace.show_session(original)
        window.show_panel(window.latency)
        window.measure_commands.measuring.start([twin, original], window.latency.choices)

    def _opened(self, design: Design) -> Session:
        workspace = self._window.workspace
        for session in workspace.sessions:
            if session is not self._window.session and computes_same(session.design, design):
                workspace.show_session(session)
                return session
        twin = Session(placed(design))
        workspace.add(twin)
        return twin

    @Slot(object)
    def _on_form_twin_wished(self, found: Counterfactual) -> None:
        self.open(found.design)

    @Slot(object)
    def _on_form_clock_wished(self, found: Counterfactual) -> None:
        self.clock(found.design)
