"""What a 1×1 buys in the inspector, twins, clocking, and the gestures of the Reduce menu."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QSlider

from onebyone import gallery
from onebyone.analysis import analyze
from onebyone_desktop.appearance import theme
from onebyone_desktop.pointwise.break_even_curve import BreakEvenCurve
from tests.desktop.parts import panel


@pytest.fixture
def window(open_window):
    return open_window("gallery:inception-3a")


@pytest.fixture
def naive(open_window):
    return open_window("gallery:inception-3a-naive")


def label(window, name: str) -> str:
    return panel(window, "inspector").findChild(QLabel, f"inspector.bought.{name}").text()


def totals(window):
    return analyze(window.session.design).totals


def test_a_selected_reduction_says_what_it_buys(window) -> None:
    window.session.select(["reduce3x3"])

    assert panel(window, "inspector").bought.isVisible()
    assert label(window, "role") == "Narrows 192 → 96 in front of conv3x3 (3×3 convolution)"
    assert label(window, "weights") == "−92,160 (−36.1 %)"
    assert label(window, "output_channels") == "no change"
    assert "r* = 164.6" in label(window, "words")
    curve = panel(window, "inspector").findChild(BreakEvenCurve)
    assert "221,184 without" in curve.accessibleName()


def test_other_nodes_buy_nothing(window) -> None:
    for node in ("conv3x3", "conv1x1", "input"):
        window.session.select([node])
        assert not panel(window, "inspector").bought.isVisible()


@pytest.mark.parametrize("name", ["light", "dark"])
def test_the_curve_is_painted_in_the_colours_of_the_theme(window, qapp, name: str) -> None:
    window.use_theme(theme.named(name))
    window.session.select(["reduce3x3"])
    panel(window, "inspector")._area.ensureWidgetVisible(panel(window, "inspector").bought)
    qapp.processEvents()

    picture = panel(window, "inspector").findChild(BreakEvenCurve).grab().toImage()

    colours = {picture.pixelColor(x, y).name() for x in range(picture.width()) for y in range(picture.height())}
    assert theme.named(name).family("pointwise") in colours


def test_dragging_the_width_is_one_step_and_the_totals_follow(window) -> None:
    before = window.session.design
    window.session.select(["reduce3x3"])
    slider = panel(window, "inspector").findChild(QSlider, "inspector.bought.width")

    slider.setSliderDown(True)
    for width in (80, 64, 48):
        slider.setValue(width)
        assert totals(window).weights == 163_328 + (width - 96) * (192 + 9 * 128)
    slider.setSliderDown(False)

    assert window.session.design.node("reduce3x3").layer.out_channels == 48
    window.session.undo()
    assert window.session.design == before


def test_a_twin_opens_beside_it_and_both_are_compared(window, qtbot) -> None:
    window.session.select(["reduce5x5"])

    QTest.mouseClick(window.findChild(QPushButton, "inspector.bought.twin"), Qt.MouseButton.LeftButton)

    assert [session.title for session in window.workspace.sessions] == [
        "Inception 3a",
        "Inception 3a without reduce5x5",
    ]
    qtbot.waitUntil(lambda: panel(window, "compare").comparison is not None)
    titles = ("Inception 3a without reduce5x5", "Inception 3a")
    qtbot.waitUntil(lambda: panel(window, "compare").comparison.titles == titles)
    assert panel(window, "compare").isVisible()


def test_a_twin_that_is_open_is_shown_again(window) -> None:
    for _ in range(2):
        window.workspace.show_session(window.workspace.sessions[0])
        window.session.select(["reduce5x5"])
        window.action("reduce.twin").trigger()

    assert len(window.workspace.sessions) == 2


def test_clock_it_measures_both_interleaved(window, monkeypatch) -> None:
    started: list[list[str]] = []
    measuring = window.desk.measuring
    monkeypatch.setattr(measuring, "start", lambda chosen: started.append([each.title for each in chosen]))
    window.session.select(["reduce3x3"])

    QTest.mouseClick(window.findChild(QPushButton, "inspector.bought.clock"), Qt.MouseButton.LeftButton)

    assert started == [["Inception 3a without reduce3x3", "Inception 3a"]]
    assert window.session.title == "Inception 3a" and panel(window, "latency").isVisible()


def test_the_naive_module_becomes_the_papers_step_by_step(naive) -> None:
    start = naive.session.design
    for node, action, width in (
        ("conv3x3", "reduce.reduction", 96), ("conv5x5", "reduce.reduction", 16), ("pool", "reduce.projection", 32),
    ):  # fmt: skip
        naive.session.select([node])
        assert naive.action(action).isEnabled()
        naive.action(action).trigger()
        naive.findChild(QSlider, "inspector.bought.width").setValue(width)

    assert totals(naive) == analyze(gallery.load("inception-3a")).totals
    for _ in range(6):
        naive.session.undo()
    assert naive.session.design == start


def test_each_gesture_is_one_step_that_undo_takes_back(naive) -> None:
    before = naive.session.design
    for node, action in (
        ("conv3x3", "reduce.reduction"), ("pool", "reduce.projection"), ("conv5x5", "reduce.bottleneck"),
        ("conv1x1", "reduce.remove"),
    ):  # fmt: skip
        naive.session.select([node])
        naive.action(action).trigger()
        assert naive.session.design != before
        naive.session.undo()
        assert naive.session.design == before


def test_gestures_are_offered_where_they_apply(naive) -> None:
    naive.session.select(["conv1x1"])
    offered = {
        name for name, action in naive.actions_by_name.items() if name.startswith("reduce.") and action.isEnabled()
    }
    assert offered == {"reduce.remove"}
    naive.session.select(["conv3x3"])
    offered = {
        name for name, action in naive.actions_by_name.items() if name.startswith("reduce.") and action.isEnabled()
    }
    assert offered == {"reduce.reduction", "reduce.bottleneck"}


def test_the_naive_twin_of_the_module_opens_and_is_compared(window, qtbot) -> None:
    window.action("reduce.naive_twin").trigger()

    assert window.session.title == "Inception 3a naive"
    assert totals(window) == analyze(gallery.load("inception-3a-naive")).totals
    qtbot.waitUntil(lambda: panel(window, "compare").comparison is not None)
    qtbot.waitUntil(lambda: "42.2 % of the weights" in panel(window, "compare").comparison.sentences[0])


def test_the_figures_follow_an_edit_elsewhere(window) -> None:
    window.session.select(["reduce3x3"])
    before = label(window, "weights")

    slider = panel(window, "inspector").findChild(QSlider, "inspector.bought.width")
    slider.setValue(170)

    assert label(window, "weights").startswith("+") and label(window, "weights") != before
