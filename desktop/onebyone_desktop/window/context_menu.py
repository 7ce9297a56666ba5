"""The menus of the right mouse button: for nodes with the fixes of their problems, for wires, for the empty canvas."""

from collections.abc import Iterable, Mapping
from functools import partial

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from onebyone.design import Group
from onebyone.problem import Fix
from onebyone_desktop.session import Session

_FOR_NODES = (
    "edit.rename", "edit.bypass", "group.group", "-", "edit.cut", "edit.copy", "edit.duplicate", "edit.delete",
    "edit.dissolve", "-", "measure.sweep", "view.fit_selection",
)  # fmt: skip
#: Offered where they apply.
_REDUCING = (
    "reduce.reduction", "reduce.projection", "reduce.bottleneck", "reduce.remove", "reduce.twin", "reduce.naive_twin",
    "reduce.merge", "reduce.clock_merge",
)  # fmt: skip
_FOR_GROUPS = (
    "group.toggle", "group.ungroup", "-", "edit.cut", "edit.copy", "edit.duplicate", "edit.delete", "-",
    "view.fit_selection",
)  # fmt: skip
_FOR_WIRES = ("edit.delete",)
_FOR_CANVAS = ("edit.paste", "edit.select_all", "-", "arrange.all", "view.fit", "-", "insert.search")


def make_context_menu(parent: QWidget, actions: Mapping[str, QAction], session: Session, target: object) -> QMenu:
    """The menu for what was clicked: the id of a node, a group, a wire (target, index), or None: the empty canvas."""
    menu = QMenu(parent)
    menu.setObjectName("canvas.menu")
    names: tuple[str, ...] = _FOR_CANVAS
    if isinstance(target, str):
        names = _FOR_NODES
        _add_fixes(menu, session, (target,))
        if menu.actions():
            menu.addSeparator()
    elif isinstance(target, Group):
        names = _FOR_GROUPS
    elif target is not None:
        names = _FOR_WIRES
    for name in names:
        if name == "-":
            menu.addSeparator()
        else:
            menu.addAction(actions[name])
    if isinstance(target, str | Group):
        menu.addSeparator()
        for name in _REDUCING:
            if actions[name].isEnabled():
                menu.addAction(actions[name])
    return menu


def make_fix_menu(parent: QWidget, session: Session) -> QMenu:
    """The fixes of the selected nodes' problems."""
    menu = QMenu(parent)
    menu.setObjectName("fixes.menu")
    _add_fixes(menu, session, session.selection)
    return menu


def _add_fixes(menu: QMenu, session: Session, ids: Iterable[str]) -> None:
    for node_id in ids:
        for problem in session.analysis.problems_at(node_id):
            for fix in problem.fixes:
                entry = menu.addAction(fix.label.replace("&", "&&"))
                entry.setStatusTip(problem.message)
                entry.triggered.connect(partial(_apply, session, fix))


def _apply(session: Session, fix: Fix, _checked: bool = False) -> None:
    session.apply(fix.label, fix.apply)
