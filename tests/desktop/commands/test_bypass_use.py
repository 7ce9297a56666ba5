"""Bypassing, dissolving and mending, by keys."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QMenu, QPlainTextEdit

from onebyone import analyze, edits
from onebyone_desktop.window.main_window import MainWindow
from tests.desktop.parts import show_panel

GALLERY = "gallery:inception-3a"
CONTROL = Qt.KeyboardModifier.ControlModifier


def press(window: MainWindow, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    window.canvas.setFocus()
    QTest.keyClick(window.canvas, key, modifier)


def test_b_bypasses_and_puts_back_to_work(open_window) -> None:
    window = open_window(GALLERY)
    code = show_panel(window, "code").findChild(QPlainTextEdit, "code.text")
    before = window.session.analysis.totals
    window.session.select(["reduce3x3"])

    press(window, Qt.Key.Key_B)

    session = window.session
    assert session.design.node("reduce3x3").bypassed
    assert session.analysis.nodes["conv3x3"].inputs == ((192, 28, 28),)
    assert session.analysis.totals.macs == before.macs - 14_450_688 + 86_704_128
    assert "reduce3x3" not in code.toPlainText()
    costs = window.findChild(QLabel, "inspector.costs").text()
    assert "saves its own 18,528 parameters" in costs
    assert "whole design by this bypass: +92,064 parameters, +72,253,440 MACs" in costs
    assert window.action("edit.bypass").isChecked()

    press(window, Qt.Key.Key_B)

    assert session.analysis.totals == before
    assert not window.action("edit.bypass").isChecked()


def test_what_cannot_be_bypassed_is_not_offered(open_window) -> None:
    window = open_window(GALLERY)

    window.session.select(["concat"])
    assert not window.action("edit.bypass").isEnabled()
    window.session.select(["concat", "pool"])
    assert window.action("edit.bypass").isEnabled()
    press(window, Qt.Key.Key_B)

    assert [node.id for node in window.session.design.nodes if node.bypassed] == ["pool"]


def test_control_delete_keeps_the_connection(open_window) -> None:
    window = open_window(GALLERY)
    window.session.select(["reduce3x3"])

    press(window, Qt.Key.Key_Delete, CONTROL)

    assert window.session.design.node("conv3x3").inputs == ("input",)
    assert window.session.undo_history.undo_label == "Dissolve reduce3x3"
    window.session.undo()
    assert window.session.design.node("conv3x3").inputs == ("reduce3x3",)


def test_control_period_mends_the_selected_node(open_window) -> None:
    window = open_window(GALLERY)
    window.session.apply("Break", edits.set_fields, "conv3x3", {"padding": (0, 0)})
    problems = [problem for problem in window.session.analysis.problems if problem.fixes]
    window.session.select([problems[0].node])

    press(window, Qt.Key.Key_Period, CONTROL)

    menu = window.findChild(QMenu, "fixes.menu")
    if menu is not None and menu.actions():
        menu.actions()[0].trigger()
        menu.close()
    assert window.session.undo_history.undo_label == problems[0].fixes[0].label
    assert window.session.analysis.problems != problems


def test_followers_say_what_they_wait_for(open_window) -> None:
    window = open_window(GALLERY)

    window.session.apply("Disconnect", edits.disconnect, "reduce3x3", 0)

    nodes = window.canvas.design_scene.nodes
    assert nodes["conv3x3"].look.trouble == "waits for reduce3x3"
    assert nodes["conv3x3"].look.severity is None
    assert nodes["reduce3x3"].look.severity == "error"
    assert analyze(window.session.design).problems
