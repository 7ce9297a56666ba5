"""The Reduce menu: 1×1 convolutions put in, taken out, and left out in a twin."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from onebyone.design import Design
from onebyone.errors import EditError
from onebyone.pointwise import reductions as reduction_edits
from onebyone.pointwise.counterfactual import counterfactual, proposed_width
from onebyone_desktop.commands.commands import Commands
from onebyone_desktop.inspector.inspector import Inspector
from onebyone_desktop.pointwise.merging import Merging
from onebyone_desktop.pointwise.twins import open_twin

if TYPE_CHECKING:
    from onebyone_desktop.window.desk import Desk


class ReduceCommands(Commands):
    """Each changes the selected node in one undo step, or opens a twin."""

    def __init__(self, desk: "Desk") -> None:
        super().__init__(desk)
        self._merging = Merging(desk)

    def reduction(self) -> None:
        width = proposed_width(self.session.analysis, self._node)
        self._insert(self.tr("Insert reduction before {}"), reduction_edits.insert_reduction, width)

    def projection(self) -> None:
        width = reduction_edits.proposed_projection(self.session.analysis, self._node)
        self._insert(self.tr("Insert projection after {}"), reduction_edits.insert_projection, width)

    def bottleneck(self) -> None:
        shape = self.session.analysis.nodes[self._node].shape
        width = None if shape is None else max(shape[0] // 4, 1)
        self._insert(self.tr("Turn {} into a bottleneck"), reduction_edits.to_bottleneck, width)

    def remove(self) -> None:
        self.session.apply(self.tr("Remove {}").format(self._node), reduction_edits.remove_pointwise, self._node)

    def twin(self) -> None:
        found = counterfactual(self.session.analysis, self._node)
        if found is not None and not found.obstacle:
            open_twin(self.desk, found.design)
        elif found is not None:
            self.desk.say(found.obstacle)

    def naive_twin(self) -> None:
        chosen = self.session.selection
        try:
            design = reduction_edits.naive_twin(self.session.design, chosen if len(chosen) > 1 else ())
        except EditError as error:
            self.desk.say(str(error))
            return
        open_twin(self.desk, design)

    def merge(self) -> None:
        self._merging.merge()

    def clock_merge(self) -> None:
        self._merging.clock()

    @property
    def _node(self) -> str:
        selection = self.session.selection
        return selection[0] if len(selection) == 1 else ""

    def _insert(self, label: str, edit: Callable[[Design, str, int], Design], width: int | None) -> None:
        """Puts a 1×1 in and selects it, so that its width can be dragged."""
        if width is None:
            self.desk.say(self.tr("No width pays here, or the input is not known yet."))
            return
        session, node = self.session, self._node
        before = {each.id for each in session.design.nodes}
        with self.canvas.gliding(keeps_view=True):
            is_done = session.apply(label.format(node), edit, node, width)
        if is_done:
            new = next(each.id for each in session.design.nodes if each.id not in before)
            self.canvas.select([new])
            self.desk.panels.get("inspector", Inspector).reveal_bought()
