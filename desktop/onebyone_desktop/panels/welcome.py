"""The welcome page: recent files, the gallery, and how to begin."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from onebyone import gallery

_STEPS = (
    "Open a design of the gallery, or drag layers from the palette on the left.",
    "Connect them from port to port: shapes, parameters and MACs follow every edit.",
    "Press Measure: PyTorch runs the design and says how long it really takes.",
)


class Welcome(QWidget):
    """Shown when nothing is open."""

    #: A file was chosen.
    file_wanted = Signal(object)
    #: A design of the gallery was chosen, by name.
    gallery_wanted = Signal(str)
    #: A new, empty design was asked for.
    new_wanted = Signal()
    #: The file dialog was asked for.
    open_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("welcome")
        self.setAccessibleName(self.tr("Welcome"))
        self._recent = QVBoxLayout()
        self._recent.setSpacing(6)
        content = QWidget(self)
        content.setMaximumWidth(760)
        column = QVBoxLayout(content)
        column.setContentsMargins(32, 32, 32, 32)
        column.setSpacing(10)
        self._add_head(column)
        self._add_gallery(column)
        column.addLayout(self._recent)
        column.addStretch(1)
        centred = QWidget(self)
        row = QHBoxLayout(centred)
        row.addStretch(1)
        row.addWidget(content, 8)
        row.addStretch(1)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setWidget(centred)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(area)

    def show_recent(self, paths: list[Path]) -> None:
        """Lists recent files."""
        while self._recent.count():
            self._recent.takeAt(0).widget().deleteLater()
        if paths:
            self._recent.addWidget(_heading(self, self.tr("Recent files")))
        for path in paths:
            button = _entry(self, path.name, str(path.parent))
            button.setObjectName("welcome.recent")
            button.clicked.connect(partial(self._on_recent_clicked, path))
            self._recent.addWidget(button)

    def _add_head(self, column: QVBoxLayout) -> None:
        title = QLabel("OneByOne", self)
        title.setProperty("role", "title")
        column.addWidget(title)
        for number, step in enumerate(_STEPS, 1):
            label = QLabel(f"{number}.  {self.tr(step)}", self)
            label.setWordWrap(True)
            column.addWidget(label)
        buttons = QHBoxLayout()
        new = QPushButton(self.tr("New design"), self)
        new.setObjectName("welcome.new")
        new.setProperty("role", "primary")
        new.clicked.connect(self.new_wanted)
        opening = QPushButton(self.tr("Open a file…"), self)
        opening.setObjectName("welcome.open")
        opening.clicked.connect(self.open_wanted)
        buttons.addWidget(new)
        buttons.addWidget(opening)
        buttons.addStretch(1)
        column.addSpacing(6)
        column.addLayout(buttons)
        column.addSpacing(12)

    def _add_gallery(self, column: QVBoxLayout) -> None:
        column.addWidget(_heading(self, self.tr("Gallery")))
        for entry in gallery.entries():
            button = _entry(self, entry.title, entry.description)
            button.setObjectName(f"welcome.gallery.{entry.name}")
            button.clicked.connect(partial(self._on_gallery_clicked, entry.name))
            column.addWidget(button)
        column.addSpacing(12)

    def _on_recent_clicked(self, path: Path, _checked: bool = False) -> None:
        self.file_wanted.emit(path)

    def _on_gallery_clicked(self, name: str, _checked: bool = False) -> None:
        self.gallery_wanted.emit(name)


def _heading(parent: QWidget, text: str) -> QLabel:
    label = QLabel(text.upper(), parent)
    label.setProperty("role", "heading")
    return label


def _entry(parent: QWidget, title: str, description: str) -> QPushButton:
    button = _Card(parent)
    button.setProperty("role", "card")
    button.setAccessibleName(title)
    button.setAccessibleDescription(description)
    button.setCursor(Qt.CursorShape.PointingHandCursor)
    words = QVBoxLayout(button)
    words.setContentsMargins(12, 8, 12, 8)
    words.setSpacing(2)
    for text, role in ((title, "card-title"), (description, "muted")):
        label = QLabel(text, button)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setProperty("role", role)
        label.setWordWrap(True)
        label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        words.addWidget(label)
    return button


class _Card(QPushButton):
    """A button as high as the words laid out in it."""

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() in {QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.LayoutRequest, QEvent.Type.StyleChange}:
            layout = self.layout()
            if layout is not None:
                self.setFixedHeight(layout.totalHeightForWidth(self.width()))
        return done
