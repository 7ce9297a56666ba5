"""Problems: what is wrong with a design, said to the user, with edits that would mend it."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal

import msgspec

if TYPE_CHECKING:
    from onebyone.design import Design

Severity = Literal["error", "warning"]

CODES = (
    "cycle", "missing-input", "too-many-inputs", "unknown-input", "self-loop", "no-input", "no-output",
    "unreachable", "unused-output", "channel-mismatch", "spatial-mismatch", "rank-mismatch",
    "groups-do-not-divide", "window-larger-than-input", "padding-too-large", "slice-out-of-range", "too-large",
    "cannot-bypass", "nothing-to-normalize", "fixed-shape", "malformed-operators",
)  # fmt: skip


class Fix(msgspec.Struct, frozen=True):
    """A named edit that mends a problem: `edit(design, *arguments)` with a function of `onebyone.edits`."""

    label: str
    edit: Callable[..., "Design"]
    arguments: tuple[Any, ...] = ()

    def apply(self, design: "Design") -> "Design":
        """The design with the problem mended.

        Raises:
            EditError: The design has changed so that the edit no longer fits.
        """
        return self.edit(design, *self.arguments)


class Problem(msgspec.Struct, frozen=True):
    """Something wrong with a design: where, what, and what would be right.

    `node` is the id of the node that causes it, or None where it belongs to the whole design.
    """

    code: str
    severity: Severity
    node: str | None
    message: str
    fixes: tuple[Fix, ...] = ()
