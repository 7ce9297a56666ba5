"""Measured times beside the MACs: in the Costs table and on the canvas."""

import msgspec
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QTableView, QToolTip

from onebyone import edits
from onebyone.measurement.records import IsolatedTime, MeasurementRequest
from onebyone_desktop.session import Measured
from onebyone_desktop.window.main_window import MainWindow
from tests.desktop.parts import show_panel
from tests.engine.measurement.made_up_measurement import measurement_of

ALONE = (IsolatedTime("conv3x3", 0.0017, 0.0021), IsolatedTime("pool", 0.0034, None))


@pytest.fixture
def window(open_window) -> MainWindow:
    window = open_window("gallery:inception-3a")
    measure(window)
    show_panel(window, "costs")
    return window


def measure(window: MainWindow, isolated: tuple[IsolatedTime, ...] = ()) -> None:
    request = MeasurementRequest((window.session.design,))
    measurement = measurement_of(request)
    runs = (msgspec.structs.replace(measurement.runs[0], isolated=isolated),)
    window.session.set_measurement(Measured(request, msgspec.structs.replace(measurement, runs=runs)))


def headings(window: MainWindow) -> list[str]:
    model = window.findChild(QTableView, "costs.table").model()
    return [model.headerData(place, Qt.Orientation.Horizontal) for place in range(model.columnCount())]


def cell(window: MainWindow, node: str, heading: str):
    model = window.findChild(QTableView, "costs.table").model()
    row = next(row for row in range(model.rowCount()) if model.index(row, 0).data() == node)
    return model.index(row, headings(window).index(heading))


def test_few_macs_and_much_time_stand_out_in_the_table(window: MainWindow) -> None:
    assert cell(window, "pool", "Remark").data() == "few MACs, much time"
    assert cell(window, "pool", "Share").data(Qt.ItemDataRole.ToolTipRole).startswith("Few MACs, much time: 50.0 %")
    assert cell(window, "pool", "Time").data(Qt.ItemDataRole.BackgroundRole) is not None
    assert cell(window, "conv3x3", "Remark").data() == ""
    assert cell(window, "conv3x3", "Time").data(Qt.ItemDataRole.BackgroundRole) is None


def test_without_a_measurement_there_is_no_column_of_remarks(open_window) -> None:
    window = open_window("gallery:inception-3a")

    assert not {"Remark", "Hot alone", "Cold alone"} & set(headings(window))


def test_times_alone_are_shown_where_there_are_some(window: MainWindow) -> None:
    assert "Hot alone" not in headings(window)

    measure(window, ALONE)

    assert cell(window, "conv3x3", "Hot alone").data() == "1.70 ms"
    assert cell(window, "conv3x3", "Cold alone").data() == "2.10 ms"
    assert cell(window, "pool", "Cold alone").data() == "–"


@pytest.mark.parametrize("kind", ["tsv", "markdown"])
def test_what_is_copied_has_the_times_alone_and_the_remarks(window: MainWindow, kind: str) -> None:
    measure(window, ALONE)

    QTest.mouseClick(window.findChild(QPushButton, f"costs.copy_{kind}"), Qt.MouseButton.LeftButton)

    head = QApplication.clipboard().text().splitlines()[0]
    assert "Hot alone" in head
    assert "few MACs, much time" in QApplication.clipboard().text()


def test_the_legend_names_them(window: MainWindow) -> None:
    window.workspace.heat.show("latency")
    window.workspace.heat.colour(True)
    assert window.canvas.legend.accessibleName().endswith("Few MACs, much time: pool")
    bottom = window.canvas.legend.geometry().bottom()

    window.workspace.heat.show("macs")

    assert "much time" not in window.canvas.legend.accessibleName()
    assert window.canvas.legend.geometry().bottom() == bottom


def test_the_tip_of_a_node_says_its_time(window: MainWindow) -> None:
    canvas = window.canvas
    at = canvas.mapFromScene(canvas.design_scene.nodes["pool"].box.center())

    QApplication.sendEvent(canvas.viewport(), QHelpEvent(QHelpEvent.Type.ToolTip, at, canvas.mapToGlobal(QPoint(at))))

    assert "3.50 ms, 50.0 % of the time" in QToolTip.text()
    assert "Few MACs, much time" in QToolTip.text()
    QToolTip.hideText()


def test_bypassing_a_node_takes_the_measured_times_away_and_undo_brings_them_back(window: MainWindow) -> None:
    window.session.select(["reduce3x3"])

    window.action("edit.bypass").trigger()

    assert window.session.run is None
    assert "Remark" not in headings(window)
    assert not window.action("file.export_report").isEnabled()
    window.session.undo()
    assert window.session.run is not None
    assert window.action("file.export_report").isEnabled()


def test_moving_and_naming_a_node_keeps_the_measured_times(window: MainWindow) -> None:
    session = window.session
    session.apply("Move", edits.move, {"reduce3x3": (500.0, 500.0)})
    session.apply("Rename", edits.retitle, "reduce3x3", "narrow")

    assert session.run is not None
