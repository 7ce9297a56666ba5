"""Which quantity all canvases of a window show as heat, and whether nodes are coloured by it."""

from typing import Literal

from PySide6.QtCore import QObject, Signal, Slot

Heat = Literal["parameters", "macs", "memory", "latency"]


class HeatChoice(QObject):
    """The choice of a window; the canvases of its tabs follow it, those opened later too."""

    #: Another quantity is shown, or the nodes are coloured or plain by now.
    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._quantity: Heat = "macs"
        self._is_coloured = False

    @property
    def quantity(self) -> Heat:
        """The quantity shown as bars on the nodes."""
        return self._quantity

    @property
    def is_coloured(self) -> bool:
        """Whether the nodes are coloured by their heat."""
        return self._is_coloured

    @Slot(str)
    def show(self, quantity: Heat) -> None:
        """Shows another quantity on the nodes."""
        if quantity != self._quantity:
            self._quantity = quantity
            self.changed.emit()

    def colour(self, is_coloured: bool) -> None:
        """Colours the nodes by their heat, or leaves them plain."""
        if is_coloured != self._is_coloured:
            self._is_coloured = is_coloured
            self.changed.emit()
