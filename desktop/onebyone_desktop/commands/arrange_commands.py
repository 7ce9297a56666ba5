"""The Arrange menu."""

from PySide6.QtCore import Slot

from onebyone_desktop.commands.commands import Commands


class ArrangeCommands(Commands):
    """Lays nodes out."""

    @Slot()
    def all(self) -> None:
        self.canvas.editing.arrange()
