"""A latency report as PDF: pages that Qt lays out from our own tables and charts; nothing is fetched."""

import io
from html import escape
from pathlib import Path
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
    QTextDocument,
)
from PySide6.QtSvg import QSvgRenderer

from onebyone import quantity, safe_file
from onebyone.errors import ExportError
from onebyone.reports.charts import HEIGHT, ROOFLINE_HEIGHT, WIDTH, roofline_chart, rounds_chart, samples_chart
from onebyone.reports.facts import Fact
from onebyone.reports.report import Report, Section
from onebyone.roofline import whole_words
from onebyone.text import visible
from onebyone_desktop.export.files import ensure_application

_RESOLUTION = 96
_CHART_SCALE = 3
_MARGIN_MM = 15.0
_FOOTER = 24
_UNBROKEN = 24
_STYLE = """
h1 { font-size: 18pt; } h2 { font-size: 12pt; margin-top: 14px; } p, td, th { font-size: 8.5pt; }
th { text-align: left; color: #444444; } .soft { color: #555555; }
"""


class _Document(QTextDocument):
    """A document that knows its charts by name and asks nobody for anything else."""

    def __init__(self, charts: dict[str, QImage]) -> None:
        super().__init__()
        self._charts = charts

    def loadResource(self, kind: int, url: QUrl | str) -> Any:
        return self._charts.get(QUrl(url).toString(), QByteArray())


def export_report_pdf(report: Report, path: Path) -> None:
    """Writes a report as an A4 document with numbered pages.

    Raises:
        ExportError: Qt could not draw it.
        StorageError: The file cannot be written.
    """
    ensure_application()
    safe_file.write(path, _pdf(report))


def _pdf(report: Report) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(_RESOLUTION)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    margins = QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM)
    writer.setPageMargins(margins, QPageLayout.Unit.Millimeter)
    writer.setTitle(visible(report.title))
    writer.setCreator("OneByOne")
    page = QRectF(0, 0, writer.width(), writer.height())
    document = _document(report, QSizeF(page.width(), page.height() - _FOOTER))
    painter = QPainter()
    if not painter.begin(writer):
        raise ExportError("The report could not be drawn as PDF.")
    try:
        _draw_pages(document, painter, writer, page, visible(report.title))
    finally:
        painter.end()
    buffer.close()
    return buffer.data().data()


def _document(report: Report, size: QSizeF) -> QTextDocument:
    charts: dict[str, QImage] = {}
    document = _Document(charts)
    document.setDefaultFont(QFont("DejaVu Sans", 9))
    document.setDefaultStyleSheet(_STYLE)
    document.setDocumentMargin(0)
    document.setPageSize(size)
    document.setHtml(_html(report, charts, size.width()))
    return document


def _draw_pages(document: QTextDocument, painter: QPainter, writer: QPdfWriter, page: QRectF, title: str) -> None:
    """Each page is a window on the long document, with a line at its foot."""
    count, height = document.pageCount(), page.height() - _FOOTER
    context = QAbstractTextDocumentLayout.PaintContext()
    # The colours of the desktop, which may be dark, are not those of paper.
    context.palette.setColor(QPalette.ColorRole.Text, Qt.GlobalColor.black)
    for number in range(count):
        if number:
            writer.newPage()
        painter.save()
        context.clip = QRectF(0, number * height, page.width(), height)
        painter.translate(0, -number * height)
        painter.setClipRect(context.clip)
        document.documentLayout().draw(painter, context)
        painter.restore()
        foot = QRectF(0, height + 8, page.width(), _FOOTER - 8)
        painter.setPen(Qt.GlobalColor.darkGray)
        painter.setFont(QFont("DejaVu Sans", 7))
        shown = painter.fontMetrics().elidedText(title, Qt.TextElideMode.ElideRight, round(page.width() * 0.8))
        painter.drawText(foot, Qt.AlignmentFlag.AlignLeft, shown)
        painter.drawText(foot, Qt.AlignmentFlag.AlignRight, f"{number + 1} / {count}")


