"""The problems of the design, each with its fixes as buttons."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from onebyone.analysis.waiting import causes
from onebyone.problem import Fix, Problem
from onebyone_desktop.panels.panel import Panel
from onebyone_desktop.panels.plain import plain_area

if TYPE_CHECKING:
    from onebyone_desktop.window.desk import Desk

_MOST_SHOWN = 40


def open_panel(_desk: "Desk", parent: QWidget) -> Panel:
    """The panel for a place in the window."""
    return Problems(parent)


class Problems(Panel):
    """A list of sentences. A click on one shows its node; a button applies its fix as one undo step."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("panel.problems", "Problems", parent)
        self._shown: tuple[bool, tuple[Problem, ...]] | None = None
        self._title = QLabel(self.tr("PROBLEMS"), self)
        self._title.setProperty("role", "heading")
        self._area = plain_area(self, "problems.list", self.tr("Problems"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 4, 8, 8)
        layout.addWidget(self._title)
        layout.addWidget(self._area, 1)

    def refresh(self) -> None:
        # An empty design has nothing to mend yet.
        is_begun = self.session is not None and bool(self.session.design.nodes)
        problems = causes(self.session.analysis) if self.session is not None and is_begun else ()
        if (is_begun, problems) == self._shown:
            return
        self._shown = (is_begun, problems)
        self._title.setText(self.tr("PROBLEMS") + (f" ({len(problems)})" if problems else ""))
        holder = QWidget(self._area)
        rows = QVBoxLayout(holder)
        rows.setContentsMargins(0, 0, 6, 0)
        rows.setSpacing(10)
        if not problems:
            done = QLabel(self.tr("✓ No problems") if is_begun else self.tr("Nothing to check yet"), holder)
            done.setObjectName("problems.none")
            done.setProperty("role", "ok" if is_begun else "muted")
            rows.addWidget(done)
        for problem in problems[:_MOST_SHOWN]:
            rows.addWidget(self._row(problem, holder))
        if len(problems) > _MOST_SHOWN:
            rows.addWidget(QLabel(self.tr("and {} more").format(len(problems) - _MOST_SHOWN), holder))
        rows.addStretch(1)
        self._area.setWidget(holder)

    def _row(self, problem: Problem, parent: QWidget) -> QWidget:
        row = QWidget(parent)
        layout = QVBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        sign = "✕" if problem.severity == "error" else "!"
        text = _Sentence(f"{sign} {problem.message}", problem.node, row)
        text.setProperty("role", problem.severity)
        text.setProperty("sentence", True)
        text.setObjectName(f"problem.{problem.code}")
        text.clicked.connect(self.node_wanted)
        layout.addWidget(text)
        for fix in problem.fixes:
            button = QPushButton(fix.label.replace("&", "&&"), row)
            button.setObjectName(f"fix.{problem.code}")
            button.setAccessibleName(fix.label)
            button.setToolTip(fix.label)
            button.setProperty("role", "fix")
            button.clicked.connect(partial(self._on_fix_clicked, fix))
            layout.addWidget(button)
        return row

    def _on_fix_clicked(self, fix: Fix, _checked: bool = False) -> None:
        if self.session is not None:
            self.session.apply(fix.label, fix.apply)


class _Sentence(QLabel):
    """A problem's words; a click or Enter asks for its node."""

    clicked = Signal(str)

    def __init__(self, text: str, node: str | None, parent: QWidget) -> None:
        super().__init__(parent)
        self._node = node
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setText(text)
        self.setAccessibleName(text)
        if node is not None:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def mousePressEvent(self, event: object) -> None:
        if self._node is not None:
            self.clicked.emit(self._node)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._node is not None and event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            self.clicked.emit(self._node)
        else:
            super().keyPressEvent(event)
