"""Writes diagrams to files, in a window or without a display.

Without an application one is made that needs no display (Qt's "offscreen" platform). Its fonts are those that
fontconfig knows; a machine without any font cannot draw text, and is told so.
"""

import math
import re
from os import PathLike
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QCoreApplication, QIODevice, QMarginsF, QRect, QSize, QSizeF
from PySide6.QtGui import QColor, QFontDatabase, QImage, QImageWriter, QPageSize, QPainter, QPdfWriter
from PySide6.QtWidgets import QApplication

from onebyone import formats
from onebyone.analysis import Analysis, analyze
from onebyone.design import Design
from onebyone.errors import ExportError, StorageError
from onebyone.files import safe_file
from onebyone.measurement.records import Run
from onebyone_desktop.appearance import theme as themes
from onebyone_desktop.canvas.heat_choice import Heat
from onebyone_desktop.canvas.placement import placed
from onebyone_desktop.export.diagram import Diagram

LEAST_SCALE = 0.1
MOST_SCALE = 16.0
_MOST_PIXELS = 150_000_000
_MOST_SIDE = 32_000
_PIXELS_PER_INCH = 96
_POINTS_PER_PIXEL = 72 / _PIXELS_PER_INCH
_PDF_RESOLUTION = 1200
# The largest page that readers of PDF agree on: 200 inches.
_LONGEST_PAGE_POINTS = 14_400.0
_FONT_FAMILY = re.compile(rb'font-family="([^"]*)"')


class _Application:
    made: QCoreApplication | None = None


def export_diagram(
    design: Design,
    path: str | PathLike[str],
    *,
    analysis: Analysis | None = None,
    scale: float = 2.0,
    transparent: bool = False,
    theme: str = "light",
    run: Run | None = None,
    heat: Heat | None = None,
) -> None:
    """Draws a design into a file, in the format of its suffix.

    Args:
        analysis: The analysis of the design, if there is one already.
        scale: Pixels of a PNG for each unit of the canvas.
        transparent: Leaves the background out.
        theme: "light" or "dark".
        run: A measurement of the design, for times on the nodes.
        heat: What the bars show; MACs, or latency where there is a run.

    Raises:
        ExportError: It cannot be drawn or written; the text is one sentence.
    """
    target = Path(path)
    data = draw_diagram(
        design, target.name, analysis=analysis, scale=scale, transparent=transparent, theme=theme, run=run, heat=heat
    )
    try:
        safe_file.write(target, data)
    except StorageError as error:
        raise ExportError(str(error)) from error


def draw_diagram(
    design: Design,
    name: str,
    *,
    analysis: Analysis | None = None,
    scale: float = 2.0,
    transparent: bool = False,
    theme: str = "light",
    run: Run | None = None,
    heat: Heat | None = None,
) -> bytes:
    """The bytes of a diagram for a file of this name; see `export_diagram`.

    Raises:
        ExportError: It cannot be drawn; the text is one sentence.
    """
    write = formats.find(Path(name).suffix, "diagram").load()
    if not (isinstance(scale, int | float) and math.isfinite(scale) and LEAST_SCALE <= scale <= MOST_SCALE):
        raise ExportError(f"A diagram can be drawn at a scale from {LEAST_SCALE:g} to {MOST_SCALE:g}, not {scale!r}.")
    if not design.nodes:
        raise ExportError("The design has no nodes, so there is nothing to draw.")
    ensure_application()
    tokens = themes.DARK if theme == "dark" else themes.LIGHT
    drawn = placed(design)
    known = analyze(drawn, analysis)
    ground = None if transparent else (tokens.canvas if tokens.is_dark else tokens.surface)
    content = write(Diagram(known, tokens, run, heat), ground, scale)
    assert isinstance(content, bytes)
    return content


