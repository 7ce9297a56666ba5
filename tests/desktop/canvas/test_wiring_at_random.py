"""Drags from anywhere to anywhere, with any keys: nothing is left on the canvas, and undo leads back."""

import random

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from onebyone.analysis import analyze
from onebyone.files.storage import dumps
from onebyone_desktop.canvas.search.popup import SearchPopup
from onebyone_desktop.canvas.view import DesignCanvas

LEFT = Qt.MouseButton.LeftButton
KEYS = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)


def some_place(canvas: DesignCanvas, choice: random.Random) -> QPoint:
    """A port, a node, a wire or any point of the view."""
    scene = canvas.design_scene
    item = choice.choice(list(scene.nodes.values())) if scene.nodes else None
    kind = choice.randrange(5)
    if item is not None and kind == 0:
        return canvas.mapFromScene(item.output_port())
    if item is not None and kind == 1:
        return canvas.mapFromScene(item.input_port(choice.randrange(max(item.look.ports, 1))))
    if item is not None and kind == 2:
        return canvas.mapFromScene(item.box.center())
    if scene.wires and kind == 3:
        wire = choice.choice(list(scene.wires.values()))
        return canvas.mapFromScene(wire.path().pointAtPercent(choice.random()))
    room = canvas.viewport().rect()
    return QPoint(choice.randrange(room.width()), choice.randrange(room.height()))


def drag(canvas: DesignCanvas, choice: random.Random) -> None:
    viewport, keys = canvas.viewport(), choice.choice(KEYS)
    QTest.mousePress(viewport, LEFT, keys, some_place(canvas, choice))
    for _ in range(choice.randrange(1, 4)):
        QTest.mouseMove(viewport, some_place(canvas, choice))
    if choice.randrange(6) == 0:
        QTest.keyClick(viewport, Qt.Key.Key_Escape)
    if choice.randrange(8) == 0:
        canvas.session.undo()
    QTest.mouseRelease(viewport, LEFT, keys, some_place(canvas, choice))


def answer_search(canvas: DesignCanvas, choice: random.Random) -> None:
    popup = canvas.findChild(SearchPopup)
    if popup is not None and popup.isVisible():
        field = popup.findChild(QLineEdit)
        QTest.keyClicks(field, choice.choice(["", "3x3 16", "add", "conc", "linear 4", "zzz", "bottleneck"]))
        QTest.keyClick(field, choice.choice([Qt.Key.Key_Return, Qt.Key.Key_Escape]))
        popup.hide()


@pytest.mark.parametrize("seed", range(8))
def test_drags_leave_nothing_behind_and_are_undone(canvas: DesignCanvas, seed: int) -> None:
    choice = random.Random(seed)
    first = dumps(canvas.session.design)

    for _ in range(60):
        drag(canvas, choice)
        answer_search(canvas, choice)
        scene, session = canvas.design_scene, canvas.session
        assert not canvas.pointing.is_busy and scene.overlays == ()
        assert not canvas.note.isVisible()
        assert all(item.opacity() == 1 for item in [*scene.nodes.values(), *scene.wires.values()])
        assert all(wire.isVisible() for wire in scene.wires.values())
        assert set(scene.nodes) == {node.id for node in session.design.nodes}
        assert all((item.x(), item.y()) == item.node.position for item in scene.nodes.values())
        assert analyze(session.design).problems == session.analysis.problems

    assert canvas.session.undo_history.past
    while canvas.session.undo_history.past:
        canvas.session.undo()
    assert dumps(canvas.session.design) == first
