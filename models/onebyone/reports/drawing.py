"""The strokes that every chart of a page is made of, as SVG text; every word in them is escaped."""

from collections.abc import Iterable, Sequence

import msgspec

from onebyone.reports.escaping import html_text
from onebyone.reports.palette import Family, ink

WIDTH = 640
_FONT = 'font-family="sans-serif" font-size="11"'
_SHARE_WIDTH = 64
_SHARE_HEIGHT = 6
_BAR_WIDTH = 320
_BAR_HEIGHT = 12


class Figure(msgspec.Struct, frozen=True):
    """A chart and the words below it."""

    svg: str
    words: str


def svg(height: int, label: str, parts: Iterable[str]) -> str:
    """A chart of the usual width; the label is for who does not see it."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" aria-label="{html_text(label)}"'
        f' viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}">{"".join(parts)}</svg>'
    )


def text(x: float, y: float, words: str, anchor: str) -> str:
    """Words that stand at a place, end there or are centred on it; nothing for no words."""
    if not words:
        return ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{ink("soft")}" {_FONT}>{html_text(words)}</text>'
    )


def rectangle(x: float, y: float, width: float, height: float, family: Family, more: str = "") -> str:
    """A filled rectangle; `more` are attributes."""
    place = f'x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"'
    return f'<rect class="{family}" {place} fill="{ink(family)}"{more}/>'


def dot(x: float, y: float, family: Family, title: str = "", is_hollow: bool = False) -> str:
    """A point; its title appears where it is pointed at."""
    inside = f"<title>{html_text(title)}</title>" if title else ""
    place = f'cx="{x:.1f}" cy="{y:.1f}" r="4"'
    if is_hollow:
        # Not as an attribute: the style sheet has a colour for the class.
        return f'<circle {place} fill="none" stroke-width="2"{stroke(family, "fill:none;")}>{inside}</circle>'
    return f'<circle class="{family}" {place} fill="{ink(family)}">{inside}</circle>'


def line(corners: Sequence[tuple[float, float]], family: Family, more: str = "") -> str:
    """A line through places on the picture; `more` are attributes."""
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in corners)
    return f'<polyline points="{points}" fill="none" stroke-width="2"{more}{stroke(family)}/>'


def floor_line(left: float, right: float, y: float, more: str = "") -> str:
    """A line from side to side, such as an axis."""
    return f'<line x1="{left}" x2="{right}" y1="{y:.1f}" y2="{y:.1f}"{more}{stroke("soft")}/>'


def stroke(family: Family, more: str = "") -> str:
    """A colour that follows the page's style sheet, and is right without it."""
    if family == "soft" and not more:
        # The sheet's own rule for the lines of a chart; Qt, which draws some, would take a style with var() for none.
        return f' stroke="{ink(family)}"'
    return f' stroke="{ink(family)}" style="{more}stroke:var(--{family})"'


def share_bar(family: Family, share: float | None, most: float) -> str:
    """A share as a small bar on a track; the largest share of a table fills its bar."""
    width = max(0.0, _SHARE_WIDTH * (share or 0.0) / most) if most else 0.0
    return (
        f'<svg aria-hidden="true" width="{_SHARE_WIDTH}" height="{_SHARE_HEIGHT}">'
        f'<rect class="track" fill="{ink("line")}" width="{_SHARE_WIDTH}" height="{_SHARE_HEIGHT}" rx="2"/>'
        f'<rect class="{family}" fill="{ink(family)}" width="{width:.1f}" height="{_SHARE_HEIGHT}" rx="2"/></svg>'
    )


def figure_bar(value: float | None, most: float) -> str:
    """A figure as a bar; the largest of those it stands with has the full width."""
    width = _BAR_WIDTH * (value or 0) / most
    return (
        f'<svg aria-hidden="true" width="{_BAR_WIDTH}" height="{_BAR_HEIGHT}"><rect class="macs" fill="{ink("macs")}"'
        f' width="{width:.1f}" height="{_BAR_HEIGHT}" rx="2"/></svg>'
    )


def interval_bar(median: float, ends: tuple[float, float], longest: float, label: str) -> str:
    """A median as a bar on a scale that several share, its interval as a line across the end."""
    width, low, high = (100 * value / longest for value in (median, *ends))
    return (
        f'<svg role="img" aria-label="{html_text(label)}" width="100%" height="14">'
        f'<rect class="time" fill="{ink("time")}" y="3" width="{width:.2f}%" height="8" rx="2"/>'
        f'<line class="interval" stroke="currentColor" x1="{low:.2f}%" x2="{high:.2f}%" y1="7" y2="7"/></svg>'
    )
