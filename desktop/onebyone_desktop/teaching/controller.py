"""A lesson on its way: it opens what a step is about, points at it, and follows what the reader does."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, QObject, Slot
from PySide6.QtWidgets import QWidget

from onebyone.lessons.lesson import Lesson, load_lesson
from onebyone.lessons.scope import Scope, clock_values
from onebyone.measurement.records import MeasuredCell
from onebyone_desktop.panels.panel import Panel
from onebyone_desktop.session import Session
from onebyone_desktop.teaching.lesson_panel import LessonPanel

if TYPE_CHECKING:
    from onebyone_desktop.window.desk import Desk

# Below this zoom the canvas writes no words.
_READABLE_ZOOM = 0.5


def open_panel(desk: "Desk", parent: QWidget) -> Panel:
    """The panel for a place in the window, with its controller."""
    panel = LessonPanel(parent)
    LessonController(desk, panel)
    return panel


class LessonController(QObject):
    """Leads through one lesson at a time."""

    def __init__(self, desk: "Desk", panel: LessonPanel) -> None:
        super().__init__(panel)
        self.setObjectName("lesson.controller")
        self._desk = desk
        self._panel = panel
        self._lesson: Lesson | None = None
        self._place = 0
        self._opened: dict[str, Session] = {}
        self._followed: Session | None = None
        self._panel.lesson_wished.connect(self.start)
        self._panel.step_wished.connect(self._on_panel_step_wished)
        self._panel.closing_wished.connect(self.leave)
        desk.workspace.sessions_changed.connect(self.refresh)

    @property
    def lesson(self) -> Lesson | None:
        """The lesson that is on its way."""
        return self._lesson

    @property
    def place(self) -> int:
        """The place of its step."""
        return self._place

    @Slot(str)
    def start(self, name: str) -> None:
        """Begins a lesson, with designs of its own."""
        self._lesson = load_lesson(name, QLocale().name().partition("_")[0])
        self._opened = {}
        self._desk.panels.show("lesson")
        self._enter(0)

    @Slot()
    def leave(self) -> None:
        """Ends the lesson; its designs stay open."""
        self._lesson = None
        self._follow(None)
        self._desk.panels.hide("lesson")

    @Slot()
    def refresh(self) -> None:
        """Shows the figures of the step's design as it is now."""
        if self._lesson is not None:
            self._panel.show_step(self._lesson, self._place, self._scope())

    def _enter(self, place: int) -> None:
        """Opens what a step is about, selects it and brings its panel to the front."""
        assert self._lesson is not None
        self._place = place
        step = self._lesson.steps[place]
        desk = self._desk
        sessions = [self._open(name) for name in step.opens]
        desk.workspace.show_session(sessions[0])
        self._follow(sessions[0])
        desk.workspace.show_designs()
        nodes = [name for name in step.selects if name in sessions[0].analysis.nodes]
        canvas = desk.canvas
        canvas.select(nodes)
        if nodes:
            if canvas.zoom < _READABLE_ZOOM:
                canvas.center_on(nodes[0])
            canvas.reveal(canvas.design_scene.bounds(nodes))
        if step.panel == "compare":
            desk.compare(sessions)
        elif step.panel:
            desk.panels.show(step.panel)
        self.refresh()

    def _open(self, name: str) -> Session:
        """The lesson's own copy of a design; a new one where it was closed."""
        known = self._opened.get(name)
        if known is not None and known in self._desk.workspace.sessions:
            return known
        self._desk.documents.open_gallery(name)
        self._opened[name] = self._desk.session
        return self._opened[name]

    def _scope(self) -> Scope | None:
        session = self._followed
        if session is None or session not in self._desk.workspace.sessions:
            return None
        cells = session.answered_cells
        return Scope(
            session.analysis,
            clock_values((MeasuredCell(cell.request, cell.measurement), cell.place) for cell in cells),
        )

    def _follow(self, session: Session | None) -> None:
        if self._followed is not None and self._followed in self._desk.workspace.sessions:
            self._followed.design_changed.disconnect(self.refresh)
            self._followed.measurement_changed.disconnect(self.refresh)
        self._followed = session
        if session is not None:
            session.design_changed.connect(self.refresh)
            session.measurement_changed.connect(self.refresh)

    @Slot(int)
    def _on_panel_step_wished(self, steps: int) -> None:
        if self._lesson is None:
            return
        place = self._place + steps
        if place == len(self._lesson.steps):
            self.leave()
        elif place >= 0:
            self._enter(place)
