"""The canvases that are clocked, behind one face: ours, and that of NodeGraphQt."""

from collections.abc import Iterable
from typing import Protocol

from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QApplication, QGraphicsView

from onebyone import edits
from onebyone.design import Design
from onebyone.edits import groups as group_edits


class Canvas(Protocol):
    """A canvas with a graph on it, as far as both can be asked for the same."""

    view: QGraphicsView

    def zoom(self, scale: float) -> None: ...

    def look_at(self, node: str) -> None: ...

    def pan(self, distance: float) -> None: ...

    def select(self, ids: Iterable[str]) -> None: ...

    def place_of(self, node: str) -> QPointF: ...

    def rename(self, node: str, number: int) -> None: ...

    def arrange(self) -> None: ...


class Ours:
    """The canvas of OneByOne: with undo, analysis, groups, the map and wires that go round nodes."""

    def __init__(self, design: Design) -> None:
        from onebyone_desktop.appearance import theme
        from onebyone_desktop.canvas.heat_choice import HeatChoice
        from onebyone_desktop.canvas.view import DesignCanvas
        from onebyone_desktop.session import Session

        application = QApplication.instance()
        assert isinstance(application, QApplication)
        theme.apply(application, theme.LIGHT)
        self.view = DesignCanvas(Session(design), HeatChoice())
        self.session = self.view.session

    def zoom(self, scale: float) -> None:
        self.view.camera.zoom_to(scale)

    def look_at(self, node: str) -> None:
        self.view.camera.look_at(self.place_of(node))

    def pan(self, distance: float) -> None:
        self.view.camera.scroll_by(QPointF(distance, 0))

    def select(self, ids: Iterable[str]) -> None:
        self.view.select(ids)

    def place_of(self, node: str) -> QPointF:
        return self.view.design_scene.nodes[node].box.center()

    def rename(self, node: str, number: int) -> None:
        self.view.apply("Rename", edits.retitle, node, f"{node} {number}")

    def edit(self, node: str, number: int) -> None:
        """Other channels: undo, the analysis of all that follows, new labels."""
        self.view.apply("Edit", edits.set_fields, node, {"out_channels": 64 + number})

    def arrange(self) -> None:
        self.view.arranging.all()

    def scatter(self) -> None:
        """Puts a node out of place, so that there is something to arrange."""
        self.view.apply("Move", edits.move, {"output": (40.0, 40.0)})

    def fold(self, group: str, is_collapsed: bool) -> None:
        self.view.group_editing.set_collapsed([group], is_collapsed)

    def fold_all(self, is_collapsed: bool) -> None:
        edit = group_edits.collapse_all if is_collapsed else group_edits.expand_all
        self.view.apply("Fold", edit)


class NodeGraphQtCanvas:
    """The same graph in NodeGraphQt, at the same places; its names stand for the labels."""

    def __init__(self, design: Design) -> None:
        from NodeGraphQt import BaseNode, NodeGraph

        class Layer(BaseNode):
            __identifier__ = "onebyone"
            NODE_NAME = "Layer"

        self._graph = NodeGraph()
        self._graph.register_node(Layer)
        self._nodes = {}
        self._outputs = {}
        for node in design.nodes:
            made = self._graph.create_node(
                "onebyone.Layer", name=node.id, pos=list(node.position or (0, 0)), selected=False, push_undo=False
            )
            self._nodes[node.id] = made
            self._outputs[node.id] = made.add_output("out")
            for place, source in enumerate(node.inputs):
                # Asked from the input, it looks for cycles along every path upwards: that ends in no lifetime
                # where residual blocks follow each other. Asked from the output, the paths downwards are short.
                self._outputs[source].connect_to(made.add_input(f"in{place}"), push_undo=False)
        self.view: QGraphicsView = self._graph.viewer()

    def zoom(self, scale: float) -> None:
        factor = scale / self.view.transform().m11()
        self.view.scale(factor, factor)

    def look_at(self, node: str) -> None:
        # Its own way to centre on nodes also fits them; this is the move that its pan makes.
        at = self.place_of(node) - self.view.mapToScene(self.view.viewport().rect().center())
        self.view._set_viewer_pan(at.x(), at.y())

    def pan(self, distance: float) -> None:
        self.view._set_viewer_pan(distance, 0)

    def select(self, ids: Iterable[str]) -> None:
        chosen = set(ids)
        for name, node in self._nodes.items():
            if node.view.selected != (name in chosen):
                node.view.selected = name in chosen

    def place_of(self, node: str) -> QPointF:
        item = self._nodes[node].view
        return item.mapToScene(item.boundingRect().center())

    def rename(self, node: str, number: int) -> None:
        self._nodes[node].set_name(f"{node} {number}")

    def arrange(self) -> None:
        self._graph.auto_layout_nodes()
