"""What a screen reader and the status bar are told: a name for every control, a tip for every action."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAction, QStatusTipEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QGraphicsView,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QScrollArea,
    QTabBar,
    QTableView,
    QWidget,
)

import onebyone
from onebyone_desktop.dialogs.about_dialog import AboutDialog
from onebyone_desktop.dialogs.command_palette import CommandPalette
from onebyone_desktop.latency.latency_panel import Latency
from onebyone_desktop.settings import Settings
from onebyone_desktop.window.areas import takes_tab
from onebyone_desktop.window.context_menu import make_context_menu, make_fix_menu
from onebyone_desktop.window.main_window import MainWindow
from tests.desktop.parts import show_panel

GALLERY = "gallery:inception-3a"
_CONTROLS = (
    QAbstractButton, QAbstractItemView, QAbstractSpinBox, QComboBox, QGraphicsView, QLineEdit, QPlainTextEdit,
    QScrollArea, QTabBar,
)  # fmt: skip
# Parts of Qt's own controls, which speak for them.
_INNER = (
    "qt_spinbox_lineedit",
    "ScrollLeftButton",
    "ScrollRightButton",
    "qt_toolbar_ext_button",
    "qt_menubar_ext_button",
)
_INNER_KINDS = ("QLineEditIconButton", "QHeaderView", "QComboBoxListView", "QTableCornerButton")


def controls(root: QWidget) -> Iterator[QWidget]:
    for widget in root.findChildren(QWidget):
        is_inner = widget.objectName() in _INNER or widget.metaObject().className() in _INNER_KINDS
        is_control = isinstance(widget, _CONTROLS) or takes_tab(widget)
        if is_control and not is_inner and not isinstance(widget, QMenu):
            yield widget


def spoken(widget: QWidget) -> str:
    """The name as the platform's screen readers get it."""
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name) if interface is not None else widget.accessibleName()


def nameless(root: QWidget) -> list[str]:
    return sorted({f"{w.metaObject().className()} {w.objectName()}" for w in controls(root) if not spoken(w).strip()})


def open_dialog(window: MainWindow, name: str) -> QWidget:
    if name == "about":
        dialog = AboutDialog(window)
        dialog.show()
        return dialog
    actions = {"preferences": "edit.preferences", "shortcuts": "help.shortcuts", "palette": "view.commands"}
    window.action(actions[name]).trigger()
    if name == "palette":
        return window.findChild(CommandPalette)
    return window.findChild(QDialog, name)


@pytest.mark.parametrize("state", ["welcome", "design", "node", "merge", "group", "problem", "find", "panels"])
def test_every_control_of_the_window_has_a_name(open_window, qtbot, tmp_path: Path, state: str) -> None:
    path = tmp_path / "recent.1x1"
    onebyone.save(onebyone.gallery.load("inception-3a"), path)
    Settings().remember_file(path)
    window = open_window(*([] if state == "welcome" else [GALLERY]))
    if state == "problem":
        window.session.apply("Set", onebyone.edits.set_fields, "conv3x3", {"padding": (0, 0)})
    chosen = {"node": ["conv3x3"], "merge": ["concat"], "problem": ["concat"], "group": ["conv3x3", "reduce3x3"]}
    window.session.select(chosen.get(state, []))
    if state == "group":
        window.action("group.group").trigger()
    elif state == "find":
        window.action("edit.find").trigger()
    elif state == "panels":
        for name in ("latency", "code", "costs"):
            show_panel(window, name)
            QApplication.processEvents()

    assert nameless(window) == []


@pytest.mark.parametrize("name", ["preferences", "shortcuts", "palette", "about"])
def test_every_control_of_the_dialogs_has_a_name(open_window, name: str) -> None:
    window = open_window(GALLERY)

    dialog = open_dialog(window, name)

    assert dialog.isVisible()
    assert len(list(controls(dialog))) >= 2
    assert nameless(dialog) == []


