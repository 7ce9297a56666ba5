"""The parts of a window that tests look at: panels by name, and the controllers beside them."""

from typing import Any

from PySide6.QtCore import QObject

from onebyone_desktop.panels.panel import Panel
from onebyone_desktop.window.main_window import MainWindow


def panel(window: MainWindow, name: str) -> Any:
    """A panel by its name; it is built now if it was not seen before."""
    return window.desk.panels.get(name, Panel)


def show_panel(window: MainWindow, name: str) -> Any:
    """A panel, brought to the front."""
    return window.desk.panels.show(name)


def controller(window: MainWindow, name: str) -> Any:
    """What stands between a panel and the rest of the window."""
    found = panel(window, name).findChild(QObject, f"{name}.controller")
    assert found is not None
    return found
