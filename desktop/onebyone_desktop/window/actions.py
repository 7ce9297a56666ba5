"""Every action of the window: its name, words, shortcut, and what it needs."""

from collections.abc import Callable, Mapping
from functools import partial

import msgspec
from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence

from onebyone.formats import Kind, exported_kinds, names
from onebyone_desktop.appearance.icons import icon
from onebyone_desktop.commands.availability import REASONS, Need

Keys = QKeySequence.StandardKey


class ActionSpec(msgspec.Struct, frozen=True):
    """How an action reads and what has to be there for it. "edit.undo" is done by the method `undo` of "edit"."""

    name: str
    text: str
    tip: str
    shortcut: str | Keys | None = None
    needs: Need | None = None
    is_checkable: bool = False


#: How an export of a kind reads, and its keys; what it needs is said by the list of formats.
_EXPORTS: Mapping[Kind, tuple[str, str, str | None]] = {
    "diagram": ("&Diagram…", f"Export the canvas as {names('diagram')}", "Ctrl+E"),
    "source": ("PyTorch &source…", "Export the generated PyTorch module", None),
    "report": ("&Latency report…", "Export the last measurement as a report", None),
}

SPECS = (
    ActionSpec("file.new", "&New", "Start an empty design", Keys.New),
    ActionSpec("file.open", "&Open…", "Open a design from a file", Keys.Open),
    ActionSpec("file.save", "&Save", "Save the design to its file", Keys.Save, "tab"),
    ActionSpec("file.save_as", "Save &as…", "Save the design to another file", "Ctrl+Shift+S", "tab"),
    ActionSpec("file.revert", "&Revert", "Go back to what the file holds", needs="changed file"),
    ActionSpec("file.close", "&Close tab", "Close the current design", "Ctrl+W", "tab"),
    ActionSpec("file.reopen", "Reopen closed &tab", "Open the design that was closed last", "Ctrl+Shift+T", "closed"),
    *(ActionSpec(f"file.export_{kind}", *_EXPORTS[kind], needs or None) for kind, needs in exported_kinds().items()),
    ActionSpec("file.quit", "&Quit", "End the program", Keys.Quit),
    ActionSpec("edit.undo", "&Undo", "Take the last change back", Keys.Undo, "undo"),
    ActionSpec("edit.redo", "&Redo", "Bring the change back", Keys.Redo, "redo"),
    ActionSpec("edit.cut", "Cu&t", "Cut the selected nodes", Keys.Cut, "selection"),
    ActionSpec("edit.copy", "&Copy", "Copy the selected nodes as text", Keys.Copy, "selection"),
    ActionSpec("copy.image", "Diagram as &image", "Copy the canvas as a picture", "Ctrl+Shift+C", "nodes"),
    ActionSpec("copy.svg", "Diagram as &SVG", "Copy the canvas as a scalable picture", needs="nodes"),
    ActionSpec("copy.costs_tsv", "Costs, &tab separated", "Copy the Costs table for a spreadsheet", needs="nodes"),
    ActionSpec("copy.costs_markdown", "Costs as &Markdown", "Copy the Costs table as Markdown", needs="nodes"),
    ActionSpec("copy.source", "&PyTorch source", "Copy the generated PyTorch module", needs="valid"),
    ActionSpec("edit.paste", "&Paste", "Paste nodes from the clipboard", Keys.Paste),
    ActionSpec("edit.duplicate", "&Duplicate", "Copy the selected nodes with their wires", "Ctrl+D", "selection"),
    ActionSpec("edit.delete", "D&elete", "Delete the selected nodes and wires", Keys.Delete, "node or wire"),
    ActionSpec(
        "edit.dissolve",
        "Delete and &reconnect",
        "Delete the selected nodes and join their wires",
        "Ctrl+Del",
        "selection",
    ),
    ActionSpec(
        "edit.bypass",
        "&Bypass",
        "Let the wires pass the selected nodes, as if they were not there",
        "B",
        "bypassable",
        is_checkable=True,
    ),
    ActionSpec("edit.fix", "&Fix…", "Mend a problem of the selected node", "Ctrl+.", "fixes"),
    ActionSpec("edit.select_all", "Select &all", "Select every node", Keys.SelectAll, "nodes"),
    ActionSpec("edit.find", "&Find node…", "Find a node by its name, id or kind", Keys.Find, "nodes"),
    ActionSpec("edit.rename", "Re&name", "Give the selected node or group another name", "F2", "one name"),
    ActionSpec("edit.preferences", "P&references…", "Choose what this program looks like and begins with", "Ctrl+,"),
    ActionSpec("arrange.all", "&Arrange all", "Lay the nodes out anew", "Ctrl+L", "nodes"),
    ActionSpec("arrange.selection", "Arrange &selection", "Lay the selected nodes out anew", "Ctrl+Shift+L", "several"),
    ActionSpec(
        "arrange.left_to_right",
        "Left to ri&ght",
        "Draw the design from left to right, not from top to bottom",
        "Ctrl+R",
        "nodes",
        is_checkable=True,
    ),
    ActionSpec("arrange.left", "Align &left", "Align the left sides of the selected nodes", needs="several"),
    ActionSpec("arrange.centre", "Align &centres", "Align the selected nodes in a column", needs="several"),
    ActionSpec("arrange.right", "Align &right", "Align the right sides of the selected nodes", needs="several"),
    ActionSpec("arrange.top", "Align &tops", "Align the upper sides of the selected nodes", needs="several"),
    ActionSpec("arrange.middle", "Align &middles", "Align the selected nodes in a row", needs="several"),
    ActionSpec("arrange.bottom", "Align &bottoms", "Align the lower sides of the selected nodes", needs="several"),
    ActionSpec("arrange.across", "Distribute a&cross", "Make the gaps between the nodes' sides equal", needs="three"),
    ActionSpec("arrange.down", "Distribute &down", "Make the gaps between the nodes' heights equal", needs="three"),
    ActionSpec("group.group", "&Group", "Frame the selected nodes", "Ctrl+G", "selection"),
    ActionSpec("group.ungroup", "&Ungroup", "Take the frame of the selected group away", "Ctrl+Shift+G", "group"),
    ActionSpec("group.toggle", "&Collapse or expand", "Show the selected group as one box, or its nodes", "C", "group"),
    ActionSpec("group.collapse_all", "Collapse &all", "Show every group as one box", needs="groups"),
    ActionSpec("group.expand_all", "&Expand all", "Show the nodes of every group", needs="groups"),
    ActionSpec("reduce.reduction", "Insert &reduction", "Put a 1×1 in front of this convolution", "R", "larger kernel"),
    ActionSpec("reduce.projection", "Insert &projection", "Put a 1×1 behind this pool", "P", "pool"),
    ActionSpec(
        "reduce.bottleneck",
        "Turn into a &bottleneck",
        "Make this convolution a 1×1, a narrow convolution and a 1×1",
        needs="larger kernel",
    ),
    ActionSpec("reduce.remove", "Re&move this 1×1", "Take this 1×1 out and join its wires", needs="1×1"),
    ActionSpec(
        "reduce.twin", "Open a &twin without it", "Open the design without this 1×1 and compare both", needs="bought"
    ),
    ActionSpec(
        "reduce.naive_twin",
        "Open the &naive twin",
        "Open the design without its reductions and projections and compare both",
        needs="reductions",
    ),
    ActionSpec(
        "reduce.merge",
        "Merge parallel &1×1s",
        "Put 1×1s that read the same result into one, with slices, and check that nothing changes",
        needs="parallel",
    ),
    ActionSpec(
        "reduce.clock_merge",
        "&Clock the merge",
        "Measure the merged design and the one before, call by call",
        needs="merged",
    ),
    ActionSpec("insert.layer", "Insert &layer…", "Search for a layer to add where the pointer is (Tab on the canvas)"),
    ActionSpec("insert.search", "Search the &palette", "Find a layer in the palette", "Ctrl+K"),
    ActionSpec("view.zoom_in", "Zoom &in", "Show the canvas larger", Keys.ZoomIn),
    ActionSpec("view.zoom_out", "Zoom &out", "Show the canvas smaller", Keys.ZoomOut),
    ActionSpec("view.reset_zoom", "&Actual size", "Show the canvas at 100 %", "Ctrl+0"),
    ActionSpec("view.fit", "&Fit all", "Show the whole design", "Home", "nodes"),
    ActionSpec("view.fit_selection", "Fit &selection", "Show the selected nodes", "F", "selection"),
    ActionSpec(
        "view.heat_colours", "Colour by &heat", "Colour the nodes by their share of the heat", "H", is_checkable=True
    ),
    ActionSpec("view.next_tab", "&Next tab", "Show the next design", "Ctrl+Tab"),
    ActionSpec("view.previous_tab", "&Previous tab", "Show the previous design", "Ctrl+Shift+Tab"),
    ActionSpec("view.next_area", "Next a&rea", "Go on to the palette, the canvas, the panels or the inspector", "F6"),
    ActionSpec("view.previous_area", "Previous ar&ea", "Go back to the area before", "Shift+F6"),
    ActionSpec("view.commands", "&Command palette…", "Find any command by its name", "Ctrl+Shift+P"),
    ActionSpec("measure.start", "&Measure", "Run the design with PyTorch and clock it", "Ctrl+Return", "idle"),
    ActionSpec("measure.cancel", "&Cancel", "Stop the measurement", needs="measuring"),
    ActionSpec("measure.sweep", "&Sweep…", "Vary fields of the design and see what every variant costs", needs="nodes"),
    ActionSpec("measure.history", "&History", "Look through the measurements made so far", "Ctrl+H"),
    ActionSpec("help.mixing", "Lesson: &mixing channels", "What a 1×1 does to a pixel: the layers of NIN"),
    ActionSpec("help.arithmetic", "Lesson: the arithmetic of &Inception", "Module 3a from naive to reduced"),
    ActionSpec("help.bottleneck", "Lesson: &narrow and widen", "ResNet's bottleneck against the plain block"),
    ActionSpec("help.clock", "Lesson: does it show on the &clock", "MACs against measured time"),
    ActionSpec("help.shortcuts", "&Keyboard shortcuts", "List every action with its keys", "F1"),
    ActionSpec("help.about", "&About OneByOne", "Versions in use"),
)

