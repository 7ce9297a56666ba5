"""The View menu."""

from PySide6.QtCore import Slot

from onebyone_desktop.commands.commands import Commands


class ViewCommands(Commands):
    """Moves the view and turns to other tabs."""

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
        self.window.show_heat_colours(not self.session.is_heat_coloured)

    @Slot()
    def next_tab(self) -> None:
        self.window.workspace.show_neighbour(1)

    @Slot()
    def previous_tab(self) -> None:
        self.window.workspace.show_neighbour(-1)
