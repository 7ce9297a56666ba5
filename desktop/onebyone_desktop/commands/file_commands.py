"""The File menu."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot

from onebyone_desktop.commands.commands import Commands
from onebyone_desktop.files.exporting import Exporting

if TYPE_CHECKING:
    from onebyone_desktop.window.main_window import MainWindow


class FileCommands(Commands):
    """Opens, saves, closes and exports designs."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._documents = window.documents
        self._exporting = Exporting(window, window.documents)

    @Slot()
    def new(self) -> None:
        self._documents.new()

    @Slot()
    def open(self) -> None:
        self._documents.ask_and_open()

    @Slot()
    def save(self) -> None:
        if self._documents.save(self.session):
            self.window.say(self.tr("Saved to {}").format(self.session.path))

    @Slot()
    def save_as(self) -> None:
        self._documents.save_as(self.session)

    @Slot()
    def revert(self) -> None:
        self._documents.revert(self.session)

    @Slot()
    def close(self) -> None:
        self.window.close_session(self.session)

    @Slot()
    def reopen(self) -> None:
        self.window.workspace.reopen()

    @Slot()
    def export_diagram(self) -> None:
        self._exporting.diagram(self.session)

    @Slot()
    def export_source(self) -> None:
        self._exporting.source(self.session)

    @Slot()
    def export_report(self) -> None:
        self._exporting.report(self.session)

    @Slot()
    def quit(self) -> None:
        self.window.close()
