"""Weights of a small 1×1 convolution set by hand, with the maps that they make beside them."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QScrollArea,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from onebyone.channels import MAX_WEIGHT, Channels, Matrix, Preset, preset
from onebyone_desktop.appearance import theme
from onebyone_desktop.channels.channels_words import figure
from onebyone_desktop.channels.maps_page import MapGrid
from onebyone_desktop.panels.plain import ROW_HEIGHT, plain_words

_PRESETS: tuple[tuple[Preset, str, str], ...] = (
    ("identity", "Identity", "Every output is the input of its number"),
    ("average", "Average", "Every output is the mean of all inputs"),
    ("difference", "Difference", "Every output is one input minus the next one"),
    ("luma", "RGB to luma (BT.601)", "0.299 red + 0.587 green + 0.114 blue, as ITU-R BT.601 weighs them"),
)
_SIDE = 84


class HandPage(QWidget):
    """A table to type weights in, presets, and the maps that follow."""

    #: Other weights are to be used: rows of numbers, or None for the seeded ones.
    weights_wished = Signal(object)
    #: A map was chosen: the number of its channel.
    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._weights: Matrix = ()
        self._table = QTableWidget(self)
        self._table.setObjectName("channels.hand_table")
        self._table.setAccessibleName(self.tr("Weights: a row for each output, a column for each input"))
        self._table.setTabKeyNavigation(False)
        self._table.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        self._table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self._table.horizontalHeader().setDefaultSectionSize(56)
        self._table.horizontalHeader().setMinimumSectionSize(48)
        self._table.itemChanged.connect(self._on_table_item_changed)
        self._note = plain_words(self, "channels.hand_note", "muted")
        self._refusal = plain_words(self, "channels.hand_refusal", "error")
        self._refusal.hide()
        self._box = QComboBox(self)
        self._box.setObjectName("channels.hand_preset")
        self._box.setAccessibleName(self.tr("Weights in use"))
        self._box.activated.connect(self._on_box_activated)
        self.grid = MapGrid("channels.hand_maps", self.tr("Feature maps of these weights"), _SIDE, self)
        self.grid.chosen.connect(self.chosen)
        self._arrange()

    def show_weights(self, weights: Matrix, is_by_hand: bool, first_input: int = 0) -> None:
        """Shows the weights that are in force."""
        self._weights = weights
        rows, columns = len(weights), len(weights[0])
        self._table.blockSignals(True)
        self._table.setRowCount(rows)
        self._table.setColumnCount(columns)
        self._table.setVerticalHeaderLabels([self.tr("out {}").format(row) for row in range(rows)])
        self._table.setHorizontalHeaderLabels(
            [self.tr("in {}").format(first_input + place) for place in range(columns)]
        )
        for row, values in enumerate(weights):
            for column, value in enumerate(values):
                self._write(row, column, value)
        self._table.blockSignals(False)
        self._fill_box(weights, is_by_hand)
        self._note.setText(
            self.tr("With a bias of 0. The design file does not keep these weights.")
            if is_by_hand
            else self.tr("Type other weights or take a preset; the design file does not keep them.")
        )
        self._refuse("")

    def show_answer(self, answer: Channels, channel: int) -> None:
        """Shows the maps that the weights make."""
        self.grid.show_maps(answer.maps, channel)

    def refresh_colours(self) -> None:
        """Follows a new theme."""
        if self._weights:
            self._table.blockSignals(True)
            for row, values in enumerate(self._weights):
                for column, value in enumerate(values):
                    self._write(row, column, value)
            self._table.blockSignals(False)

    def _write(self, row: int, column: int, value: float) -> None:
        item = self._table.item(row, column)
        if item is None:
            item = QTableWidgetItem()
            item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self._table.setItem(row, column, item)
        item.setText(figure(value))
        tokens = theme.current()
        colour = tokens.text if value == 0 else tokens.pointwise if value > 0 else tokens.convolution
        item.setForeground(QColor(colour))

    def _fill_box(self, weights: Matrix, is_by_hand: bool) -> None:
        """Offers the presets that fit, and says which of them is in force."""
        rows, columns = len(weights), len(weights[0])
        self._box.clear()
        self._box.addItem(self.tr("Seeded weights"), "seeded")
        for name, title, tip in _PRESETS:
            values = preset(name, rows, columns)
            if values is not None:
                self._box.addItem(self.tr(title), name)
                self._box.setItemData(self._box.count() - 1, self.tr(tip), Qt.ItemDataRole.ToolTipRole)
                if is_by_hand and values == weights:
                    self._box.setCurrentIndex(self._box.count() - 1)
        if is_by_hand and self._box.currentIndex() == 0:
            self._box.addItem(self.tr("Typed weights"), "typed")
            self._box.setCurrentIndex(self._box.count() - 1)

    def _refuse(self, sentence: str) -> None:
        self._refusal.setText(sentence)
        self._refusal.setVisible(bool(sentence))

    def _arrange(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(4)
        left.addWidget(self._box)
        left.addWidget(self._table, 1)
        left.addWidget(self._refusal)
        left.addWidget(self._note)
        area = QScrollArea(self)
        area.setObjectName("channels.hand_area")
        area.setAccessibleName(self.tr("Feature maps of these weights"))
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(self.grid)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 6, 0, 0)
        layout.addLayout(left, 1)
        layout.addWidget(area, 1)

    @Slot(QTableWidgetItem)
    def _on_table_item_changed(self, item: QTableWidgetItem) -> None:
        row, column = item.row(), item.column()
        typed = item.text().strip()
        before = self._weights[row][column]
        value = _number(typed)
        self._table.blockSignals(True)
        self._write(row, column, before if value is None else value)
        self._table.blockSignals(False)
        if value is None:
            limit = f"{MAX_WEIGHT:,.0f}"
            self._refuse(self.tr("'{}' is no weight; a number from −{} to {} is.").format(typed[:40], limit, limit))
            return
        self._refuse("")
        if typed == figure(before):
            # Written as it was read: the digits that are not shown stay.
            return
        rows = [list(values) for values in self._weights]
        rows[row][column] = value
        self.weights_wished.emit(tuple(tuple(values) for values in rows))

    @Slot(int)
    def _on_box_activated(self, place: int) -> None:
        chosen = self._box.itemData(place)
        if chosen == "seeded":
            self.weights_wished.emit(None)
        elif chosen != "typed":
            self.weights_wished.emit(preset(chosen, len(self._weights), len(self._weights[0])))


def _number(text: str) -> float | None:
    """The weight that a text means; None where it means none."""
    try:
        value = float(text.replace("−", "-").replace(",", "."))
    except ValueError:
        return None
    return value if abs(value) <= MAX_WEIGHT else None
