"""The View menu."""

from typing import TYPE_CHECKING

from onebyone_desktop.commands.commands import Commands
from onebyone_desktop.window.actions import reasons_off

if TYPE_CHECKING:
    from onebyone_desktop.dialogs.command_palette import CommandPalette
    from onebyone_desktop.window.desk import Desk


class ViewCommands(Commands):
    """Moves the view and turns to other tabs."""

    def __init__(self, desk: "Desk") -> None:
        super().__init__(desk)
        self._palette: CommandPalette | None = None

    def zoom_in(self) -> None:
        self.canvas.zoom_in()

    def zoom_out(self) -> None:
        self.canvas.zoom_out()

    def reset_zoom(self) -> None:
        self.canvas.reset_zoom()

    def fit(self) -> None:
        self.canvas.fit_all()

    def fit_selection(self) -> None:
        self.canvas.fit_selection()

    def heat_colours(self) -> None:
        heat = self.desk.workspace.heat
        heat.colour(not heat.is_coloured)

    def commands(self) -> None:
        if self._palette is None:
            from onebyone_desktop.dialogs.command_palette import CommandPalette

            self._palette = CommandPalette(self.desk.window)
            self._palette.command_run.connect(self.desk.settings.remember_command)
        self._palette.open(self.desk.settings.recent_commands, reasons_off())

    def next_tab(self) -> None:
        self.desk.workspace.show_neighbour(1)

    def previous_tab(self) -> None:
        self.desk.workspace.show_neighbour(-1)

    def next_area(self) -> None:
        self.desk.area_wished.emit(1)

    def previous_area(self) -> None:
        self.desk.area_wished.emit(-1)
