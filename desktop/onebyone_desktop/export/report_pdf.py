"""A latency report as PDF: pages that Qt lays out from our own tables and charts; nothing is fetched."""

import io
from html import escape
from typing import Any

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QRectF, QSizeF, Qt, QUrl
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QFont,
    QImage,
    QPageLayout,
    QPageSize,
    QPainter,
    QPalette,
    QPdfWriter,
    QTextBlock,
    QTextBlockFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
)
from PySide6.QtSvg import QSvgRenderer

from onebyone import quantity
from onebyone.errors import ExportError
from onebyone.node_table import columns
from onebyone.reports.charts import medians_chart, section_figures
from onebyone.reports.drawing import Figure
from onebyone.reports.escaping import one_line
from onebyone.reports.facts import Fact
from onebyone.reports.report import CELL_HEADINGS, Report, Section
from onebyone_desktop.export.files import ensure_application

_RESOLUTION = 96
_CHART_SCALE = 3
#: Charts are drawn smaller than on the screen, so that those of a run stand on one page.
_CHART_SHARE = 0.72
_MARGIN_MM = 15.0
_HEADER = 26
_FOOTER = 24
_UNBROKEN = 24
#: A table of more columns is written smaller.
_MOST_COLUMNS = 10
_STYLE = """
h1 { font-size: 17pt; } h2 { font-size: 12pt; margin-top: 18px; } h3 { font-size: 9.5pt; margin-top: 10px; }
p, td, th { font-size: 8pt; }
.wide td, .wide th { font-size: 7pt; }
th { color: #444444; } .soft { color: #555555; }
table { border-collapse: collapse; }
th, td { border-bottom: 0.5px solid #c5cad2; }
"""


class _Document(QTextDocument):
    """A document that knows its charts by name and asks nobody for anything else."""

    def __init__(self, charts: dict[str, QImage]) -> None:
        super().__init__()
        self._charts = charts

    def loadResource(self, kind: int, url: QUrl | str) -> Any:
        return self._charts.get(QUrl(url).toString(), QByteArray())


def render_pdf(report: Report) -> bytes:
    """A report as a PDF of A4 pages.

    Raises:
        ExportError: Qt could not draw it.
    """
    ensure_application()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(_RESOLUTION)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    margins = QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM)
    writer.setPageMargins(margins, QPageLayout.Unit.Millimeter)
    writer.setTitle(one_line(report.title))
    writer.setCreator("OneByOne")
    page = QRectF(0, 0, writer.width(), writer.height())
    document = _document(report, QSizeF(page.width(), page.height() - _HEADER - _FOOTER))
    painter = QPainter()
    if not painter.begin(writer):
        raise ExportError("The report could not be drawn as PDF.")
    try:
        _draw_pages(document, painter, writer, page, report)
    finally:
        painter.end()
    buffer.close()
    return bytes(buffer.data().data())


def _document(report: Report, size: QSizeF) -> QTextDocument:
    charts: dict[str, QImage] = {}
    document = _Document(charts)
    document.setDefaultFont(QFont("DejaVu Sans", 9))
    document.setDefaultStyleSheet(_STYLE)
    document.setDocumentMargin(0)
    document.setPageSize(size)
    document.setHtml(_html(report, charts, size.width()))
    _keep_headings_with_what_follows(document, size.height())
    return document


def _keep_headings_with_what_follows(document: QTextDocument, height: float) -> None:
    """Begins a page before each heading that would stand alone at the foot of one; Qt knows no such rule."""
    breaking = QTextBlockFormat()
    breaking.setPageBreakPolicy(QTextFormat.PageBreakFlag.PageBreak_AlwaysBefore)
    block = document.begin()
    while (block := _next_stranded(document, block, height)).isValid():
        QTextCursor(block).mergeBlockFormat(breaking)
        # WORKAROUND (Qt 6.11): laying out only what follows loses the lines of later headings.
        document.markContentsDirty(0, document.characterCount())
        block = block.next()


