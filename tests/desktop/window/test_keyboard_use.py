"""The window without a mouse."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from onebyone_desktop.window.main_window import MainWindow

GALLERY = "gallery:inception-3a"
CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def press(window: MainWindow, *keys: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    for key in keys:
        QTest.keyClick(window.canvas, key, modifier)


def test_arrows_walk_along_the_wires(open_window) -> None:
    window = open_window(GALLERY)

    press(window, Qt.Key.Key_Down)
    assert window.session.selection == ("input",)
    press(window, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Down)

    concat = window.session.selection[0]
    assert window.session.design.node(concat).layer.kind == "concat"


def test_arrows_walk_between_branches(open_window) -> None:
    window = open_window(GALLERY)
    window.session.select(["conv1x1"])

    press(window, Qt.Key.Key_Right)

    assert window.session.selection != ("conv1x1",)
    first = window.session.selection
    press(window, Qt.Key.Key_Left)
    assert window.session.selection == ("conv1x1",)
    press(window, Qt.Key.Key_Right)
    assert window.session.selection == first


def test_shift_and_arrow_select_on_the_way(open_window) -> None:
    window = open_window(GALLERY)
    window.session.select(["input"])

    press(window, Qt.Key.Key_Down, modifier=SHIFT)

    assert len(window.session.selection) == 2
    assert window.session.selection[0] == "input"


def test_control_and_arrow_nudge(open_window) -> None:
    window = open_window(GALLERY)
    window.session.select(["conv1x1"])
    x, y = window.session.design.node("conv1x1").position

    press(window, Qt.Key.Key_Right, Qt.Key.Key_Down, modifier=CONTROL)

    assert window.session.design.node("conv1x1").position == (x + 8, y + 8)
    assert len(window.session.undo_history.past) == 1


def test_enter_edits_the_first_field_and_leads_back(open_window) -> None:
    window = open_window(GALLERY)
    window.activateWindow()
    window.session.select(["conv1x1"])
    window.canvas.setFocus()

    press(window, Qt.Key.Key_Return)
    field = QApplication.focusWidget()
    assert isinstance(field, QLineEdit)
    QTest.keyClicks(field, "48")
    QTest.keyClick(field, Qt.Key.Key_Return)

    assert window.session.design.node("conv1x1").layer.out_channels == 48
    assert window.canvas.hasFocus()


def test_f2_edits_the_name(open_window) -> None:
    window = open_window(GALLERY)
    window.session.select(["conv1x1"])

    press(window, Qt.Key.Key_F2)
    name = QApplication.focusWidget()
    QTest.keyClicks(name, "squeeze")
    QTest.keyClick(name, Qt.Key.Key_Return)

    assert window.session.design.node("conv1x1").title == "squeeze"


def test_escape_drops_a_name_that_was_typed(open_window) -> None:
    window = open_window(GALLERY)
    window.activateWindow()
    window.session.select(["conv1x1"])

    press(window, Qt.Key.Key_F2)
    name = QApplication.focusWidget()
    QTest.keyClicks(name, "wrong")
    QTest.keyClick(name, Qt.Key.Key_Escape)

    assert window.session.design.node("conv1x1").title == ""
    assert name.text() == "conv1x1"
    assert window.canvas.hasFocus()
    assert not window.session.undo_history.past
