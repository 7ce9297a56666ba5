"""The colours of charts and pages, on a light and on a dark ground; the only place of a page where they are said."""

from typing import Literal

import msgspec

Family = Literal["macs", "time", "clean", "waited", "mark", "soft", "line"]


class Tone(msgspec.Struct, frozen=True):
    """A colour on white or paper, and on a dark ground."""

    light: str
    dark: str


PALETTE: dict[Family, Tone] = {
    "macs": Tone("#2563eb", "#60a5fa"),
    "time": Tone("#b45309", "#f59e0b"),
    "clean": Tone("#0f766e", "#2dd4bf"),
    "waited": Tone("#c2410c", "#fb923c"),
    "mark": Tone("#1d4ed8", "#93c5fd"),
    "soft": Tone("#5b6472", "#a3adbb"),
    "line": Tone("#dfe3e8", "#333a45"),
}
#: Lines of a chart, one after the other.
SERIES: tuple[Family, ...] = ("macs", "time", "clean", "waited", "mark", "soft")


def ink(family: Family) -> str:
    """The colour on white, for readers that leave the style sheet out, as mail programs and Qt do."""
    return PALETTE[family].light


def variables(is_dark: bool = False) -> str:
    """The colours as custom properties of CSS, for a style sheet to follow."""
    return " ".join(f"--{family}: {tone.dark if is_dark else tone.light};" for family, tone in PALETTE.items())
