"""All tasks of a canvas, for those that begin them: the mouse, the keys, and the window's commands."""

from typing import TYPE_CHECKING

from onebyone_desktop.canvas.search.searching import Searching
from onebyone_desktop.canvas.snapping import Snapping
from onebyone_desktop.canvas.tasks.adding import Adding
from onebyone_desktop.canvas.tasks.arranging import Arranging
from onebyone_desktop.canvas.tasks.editing import Editing
from onebyone_desktop.canvas.tasks.group_editing import GroupEditing

if TYPE_CHECKING:
    from onebyone_desktop.canvas.surface import Surface


class Tasks:
    """What can be done on a canvas."""

    def __init__(self, canvas: "Surface") -> None:
        self.adding = Adding(canvas)
        self.searching = Searching(canvas, self.adding)
        self.editing = Editing(canvas, self.adding)
        self.group_editing = GroupEditing(canvas)
        self.arranging = Arranging(canvas)
        self.snapping = Snapping()
