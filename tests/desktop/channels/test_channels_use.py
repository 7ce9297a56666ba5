"""The Channels panel as a user sees it, with a real worker; pictures, faults, and weights set by hand."""

import os
import signal
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDropEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QPushButton, QSpinBox, QTableWidget, QTabWidget

import onebyone
from onebyone.channels import MAX_PICTURE_SIDE, Channels, ChannelsRequest
from onebyone.design import Design, Node
from onebyone.edits import set_bypassed
from onebyone.errors import StorageError
from onebyone.layers import Conv2d, Input, Output
from onebyone.worker.messages import ShowChannels
from onebyone_desktop.appearance import theme
from onebyone_desktop.channels import pictures
from onebyone_desktop.window.main_window import MainWindow
from onebyone_desktop.worker.latest_client import LatestClient
from tests.desktop.parts import panel, show_panel
from tests.desktop.window.test_accessibility import nameless

TIMEOUT_MS = 60_000
STAND_IN = Path(__file__).parents[2] / "stand_in_worker.py"


def text(window: MainWindow, name: str) -> str:
    return window.findChild(QLabel, name).text()


def select(window: MainWindow, qtbot, node: str) -> Channels:
    """Selects a node and waits for its maps."""
    with qtbot.waitSignal(panel(window, "channels").client.answered, timeout=TIMEOUT_MS) as caught:
        window.session.select([node])
    return caught.args[1].channels


def small_file(folder: Path, outputs: int = 3) -> Path:
    nodes = (
        Node("input", Input(3, 24, 24)),
        Node("mix", Conv2d(outputs, activation="relu"), inputs=("input",)),
        Node("output", Output(), inputs=("mix",)),
    )
    onebyone.save(Design(name="small", nodes=nodes), folder / "small.1x1")
    return folder / "small.1x1"


@pytest.fixture
def small(open_window, tmp_path: Path) -> MainWindow:
    window = open_window(small_file(tmp_path))
    show_panel(window, "channels")
    return window


def test_without_a_selection_it_says_what_to_do_and_selects_a_1x1(open_window, qtbot) -> None:
    window = open_window("gallery:inception-3a")
    show_panel(window, "channels")
    assert "Select a node" in text(window, "channels.hint")

    with qtbot.waitSignal(panel(window, "channels").client.answered, timeout=TIMEOUT_MS):
        window.findChild(QPushButton, "channels.first").click()

    assert window.session.selection == ("conv1x1",)
    assert text(window, "channels.node") == "conv1x1"


def test_a_1x1_of_inception_3a_is_shown_as_maps_as_a_sum_and_in_three_ways(open_window, qtbot) -> None:
    window = open_window("gallery:inception-3a")
    show_panel(window, "channels")

    answer = select(window, qtbot, "reduce3x3")

    tabs = window.findChild(QTabWidget, "channels.tabs")
    assert [tabs.isTabVisible(place) for place in range(4)] == [True, True, False, True]
    assert text(window, "channels.page") == "Maps 0 to 63 of 96"
    assert text(window, "channels.formula").startswith("output 0 = ")
    assert answer.sum is not None and answer.sum.equivalence.linear < 1e-4
    assert "96 × 28 × 28 values of this picture" in text(window, "channels.ways_words")
    for place in range(4):
        tabs.setCurrentIndex(place)
        QApplication.processEvents()
        assert nameless(window) == []


def test_pages_turn_and_a_click_on_a_row_takes_another_output_apart(open_window, qtbot) -> None:
    window = open_window("gallery:inception-3a")
    show_panel(window, "channels")
    select(window, qtbot, "reduce3x3")

    with qtbot.waitSignal(panel(window, "channels").client.answered, timeout=TIMEOUT_MS):
        panel(window, "channels").maps._forth.click()
    assert text(window, "channels.page") == "Maps 64 to 95 of 96"

    window.findChild(QTabWidget, "channels.tabs").setCurrentIndex(1)
    QApplication.processEvents()
    matrix = panel(window, "channels").sum.matrix
    with qtbot.waitSignal(panel(window, "channels").client.answered, timeout=TIMEOUT_MS):
        QTest.mouseClick(matrix, Qt.MouseButton.LeftButton, pos=matrix.frame().center())
    row = window.findChild(QSpinBox, "channels.output").value()
    assert 40 <= row <= 56
    assert f"to output {row}" in matrix.words_at(matrix.frame().center())


