"""The Sweep panel as a person uses it: curves at once, points measured by a stand-in for the worker."""

import csv
import sys
import time
from pathlib import Path

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QFileDialog,
    QLabel,
    QPushButton,
    QSpinBox,
    QTableView,
    QToolButton,
)

from onebyone import edits, gallery
from onebyone.files import storage
from onebyone.sweep.journal import default_journal
from onebyone.worker import launch
from onebyone_desktop.window.main_window import MainWindow
from tests.desktop.parts import controller, panel, show_panel
from tests.desktop.window.test_accessibility import nameless

STAND_IN = Path(__file__).parents[2] / "sweep_worker.py"
TIMEOUT_MS = 20_000


@pytest.fixture
def count_file(tmp_path: Path) -> Path:
    return tmp_path / "requests.txt"


@pytest.fixture
def window(open_window, monkeypatch, count_file, qtbot) -> MainWindow:
    return opened(open_window, monkeypatch, count_file, qtbot, answers=1_000)


def opened(
    open_window, monkeypatch, count_file: Path, qtbot, answers: int, design="gallery:inception-3a"
) -> MainWindow:
    command = [sys.executable, str(STAND_IN), str(answers), str(count_file)]
    monkeypatch.setattr(launch, "command", lambda: command)
    window = open_window(design)
    window.resize(1700, 1000)
    show_panel(window, "sweep")
    qtbot.waitUntil(lambda: controller(window, "sweep").work.is_planned, timeout=TIMEOUT_MS)
    return window


def choose_range(window: MainWindow, first: int, last: int, step: int, number: int = 1) -> None:
    for name, value in (("first", first), ("last", last), ("step", step)):
        window.findChild(QSpinBox, f"sweep.{name}{number}").setValue(value)


def press(window: MainWindow, name: str) -> None:
    QTest.mouseClick(window.findChild(QPushButton, f"sweep.{name}"), Qt.MouseButton.LeftButton)


def text(window: MainWindow, name: str) -> str:
    return window.findChild(QLabel, f"sweep.{name}").text()


def asked(count_file: Path) -> list[str]:
    lines = count_file.read_text(encoding="utf-8").splitlines() if count_file.exists() else []
    return [line.rpartition(" ")[2] for line in lines]


def measure(window: MainWindow, qtbot, number: int = 4) -> None:
    window.findChild(QSpinBox, "sweep.number").setValue(number)
    qtbot.waitUntil(lambda: controller(window, "sweep").work.is_planned, timeout=TIMEOUT_MS)
    with qtbot.waitSignal(controller(window, "sweep").measuring.ended, timeout=TIMEOUT_MS):
        press(window, "start")


def test_it_begins_with_the_reduction_and_its_weights_are_right(window: MainWindow) -> None:
    result = controller(window, "sweep").result

    assert result.sweep.names == ("reduce3x3.out_channels",)
    assert result.sweep.variations[0].values == tuple(range(12, 193, 12))
    assert [point.weights for point in result.points] == [
        163_328 + (r - 96) * (192 + 9 * 128) for r in range(12, 193, 12)
    ]
    assert text(window, "count") == "16 variants."


def test_another_range_is_shown_at_once(window: MainWindow) -> None:
    choose_range(window, 16, 192, 16)

    assert [point.values[0] for point in controller(window, "sweep").result.points] == list(range(16, 193, 16))


def test_an_edit_of_the_design_is_followed(window: MainWindow) -> None:
    window.session.apply("Set", edits.set_fields, "conv3x3", {"out_channels": 64})

    result = controller(window, "sweep").result
    assert result.points[0].weights == 163_328 - 96 * 9 * 64 + (12 - 96) * (192 + 9 * 64)


