"""Twins: a design beside the one without a 1×1, compared and clocked together."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from onebyone.computation import computes_same
from onebyone.design import Design
from onebyone_desktop.canvas.placement import placed
from onebyone_desktop.session import Session

if TYPE_CHECKING:
    from onebyone_desktop.window.desk import Desk


def open_twin(desk: "Desk", design: Design) -> Session:
    """Opens a twin of the current design and compares both; the tab of one that is open already is shown."""
    original = desk.session
    twin = _opened(desk, design)
    desk.compare([twin, original])
    return twin


def clock_twin(desk: "Desk", design: Design) -> None:
    """Measures the current design and a twin, interleaved, with the choices of the Latency panel."""
    if desk.is_measuring:
        words = QCoreApplication.translate("twins", "A measurement is running; wait for it or cancel it first.")
        desk.say(words)
        return
    original = desk.session
    twin = open_twin(desk, design)
    desk.workspace.show_session(original)
    desk.panels.show("latency")
    desk.measuring.start([twin, original])


def _opened(desk: "Desk", design: Design) -> Session:
    workspace, current = desk.workspace, desk.session
    for session in workspace.sessions:
        if session is not current and computes_same(session.design, design):
            workspace.show_session(session)
            return session
    twin = Session(placed(design))
    workspace.add(twin)
    return twin
