"""The Help menu."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot

from onebyone_desktop.commands.commands import Commands

if TYPE_CHECKING:
    from onebyone_desktop.dialogs.shortcuts_sheet import ShortcutsSheet
    from onebyone_desktop.window.main_window import MainWindow


class HelpCommands(Commands):
    """Begins lessons, says which keys there are and which versions are in use."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._sheet: ShortcutsSheet | None = None

    @Slot()
    def mixing(self) -> None:
        self.window.teaching.start("mixing")

    @Slot()
    def arithmetic(self) -> None:
        self.window.teaching.start("arithmetic")

    @Slot()
    def bottleneck(self) -> None:
        self.window.teaching.start("bottleneck")

    @Slot()
    def clock(self) -> None:
        self.window.teaching.start("clock")

    @Slot()
    def shortcuts(self) -> None:
        # The table of actions imports what commands need.
        if self._sheet is None:
            from onebyone_desktop.dialogs.shortcuts_sheet import ShortcutsSheet

            self._sheet = ShortcutsSheet(self.window)
        self._sheet.open_fresh()

    @Slot()
    def about(self) -> None:
        from onebyone_desktop.dialogs.about_dialog import AboutDialog

        dialog = AboutDialog(self.window)
        dialog.exec()
        dialog.deleteLater()
