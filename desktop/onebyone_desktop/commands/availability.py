"""Which actions make sense now: each names what it needs, and this says what there is."""

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from onebyone_desktop.window.desk import Desk

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


def available(desk: "Desk") -> dict[Need, bool]:
    """What there is, in the current tab and beside it."""
    if desk.workspace.is_welcoming:
        # Nothing is open, and so nothing is loaded that a design needs.
        return dict.fromkeys(REASONS, False) | {"measuring": desk.is_measuring, "closed": desk.workspace.can_reopen}
    return _about_design(desk) | _about_pointwise(desk)


def _about_design(desk: "Desk") -> dict[Need, bool]:
    session, canvas = desk.session, desk.canvas
    selection, nodes = session.selection, session.design.nodes_by_id()
    return {
        "undo": session.undo_history.undo_label is not None,
        "redo": session.undo_history.redo_label is not None,
        "tab": True,
        "nodes": bool(session.design.nodes),
        "selection": bool(selection),
        "one name": len(selection) == 1 or len(canvas.group_editing.selected) == 1,
        "node or wire": bool(selection) or canvas.has_selected_wires,
        "valid": session.analysis.is_valid,
        "run": session.run is not None,
        "changed file": session.path is not None and session.is_modified,
        "idle": not desk.is_measuring,
        "measuring": desk.is_measuring,
        "closed": desk.workspace.can_reopen,
        "several": len(selection) > 1,
        "three": len(selection) > 2,
        "group": bool(canvas.group_editing.selected),
        "groups": bool(session.design.groups),
        "bypassable": any(nodes[name].layer.can_be_bypassed for name in selection),
        "fixes": any(problem.fixes and problem.node in selection for problem in session.analysis.problems),
    }


def _about_pointwise(desk: "Desk") -> dict[Need, bool]:
    from onebyone.computation import computes_same
    from onebyone.pointwise.counterfactual import mixes_channels, proposed_width, role_of
    from onebyone.pointwise.parallel import chosen_parts
    from onebyone.pointwise.reductions import has_naive_twin, proposed_projection

    session, merge = desk.session, desk.last_merge
    analysis, selection = session.analysis, session.selection
    alone = selection[0] if len(selection) == 1 else ""
    node = analysis.design_nodes.get(alone)
    return {
        "larger kernel": proposed_width(analysis, alone) is not None,
        "pool": proposed_projection(analysis, alone) is not None,
        "1×1": node is not None and mixes_channels(node),
        "bought": role_of(analysis, alone) is not None,
        "reductions": has_naive_twin(analysis, selection if len(selection) > 1 else analysis.order),
        "parallel": len(chosen_parts(session.design, selection)) > 1,
        "merged": merge is not None and computes_same(session.design, merge.after),
    }


def ticked(desk: "Desk") -> dict[str, bool]:
    """Which checkable actions are in force."""
    is_coloured = desk.workspace.heat.is_coloured
    if desk.workspace.is_welcoming:
        return {"edit.bypass": False, "arrange.left_to_right": False, "view.heat_colours": is_coloured}
    session = desk.session
    nodes = session.design.nodes_by_id()
    return {
        "edit.bypass": bool(session.selection) and all(nodes[name].bypassed for name in session.selection),
        "arrange.left_to_right": session.design.direction == "right",
        "view.heat_colours": is_coloured,
    }
