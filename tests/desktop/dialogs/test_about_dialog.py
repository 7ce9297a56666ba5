"""About, opened from the menu."""

import PySide6
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

import onebyone
from onebyone_desktop.dialogs.about_dialog import AboutDialog


def test_the_versions_can_be_copied(open_window) -> None:
    window = open_window()
    QApplication.clipboard().clear()

    def copy_and_close() -> None:
        dialog = window.findChild(AboutDialog)
        QTest.mouseClick(dialog.findChild(QPushButton, "about.copy"), Qt.MouseButton.LeftButton)
        QTest.keyClick(dialog, Qt.Key.Key_Escape)

    QTimer.singleShot(0, window, copy_and_close)
    window.action("help.about").trigger()

    text = QApplication.clipboard().text()
    assert f"OneByOne {onebyone.__version__}" in text
    assert f"Qt for Python {PySide6.__version__}" in text
    assert "torch" in text
