"""Groups in the window: by keys, in the inspector, in menus, in files."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QMenu

import onebyone
from onebyone_desktop.window.main_window import MainWindow

GALLERY = "gallery:inception-3a"
CONTROL = Qt.KeyboardModifier.ControlModifier
BRANCH = ["reduce3x3", "conv3x3"]


def group_branch(window: MainWindow, title: str = "") -> None:
    window.activateWindow()
    window.session.select(BRANCH)
    window.canvas.setFocus()
    QTest.keyClick(window.canvas, Qt.Key.Key_G, CONTROL)
    if title:
        name = window.findChild(QLineEdit, "inspector.name")
        QTest.keyClicks(name, title)
        QTest.keyClick(name, Qt.Key.Key_Return)


def test_control_g_groups_and_asks_for_the_title(open_window) -> None:
    window = open_window(GALLERY)

    group_branch(window, "3×3 branch")

    (group,) = window.session.design.groups
    assert set(group.nodes) == set(BRANCH)
    assert group.title == "3×3 branch"
    assert window.canvas.hasFocus()


def test_c_collapses_and_expands(open_window) -> None:
    window = open_window(GALLERY)
    group_branch(window, "Branch")

    QTest.keyClick(window.canvas, Qt.Key.Key_C)
    assert window.session.design.groups[0].collapsed

    QTest.keyClick(window.canvas, Qt.Key.Key_C)
    assert not window.session.design.groups[0].collapsed


def test_the_inspector_sums_up_a_group_and_colours_it(open_window) -> None:
    window = open_window(GALLERY)
    group_branch(window, "Branch")

    costs = window.findChild(QLabel, "inspector.costs").text()
    colour = window.findChild(QComboBox, "inspector.group.colour")
    colour.setFocus()
    QTest.keyClicks(colour, "v")
    colour.activated.emit(colour.currentIndex())

    assert "129,248 parameters" in costs
    assert "28×28×192 → 28×28×128" in costs
    assert window.session.design.groups[0].colour == "violet"


def test_ungroup_leaves_the_nodes(open_window) -> None:
    window = open_window(GALLERY)
    group_branch(window, "Branch")

    QTest.keyClick(window.canvas, Qt.Key.Key_G, CONTROL | Qt.KeyboardModifier.ShiftModifier)

    assert not window.session.design.groups
    assert set(BRANCH) <= {node.id for node in window.session.design.nodes}


def test_the_menu_of_a_group_is_about_groups(open_window) -> None:
    window = open_window(GALLERY)
    group_branch(window, "Branch")
    (group,) = window.session.design.groups

    window.canvas.context_menu_requested.emit(window.mapToGlobal(window.rect().center()), group)

    menu = window.findChild(QMenu, "canvas.menu")
    assert window.action("group.toggle") in menu.actions()
    assert window.action("group.ungroup") in menu.actions()
    menu.close()


def test_groups_are_saved_and_opened(open_window, tmp_path: Path) -> None:
    window = open_window(GALLERY)
    group_branch(window, "Branch")
    QTest.keyClick(window.canvas, Qt.Key.Key_C)
    path = tmp_path / "grouped.1x1"
    onebyone.save(window.session.design, path)

    other = open_window(str(path))

    assert other.session.design == window.session.design
    assert len(other.canvas.design_scene.group_boxes) == 1


def test_copies_of_a_group_are_a_group(open_window) -> None:
    window = open_window(GALLERY)
    group_branch(window, "Branch")

    QTest.keyClick(window.canvas, Qt.Key.Key_D, CONTROL)

    assert len(window.session.design.groups) == 2
    assert len(window.canvas.design_scene.frames) == 2


def test_groups_are_pasted_with_their_nodes(open_window) -> None:
    window = open_window(GALLERY)
    group_branch(window, "Branch")

    QTest.keyClick(window.canvas, Qt.Key.Key_C, CONTROL)
    window.desk.documents.new()
    QTest.keyClick(window.canvas, Qt.Key.Key_V, CONTROL)

    assert [node.id for node in window.session.design.nodes] == BRANCH
    assert [group.title for group in window.session.design.groups] == ["Branch"]


def test_enter_and_f2_edit_the_title_of_a_group(open_window) -> None:
    window = open_window(GALLERY)
    group_branch(window, "Branch")

    for key, title in ((Qt.Key.Key_Return, "First"), (Qt.Key.Key_F2, "Second")):
        QTest.keyClick(window.canvas, key)
        name = window.findChild(QLineEdit, "inspector.name")
        assert name.hasFocus()
        QTest.keyClicks(name, title)
        QTest.keyClick(name, Qt.Key.Key_Return)
        assert window.session.design.groups[0].title == title
