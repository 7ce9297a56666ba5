"""The Insert menu."""

from onebyone_desktop.commands.commands import Commands
from onebyone_desktop.panels.palette import Palette


class InsertCommands(Commands):
    """Finds layers to add."""

    def layer(self) -> None:
        self.desk.workspace.show_designs()
        self.canvas.searching.open_at_pointer()

    def search(self) -> None:
        self.desk.panels.get("palette", Palette).focus_search()
