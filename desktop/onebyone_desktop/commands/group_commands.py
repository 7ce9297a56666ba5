"""The Group menu."""

from PySide6.QtCore import Slot

from onebyone_desktop.commands.commands import Commands


class GroupCommands(Commands):
    """Frames nodes, and collapses and expands the frames."""

    @Slot()
    def group(self) -> None:
        self.canvas.group_editing.group()

    @Slot()
    def ungroup(self) -> None:
        self.canvas.group_editing.ungroup()

    @Slot()
    def toggle(self) -> None:
        self.canvas.group_editing.toggle()

    @Slot()
    def collapse_all(self) -> None:
        self.canvas.group_editing.set_all_collapsed(True)

    @Slot()
    def expand_all(self) -> None:
        self.canvas.group_editing.set_all_collapsed(False)
