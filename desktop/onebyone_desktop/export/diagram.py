"""A diagram: the canvas as it is drawn, with a title above and a legend and the totals below."""

from PySide6.QtCore import QObject, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen

from onebyone import quantity
from onebyone.analysis import Analysis
from onebyone.description import shape_change
from onebyone.layers import Family
from onebyone.measurement.records import Run
from onebyone.text import clean_line, visible
from onebyone_desktop.appearance.icons import paint_glyph
from onebyone_desktop.appearance.theme import Theme
from onebyone_desktop.canvas.heat_choice import Heat
from onebyone_desktop.canvas.items.look import elided, hint_font, text_font, text_width
from onebyone_desktop.canvas.items.painting import FAMILIES, tools_of
from onebyone_desktop.canvas.scene import DesignScene

MARGIN = 28.0
_LEAST_WIDTH = 560.0
_TITLE_HEIGHT = 54.0
_LINE = 18.0
_LEGEND_GAP = 14.0
_SWATCH = 16.0
_SWATCH_GAP = 6.0
_ENTRY_GAP = 20.0
_HEAT_WORDS: dict[Heat, str] = {
    "parameters": "parameters",
    "macs": "MACs",
    "memory": "activation memory",
    "latency": "latency",
}
_FAMILY_WORDS: dict[Family, tuple[str, str]] = {
    "tensor": ("Input, output", "input"),
    "pointwise": ("1×1 convolution", "conv1x1"),
    "convolution": ("k×k convolution", "conv2d"),
    "pooling": ("Pooling", "max_pool2d"),
    "merge": ("Merge", "concat"),
    "normalization": ("Normalization, activation", "activation"),
    "head": ("Head", "linear"),
}


