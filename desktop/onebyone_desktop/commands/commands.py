"""What all classes of commands have in common."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

if TYPE_CHECKING:
    from onebyone_desktop.canvas.view import DesignCanvas
    from onebyone_desktop.session import Session
    from onebyone_desktop.window.desk import Desk


class Commands(QObject):
    """The commands of one menu, made when one of them is first run.

    The action "edit.undo" calls the method `undo` of the commands "edit".
    """

    def __init__(self, desk: "Desk") -> None:
        super().__init__(desk)
        self.desk = desk

    @property
    def session(self) -> "Session":
        """The current session."""
        return self.desk.session

    @property
    def canvas(self) -> "DesignCanvas":
        """The current canvas."""
        return self.desk.canvas
