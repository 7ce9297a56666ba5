"""A shown canvas of Inception 3a, and a hand to work on it."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from onebyone import gallery
from onebyone.design import Design
from onebyone.files.storage import dumps
from onebyone_desktop.appearance import theme
from onebyone_desktop.canvas.heat_choice import HeatChoice
from onebyone_desktop.canvas.placement import placed
from onebyone_desktop.canvas.view import DesignCanvas
from onebyone_desktop.session import Session
from tests.desktop.canvas.hand import Hand

Show = Callable[..., DesignCanvas]


@pytest.fixture
def show(qapp: QApplication) -> Iterator[Show]:
    """Shows designs on canvases; after the test they are gone."""
    theme.apply(qapp, theme.LIGHT)
    canvases: list[DesignCanvas] = []

    def show_one(design: Design, width: int = 1000, height: int = 700) -> DesignCanvas:
        heat = HeatChoice()
        canvas = DesignCanvas(Session(placed(design)), heat)
        canvas.session.setParent(canvas)
        heat.setParent(canvas)
        canvases.append(canvas)
        canvas.resize(width, height)
        canvas.show()
        qapp.processEvents()
        return canvas

    yield show_one
    for canvas in canvases:
        canvas.close()
        canvas.deleteLater()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def heat(canvas: DesignCanvas) -> HeatChoice:
    """What the canvas shows as heat."""
    found = canvas.findChild(HeatChoice)
    assert found is not None
    return found


@pytest.fixture
def canvas(show: Show) -> DesignCanvas:
    """Inception 3a at 100 %."""
    shown = show(gallery.load("inception-3a"))
    shown.reset_zoom()
    return shown


@pytest.fixture
def hand(canvas: DesignCanvas) -> Hand:
    """The mouse on Inception 3a."""
    return Hand(canvas)


@pytest.fixture
def is_undone(canvas: DesignCanvas) -> Iterator[None]:
    """After the test one undo brings back the bytes from before it, and redo those after it."""
    before = dumps(canvas.session.design)
    yield
    after = dumps(canvas.session.design)
    assert after != before
    assert len(canvas.session.undo_history.past) == 1
    canvas.session.undo()
    assert dumps(canvas.session.design) == before
    assert set(canvas.design_scene.nodes) == {node.id for node in canvas.session.design.nodes}
    canvas.session.redo()
    assert dumps(canvas.session.design) == after
