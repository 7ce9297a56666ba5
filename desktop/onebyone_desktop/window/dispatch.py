"""Runs actions by their names; the commands of a menu are imported when one of them is first run."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from onebyone_desktop.commands.commands import Commands
    from onebyone_desktop.window.desk import Desk

#: The class of commands for the first part of an action's name, in a module of that name.
CLASSES = {
    "file": "FileCommands",
    "edit": "EditCommands",
    "copy": "CopyCommands",
    "insert": "InsertCommands",
    "arrange": "ArrangeCommands",
    "group": "GroupCommands",
    "reduce": "ReduceCommands",
    "view": "ViewCommands",
    "measure": "MeasureCommands",
    "help": "HelpCommands",
}


def commands_class(menu: str) -> "type[Commands]":
    """The class of a menu's commands."""
    found: type[Commands] = getattr(import_module(f"onebyone_desktop.commands.{menu}_commands"), CLASSES[menu])
    return found


class Dispatch:
    """The commands of a window that have been needed so far."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._built: dict[str, Commands] = {}

    def run(self, name: str) -> None:
        """Runs the action "edit.undo" with the method `undo` of the commands of "edit"."""
        menu, _, method = name.partition(".")
        if menu not in self._built:
            self._built[menu] = commands_class(menu)(self._desk)
        getattr(self._built[menu], method)()
