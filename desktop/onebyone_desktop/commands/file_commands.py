"""The File menu."""

from typing import TYPE_CHECKING

from onebyone_desktop.commands.commands import Commands
from onebyone_desktop.files.exporting import Exporting

if TYPE_CHECKING:
    from onebyone_desktop.window.desk import Desk


class FileCommands(Commands):
    """Opens, saves, closes and exports designs."""

    def __init__(self, desk: "Desk") -> None:
        super().__init__(desk)
        self._documents = desk.documents
        self._exporting = Exporting(desk)

    def new(self) -> None:
        self._documents.new()

    def open(self) -> None:
        self._documents.ask_and_open()

    def save(self) -> None:
        if self._documents.save(self.session):
            self.desk.say(self.tr("Saved to {}").format(self.session.path))

    def save_as(self) -> None:
        self._documents.save_as(self.session)

    def revert(self) -> None:
        self._documents.revert(self.session)

    def close(self) -> None:
        self._documents.close(self.session)

    def reopen(self) -> None:
        self.desk.workspace.reopen()

    def export_diagram(self) -> None:
        self._exporting.diagram(self.session)

    def export_source(self) -> None:
        self._exporting.source(self.session)

    def export_report(self) -> None:
        self._exporting.report(self.session)

    def quit(self) -> None:
        self.desk.window.close()
