"""The matrix in the Latency panel, with a stand-in for the worker where it must be quick."""

import subprocess
import sys
import time
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDoubleSpinBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QTableWidget,
    QTabWidget,
)

from onebyone.measurement.records import MeasurementRequest, NodeTime
from onebyone_desktop.session import FailedCell, Measured
from onebyone_desktop.window.main_window import MainWindow
from onebyone_desktop.worker import measuring_client as worker_client
from tests.desktop.parts import panel, show_panel
from tests.engine.measurement.made_up_measurement import measurement_of, request_for_two

STAND_IN = Path(__file__).parents[2] / "stand_in_worker.py"
GALLERY = "gallery:inception-3a"
TIMEOUT_MS = 20_000


@pytest.fixture
def open_with(open_window, monkeypatch: pytest.MonkeyPatch):
    """Opens a window whose worker is the stand-in with this fault."""

    def open_one(fault: str) -> MainWindow:
        monkeypatch.setattr(worker_client.launch, "command", lambda: [sys.executable, str(STAND_IN), fault])
        window = open_window(GALLERY)
        show_panel(window, "latency")
        return window

    return open_one


@pytest.fixture
def window(open_window) -> MainWindow:
    """A window with both Inceptions measured in two layouts; the second cell has other times."""
    window = open_window("gallery:inception-3a-naive", GALLERY)
    request = request_for_two()
    other = msgspec.structs.replace(request, layout="channels_last")
    place = next(n for n, design in enumerate(request.designs) if design.name == window.session.design.name)
    window.session.set_measurement(
        Measured(request, measurement_of(request), place),
        Measured(other, _with_nodes(measurement_of(other), NodeTime("conv3x3", 0.0010, 0.8))),
        FailedCell(msgspec.structs.replace(request, dtype="float16"), "float16 is not for this device.", place),
    )
    show_panel(window, "latency")
    return window


def _with_nodes(measurement, *nodes: NodeTime):
    runs = tuple(msgspec.structs.replace(run, nodes=nodes, layout="channels_last") for run in measurement.runs)
    return msgspec.structs.replace(measurement, runs=runs)


def choose(window: MainWindow, name: str, words: str) -> None:
    box = window.findChild(QComboBox, f"latency.{name}")
    box.setCurrentIndex(box.findText(words))


def press(window: MainWindow, name: str) -> None:
    QTest.mouseClick(window.findChild(QPushButton, f"latency.{name}"), Qt.MouseButton.LeftButton)


def text(window: MainWindow, name: str) -> str:
    return window.findChild(QLabel, name).text()


def table(window: MainWindow) -> QTableWidget:
    return window.findChild(QTableWidget, "latency.cells")


def column(window: MainWindow, place: int) -> list[str]:
    view = table(window)
    return [view.item(row, place).text() for row in range(view.rowCount())]


def click_row(window: MainWindow, row: int) -> None:
    view = table(window)
    at = view.visualItemRect(view.item(row, 0)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)


def write_batches(window: MainWindow, words: str) -> None:
    edit = window.findChild(QLineEdit, "latency.batch")
    edit.selectAll()
    QTest.keyClicks(edit, words)
    QTest.keyClick(edit, Qt.Key.Key_Return)


def test_the_cells_are_counted_before_they_are_measured(open_with) -> None:
    window = open_with("none")
    choose(window, "threads", "1 thread")
    assert text(window, "latency.cell_count") == "2 cells"

    write_batches(window, "1, 8,8")

    assert window.findChild(QLineEdit, "latency.batch").text() == "1, 8"
    assert text(window, "latency.cell_count") == "4 cells"


def test_the_budget_follows_the_form_until_it_is_changed_by_hand(open_with) -> None:
    window = open_with("none")
    budget = window.findChild(QDoubleSpinBox, "latency.budget")
    assert budget.value() == 3.0

    choose(window, "form", "trusted")
    assert budget.value() == 20.0
    budget.setValue(7.0)
    choose(window, "form", "quick")

    assert panel(window, "latency").choices.budget == 7.0


def test_a_cell_that_fails_keeps_the_others(open_with, qtbot) -> None:
    window = open_with("by-batch")
    choose(window, "threads", "1 thread")
    write_batches(window, "1, 6")  # The stand-in cannot compile with a batch of six.
    kept: list[MeasurementRequest] = []
    window.desk.measuring.answered.connect(lambda request, _measurement: kept.append(request))

    with qtbot.waitSignal(window.desk.measuring.finished, timeout=TIMEOUT_MS):
        press(window, "start")

    assert column(window, 0) == [
        "NCHW · batch 1",
        "channels last · batch 1",
        "NCHW · batch 6",
        "channels last · batch 6",
    ]
    assert column(window, 2) == ["quiet", "quiet", "no answer", "no answer"]
    assert "C++ compiler" in column(window, 3)[2]
    assert text(window, "latency.status") == "2 of 4 cells have no answer; the table says why."
    assert [(request.batch, request.layout) for request in kept] == [(1, "nchw"), (1, "channels_last")]


