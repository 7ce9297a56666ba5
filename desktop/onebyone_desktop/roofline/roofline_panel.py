"""The Roofline panel: how near every node comes to what the machine allows, as a plot and as a table."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from onebyone.measurement.cells import cell_words
from onebyone.measurement.roofline import Bound, PlacedNode, node_words, place, roofs_words, whole_words
from onebyone.quantity import intensity, percent, rate
from onebyone.text import visible
from onebyone_desktop.panels.panel import Panel
from onebyone_desktop.panels.plain import plain_table, plain_words
from onebyone_desktop.roofline.roofline_plot import RooflinePlot, RooflineShown

_COLUMNS = ("Node", "Reaches", "Of the", "Operations a byte", "Operations a second")
_TEXT_COLUMNS = (0, 2)
_BOUNDS: dict[Bound, str] = {"compute": "arithmetic", "memory": "memory", "call": "least time of a call"}


class Roofline(Panel):
    """Follows the cell that is shown; its roofs were measured with that device, number type and threads."""

    #: There is nothing to show, and Measure was pressed.
    measuring_wished = Signal()
    #: The pointer is over a point: the id of its node, or nothing where it has left.
    node_pointed_at = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("panel.roofline", "Roofline", parent)
        self._nodes: tuple[PlacedNode, ...] = ()
        self.plot = RooflinePlot(self)
        self._whole = plain_words(self, "roofline.whole", "")
        self._roofs = plain_words(self, "roofline.roofs", "muted")
        self._node = plain_words(self, "roofline.node", "muted")
        self._make_table()
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self._make_nothing())
        self._stack.addWidget(self._make_content())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 6, 12, 6)
        layout.addWidget(self._stack)
        self.plot.node_wanted.connect(self.node_wanted)
        self.plot.node_pointed_at.connect(self._on_plot_node_pointed_at)
        self.plot.node_pointed_at.connect(self.node_pointed_at)

    def refresh(self) -> None:
        session = self.session
        measured = session.measured if session is not None else None
        roofs = measured.measurement.roofs if measured is not None else None
        self._nodes = place(session.analysis, measured.run, roofs) if session and measured and roofs else ()
        self._stack.setCurrentIndex(1 if self._nodes else 0)
        if session is None or measured is None or roofs is None or not self._nodes:
            self._hint.setText(self._why_nothing(measured is not None))
            self.plot.show_nodes(None, ())
            return
        nodes = session.analysis.design_nodes
        names = {node.id: visible(nodes[node.id].name) for node in self._nodes}
        families = {node.id: nodes[node.id].layer.family for node in self._nodes}
        self._whole.setText(whole_words(self._nodes, measured.run))
        self._roofs.setText("\n".join([cell_words(measured.run), " · ".join(roofs_words(roofs))]))
        self._fill(names)
        self.plot.show_nodes(RooflineShown(roofs, self._nodes, names, families), session.selection)
        self.refresh_selection()

    def refresh_measurement(self) -> None:
        self.refresh()

    def refresh_selection(self) -> None:
        if self.session is None:
            return
        chosen = set(self.session.selection)
        self.plot.show_selection(self.session.selection)
        self._table.blockSignals(True)
        self._table.clearSelection()
        for row, node in enumerate(self._nodes):
            if node.id in chosen:
                self._table.selectRow(row)
        self._table.blockSignals(False)
        self._say_node(next((node for node in self._nodes if node.id in chosen), None))

    def refresh_colours(self) -> None:
        """Follows a new theme."""
        self.plot.refresh_colours()

    @Slot(str)
    def point_at(self, node_id: str) -> None:
        """Marks the point of a node that the pointer is over on the canvas, and says how near it comes."""
        if self.isVisible() and self._nodes:
            self.plot.show_pointed(node_id)
            self._on_plot_node_pointed_at(node_id)

    def _why_nothing(self, is_measured: bool) -> str:
        if is_measured:
            return self.tr("The cell that is shown has no times of nodes or no roofs. Choose another cell, or measure.")
        return self.tr(
            "Measure this design to see how near every node comes to what the arithmetic and the memory of this"
            " machine allow."
        )

    def _make_nothing(self) -> QWidget:
        nothing = QWidget(self)
        self._hint = plain_words(nothing, "roofline.hint", "muted")
        button = QPushButton(self.tr("Measure"), nothing)
        button.setObjectName("roofline.measure")
        button.setProperty("role", "primary")
        button.clicked.connect(self.measuring_wished)
        row = QHBoxLayout()
        row.addWidget(button)
        row.addStretch(1)
        column = QVBoxLayout(nothing)
        column.addWidget(self._hint)
        column.addLayout(row)
        column.addStretch(1)
        return nothing

    def _make_content(self) -> QWidget:
        side = QWidget(self)
        column = QVBoxLayout(side)
        column.setContentsMargins(6, 0, 0, 0)
        column.setSpacing(4)
        for widget in (self._whole, self._roofs, self._node):
            column.addWidget(widget)
        column.addWidget(self._table, 1)
        split = QSplitter(Qt.Orientation.Horizontal, self)
        split.setObjectName("roofline.split")
        split.setChildrenCollapsible(False)
        split.addWidget(self.plot)
        split.addWidget(side)
        split.setStretchFactor(0, 6)
        split.setStretchFactor(1, 5)
        split.setSizes([600, 500])
        self.plot.setMinimumWidth(280)
        return split

    def _make_table(self) -> None:
        headings = [self.tr(words) for words in _COLUMNS]
        self._table = plain_table(self, "roofline.table", self.tr("Nodes below the roofs"), headings)
        self._table.itemSelectionChanged.connect(self._on_table_item_selection_changed)

    def _fill(self, names: dict[str, str]) -> None:
        self._table.blockSignals(True)
        self._table.setRowCount(len(self._nodes))
        for row, node in enumerate(self._nodes):
            for column, text in enumerate(_texts(node, names[node.id])):
                item = QTableWidgetItem(text)
                side = Qt.AlignmentFlag.AlignLeft if column in _TEXT_COLUMNS else Qt.AlignmentFlag.AlignRight
                item.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
                item.setToolTip(node_words(node))
                spoken = text if column == 0 else f"{names[node.id]}, {_COLUMNS[column]}, {text}"
                item.setData(Qt.ItemDataRole.AccessibleTextRole, spoken)
                self._table.setItem(row, column, item)
        self._table.resizeColumnsToContents()
        self._table.blockSignals(False)

    def _say_node(self, node: PlacedNode | None) -> None:
        if node is None or self.session is None:
            self._node.setText(self.tr("Point at a node to read how near it comes; click it to select it."))
            return
        name = visible(self.session.analysis.node(node.id).name)
        self._node.setText(f"{name}: {node_words(node)}.")

    @Slot(str)
    def _on_plot_node_pointed_at(self, node_id: str) -> None:
        chosen = (node_id,) if node_id else (self.session.selection if self.session is not None else ())
        self._say_node(next((node for node in self._nodes if node.id in chosen), None))

    @Slot()
    def _on_table_item_selection_changed(self) -> None:
        rows = sorted(index.row() for index in self._table.selectionModel().selectedRows())
        if self.session is not None and rows:
            self.session.select([self._nodes[row].id for row in rows])


def _texts(node: PlacedNode, name: str) -> tuple[str, ...]:
    across = intensity(node.intensity) if node.operations else "no MACs"
    speed = rate(node.rate) if node.operations else "–"
    return name, percent(node.share_of_roof), _BOUNDS[node.bound], across, speed
