"""The inputs of a merge in their order, which can be changed by dragging or with Alt+Up and Alt+Down."""

from PySide6.QtCore import QModelIndex, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QWidget

from onebyone import quantity
from onebyone.analysis import Analysis
from onebyone.design import Node
from onebyone.text import visible
from onebyone_desktop.panels.plain import ROW_HEIGHT

_MOST_ROWS = 8


class InputList(QListWidget):
    """A row for each input: its place, the node it comes from, its shape."""

    #: An input was moved from one place to another.
    input_moved = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("inspector.inputs")
        self.setAccessibleName(self.tr("Inputs in order"))
        self.setToolTip(self.tr("Drag to change the order, or press Alt+Up and Alt+Down"))
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.model().rowsMoved.connect(self._on_model_rows_moved)

    def show_inputs(self, node: Node, analysis: Analysis) -> None:
        """Shows the inputs of a node; nothing where their order does not matter."""
        self.setVisible(len(node.inputs) > 1)
        texts = [_words(place, source, analysis) for place, source in enumerate(node.inputs, start=1)]
        if texts == [self.item(row).text() for row in range(self.count())]:
            return
        row = self.currentRow()
        self.clear()
        self.addItems(texts)
        for place in range(self.count()):
            self.item(place).setSizeHint(QSize(0, ROW_HEIGHT))
        self.setCurrentRow(min(row, self.count() - 1))
        self.setFixedHeight(min(self.count(), _MOST_ROWS) * ROW_HEIGHT + 2 * self.frameWidth() + 2)

    @Slot(QModelIndex, int, int, QModelIndex, int)
    def _on_model_rows_moved(self, _from: QModelIndex, start: int, _end: int, _to: QModelIndex, before: int) -> None:
        self.input_moved.emit(start, before - 1 if before > start else before)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
        row = self.currentRow()
        if not step or not event.modifiers() & Qt.KeyboardModifier.AltModifier:
            super().keyPressEvent(event)
        elif row >= 0 and 0 <= row + step < self.count():
            self.setCurrentRow(row + step)
            self.input_moved.emit(row, row + step)


def _words(place: int, source: str, analysis: Analysis) -> str:
    node = analysis.design_nodes.get(source)
    if node is None:
        return f"{place}  {source}"
    return f"{place}  {visible(node.name)}  {quantity.shape(analysis.nodes[source].shape)}"
