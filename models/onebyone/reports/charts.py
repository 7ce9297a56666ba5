"""Charts of a report as SVG text: samples, rounds and the roofline; every word in them is escaped."""

import math
from collections.abc import Sequence

from onebyone import quantity
from onebyone.measurement import Roofs, Run
from onebyone.reports.escaping import html_text
from onebyone.roofline import PlacedNode

WIDTH = 640
HEIGHT = 150
ROOFLINE_HEIGHT = 320
BINS = 48
_LEFT, _RIGHT, _TOP, _BOTTOM = 70, 20, 10, 26
_FONT = 'font-family="sans-serif" font-size="11"'
#: Colours that read on white and on a dark page; the style sheet of the page refines them.
CLEAN, DISTURBED, MARK, SOFT, MACS = "#0f766e", "#c2410c", "#1d4ed8", "#6b7280", "#2563eb"


def samples_chart(run: Run) -> str:
    """How often which time came: undisturbed samples, and disturbed ones on top of them."""
    seconds = run.samples_seconds
    if not seconds:
        return ""
    ordered = sorted(seconds)
    low, high = ordered[0], ordered[min(len(ordered) - 1, math.floor(0.98 * len(ordered)))]
    high = high if high > low else low * 1.01 + 1e-9
    counts = [[0, 0] for _ in range(BINS)]
    flags = run.clean or (True,) * len(seconds)
    beyond = 0
    for value, is_clean in zip(seconds, flags, strict=True):
        if value > high:
            beyond += 1
            continue
        counts[min(BINS - 1, int((value - low) / (high - low) * BINS))][0 if is_clean else 1] += 1
    tallest = max(sum(pair) for pair in counts)
    step, floor = (WIDTH - _LEFT - _RIGHT) / BINS, HEIGHT - _BOTTOM
    parts = []
    for place, (clean, disturbed) in enumerate(counts):
        base = float(floor)
        for count, colour in ((clean, CLEAN), (disturbed, DISTURBED)):
            size = count / tallest * (floor - _TOP)
            base -= size
            if count:
                parts.append(_rectangle(_LEFT + place * step, base, step - 1, size, colour))
    words = f"{beyond:,} further right" if beyond else ""
    label = f"{tallest:,} at most"
    parts += [_text(_LEFT - 6, _TOP + 10, label, "end"), _text(WIDTH - _RIGHT, _TOP + 10, words, "end")]
    return _svg(HEIGHT, "Distribution of the samples", [*parts, *_time_axis(low, high, floor)])


def rounds_chart(run: Run) -> str:
    """The medians of the rounds, of the processes where there are several, and the interval as a band."""
    values = run.processes or run.rounds
    if not values or run.ci is None or run.median is None:
        return ""
    low, high = min(*values, run.ci[0]), max(*values, run.ci[1])
    reach = (high - low) * 0.08 or low * 0.01
    low, high = low - reach, high + reach
    floor, across = HEIGHT - _BOTTOM, HEIGHT - _BOTTOM - _TOP

    def x(value: float) -> float:
        return _LEFT + (value - low) / (high - low) * (WIDTH - _LEFT - _RIGHT)

    parts = [
        f'<rect x="{x(run.ci[0]):.1f}" y="{_TOP}" width="{x(run.ci[1]) - x(run.ci[0]):.1f}" height="{across}"'
        f' fill="{MARK}" opacity="0.16"/>',
        f'<line x1="{x(run.median):.1f}" x2="{x(run.median):.1f}" y1="{_TOP}" y2="{floor}" stroke="{MARK}"'
        ' stroke-width="2"/>',
    ]
    for place, value in enumerate(values):
        y = _TOP + (place + 0.5) / len(values) * across
        parts.append(f'<circle cx="{x(value):.1f}" cy="{y:.1f}" r="3.5" fill="{CLEAN}"/>')
    words = "processes" if run.processes else "rounds"
    parts.append(_text(_LEFT - 6, _TOP + 10, f"{len(values)} {words}", "end"))
    return _svg(HEIGHT, f"Medians of the {words} and their interval", [*parts, *_time_axis(low, high, floor)])


def roofline_chart(placed: Sequence[PlacedNode], roofs: Roofs) -> str:
    """Operations a second over operations a byte; nodes without MACs stand at the left edge under the memory roof."""
    if not placed:
        return ""
    known = [node.intensity for node in placed if node.operations]
    ridge = roofs.operations_per_second / roofs.bytes_per_second
    low = math.log10(min([*known, ridge])) - 0.9
    high = math.log10(max([*known, ridge])) + 0.5
    edge = 10 ** (low + 0.25)
    heights = [_height(node, edge, roofs) for node in placed]
    top = math.log10(roofs.operations_per_second) + 0.3
    bottom = math.log10(max(min(heights), 1.0)) - 0.3
    floor = ROOFLINE_HEIGHT - _BOTTOM - 12

    def x(value: float) -> float:
        return _LEFT + (math.log10(value) - low) / (high - low) * (WIDTH - _LEFT - _RIGHT)

    def y(value: float) -> float:
        return floor - (math.log10(max(value, 1.0)) - bottom) / (top - bottom) * (floor - _TOP)

    corner = [(10**low, 10**low * roofs.bytes_per_second), (ridge, roofs.operations_per_second)]
    corner.append((10**high, roofs.operations_per_second))
    # The memory roof may begin below the picture.
    points = " ".join(f"{x(across):.1f},{min(y(up), floor):.1f}" for across, up in corner)
    parts = [f'<polyline points="{points}" fill="none" stroke="{SOFT}" stroke-width="2"/>']
    for node, height in zip(placed, heights, strict=True):
        across = node.intensity if node.operations else edge
        colour = MACS if node.operations else CLEAN
        parts.append(
            f'<circle cx="{x(across):.1f}" cy="{y(height):.1f}" r="4" fill="{colour}"/>'
            + _text(x(across) + 7, y(height) + 4, node.id, "start")
        )
    for power in range(math.ceil(low), math.floor(high) + 1):
        parts.append(_text(x(10**power), floor + 14, f"{10.0**power:g}", "middle"))
    for power in range(math.ceil(bottom), math.floor(top) + 1):
        parts.append(_text(_LEFT - 6, y(10**power) + 4, quantity.rate(10.0**power), "end"))
    parts.append(_text((_LEFT + WIDTH) / 2, ROOFLINE_HEIGHT - 4, "operations a byte (a MAC is two)", "middle"))
    parts.append(_text(4, _TOP + 2, "operations/s", "start"))
    return _svg(ROOFLINE_HEIGHT, "Roofline", parts)


def _height(node: PlacedNode, edge: float, roofs: Roofs) -> float:
    """Where a node stands; without MACs as far below the memory roof as its bytes a second are."""
    return node.rate if node.operations else edge * node.bandwidth


def _time_axis(low: float, high: float, floor: float) -> list[str]:
    parts = [f'<line x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{floor}" y2="{floor}" stroke="{SOFT}"/>']
    for place in range(5):
        value = low + (high - low) * place / 4
        across = _LEFT + (WIDTH - _LEFT - _RIGHT) * place / 4
        parts.append(_text(across, floor + 15, quantity.duration(value), "middle"))
    return parts


def _rectangle(x: float, y: float, width: float, height: float, colour: str) -> str:
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{colour}"/>'


def _text(x: float, y: float, words: str, anchor: str) -> str:
    if not words:
        return ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{SOFT}" {_FONT}>{html_text(words)}</text>'


def _svg(height: int, label: str, parts: Sequence[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" aria-label="{html_text(label)}"'
        f' viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}">{"".join(parts)}</svg>'
    )
