"""Measuring from the window with the real worker: answers, cancelling, and a worker that dies."""

import os
import signal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QFileDialog, QLabel, QPushButton, QToolButton

from onebyone import edits
from onebyone.design import Design, Node
from onebyone.layers import Conv2d, Input, Output
from tests.desktop.parts import panel, show_panel

pytest.importorskip("torch")

TIMEOUT_MS = 120_000


def small() -> Design:
    return Design(
        "Small",
        nodes=(
            Node("input", Input(8, 14, 14)),
            Node("reduce", Conv2d(4), inputs=("input",)),
            Node("conv", Conv2d(8, (3, 3), padding=(1, 1)), inputs=("reduce",)),
            Node("output", Output(), inputs=("conv",)),
        ),
    )


@pytest.fixture
def window(open_window, tmp_path):
    from onebyone.files.storage import save

    path = tmp_path / "small.1x1"
    save(small(), path)
    shown = open_window(path)
    panel(shown, "latency")
    shown.findChild(QDoubleSpinBox, "latency.budget").setValue(0.5)
    choose(shown, "layout", "NCHW")
    choose(shown, "threads", "1 thread")
    return shown


def choose(window, name: str, words: str) -> None:
    box = window.findChild(QComboBox, f"latency.{name}")
    box.setCurrentIndex(box.findText(words))


def press_measure(window) -> None:
    show_panel(window, "latency")
    QTest.mouseClick(window.findChild(QPushButton, "latency.start"), Qt.MouseButton.LeftButton)


def text(window, name: str) -> str:
    return window.findChild(QLabel, name).text()


def test_a_design_is_measured_and_the_answer_is_shown_everywhere(qtbot, window) -> None:
    with qtbot.waitSignal(window.desk.measuring.finished, timeout=TIMEOUT_MS):
        press_measure(window)

    run = window.session.run
    assert {node.id for node in run.nodes} == {"reduce", "conv"}
    assert text(window, "latency.verdict").startswith(run.verdict)
    assert "s" in text(window, "latency.result")
    assert window.action("file.export_report").isEnabled()
    if run.median is not None:
        assert "cpu" in text(window, "status.latency")


def test_an_edit_makes_the_answer_stale_but_a_move_does_not(qtbot, window) -> None:
    with qtbot.waitSignal(window.desk.measuring.finished, timeout=TIMEOUT_MS):
        press_measure(window)

    window.session.apply("Move", edits.move, {"conv": (500.0, 0.0)})
    assert window.session.run is not None
    window.session.apply("Set", edits.set_fields, "conv", {"out_channels": 9})

    assert window.session.run is None
    assert text(window, "latency.result") == "Not measured yet"


def test_cancel_comes_back_at_once_and_the_next_measurement_works(qtbot, window) -> None:
    with qtbot.waitSignal(window.desk.measuring.progressed, timeout=TIMEOUT_MS):
        press_measure(window)

    QTest.mouseClick(window.findChild(QPushButton, "latency.cancel"), Qt.MouseButton.LeftButton)

    assert text(window, "latency.status") == "Cancelled."
    with qtbot.waitSignal(window.desk.measuring.finished, timeout=TIMEOUT_MS):
        press_measure(window)


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="kills by signal")
def test_a_killed_worker_is_a_sentence_and_the_next_measurement_works(qtbot, window) -> None:
    with qtbot.waitSignal(window.desk.measuring.progressed, timeout=TIMEOUT_MS):
        press_measure(window)

    with qtbot.waitSignal(window.desk.measuring.failed, timeout=TIMEOUT_MS):
        os.kill(window.desk.measuring._client.pid, signal.SIGKILL)

    assert "was killed" in text(window, "latency.status")
    with qtbot.waitSignal(window.desk.measuring.finished, timeout=TIMEOUT_MS):
        press_measure(window)


def test_two_open_designs_are_measured_in_turn(qtbot, window) -> None:
    window.desk.documents.new()
    window.session.apply("Build", lambda _: small())
    menu = window.findChild(QToolButton, "latency.together").menu()
    assert [action.text() for action in menu.actions()] == ["Small"]

    menu.actions()[0].trigger()
    with qtbot.waitSignal(window.desk.measuring.finished, timeout=TIMEOUT_MS) as outcome:
        press_measure(window)

    measurement = outcome.args[0][0].measurement
    assert len(measurement.runs) == 2
    assert len(measurement.ratios) == 1
    assert all(session.run is not None for session in window.workspace.sessions)


def test_a_design_with_an_error_is_not_measured_but_explained(window) -> None:
    window.session.apply("Delete", edits.remove, ["input"])

    press_measure(window)

    assert "has an error" in text(window, "latency.status")


@pytest.mark.parametrize("suffix", [".html", ".md", ".csv", ".json"])
def test_a_measurement_is_exported_as_a_report(qtbot, window, tmp_path, monkeypatch, suffix: str) -> None:
    with qtbot.waitSignal(window.desk.measuring.finished, timeout=TIMEOUT_MS):
        press_measure(window)
    path = tmp_path / f"report{suffix}"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))

    QTest.mouseClick(window.findChild(QPushButton, "latency.report"), Qt.MouseButton.LeftButton)

    written = path.read_text("utf-8")
    assert "Small" in written
    assert "reduce" in written
    assert "http://" not in written.replace("http://www.w3.org/2000/svg", "")
