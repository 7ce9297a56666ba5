"""Charts of a report as SVG text: medians, samples, rounds and the roofline; every word in them is escaped."""

import math
from collections.abc import Sequence

from onebyone import quantity
from onebyone.measurement.records import Roofs, Run
from onebyone.measurement.roofline import PlacedNode, whole_words
from onebyone.reports.drawing import WIDTH, Figure, dot, floor_line, line, rectangle, stroke, svg, text
from onebyone.reports.escaping import one_line
from onebyone.reports.palette import Family
from onebyone.reports.report import Section, longest_end

HEIGHT = 150
ROOFLINE_HEIGHT = 320
BINS = 48
_LEFT, _RIGHT, _TOP, _BOTTOM = 70, 40, 10, 26
_ROW = 22
_NAMES = 300
_FIGURES = 130
_LONGEST_NAME = 50
_LABEL_HEIGHT = 12
_LABEL_WIDTH = 70
_SAMPLES: tuple[Family, Family] = ("clean", "waited")


def section_figures(section: Section) -> tuple[Figure, ...]:
    """The samples, the rounds and the roofline of a run, as far as there are any."""
    run = section.run
    over = "processes" if run.processes else "rounds"
    figures = [
        Figure(samples_chart(run), "Samples: undisturbed ones green, on top of them in orange those that waited."),
        Figure(rounds_chart(run), f"Medians of the {over}; the line is their median, the band its 95 % interval."),
    ]
    if section.roofs is not None:
        words = "Blue nodes have MACs; green ones have none and stand as far below the memory roof as their bytes do."
        figures.append(
            Figure(roofline_chart(section.placed, section.roofs), f"{whole_words(section.placed, run)} {words}")
        )
    return tuple(figure for figure in figures if figure.svg)


def medians_chart(sections: Sequence[Section]) -> str:
    """The medians of all runs as bars on one scale, each with its interval as a line; none is an average."""
    longest = longest_end(sections)
    if longest <= 0 or len(sections) < 2:
        return ""
    scale = (WIDTH - _NAMES - _FIGURES) / longest
    parts = []
    for place, section in enumerate(sections):
        run, middle = section.run, place * _ROW + _ROW / 2
        parts.append(text(_NAMES - 8, middle + 4, _elided(section.title), "end"))
        if run.median is None or run.ci is None:
            parts.append(text(_NAMES, middle + 4, "no figure", "start"))
            continue
        low, high = (_NAMES + end * scale for end in run.ci)
        opacity = "" if run.verdict in ("quiet", "usable") else ' opacity="0.4"'
        parts += [
            rectangle(_NAMES, middle - 6, run.median * scale, 12, "time", opacity),
            f'<path d="M{low:.1f} {middle - 4:.1f}v8M{low:.1f} {middle:.1f}H{high:.1f}M{high:.1f} {middle - 4:.1f}v8"'
            f' fill="none" stroke-width="1.5"{stroke("soft")}/>',
            text(high + 8, middle + 4, f"{quantity.duration(run.median)}, {run.verdict}", "start"),
        ]
    return svg(len(sections) * _ROW, "Medians of all cells", parts)


def _elided(words: str) -> str:
    line = one_line(words)
    if len(line) <= _LONGEST_NAME:
        return line
    kept = _LONGEST_NAME // 2
    return f"{line[:kept]}…{line[-kept + 1 :]}"


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
        for count, family in zip((clean, disturbed), _SAMPLES, strict=True):
            size = count / tallest * (floor - _TOP)
            base -= size
            if count:
                parts.append(rectangle(_LEFT + place * step, base, step - 1, size, family))
    words = f"{beyond:,} further right" if beyond else ""
    label = f"{tallest:,} at most"
    parts += [text(_LEFT - 6, _TOP + 10, label, "end"), text(WIDTH - _RIGHT, _TOP + 10, words, "end")]
    return svg(HEIGHT, "Distribution of the samples", [*parts, *_time_axis(low, high, floor)])


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
        rectangle(x(run.ci[0]), _TOP, x(run.ci[1]) - x(run.ci[0]), across, "mark", ' opacity="0.18"'),
        rectangle(x(run.median) - 1, _TOP, 2, across, "mark"),
    ]
    for place, value in enumerate(values):
        y = _TOP + (place + 0.5) / len(values) * across
        parts.append(dot(x(value), y, "clean"))
    words = "processes" if run.processes else "rounds"
    parts.append(text(_LEFT - 6, _TOP + 10, f"{len(values)} {words}", "end"))
    return svg(HEIGHT, f"Medians of the {words} and their interval", [*parts, *_time_axis(low, high, floor)])


