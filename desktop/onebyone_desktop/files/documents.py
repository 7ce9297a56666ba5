"""Opening and saving designs, with the questions that go with it."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from onebyone.errors import OnebyoneError
from onebyone.text import visible
from onebyone_desktop.dialogs.file_choice import ask_to_read, ask_to_write
from onebyone_desktop.settings import Settings
from onebyone_desktop.window.workspace import Workspace

if TYPE_CHECKING:
    from onebyone.design import Design
    from onebyone_desktop.session import Measured, Session


class Documents(QObject):
    """The files behind the sessions."""

    def __init__(self, window: QWidget, workspace: Workspace, settings: Settings) -> None:
        super().__init__(window)
        self._window = window
        self._workspace = workspace
        self._settings = settings

    def new(self) -> None:
        """Opens an empty design."""
        from onebyone.design import Design

        self._add(Design())

    def ask_and_open(self) -> None:
        """Asks for files and opens them."""
        title = self.tr("Open a design")
        for path in ask_to_read(self._window, title, self._settings.last_folder, "design", has_all=True):
            self.open(path)

    def open(self, path: Path) -> bool:
        """Opens a file, or shows the tab that has it open."""
        from onebyone.formats import is_foreign, read_design

        path = path.absolute()
        for session in self._workspace.sessions:
            if session.path is not None and _is_same(session.path, path):
                self._workspace.show_session(session)
                return True
        try:
            design = read_design(path)
        except OnebyoneError as error:
            reason = str(error)
            if visible(path.name) not in reason:
                reason = self.tr("“{}” could not be opened. {}").format(visible(path.name), reason)
            self.say(self.tr("This file could not be opened"), reason)
            return False
        # A foreign model is opened as a new design: saving must not write over it.
        self._add(design, None if is_foreign(path) else path)
        self._remember(path)
        return True

    def open_gallery(self, name: str) -> None:
        """Opens a copy of a bundled design."""
        from onebyone import gallery

        self._add(gallery.load(name))

    def open_measured(self, measured: "Measured") -> None:
        """Opens a copy of a design as it was measured, with its measurement."""
        self._add(measured.design).set_measurement(measured)

    def save(self, session: "Session") -> bool:
        """Saves to the session's file, or asks for one."""
        return self.save_as(session) if session.path is None else self._write(session, session.path)

    def save_as(self, session: "Session") -> bool:
        """Asks for a file and saves to it."""
        start = session.path or Path(self._settings.last_folder) / file_stem(session.title)
        path = ask_to_write(self._window, self.tr("Save the design"), start, "design", has_all=True)
        return path is not None and self._write(session, path)

    def revert(self, session: "Session") -> None:
        """Reads the file again; undo brings the changes back."""
        from onebyone.files.storage import load
        from onebyone_desktop.canvas.placement import placed

        if session.path is None:
            return
        try:
            session.revert(placed(load(session.path)))
        except OnebyoneError as error:
            self.say(self.tr("This file could not be read again"), str(error))

    def may_close(self, session: "Session") -> bool:
        """Asks what to do with unsaved changes; whether the session can be closed now."""
        if not session.is_modified:
            return True
        self._workspace.show_session(session)
        box = QMessageBox(self._window)
        box.setObjectName("question.unsaved")
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle(self.tr("Unsaved changes"))
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(self.tr("“{}” has changes that are not saved.").format(session.title))
        box.setInformativeText(self.tr("Save them before closing?"))
        buttons = QMessageBox.StandardButton
        box.setStandardButtons(buttons.Save | buttons.Discard | buttons.Cancel)
        box.setDefaultButton(buttons.Save)
        answer = box.exec()
        box.deleteLater()
        if answer == buttons.Save:
            return self.save(session)
        return answer == buttons.Discard

    def close(self, session: "Session") -> None:
        """Closes a tab, unless the user wants to keep it."""
        if self.may_close(session):
            self._workspace.close_tab(session)

    def say(self, title: str, message: str) -> None:
        """Shows a sentence in a box."""
        # Not in front of an empty window.
        self._workspace.show_welcome()
        box = QMessageBox(self._window)
        box.setObjectName("message")
        box.setIcon(QMessageBox.Icon.Warning)
        box.setWindowTitle(title)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(message)
        box.exec()
        box.deleteLater()

    def _add(self, design: "Design", path: Path | None = None) -> "Session":
        """Opens a tab. What a design needs is loaded with the first one."""
        from onebyone_desktop.canvas.placement import placed
        from onebyone_desktop.session import Session

        session = Session(placed(design), path)
        self._workspace.add(session)
        return session

    def _write(self, session: "Session", path: Path) -> bool:
        from onebyone import edits
        from onebyone.files.storage import save

        path = path.absolute()
        if not session.design.name:
            session.apply(self.tr("Name after the file"), edits.set_name, path.stem)
        design = session.design
        try:
            save(design, path)
        except OnebyoneError as error:
            self.say(self.tr("The design was not saved"), str(error))
            return False
        session.mark_saved(path, design)
        self._remember(path)
        return True

    def _remember(self, path: Path) -> None:
        self._settings.remember_file(path)
        self._settings.last_folder = str(path.parent)


def file_stem(title: str) -> str:
    """A file name made of a title: no separators, no reserved characters, 80 characters at most."""
    kept = "".join(c if c.isalnum() or c in " -_()×" else "_" for c in title).strip(" ._")
    return kept[:80].strip() or "design"


def _is_same(first: Path, second: Path) -> bool:
    try:
        return first.samefile(second)
    except OSError:
        return first == second
