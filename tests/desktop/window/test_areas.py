"""The way of the focus through the window: Tab from control to control, F6 from area to area."""

import gc

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QTabBar, QWidget

import onebyone
from onebyone_desktop.window.areas import stops
from onebyone_desktop.window.main_window import MainWindow
from tests.desktop.parts import panel, show_panel

GALLERY = "gallery:inception-3a"
_MOST = 80


def focus() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def name_of(widget: QWidget) -> str:
    return widget.accessibleName() or getattr(widget, "text", str)() or widget.objectName()


def search_of(window: MainWindow) -> QLineEdit:
    return window.findChild(QLineEdit, "palette.search")


def way_round(window: MainWindow, key: Qt.Key) -> list[QWidget]:
    """Presses a key from the palette's search until the focus is there again; Tab on the canvas is left by a step."""
    start = search_of(window)
    start.setFocus()
    seen: list[QWidget] = []
    for _ in range(_MOST):
        seen.append(focus())
        if focus() is window.canvas and key == Qt.Key.Key_Tab:
            # Tab searches here, so that the way on is F6; this goes to the next control all the same.
            window.areas.step(True)
        else:
            QTest.keyClick(focus(), key)
        if focus() is start:
            return seen
    raise AssertionError(f"never came back: {[name_of(widget) for widget in seen]}")


def prepared(window: MainWindow, state: str) -> MainWindow:
    window.activateWindow()
    if state in ("problem", "merge"):
        if state == "problem":
            window.session.apply("Set", onebyone.edits.set_fields, "conv3x3", {"padding": (0, 0)})
        window.session.select(["concat"])
    elif state == "node":
        window.session.select(["conv3x3"])
    elif state == "find":
        window.action("edit.find").trigger()
    elif state in ("latency", "code"):
        show_panel(window, state)
    QApplication.processEvents()
    return window


@pytest.mark.parametrize("state", ["design", "node", "merge", "problem", "find", "latency", "code", "welcome"])
def test_tab_reaches_every_control_and_comes_back(open_window, state: str) -> None:
    window = prepared(open_window(*([] if state == "welcome" else [GALLERY])), state)
    wanted = {id(control): name_of(control) for area in window.areas.parts for control in stops(area)}

    seen = way_round(window, Qt.Key.Key_Tab)

    assert [name_of(widget) for widget in seen if id(widget) not in wanted] == []
    assert set(wanted.values()) - {name_of(widget) for widget in seen} == set()
    assert len(seen) == len(wanted)


@pytest.mark.parametrize("state", ["node", "problem", "latency"])
def test_no_stop_is_invisible(open_window, state: str) -> None:
    window = prepared(open_window(GALLERY), state)

    for widget in way_round(window, Qt.Key.Key_Tab):
        elsewhere = search_of(window) if widget is not search_of(window) else window.canvas
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        focused = widget.grab().toImage()
        elsewhere.setFocus()

        assert widget.grab().toImage() != focused, f"{name_of(widget)} looks the same with the focus"


def test_shift_tab_goes_the_same_way_back(open_window) -> None:
    window = prepared(open_window(GALLERY), "node")
    there = way_round(window, Qt.Key.Key_Tab)
    back = way_round(window, Qt.Key.Key_Backtab)

    assert [name_of(widget) for widget in back[1:]] == [name_of(widget) for widget in reversed(there[1:])]


def test_the_way_follows_the_reading_order_though_fields_are_made_anew(open_window) -> None:
    window = prepared(open_window(GALLERY), "node")
    names = [name_of(widget) for widget in way_round(window, Qt.Key.Key_Tab)]

    assert names.index("Name") < names.index("Output channels") < names.index("Kernel") < names.index("Heat")


def test_f6_goes_from_area_to_area_and_back_to_the_first(open_window) -> None:
    window = prepared(open_window(GALLERY), "problem")
    search_of(window).setFocus()
    seen = []
    for _ in range(6):
        QTest.keyClick(focus(), Qt.Key.Key_F6)
        seen.append(focus())

    assert seen[0] is window.canvas
    for widget, area in zip(seen[1:4], ("costs", "inspector", "problems"), strict=True):
        assert panel(window, area).isAncestorOf(widget)
    assert seen[4].objectName() == "file.export.button"
    assert seen[5] is search_of(window)


def test_shift_f6_goes_back_and_an_area_remembers_its_control(open_window) -> None:
    window = prepared(open_window(GALLERY), "design")
    window.canvas.setFocus()
    QTest.keyClick(window.canvas, Qt.Key.Key_F6)
    QTest.keyClick(focus(), Qt.Key.Key_Tab)
    button = focus()
    assert button.objectName() == "costs.copy_tsv"

    QTest.keyClick(button, Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
    assert focus() is window.canvas
    QTest.keyClick(window.canvas, Qt.Key.Key_F6)

    assert focus() is button


def test_f6_passes_over_areas_without_controls(open_window) -> None:
    window = prepared(open_window(GALLERY), "design")
    next(iter(stops(panel(window, "inspector")))).setFocus()

    QTest.keyClick(focus(), Qt.Key.Key_F6)

    assert focus().objectName() == "file.export.button"


def test_tabs_are_turned_with_the_arrow_keys(open_window) -> None:
    window = prepared(open_window(GALLERY), "design")
    bar = next(control for control in stops(window.areas.parts[2]) if isinstance(control, QTabBar))
    bar.setFocus()

    QTest.keyClick(bar, Qt.Key.Key_Right)

    assert panel(window, "latency").isVisible()


def test_enter_on_a_problem_shows_its_node(open_window) -> None:
    window = prepared(open_window(GALLERY), "problem")
    window.session.select([])
    sentence = window.findChild(QLabel, "problem.spatial-mismatch")
    sentence.setFocus()

    QTest.keyClick(sentence, Qt.Key.Key_Return)

    assert window.session.selection == ("concat",)


def test_a_walk_leaves_the_tabs_to_their_owner(open_window) -> None:
    window = prepared(open_window(GALLERY), "design")
    way_round(window, Qt.Key.Key_Tab)

    gc.collect()

    assert len(window.workspace.canvases()) == 1