def test_a_move_computes_nothing_anew_and_keeps_what_is_measured(window: MainWindow, qtbot) -> None:
    measure(window, qtbot)
    points = controller(window, "sweep").work.points

    window.session.apply("Move", edits.move, {"concat": (500.0, 700.0)})

    assert controller(window, "sweep").work.points is points
    assert len(controller(window, "sweep").result.compared) == 4
    panel(window, "sweep").variant_wanted.emit(0)
    assert window.session.design.node("concat").position == (500.0, 700.0)


def test_a_field_that_is_gone_is_dropped(window: MainWindow, qtbot) -> None:
    window.session.apply("Delete", edits.remove, ["reduce3x3"])

    assert controller(window, "sweep").result.sweep.names == ("reduce5x5.out_channels",)
    assert "error" in text(window, "setting")
    assert not window.findChild(QPushButton, "sweep.start").isEnabled()


def test_what_cannot_be_varied_is_said(window: MainWindow) -> None:
    choose_range(window, 100, 50, 1)

    assert "has no values" in text(window, "count")
    assert controller(window, "sweep").result is None


def test_the_selected_node_is_varied_from_the_menu(window: MainWindow) -> None:
    window.session.select(["conv5x5"])

    window.action("measure.sweep").trigger()

    assert controller(window, "sweep").result.sweep.names == ("conv5x5.out_channels",)


def test_up_to_three_fields_are_varied_together(window: MainWindow) -> None:
    press(window, "add")
    press(window, "add")
    result = controller(window, "sweep").result
    assert len(result.sweep.names) == 3
    assert not window.findChild(QPushButton, "sweep.add").isVisible()

    window.findChild(QToolButton, "sweep.remove2").click()

    assert controller(window, "sweep").result.sweep.names == (result.sweep.names[0], result.sweep.names[2])


def test_thousands_of_variants_hold_nobody_up(window: MainWindow, qtbot) -> None:
    press(window, "add")
    window.findChild(QSpinBox, "sweep.last1").setValue(400)
    choose_range(window, 1, 100, 1, number=2)

    started = time.thread_time()
    window.findChild(QSpinBox, "sweep.step1").setValue(2)
    longest = time.thread_time() - started
    while not controller(window, "sweep").work.is_computed:
        started = time.thread_time()
        QApplication.processEvents()
        longest = max(longest, time.thread_time() - started)

    assert len(controller(window, "sweep").result.points) == len(range(12, 401, 2)) * 100
    # The window has to paint every 50 ms; more is allowed for a slower machine.
    assert longest < 0.2


def test_points_are_measured_evenly_and_shown(window: MainWindow, qtbot, count_file: Path) -> None:
    measure(window, qtbot)

    result = controller(window, "sweep").result
    assert asked(count_file) == ["12", "72", "132", "192"]
    assert [point.values[0] for point in result.compared.values()] == [12, 72, 132, 192]
    assert text(window, "count") == "16 variants, 4 with a measured time."
    assert not window.findChild(QPushButton, "sweep.start").isEnabled()


def test_a_cancelled_sweep_is_resumed_where_it_stopped(open_window, monkeypatch, count_file, qtbot) -> None:
    window = opened(open_window, monkeypatch, count_file, qtbot, answers=2)
    window.findChild(QSpinBox, "sweep.number").setValue(4)
    qtbot.waitUntil(lambda: controller(window, "sweep").work.is_planned, timeout=TIMEOUT_MS)
    press(window, "start")
    qtbot.waitUntil(lambda: len(asked(count_file)) == 3, timeout=TIMEOUT_MS)

    press(window, "cancel")

    assert window.findChild(QPushButton, "sweep.start").text() == "Resume"
    assert "Resume goes on" in text(window, "words")
    assert len(controller(window, "sweep").result.compared) == 2
    window.desk.measuring.client.stop()
    command = [sys.executable, str(STAND_IN), "99", str(count_file)]
    window.desk.measuring.client._command = command
    with qtbot.waitSignal(controller(window, "sweep").measuring.ended, timeout=TIMEOUT_MS):
        press(window, "start")
    assert asked(count_file)[3:] == ["132", "192"]
    assert len(controller(window, "sweep").result.compared) == 4


