"""Numbers as people read them: thousands separators, M and G, KiB and MiB, three significant digits of time."""

from typing import Literal

UNKNOWN = "–"

#: Large counts in steps of 10³ ("128.0 M") or of 2¹⁰ ("122.1 Mi").
Units = Literal["decimal", "binary"]

_STEPS: dict[Units, tuple[tuple[str, int], ...]] = {
    "decimal": (("T", 10**12), ("G", 10**9), ("M", 10**6)),
    "binary": (("Ti", 2**40), ("Gi", 2**30), ("Mi", 2**20)),
}


class _Chosen:
    units: Units = "decimal"


def choose_units(units: Units) -> None:
    """Lets `macs` write in these units wherever it is not told others; the window's preference."""
    _Chosen.units = units


def chosen_units() -> Units:
    """The units that `macs` writes in."""
    return _Chosen.units


def count(value: int | None) -> str:
    """An exact count: 163,696."""
    return UNKNOWN if value is None else f"{value:,}"


def macs(value: int | None, units: Units | None = None) -> str:
    """Multiply–accumulates in M or G: "14.5 M", "1.58 G"; small counts stay exact.

    Args:
        units: The units of a text that must not change with the preference; the chosen ones where it may.
    """
    if value is None:
        return UNKNOWN
    for unit, size in _STEPS[units or _Chosen.units]:
        if value >= size:
            scaled = value / size
            return f"{scaled:.2f} {unit}" if scaled < 10 else f"{scaled:,.1f} {unit}"
    return f"{value:,}"


def byte_size(value: float | None) -> str:
    """Bytes in KiB, MiB or GiB: "294 KiB", "1.53 MiB"."""
    if value is None:
        return UNKNOWN
    for unit, size in (("GiB", 2**30), ("MiB", 2**20), ("KiB", 2**10)):
        if value >= size:
            return f"{_three_digits(value / size)} {unit}"
    return f"{value:,.0f} B"


def duration(seconds: float | None) -> str:
    """A time with three significant digits: "7.02 ms", "310 µs"."""
    if seconds is None:
        return UNKNOWN
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if abs(seconds) >= size:
            return f"{_three_digits(seconds / size)} {unit}"
    return f"{_three_digits(seconds / 1e-9)} ns"


def duration_range(ends: tuple[float, float] | None) -> str:
    """Two times, the ends of an interval: "6.98 ms to 7.05 ms"."""
    return UNKNOWN if ends is None else f"{duration(ends[0])} to {duration(ends[1])}"


def rate(value: float | None) -> str:
    """How much a second, with a decimal prefix: "41.2 G", "3.10 T"."""
    if value is None:
        return UNKNOWN
    for unit, size in (("T", 1e12), ("G", 1e9), ("M", 1e6), ("k", 1e3)):
        if abs(value) >= size:
            return f"{_three_digits(value / size)} {unit}"
    return _three_digits(value)


def intensity(value: float | None) -> str:
    """Operations a byte with three significant digits: "24.1"."""
    if value is None:
        return UNKNOWN
    return _three_digits(value) if value else "0"


def percent(share: float | None) -> str:
    """A share of one as a percentage: "42.2 %"."""
    return UNKNOWN if share is None else f"{share * 100:.1f} %"


def ratio(value: float | None) -> str:
    """A ratio with two decimals: "0.42×"."""
    return UNKNOWN if value is None else f"{value:.2f}×"


def shape(value: tuple[int, ...] | None) -> str:
    """A shape as the papers write it: H×W×C for feature maps, "1,000" for vectors."""
    if value is None:
        return UNKNOWN
    if len(value) == 1:
        return f"{value[0]:,}"
    channels, height, width = value
    return f"{height}×{width}×{channels}"


def pair(value: tuple[int, int]) -> str:
    """A pair [h, w] as "3×3"."""
    return f"{value[0]}×{value[1]}"


def _three_digits(value: float) -> str:
    if abs(value) >= 99.95:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 9.995 else f"{value:.2f}"
