"""The Help menu."""

from typing import TYPE_CHECKING

from onebyone_desktop.commands.commands import Commands
from onebyone_desktop.teaching.lesson_panel import LessonPanel

if TYPE_CHECKING:
    from onebyone_desktop.dialogs.shortcuts_sheet import ShortcutsSheet
    from onebyone_desktop.window.desk import Desk


class HelpCommands(Commands):
    """Begins lessons, says which keys there are and which versions are in use."""

    def __init__(self, desk: "Desk") -> None:
        super().__init__(desk)
        self._sheet: ShortcutsSheet | None = None

    def mixing(self) -> None:
        self._begin("mixing")

    def arithmetic(self) -> None:
        self._begin("arithmetic")

    def bottleneck(self) -> None:
        self._begin("bottleneck")

    def clock(self) -> None:
        self._begin("clock")

    def shortcuts(self) -> None:
        if self._sheet is None:
            from onebyone_desktop.dialogs.shortcuts_sheet import ShortcutsSheet

            self._sheet = ShortcutsSheet(self.desk.window)
        self._sheet.open_fresh()

    def about(self) -> None:
        from onebyone_desktop.dialogs.about_dialog import AboutDialog

        dialog = AboutDialog(self.desk.window)
        dialog.exec()
        dialog.deleteLater()

    def _begin(self, lesson: str) -> None:
        self.desk.panels.get("lesson", LessonPanel).lesson_wished.emit(lesson)
