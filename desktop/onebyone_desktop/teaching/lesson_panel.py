"""The panel of a lesson: what to look at, what to do, and whether it is done."""

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from onebyone.lessons.lesson import Lesson
from onebyone.lessons.scope import Scope
from onebyone_desktop.appearance.icons import icon
from onebyone_desktop.panels.panel import Panel
from onebyone_desktop.panels.plain import plain_area, plain_words

_LAID_OUT_MS = 40


class LessonPanel(Panel):
    """Shows a step of a lesson with the figures of the design as it is now."""

    #: A lesson is to begin, by name.
    lesson_wished = Signal(str)
    #: Another step is wished for: 1 for the next one, −1 for the one before, 0 for this one once more.
    step_wished = Signal(int)
    #: The lesson is to be left.
    closing_wished = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("panel.lesson", "Lesson", parent)
        self._was_done = False
        self._lesson = plain_words(self, "lesson.title", "heading")
        self._step = plain_words(self, "lesson.step", "card-title")
        self._text = _markdown(self, "lesson.text")
        self._task = _markdown(self, "lesson.task")
        self._done = _markdown(self, "lesson.done")
        self._again = QPushButton(self.tr("Open again"), self)
        self._again.setObjectName("lesson.again")
        self._again.clicked.connect(self._on_again_clicked)
        self._back = QPushButton(self.tr("Back"), self)
        self._back.setObjectName("lesson.back")
        self._back.clicked.connect(self._on_back_clicked)
        self._next = QPushButton(self.tr("Next"), self)
        self._next.setObjectName("lesson.next")
        self._next.clicked.connect(self._on_next_clicked)
        self._close = QToolButton(self)
        self._close.setObjectName("lesson.close")
        self._close.setIcon(icon("close"))
        self._close.setProperty("role", "small")
        self._close.setAccessibleName(self.tr("Leave the lesson"))
        self._close.setToolTip(self.tr("Leave the lesson; the designs stay open"))
        self._close.clicked.connect(self.closing_wished)
        self._lay_out()

    def show_step(self, lesson: Lesson, place: int, scope: Scope | None) -> bool:
        """Shows a step, its figures from a scope; without one its design is closed. Whether its task is done."""
        step = lesson.steps[place]
        self._lesson.setText(f"{lesson.title} · {place + 1}/{len(lesson.steps)}".upper())
        self._step.setText(step.title)
        is_done = scope is not None and bool(step.check) and scope.holds(step.check)
        if scope is None:
            self._text.setText(
                self.tr("The design of this step is closed. Press Next or Back, and it is opened again.")
            )
        else:
            self._text.setText(scope.filled(step.text))
        self._task.setVisible(bool(step.task) and scope is not None)
        self._done.setVisible(is_done)
        if scope is not None and step.task:
            sign = "✓" if is_done else "▸"
            self._task.setText(f"**{sign}** {scope.filled(step.task)}")
            self._done.setText(scope.filled(step.done) if is_done else "")
        self._again.setVisible(scope is None)
        is_last = place == len(lesson.steps) - 1
        self._back.setEnabled(place > 0)
        is_waiting = bool(step.check) and not is_done
        self._next.setText(self.tr("Finish") if is_last else self.tr("Skip") if is_waiting else self.tr("Next"))
        self._next.setProperty("role", "" if is_waiting else "primary")
        self._next.style().unpolish(self._next)
        self._next.style().polish(self._next)
        if is_done and not self._was_done:
            QTimer.singleShot(_LAID_OUT_MS, self, self._reveal_done)
        self._was_done = is_done
        return is_done

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self._lesson, 1)
        head.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)
        body = QWidget(self)
        body.setObjectName("lesson.body")
        column = QVBoxLayout(body)
        column.setContentsMargins(14, 10, 14, 4)
        column.setSpacing(6)
        column.addLayout(head)
        for widget in (self._step, self._text, self._again, self._task, self._done):
            column.addWidget(widget)
        column.addStretch(1)
        area = plain_area(self, "lesson.area", self.tr("Step of the lesson"), body)
        self._area = area
        buttons = QHBoxLayout()
        buttons.setContentsMargins(14, 0, 14, 8)
        buttons.addWidget(self._back)
        buttons.addStretch(1)
        buttons.addWidget(self._next)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(area, 1)
        layout.addLayout(buttons)

    @Slot()
    def _reveal_done(self) -> None:
        self._area.ensureWidgetVisible(self._done)

    @Slot()
    def _on_again_clicked(self) -> None:
        self.step_wished.emit(0)

    @Slot()
    def _on_back_clicked(self) -> None:
        self.step_wished.emit(-1)

    @Slot()
    def _on_next_clicked(self) -> None:
        self.step_wished.emit(1)


def _markdown(parent: QWidget, name: str) -> QLabel:
    """A label with Markdown of our own: what it holds comes from the lesson and from figures, never from a design."""
    label = QLabel(parent)
    label.setObjectName(name)
    label.setTextFormat(Qt.TextFormat.MarkdownText)
    label.setWordWrap(True)
    label.setAlignment(Qt.AlignmentFlag.AlignTop)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
