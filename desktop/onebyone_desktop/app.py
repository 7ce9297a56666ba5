"""Starts the window."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QMessageLogContext, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

import onebyone
from onebyone_desktop.appearance import theme
from onebyone_desktop.settings import Settings
from onebyone_desktop.window.main_window import MainWindow


def make_window(paths: Sequence[str | Path] = (), is_waiting: bool = False) -> MainWindow:
    """A main window for the existing QApplication, with the files in it; it is not shown yet.

    Args:
        paths: What to open.
        is_waiting: Whether files are opened later, so that there is no need of a welcome page.
    """
    app, chosen = theme.application(), theme.named(Settings().theme)
    theme.prepare(app, chosen)
    window = MainWindow()
    if not paths and not is_waiting:
        window.workspace.show_welcome()
    # Last: with a style sheet, every widget would be styled again for each parent that it is given.
    theme.dress(app, chosen)
    if paths:
        open_paths(window, paths)
    return window


def open_paths(window: MainWindow, paths: Sequence[str | Path]) -> None:
    """Opens files, and bundled designs named "gallery:NAME"."""
    try:
        for path in paths:
            name = str(path)
            if name.startswith("gallery:"):
                window.desk.documents.open_gallery(name.removeprefix("gallery:"))
            else:
                window.desk.documents.open(Path(path))
    finally:
        window.workspace.show_welcome()


def main(paths: Sequence[str | Path] | None = None) -> int:
    """Runs the program until its window is closed; the exit code.

    Args:
        paths: What to open; the words of the command line where nothing is given.
    """
    if paths is None:
        paths = sys.argv[1:]
    # Without a usable platform plugin Qt writes several lines and aborts.
    previous = qInstallMessageHandler(_end_on_fatal_message)
    app = QApplication.instance() or QApplication([sys.argv[0]])
    qInstallMessageHandler(previous)
    assert isinstance(app, QApplication)
    QGuiApplication.setDesktopFileName("onebyone")
    app.setApplicationName("OneByOne")
    app.setApplicationVersion(onebyone.__version__)
    window = make_window(is_waiting=bool(paths))
    window.show()
    # The window is on screen before files are read.
    QTimer.singleShot(0, window, lambda: open_paths(window, paths))
    return app.exec()


def _end_on_fatal_message(kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
    if kind == QtMsgType.QtFatalMsg:
        reason = message.split(". ", maxsplit=1)[0].strip().rstrip(".")
        print(f"onebyone: The window cannot be opened: {reason}.", file=sys.stderr, flush=True)
        os._exit(2)
