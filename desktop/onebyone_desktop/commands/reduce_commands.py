"""The Reduce menu: 1×1 convolutions put in, taken out, and left out in a twin."""

from collections.abc import Callable

from PySide6.QtCore import Slot

from onebyone.design import Design
from onebyone.errors import EditError
from onebyone.pointwise import reductions as reduction_edits
from onebyone.pointwise.counterfactual import counterfactual, proposed_width
from onebyone_desktop.commands.commands import Commands


class ReduceCommands(Commands):
    """Each changes the selected node in one undo step, or opens a twin."""

    @Slot()
    def reduction(self) -> None:
        width = proposed_width(self.session.analysis, self._node)
        self._insert(self.tr("Insert reduction before {}"), reduction_edits.insert_reduction, width)

    @Slot()
    def projection(self) -> None:
        width = reduction_edits.proposed_projection(self.session.analysis, self._node)
        self._insert(self.tr("Insert projection after {}"), reduction_edits.insert_projection, width)

    @Slot()
    def bottleneck(self) -> None:
        shape = self.session.analysis.nodes[self._node].shape
        width = None if shape is None else max(shape[0] // 4, 1)
        self._insert(self.tr("Turn {} into a bottleneck"), reduction_edits.to_bottleneck, width)

    @Slot()
    def remove(self) -> None:
        self.session.apply(self.tr("Remove {}").format(self._node), reduction_edits.remove_pointwise, self._node)

    @Slot()
    def twin(self) -> None:
        found = counterfactual(self.session.analysis, self._node)
        if found is not None and not found.obstacle:
            self.window.twins.open(found.design)
        elif found is not None:
            self.window.say(found.obstacle)

    @Slot()
    def naive_twin(self) -> None:
        chosen = self.session.selection
        try:
            design = reduction_edits.naive_twin(self.session.design, chosen if len(chosen) > 1 else ())
        except EditError as error:
            self.window.say(str(error))
            return
        self.window.twins.open(design)

    @Slot()
    def merge(self) -> None:
        self.window.merging.merge()

    @Slot()
    def clock_merge(self) -> None:
        self.window.merging.clock()

    @property
    def _node(self) -> str:
        selection = self.session.selection
        return selection[0] if len(selection) == 1 else ""

    def _insert(self, label: str, edit: Callable[[Design, str, int], Design], width: int | None) -> None:
        """Puts a 1×1 in and selects it, so that its width can be dragged."""
        if width is None:
            self.window.say(self.tr("No width pays here, or the input is not known yet."))
            return
        session, node = self.session, self._node
        before = {each.id for each in session.design.nodes}
        with self.canvas.gliding(keeps_view=True):
            is_done = session.apply(label.format(node), edit, node, width)
        if is_done:
            new = next(each.id for each in session.design.nodes if each.id not in before)
            self.canvas.select([new])
            self.window.inspector.reveal_bought()
