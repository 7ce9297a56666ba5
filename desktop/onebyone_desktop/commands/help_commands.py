"""The Help menu."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QMessageBox

from onebyone_desktop.commands.commands import Commands


class HelpCommands(Commands):
    """Says which keys there are and which versions are in use."""

    @Slot()
    def shortcuts(self) -> None:
        from onebyone_desktop.about import shortcuts_text

        self._show_text(self.tr("Keyboard shortcuts"), shortcuts_text(self.window.actions_by_name.values()))

    @Slot()
    def about(self) -> None:
        from onebyone_desktop.about import versions_text

        self._show_text(self.tr("About OneByOne"), versions_text())

    def _show_text(self, title: str, text: str) -> None:
        box = QMessageBox(self.window)
        box.setWindowTitle(title)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        box.setText(text)
        box.exec()
        box.deleteLater()
