"""About: what this is, and the versions in use, to copy into a report."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QDialogButtonBox,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from onebyone_desktop.appearance import theme
from onebyone_desktop.dialogs.versions import versions_text

_EXTRA_HEIGHT = 22


class AboutDialog(QDialog):
    """The name, a sentence, and the versions with a button to copy them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("about")
        self.setWindowTitle(self.tr("About OneByOne"))
        title = QLabel("OneByOne", self)
        title.setProperty("role", "title")
        words = QLabel(self.tr("A bench for convolution blocks: draw them, see what they cost, clock them."), self)
        words.setProperty("role", "muted")
        words.setWordWrap(True)
        self._versions = QPlainTextEdit(versions_text(), self)
        self._versions.setObjectName("about.versions")
        self._versions.setAccessibleName(self.tr("Versions in use"))
        self._versions.setReadOnly(True)
        self._versions.setTabChangesFocus(True)
        self._versions.setFont(theme.fixed_font())
        self._versions.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        lines = self._versions.blockCount()
        self._versions.setFixedHeight(lines * self._versions.fontMetrics().lineSpacing() + _EXTRA_HEIGHT)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(22, 18, 22, 16)
        layout.setSpacing(8)
        for widget in (title, words, self._versions, self._make_buttons()):
            layout.addWidget(widget)
        self.setMinimumWidth(440)

    def _make_buttons(self) -> QDialogButtonBox:
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        self._copy = QPushButton(self.tr("Copy"), self)
        self._copy.setObjectName("about.copy")
        self._copy.setAccessibleName(self.tr("Copy the versions"))
        self._copy.setAutoDefault(False)
        buttons.addButton(self._copy, QDialogButtonBox.ButtonRole.ActionRole)
        self._copy.clicked.connect(self._on_copy_clicked)
        buttons.rejected.connect(self.reject)
        return buttons

    @Slot()
    def _on_copy_clicked(self) -> None:
        QApplication.clipboard().setText(self._versions.toPlainText())
        self._copy.setText(self.tr("Copied"))
