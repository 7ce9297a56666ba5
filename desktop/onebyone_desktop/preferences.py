"""What a user can choose in the preferences, as one value."""

from typing import Any, Literal, get_args, get_type_hints

import msgspec

from onebyone.measurement.records import BYTES_PER_ELEMENT, DType
from onebyone.quantity import Units

ThemeName = Literal["system", "light", "dark"]

MOST_THREADS = 256
#: Stands for a number of threads: all cores; one thread and then all cores.
ALL_CORES = 0
ONE_AND_ALL = -1


class Preferences(msgspec.Struct, frozen=True):
    """All choices; the defaults are those of a new installation.

    `memory_dtype` is what the shown bytes are counted in, `dtype`, `device` and `threads` (a number,
    `ALL_CORES` or `ONE_AND_ALL`) are what a new window measures with.
    """

    theme: ThemeName = "system"
    has_grid: bool = True
    has_guides: bool = True
    has_minimap: bool = True
    is_animated: bool = True
    units: Units = "decimal"
    memory_dtype: DType = "float32"
    device: str = "cpu"
    dtype: DType = "float32"
    threads: int = ONE_AND_ALL

    @property
    def bytes_per_element(self) -> int:
        """The size of one value in the shown memory."""
        return BYTES_PER_ELEMENT[self.memory_dtype]


def checked(name: str, value: Any) -> Any:
    """A stored value as the type of its preference, or the default where it is damaged."""
    kind = get_type_hints(Preferences)[name]
    default = getattr(Preferences(), name)
    if kind is bool:
        return {"true": True, "false": False}.get(str(value).casefold(), default)
    if kind is int:
        return int(value) if str(value).isdecimal() and int(value) <= MOST_THREADS else default
    choices = get_args(kind)
    return value if isinstance(value, str) and value and (not choices or value in choices) else default
