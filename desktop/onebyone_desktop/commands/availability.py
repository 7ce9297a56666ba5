"""Which actions make sense now: each names what it needs, and this says what there is."""

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from onebyone_desktop.main_window import MainWindow

Need = Literal[
    "undo", "redo", "tab", "nodes", "selection", "one node", "node or wire", "valid", "run", "changed file",
    "idle", "measuring",
]  # fmt: skip


def available(window: "MainWindow") -> dict[Need, bool]:
    """What there is, in the current tab and beside it."""
    session, canvas = window.session, window.canvas
    selection = session.selection
    is_open = not window.workspace.is_welcoming
    is_measuring = window.measure_commands.is_running
    return {
        "undo": session.history.undo_label is not None,
        "redo": session.history.redo_label is not None,
        "tab": is_open,
        "nodes": bool(session.design.nodes),
        "selection": bool(selection),
        "one node": len(selection) == 1,
        "node or wire": bool(selection) or canvas.has_selected_wires,
        "valid": session.analysis.is_valid,
        "run": session.run is not None,
        "changed file": session.path is not None and session.is_modified,
        "idle": is_open and not is_measuring,
        "measuring": is_measuring,
    }
