"""The Edit menu."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QApplication

from onebyone_desktop.commands.commands import Commands
from onebyone_desktop.window.context_menu import make_fix_menu


class EditCommands(Commands):
    """Takes changes back, and copies, deletes and arranges what is selected."""

    @Slot()
    def undo(self) -> None:
        self.session.undo()

    @Slot()
    def redo(self) -> None:
        self.session.redo()

    @Slot()
    def cut(self) -> None:
        self.copy()
        self.canvas.editing.delete()

    @Slot()
    def copy(self) -> None:
        text = self.canvas.editing.copied()
        if text:
            QApplication.clipboard().setText(text)

    @Slot()
    def paste(self) -> None:
        self.canvas.editing.paste(QApplication.clipboard().text())

    @Slot()
    def duplicate(self) -> None:
        self.canvas.editing.duplicate()

    @Slot()
    def delete(self) -> None:
        self.canvas.editing.delete()

    @Slot()
    def dissolve(self) -> None:
        self.canvas.editing.dissolve()

    @Slot()
    def bypass(self) -> None:
        self.canvas.editing.toggle_bypass()

    @Slot()
    def fix(self) -> None:
        menu = make_fix_menu(self.window, self.session)
        fixes = menu.actions()
        if len(fixes) == 1:
            fixes[0].trigger()
        elif fixes:
            menu.popup(self.canvas.place_of(self.session.selection))
            menu.aboutToHide.connect(menu.deleteLater)
            return
        menu.deleteLater()

    @Slot()
    def preferences(self) -> None:
        self.window.preferring.open_dialog()

    @Slot()
    def select_all(self) -> None:
        self.canvas.select_all()

    @Slot()
    def find(self) -> None:
        self.window.workspace.find_bar.open()

    @Slot()
    def rename(self) -> None:
        self.window.inspector.edit_name()
