"""A module is dragged in, and its numbers are filled in."""

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit

from onebyone.adding.entries import entries
from onebyone.analysis import analyze
from onebyone_desktop.canvas.payload import read_payload
from tests.desktop.parts import panel

ENTRIES = {entry.base: entry for entry in entries()["Modules"]}


@pytest.fixture
def window(open_window):
    return open_window("gallery:inception-3a")


def drop(window, base: str) -> None:
    window.session.select(["concat"])
    entry = ENTRIES[base]
    assert window.canvas.add_nodes(entry.nodes, f"Add {entry.title}")


def editor(window, name: str) -> QLineEdit:
    return panel(window, "inspector").findChild(QLineEdit, f"inspector.module.{name}")


def test_a_dropped_module_shows_a_form_with_the_channels_of_each_branch(window) -> None:
    assert window.canvas.adding.drop(read_payload(ENTRIES["inception_reduced"].payload), QPointF(2_000, 0))

    names = ("conv1x1", "reduce3x3", "conv3x3", "reduce5x5", "conv5x5", "pool_proj")
    assert [editor(window, name).text() for name in names] == ["64", "96", "128", "16", "32", "32"]


def test_a_number_that_is_typed_goes_into_the_module_as_one_step(window) -> None:
    drop(window, "fire")
    before = window.session.design
    squeeze = editor(window, "squeeze")

    squeeze.setFocus()
    squeeze.selectAll()
    QTest.keyClicks(squeeze, "24")

    assert window.session.design.node("squeeze").layer.out_channels == 24
    assert window.session.undo_history.undo_label == "Fill in Fire (SqueezeNet)"
    window.session.undo()
    assert window.session.design == before


def test_a_number_that_does_not_fit_is_refused_with_the_reason(window, qapp) -> None:
    drop(window, "fire")
    squeeze = editor(window, "squeeze")

    squeeze.setFocus()
    squeeze.selectAll()
    QTest.keyClicks(squeeze, "0")

    assert window.session.design.node("squeeze").layer.out_channels == 16
    refusal = panel(window, "inspector").findChild(object, "inspector.refusal")
    assert "squeeze 1×1 needs a whole number" in refusal.text()


def test_a_row_of_the_papers_table_is_filled_in(window) -> None:
    window.session.select([node.id for node in window.session.design.nodes[1:-1]])
    published = panel(window, "inspector").findChild(QComboBox, "inspector.module.published")
    assert published.currentText() == "Inception 3a"

    published.setCurrentIndex(published.findText("Inception 3b"))
    published.activated.emit(published.currentIndex())

    assert analyze(window.session.design).totals.outputs["output"][0] == 480


def test_a_bottleneck_behind_the_concat_takes_its_width(window) -> None:
    drop(window, "resnet_bottleneck")

    assert window.session.analysis.nodes["add"].shape == (256, 28, 28)
    drop_behind = window.session
    drop_behind.undo()
    drop_behind.select(["conv3x3"])
    assert window.canvas.add_nodes(ENTRIES["resnet_bottleneck"].nodes, "Add")
    assert window.session.design.node("expand").layer.out_channels == 128
