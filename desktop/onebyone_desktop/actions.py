"""Every action of the window: its name, words, shortcut, and the slot that does it."""

from collections.abc import Mapping

import msgspec
from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence

from onebyone_desktop.icons import icon

Keys = QKeySequence.StandardKey


class ActionSpec(msgspec.Struct, frozen=True):
    """How an action reads. `slot` is the name of the window's method."""

    name: str
    text: str
    slot: str
    tip: str
    shortcut: str | Keys | None = None
    is_checkable: bool = False


SPECS = (
    ActionSpec("file.new", "&New", "new_design", "Start an empty design", Keys.New),
    ActionSpec("file.open", "&Open…", "open_design", "Open a design from a file", Keys.Open),
    ActionSpec("file.save", "&Save", "save_design", "Save the design to its file", Keys.Save),
    ActionSpec("file.save_as", "Save &as…", "save_design_as", "Save the design to another file", "Ctrl+Shift+S"),
    ActionSpec("file.revert", "&Revert", "revert_design", "Go back to what the file holds"),
    ActionSpec("file.close", "&Close tab", "close_design", "Close the current design", Keys.Close),
    ActionSpec("file.export_diagram", "&Diagram…", "export_diagram", "Export the canvas as SVG, PNG or PDF", "Ctrl+E"),
    ActionSpec("file.export_source", "PyTorch &source…", "export_source", "Export the generated PyTorch module"),
    ActionSpec("file.export_report", "&Latency report…", "export_report", "Export the last measurement as a report"),
    ActionSpec("file.quit", "&Quit", "close", "End the program", Keys.Quit),
    ActionSpec("edit.undo", "&Undo", "undo", "Take the last change back", Keys.Undo),
    ActionSpec("edit.redo", "&Redo", "redo", "Bring the change back", Keys.Redo),
    ActionSpec("edit.cut", "Cu&t", "cut", "Cut the selected nodes", Keys.Cut),
    ActionSpec("edit.copy", "&Copy", "copy", "Copy the selected nodes as text", Keys.Copy),
    ActionSpec("edit.paste", "&Paste", "paste", "Paste nodes from the clipboard", Keys.Paste),
    ActionSpec("edit.duplicate", "&Duplicate", "duplicate", "Copy the selected nodes with their wires", "Ctrl+D"),
    ActionSpec("edit.delete", "D&elete", "delete", "Delete the selected nodes and wires", Keys.Delete),
    ActionSpec("edit.select_all", "Select &all", "select_all", "Select every node", Keys.SelectAll),
    ActionSpec("edit.rename", "Re&name", "rename", "Give the selected node another name", "F2"),
    ActionSpec("edit.arrange", "A&rrange", "arrange", "Lay the nodes out anew", "Ctrl+L"),
    ActionSpec("insert.search", "Search &layers", "search_layers", "Find a layer in the palette", "Ctrl+K"),
    ActionSpec("view.zoom_in", "Zoom &in", "zoom_in", "Show the canvas larger", Keys.ZoomIn),
    ActionSpec("view.zoom_out", "Zoom &out", "zoom_out", "Show the canvas smaller", Keys.ZoomOut),
    ActionSpec("view.reset_zoom", "&Actual size", "reset_zoom", "Show the canvas at 100 %", "Ctrl+0"),
    ActionSpec("view.fit", "&Fit all", "fit_all", "Show the whole design", "Home"),
    ActionSpec("view.fit_selection", "Fit &selection", "fit_selection", "Show the selected nodes", "F"),
    ActionSpec("view.next_tab", "&Next tab", "next_tab", "Show the next design", "Ctrl+Tab"),
    ActionSpec("view.previous_tab", "&Previous tab", "previous_tab", "Show the previous design", "Ctrl+Shift+Tab"),
    ActionSpec("measure.start", "&Measure", "measure", "Run the design with PyTorch and clock it", "Ctrl+Return"),
    ActionSpec("measure.cancel", "&Cancel", "cancel_measuring", "Stop the measurement"),
    ActionSpec("help.shortcuts", "&Keyboard shortcuts", "show_shortcuts", "List every action with its keys", "F1"),
    ActionSpec("help.about", "&About OneByOne", "show_about", "Versions in use"),
)

MENUS: Mapping[str, tuple[str, ...]] = {
    "&File": (
        "file.new", "file.open", "file.recent", "file.gallery", "-", "file.save", "file.save_as", "file.revert", "-",
        "file.export", "-", "file.close", "file.quit",
    ),
    "&Edit": (
        "edit.undo", "edit.redo", "-", "edit.cut", "edit.copy", "edit.paste", "edit.duplicate", "edit.delete", "-",
        "edit.select_all", "edit.rename", "edit.arrange",
    ),
    "&Insert": ("insert.search",),
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
    "edit.duplicate": "duplicate", "edit.delete": "delete", "edit.rename": "rename", "edit.arrange": "arrange",
    "insert.search": "search", "view.zoom_in": "zoom_in", "view.zoom_out": "zoom_out", "view.fit": "fit",
    "measure.start": "measure", "measure.cancel": "cancel",
}  # fmt: skip

TOOLBAR = ("file.open", "file.save", "-", "edit.undo", "edit.redo", "-", "edit.arrange", "view.fit", "-", "file.export")


def make_actions(window: QObject) -> dict[str, QAction]:
    """All actions, connected to the slots of the window."""
    actions = {}
    for spec in SPECS:
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
        action.triggered.connect(getattr(window, spec.slot))
        actions[spec.name] = action
    return actions
