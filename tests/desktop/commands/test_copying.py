"""What reaches the clipboard, closed tabs that come back, and inputs in another order."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox

from onebyone import edits
from onebyone.files.storage import dumps
from onebyone_desktop.inspector.input_list import InputList

GALLERY = "gallery:inception-3a"
CONTROL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier


def test_the_diagram_is_copied_as_an_image(open_window) -> None:
    window = open_window(GALLERY)

    window.action("copy.image").trigger()

    image = QApplication.clipboard().image()
    assert image.width() > 800
    assert image.height() > 800


def test_the_diagram_is_copied_as_svg(open_window) -> None:
    window = open_window(GALLERY)

    window.action("copy.svg").trigger()

    mime = QApplication.clipboard().mimeData()
    assert mime.hasFormat("image/svg+xml")
    assert "conv3x3" in mime.text()
    assert mime.text().lstrip().startswith("<?xml")


@pytest.mark.parametrize(
    ("name", "piece"),
    [
        ("copy.costs_tsv", "conv3x3\t3×3 convolution"),
        ("copy.costs_markdown", "| conv3x3 | 3×3 convolution |"),
        ("copy.source", "class "),
    ],
)
def test_costs_and_source_are_copied_as_text(open_window, name: str, piece: str) -> None:
    window = open_window(GALLERY)

    window.action(name).trigger()

    assert piece in QApplication.clipboard().text()


@pytest.mark.parametrize("text", ["", "hello", "{}", "[1, 2]", '{"onebyone": 9}', "[{}]", "\u0000", "a" * 100_000])
def test_paste_of_junk_says_what_was_wrong(open_window, text: str) -> None:
    window = open_window(GALLERY)
    before = window.session.design
    said: list[str] = []
    window.session.edit_refused.connect(said.append)
    QApplication.clipboard().setText(text)

    window.action("edit.paste").trigger()

    assert window.session.design is before
    assert len(said) == 1
    assert 10 < len(said[0]) < 400


def test_paste_of_an_image_says_so(open_window) -> None:
    window = open_window(GALLERY)
    said: list[str] = []
    window.session.edit_refused.connect(said.append)
    window.action("copy.image").trigger()

    window.action("edit.paste").trigger()

    assert said


def test_a_closed_tab_comes_back_with_its_history(open_window, monkeypatch: pytest.MonkeyPatch) -> None:
    window = open_window(GALLERY)
    window.session.apply("Delete", edits.remove, ["conv5x5"])
    changed = dumps(window.session.design)
    monkeypatch.setattr(QMessageBox, "exec", lambda _: QMessageBox.StandardButton.Discard)
    assert not window.action("file.reopen").isEnabled()

    QTest.keyClick(window, Qt.Key.Key_W, CONTROL)
    assert window.workspace.is_welcoming
    QTest.keyClick(window, Qt.Key.Key_T, CONTROL | Qt.KeyboardModifier.ShiftModifier)

    assert not window.workspace.is_welcoming
    assert dumps(window.session.design) == changed
    assert window.session.is_modified
    window.action("edit.undo").trigger()
    assert not window.session.is_modified
    assert "conv5x5" in window.canvas.design_scene.nodes
    assert not window.action("file.reopen").isEnabled()


def test_the_last_ten_closed_tabs_come_back_in_turn(open_window) -> None:
    window = open_window()
    for number in range(12):
        window.desk.documents.open_gallery("inception-3a")
        window.session.apply("Name", edits.set_name, f"Design {number}")
        window.session.mark_saved(window.session.path)
        window.action("file.close").trigger()

    names = []
    while window.action("file.reopen").isEnabled():
        window.action("file.reopen").trigger()
        names.append(window.session.design.name)

    assert names == [f"Design {number}" for number in range(11, 1, -1)]


def test_alt_and_down_move_an_input(open_window) -> None:
    window = open_window(GALLERY)
    before = window.session.design.node("concat").inputs
    window.session.select(["concat"])
    inputs = window.findChild(InputList, "inspector.inputs")
    assert inputs.isVisible()
    inputs.setFocus()
    inputs.setCurrentRow(0)

    QTest.keyClick(inputs, Qt.Key.Key_Down, ALT)

    assert window.session.design.node("concat").inputs == (before[1], before[0], *before[2:])
    assert inputs.currentRow() == 1
    assert window.session.analysis.nodes["concat"].shape == (256, 28, 28)
    window.action("edit.undo").trigger()
    assert window.session.design.node("concat").inputs == before


def test_an_input_is_dragged_to_another_place(open_window) -> None:
    window = open_window(GALLERY)
    before = window.session.design.node("concat").inputs
    window.session.select(["concat"])
    inputs = window.findChild(InputList, "inspector.inputs")

    inputs.model().moveRow(inputs.rootIndex(), 3, inputs.rootIndex(), 0)

    assert window.session.design.node("concat").inputs == (before[3], *before[:3])
    assert inputs.item(0).text().startswith(f"1  {before[3]}")
    assert inputs.itemAt(QPoint(5, 5)).text().startswith("1  ")


def test_other_nodes_show_no_order(open_window) -> None:
    window = open_window(GALLERY)

    window.session.select(["conv3x3"])

    assert not window.findChild(InputList, "inspector.inputs").isVisible()
