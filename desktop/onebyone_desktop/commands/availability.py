"""Which actions make sense now: each names what it needs, and this says what there is."""

from typing import TYPE_CHECKING, Literal

from onebyone.bypass import can_bypass
from onebyone.counterfactual import is_pointwise, proposed_width, role_of
from onebyone.reduction_edits import has_naive_twin, proposed_projection

if TYPE_CHECKING:
    from onebyone_desktop.main_window import MainWindow

Need = Literal[
    "undo", "redo", "tab", "nodes", "selection", "one name", "node or wire", "valid", "run", "changed file",
    "idle", "measuring", "several", "three", "group", "groups", "bypassable", "fixes", "closed",
    "larger kernel", "pool", "1×1", "bought", "reductions", "parallel", "merged",
]  # fmt: skip


#: What is missing where an action is off.
REASONS: dict[Need, str] = {
    "undo": "nothing to undo",
    "redo": "nothing to redo",
    "tab": "no design is open",
    "nodes": "the design is empty",
    "selection": "nothing is selected",
    "one name": "select one node or one group",
    "node or wire": "nothing is selected",
    "valid": "the design has an error",
    "run": "not measured yet",
    "changed file": "the file holds the same",
    "idle": "no design is open, or one is being measured",
    "measuring": "nothing is being measured",
    "several": "select two nodes or more",
    "three": "select three nodes or more",
    "group": "no group is selected",
    "groups": "the design has no groups",
    "bypassable": "select a node with one input",
    "fixes": "no fix for the selected nodes",
    "closed": "no tab was closed",
    "larger kernel": "select a convolution with a kernel larger than 1×1",
    "pool": "select a max or average pool",
    "1×1": "select a 1×1 convolution",
    "bought": "select a 1×1 in front of a larger kernel, behind a pool or behind a convolution",
    "reductions": "there is no reduction and no projection",
    "parallel": "select one of several like 1×1s that read the same result",
    "merged": "no 1×1s were merged in this design",
}


def available(window: "MainWindow") -> dict[Need, bool]:
    """What there is, in the current tab and beside it."""
    session, canvas = window.session, window.canvas
    selection = session.selection
    is_open = not window.workspace.is_welcoming
    is_measuring = window.measure_commands.is_running
    analysis = session.analysis
    alone = selection[0] if len(selection) == 1 else ""
    node = analysis.design_nodes.get(alone)
    return {
        "undo": session.history.undo_label is not None,
        "redo": session.history.redo_label is not None,
        "tab": is_open,
        "nodes": bool(session.design.nodes),
        "selection": bool(selection),
        "one name": len(selection) == 1 or len(canvas.group_editing.selected) == 1,
        "node or wire": bool(selection) or canvas.has_selected_wires,
        "valid": session.analysis.is_valid,
        "run": session.run is not None,
        "changed file": session.path is not None and session.is_modified,
        "idle": is_open and not is_measuring,
        "measuring": is_measuring,
        "closed": window.workspace.can_reopen,
        "several": len(selection) > 1,
        "three": len(selection) > 2,
        "group": bool(canvas.group_editing.selected),
        "groups": bool(session.design.groups),
        "bypassable": any(can_bypass(session.analysis.node(name).layer) for name in selection),
        "larger kernel": proposed_width(analysis, alone) is not None,
        "pool": proposed_projection(analysis, alone) is not None,
        "1×1": node is not None and is_pointwise(node),
        "bought": role_of(analysis, alone) is not None,
        "parallel": window.merging.can_merge(session),
        "merged": window.merging.can_clock(session),
        "reductions": has_naive_twin(analysis, selection if len(selection) > 1 else analysis.order),
        "fixes": any(problem.fixes and problem.node in selection for problem in session.analysis.problems),
    }


def ticked(window: "MainWindow") -> dict[str, bool]:
    """Which checkable actions are in force."""
    session = window.session
    nodes = session.design.nodes_by_id()
    return {
        "edit.bypass": bool(session.selection) and all(nodes[name].bypassed for name in session.selection),
        "arrange.left_to_right": session.design.direction == "right",
        "view.heat_colours": session.is_heat_coloured,
    }
