"""The surface: what tasks, gestures and overlays know of a canvas; the canvas itself puts them to work."""

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from PySide6.QtCore import QPointF, QRectF, Signal, Slot
from PySide6.QtWidgets import QGraphicsView, QWidget

from onebyone.design import Design
from onebyone.edits.wires import WireKey
from onebyone_desktop.appearance import theme
from onebyone_desktop.canvas.camera import Camera
from onebyone_desktop.canvas.gestures.note import PointerNote
from onebyone_desktop.canvas.items.painting import tools_of
from onebyone_desktop.canvas.scene import DesignScene
from onebyone_desktop.canvas.tasks.animation import Glide
from onebyone_desktop.session import Session


class Surface(QGraphicsView):
    """A view of the scene of a session's design: where it looks, what is selected, and how edits are passed on."""

    #: Another scale; 1.0 is 100 %.
    zoom_changed = Signal(float)
    #: The name of the node with this id wants to be edited.
    rename_requested = Signal(str)
    #: The fields of the node with this id want to be edited.
    edit_requested = Signal(str)
    #: The title of the group with this id wants to be edited.
    group_rename_requested = Signal(str)
    #: The pointer is over another node: its id, or nothing where it is over none.
    node_pointed_at = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._tools = tools_of(theme.current())
        self.design_scene = DesignScene(self._tools, self)
        self.camera = Camera(self, self.zoom_changed.emit)
        #: Says beside the pointer what a gesture does or cannot do.
        self.note = PointerNote(self)
        #: The point of the scene that the pointer was over last.
        self.last_point: QPointF | None = None
        self._glide = Glide(self, self.design_scene, self.redraw_overview)
        self._wires: tuple[WireKey, ...] = ()
        self._is_selecting = False

    @property
    def session(self) -> Session:
        """The session whose design is shown."""
        return self._session

    @property
    def zoom(self) -> float:
        """The scale; 1.0 is 100 %."""
        return self.camera.zoom

    @property
    def selected_wires(self) -> tuple[WireKey, ...]:
        """The selected wires, each as its target and the number of the input."""
        return self._wires

    @property
    def has_selected_wires(self) -> bool:
        """Whether a wire is selected."""
        return bool(self._wires)

    # Looking.

    @Slot()
    def fit_all(self) -> None:
        """Shows the whole design."""
        self.camera.fit_all(self.design_scene.bounds())

    def reveal(self, rect: QRectF) -> None:
        """Brings a rectangle of the scene into view."""
        self.camera.reveal(rect)

    def redraw_overview(self) -> None:
        """Items have moved, come or gone."""
        self.viewport().update()

    def point_under_mouse(self) -> QPointF | None:
        """The point of the scene under the pointer, if that is on the canvas."""
        return self.last_point if self.viewport().underMouse() else None

    # Selecting.

    def select(self, ids: Iterable[str], wires: Iterable[WireKey] = ()) -> None:
        """Selects nodes and wires, and nothing else."""
        before, self._wires = self._wires, tuple(wires)
        nodes = self._session.selection
        self._is_selecting = True
        self._session.select(ids)
        if self._session.selection == nodes and before != self._wires:
            self._session.selection_changed.emit()
        self._is_selecting = False

    # Editing.

    def apply(self, label: str, edit: Callable[..., Design], *arguments: Any, gesture: int | None = None) -> bool:
        """Passes an edit on to the session."""
        return self._session.apply(label, edit, *arguments, gesture=gesture)

    def words_for(self, verb: str, ids: Collection[str]) -> str:
        """The name of an undo step that concerns these nodes: "Move conv3x3", "Delete 2 nodes"."""
        if len(ids) == 1:
            return f"{verb} {next(iter(ids))}"
        return self.tr("{} {} nodes").format(verb, len(ids))

    def words_for_wire(self, source: str, target: str) -> str:
        """The name of an undo step that makes a wire."""
        return self.tr("Connect {} to {}").format(source, target)

    @contextmanager
    def gliding(self, keeps_view: bool = False) -> Iterator[None]:
        """Lets the nodes glide to where an edit puts them, and brings the design back into view if it left."""
        design = self._session.design
        before = {name: item.pos() for name, item in self.design_scene.nodes.items()}
        yield
        if self._session.design is not design:
            if not keeps_view and not self.camera.shows(self.design_scene.bounds()):
                self.fit_all()
            self._glide.glide(before)