def test_what_was_measured_is_there_in_the_next_window(
    window: MainWindow, open_window, monkeypatch, count_file, qtbot
) -> None:
    measure(window, qtbot)
    qtbot.waitUntil(lambda: default_journal().read_bytes().count(b'"key"') == 4, timeout=TIMEOUT_MS)

    another = opened(open_window, monkeypatch, count_file, qtbot, answers=9)
    another.findChild(QSpinBox, "sweep.number").setValue(4)

    qtbot.waitUntil(lambda: len(controller(another, "sweep").result.compared) == 4, timeout=TIMEOUT_MS)
    assert len(asked(count_file)) == 4


def hanging(open_window, monkeypatch, count_file, qtbot) -> MainWindow:
    window = opened(open_window, monkeypatch, count_file, qtbot, answers=1)
    press(window, "start")
    qtbot.waitUntil(lambda: len(asked(count_file)) == 2, timeout=TIMEOUT_MS)
    return window


def test_a_design_that_changes_while_it_is_measured_ends_it(open_window, monkeypatch, count_file, qtbot) -> None:
    window = hanging(open_window, monkeypatch, count_file, qtbot)

    window.session.apply("Move", edits.move, {"concat": (5.0, 5.0)})
    assert controller(window, "sweep").measuring.is_running
    window.session.apply("Set", edits.set_fields, "conv3x3", {"out_channels": 64})

    assert not controller(window, "sweep").measuring.is_running
    assert "The design changed" in text(window, "words")
    assert controller(window, "sweep").result.compared == {}
    window.session.undo()
    qtbot.waitUntil(lambda: len(controller(window, "sweep").result.compared) == 1, timeout=TIMEOUT_MS)


def test_a_tab_that_is_closed_while_it_is_measured_ends_it(open_window, monkeypatch, count_file, qtbot) -> None:
    window = hanging(open_window, monkeypatch, count_file, qtbot)
    session = window.session
    session.mark_saved(Path("x.1x1"))
    window.desk.documents.open_gallery("inception-3a-naive")

    window.desk.documents.close(session)

    assert not controller(window, "sweep").measuring.is_running
    assert controller(window, "sweep").result.sweep.design.name != "Inception 3a"


def test_another_tab_is_looked_at_while_one_is_measured(open_window, monkeypatch, count_file, qtbot) -> None:
    window = hanging(open_window, monkeypatch, count_file, qtbot)

    window.desk.documents.open_gallery("inception-3a-naive")

    assert controller(window, "sweep").measuring.is_running
    assert window.findChild(QSpinBox, "sweep.first1").isEnabled()
    assert window.findChild(QPushButton, "sweep.cancel").isVisible()
    press(window, "cancel")
    assert not controller(window, "sweep").measuring.is_running


def test_a_worker_that_dies_again_and_again_is_given_up(open_window, monkeypatch, count_file, qtbot) -> None:
    command = [sys.executable, "-c", "import sys; sys.exit('no more strength')"]
    monkeypatch.setattr(launch, "command", lambda: command)
    window = open_window("gallery:inception-3a")
    show_panel(window, "sweep")
    qtbot.waitUntil(lambda: controller(window, "sweep").work.is_planned, timeout=TIMEOUT_MS)

    with qtbot.waitSignal(controller(window, "sweep").measuring.ended, timeout=TIMEOUT_MS):
        press(window, "start")

    assert "no more strength" in text(window, "words")
    assert "3 that could not be measured" in text(window, "count")