def ensure_application() -> None:
    """Makes an application that needs no display, where there is none.

    Raises:
        ExportError: There is another kind of application, or no font to write with.
    """
    app = QCoreApplication.instance()
    if app is None:
        app = _Application.made = QApplication(["onebyone", "-platform", "offscreen"])
    if not isinstance(app, QApplication):
        raise ExportError("It can only be drawn in a program with a QApplication.")
    if not QFontDatabase.families():
        raise ExportError("No fonts are installed, so it would be without text; install one, such as DejaVu.")


def svg_bytes(diagram: Diagram, ground: str | None, _scale: float) -> bytes:
    """A diagram as SVG, which has no scale."""
    from PySide6.QtSvg import QSvgGenerator

    data, buffer = _open_buffer()
    width, height = math.ceil(diagram.width), math.ceil(diagram.height)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setResolution(_PIXELS_PER_INCH)
    generator.setSize(QSize(width, height))
    generator.setViewBox(QRect(0, 0, width, height))
    generator.setTitle(diagram.title)
    generator.setDescription("Drawn with OneByOne")
    _paint(QPainter(generator), diagram, ground)
    buffer.close()
    # Where the font is not installed, a similar one is better than the viewer's default.
    return _FONT_FAMILY.sub(
        rb"""font-family="\1, 'Segoe UI', Helvetica, Arial, sans-serif" """[:-1], bytes(data.data())
    )


def png_bytes(diagram: Diagram, ground: str | None, scale: float) -> bytes:
    """A diagram as PNG.

    Raises:
        ExportError: It would have too many pixels.
    """
    width, height = math.ceil(diagram.width * scale), math.ceil(diagram.height * scale)
    if max(width, height) > _MOST_SIDE or width * height > _MOST_PIXELS:
        raise ExportError(
            f"At scale {scale:g} the picture would have {width:,} × {height:,} pixels; use a smaller scale, or SVG."
        )
    image = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
    if image.isNull():
        raise ExportError(f"There is not enough memory for a picture of {width:,} × {height:,} pixels.")
    image.fill(QColor(0, 0, 0, 0))
    painter = QPainter(image)
    painter.scale(scale, scale)
    _paint(painter, diagram, ground)
    if ground is not None:
        image = image.convertToFormat(QImage.Format.Format_RGB32)
    dots_per_metre = round(_PIXELS_PER_INCH * scale / 0.0254)
    image.setDotsPerMeterX(dots_per_metre)
    image.setDotsPerMeterY(dots_per_metre)
    data, buffer = _open_buffer()
    writer = QImageWriter(buffer, b"png")
    if not writer.write(image):
        raise ExportError(f"The picture could not be made: {writer.errorString()}.")
    buffer.close()
    return bytes(data.data())


def pdf_bytes(diagram: Diagram, ground: str | None, _scale: float) -> bytes:
    """A diagram as a page of its size."""
    width, height = diagram.width * _POINTS_PER_PIXEL, diagram.height * _POINTS_PER_PIXEL
    shrink = min(1.0, _LONGEST_PAGE_POINTS / max(width, height))
    data, buffer = _open_buffer()
    writer = QPdfWriter(buffer)
    writer.setTitle(diagram.title)
    writer.setCreator("OneByOne")
    writer.setResolution(_PDF_RESOLUTION)
    page = QSizeF(width * shrink, height * shrink)
    writer.setPageSize(QPageSize(page, QPageSize.Unit.Point, "", QPageSize.SizeMatchPolicy.ExactMatch))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0))
    painter = QPainter(writer)
    unit = _PDF_RESOLUTION / _PIXELS_PER_INCH * shrink
    painter.scale(unit, unit)
    _paint(painter, diagram, ground)
    buffer.close()
    return bytes(data.data())


def _paint(painter: QPainter, diagram: Diagram, ground: str | None) -> None:
    try:
        diagram.paint(painter, ground)
    finally:
        painter.end()


def _open_buffer() -> tuple[QByteArray, QBuffer]:
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    return data, buffer
