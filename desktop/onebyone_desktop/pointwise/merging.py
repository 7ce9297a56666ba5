"""Merges of parallel 1×1 convolutions: made, checked by running both designs, clocked against the design before."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QObject, Signal, Slot

from onebyone.computation import computes_same
from onebyone.errors import EditError
from onebyone.pointwise.parallel import Merge, chosen_parts, merge_parallel
from onebyone.worker.messages import CheckMerge, MergeChecked
from onebyone_desktop.pointwise.twins import clock_twin
from onebyone_desktop.worker.latest_client import LatestClient

if TYPE_CHECKING:
    from onebyone_desktop.window.desk import Desk

# Two runs in another order of additions differ by less than this share of the largest value.
_SAME = 1e-4


class MergeCheck(QObject):
    """Asks a process of its own whether a merge computes the same; the newest merge wins."""

    #: The answer, in a sentence.
    answered = Signal(str)

    def __init__(self, parent: QObject | None = None, command: Sequence[str] | None = None) -> None:
        super().__init__(parent)
        self._client = LatestClient(CheckMerge, self, command, is_kept=False)
        self._client.answered.connect(self._on_client_answered)
        self._client.failed.connect(self._on_client_failed)

    def ask(self, merge: Merge) -> None:
        """Checks a merge; what was asked before is given up."""
        self._client.ask(merge)

    @Slot()
    def stop(self) -> None:
        """Ends the process."""
        self._client.stop()

    @Slot(object, object)
    def _on_client_answered(self, _merge: Merge, reply: MergeChecked) -> None:
        if not reply.difference:
            words = self.tr("Same function: on a seeded input the outputs are equal to the last bit.")
        elif reply.difference <= _SAME * reply.largest:
            words = self.tr("Same function: the outputs differ by {:.1e} at most, values reach {:.3g}.")
        else:
            words = self.tr("Not the same function: the outputs differ by {:.1e}, values reach {:.3g}.")
        self.answered.emit(words.format(reply.difference, reply.largest))

    @Slot(object, str)
    def _on_client_failed(self, _merge: Merge, reason: str) -> None:
        self.answered.emit(self.tr("The merge could not be checked. {}").format(reason))


class Merging(QObject):
    """Merges in the current design, and clocks the last merge."""

    def __init__(self, desk: "Desk") -> None:
        super().__init__(desk)
        self._desk = desk
        self.check = MergeCheck(self)
        self.check.answered.connect(desk.said)
        desk.closing.connect(self.check.stop)

    def merge(self) -> None:
        """Merges the 1×1 convolutions beside the selected one, and has it checked."""
        desk, session, canvas = self._desk, self._desk.session, self._desk.canvas
        try:
            merge = merge_parallel(session.design, chosen_parts(session.design, session.selection))
        except EditError as error:
            desk.say(str(error))
            return
        with canvas.gliding(keeps_view=True):
            session.apply(self.tr("Merge {} 1×1 convolutions").format(len(merge.parts)), lambda _: merge.after)
        desk.last_merge = merge
        canvas.select([merge.node])
        desk.say(self.tr("Merged; checking that it computes the same…"))
        desk.changed.emit()
        self.check.ask(merge)

    def clock(self) -> None:
        """Measures the merged design and the one before, interleaved: one call is not always faster than several."""
        merge, session = self._desk.last_merge, self._desk.session
        if merge is not None and computes_same(session.design, merge.after):
            name = self.tr("{} before merging").format(session.title)
            clock_twin(self._desk, msgspec.structs.replace(merge.before, name=name))