def roofline_chart(placed: Sequence[PlacedNode], roofs: Roofs) -> str:
    """Operations a second over operations a byte; nodes without MACs stand at the left edge under the memory roof."""
    if not placed:
        return ""
    known = [node.intensity for node in placed if node.operations]
    ridge = roofs.operations_per_second / roofs.bytes_per_second
    low = math.log10(min([*known, ridge])) - 0.9
    high = math.log10(max([*known, ridge])) + 0.5
    edge = 10 ** (low + 0.25)
    heights = [_height(node, edge) for node in placed]
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
    parts = [line([(x(across), min(y(up), floor)) for across, up in corner], "soft")]
    dots = [
        (x(node.intensity if node.operations else edge), y(height), node)
        for node, height in zip(placed, heights, strict=True)
    ]
    for across, down, node in dots:
        parts.append(dot(across, down, "macs" if node.operations else "clean"))
    parts += _labels([(across, down, node.id) for across, down, node in dots], floor)
    for power in range(math.ceil(low), math.floor(high) + 1):
        parts.append(text(x(10**power), floor + 14, f"{10.0**power:g}", "middle"))
    for power in range(math.ceil(bottom), math.floor(top) + 1):
        parts.append(text(_LEFT - 6, y(10**power) + 4, quantity.rate(10.0**power), "end"))
    parts.append(text((_LEFT + WIDTH) / 2, ROOFLINE_HEIGHT - 4, "operations a byte (a MAC is two)", "middle"))
    parts.append(text(4, _TOP + 2, "operations/s", "start"))
    return svg(ROOFLINE_HEIGHT, "Roofline", parts)


def _labels(dots: Sequence[tuple[float, float, str]], floor: float) -> list[str]:
    """A name beside each dot, moved down where another name stands; left out where there is no room in the picture."""
    taken: list[tuple[float, float]] = []
    parts = []
    for across, down, name in sorted(dots, key=lambda dot: dot[1]):
        y = down + 4
        while any(abs(x - across) < _LABEL_WIDTH and abs(other - y) < _LABEL_HEIGHT for x, other in taken):
            y += _LABEL_HEIGHT / 4
        if y > floor:
            continue
        taken.append((across, y))
        anchor, side = ("end", -7.0) if across > WIDTH - _RIGHT - _LABEL_WIDTH else ("start", 7.0)
        parts.append(text(across + side, y, _elided(name), anchor))
    return parts


def _height(node: PlacedNode, edge: float) -> float:
    """Where a node stands; without MACs as far below the memory roof as its bytes a second are."""
    return node.rate if node.operations else edge * node.bandwidth


def _time_axis(low: float, high: float, floor: float) -> list[str]:
    parts = [floor_line(_LEFT, WIDTH - _RIGHT, floor)]
    for place in range(5):
        value = low + (high - low) * place / 4
        across = _LEFT + (WIDTH - _LEFT - _RIGHT) * place / 4
        parts.append(text(across, floor + 15, _tick(value, low, high), "middle"))
    return parts


def _tick(value: float, low: float, high: float) -> str:
    """A time with as many digits as the axis needs to tell its ends apart."""
    words = quantity.duration(high)
    unit = words.rpartition(" ")[2]
    seconds = {"s": 1.0, "ms": 1e-3, "µs": 1e-6, "ns": 1e-9}.get(unit)
    if seconds is None or high <= low:
        return quantity.duration(value)
    digits = max(0, min(6, 1 - math.floor(math.log10((high - low) / 4 / seconds))))
    return f"{value / seconds:,.{digits}f} {unit}"
