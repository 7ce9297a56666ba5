"""A lesson on its way: it opens what a step is about, points at it, and follows what the reader does."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, QObject, Slot

from onebyone.lessons import Lesson, Scope, clock_values, load_lesson
from onebyone.measurement.records import MeasuredCell
from onebyone_desktop.panels.panel import Panel
from onebyone_desktop.session import Session

if TYPE_CHECKING:
    from onebyone_desktop.window.main_window import MainWindow

# Below this zoom the canvas writes no words.
_READABLE_ZOOM = 0.5


class Teaching(QObject):
    """Leads through one lesson at a time."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._panel = window.lesson
        self._lesson: Lesson | None = None
        self._place = 0
        self._opened: dict[str, Session] = {}
        self._followed: Session | None = None
        self._panel.step_wished.connect(self._on_panel_step_wished)
        self._panel.closing_wished.connect(self.leave)
        window.workspace.sessions_changed.connect(self.refresh)
        self._panel.hide()

    @property
    def lesson(self) -> Lesson | None:
        """The lesson that is on its way."""
        return self._lesson

    @property
    def place(self) -> int:
        """The place of its step."""
        return self._place

    def start(self, name: str) -> None:
        """Begins a lesson, with designs of its own."""
        self._lesson = load_lesson(name, QLocale().name().partition("_")[0])
        self._opened = {}
        self._panel.show()
        self._enter(0)

    @Slot()
    def leave(self) -> None:
        """Ends the lesson; its designs stay open."""
        self._lesson = None
        self._follow(None)
        self._panel.hide()

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
        window = self._window
        sessions = [self._open(name) for name in step.opens]
        window.workspace.show_session(sessions[0])
        self._follow(sessions[0])
        window.workspace.show_designs()
        nodes = [name for name in step.selects if name in sessions[0].analysis.nodes]
        window.canvas.select(nodes)
        if nodes:
            if window.canvas.zoom < _READABLE_ZOOM:
                window.canvas.center_on(nodes[0])
            window.canvas.reveal(window.canvas.design_scene.bounds(nodes))
        if step.panel == "compare":
            window.comparing.compare(sessions)
        elif step.panel:
            window.show_panel(window.findChild(Panel, f"panel.{step.panel}"))
        self.refresh()

    def _open(self, name: str) -> Session:
        """The lesson's own copy of a design; a new one where it was closed."""
        known = self._opened.get(name)
        if known is not None and known in self._window.workspace.sessions:
            return known
        self._window.documents.open_gallery(name)
        self._opened[name] = self._window.session
        return self._opened[name]

    def _scope(self) -> Scope | None:
        session = self._followed
        if session is None or session not in self._window.workspace.sessions:
            return None
        cells = session.answered_cells
        return Scope(
            session.analysis,
            clock_values((MeasuredCell(cell.request, cell.measurement), cell.place) for cell in cells),
        )

    def _follow(self, session: Session | None) -> None:
        if self._followed is not None and self._followed in self._window.workspace.sessions:
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
