"""What all classes of commands have in common."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

if TYPE_CHECKING:
    from onebyone_desktop.canvas.view import DesignCanvas
    from onebyone_desktop.session import Session
    from onebyone_desktop.window.main_window import MainWindow


class Commands(QObject):
    """The commands of one menu. The action "edit.undo" calls the method `undo` of the commands "edit"."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self.window = window

    @property
    def session(self) -> "Session":
        """The current session."""
        return self.window.session

    @property
    def canvas(self) -> "DesignCanvas":
        """The current canvas."""
        return self.window.canvas
