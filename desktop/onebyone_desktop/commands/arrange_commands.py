"""The Arrange menu."""

from onebyone_desktop.commands.commands import Commands


class ArrangeCommands(Commands):
    """Lays nodes out, aligns and distributes them."""

    def all(self) -> None:
        self.canvas.arranging.all()

    def selection(self) -> None:
        self.canvas.arranging.selection()

    def left_to_right(self) -> None:
        self.canvas.arranging.turn()

    def left(self) -> None:
        self.canvas.arranging.align("left")

    def centre(self) -> None:
        self.canvas.arranging.align("centre")

    def right(self) -> None:
        self.canvas.arranging.align("right")

    def top(self) -> None:
        self.canvas.arranging.align("top")

    def middle(self) -> None:
        self.canvas.arranging.align("middle")

    def bottom(self) -> None:
        self.canvas.arranging.align("bottom")

    def across(self) -> None:
        self.canvas.arranging.distribute("across")

    def down(self) -> None:
        self.canvas.arranging.distribute("down")
