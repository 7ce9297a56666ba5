"""The Insert menu."""

from PySide6.QtCore import Slot

from onebyone_desktop.commands.commands import Commands


class InsertCommands(Commands):
    """Finds layers to add."""

    @Slot()
    def layer(self) -> None:
        self.window.workspace.show_designs()
        self.canvas.searching.open_at_pointer()

    @Slot()
    def search(self) -> None:
        self.window.palette_panel.focus_search()
