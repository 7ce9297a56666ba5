"""The fields that a sweep goes through: for each a box of all whole numbers of the design, and a range."""

from collections.abc import Sequence

import msgspec
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QSpinBox, QToolButton, QVBoxLayout, QWidget

from onebyone.design import Design, Node
from onebyone.layers.fields import Field
from onebyone.sweep.variation import MAX_FIELDS, Variation, whole_number_fields
from onebyone.text import visible
from onebyone_desktop.appearance.icons import icon

_WIDTH = "out_channels"
_STEPS_TO_NOW = 8
_LARGEST = 2**20


class FieldRange(msgspec.Struct, frozen=True):
    """A field of a node and the range that it goes through, both ends included."""

    node: str
    field: str
    first: int
    last: int
    step: int

    @property
    def variation(self) -> Variation:
        """The values; the last one only where a step lands on it."""
        return Variation(self.node, self.field, tuple(range(self.first, self.last + 1, self.step)))


def offered_fields(design: Design) -> list[tuple[Node, Field]]:
    """All that can be varied, in the order of the nodes; the width of a node first."""
    found = []
    for node in design.nodes:
        fields = sorted(whole_number_fields(node), key=lambda field: field.name != _WIDTH)
        found += [(node, field) for field in fields]
    return found


def usual_range(node: Node, field: Field) -> FieldRange:
    """From an eighth of the present value to twice of it, so that the present one is among them."""
    now = getattr(node.layer, field.name) or 1
    most = int(field.maximum or _LARGEST)
    step = max(now // _STEPS_TO_NOW, 1)
    first = max(int(field.minimum or 0), now - step * ((now - 1) // step))
    last = min(most, now * 2) if now > 1 else min(most, _STEPS_TO_NOW)
    return FieldRange(node.id, field.name, first, max(first, last), step)


def first_choice(design: Design, selection: Sequence[str]) -> FieldRange | None:
    """What to begin with: the width of the selected node, of the first reduction, or what there is."""
    offered = offered_fields(design)
    chosen = next((pair for pair in offered if pair[0].id in selection), None)
    chosen = chosen or _most_telling(design, offered)
    return None if chosen is None else usual_range(*chosen)


def _most_telling(design: Design, offered: Sequence[tuple[Node, Field]]) -> tuple[Node, Field] | None:
    """The width of a 1×1 in front of a larger convolution, of another 1×1, another width, or any field."""
    larger = {source for node in design.nodes if node.layer.family == "convolution" for source in node.inputs}
    widths = [(node, field) for node, field in offered if field.name == _WIDTH]
    ones = [(node, field) for node, field in widths if node.layer.family == "pointwise"]
    reductions = [(node, field) for node, field in ones if node.id in larger]
    return next(iter((*reductions, *ones, *widths, *offered)), None)


class FieldRow(QWidget):
    """One field and its range."""

    #: Another field or range is chosen.
    changed = Signal()
    #: The row is to go.
    removal_wished = Signal()

    def __init__(self, number: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"sweep.row{number}")
        self._design: Design | None = None
        self._pairs: list[tuple[str, str]] = []
        self._box = QComboBox(self)
        self._box.setObjectName(f"sweep.field{number}")
        self._box.setAccessibleName(self.tr("Field {} to vary").format(number))
        self._box.setToolTip(self.tr("The field that is varied"))
        self._box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._box.setMinimumContentsLength(12)
        self._first = self._spin(f"sweep.first{number}", self.tr("from "), self.tr("First value of field {}"), number)
        self._last = self._spin(f"sweep.last{number}", self.tr("to "), self.tr("Last value of field {}"), number)
        self._step = self._spin(f"sweep.step{number}", self.tr("by "), self.tr("Step of field {}"), number)
        self._remove = QToolButton(self)
        self._remove.setObjectName(f"sweep.remove{number}")
        self._remove.setIcon(icon("close"))
        self._remove.setAutoRaise(True)
        self._remove.setAccessibleName(self.tr("Remove field {}").format(number))
        self._remove.setToolTip(self.tr("Do not vary this field"))
        head, ends = QHBoxLayout(), QHBoxLayout()
        head.addWidget(self._box, 1)
        head.addWidget(self._remove)
        for spin in (self._first, self._last, self._step):
            ends.addWidget(spin, 1)
            spin.valueChanged.connect(self._on_spin_value_changed)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        for row in (rows, head, ends):
            row.setSpacing(4)
        rows.addLayout(head)
        rows.addLayout(ends)
        self._box.activated.connect(self._on_box_activated)
        self._remove.clicked.connect(self.removal_wished)

    @property
    def range(self) -> FieldRange | None:
        """What is chosen; None where nothing can be."""
        place = self._box.currentIndex()
        if place < 0:
            return None
        node, field = self._pairs[place]
        return FieldRange(node, field, self._first.value(), self._last.value(), self._step.value())

    def show_range(self, design: Design, shown: FieldRange, is_only: bool) -> None:
        """Offers the fields of a design and shows a range."""
        self._design = design
        self._remove.setVisible(not is_only)
        offered = [(node.id, field.name) for node, field in offered_fields(design)]
        titles = {node.id: visible(node.name) for node in design.nodes}
        self._box.blockSignals(True)
        words = [f"{titles[node_id]} · {name}" for node_id, name in offered]
        if [self._box.itemText(place) for place in range(self._box.count())] != words:
            self._box.clear()
            self._box.addItems(words)
        self._pairs = offered
        self._box.setCurrentIndex(next((i for i, pair in enumerate(offered) if pair == (shown.node, shown.field)), -1))
        self._box.setToolTip(self._box.currentText())
        self._box.blockSignals(False)
        self._show_range(shown)
        self.setVisible(True)

    def _show_range(self, shown: FieldRange) -> None:
        field = next((f for node, f in self._offered() if (node.id, f.name) == (shown.node, shown.field)), None)
        least = int(field.minimum or 0) if field is not None else 0
        most = int(field.maximum or _LARGEST) if field is not None else _LARGEST
        for spin, value, lowest in (
            (self._first, shown.first, least),
            (self._last, shown.last, least),
            (self._step, shown.step, 1),
        ):
            spin.blockSignals(True)
            spin.setRange(lowest, most)
            if spin.value() != value:
                spin.setValue(value)
            spin.blockSignals(False)

    def _offered(self) -> list[tuple[Node, Field]]:
        return [] if self._design is None else offered_fields(self._design)

    def _spin(self, name: str, prefix: str, words: str, number: int) -> QSpinBox:
        spin = QSpinBox(self)
        spin.setObjectName(name)
        spin.setPrefix(prefix)
        spin.setAccessibleName(words.format(number))
        spin.setToolTip(words.format(number))
        # The largest number there is would make it far too wide.
        spin.setMinimumWidth(78)
        spin.setMaximumWidth(140)
        spin.setKeyboardTracking(False)
        return spin

    @Slot(int)
    def _on_spin_value_changed(self, _value: int) -> None:
        self.changed.emit()

    @Slot(int)
    def _on_box_activated(self, place: int) -> None:
        for node, field in self._offered():
            if (node.id, field.name) == self._pairs[place]:
                self._show_range(usual_range(node, field))
        self._box.setToolTip(self._box.currentText())
        self.changed.emit()


class SweepFields(QWidget):
    """Up to three rows."""

    #: Other fields or ranges are chosen.
    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._design: Design | None = None
        self._ranges: list[FieldRange] = []
        self._rows = [FieldRow(number + 1, self) for number in range(MAX_FIELDS)]
        self._add = QPushButton(self)
        self._add.setObjectName("sweep.add")
        self._add.setText(self.tr("Vary another field"))
        self._add.setAccessibleName(self._add.text())
        self._add.setToolTip(self.tr("Up to three fields are varied together; every combination is a variant"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 4, 0)
        layout.setSpacing(8)
        for row in self._rows:
            layout.addWidget(row)
            row.changed.connect(self._on_row_changed)
            row.removal_wished.connect(self._on_row_removal_wished)
        layout.addWidget(self._add, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addStretch(1)
        self._add.clicked.connect(self._on_add_clicked)

    @property
    def ranges(self) -> tuple[FieldRange, ...]:
        """What is chosen."""
        return tuple(self._ranges)

    def show_ranges(self, design: Design, ranges: Sequence[FieldRange]) -> None:
        """Shows what is chosen for a design."""
        self._design, self._ranges = design, list(ranges)
        for row, shown in zip(self._rows, self._ranges, strict=False):
            row.show_range(design, shown, is_only=len(self._ranges) == 1)
        for row in self._rows[len(self._ranges) :]:
            row.setVisible(False)
        self._add.setVisible(bool(self._ranges) and len(self._ranges) < MAX_FIELDS and self._free() is not None)

    def _free(self) -> FieldRange | None:
        """Another field to vary: the most telling one that is not varied yet."""
        if self._design is None:
            return None
        taken = {(shown.node, shown.field) for shown in self._ranges}
        offered = [(node, f) for node, f in offered_fields(self._design) if (node.id, f.name) not in taken]
        chosen = _most_telling(self._design, offered)
        return None if chosen is None else usual_range(*chosen)

    @Slot()
    def _on_row_changed(self) -> None:
        rows = self._rows[: len(self._ranges)]
        self._ranges = [row.range or before for row, before in zip(rows, self._ranges, strict=True)]
        self.changed.emit()

    @Slot()
    def _on_row_removal_wished(self) -> None:
        place = next(place for place, row in enumerate(self._rows) if row is self.sender())
        if self._design is not None and len(self._ranges) > 1:
            del self._ranges[place]
            self.show_ranges(self._design, self._ranges)
            self.changed.emit()

    @Slot()
    def _on_add_clicked(self) -> None:
        another = self._free()
        if self._design is not None and another is not None:
            self.show_ranges(self._design, [*self._ranges, another])
            self.changed.emit()