def test_luma_by_hand_makes_the_map_that_luma_is(small: MainWindow, qtbot) -> None:
    select(small, qtbot, "mix")
    box = small.findChild(QComboBox, "channels.hand_preset")
    assert [box.itemData(place) for place in range(box.count())] == [
        "seeded", "identity", "average", "difference", "luma",
    ]  # fmt: skip

    with qtbot.waitSignal(panel(small, "channels").client.answered, timeout=TIMEOUT_MS) as caught:
        box.setCurrentIndex(4)
        box.activated.emit(4)

    request, answer = caught.args[0], caught.args[1].channels
    assert request.weights == ((0.299, 0.587, 0.114),) * 3
    assert answer.maps[0].pixels == answer.maps[1].pixels == answer.maps[2].pixels
    assert small.findChild(QTableWidget, "channels.hand_table").item(1, 1).text() == "0.587"
    assert not small.session.is_modified


def test_a_weight_that_is_typed_is_used_and_a_wrong_one_is_refused_in_words(small: MainWindow, qtbot) -> None:
    select(small, qtbot, "mix")
    table = small.findChild(QTableWidget, "channels.hand_table")
    before = table.item(0, 0).text()

    table.item(0, 0).setText("much")
    assert table.item(0, 0).text() == before
    assert text(small, "channels.hand_refusal") == "'much' is no weight; a number from −1,000 to 1,000 is."

    with qtbot.waitSignal(panel(small, "channels").client.answered, timeout=TIMEOUT_MS) as caught:
        table.item(0, 0).setText("−2,5")
    assert caught.args[0].weights[0][0] == -2.5
    assert small.findChild(QComboBox, "channels.hand_preset").currentData() == "typed"
    assert caught.args[1].channels.sum.bias == 0


def test_weights_set_by_hand_go_when_the_shape_changes(small: MainWindow, qtbot) -> None:
    select(small, qtbot, "mix")
    box = small.findChild(QComboBox, "channels.hand_preset")
    with qtbot.waitSignal(panel(small, "channels").client.answered, timeout=TIMEOUT_MS):
        box.setCurrentIndex(1)
        box.activated.emit(1)

    with qtbot.waitSignal(panel(small, "channels").client.answered, timeout=TIMEOUT_MS) as caught:
        small.session.apply("Set", onebyone.edits.set_fields, "mix", {"out_channels": 1})

    assert caught.args[0].weights is None and caught.args[1].channels.channels == 1


def test_what_cannot_run_says_why(open_window) -> None:
    window = open_window("gallery:inception-3a")
    show_panel(window, "channels")
    window.session.apply("Set", onebyone.edits.set_fields, "conv3x3", {"padding": (0, 0)})

    window.session.select(["concat"])

    assert "cannot run before what leads to it is mended" in text(window, "channels.hint")


def test_the_newest_wish_wins(small: MainWindow, qtbot) -> None:
    select(small, qtbot, "mix")
    answers = []
    panel(small, "channels").client.answered.connect(lambda request, _: answers.append(request.seed))
    seed = small.findChild(QSpinBox, "channels.seed")

    for value in range(2, 30):
        seed.setValue(value)
        QTest.qWait(5)
    qtbot.waitUntil(lambda: answers[-1:] == [29], timeout=TIMEOUT_MS)
    QTest.qWait(300)

    assert answers[-1] == 29 and not panel(small, "channels").client.is_busy


def test_a_worker_that_is_killed_is_said_and_the_next_wish_starts_another(small: MainWindow, qtbot) -> None:
    select(small, qtbot, "mix")
    client = panel(small, "channels").client
    first = client.pid
    os.kill(first, signal.SIGSTOP)
    with qtbot.waitSignal(client.failed, timeout=TIMEOUT_MS):
        small.findChild(QSpinBox, "channels.seed").setValue(7)
        QTest.qWait(200)
        os.kill(first, signal.SIGKILL)
    assert text(small, "channels.hint").endswith(".")

    with qtbot.waitSignal(client.answered, timeout=TIMEOUT_MS):
        small.findChild(QSpinBox, "channels.seed").setValue(8)
    assert client.pid not in {0, first}


@pytest.mark.parametrize("fault", ["other-version", "no-such-program"])
def test_a_process_that_is_no_worker_is_one_sentence(qtbot, fault: str) -> None:
    program = [sys.executable, str(STAND_IN), fault] if fault == "other-version" else ["/no/such/program"]
    client = LatestClient(ShowChannels, command=program)
    picture = pictures.as_picture(pictures.sample())

    with qtbot.waitSignal(client.failed, timeout=TIMEOUT_MS) as caught:
        client.ask(ChannelsRequest(onebyone.gallery.load("inception-3a"), "conv1x1", picture))

    assert caught.args[1].endswith(".") and "\n" not in caught.args[1]
    client.stop()


