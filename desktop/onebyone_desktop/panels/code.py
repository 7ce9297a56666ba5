"""The Code panel: the PyTorch source of the design, as it is exported and measured."""

import re
from textwrap import wrap
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QColor, QSyntaxHighlighter, QTextCharFormat, QTextDocument
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from onebyone.errors import SourceError
from onebyone.pytorch_source import torch_source
from onebyone_desktop.appearance import theme
from onebyone_desktop.panels.panel import Panel

if TYPE_CHECKING:
    from onebyone_desktop.window.desk import Desk
_WORDS = re.compile(
    r"(?P<comment>#.*$)|(?P<string>\"\"\".*?\"\"\"|\"[^\"]*\")"
    r"|(?P<keyword>\b(?:import|from|class|def|return|del|None|True|False|self)\b)|(?P<number>\b\d[\d.e-]*\b)"
)


class _Highlighter(QSyntaxHighlighter):
    """Colours for the few words that generated source has."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self._formats: dict[str, QTextCharFormat] = {}
        self.refresh_colours()

    def refresh_colours(self) -> None:
        tokens = theme.current()
        colours = {
            "comment": tokens.muted_text,
            "string": tokens.ok,
            "keyword": tokens.accent,
            "number": tokens.warning,
        }
        for name, colour in colours.items():
            shape = QTextCharFormat()
            shape.setForeground(QColor(colour))
            self._formats[name] = shape
        self.rehighlight()

    def highlightBlock(self, text: str) -> None:
        for match in _WORDS.finditer(text):
            self.setFormat(match.start(), match.end() - match.start(), self._formats[match.lastgroup or "number"])


def open_panel(_desk: "Desk", parent: QWidget) -> Panel:
    """The panel for a place in the window."""
    return Code(parent)


class Code(Panel):
    """Read-only text with a button to copy it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("panel.code", "Code", parent)
        self._text = QPlainTextEdit(self)
        self._text.setObjectName("code.text")
        self._text.setAccessibleName(self.tr("PyTorch source"))
        self._text.setReadOnly(True)
        self._text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._text.setFont(theme.fixed_font())
        self._highlighter = _Highlighter(self._text.document())
        self._note = QLabel(self.tr("The module that is measured and exported, word for word."), self)
        self._note.setProperty("role", "muted")
        self._copy = QPushButton(self.tr("Copy"), self)
        self._copy.setObjectName("code.copy")
        self._copy.clicked.connect(self._on_copy_clicked)
        head = QHBoxLayout()
        head.addWidget(self._note, 1)
        head.addWidget(self._copy)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 8)
        layout.addLayout(head)
        layout.addWidget(self._text, 1)

    def refresh(self) -> None:
        session = self.session
        if session is None:
            return
        try:
            text, is_ready = torch_source(session.design, session.analysis), True
        except SourceError as error:
            text, is_ready = "\n".join(f"# {line}" for line in wrap(str(error), 88)), False
        self._copy.setEnabled(is_ready)
        if text != self._text.toPlainText():
            place = self._text.verticalScrollBar().value()
            self._text.setPlainText(text)
            self._text.verticalScrollBar().setValue(place)

    def refresh_colours(self) -> None:
        """Follows a new theme."""
        self._highlighter.refresh_colours()

    @Slot()
    def _on_copy_clicked(self) -> None:
        QApplication.clipboard().setText(self._text.toPlainText())
