"""What a layer says about values that cannot work together, and what would mend it."""

from typing import Any

import msgspec


class Repair(msgspec.Struct, frozen=True):
    """New field values that would mend a finding, with the words for the button."""

    label: str
    changes: dict[str, Any]


class Finding(msgspec.Struct, frozen=True):
    """A problem as a layer sees it: without knowing which node it is in."""

    code: str
    message: str
    repairs: tuple[Repair, ...] = ()
