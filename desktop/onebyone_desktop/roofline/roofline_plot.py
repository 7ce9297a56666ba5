"""The plot of the roofline: the roofs of the machine, and every node below them, both axes logarithmic."""

from collections.abc import Mapping, Sequence
from math import ceil, floor, log10
from typing import Any

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from onebyone import quantity
from onebyone.layers import Family
from onebyone.measurement.records import Roofs
from onebyone.measurement.roofline import PlacedNode, node_words
from onebyone_desktop.appearance import theme
from onebyone_desktop.panels.plotting import LazyPlot

_SIZE = 11
_ROOM = 0.35
# How far left of everything else the nodes without MACs stand, in decades.
_STRIP = 0.6


class RooflineShown(msgspec.Struct, frozen=True):
    """What the plot shows: the roofs, the nodes, and how they are called and coloured."""

    roofs: Roofs
    nodes: tuple[PlacedNode, ...]
    names: Mapping[str, str]
    families: Mapping[str, Family]


class _Spread:
    """Where things stand in the plot, in decades; nodes without MACs have a place of their own at the left edge.

    There a node stands as far below the memory roof as its bytes a second are below those of the roof.
    """

    def __init__(self, shown: RooflineShown) -> None:
        roofs = shown.roofs
        self.ridge = log10(roofs.operations_per_second / roofs.bytes_per_second)
        known = [log10(node.intensity) for node in shown.nodes if node.operations]
        self.strip = min([*known, self.ridge]) - _STRIP
        self.right = max([*known, self.ridge + 0.3]) + _ROOM
        self.top = log10(roofs.operations_per_second) + _ROOM
        self.bandwidth = log10(roofs.bytes_per_second)
        self.bottom = min([self.at(node)[1] for node in shown.nodes], default=self.top - 3) - _ROOM

    def at(self, node: PlacedNode) -> tuple[float, float]:
        """The place of a node."""
        return self._place(node, node.seconds)

    def roof_above(self, node: PlacedNode) -> tuple[float, float]:
        """Where a node would stand if it were as fast as the roofs allow."""
        return self._place(node, node.least_seconds)

    def roof(self) -> tuple[list[float], list[float]]:
        """The line of the roofs: the memory's, then the arithmetic's."""
        compute = self.ridge + self.bandwidth
        left = self.strip - _ROOM
        return [left, self.ridge, self.right], [left + self.bandwidth, compute, compute]

    def _place(self, node: PlacedNode, seconds: float) -> tuple[float, float]:
        if node.operations:
            return log10(node.intensity), log10(node.operations / seconds)
        return self.strip, self.strip + log10(max(node.moved_bytes, 1) / seconds)