def test_where_no_cell_is_answered_the_reason_is_said_once(open_with, qtbot) -> None:
    window = open_with("compile")

    with qtbot.waitSignal(window.desk.measuring.failed, timeout=TIMEOUT_MS):
        press(window, "start")

    assert text(window, "latency.status") == "torch.compile needs a C++ compiler, and none was found."
    assert window.session.cells == ()


def test_the_chart_grows_and_cancel_takes_effect_at_once(open_with, qtbot) -> None:
    window = open_with("live")
    press(window, "start")
    qtbot.waitUntil(lambda: panel(window, "latency").chart.counts[0] >= 12, timeout=TIMEOUT_MS)
    clean, disturbed = panel(window, "latency").chart.counts
    assert clean == 3 * disturbed
    qtbot.waitUntil(lambda: panel(window, "latency").chart.counts[0] > clean, timeout=TIMEOUT_MS)
    assert "Cell 1 of" in text(window, "latency.status")
    assert "s left" in text(window, "latency.status")
    cancel = window.findChild(QPushButton, "latency.cancel")
    assert cancel.isVisible()

    began = time.perf_counter()
    QTest.mouseClick(cancel, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not window.desk.is_measuring and not cancel.isVisible(), timeout=TIMEOUT_MS)

    assert time.perf_counter() - began < 0.5
    assert text(window, "latency.status") == "Cancelled."
    assert window.findChild(QPushButton, "latency.start").isEnabled()


def test_the_plots_are_loaded_while_the_window_goes_on_painting() -> None:
    code = """
import sys
from PySide6.QtWidgets import QApplication
from onebyone_desktop.panels import plotting
from tests.desktop.parts import panel, show_panel
app = QApplication([])
turns = 0
while not plotting.is_loaded():
    app.processEvents()
    turns += 1
assert "pyqtgraph" in sys.modules
print(turns)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)

    assert int(done.stdout) > 20


def test_choosing_a_row_shows_its_cell_everywhere(window: MainWindow) -> None:
    window.workspace.heat.show("latency")
    nodes = window.canvas.design_scene.nodes
    assert nodes["pool"].share == 0.5

    click_row(window, 2)

    assert window.session.run.layout == "channels_last"
    assert nodes["pool"].share is None
    assert nodes["conv3x3"].share == 0.8
    assert "channels last" in text(window, "latency.details")


def test_a_ratio_stands_beside_what_the_macs_say(window: MainWindow) -> None:
    row = next(row for row, words in enumerate(column(window, 4)) if words != "–")

    assert column(window, 4)[row] == "1.42 [1.39, 1.45]×"
    assert column(window, 5)[row] == "slower"
    assert column(window, 6)[row] in {"0.42×", "2.37×"}


def test_the_nodes_that_the_macs_do_not_foresee_are_named(window: MainWindow) -> None:
    assert "Inception 3a: pool takes 50.0 % of the time and has few of the MACs." in text(window, "latency.details")


def test_a_cell_without_an_answer_says_why(window: MainWindow) -> None:
    click_row(window, 4)

    assert text(window, "latency.result") == "No answer"
    assert text(window, "latency.verdict") == "float16 is not for this device."
    assert window.session.run is None


def test_the_cells_are_measured_again_with_the_same_settings(open_with, qtbot) -> None:
    window = open_with("none")
    choose(window, "threads", "1 thread")
    with qtbot.waitSignal(window.desk.measuring.finished, timeout=TIMEOUT_MS):
        press(window, "start")
    asked = [cell.request for cell in window.session.cells]
    choose(window, "layout", "NCHW")

    with qtbot.waitSignal(window.desk.measuring.finished, timeout=TIMEOUT_MS):
        press(window, "again")

    assert [cell.request for cell in window.session.cells] == asked


def test_all_cells_are_copied_as_markdown(window: MainWindow) -> None:
    press(window, "copy")

    copied = QApplication.clipboard().text()
    assert "channels last" in copied
    assert "conv3x3" in copied


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize("size", [(1280, 800), (2560, 1440)], ids=["small", "large"])
def test_the_answer_has_room_in_every_window(window: MainWindow, qtbot, name: str, size: tuple[int, int]) -> None:
    window.desk.settings.theme = name
    window.resize(*size)
    QApplication.processEvents()

    views = window.findChild(QTabWidget, "latency.views")
    assert views.height() > 120
    assert table(window).height() > 120


def test_a_verdict_is_a_word_in_a_colour_and_a_disturbed_figure_is_grey(window: MainWindow) -> None:
    request = request_for_two()
    window.session.set_measurement(
        Measured(request, measurement_of(request, "disturbed", "refused"), window.session.measured.place)
    )

    view = table(window)
    assert column(window, 2) == ["disturbed", "refused"]
    assert " to " in column(window, 3)[1]
    assert view.item(0, 3).foreground().color() != view.item(0, 2).foreground().color()
