"""A comparison as tables of words: what the HTML page, the Markdown and the command line have in common."""

from collections.abc import Iterator, Sequence

from onebyone import quantity
from onebyone.comparison import Comparison, Figure, Line
from onebyone.node_table import columns

Row = tuple[str, ...]


def totals_header(comparison: Comparison) -> Row:
    """The headings of `totals_rows`."""
    return ("", *comparison.titles, *(f"{title} ÷ first" for title in comparison.titles[1:]))


def totals_rows(comparison: Comparison) -> Iterator[Row]:
    """A figure a row: its value in every design, then the ratios of all but the first to the first."""
    for figure in comparison.totals:
        yield (figure.title, *figure.words, *_ratios(figure))


def latency_rows(comparison: Comparison) -> Iterator[Row]:
    """Medians, intervals, verdicts and ratios of every measured cell, below the headings of the totals."""
    places = range(len(comparison.titles))
    blank = ("",) * (len(places) - 1)
    for line, words in zip(comparison.latency, _telling([line.cell for line in comparison.latency]), strict=True):
        yield (f"Latency, {words}", *(line.median(p) for p in places), *(line.ratio(p) for p in places[1:]))
        yield ("95 % interval", *(line.interval(p) for p in places), *blank)
        yield ("Verdict", *(line.verdict(p) or quantity.UNKNOWN for p in places), *blank)


def lines_header(comparison: Comparison, what: str) -> Row:
    """The headings of `lines_rows`."""
    figures = [_inside(column.title) for column in columns("comparison")]
    return (what, *(f"{title}: {figure}" for title in comparison.titles for figure in figures))


def lines_rows(lines: Sequence[Line]) -> Iterator[Row]:
    """A branch or node a row: its figures in every design."""
    shown = [(column.key, column.brief or column.shown) for column in columns("comparison")]
    for line in lines:
        cells = (words(line.figures[key][place]) for place in range(len(line.names)) for key, words in shown)
        yield (line_name(line), *cells)


def _inside(title: str) -> str:
    """A title as it is written within a sentence: MACs stay MACs."""
    return title if title[:2].isupper() else f"{title[:1].lower()}{title[1:]}"


def line_name(line: Line) -> str:
    """What a line is called: both names where designs call it differently."""
    return " / ".join(dict.fromkeys(name for name in line.names if name is not None))


def _ratios(figure: Figure) -> Row:
    return tuple(quantity.ratio(value) for value in figure.ratios[1:])


def _telling(cells: Sequence[str]) -> list[str]:
    """Of each cell the words in which they differ; all where there is one cell."""
    split = [cell.split(" · ") for cell in cells]
    if len(split) < 2:
        return list(cells)
    differs = [len(set(column)) > 1 for column in zip(*split, strict=True)]
    return [", ".join(word for word, tells in zip(words, differs, strict=True) if tells) for words in split]
