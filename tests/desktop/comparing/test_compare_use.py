"""Designs are set side by side: chosen, measured together, exported, seen on canvases that move together."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QFileDialog,
    QLabel,
    QListWidget,
    QPushButton,
    QTableWidget,
    QTabWidget,
)

from onebyone import edits
from onebyone.measurement.records import MeasurementRequest
from onebyone_desktop import session as sessions
from tests.desktop.parts import controller, panel, show_panel
from tests.engine.measurement.made_up_measurement import measurement_of

NAIVE, REDUCED = "gallery:inception-3a-naive", "gallery:inception-3a"


@pytest.fixture
def window(open_window, qtbot):
    window = open_window(NAIVE, REDUCED)
    show_panel(window, "compare")
    qtbot.waitUntil(lambda: panel(window, "compare").comparison is not None)
    return window


def texts(window, name: str) -> dict[str, list[str]]:
    table = panel(window, "compare").findChild(QTableWidget, f"compare.{name}")
    rows = [
        [table.item(row, column).text() for column in range(table.columnCount())] for row in range(table.rowCount())
    ]
    return {row[0]: row[1:] for row in rows}


def click(window, name: str) -> None:
    QTest.mouseClick(panel(window, "compare").findChild(QPushButton, f"compare.{name}"), Qt.MouseButton.LeftButton)


def test_open_designs_are_compared_with_the_first_tab(window) -> None:
    assert texts(window, "totals")["Weights"] == ["387,072", "163,328", "0.42×"]
    assert "≠ conv3x3 / reduce3x3 → conv3x3" in texts(window, "branches")
    assert texts(window, "nodes")["≠ reduce3x3"][:3] == ["–", "–", "–"]
    assert "conv1x1" in texts(window, "nodes")


def test_it_follows_an_edit(window, qtbot) -> None:
    window.session.apply("Set", edits.set_fields, "reduce3x3", {"out_channels": 48})

    qtbot.waitUntil(lambda: texts(window, "totals")["Weights"][1] == f"{163_328 - 48 * (192 + 9 * 128):,}")


def test_another_base_turns_the_ratios_round(window, qtbot) -> None:
    base = panel(window, "compare").findChild(QComboBox, "compare.base")
    base.setCurrentIndex(1)
    base.activated.emit(1)

    qtbot.waitUntil(lambda: texts(window, "totals")["Weights"] == ["163,328", "387,072", "2.37×"])
    assert base.currentText() == "Inception 3a"


def test_a_published_design_is_added_and_unticked(window, qtbot) -> None:
    assert panel(window, "compare").chosen.add_published("alexnet")
    qtbot.waitUntil(lambda: texts(window, "totals")["Weights"][2] == "61,090,496")
    designs = panel(window, "compare").findChild(QListWidget, "compare.designs")
    assert [designs.item(row).text() for row in range(3)][2] == "AlexNet (published)"

    designs.item(2).setCheckState(Qt.CheckState.Unchecked)

    qtbot.waitUntil(lambda: len(texts(window, "totals")["Weights"]) == 3)
    assert len(window.workspace.sessions) == 2


def test_a_seventh_design_is_refused_with_a_sentence(window) -> None:
    said: list[str] = []
    panel(window, "compare").said.connect(said.append)
    for name in ("fire", "mlpconv", "dense-layer", "nin"):
        assert panel(window, "compare").chosen.add_published(name)

    assert not panel(window, "compare").chosen.add_published("alexnet")
    menu = panel(window, "compare").findChild(QPushButton, "compare.add").menu()
    menu.triggered.emit(
        next(a for part in menu.actions() for a in part.menu().actions() if a.objectName() == "alexnet")
    )

    assert said == ["At most 6 designs are compared; untick one first."]


def test_with_one_design_it_says_what_to_do(open_window) -> None:
    window = open_window(REDUCED)
    show_panel(window, "compare")

    assert "Tick two to 6 designs" in panel(window, "compare")._hint.text()
    assert not panel(window, "compare").findChild(QPushButton, "compare.measure").isEnabled()


def test_they_are_measured_together_in_the_order_of_the_comparison(window, monkeypatch, qtbot) -> None:
    started: list[list[str]] = []
    measuring = window.desk.measuring

    def start(chosen) -> None:
        started.append([session.title for session in chosen])
        request = MeasurementRequest(tuple(session.design for session in chosen), threads=1)
        for place, session in enumerate(chosen):
            session.set_measurement(sessions.Measured(request, answer, place))

    request = MeasurementRequest(tuple(session.design for session in window.workspace.sessions), threads=1)
    answer = measurement_of(request)
    monkeypatch.setattr(measuring, "start", start)

    click(window, "measure")

    assert started == [["Inception 3a naive", "Inception 3a"]]
    cell = "Latency, cpu · float32 · NCHW · batch 1 · 1 thread · eager"
    qtbot.waitUntil(lambda: cell in texts(window, "totals"))
    assert texts(window, "totals")[cell] == ["7.00 ms", "7.00 ms", "1.42× (1.39 to 1.45), slower"]
    assert texts(window, "totals")["Verdict"][:2] == ["quiet", "quiet"]


def test_a_closed_tab_leaves_the_comparison(window, qtbot) -> None:
    click(window, "canvases")
    assert controller(window, "compare").side_by_side is not None

    window.desk.documents.close(window.workspace.sessions[0])

    qtbot.waitUntil(lambda: panel(window, "compare").comparison is None)
    assert controller(window, "compare").side_by_side is None


@pytest.mark.parametrize("suffix", [".html", ".md", ".csv"])
def test_the_comparison_is_exported(window, monkeypatch, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"both{suffix}"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))

    click(window, "export")

    assert "Inception 3a naive" in path.read_text(encoding="utf-8")


def test_an_export_that_fails_is_told(window, monkeypatch, tmp_path: Path) -> None:
    said: list[str] = []
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "no" / "folder.html"), ""))
    monkeypatch.setattr(window.desk.documents, "say", lambda *words: said.extend(words))

    click(window, "export")

    assert said[0] == "Nothing was exported"


def test_canvases_side_by_side_move_together(window, qtbot) -> None:
    click(window, "canvases")
    view = controller(window, "compare").side_by_side
    first, second = view.canvases
    qtbot.waitUntil(lambda: first.camera.shows(first.design_scene.bounds()) and first.zoom == second.zoom < 1)

    first.camera.zoom_to(1.5)
    first.camera.look_at(first.design_scene.nodes["conv5x5"].box.center())

    assert second.zoom == first.zoom
    offset = second.camera.centre - second.design_scene.nodes["conv5x5"].box.center()
    assert offset.manhattanLength() < 4
    second.camera.look_at(second.design_scene.nodes["pool"].box.center())
    assert (first.camera.centre - first.design_scene.nodes["pool"].box.center()).manhattanLength() < 4


def test_what_differs_stands_out_and_what_is_alike_is_drawn_back(window, qtbot) -> None:
    click(window, "canvases")
    view = controller(window, "compare").side_by_side
    boxes = view.canvases[1].design_scene.nodes

    qtbot.waitUntil(lambda: boxes["conv1x1"].opacity() < 1)
    assert boxes["reduce3x3"].opacity() == 1
    view.linked.mark_differences(False)
    assert boxes["conv1x1"].opacity() == 1


def test_the_side_by_side_window_follows_an_edit(window, qtbot) -> None:
    click(window, "canvases")
    view = controller(window, "compare").side_by_side
    qtbot.waitUntil(lambda: view.canvases[1].design_scene.nodes["conv1x1"].opacity() < 1)

    window.session.apply("Set", edits.set_fields, "conv1x1", {"out_channels": 65})

    qtbot.waitUntil(lambda: view.canvases[1].design_scene.nodes["conv1x1"].opacity() == 1)


def test_opened_late_it_compares_what_was_opened_first(open_window) -> None:
    window = open_window()
    for name in ("nin", "fire", "mlpconv", "inception-3a", "inception-3b", "resnet-plain", "resnet-bottleneck"):
        window.desk.documents.open_gallery(name)
    first = window.workspace.sessions[:6]
    tabs = window.findChild(QTabWidget, "workspace.tabs").tabBar()
    tabs.moveTab(6, 0)

    chosen = show_panel(window, "compare").chosen

    assert chosen.sessions == first


def test_why_a_comparison_was_not_measured_is_said_in_the_latency_panel(open_window, qtbot, monkeypatch) -> None:
    window = open_window("gallery:inception-3a", "gallery:inception-3a-naive")
    show_panel(window, "compare")
    QApplication.processEvents()
    monkeypatch.setattr(window.desk.measuring.client, "_command", ["/bin/false"])
    qtbot.waitUntil(lambda: window.findChild(QPushButton, "compare.measure").isEnabled())

    with qtbot.waitSignal(window.desk.measuring.failed, timeout=60_000):
        window.findChild(QPushButton, "compare.measure").click()

    assert "ended" in show_panel(window, "latency").findChild(QLabel, "latency.status").text()