class Diagram(QObject):
    """Measures and paints the picture; one unit is one pixel at scale 1."""

    def __init__(self, analysis: Analysis, tokens: Theme, run: Run | None = None, heat: Heat | None = None) -> None:
        super().__init__()
        self._analysis = analysis
        self._tools = tools_of(tokens)
        self._run = run
        self._heat: Heat = heat or ("macs" if run is None else "latency")
        self._scene = DesignScene(self._tools, self)
        self._scene.show_design(analysis)
        self._scene.show_heat(analysis, self._heat, run)
        self._drawn = self._drawn_rect()
        self.width = max(self._drawn.width() + 2 * MARGIN, _LEAST_WIDTH)
        self._rows = self._legend_rows()
        self._foot = [*self._totals(), self._key()]
        legend_height = len(self._rows) * (_SWATCH + 8)
        below = _LEGEND_GAP + legend_height + 8 + len(self._foot) * _LINE
        self.height = MARGIN + _TITLE_HEIGHT + self._drawn.height() + below + MARGIN

    @property
    def title(self) -> str:
        """The name of the design."""
        return clean_line(visible(self._analysis.design.name)) or self.tr("Untitled design")

    def paint(self, painter: QPainter, ground: str | None) -> None:
        """Paints everything; without a `ground` the background stays as it is."""
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
        if ground is not None:
            painter.fillRect(QRectF(0, 0, self.width, self.height), QColor(ground))
        self._paint_title(painter)
        place = QRectF((self.width - self._drawn.width()) / 2, MARGIN + _TITLE_HEIGHT, 0, 0)
        place.setSize(self._drawn.size())
        painter.save()
        self._scene.render(painter, place, self._drawn, Qt.AspectRatioMode.IgnoreAspectRatio)
        painter.restore()
        y = self._paint_legend(painter, place.bottom() + _LEGEND_GAP)
        painter.setFont(text_font())
        for number, line in enumerate(self._foot):
            painter.setPen(self._tools.muted if number == len(self._foot) - 1 else self._tools.text)
            painter.drawText(QPointF(MARGIN, y + 8 + (number + 0.6) * _LINE), self._cut(line, text_font()))

    def _drawn_rect(self) -> QRectF:
        """Around the items, not only their boxes: wires swing out and counts stand beside nodes; the boxes centred."""
        boxes, items = self._scene.bounds(), self._scene.itemsBoundingRect()
        room = max(boxes.left() - items.left(), items.right() - boxes.right())
        return QRectF(boxes.left() - room, items.top(), boxes.width() + 2 * room, items.height())

    def _paint_title(self, painter: QPainter) -> None:
        font = _title_font()
        painter.setFont(font)
        painter.setPen(self._tools.text)
        painter.drawText(QPointF(MARGIN, MARGIN + 14), self._cut(self.title, font))
        painter.setFont(text_font())
        painter.setPen(self._tools.muted)
        painter.drawText(QPointF(MARGIN, MARGIN + 34), self._cut(shape_change(self._analysis), text_font()))

    def _paint_legend(self, painter: QPainter, y: float) -> float:
        for row in self._rows:
            x = MARGIN
            for family in row:
                words, glyph = _FAMILY_WORDS[family]
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(self._tools.families[family])
                painter.drawRoundedRect(QRectF(x, y, _SWATCH, _SWATCH), 4, 4)
                paint_glyph(painter, glyph, x + 2.5, y + 2.5, _SWATCH - 5, self._tools.on_family[family].color())
                painter.setFont(text_font())
                painter.setPen(QPen(self._tools.text))
                painter.drawText(QPointF(x + _SWATCH + _SWATCH_GAP, y + 12), words)
                x += _entry_width(family)
            y += _SWATCH + 8
        return y

    def _legend_rows(self) -> list[list[Family]]:
        used = {node.layer.family for node in self._analysis.design.nodes}
        rows: list[list[Family]] = [[]]
        x = MARGIN
        for family in FAMILIES:
            if family in used:
                if rows[-1] and x + _entry_width(family) - _ENTRY_GAP > self.width - MARGIN:
                    rows.append([])
                    x = MARGIN
                rows[-1].append(family)
                x += _entry_width(family)
        return rows

    def _totals(self) -> list[str]:
        totals = self._analysis.totals
        if totals.parameters is None:
            errors = sum(problem.severity == "error" for problem in self._analysis.problems)
            if errors == 1:
                return [self.tr("No totals yet: one error is to be mended.")]
            return [self.tr("No totals yet: {} errors are to be mended.").format(errors)]
        lines = [
            " · ".join(
                (
                    self.tr("{} parameters").format(quantity.count(totals.parameters)),
                    self.tr("{} MACs").format(quantity.macs(totals.macs)),
                    self.tr("{} of activations").format(quantity.byte_size(totals.activation_bytes)),
                    self.tr("{} at the peak").format(quantity.byte_size(totals.peak_activation_bytes)),
                )
            )
        ]
        if self._run is not None and self._run.median is not None:
            lines.append(_latency_line(self._run))
        return lines

    def _key(self) -> str:
        return self.tr("A wire is as wide as its tensor has channels; a bar is the node's share of {}.").format(
            _HEAT_WORDS[self._heat]
        )

    def _cut(self, text: str, font: QFont) -> str:
        return elided(text, font, self.width - 2 * MARGIN)


def _latency_line(run: Run) -> str:
    interval = "" if run.ci is None else f" [{quantity.duration(run.ci[0])}, {quantity.duration(run.ci[1])}]"
    median = quantity.duration(run.median)
    return f"{median}{interval} · {run.device}, {run.dtype}, {run.layout}, batch {run.batch} · {run.verdict}"


def _title_font() -> QFont:
    font = QFont(hint_font())
    font.setPixelSize(18)
    font.setWeight(QFont.Weight.DemiBold)
    return font


def _entry_width(family: Family) -> float:
    return _SWATCH + _SWATCH_GAP + text_width(_FAMILY_WORDS[family][0], text_font()) + _ENTRY_GAP
