"""The form of a layer: what has a say is offered, what may be empty can be emptied, data is left out."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from onebyone import edits
from onebyone.design import Node
from onebyone.layers import Activation, Upsample
from tests.desktop.parts import panel
from tests.engine.opaque_examples import ATTENTION


@pytest.fixture
def window(open_window):
    return open_window("gallery:inception-3a")


def select(window, node: Node) -> None:
    window.session.apply("Add", edits.add, node)
    window.session.select([node.id])


def editors(window) -> dict[str, QWidget]:
    found = panel(window, "inspector").findChildren(QWidget)
    names = {each.objectName(): each for each in found if each.objectName().startswith("inspector.field.")}
    return {name.removeprefix("inspector.field."): each for name, each in names.items()}


def offered(window) -> set[str]:
    return {name for name, each in editors(window).items() if not each.isHidden()}


def fill(field: QLineEdit, text: str) -> None:
    field.setFocus()
    field.selectAll()
    if text:
        QTest.keyClicks(field, text)
    else:
        QTest.keyClick(field, Qt.Key.Key_Delete)


@pytest.mark.parametrize(
    ("norm", "wanted"), [("none", set()), ("batch", {"norm_eps"}), ("group", {"norm_eps", "norm_groups"})]
)
def test_the_numbers_of_a_norm_are_offered_where_there_is_one(window, norm: str, wanted: set[str]) -> None:
    window.session.select(["conv3x3"])

    window.session.apply("Set norm", edits.set_fields, "conv3x3", {"norm": norm})

    assert offered(window) & {"norm_eps", "norm_groups"} == wanted


def test_a_size_is_typed_and_emptied_again(window) -> None:
    select(window, Node("up", Upsample()))

    fill(editors(window)["size"], "40 x 30")
    assert window.session.design.node("up").layer == Upsample(size=(40, 30))
    assert "scale_factor" not in offered(window)
    fill(editors(window)["size"], "")

    assert window.session.design.node("up").layer == Upsample()


def test_an_end_of_a_clamp_may_be_left_open(window) -> None:
    select(window, Node("clamp", Activation("clamp")))

    fill(editors(window)["maximum"], "")
    fill(editors(window)["minimum"], "-0.5")

    assert window.session.design.node("clamp").layer == Activation("clamp", minimum=-0.5, maximum=None)
    assert offered(window) == {"function", "minimum", "maximum"}


def test_what_an_import_brought_has_words_and_no_form(window) -> None:
    select(window, Node("attention", ATTENTION, inputs=("input",)))

    assert not editors(window)
    kind = panel(window, "inspector").findChild(QLabel, "inspector.kind")
    assert kind.text() == "Attention"