@pytest.mark.parametrize("what", ["Weights", "Latency, measured", "Pareto front: MACs and latency"])
def test_a_variant_that_is_clicked_opens_in_a_tab(window: MainWindow, qtbot, what: str) -> None:
    measure(window, qtbot)
    box = window.findChild(QComboBox, "sweep.what1")
    box.setCurrentIndex(box.findText(what))
    view = panel(window, "sweep").views[0].plot
    qtbot.waitUntil(lambda: view.plot is not None and bool(view.targets), timeout=TIMEOUT_MS)
    QApplication.processEvents()
    at = view.plot.getViewBox().mapViewToScene(QPointF(*view.targets[5]))

    QTest.mouseClick(view.plot.viewport(), Qt.MouseButton.LeftButton, pos=view.plot.mapFromScene(at))

    qtbot.waitUntil(lambda: len(window.workspace.sessions) == 2, timeout=TIMEOUT_MS)
    assert window.session.design.name == "Inception 3a · reduce3x3.out_channels 72"
    assert window.session.analysis.totals.weights == 163_328 + (72 - 96) * (192 + 9 * 128)


def test_a_row_of_the_table_opens_by_key(window: MainWindow) -> None:
    box = window.findChild(QComboBox, "sweep.what1")
    box.setCurrentIndex(box.findText("Table of all variants"))
    table = window.findChild(QTableView, "sweep.table1")
    table.setCurrentIndex(table.model().index(2, 0))
    assert "36" in text(window, "point")

    QTest.keyClick(table, Qt.Key.Key_Return)

    assert window.session.design.name.endswith("reduce3x3.out_channels 36")


def test_variants_with_an_error_are_named(window: MainWindow, qtbot) -> None:
    box = window.findChild(QComboBox, "sweep.field1")
    place = box.findText("conv3x3 · groups")
    box.setCurrentIndex(place)
    box.activated.emit(place)
    choose_range(window, 1, 4, 1)

    assert text(window, "count") == "4 variants, 1 with an error."
    panel(window, "sweep").views[0].variant_pointed_at.emit(2)
    assert "do not divide into 3 groups" in text(window, "point")


@pytest.mark.parametrize("suffix", [".csv", ".html"])
def test_the_sweep_is_written_to_a_file(window: MainWindow, qtbot, tmp_path, monkeypatch, suffix: str) -> None:
    path = tmp_path / f"sweep{suffix}"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))

    press(window, "export")

    qtbot.waitUntil(lambda: "Exported to" in window.statusBar().currentMessage() or path.exists(), timeout=TIMEOUT_MS)
    qtbot.waitUntil(path.exists, timeout=TIMEOUT_MS)
    if suffix == ".csv":
        assert len(list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))) == 16
    else:
        assert "Sweep of Inception 3a" in path.read_text(encoding="utf-8")


def test_a_design_without_numbers_says_so(open_window, monkeypatch, count_file, qtbot) -> None:
    window = open_window()
    window.desk.documents.new()
    show_panel(window, "sweep")

    assert text(window, "count") == "This design has no whole number that could be varied."
    assert not window.findChild(QPushButton, "sweep.export").isEnabled()


def test_other_settings_of_the_latency_panel_are_another_question(window: MainWindow, qtbot) -> None:
    measure(window, qtbot)
    box = panel(window, "latency").findChild(QComboBox, "latency.threads")

    box.setCurrentIndex(box.findText("all cores"))

    assert "all cores" in text(window, "setting")
    assert controller(window, "sweep").result.compared == {}


def test_every_control_has_a_name(window: MainWindow) -> None:
    press(window, "add")

    assert not nameless(panel(window, "sweep"))


def test_a_wrong_design_is_swept(open_window, monkeypatch, count_file, qtbot, tmp_path) -> None:
    path = tmp_path / "wrong.1x1"
    storage.save(edits.set_fields(gallery.load("inception-3a"), "conv3x3", {"groups": 3}), path)
    window = opened(open_window, monkeypatch, count_file, qtbot, answers=1, design=path)

    assert [point.is_valid for point in controller(window, "sweep").result.points] == [False] * 16
