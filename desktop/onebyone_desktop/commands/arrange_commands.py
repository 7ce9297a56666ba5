"""The Arrange menu."""

from PySide6.QtCore import Slot

from onebyone_desktop.commands.commands import Commands


class ArrangeCommands(Commands):
    """Lays nodes out, aligns and distributes them."""

    @Slot()
    def all(self) -> None:
        self.canvas.arranging.all()

    @Slot()
    def selection(self) -> None:
        self.canvas.arranging.selection()

    @Slot()
    def left_to_right(self) -> None:
        self.canvas.arranging.turn()

    @Slot()
    def left(self) -> None:
        self.canvas.arranging.align("left")

    @Slot()
    def centre(self) -> None:
        self.canvas.arranging.align("centre")

    @Slot()
    def right(self) -> None:
        self.canvas.arranging.align("right")

    @Slot()
    def top(self) -> None:
        self.canvas.arranging.align("top")

    @Slot()
    def middle(self) -> None:
        self.canvas.arranging.align("middle")

    @Slot()
    def bottom(self) -> None:
        self.canvas.arranging.align("bottom")

    @Slot()
    def across(self) -> None:
        self.canvas.arranging.distribute("across")

    @Slot()
    def down(self) -> None:
        self.canvas.arranging.distribute("down")
