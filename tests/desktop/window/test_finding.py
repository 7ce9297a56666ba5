"""Finding a node by what it is called."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QToolButton

from onebyone_desktop.window.main_window import MainWindow

GALLERY = "gallery:inception-3a"


def open_bar(window: MainWindow) -> QLineEdit:
    window.activateWindow()
    window.canvas.setFocus()
    QTest.keyClick(window.canvas, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    return window.findChild(QLineEdit, "find.text")


def count(window: MainWindow) -> str:
    return window.findChild(QLabel, "find.count").text()


def test_typing_selects_and_centres_the_first_match(open_window) -> None:
    window = open_window(GALLERY)
    text = open_bar(window)
    assert text.hasFocus()

    QTest.keyClicks(text, "reduce5")

    assert window.session.selection == ("reduce5x5",)
    box = window.canvas.design_scene.nodes["reduce5x5"].box
    assert window.canvas.camera.shows(box)
    assert count(window) == "1 of 1"


def test_enter_goes_from_match_to_match_and_round(open_window) -> None:
    window = open_window(GALLERY)
    text = open_bar(window)
    QTest.keyClicks(text, "1x1 conv")
    found = [window.session.selection[0]]

    for _ in range(4):
        QTest.keyClick(text, Qt.Key.Key_Return)
        found.append(window.session.selection[0])

    assert found == ["conv1x1", "reduce3x3", "reduce5x5", "pool_proj", "conv1x1"]
    QTest.keyClick(text, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert window.session.selection == ("pool_proj",)


def test_nothing_found_is_said(open_window) -> None:
    window = open_window(GALLERY)
    text = open_bar(window)

    QTest.keyClicks(text, "zebra")

    assert count(window) == "No node is called that"
    assert window.session.selection == ()


def test_escape_and_the_button_close_the_bar(open_window) -> None:
    window = open_window(GALLERY)
    text = open_bar(window)

    QTest.keyClick(text, Qt.Key.Key_Escape)
    assert not text.isVisible()
    assert window.canvas.hasFocus()

    open_bar(window)
    QTest.mouseClick(window.findChild(QToolButton, "find.close"), Qt.MouseButton.LeftButton)
    assert not text.isVisible()


def test_a_node_in_a_collapsed_group_is_shown_by_its_group(open_window) -> None:
    window = open_window(GALLERY)
    window.session.select(["reduce3x3", "conv3x3"])
    window.canvas.group_editing.group()
    window.canvas.group_editing.set_all_collapsed(True)
    text = open_bar(window)

    QTest.keyClicks(text, "conv3")

    box = next(iter(window.canvas.design_scene.group_boxes.values()))
    assert window.canvas.camera.shows(box.box)


def test_deleted_matches_are_passed_over(open_window) -> None:
    window = open_window(GALLERY)
    text = open_bar(window)
    QTest.keyClicks(text, "1x1 conv")
    window.canvas.editing.delete()

    QTest.keyClick(text, Qt.Key.Key_Return)

    assert window.session.selection == ("reduce3x3",)