MENUS: Mapping[str, tuple[str, ...]] = {
    "&File": (
        "file.new", "file.open", "file.recent", "file.gallery", "-", "file.save", "file.save_as", "file.revert", "-",
        "file.export", "-", "file.close", "file.reopen", "file.quit",
    ),
    "&Edit": (
        "edit.undo", "edit.redo", "-", "edit.cut", "edit.copy", "edit.copy_as", "edit.paste",
        "edit.duplicate", "edit.delete", "edit.dissolve", "-",
        "edit.select_all", "edit.find", "edit.rename", "edit.bypass", "edit.fix", "-", "edit.preferences",
    ),
    "&Insert": ("insert.layer", "insert.search"),
    "&Arrange": (
        "arrange.all", "arrange.selection", "arrange.left_to_right", "-", "arrange.left", "arrange.centre",
        "arrange.right", "arrange.top", "arrange.middle", "arrange.bottom", "-", "arrange.across", "arrange.down",
    ),
    "&Group": ("group.group", "group.ungroup", "group.toggle", "-", "group.collapse_all", "group.expand_all"),
    "&Reduce": (
        "reduce.reduction", "reduce.projection", "reduce.bottleneck", "reduce.remove", "-", "reduce.twin",
        "reduce.naive_twin", "-", "reduce.merge", "reduce.clock_merge",
    ),
    "&View": (
        "view.zoom_in", "view.zoom_out", "view.reset_zoom", "view.fit", "view.fit_selection", "-", "view.heat",
        "view.heat_colours", "-", "view.theme", "-", "view.next_tab", "view.previous_tab",
        "view.next_area", "view.previous_area", "-", "view.commands",
    ),
    "&Measure": ("measure.start", "measure.cancel", "-", "measure.sweep", "measure.history"),
    "&Help": (
        "help.mixing", "help.arithmetic", "help.bottleneck", "help.clock", "-", "help.shortcuts", "help.about",
    ),
}  # fmt: skip

