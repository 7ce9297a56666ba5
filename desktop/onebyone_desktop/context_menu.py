"""The menus of the right mouse button: for nodes with the fixes of their problems, for wires, for the empty canvas."""

from collections.abc import Mapping
from functools import partial

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from onebyone.problem import Fix
from onebyone_desktop.session import Session

_FOR_NODES = ("edit.rename", "-", "edit.cut", "edit.copy", "edit.duplicate", "edit.delete", "-", "view.fit_selection")
_FOR_WIRES = ("edit.delete",)
_FOR_CANVAS = ("edit.paste", "edit.select_all", "-", "arrange.all", "view.fit", "-", "insert.search")


def make_context_menu(parent: QWidget, actions: Mapping[str, QAction], session: Session, target: object) -> QMenu:
    """The menu for what was clicked: the id of a node, a wire as (target, index), or None for the empty canvas."""
    menu = QMenu(parent)
    menu.setObjectName("canvas.menu")
    names = _FOR_CANVAS
    if isinstance(target, str):
        names = _FOR_NODES
        for problem in session.analysis.problems_at(target):
            for fix in problem.fixes:
                entry = menu.addAction(fix.label.replace("&", "&&"))
                entry.triggered.connect(partial(_apply, session, fix))
        if menu.actions():
            menu.addSeparator()
    elif target is not None:
        names = _FOR_WIRES
    for name in names:
        if name == "-":
            menu.addSeparator()
        else:
            menu.addAction(actions[name])
    return menu


def _apply(session: Session, fix: Fix, _checked: bool = False) -> None:
    session.apply(fix.label, fix.apply)
