"""The history in the window: what was measured is kept, found, opened, compared, exported, imported and deleted."""

from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QFileDialog, QLabel, QLineEdit, QMessageBox, QPushButton, QTableView

from onebyone import edits, gallery
from onebyone.measurement.records import MeasuredCell, MeasurementRequest
from onebyone.reports import make_report, write_report
from onebyone.run_store.store import RunStore, default_path
from onebyone_desktop.window.main_window import MainWindow
from tests.desktop.parts import panel
from tests.engine.measurement.made_up_measurement import measurement_of, request_for_two

TIMEOUT_MS = 5_000


@pytest.fixture
def window(open_window, qtbot) -> MainWindow:
    """A window whose history has a measurement of both Inceptions."""
    opened = open_window()
    request = request_for_two()
    opened.desk.measuring.answered.emit(request, measurement_of(request))
    opened.action("measure.history").trigger()
    qtbot.waitUntil(lambda: rows(opened) == 2, timeout=TIMEOUT_MS)
    return opened


def table(window: MainWindow) -> QTableView:
    return window.findChild(QTableView, "history.table")


def rows(window: MainWindow) -> int:
    return table(window).model().rowCount()


def words(window: MainWindow) -> str:
    return window.findChild(QLabel, "history.words").text()


def choose(window: MainWindow, *places: int) -> None:
    view = table(window)
    view.clearSelection()
    flags = QItemSelectionModel.SelectionFlag
    for place in places:
        view.selectionModel().select(view.model().index(place, 0), flags.Select | flags.Rows)


def press(window: MainWindow, name: str) -> None:
    button = window.findChild(QPushButton, f"history.{name}")
    assert button.isEnabled()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_a_finished_measurement_is_kept(window: MainWindow) -> None:
    assert words(window) == "2 runs"
    store = RunStore(default_path())
    assert store.measurement(1).request == request_for_two()
    store.close()


def test_an_empty_history_says_what_comes_here(open_window, qtbot) -> None:
    window = open_window()

    window.action("measure.history").trigger()

    qtbot.waitUntil(lambda: "Nothing has been measured yet" in words(window), timeout=TIMEOUT_MS)


def test_typing_and_choosing_filter_the_runs(window: MainWindow, qtbot) -> None:
    QTest.keyClicks(window.findChild(QLineEdit, "history.text"), "naive")
    qtbot.waitUntil(lambda: rows(window) == 1, timeout=TIMEOUT_MS)

    box = window.findChild(QComboBox, "history.verdict")
    box.setCurrentIndex(box.findData("refused"))
    box.activated.emit(box.currentIndex())

    qtbot.waitUntil(lambda: words(window) == "No run is like that.", timeout=TIMEOUT_MS)


def test_a_design_is_opened_as_it_was_measured(window: MainWindow, qtbot) -> None:
    choose(window, 0)
    press(window, "open")

    qtbot.waitUntil(lambda: bool(window.session.design.nodes), timeout=TIMEOUT_MS)
    assert {node.id for node in window.session.design.nodes} == {node.id for node in gallery.load("inception-3a").nodes}
    assert window.session.run is not None
    window.session.apply("Change", edits.set_fields, "conv3x3", {"out_channels": 99})
    assert window.session.run is None


def test_two_runs_are_compared_in_a_sentence(window: MainWindow, qtbot) -> None:
    assert not window.findChild(QPushButton, "history.compare").isEnabled()
    choose(window, 0, 1)
    press(window, "compare")

    qtbot.waitUntil(lambda: "1.00 times as long" in words(window), timeout=TIMEOUT_MS)


@pytest.mark.parametrize("suffix", [".html", ".json"])
def test_a_run_is_exported(window: MainWindow, qtbot, tmp_path: Path, monkeypatch, suffix: str) -> None:
    path = tmp_path / f"report{suffix}"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    choose(window, 0)

    press(window, "export")

    qtbot.waitUntil(path.exists, timeout=TIMEOUT_MS)
    qtbot.waitUntil(lambda: "Inception 3a" in path.read_text("utf-8"), timeout=TIMEOUT_MS)


def test_a_run_is_exported_as_pdf(window: MainWindow, qtbot, tmp_path: Path, monkeypatch) -> None:
    path = tmp_path / "report.pdf"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    choose(window, 0)

    press(window, "export")

    qtbot.waitUntil(lambda: path.exists() and path.read_bytes().startswith(b"%PDF-"), timeout=TIMEOUT_MS)


def test_reports_of_other_machines_are_imported_and_junk_is_named(
    window: MainWindow, qtbot, tmp_path: Path, monkeypatch
) -> None:
    request = MeasurementRequest((gallery.load("inception-3a"),))
    measurement = measurement_of(request)
    there = msgspec.structs.replace(measurement, environment={"cpu": "Another CPU", "finished": "2026-01-01"})
    write_report(make_report([MeasuredCell(request, there)]), tmp_path / "lab.json")
    (tmp_path / "junk.json").write_text("{}")
    names = [str(tmp_path / "junk.json"), str(tmp_path / "lab.json")]
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: (names, ""))
    said: list[str] = []
    panel(window, "history").said.connect(said.append)

    press(window, "import")

    qtbot.waitUntil(lambda: rows(window) == 3, timeout=TIMEOUT_MS)
    assert any("junk.json" in sentence and "no JSON report" in sentence for sentence in said)
    model = table(window).model()
    assert {model.index(row, 7).data() for row in range(3)} == {"here", "lab.json"}


def test_a_measurement_is_deleted_once_it_is_confirmed(window: MainWindow, qtbot, monkeypatch) -> None:
    choose(window, 0)
    monkeypatch.setattr(QMessageBox, "exec", lambda _: QMessageBox.StandardButton.Cancel)
    press(window, "delete")
    assert rows(window) == 2

    monkeypatch.setattr(QMessageBox, "exec", lambda _: QMessageBox.StandardButton.Yes)
    press(window, "delete")

    qtbot.waitUntil(lambda: rows(window) == 0, timeout=TIMEOUT_MS)


def test_a_history_that_cannot_be_used_is_said_and_the_window_goes_on(
    open_window, qtbot, tmp_path, monkeypatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("ONEBYONE_DATA", str(tmp_path / "file"))
    window = open_window("gallery:inception-3a")

    window.action("measure.history").trigger()

    qtbot.waitUntil(lambda: "cannot be kept" in words(window), timeout=TIMEOUT_MS)
    assert window.session.analysis.is_valid
