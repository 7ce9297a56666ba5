"""Windows for tests, closed without questions and without leftovers."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QSettings, QThread
from PySide6.QtWidgets import QApplication, QWidget

from onebyone_desktop.app import make_window
from onebyone_desktop.window.main_window import MainWindow


@pytest.fixture(autouse=True)
def own_settings(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Each test begins without settings; Qt asks for XDG_CONFIG_HOME only once."""
    folder = str(tmp_path_factory.mktemp("settings"))
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, folder)


@pytest.fixture(autouse=True)
def own_style() -> None:
    """Each test begins without a style sheet, as the program does.

    With the one of an earlier window, Qt styles every widget again for each parent that it is given: a second a window.
    """
    app = QApplication.instance()
    if isinstance(app, QApplication):
        app.setStyleSheet("")


@pytest.fixture
def open_window(qapp: QApplication) -> Iterator[Callable[..., MainWindow]]:
    """Opens shown main windows; after the test nothing of them is left."""
    windows: list[MainWindow] = []

    def open_one(*paths: str | Path) -> MainWindow:
        window = make_window(paths)
        windows.append(window)
        window.show()
        qapp.processEvents()
        return window

    yield open_one
    for window in windows:
        for session in window.workspace.sessions:
            session.mark_saved(Path("test.1x1"))
        window.close()
        window.deleteLater()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    qapp.processEvents()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    left = [widget for widget in QApplication.topLevelWidgets() if is_ours(widget)]
    assert not left, f"widgets left behind: {left}"
    assert QThread.currentThread().isMainThread()


def is_ours(widget: QWidget) -> bool:
    return type(widget).__module__.startswith("onebyone_desktop")