class RooflinePlot(LazyPlot):
    """Nodes as points in the colours of their families, each with a line up to the roof that bounds it."""

    #: A point was clicked; the id of its node.
    node_wanted = Signal(str)
    #: The pointer is over a point: the id of its node, or nothing where it has left.
    node_pointed_at = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("roofline.plot", "", parent)
        self.setAccessibleName(self.tr("Roofline: every node below the roofs of this machine"))
        self._shown: RooflineShown | None = None
        self._selected: frozenset[str] = frozenset()
        self._pointed = ""
        self._points: Any = None

    @property
    def places(self) -> dict[str, tuple[float, float]]:
        """Where every node stands, in decades of operations a byte and operations a second."""
        if self._shown is None:
            return {}
        spread = _Spread(self._shown)
        return {node.id: spread.at(node) for node in self._shown.nodes}

    @property
    def marked(self) -> frozenset[str]:
        """The nodes that are marked: the selected ones, and the one under the pointer on the canvas."""
        return self._selected | ({self._pointed} if self._pointed else set())

    def show_nodes(self, shown: RooflineShown | None, selection: Sequence[str]) -> None:
        """Shows other nodes."""
        self._shown, self._selected = shown, frozenset(selection)
        self.draw_soon()

    def show_selection(self, selection: Sequence[str]) -> None:
        """Marks the points of the selected nodes."""
        if frozenset(selection) != self._selected:
            self._selected = frozenset(selection)
            self.draw_soon()

    def show_pointed(self, node_id: str) -> None:
        """Marks the point of the node that is pointed at elsewhere; nothing for none."""
        if node_id != self._pointed:
            self._pointed = node_id
            self.draw_soon()

    def draw(self, plot: Any) -> None:
        plot.setVisible(self._shown is not None)
        plot.clear()
        if self._shown is None:
            return
        spread = _Spread(self._shown)
        self.dress(plot)
        self._draw_roofs(plot, spread)
        self._draw_nodes(plot, spread)
        plot.setLabel("left", self.tr("operations a second"))
        plot.setLabel("bottom", self.tr("operations a byte (a MAC is two operations)"))
        plot.getAxis("left").setTicks(_decades(spread.bottom, spread.top))
        ticks = _decades(spread.strip + 0.2, spread.right)
        plot.getAxis("bottom").setTicks([[(spread.strip, self.tr("no MACs")), *ticks[0]]])
        plot.setXRange(spread.strip - _ROOM, spread.right, padding=0)
        plot.setYRange(spread.bottom, spread.top, padding=0)

    def _draw_roofs(self, plot: Any, spread: _Spread) -> None:
        import pyqtgraph

        tokens = theme.current()
        x, y = spread.roof()
        plot.plot(x, y, pen=pyqtgraph.mkPen(tokens.text, width=2))
        dashed = pyqtgraph.mkPen(tokens.control_border, width=1, style=Qt.PenStyle.DotLine)
        plot.addItem(pyqtgraph.InfiniteLine(spread.strip + _STRIP / 2, angle=90, pen=dashed))
        middle = (spread.strip + spread.ridge) / 2
        for words, place in (
            (self.tr("arithmetic"), (x[2], y[2])),
            (self.tr("memory"), (middle, middle + spread.bandwidth)),
        ):
            label = pyqtgraph.TextItem(words, tokens.muted_text, anchor=(1, 1))
            label.setPos(*place)
            plot.addItem(label)

    def _draw_nodes(self, plot: Any, spread: _Spread) -> None:
        import pyqtgraph

        assert self._shown is not None
        tokens = theme.current()
        spots = []
        for node in self._shown.nodes:
            place, roof = spread.at(node), spread.roof_above(node)
            colour = tokens.family(self._shown.families[node.id])
            is_marked = node.id in self.marked
            style = Qt.PenStyle.DashLine if node.bound == "call" else Qt.PenStyle.SolidLine
            whisker = pyqtgraph.mkPen(colour, width=2 if is_marked else 1, style=style)
            plot.plot([place[0], roof[0]], [place[1], roof[1]], pen=whisker)
            edge = pyqtgraph.mkPen(tokens.accent if is_marked else tokens.surface, width=3 if is_marked else 1)
            size = _SIZE + 5 if is_marked else _SIZE
            spots.append({"pos": place, "data": node.id, "brush": colour, "pen": edge, "size": size})
            if is_marked or len(self._shown.nodes) <= 1:
                label = pyqtgraph.TextItem(self._shown.names[node.id], tokens.text, anchor=(-0.25, 0.5))
                label.setPos(*place)
                plot.addItem(label)
        self._points = pyqtgraph.ScatterPlotItem(spots=spots, hoverable=True, tip=self._tip)
        self._points.sigClicked.connect(self._on_points_clicked)
        self._points.sigHovered.connect(self._on_points_hovered)
        plot.addItem(self._points)

    def _tip(self, x: float, y: float, data: str) -> str:
        """What the tooltip of a point says."""
        node = next(node for node in self._shown.nodes if node.id == data) if self._shown is not None else None
        return f"{self._shown.names[data]}: {node_words(node)}" if self._shown is not None and node is not None else ""

    def _on_points_clicked(self, _points: Any, clicked: Any, _event: Any = None) -> None:
        if len(clicked):
            self.node_wanted.emit(clicked[0].data())

    def _on_points_hovered(self, _points: Any, hovered: Any, _event: Any = None) -> None:
        self.node_pointed_at.emit(hovered[0].data() if len(hovered) else "")


def _decades(low: float, high: float) -> list[list[tuple[float, str]]]:
    """A tick at every power of ten between two ends."""
    return [[(float(power), _power_words(power)) for power in range(ceil(low), floor(high) + 1)]]


def _power_words(power: int) -> str:
    """A power of ten with a decimal prefix: "100 M"."""
    number, _, prefix = quantity.rate(10.0**power).partition(" ")
    return f"{float(number):g} {prefix}".strip()
