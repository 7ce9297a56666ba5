"""The View menu."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot

from onebyone_desktop.commands.commands import Commands

if TYPE_CHECKING:
    from onebyone_desktop.dialogs.command_palette import CommandPalette
    from onebyone_desktop.window.main_window import MainWindow


class ViewCommands(Commands):
    """Moves the view and turns to other tabs."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._palette: CommandPalette | None = None

    @Slot()
    def zoom_in(self) -> None:
        self.canvas.zoom_in()

    @Slot()
    def zoom_out(self) -> None:
        self.canvas.zoom_out()

    @Slot()
    def reset_zoom(self) -> None:
        self.canvas.reset_zoom()

    @Slot()
    def fit(self) -> None:
        self.canvas.fit_all()

    @Slot()
    def fit_selection(self) -> None:
        self.canvas.fit_selection()

    @Slot()
    def heat_colours(self) -> None:
        heat = self.window.workspace.heat
        heat.colour(not heat.is_coloured)

    @Slot()
    def commands(self) -> None:
        # The table of actions imports what commands need.
        from onebyone_desktop.window.actions import reasons_off

        if self._palette is None:
            from onebyone_desktop.dialogs.command_palette import CommandPalette

            self._palette = CommandPalette(self.window)
            self._palette.command_run.connect(self.window.settings.remember_command)
        self._palette.open(self.window.settings.recent_commands, reasons_off())

    @Slot()
    def next_tab(self) -> None:
        self.window.workspace.show_neighbour(1)

    @Slot()
    def previous_tab(self) -> None:
        self.window.workspace.show_neighbour(-1)

    @Slot()
    def next_area(self) -> None:
        self.window.areas.go(1)

    @Slot()
    def previous_area(self) -> None:
        self.window.areas.go(-1)
