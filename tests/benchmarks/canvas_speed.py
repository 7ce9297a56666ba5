"""Clocks a canvas in a process of its own: `python canvas_speed.py ours|NodeGraphQt COUNT` prints milliseconds as JSON.

Both canvases hold the same graph at the same places: residual blocks of five nodes, in columns, in a view of
1200 × 800. Every figure is the median of some repeats, from the call to the pixels of a raster viewport.
"""

import json
import os
import resource
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

os.environ["QT_QPA_PLATFORM"] = "offscreen"
sys.path.insert(0, str(Path(__file__).parents[2]))

from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtWidgets import QApplication, QGraphicsView

from onebyone import edits
from onebyone.design import Design
from tests.benchmarks.test_engine_speed import residual

WIDTH, HEIGHT = 1200, 800
_REPEATS = 11
_COLUMN, _ROW = 280.0, 120.0


class Canvas(Protocol):
    """A canvas with a graph on it, as far as it is clocked."""

    def view(self) -> QGraphicsView: ...

    def zoom(self, scale: float) -> None: ...

    def pan(self, distance: float) -> None: ...

    def move(self, ids: list[str], distance: float) -> None: ...

    def edit(self, node: str, text: str) -> None: ...


class Ours:
    """The canvas of OneByOne."""

    def __init__(self, design: Design) -> None:
        from onebyone_desktop import theme
        from onebyone_desktop.canvas.view import DesignCanvas
        from onebyone_desktop.session import Session

        theme.apply(QApplication.instance(), theme.LIGHT)
        self._canvas = DesignCanvas(Session(design))

    def view(self) -> QGraphicsView:
        return self._canvas

    def zoom(self, scale: float) -> None:
        self._canvas.camera.zoom_to(scale)

    def pan(self, distance: float) -> None:
        self._canvas.camera.scroll_by(QPointF(distance, 0))

    def move(self, ids: list[str], distance: float) -> None:
        """A frame of a drag: the items move, the design follows at the end."""
        self._canvas.design_scene.shift(ids, QPointF(distance, 0))

    def edit(self, node: str, text: str) -> None:
        """An edit of the design, with undo and the analysis of all that follows."""
        self._canvas.apply("Rename", edits.retitle, node, text)


class NodeGraphQtCanvas:
    """The same graph in NodeGraphQt."""

    def __init__(self, design: Design) -> None:
        from NodeGraphQt import BaseNode, NodeGraph

        class Layer(BaseNode):
            __identifier__ = "onebyone"
            NODE_NAME = "Layer"

            def __init__(self) -> None:
                super().__init__()
                self.add_input("a")
                self.add_input("b")
                self.add_output("out")

        self._graph = NodeGraph()
        # Its check for cycles walks every path: on a chain of residual blocks it would not come to an end.
        self._graph.set_acyclic(False)
        self._graph.register_node(Layer)
        self._nodes = {
            node.id: self._graph.create_node(
                "onebyone.Layer", name=node.id, pos=list(node.position or (0, 0)), selected=False, push_undo=False
            )
            for node in design.nodes
        }
        self._centre = self._graph.scene().itemsBoundingRect().center()
        for node in design.nodes:
            for place, source in enumerate(node.inputs):
                self._nodes[node.id].input(place).connect_to(self._nodes[source].output(0), push_undo=False)

    def view(self) -> QGraphicsView:
        viewer: QGraphicsView = self._graph.viewer()
        return viewer

    def zoom(self, scale: float) -> None:
        # Its own way to show a part of the scene: around the middle of the graph, as ours.
        viewer: Any = self.view()
        size = QSizeF(WIDTH / scale, HEIGHT / scale)
        rect = QRectF(QPointF(), size)
        rect.moveCenter(self._centre)
        viewer._scene_range = rect
        viewer._update_scene()

    def pan(self, distance: float) -> None:
        # Its own handler of a pan with the mouse.
        viewer: Any = self.view()
        viewer._set_viewer_pan(distance, 0)

    def move(self, ids: list[str], distance: float) -> None:
        for name in ids:
            item = self._nodes[name].view
            item.setPos(item.x() + distance, item.y())

    def edit(self, node: str, text: str) -> None:
        self._nodes[node].set_name(text)


def in_columns(design: Design) -> Design:
    """The design folded into columns, so that a view holds as much of it as it can: a chain would mostly be outside."""
    rows = max(1, round((len(design.nodes) * _COLUMN / _ROW * HEIGHT / WIDTH) ** 0.5))
    places = enumerate(node.id for node in design.nodes)
    return edits.move(design, {name: (place // rows * _COLUMN, place % rows * _ROW) for place, name in places})


def clocked(make: Callable[[Design], Canvas], count: int) -> dict[str, float]:
    """Milliseconds of each operation at `count` nodes, and megabytes of memory that the canvas took."""
    app = QApplication.instance() or QApplication([])
    design = in_columns(residual(count // 5))
    ids = [node.id for node in design.nodes]
    # Modules, fonts and icons are loaded by the first canvas, whatever its size.
    first = make(in_columns(residual(1)))
    first.view().show()
    app.processEvents()
    first.view().hide()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()
    canvas = make(design)
    created = (time.perf_counter() - start) * 1e3
    memory = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    view = canvas.view()
    view.resize(WIDTH, HEIGHT)
    view.show()
    app.processEvents()

    def repaint() -> None:
        view.viewport().repaint()

    def then_repaint(act: Callable[..., None], *arguments: object) -> Callable[[], None]:
        def both() -> None:
            act(*arguments)
            repaint()

        return both

    found = {"create": created, "memory": memory}
    for name, scale in (("overview", 0.2), ("items", 0.35), ("full size", 1.0)):
        canvas.zoom(scale)
        found[f"repaint {name}"] = _median(repaint)
    found["pan"] = _median(then_repaint(canvas.pan, 40.0))
    scales = iter([0.5, 0.625] * _REPEATS)

    def zoom() -> None:
        canvas.zoom(next(scales))
        repaint()

    found["zoom"] = _median(zoom)
    canvas.zoom(1.0)
    found["move one"] = _median(then_repaint(canvas.move, ids[:1], 8.0))
    found["drag 200"] = _median(then_repaint(canvas.move, ids[:200], 8.0))
    names = (f"name {number}" for number in range(1_000))

    def edit() -> None:
        canvas.edit(ids[len(ids) // 2], next(names))
        repaint()

    found["edit to pixels"] = _median(edit)
    return found


def _median(work: Callable[[], None]) -> float:
    times = []
    for _ in range(_REPEATS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1e3


if __name__ == "__main__":
    kinds: dict[str, Callable[[Design], Canvas]] = {"ours": Ours, "NodeGraphQt": NodeGraphQtCanvas}
    print(json.dumps(clocked(kinds[sys.argv[1]], int(sys.argv[2]))))