def test_while_something_is_measured_it_waits_and_goes_on_afterwards(small: MainWindow, qtbot) -> None:
    small.action("measure.start").trigger()
    show_panel(small, "channels")
    small.session.select(["mix"])
    qtbot.waitUntil(lambda: "Waits until the measurement" in text(small, "channels.state"), timeout=TIMEOUT_MS)
    assert panel(small, "channels").client.pid == 0

    with qtbot.waitSignal(panel(small, "channels").client.answered, timeout=TIMEOUT_MS):
        small.action("measure.cancel").trigger()


def test_a_picture_that_is_dropped_is_used(small: MainWindow, qtbot, tmp_path: Path) -> None:
    select(small, qtbot, "mix")
    image = QImage(900, 300, QImage.Format.Format_RGB888)
    image.fill(QColor("#ff0000"))
    image.save(str(tmp_path / "red.png"))
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "red.png"))])
    none, left = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton

    with qtbot.waitSignal(panel(small, "channels").client.answered, timeout=TIMEOUT_MS) as caught:
        panel(small, "channels").dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, left, none))

    picture = caught.args[0].picture
    assert picture.width == MAX_PICTURE_SIDE and picture.rgb[:3] == b"\xff\x00\x00"
    assert small.findChild(QLabel, "channels.picture").toolTip() == "red.png"


def test_a_file_that_is_no_picture_is_refused_beside_the_old_one(small: MainWindow, qtbot, tmp_path: Path) -> None:
    (tmp_path / "bad.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"nothing" * 9)

    panel(small, "channels").open_picture(tmp_path / "bad.png")

    qtbot.waitUntil(lambda: "is no picture that can be read" in text(small, "channels.refusal"), timeout=TIMEOUT_MS)
    assert small.findChild(QLabel, "channels.picture").toolTip() == "Sample picture"


def test_pictures_that_are_too_large_or_missing_are_refused_in_words(tmp_path: Path) -> None:
    header = b"\x00\x00\x00\rIHDR" + (60_000).to_bytes(4, "big") * 2 + b"\x08\x02\x00\x00\x00"
    (tmp_path / "huge.png").write_bytes(b"\x89PNG\r\n\x1a\n" + header + b"\x00" * 40)
    with open(tmp_path / "long.bmp", "wb") as file:
        file.truncate(pictures.MAX_FILE_BYTES + 1)

    for name, words in (("huge.png", "picture|pixels"), ("long.bmp", "MiB"), ("none.png", "no file"), (".", "no file")):
        with pytest.raises(StorageError, match=words):
            pictures.read(tmp_path / name)


def test_the_sample_is_the_same_every_time_and_has_all_colours(qapp: QApplication) -> None:
    first, again = (pictures.as_picture(pictures.sample()) for _ in range(2))

    assert first == again
    assert all(max(first.rgb[c::3]) - min(first.rgb[c::3]) > 200 for c in range(3))


@pytest.mark.parametrize("name", ["light", "dark"])
def test_it_is_painted_in_both_themes_and_leaves_the_panels_their_room(open_window, qtbot, name: str) -> None:
    before = theme.current()
    window = open_window("gallery:inception-3a")
    show_panel(window, "channels")
    select(window, qtbot, "reduce3x3")
    window.use_theme(theme.named(name))

    image = panel(window, "channels").maps.grab().toImage()

    assert image.pixelColor(image.width() - 2, 2).name() in {theme.current().surface, theme.current().window}
    assert panel(window, "channels").minimumSizeHint().width() <= 800
    theme.apply(QApplication.instance(), before)


def test_bypassing_what_leads_to_a_node_asks_for_its_maps_anew(open_window, qtbot) -> None:
    window = open_window("gallery:inception-3a")
    show_panel(window, "channels")
    select(window, qtbot, "conv3x3")

    with qtbot.waitSignal(panel(window, "channels").client.answered, timeout=TIMEOUT_MS) as caught:
        window.session.apply("Bypass", set_bypassed, ["reduce3x3"], True)

    assert caught.args[1].channels.node == "conv3x3"


def test_opened_during_a_measurement_it_waits_from_the_beginning(open_window, qtbot) -> None:
    window = open_window("gallery:inception-3a")
    window.session.select(["reduce3x3"])
    window.desk.measuring.start([window.session])

    client = show_panel(window, "channels").client

    qtbot.waitUntil(lambda: "Waits until the measurement" in text(window, "channels.state"), timeout=TIMEOUT_MS)
    assert client.pid == 0
    window.desk.measuring.cancel()
