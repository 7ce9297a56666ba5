"""The part of the inspector that is about a group: its colour, what enters and leaves it, what it costs."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QColor, QIcon, QPixmap
from PySide6.QtWidgets import QComboBox, QFormLayout, QWidget

from onebyone import quantity
from onebyone.analysis import Analysis, GroupCosts, group_costs
from onebyone.design import Group
from onebyone_desktop.appearance import theme
from onebyone_desktop.canvas.items.group_look import COLOURS

_SWATCH = 12


class GroupForm(QWidget):
    """Chooses the colour of a group."""

    #: A colour was chosen, by name.
    colour_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._colour = QComboBox(self)
        self._colour.setObjectName("inspector.group.colour")
        self._colour.setAccessibleName(self.tr("Colour"))
        form = QFormLayout(self)
        form.setContentsMargins(0, 6, 0, 0)
        form.addRow(self.tr("Colour"), self._colour)
        self._colour.activated.connect(self._on_colour_activated)

    def show_group(self, group: Group) -> None:
        """Shows a group's colour, in those of the theme."""
        self._colour.clear()
        for name, family in COLOURS.items():
            swatch = QPixmap(_SWATCH, _SWATCH)
            swatch.fill(QColor(theme.current().family(family)))
            self._colour.addItem(QIcon(swatch), name.capitalize(), name)
        self._colour.setCurrentIndex(max(self._colour.findData(group.colour), 0))

    @Slot(int)
    def _on_colour_activated(self, place: int) -> None:
        self.colour_chosen.emit(self._colour.itemData(place))


def group_lines(analysis: Analysis, members: tuple[str, ...]) -> list[str]:
    """What a group costs, a line each: parameters, MACs, memory, and the tensors that enter and leave it."""
    costs = group_costs(analysis, members)
    lines = [f"{len(members):,} nodes"]
    if costs.parameters is not None:
        lines += [
            f"{quantity.count(costs.parameters)} parameters",
            f"{quantity.count(costs.macs)} MACs",
            f"{quantity.byte_size(costs.activation_bytes)} of activations",
        ]
    lines.append(_change(costs))
    return [line for line in lines if line]


def _change(costs: GroupCosts) -> str:
    into = ", ".join(quantity.shape(passage.shape) for passage in costs.entering)
    out = ", ".join(quantity.shape(passage.shape) for passage in costs.leaving)
    return f"{into} → {out}" if into and out else into or out