def _next_stranded(document: QTextDocument, block: QTextBlock, height: float) -> QTextBlock:
    """The first heading from a block on that ends on another page than the line after it; an invalid block if none."""
    layout = document.documentLayout()
    while block.isValid():
        following = block.next()
        if block.blockFormat().headingLevel() and following.isValid():
            foot, below = layout.blockBoundingRect(block).bottom(), _foot_of_first_line(following)
            if int(foot // height) != int(below // height):
                return block
        block = following
    return block


def _foot_of_first_line(block: QTextBlock) -> float:
    """Where it ends on the long page; one that does not fit goes to the next and leaves the top of its block behind."""
    box = block.document().documentLayout().blockBoundingRect(block)
    if not block.layout().lineCount():
        return box.bottom()
    line = block.layout().lineAt(0)
    return box.top() + line.y() + line.height()


def _draw_pages(document: QTextDocument, painter: QPainter, writer: QPdfWriter, page: QRectF, report: Report) -> None:
    """Each page is a window on the long document, with a line above and one below."""
    count, height = document.pageCount(), document.pageSize().height()
    context = QAbstractTextDocumentLayout.PaintContext()
    # The colours of the desktop, which may be dark, are not those of paper.
    context.palette.setColor(QPalette.ColorRole.Text, Qt.GlobalColor.black)
    for number in range(count):
        if number:
            writer.newPage()
        painter.save()
        shown = QRectF(0, number * height, page.width(), height)
        # A line that only touches the page is on the next one; drawn here it would be unseen, but found by a search.
        context.clip = shown.adjusted(0, 0.5, 0, -0.5)
        painter.translate(0, _HEADER - number * height)
        painter.setClipRect(shown)
        document.documentLayout().draw(painter, context)
        painter.restore()
        # The first page begins with the title itself.
        _draw_line(painter, QRectF(0, 0, page.width(), _HEADER), report.title if number else "", "OneByOne")
        foot = QRectF(0, page.height() - _FOOTER + 8, page.width(), _FOOTER - 8)
        _draw_line(painter, foot, report.setting, f"{number + 1} / {count}")


def _draw_line(painter: QPainter, place: QRectF, left: str, right: str) -> None:
    painter.setPen(Qt.GlobalColor.darkGray)
    painter.setFont(QFont("DejaVu Sans", 7))
    shown = painter.fontMetrics().elidedText(one_line(left), Qt.TextElideMode.ElideRight, round(place.width() * 0.85))
    painter.drawText(place, Qt.AlignmentFlag.AlignLeft, shown)
    painter.drawText(place, Qt.AlignmentFlag.AlignRight, right)


def _html(report: Report, charts: dict[str, QImage], width: float) -> str:
    out = io.StringIO()
    out.write(f"<h1>{_text(report.title)}</h1><p class='soft'>{_text(report.setting)}</p>")
    out.write("<h2>Answers</h2>" + _cells(report))
    words = "Medians with their 95 % intervals; pale where the machine was too busy to trust them."
    out.write(_figure(Figure(medians_chart(report.sections), words), charts, width))
    if report.ratios:
        out.write("<h2>Compared</h2>" + _facts(report.ratios))
    out.write("<h2>The question</h2>" + _facts(report.question))
    for section in report.sections:
        out.write(_section(section, charts, width))
    out.write("<h2>Environment</h2>" + _facts(report.environment))
    out.write(f"<h2>Measure again</h2><p><code>{_text(report.command)}</code></p>")
    return out.getvalue()


def _cells(report: Report) -> str:
    rows = [line.words for line in report.table]
    return _table(CELL_HEADINGS, rows, numbers_from=3, widths=(18, 15, 8, 9, 18, 7, 19, 6))


def _section(section: Section, charts: dict[str, QImage], width: float) -> str:
    run = section.run
    shown = columns("short report", section.nodes)
    header = ("Node", "Type", *(column.title for column in shown))
    rows = [
        (row.node.name, row.node.layer.type_name, *(column.words(row) for column in shown)) for row in section.nodes
    ]
    figure = "no figure" if run.median is None else quantity.duration(run.median)
    parts = [
        f"<h2>{_text(section.title)}: {figure}</h2><p>{_text(section.answer)}<br>{_text(section.verdict)}</p>",
        _table(header, rows, numbers_from=3),
        *(_figure(each, charts, width) for each in section_figures(section)),
        "<h3>Raw figures</h3>",
        _facts(section.facts),
    ]
    return "".join(parts)


def _figure(figure: Figure, charts: dict[str, QImage], width: float) -> str:
    if not figure.svg:
        return ""
    name = f"chart:{len(charts)}"
    image = charts[name] = _image(figure.svg)
    across = min(width, image.width() / _CHART_SCALE * _CHART_SHARE)
    down = across * image.height() / image.width()
    picture = f"<img src='{name}' width='{across:.0f}' height='{down:.0f}'>"
    return f"<p>{picture}<br><span class='soft'>{_text(figure.words)}</span></p>"


def _image(svg: str) -> QImage:
    """Our own chart as a picture; QTextDocument draws no SVG."""
    drawing = QSvgRenderer(QByteArray(svg.encode()))
    image = QImage(drawing.defaultSize() * _CHART_SCALE, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    drawing.render(painter)
    painter.end()
    return image


def _facts(facts: tuple[Fact, ...]) -> str:
    return _table((), [(fact.label, fact.value) for fact in facts], numbers_from=2, widths=(30, 70))


def _table(
    header: tuple[str, ...], rows: list[tuple[str, ...]], numbers_from: int, widths: tuple[int, ...] = ()
) -> str:
    """A table; columns from `numbers_from` on are aligned to the right, `widths` are in percent."""

    def line(tag: str, cells: tuple[str, ...]) -> str:
        sides = ("left" if place < numbers_from else "right" for place in range(len(cells)))
        sizes = (f" width='{size}%'" for size in widths) if widths else ("" for _ in cells)
        each = zip(cells, sides, sizes, strict=True)
        return f"<tr>{''.join(f'<{tag} align={side}{size}>{_text(cell)}</{tag}>' for cell, side, size in each)}</tr>"

    head = f"<thead>{line('th', header)}</thead>" if header else ""
    body = "".join(line("td", row) for row in rows)
    # Qt breaks a figure between its digits rather than let a table be wider than the page.
    is_wide = len(header) > _MOST_COLUMNS
    look = "class='wide' cellpadding='2'" if is_wide else "cellpadding='3'"
    return f"<table width='100%' {look} cellspacing='0'>{head}{body}</table>"


def _text(words: str) -> str:
    """Words that are never markup; long ones without a blank may break."""
    shown = one_line(words)
    if " " in shown:
        return escape(shown)
    return "\u200b".join(escape(shown[start : start + _UNBROKEN]) for start in range(0, len(shown), _UNBROKEN))
