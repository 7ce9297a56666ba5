"""The Group menu."""

from onebyone_desktop.commands.commands import Commands


class GroupCommands(Commands):
    """Frames nodes, and collapses and expands the frames."""

    def group(self) -> None:
        self.canvas.group_editing.group()

    def ungroup(self) -> None:
        self.canvas.group_editing.ungroup()

    def toggle(self) -> None:
        self.canvas.group_editing.toggle()

    def collapse_all(self) -> None:
        self.canvas.group_editing.set_all_collapsed(True)

    def expand_all(self) -> None:
        self.canvas.group_editing.set_all_collapsed(False)
