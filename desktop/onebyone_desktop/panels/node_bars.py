"""Bars of the time each node takes, drawn by pyqtgraph, which is loaded with the first bars."""

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from onebyone.analysis import Analysis
from onebyone.measurement import Run
from onebyone.quantity import duration, percent
from onebyone.text import visible
from onebyone_desktop import theme

_MOST_BARS = 40


class NodeBars(QWidget):
    """One horizontal bar a node, in the order of the forward pass, in the colour of its family."""

    #: A bar was clicked; the id of its node.
    node_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("latency.bars")
        self.setAccessibleName(self.tr("Time of each node"))
        self._slot = QVBoxLayout(self)
        self._slot.setContentsMargins(0, 0, 0, 0)
        self._plot: Any = None
        self._shown: tuple[Run, Analysis] | None = None
        self._ids: list[str] = []

    def clear(self) -> None:
        """Shows nothing."""
        self._shown = None
        if self._plot is not None:
            self._plot.hide()

    def show_run(self, run: Run, analysis: Analysis) -> None:
        """Shows the times of a run; the longest where there are many nodes."""
        if not run.nodes:
            self.clear()
            return
        self._shown = (run, analysis)
        if self._plot is None:
            self._plot = self._make_plot()
        self._plot.show()
        self._draw()

    def refresh_colours(self) -> None:
        """Follows a new theme."""
        if self._plot is not None and self._shown is not None:
            self._draw()

    def _make_plot(self) -> Any:
        import pyqtgraph

        plot = pyqtgraph.PlotWidget(self)
        plot.setMenuEnabled(False)
        # Its times are in the Costs table too, where keys go from row to row.
        plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        plot.setMouseEnabled(x=False, y=False)
        plot.hideButtons()
        plot.getPlotItem().invertY(True)
        plot.setAccessibleName(self.tr("Bar chart of the time of each node"))
        plot.scene().sigMouseClicked.connect(self._on_plot_clicked)
        self._slot.addWidget(plot)
        return plot

    def _draw(self) -> None:
        import pyqtgraph

        assert self._shown is not None
        run, analysis = self._shown
        tokens = theme.current()
        nodes = [item for item in run.nodes if item.id in analysis.topology.nodes]
        if len(nodes) > _MOST_BARS:
            longest = {item.id for item in sorted(nodes, key=lambda item: -item.median)[:_MOST_BARS]}
            nodes = [item for item in nodes if item.id in longest]
        self._ids = [item.id for item in nodes]
        layers = [analysis.topology.nodes[item.id].layer for item in nodes]
        places = list(range(len(nodes)))
        plot = self._plot
        plot.clear()
        plot.setBackground(tokens.surface)
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
        axis.setTicks(
            [[(p, visible(analysis.topology.nodes[n].name)[:24]) for p, n in zip(places, self._ids, strict=True)]]
        )
        for name in ("left", "bottom"):
            plot.getAxis(name).setPen(tokens.border)
            plot.getAxis(name).setTextPen(tokens.text)
        plot.setLabel("bottom", self.tr("ms a call, inside the graph"))
        plot.setXRange(0, max(item.median for item in nodes) * 1.6e3, padding=0)
        plot.setYRange(-0.6, len(nodes) - 0.4, padding=0)

    def _on_plot_clicked(self, event: Any) -> None:
        position = self._plot.getPlotItem().getViewBox().mapSceneToView(event.scenePos())
        place = round(position.y())
        if 0 <= place < len(self._ids):
            self.node_wanted.emit(self._ids[place])
