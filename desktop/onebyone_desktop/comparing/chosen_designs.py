"""Which designs are compared: open ones that are ticked, and published ones that were added."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from onebyone import gallery
from onebyone.comparison import MAX_COMPARED, Comparison, Held, compare
from onebyone.measurement.records import MeasuredCell
from onebyone_desktop.canvas.placement import placed
from onebyone_desktop.session import Session

# Edits come in bursts; what is compared follows within a frame.
_FOLLOW_MS = 12


class ChosenDesigns(QObject):
    """The designs that can be compared, in order, and those of them that are; the base is what others are told by."""

    #: Another design is compared, or one of them changed.
    changed = Signal()
    #: Designs were opened, closed or added.
    offer_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._open: list[Session] = []
        self._published: dict[str, Session] = {}
        self._ticked: list[Session] = []
        self._base: Session | None = None
        self._soon = QTimer(self, singleShot=True, interval=_FOLLOW_MS)
        self._soon.timeout.connect(self.changed)

    @property
    def offered(self) -> list[Session]:
        """All that can be compared: open designs in the order of their tabs, then published ones that were added."""
        return [*self._open, *self._published.values()]

    @property
    def sessions(self) -> list[Session]:
        """Those that are compared, the base first."""
        chosen = [session for session in self.offered if session in self._ticked]
        base = self._base if self._base in chosen else None
        return chosen if base is None else [base, *(session for session in chosen if session is not base)]

    def is_published(self, session: Session) -> bool:
        """Whether it was added from the gallery and is open nowhere."""
        return session in self._published.values()

    def offer(self, sessions: Sequence[Session]) -> None:
        """Follows the open tabs; newly opened designs are compared while there is room."""
        for session in self._open:
            if session not in sessions:
                self._leave(session)
        known = self._open
        self._open = list(sessions)
        for session in self._open:
            if session not in known:
                self._follow(session)
                if len(self._ticked) < MAX_COMPARED:
                    self._ticked.append(session)
        self.offer_changed.emit()
        self._soon.start()

    def tick(self, session: Session, is_ticked: bool) -> bool:
        """Compares a design or leaves it out; False where there are too many already."""
        if is_ticked == (session in self._ticked):
            return True
        if not is_ticked:
            self._ticked.remove(session)
        elif len(self._ticked) >= MAX_COMPARED:
            return False
        else:
            self._ticked.append(session)
        self._soon.start()
        return True

    def compare_only(self, sessions: Sequence[Session]) -> None:
        """Compares just these open designs, the first with the others."""
        self._ticked = [session for session in sessions if session in self.offered][:MAX_COMPARED]
        self._base = self._ticked[0] if self._ticked else None
        self.offer_changed.emit()
        self._soon.start()

    def set_base(self, session: Session) -> None:
        """Lets the others be compared with this one."""
        self._base = session
        self._soon.start()

    def add_published(self, name: str) -> bool:
        """Adds a design of the gallery; False where there are too many already."""
        if name not in self._published:
            if len(self._ticked) >= MAX_COMPARED:
                return False
            session = self._published[name] = Session(placed(gallery.load(name)), parent=self)
            self._follow(session)
            self._ticked.append(session)
        elif not self.tick(self._published[name], True):
            return False
        self.offer_changed.emit()
        self._soon.start()
        return True

    def remove_published(self, session: Session) -> None:
        """Takes a design of the gallery off the list."""
        for name, known in list(self._published.items()):
            if known is session:
                del self._published[name]
                self._leave(session)
                session.deleteLater()
        self.offer_changed.emit()
        self._soon.start()

    def comparison(self) -> Comparison | None:
        """Those that are compared, set side by side; None where there are fewer than two."""
        sessions = self.sessions
        if len(sessions) < 2:
            return None
        titles = [session.title for session in sessions]
        return compare([session.analysis for session in sessions], titles, [_held(session) for session in sessions])

    def _follow(self, session: Session) -> None:
        session.design_changed.connect(self._on_session_changed)
        session.measurement_changed.connect(self._on_session_changed)
        session.file_changed.connect(self._on_session_changed)
        session.figures_changed.connect(self._on_session_changed)

    def _leave(self, session: Session) -> None:
        session.design_changed.disconnect(self._on_session_changed)
        session.measurement_changed.disconnect(self._on_session_changed)
        session.file_changed.disconnect(self._on_session_changed)
        session.figures_changed.disconnect(self._on_session_changed)
        if session in self._ticked:
            self._ticked.remove(session)

    @Slot()
    def _on_session_changed(self) -> None:
        self._soon.start()


def _held(session: Session) -> list[Held]:
    return [Held(MeasuredCell(cell.request, cell.measurement), cell.place) for cell in session.answered_cells]
