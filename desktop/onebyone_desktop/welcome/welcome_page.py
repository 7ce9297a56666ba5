"""The welcome page: how to begin, recent files, and the gallery."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from onebyone import gallery
from onebyone.lessons.lesson import lesson_names, load_lesson
from onebyone_desktop.welcome.cards import CardGrid, DesignCard, RecentCard, StepCard

if TYPE_CHECKING:
    from onebyone_desktop.welcome.reading import DesignReader, Read

#: The design of the first steps, and the one beside it.
FIRST, SECOND = "inception-3a", "inception-3a-naive"
_READ_AFTER_MS = 150
_MOST_WIDTH = 980
_STEPS = (
    ("open", "Open Inception 3a", "See the 1×1 convolutions narrow the wires in front of the 3×3 and the 5×5."),
    ("compare", "Put its naive twin beside it", "The same branches without reductions: compare what they cost."),
    ("measure", "Measure Inception 3a", "PyTorch runs the design and says how long it really takes."),
)


class Welcome(QWidget):
    """Shown when nothing is open. Its previews are drawn after it is seen."""

    #: A file was chosen.
    file_wanted = Signal(Path)
    #: A file is to be taken off the list of recent ones.
    forget_wished = Signal(Path)
    #: A design of the gallery was chosen, by name.
    gallery_wanted = Signal(str)
    #: A lesson was chosen, by name.
    lesson_wanted = Signal(str)
    #: A design of the gallery is to be opened and measured, by name.
    measuring_wanted = Signal(str)
    #: A new, empty design was asked for.
    new_wanted = Signal()
    #: The file dialog was asked for.
    open_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("welcome")
        self.setAccessibleName(self.tr("Welcome"))
        self._read: dict[str | Path, Read] = {}
        self._cards: dict[str | Path, DesignCard] = {}
        self._paths: list[Path] = []
        self._reader: DesignReader | None = None
        self._soon = QTimer(self, singleShot=True, interval=_READ_AFTER_MS)
        self._soon.timeout.connect(self._on_soon_timeout)
        self._recent_head = _heading(self, self.tr("Recent files"))
        self._recent = CardGrid(4, self)
        self._lay_out()

    def focus_first(self) -> None:
        """Puts the focus on the way to begin."""
        self._new.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_recent(self, paths: list[Path]) -> None:
        """Lists recent files."""
        self._recent_head.setVisible(bool(paths))
        self._recent.setVisible(bool(paths))
        if paths != self._paths:
            for path in set(self._paths) - set(paths):
                self._cards.pop(path, None)
                self._read.pop(path, None)
            self._paths = paths
            cards = [self._recent_card(path) for path in paths]
            self._recent.show_cards([*cards])
            before: QWidget = self._last_step
            for card in cards:
                before = card.follow_focus(before)
        if self.isVisible():
            self._soon.start()

    def _recent_card(self, path: Path) -> RecentCard:
        card = self._cards.get(path)
        if not isinstance(card, RecentCard):
            card = self._cards[path] = RecentCard(path, self._recent)
            card.setObjectName("welcome.recent")
            card.clicked.connect(partial(self._on_recent_clicked, path))
            card.forget_wished.connect(self.forget_wished)
        return card

    def _lay_out(self) -> None:
        content = QWidget(self)
        content.setMaximumWidth(_MOST_WIDTH)
        column = QVBoxLayout(content)
        column.setContentsMargins(28, 24, 28, 24)
        column.setSpacing(10)
        column.addLayout(self._head())
        column.addSpacing(6)
        column.addWidget(_heading(self, self.tr("First steps")))
        column.addWidget(self._steps())
        column.addSpacing(10)
        column.addWidget(_heading(self, self.tr("Lessons")))
        column.addWidget(self._lessons())
        column.addSpacing(10)
        column.addWidget(self._recent_head)
        column.addWidget(self._recent)
        for section in gallery.SECTIONS:
            column.addSpacing(10)
            column.addWidget(_heading(self, self.tr(section)))
            column.addWidget(self._gallery(section))
        column.addStretch(1)
        centred = QWidget(self)
        row = QHBoxLayout(centred)
        row.setContentsMargins(0, 0, 0, 0)
        row.addStretch(1)
        row.addWidget(content, 100)
        row.addStretch(1)
        self._area = QScrollArea(self)
        self._area.setWidgetResizable(True)
        self._area.setWidget(centred)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setAccessibleName(self.tr("Welcome"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._area)

    def _head(self) -> QVBoxLayout:
        title = QLabel("OneByOne", self)
        title.setProperty("role", "title")
        words = QLabel(self.tr("A bench for convolution blocks: draw them, see what they cost, clock them."), self)
        words.setProperty("role", "muted")
        words.setWordWrap(True)
        new = self._new = QPushButton(self.tr("New design"), self)
        new.setObjectName("welcome.new")
        new.setAccessibleName(self.tr("New design"))
        new.setProperty("role", "primary")
        new.clicked.connect(self.new_wanted)
        opening = QPushButton(self.tr("Open a file…"), self)
        opening.setObjectName("welcome.open")
        opening.setAccessibleName(self.tr("Open a file"))
        opening.clicked.connect(self.open_wanted)
        buttons = QHBoxLayout()
        buttons.setContentsMargins(0, 6, 0, 0)
        buttons.setSpacing(8)
        buttons.addWidget(new)
        buttons.addWidget(opening)
        buttons.addStretch(1)
        head = QVBoxLayout()
        head.setSpacing(4)
        head.addWidget(title)
        head.addWidget(words)
        head.addLayout(buttons)
        return head

    def _steps(self) -> CardGrid:
        grid = CardGrid(3, self)
        cards: list[QWidget] = []
        for number, (name, title, description) in enumerate(_STEPS, 1):
            card = StepCard(number, self.tr(title), self.tr(description), grid)
            card.setObjectName(f"welcome.step.{name}")
            card.clicked.connect(partial(self._on_step_clicked, name))
            cards.append(card)
        grid.show_cards(cards)
        return grid

    def _lessons(self) -> CardGrid:
        grid = CardGrid(4, self)
        cards: list[QWidget] = []
        for number, name in enumerate(lesson_names(), 1):
            lesson = load_lesson(name, QLocale().name().partition("_")[0])
            card = StepCard(number, lesson.title, lesson.summary, grid)
            card.setObjectName(f"welcome.lesson.{name}")
            card.clicked.connect(partial(self._on_lesson_clicked, name))
            cards.append(card)
        grid.show_cards(cards)
        self._last_step = cards[-1]
        return grid

    def _gallery(self, section: str) -> CardGrid:
        grid = CardGrid(4, self)
        cards: list[QWidget] = []
        for entry in gallery.entries():
            if entry.section != section:
                continue
            card = self._cards[entry.name] = DesignCard(entry.title, entry.description, grid)
            card.setObjectName(f"welcome.gallery.{entry.name}")
            card.clicked.connect(partial(self._on_gallery_clicked, entry.name))
            cards.append(card)
        grid.show_cards(cards)
        return grid

    @Slot()
    def _on_soon_timeout(self) -> None:
        """Reads what is not known yet, and the files again that have changed since."""
        if not self.isVisible():
            return
        from onebyone_desktop.welcome.reading import DesignReader, Wanted

        if self._reader is None:
            self._reader = DesignReader(self)
            self._reader.design_read.connect(self._on_reader_design_read)
        known = {source: read.time for source, read in self._read.items()}
        files = [Wanted(path, known.get(path, 0)) for path in self._paths]
        self._reader.read([*files, *(Wanted(name) for name in gallery.names() if name not in known)])

    @Slot(object)
    def _on_reader_design_read(self, read: "Read") -> None:
        card = self._cards.get(read.source)
        if card is not None:
            self._read[read.source] = read
            card.show_read(read)

    def _on_step_clicked(self, name: str, _checked: bool = False) -> None:
        if name == "measure":
            self.measuring_wanted.emit(FIRST)
            return
        self.gallery_wanted.emit(FIRST)
        if name == "compare":
            self.gallery_wanted.emit(SECOND)

    def _on_lesson_clicked(self, name: str, _checked: bool = False) -> None:
        self.lesson_wanted.emit(name)

    def _on_recent_clicked(self, path: Path, _checked: bool = False) -> None:
        self.file_wanted.emit(path)

    def _on_gallery_clicked(self, name: str, _checked: bool = False) -> None:
        self.gallery_wanted.emit(name)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # The window is on the screen before anything is read: the time runs from when its events are done with.
        QTimer.singleShot(0, self._soon, self._soon.start)


def _heading(parent: QWidget, text: str) -> QLabel:
    label = QLabel(text.upper(), parent)
    label.setProperty("role", "heading")
    return label
