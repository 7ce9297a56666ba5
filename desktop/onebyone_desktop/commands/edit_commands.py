"""The Edit menu."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QApplication

from onebyone_desktop.commands.commands import Commands


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
    def select_all(self) -> None:
        self.canvas.select_all()

    @Slot()
    def rename(self) -> None:
        self.window.inspector.edit_name()