def _html(report: Report, charts: dict[str, QImage], width: float) -> str:
    out = io.StringIO()
    out.write(f"<h1>{_text(report.title)}</h1><p class='soft'>{_text(report.setting)}</p>")
    for section in report.sections:
        figure = "no figure" if section.run.median is None else quantity.duration(section.run.median)
        out.write(f"<h2>{_text(section.title)}: {figure}</h2>")
        out.write(f"<p>{_text(section.answer)}<br>{_text(section.verdict)}</p>")
    header = ("Cell", "Design", "Verdict", "Median", "95 % interval", "Clean", "Ratio", "MACs say")
    rows = [
        (
            line.cell, line.design, line.verdict, line.median, line.interval, line.clean, line.ratio, line.predicted
        )
        for line in report.table
    ]  # fmt: skip
    out.write("<h2>All cells</h2>" + _table(header, rows))
    if report.ratios:
        out.write("<h2>Compared</h2>" + _facts(report.ratios))
    out.write("<h2>The question</h2>" + _facts(report.question))
    for place, section in enumerate(report.sections):
        out.write(_section(section, place, charts, width))
    out.write("<h2>Environment</h2>" + _facts(report.environment))
    out.write(f"<h2>Measure again</h2><p><code>{_text(report.command)}</code></p>")
    return out.getvalue()


def _section(section: Section, place: int, charts: dict[str, QImage], width: float) -> str:
    placed = {node.id: node for node in section.placed}
    rows = [
        (
            node.name,
            node.type_name,
            quantity.shape(node.shape),
            quantity.count(node.macs),
            quantity.percent(node.macs_share),
            quantity.duration(node.median),
            quantity.percent(node.share),
            quantity.percent(placed[node.id].share_of_roof) if node.id in placed else quantity.UNKNOWN,
        )
        for node in section.nodes
    ]
    header = ("Node", "Type", "Shape", "MACs", "of MACs", "Time", "of time", "of the roof")
    parts = [f"<h2 style='page-break-before: always'>Nodes of {_text(section.title)}</h2>", _table(header, rows)]
    drawn = [(samples_chart(section.run), HEIGHT, "Samples: undisturbed ones green, disturbed ones orange.")]
    over = "processes" if section.run.processes else "rounds"
    drawn.append((rounds_chart(section.run), HEIGHT, f"Medians of the {over} and the 95 % interval."))
    if section.roofs is not None:
        words = whole_words(section.placed, section.run)
        drawn.append((roofline_chart(section.placed, section.roofs), ROOFLINE_HEIGHT, words))
    for number, (svg, height, words) in enumerate(drawn):
        if svg:
            name = f"chart:{place}-{number}"
            charts[name] = _image(svg, height)
            shown = min(width, float(WIDTH))
            parts.append(f"<p><img src='{name}' width='{shown:.0f}' height='{shown * height / WIDTH:.0f}'></p>")
            parts.append(f"<p class='soft'>{_text(words)}</p>")
    parts += [f"<h2>Raw figures of {_text(section.title)}</h2>", _facts(section.facts)]
    return "".join(parts)


def _image(svg: str, height: int) -> QImage:
    """Our own chart as a picture; QTextDocument draws no SVG."""
    image = QImage(WIDTH * _CHART_SCALE, height * _CHART_SCALE, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    QSvgRenderer(QByteArray(svg.encode())).render(painter)
    painter.end()
    return image


def _facts(facts: tuple[Fact, ...]) -> str:
    return _table(("What", "Value"), [(fact.label, fact.value) for fact in facts])


def _table(header: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    titles = "".join(f"<th>{_text(title)}</th>" for title in header)
    body = "".join(f"<tr>{''.join(f'<td>{_text(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table width='100%' cellpadding='3' cellspacing='0'><thead><tr>{titles}</tr></thead>{body}</table>"


def _text(words: str) -> str:
    """Words that are never markup; long ones without a blank may break."""
    shown = visible(words)
    if " " in shown:
        return escape(shown)
    return "\u200b".join(escape(shown[start : start + _UNBROKEN]) for start in range(0, len(shown), _UNBROKEN))
