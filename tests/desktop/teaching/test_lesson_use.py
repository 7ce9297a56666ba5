"""The four lessons, walked as a reader would: with the menus, the inspector and the buttons of the panel."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QSlider

from onebyone.lessons.lesson import lesson_names, load_lesson
from onebyone.measurement.records import MeasurementRequest
from onebyone_desktop.panels.panel import Panel
from onebyone_desktop.session import Measured
from tests.desktop.parts import panel
from tests.engine.measurement.made_up_measurement import measurement_of


@pytest.fixture
def window(open_window):
    return open_window()


def click(window, name: str) -> None:
    QTest.mouseClick(window.findChild(QPushButton, name), Qt.MouseButton.LeftButton)


def begin(window, name: str) -> None:
    click(window, f"welcome.lesson.{name}")
    assert panel(window, "lesson").isVisible()


def said(window, part: str) -> str:
    return panel(window, "lesson").findChild(QLabel, f"lesson.{part}").text()


def is_done(window) -> bool:
    return panel(window, "lesson").findChild(QLabel, "lesson.done").isVisible()


def next_button(window) -> str:
    return panel(window, "lesson").findChild(QPushButton, "lesson.next").text()


def type_into(window, name: str, text: str) -> None:
    editor = panel(window, "inspector").findChild(QLineEdit, name)
    editor.setFocus()
    editor.selectAll()
    QTest.keyClicks(editor, text)


def test_mixing_is_walked(window) -> None:
    begin(window, "mixing")
    assert window.session.design.name == "NIN" and window.session.selection == ("cccp1",)
    assert "96 channels" in said(window, "text")
    click(window, "lesson.next")
    click(window, "lesson.next")
    assert next_button(window) == "Skip" and not is_done(window)

    window.session.select(["cccp1"])
    type_into(window, "inspector.field.out_channels", "48")

    assert is_done(window) and next_button(window) == "Next"
    assert "fell from 9,216 to 4,608" in said(window, "done")
    window.session.undo()
    assert not is_done(window)


def test_the_arithmetic_is_walked(window) -> None:
    begin(window, "arithmetic")
    for node, action, width in (
        ("conv5x5", "reduce.reduction", 16), ("conv3x3", "reduce.reduction", 96), ("pool", "reduce.projection", 32),
    ):  # fmt: skip
        click(window, "lesson.next")
        assert window.session.selection == (node,) and not is_done(window)
        window.action(action).trigger()
        panel(window, "inspector").findChild(QSlider, "inspector.bought.width").setValue(width)
        assert is_done(window)
    assert "from 416 to 256 channels" in said(window, "done")

    click(window, "lesson.next")

    assert "163,328 are left: 42.2 %" in said(window, "text")
    assert next_button(window) == "Finish"
    click(window, "lesson.next")
    assert not panel(window, "lesson").isVisible()
    assert window.workspace.sessions


def test_the_bottleneck_is_walked(window, qtbot) -> None:
    begin(window, "bottleneck")
    click(window, "lesson.next")
    assert window.session.design.name == "ResNet bottleneck"
    click(window, "lesson.next")
    qtbot.waitUntil(lambda: panel(window, "compare").comparison is not None)
    qtbot.waitUntil(lambda: panel(window, "compare").comparison.titles == ("ResNet plain", "ResNet bottleneck"))
    click(window, "lesson.next")
    assert not is_done(window)

    window.session.select([node.id for node in window.session.design.nodes[1:-1]])
    type_into(window, "inspector.module.inner", "335")

    assert is_done(window)
    assert "With 335 channels inside" in said(window, "done")


def test_the_clock_is_walked(window, monkeypatch) -> None:
    begin(window, "clock")
    click(window, "lesson.next")
    measuring = window.desk.measuring

    def start(chosen) -> None:
        designs = tuple(session.design for session in chosen)
        requests = [MeasurementRequest(designs, threads=1, layout=layout) for layout in ("nchw", "channels_last")]
        for place, session in enumerate(chosen):
            session.set_measurement(*(Measured(each, measurement_of(each), place) for each in requests))

    monkeypatch.setattr(measuring, "start", start)
    assert not is_done(window)

    click(window, "compare.measure")

    assert is_done(window)
    assert "1.42 times as long" in said(window, "done")
    click(window, "lesson.next")
    assert is_done(window) and "50.0 %" in said(window, "done")


@pytest.mark.parametrize("name", lesson_names())
def test_every_step_can_be_reached_forwards_and_back(window, name: str) -> None:
    window.action(f"help.{name}").trigger()
    count = len(load_lesson(name).steps)

    titles = []
    for step in load_lesson(name).steps:
        titles.append(said(window, "step"))
        assert not step.panel or window.findChild(Panel, f"panel.{step.panel}").isVisible()
        if len(titles) < count:
            click(window, "lesson.next")
    for _ in range(count - 1):
        click(window, "lesson.back")

    assert titles == [step.title for step in load_lesson(name).steps]
    assert said(window, "step") == titles[0]


def test_a_design_that_is_closed_is_opened_again(window) -> None:
    begin(window, "arithmetic")

    window.desk.documents.close(window.session)

    assert "is closed" in said(window, "text")
    click(window, "lesson.again")
    assert window.session.design.name == "Inception 3a naive"
    assert "Inception runs several kernels" in said(window, "text")


def test_leaving_keeps_the_designs_and_beginning_again_takes_fresh_ones(window) -> None:
    begin(window, "arithmetic")
    first = window.session
    panel(window, "lesson").findChild(object, "lesson.close").click()
    assert not panel(window, "lesson").isVisible() and window.session is first

    window.action("help.arithmetic").trigger()

    assert window.session is not first and len(window.workspace.sessions) == 2