def test_the_search_for_layers_has_names(open_window) -> None:
    window = open_window(GALLERY)
    window.action("insert.layer").trigger()

    assert nameless(window.canvas) == []


@pytest.mark.parametrize("name", ["preferences", "shortcuts", "about"])
def test_tab_reaches_every_control_of_a_dialog_and_comes_back(open_window, name: str) -> None:
    dialog = open_dialog(open_window(GALLERY), name)
    dialog.activateWindow()
    QApplication.processEvents()
    wanted = {id(widget) for widget in controls(dialog) if takes_tab(widget)}
    start = next(widget for widget in controls(dialog) if takes_tab(widget))
    start.setFocus()
    seen = []
    for _ in range(40):
        seen.append(QApplication.focusWidget())
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        if QApplication.focusWidget() is start:
            break

    assert QApplication.focusWidget() is start
    assert {id(widget) for widget in seen} == wanted


def _actions(menu: QMenu) -> Iterator[QAction]:
    menu.aboutToShow.emit()
    for action in menu.actions():
        if not action.isSeparator():
            yield action
        if isinstance(action.menu(), QMenu):
            yield from _actions(action.menu())


def test_every_action_of_the_menus_has_a_status_tip(open_window, tmp_path: Path) -> None:
    window = open_window(GALLERY)
    menus = [action.menu() for action in window.menuBar().actions()]
    without = [action.text() for menu in menus for action in _actions(menu) if not action.statusTip()]
    Settings().remember_file(tmp_path / "recent.1x1")
    without += [action.text() for menu in menus for action in _actions(menu) if not action.statusTip()]

    assert without == []


@pytest.mark.parametrize("target", ["concat", ("concat", 0), None], ids=["node", "wire", "ground"])
def test_every_action_of_the_context_menus_has_a_status_tip(open_window, target: object) -> None:
    window = open_window(GALLERY)
    window.session.apply("Set", onebyone.edits.set_fields, "conv3x3", {"padding": (0, 0)})
    window.session.select(["concat"])
    menus = [
        make_context_menu(window, window.actions_by_name, window.session, target),
        make_fix_menu(window, window.session),
    ]

    assert all(menu.actions() for menu in menus)
    assert [action.text() for menu in menus for action in _actions(menu) if not action.statusTip()] == []


def test_the_designs_to_measure_together_have_status_tips(open_window) -> None:
    window = open_window(GALLERY, "gallery:inception-3a-naive")
    show_panel(window, "latency")
    menus = [menu for menu in window.findChild(Latency).findChildren(QMenu) if menu.actions()]

    assert menus
    assert [action.text() for menu in menus for action in menu.actions() if not action.statusTip()] == []


def test_a_status_tip_is_shown_while_its_action_is_pointed_at(open_window) -> None:
    window = open_window(GALLERY)

    QApplication.sendEvent(window, QStatusTipEvent(window.action("view.next_area").statusTip()))

    assert "the palette" in window.findChild(QLabel, "status.message").text()


def test_a_cell_of_the_costs_is_read_with_its_node_and_its_column(open_window) -> None:
    window = open_window(GALLERY)
    table = window.findChild(QTableView, "costs.table")
    model = table.model()
    row = next(row for row in range(model.rowCount()) if model.index(row, 0).data() == "conv3x3")
    read = [model.index(row, column).data(Qt.ItemDataRole.AccessibleTextRole) for column in range(6)]

    assert read == [
        "conv3x3",
        "conv3x3, Kind, 3×3 convolution",
        "conv3x3, Output, 28×28×128",
        "conv3x3, Parameters, 110,720",
        "conv3x3, MACs, 86,704,128",
        "conv3x3, Time, not known",
    ]


def test_a_screen_reader_gets_the_cell_in_words(open_window) -> None:
    window = open_window(GALLERY)
    table = window.findChild(QTableView, "costs.table")
    interface = QAccessible.queryAccessibleInterface(table)

    cells = [interface.child(place).text(QAccessible.Text.Name) for place in range(interface.childCount())]

    assert "conv3x3, MACs, 86,704,128" in cells
