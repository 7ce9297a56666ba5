"""Bars of the time that each node takes."""

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from onebyone.analysis import Analysis
from onebyone.measurement.records import Run
from onebyone.quantity import duration, percent
from onebyone.text import visible
from onebyone_desktop.appearance import theme
from onebyone_desktop.panels.plotting import LazyPlot

_MOST_BARS = 40


class NodeBars(LazyPlot):
    """One horizontal bar a node, in the order of the forward pass, in the colour of its family."""

    #: A bar was clicked; the id of its node.
    node_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("latency.bars", "", parent)
        self.setAccessibleName(self.tr("Bar chart of the time of each node"))
        self._shown: tuple[Run, Analysis] | None = None
        self._ids: list[str] = []

    def clear(self) -> None:
        """Shows nothing."""
        self._shown = None
        self.draw_soon()

    def show_run(self, run: Run, analysis: Analysis) -> None:
        """Shows the times of a run; the longest where there are many nodes."""
        self._shown = (run, analysis) if run.nodes else None
        self.draw_soon()

    def prepare(self, plot: Any) -> None:
        plot.getPlotItem().invertY(True)
        plot.scene().sigMouseClicked.connect(self._on_plot_clicked)

    def draw(self, plot: Any) -> None:
        import pyqtgraph

        plot.setVisible(self._shown is not None)
        if self._shown is None:
            return
        run, analysis = self._shown
        tokens = theme.current()
        nodes = [item for item in run.nodes if item.id in analysis.nodes]
        if len(nodes) > _MOST_BARS:
            longest = {item.id for item in sorted(nodes, key=lambda item: -item.median)[:_MOST_BARS]}
            nodes = [item for item in nodes if item.id in longest]
        self._ids = [item.id for item in nodes]
        layers = [analysis.node(item.id).layer for item in nodes]
        places = list(range(len(nodes)))
        plot.clear()
        self.dress(plot)
        plot.addItem(
            pyqtgraph.BarGraphItem(
                x0=[0.0] * len(nodes),
                y=places,
                height=0.62,
                width=[item.median * 1e3 for item in nodes],
                brushes=[tokens.family(layer.family) for layer in layers],
                pens=[None] * len(nodes),
            )
        )
        for place, item in zip(places, nodes, strict=True):
            label = pyqtgraph.TextItem(f"{duration(item.median)} · {percent(item.share)}", tokens.text, anchor=(0, 0.5))
            label.setPos(item.median * 1e3, place)
            plot.addItem(label)
        axis = plot.getAxis("left")
        axis.setTicks([[(p, visible(analysis.node(n).name)[:24]) for p, n in zip(places, self._ids, strict=True)]])
        plot.setLabel("bottom", self.tr("ms a call, inside the graph"))
        plot.setXRange(0, max(item.median for item in nodes) * 1.6e3, padding=0)
        plot.setYRange(-0.6, len(nodes) - 0.4, padding=0)

    def _on_plot_clicked(self, event: Any) -> None:
        position = self.plot.getPlotItem().getViewBox().mapSceneToView(event.scenePos())
        place = round(position.y())
        if 0 <= place < len(self._ids):
            self.node_wanted.emit(self._ids[place])