_GLYPHS = {
    "file.new": "new", "file.open": "open", "file.save": "save", "file.export_diagram": "export",
    "edit.undo": "undo", "edit.redo": "redo", "edit.cut": "cut", "edit.copy": "copy", "edit.paste": "paste",
    "edit.duplicate": "duplicate", "edit.delete": "delete", "edit.rename": "rename", "arrange.all": "arrange",
    "insert.search": "search", "view.zoom_in": "zoom_in", "view.zoom_out": "zoom_out", "view.fit": "fit",
    "measure.start": "measure", "measure.cancel": "cancel",
}  # fmt: skip

TOOLBAR = ("file.open", "file.save", "-", "edit.undo", "edit.redo", "-", "arrange.all", "view.fit", "-", "file.export")


def make_actions(window: QObject, run: Callable[[str], None]) -> dict[str, QAction]:
    """All actions; one that is triggered is run by its name."""
    actions = {}
    for spec in SPECS:
        action = QAction(window.tr(spec.text), window)
        action.setObjectName(spec.name)
        glyph = _GLYPHS.get(spec.name)
        if glyph is not None:
            action.setIcon(icon(glyph, primary=spec.name == "measure.start"))
        action.setStatusTip(window.tr(spec.tip))
        action.setCheckable(spec.is_checkable)
        if spec.shortcut is not None:
            action.setShortcut(QKeySequence(spec.shortcut))
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        action.setToolTip(f"{window.tr(spec.tip)} ({keys})" if keys else window.tr(spec.tip))
        action.triggered.connect(partial(_on_triggered, run, spec.name))
        actions[spec.name] = action
    return actions


def _on_triggered(run: Callable[[str], None], name: str, _checked: bool = False) -> None:
    run(name)


def follow(actions: Mapping[str, QAction], there_is: Mapping[Need, bool], ticked: Mapping[str, bool]) -> None:
    """Enables the actions that find what they need, and ticks those that are in force."""
    for spec in SPECS:
        if spec.needs is not None:
            actions[spec.name].setEnabled(there_is[spec.needs])
        if spec.is_checkable:
            actions[spec.name].setChecked(ticked[spec.name])


def reasons_off() -> dict[str, str]:
    """Why an action is off, by its name, for those that need something."""
    return {spec.name: REASONS[spec.needs] for spec in SPECS if spec.needs is not None}
