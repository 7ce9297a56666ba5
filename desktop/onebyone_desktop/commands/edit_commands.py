"""The Edit menu."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from onebyone_desktop.commands.commands import Commands
from onebyone_desktop.window.context_menu import make_fix_menu

if TYPE_CHECKING:
    from onebyone_desktop.dialogs.preferences_dialog import PreferencesDialog
    from onebyone_desktop.window.desk import Desk


class EditCommands(Commands):
    """Takes changes back, and copies, deletes and arranges what is selected."""

    def __init__(self, desk: "Desk") -> None:
        super().__init__(desk)
        self._preferences: PreferencesDialog | None = None

    def undo(self) -> None:
        self.session.undo()

    def redo(self) -> None:
        self.session.redo()

    def cut(self) -> None:
        self.copy()
        self.canvas.editing.delete()

    def copy(self) -> None:
        text = self.canvas.editing.copied()
        if text:
            QApplication.clipboard().setText(text)

    def paste(self) -> None:
        self.canvas.editing.paste(QApplication.clipboard().text())

    def duplicate(self) -> None:
        self.canvas.editing.duplicate()

    def delete(self) -> None:
        self.canvas.editing.delete()

    def dissolve(self) -> None:
        self.canvas.editing.dissolve()

    def bypass(self) -> None:
        self.canvas.editing.toggle_bypass()

    def fix(self) -> None:
        menu = make_fix_menu(self.desk.window, self.session)
        fixes = menu.actions()
        if len(fixes) == 1:
            fixes[0].trigger()
        elif fixes:
            menu.popup(self.canvas.place_of(self.session.selection))
            menu.aboutToHide.connect(menu.deleteLater)
            return
        menu.deleteLater()

    def preferences(self) -> None:
        from onebyone_desktop.dialogs.preferences_dialog import PreferencesDialog

        if self._preferences is None:
            measuring = self.desk.measuring
            self._preferences = PreferencesDialog(self.desk.settings, self.desk.window)
            self._preferences.devices_wished.connect(measuring.list_devices)
            measuring.devices_listed.connect(self._preferences.offer_devices)
        self._preferences.show()
        self._preferences.raise_()
        self._preferences.activateWindow()

    def select_all(self) -> None:
        self.canvas.select_all()

    def find(self) -> None:
        self.desk.workspace.find_bar.open()

    def rename(self) -> None:
        from onebyone_desktop.inspector.inspector import Inspector

        self.desk.panels.get("inspector", Inspector).edit_name()
