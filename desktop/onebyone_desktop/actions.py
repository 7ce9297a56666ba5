"""Every action of the window: its name, words, shortcut, and what it needs."""

from collections.abc import Mapping

import msgspec
from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence

from onebyone_desktop.commands.availability import Need
from onebyone_desktop.commands.commands import Commands
from onebyone_desktop.icons import icon

Keys = QKeySequence.StandardKey


class ActionSpec(msgspec.Struct, frozen=True):
    """How an action reads and what has to be there for it. "edit.undo" is done by the method `undo` of "edit"."""

    name: str
    text: str
    tip: str
    shortcut: str | Keys | None = None
    needs: Need | None = None


SPECS = (
    ActionSpec("file.new", "&New", "Start an empty design", Keys.New),
    ActionSpec("file.open", "&Open…", "Open a design from a file", Keys.Open),
    ActionSpec("file.save", "&Save", "Save the design to its file", Keys.Save, "tab"),
    ActionSpec("file.save_as", "Save &as…", "Save the design to another file", "Ctrl+Shift+S", "tab"),
    ActionSpec("file.revert", "&Revert", "Go back to what the file holds", needs="changed file"),
    ActionSpec("file.close", "&Close tab", "Close the current design", Keys.Close, "tab"),
    ActionSpec("file.export_diagram", "&Diagram…", "Export the canvas as SVG, PNG or PDF", "Ctrl+E", "nodes"),
    ActionSpec("file.export_source", "PyTorch &source…", "Export the generated PyTorch module", needs="valid"),
    ActionSpec("file.export_report", "&Latency report…", "Export the last measurement as a report", needs="run"),
    ActionSpec("file.quit", "&Quit", "End the program", Keys.Quit),
    ActionSpec("edit.undo", "&Undo", "Take the last change back", Keys.Undo, "undo"),
    ActionSpec("edit.redo", "&Redo", "Bring the change back", Keys.Redo, "redo"),
    ActionSpec("edit.cut", "Cu&t", "Cut the selected nodes", Keys.Cut, "selection"),
    ActionSpec("edit.copy", "&Copy", "Copy the selected nodes as text", Keys.Copy, "selection"),
    ActionSpec("edit.paste", "&Paste", "Paste nodes from the clipboard", Keys.Paste),
    ActionSpec("edit.duplicate", "&Duplicate", "Copy the selected nodes with their wires", "Ctrl+D", "selection"),
    ActionSpec("edit.delete", "D&elete", "Delete the selected nodes and wires", Keys.Delete, "node or wire"),
    ActionSpec("edit.select_all", "Select &all", "Select every node", Keys.SelectAll, "nodes"),
    ActionSpec("edit.rename", "Re&name", "Give the selected node another name", "F2", "one node"),
    ActionSpec("arrange.all", "&Arrange all", "Lay the nodes out anew", "Ctrl+L", "nodes"),
    ActionSpec("insert.search", "Search &layers", "Find a layer in the palette", "Ctrl+K"),
    ActionSpec("view.zoom_in", "Zoom &in", "Show the canvas larger", Keys.ZoomIn),
    ActionSpec("view.zoom_out", "Zoom &out", "Show the canvas smaller", Keys.ZoomOut),
    ActionSpec("view.reset_zoom", "&Actual size", "Show the canvas at 100 %", "Ctrl+0"),
    ActionSpec("view.fit", "&Fit all", "Show the whole design", "Home", "nodes"),
    ActionSpec("view.fit_selection", "Fit &selection", "Show the selected nodes", "F", "selection"),
    ActionSpec("view.next_tab", "&Next tab", "Show the next design", "Ctrl+Tab"),
    ActionSpec("view.previous_tab", "&Previous tab", "Show the previous design", "Ctrl+Shift+Tab"),
    ActionSpec("measure.start", "&Measure", "Run the design with PyTorch and clock it", "Ctrl+Return", "idle"),
    ActionSpec("measure.cancel", "&Cancel", "Stop the measurement", needs="measuring"),
    ActionSpec("help.shortcuts", "&Keyboard shortcuts", "List every action with its keys", "F1"),
    ActionSpec("help.about", "&About OneByOne", "Versions in use"),
)

MENUS: Mapping[str, tuple[str, ...]] = {
    "&File": (
        "file.new", "file.open", "file.recent", "file.gallery", "-", "file.save", "file.save_as", "file.revert", "-",
        "file.export", "-", "file.close", "file.quit",
    ),
    "&Edit": (
        "edit.undo", "edit.redo", "-", "edit.cut", "edit.copy", "edit.paste", "edit.duplicate", "edit.delete", "-",
        "edit.select_all", "edit.rename",
    ),
    "&Insert": ("insert.search",),
    "&Arrange": ("arrange.all",),
    "&View": (
        "view.zoom_in", "view.zoom_out", "view.reset_zoom", "view.fit", "view.fit_selection", "-", "view.heat",
        "view.theme", "-", "view.next_tab", "view.previous_tab",
    ),
    "&Measure": ("measure.start", "measure.cancel"),
    "&Help": ("help.shortcuts", "help.about"),
}  # fmt: skip

_GLYPHS = {
    "file.new": "new", "file.open": "open", "file.save": "save", "file.export_diagram": "export",
    "edit.undo": "undo", "edit.redo": "redo", "edit.cut": "cut", "edit.copy": "copy", "edit.paste": "paste",
    "edit.duplicate": "duplicate", "edit.delete": "delete", "edit.rename": "rename", "arrange.all": "arrange",
    "insert.search": "search", "view.zoom_in": "zoom_in", "view.zoom_out": "zoom_out", "view.fit": "fit",
    "measure.start": "measure", "measure.cancel": "cancel",
}  # fmt: skip

TOOLBAR = ("file.open", "file.save", "-", "edit.undo", "edit.redo", "-", "arrange.all", "view.fit", "-", "file.export")


def make_actions(window: QObject, commands: Mapping[str, Commands]) -> dict[str, QAction]:
    """All actions, connected to the commands that do them."""
    actions = {}
    for spec in SPECS:
        menu, _, method = spec.name.partition(".")
        action = QAction(window.tr(spec.text), window)
        action.setObjectName(spec.name)
        glyph = _GLYPHS.get(spec.name)
        if glyph is not None:
            action.setIcon(icon(glyph, primary=spec.name == "measure.start"))
        action.setStatusTip(window.tr(spec.tip))
        if spec.shortcut is not None:
            action.setShortcut(QKeySequence(spec.shortcut))
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        action.setToolTip(f"{window.tr(spec.tip)} ({keys})" if keys else window.tr(spec.tip))
        action.triggered.connect(getattr(commands[menu], method))
        actions[spec.name] = action
    return actions


def follow(actions: Mapping[str, QAction], there_is: Mapping[Need, bool]) -> None:
    """Enables the actions that find what they need."""
    for spec in SPECS:
        if spec.needs is not None:
            actions[spec.name].setEnabled(there_is[spec.needs])
