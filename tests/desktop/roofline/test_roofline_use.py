"""The Roofline panel: points and rows for nodes, linked with the canvas, following the cell that is shown."""

import msgspec
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QTableWidget

from onebyone.measurement.records import MeasurementRequest, Roofs
from onebyone_desktop.session import Measured
from onebyone_desktop.window.main_window import MainWindow
from tests.desktop.parts import panel, show_panel
from tests.desktop.window.test_accessibility import nameless
from tests.engine.measurement.made_up_measurement import measurement_of

ROOFS = Roofs("cpu", "float32", 1, 100e9, 10e9, 2e-6)
TIMEOUT_MS = 20_000


def with_roofs(request: MeasurementRequest, roofs: Roofs | None) -> Measured:
    return Measured(request, msgspec.structs.replace(measurement_of(request), roofs=roofs))


@pytest.fixture
def window(open_window) -> MainWindow:
    window = open_window("gallery:inception-3a")
    request = MeasurementRequest((window.session.design,), threads=1)
    window.session.set_measurement(
        with_roofs(request, ROOFS),
        with_roofs(
            msgspec.structs.replace(request, threads=2), msgspec.structs.replace(ROOFS, operations_per_second=300e9)
        ),
    )
    show_panel(window, "roofline")
    return window


def table(window: MainWindow) -> QTableWidget:
    return window.findChild(QTableWidget, "roofline.table")


def text(window: MainWindow, name: str) -> str:
    return window.findChild(QLabel, name).text()


def test_without_a_measurement_it_says_what_to_do_and_measures(open_window, qtbot) -> None:
    window = open_window("gallery:inception-3a")
    show_panel(window, "roofline")
    assert "Measure this design" in text(window, "roofline.hint")

    with qtbot.waitSignal(window.desk.measuring.started, timeout=TIMEOUT_MS):
        window.findChild(QPushButton, "roofline.measure").click()

    window.desk.measuring.cancel()


def test_a_cell_without_roofs_says_so(window: MainWindow) -> None:
    window.session.set_measurement(with_roofs(MeasurementRequest((window.session.design,)), None))

    assert "no roofs" in text(window, "roofline.hint")


def test_every_timed_node_has_a_row_in_words(window: MainWindow) -> None:
    view = table(window)
    rows = [[view.item(row, place).text() for place in range(5)] for row in range(view.rowCount())]

    # 173 million operations take 1.9 ms, and would take 1.73 ms at 100 G a second.
    assert rows[0][:3] == ["conv3x3", "91.3 %", "arithmetic"]
    assert rows[0][4] == "91.3 G"
    assert rows[1][0] == "pool"
    assert rows[1][2:] == ["memory", "no MACs", "–"]
    assert "The roofs of this machine would allow" in text(window, "roofline.whole")
    assert "100 G operations/s" in text(window, "roofline.roofs")


def test_a_node_without_macs_is_as_far_below_the_memory_roof_as_its_bytes_are(window: MainWindow) -> None:
    strip, height = panel(window, "roofline").plot.places["pool"]

    roof = strip + 10  # The memory roof of 10^10 bytes a second at that place.
    moved = 2 * 192 * 28 * 28 * 4
    assert 10 ** (height - roof) == pytest.approx(moved / 0.0035 / 10e9)


def test_a_point_that_is_clicked_selects_its_node(window: MainWindow, qtbot) -> None:
    qtbot.waitUntil(lambda: panel(window, "roofline").plot.plot is not None, timeout=TIMEOUT_MS)
    plot = panel(window, "roofline").plot.plot
    QApplication.processEvents()
    at = plot.getViewBox().mapViewToScene(QPointF(*panel(window, "roofline").plot.places["pool"]))
    QTest.mouseClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=plot.mapFromScene(at))

    qtbot.waitUntil(lambda: window.session.selection == ("pool",), timeout=TIMEOUT_MS)
    assert text(window, "roofline.node").startswith("pool: ")


def test_what_is_selected_on_the_canvas_is_marked(window: MainWindow) -> None:
    window.session.select(["conv3x3"])

    assert panel(window, "roofline").plot.marked == {"conv3x3"}
    assert [index.row() for index in table(window).selectionModel().selectedRows()] == [0]


def test_a_row_that_is_chosen_selects_its_node(window: MainWindow) -> None:
    table(window).selectRow(1)

    assert window.session.selection == ("pool",)


def test_it_follows_the_cell_that_is_shown(window: MainWindow) -> None:
    before = text(window, "roofline.roofs")

    window.session.show_cell(1)

    assert "300 G operations/s" in text(window, "roofline.roofs")
    assert text(window, "roofline.roofs") != before


@pytest.mark.parametrize("name", ["light", "dark"])
def test_it_is_drawn_in_both_themes_and_everything_has_a_name(window: MainWindow, qtbot, name: str) -> None:
    window.desk.settings.theme = name
    qtbot.waitUntil(lambda: panel(window, "roofline").plot.plot is not None, timeout=TIMEOUT_MS)

    picture = panel(window, "roofline").plot.grab().toImage()

    assert len({picture.pixel(x, y) for x in range(0, picture.width(), 3) for y in range(0, picture.height(), 3)}) > 4
    assert nameless(panel(window, "roofline")) == []


def test_a_node_under_the_pointer_on_the_canvas_is_marked_in_the_plot(window: MainWindow) -> None:
    canvas = window.canvas
    node = canvas.design_scene.nodes["conv3x3"]
    over = canvas.mapFromScene(node.sceneBoundingRect().center())

    QTest.mouseMove(canvas.viewport(), over)

    assert panel(window, "roofline").plot.marked == {"conv3x3"}
    assert text(window, "roofline.node").startswith("conv3x3: ")

    QTest.mouseMove(canvas.viewport(), canvas.viewport().rect().topLeft() + over / 50)

    assert panel(window, "roofline").plot.marked == frozenset()


def test_a_point_under_the_pointer_is_shown_on_the_canvas(window: MainWindow) -> None:
    node = window.canvas.design_scene.nodes["pool"]

    panel(window, "roofline").plot.node_pointed_at.emit("pool")
    is_shown = node._is_hovered
    panel(window, "roofline").plot.node_pointed_at.emit("")

    assert is_shown
    assert not node._is_hovered
