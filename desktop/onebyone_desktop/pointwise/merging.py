"""Merges of parallel 1×1 convolutions: made, checked by running both designs, clocked against the design before."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QCoreApplication, QObject, Signal, Slot

from onebyone.computation import computes_same
from onebyone.errors import EditError
from onebyone.pointwise.parallel import Merge, merge_parallel, parallel_to
from onebyone.worker import launch
from onebyone.worker.messages import CheckMerge, Failed, MergeChecked, Reply
from onebyone_desktop.session import Session
from onebyone_desktop.worker.process import WorkerProcess

if TYPE_CHECKING:
    from onebyone_desktop.window.main_window import MainWindow

# Two runs in another order of additions differ by less than this share of the largest value.
_SAME = 1e-4


class MergeCheck(QObject):
    """Asks a process of its own whether a merge computes the same; the newest merge wins."""

    #: The answer, in a sentence.
    answered = Signal(str)

    def __init__(self, parent: QObject | None = None, command: Sequence[str] | None = None) -> None:
        super().__init__(parent)
        self._command = list(command or launch.command())
        self._process: WorkerProcess | None = None
        self._last_id = 0
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.stop)

    def ask(self, merge: Merge) -> None:
        """Checks a merge; what was asked before is given up."""
        self._end()
        self._last_id += 1
        self._process = WorkerProcess(self._command, self)
        self._process.replied.connect(self._on_process_replied)
        self._process.ended.connect(self._on_process_ended)
        self._process.start()
        self._process.send(CheckMerge(self._last_id, merge))

    @Slot()
    def stop(self) -> None:
        """Ends the process."""
        self._end()
        for process in self.findChildren(WorkerProcess):
            process.wait_until_gone()

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.end()

    @Slot(object)
    def _on_process_replied(self, reply: Reply) -> None:
        if self.sender() is not self._process or not isinstance(reply, MergeChecked | Failed):
            return
        self._end()
        if isinstance(reply, Failed):
            self.answered.emit(self.tr("The merge could not be checked. {}").format(reply.message))
            return
        if not reply.difference:
            words = self.tr("Same function: on a seeded input the outputs are equal to the last bit.")
        elif reply.difference <= _SAME * reply.largest:
            words = self.tr("Same function: the outputs differ by {:.1e} at most, values reach {:.3g}.")
        else:
            words = self.tr("Not the same function: the outputs differ by {:.1e}, values reach {:.3g}.")
        self.answered.emit(words.format(reply.difference, reply.largest))

    @Slot(str)
    def _on_process_ended(self, sentence: str) -> None:
        if self.sender() is self._process:
            self._process = None
            self.answered.emit(self.tr("The merge could not be checked. {}").format(sentence))


class Merging(QObject):
    """Merges in the current design, and remembers the last merge so that it can be clocked."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._last: Merge | None = None
        self.check = MergeCheck(self)
        self.check.answered.connect(window.say)

    def can_merge(self, session: Session) -> bool:
        """Whether the selected node, or those that are selected, could be merged."""
        return len(self._parts(session)) > 1

    def can_clock(self, session: Session) -> bool:
        """Whether the design is one that the last merge made."""
        return self._last is not None and computes_same(session.design, self._last.after)

    def merge(self) -> None:
        """Merges the 1×1 convolutions beside the selected one, and has it checked."""
        session, canvas = self._window.session, self._window.canvas
        try:
            merge = merge_parallel(session.design, self._parts(session))
        except EditError as error:
            self._window.say(str(error))
            return
        with canvas.gliding(keeps_view=True):
            session.apply(self.tr("Merge {} 1×1 convolutions").format(len(merge.parts)), lambda _: merge.after)
        self._last = merge
        canvas.select([merge.node])
        self._window.say(self.tr("Merged; checking that it computes the same…"))
        self._window.follow_session()
        self.check.ask(merge)

    def clock(self) -> None:
        """Measures the merged design and the one before, interleaved: one call is not always faster than several."""
        if self._last is not None and self.can_clock(self._window.session):
            name = self.tr("{} before merging").format(self._window.session.title)
            self._window.twins.clock(msgspec.structs.replace(self._last.before, name=name))

    def _parts(self, session: Session) -> tuple[str, ...]:
        chosen = session.selection
        if len(chosen) == 1:
            return parallel_to(session.design, chosen[0])
        parts = parallel_to(session.design, chosen[0]) if chosen else ()
        return chosen if set(chosen) <= set(parts) else ()
