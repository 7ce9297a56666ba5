"""Undo and redo as a list of designs with labels."""

import msgspec

from onebyone.design import Design

MAX_STEPS = 1_000


class Step(msgspec.Struct, frozen=True):
    """A design that was left, the words for the edit that left it, and the gesture it belonged to."""

    design: Design
    label: str
    gesture: int | None = None


class UndoHistory(msgspec.Struct, frozen=True):
    """Past, present and future of a design; a value, like the designs in it."""

    present: Design
    past: tuple[Step, ...] = ()
    future: tuple[Step, ...] = ()

    @property
    def undo_label(self) -> str | None:
        """What undo would take back, or None."""
        return self.past[-1].label if self.past else None

    @property
    def redo_label(self) -> str | None:
        """What redo would bring back, or None."""
        return self.future[-1].label if self.future else None

    def record(self, design: Design, label: str, gesture: int | None = None) -> "UndoHistory":
        """The history after an edit. Edits of one gesture (a drag, a spin box) make one step.

        An edit that changes nothing is no step.
        """
        if design == self.present:
            return self
        continues = gesture is not None and bool(self.past) and self.past[-1].gesture == gesture and not self.future
        if continues:
            return UndoHistory(design, self.past)
        return UndoHistory(design, (*self.past, Step(self.present, label, gesture))[-MAX_STEPS:])

    def undo(self) -> "UndoHistory":
        """The history one step back; itself at the beginning."""
        if not self.past:
            return self
        step = self.past[-1]
        return UndoHistory(step.design, self.past[:-1], (*self.future, Step(self.present, step.label, step.gesture)))

    def redo(self) -> "UndoHistory":
        """The history one step forward; itself at the end."""
        if not self.future:
            return self
        step = self.future[-1]
        return UndoHistory(step.design, (*self.past, Step(self.present, step.label, step.gesture)), self.future[:-1])
