"""Pictures for the Channels panel: one of our own, the user's file, and feature maps as images."""

import threading
from pathlib import Path

from PySide6.QtCore import QObject, QPointF, QRectF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QBrush, QColor, QConicalGradient, QImage, QImageReader, QLinearGradient, QPainter, QPen

from onebyone.channels import MAX_PICTURE_SIDE, FeatureMap, Picture
from onebyone.errors import StorageError
from onebyone.quantity import byte_size
from onebyone.text import visible

MAX_FILE_BYTES = 64 * 2**20
MAX_PIXELS = 32_000_000
#: What a reader may take for one image, in MiB: 32 million pixels of four bytes.
ALLOCATION_LIMIT_MIB = 128
SUFFIXES = ("png", "jpg", "jpeg", "bmp", "gif", "webp", "ppm", "pgm", "svg", "ico", "xpm")
_SIDE = 448
_LOOK_MS = 15


def sample() -> QImage:
    """A picture of our own making: colours, gradients, edges in all directions, stripes, dots and fine texture."""
    image = QImage(_SIDE, _SIDE, QImage.Format.Format_RGB888)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _paint_ground(painter)
    _paint_textures(painter)
    _paint_shapes(painter)
    painter.end()
    return image


def _paint_ground(painter: QPainter) -> None:
    sky = QLinearGradient(0, 0, 0, 260)
    for place, colour in ((0.0, "#1c4f9c"), (0.6, "#7fb8ea"), (1.0, "#fbe3b4")):
        sky.setColorAt(place, QColor(colour))
    painter.fillRect(0, 0, _SIDE, 260, sky)
    field = QLinearGradient(0, 260, _SIDE, _SIDE)
    field.setColorAt(0.0, QColor("#2f8f4e"))
    field.setColorAt(1.0, QColor("#0f3d2a"))
    painter.fillRect(0, 260, _SIDE, _SIDE - 260, field)


def _paint_textures(painter: QPainter) -> None:
    for place in range(16):
        shade = QColor("#f4f1e8") if place % 2 else QColor("#22252b")
        painter.fillRect(QRectF(24 + place * 7, 300, 7, 116), shade)
    for row in range(8):
        for column in range(8):
            shade = QColor("#e9c03b") if (row + column) % 2 else QColor("#5a2a82")
            painter.fillRect(QRectF(312 + column * 14, 304 + row * 14, 14, 14), shade)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor("#fdf6e3"))
    for row in range(6):
        for column in range(6):
            painter.drawEllipse(QPointF(168 + column * 22, 306 + row * 20), 2.0 + row, 2.0 + row)


def _paint_shapes(painter: QPainter) -> None:
    wheel = QConicalGradient(QPointF(120, 130), 0)
    for step in range(7):
        wheel.setColorAt(step / 6, QColor.fromHsv(step * 60 % 360, 235, 245))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QBrush(wheel))
    painter.drawEllipse(QPointF(120, 130), 88, 88)
    painter.setBrush(QColor("#ffffff"))
    painter.drawEllipse(QPointF(120, 130), 30, 30)
    painter.setBrush(QColor("#d8322a"))
    painter.drawPolygon([QPointF(250, 236), QPointF(330, 70), QPointF(410, 236)])
    painter.setBrush(QColor("#f7d038"))
    painter.drawRect(QRectF(302, 172, 56, 64))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for place, colour in enumerate(("#ffffff", "#14213d", "#fca311")):
        painter.setPen(QPen(QColor(colour), 7))
        painter.drawLine(QPointF(226 + place * 16, 20), QPointF(180 + place * 16, 250))


def scaled(image: QImage) -> QImage:
    """An image no larger than what is sent, without transparency: it is laid on white."""
    size = image.size()
    if max(size.width(), size.height()) > MAX_PICTURE_SIDE:
        image = image.scaled(
            size.scaled(MAX_PICTURE_SIDE, MAX_PICTURE_SIDE, Qt.AspectRatioMode.KeepAspectRatio).expandedTo(QSize(1, 1)),
            Qt.AspectRatioMode.IgnoreAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
    if image.hasAlphaChannel():
        ground = QImage(image.size(), QImage.Format.Format_RGB888)
        ground.fill(QColor("white"))
        painter = QPainter(ground)
        painter.drawImage(0, 0, image)
        painter.end()
        return ground
    return image.convertToFormat(QImage.Format.Format_RGB888)


def as_picture(image: QImage) -> Picture:
    """An image as it is sent to the worker."""
    small = scaled(image)
    width, stride = small.width() * 3, small.bytesPerLine()
    data = bytes(small.constBits())
    rows = [data[row * stride : row * stride + width] for row in range(small.height())]
    return Picture(small.width(), small.height(), b"".join(rows))


def as_image(shown: FeatureMap) -> QImage:
    """A feature map in shades of grey."""
    image = QImage(shown.pixels, shown.width, shown.height, shown.width, QImage.Format.Format_Grayscale8)
    # A copy: the image would not keep the bytes alive.
    return image.copy()


def is_picture(path: str) -> bool:
    """Whether a file is one by its name."""
    return Path(path).suffix[1:].lower() in SUFFIXES


def read(path: Path) -> QImage:
    """The picture of a file, as it is sent.

    Raises:
        StorageError: It cannot be read, is none, or is too large.
    """
    name = visible(path.name)
    try:
        if not path.is_file():
            raise StorageError(f"'{name}' is no file; choose a picture.")
        size = path.stat().st_size
    except OSError as error:
        raise StorageError(f"'{name}' cannot be read: {error.strerror}.") from error
    if size > MAX_FILE_BYTES:
        raise StorageError(f"'{name}' has {byte_size(size)}; a picture can have {byte_size(MAX_FILE_BYTES)}.")
    QImageReader.setAllocationLimit(ALLOCATION_LIMIT_MIB)
    reader = QImageReader(str(path))
    reader.setDecideFormatFromContent(True)
    reader.setAutoTransform(True)
    declared = reader.size()
    if declared.isValid() and declared.width() * declared.height() > MAX_PIXELS:
        raise StorageError(
            f"'{name}' has {declared.width():,} × {declared.height():,} pixels; {MAX_PIXELS:,} in all can be read."
        )
    image = reader.read()
    if image.isNull() or image.width() < 1 or image.height() < 1:
        formats = ", ".join(SUFFIXES[:6])
        raise StorageError(f"'{name}' is no picture that can be read ({formats} and others can).")
    return scaled(image)


class PictureReader(QObject):
    """Reads picture files in a thread, so that the window goes on painting; the newest wish wins."""

    #: A file was read: its path and the image.
    finished = Signal(Path, QImage)
    #: It could not be; a sentence.
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path: Path | None = None
        self._thread: threading.Thread | None = None
        self._found: list[QImage | str] = []
        self._look = QTimer(self, interval=_LOOK_MS)
        self._look.timeout.connect(self._on_look_timeout)

    def read(self, path: Path) -> None:
        """Begins to read a file."""
        self._path = path
        # A list of its own: what an older thread finds goes nowhere.
        self._found = []
        self._thread = threading.Thread(target=_read_into, args=(path, self._found), name="picture", daemon=True)
        self._thread.start()
        self._look.start()

    @Slot()
    def _on_look_timeout(self) -> None:
        if not self._found:
            return
        self._look.stop()
        found, path = self._found[0], self._path
        if isinstance(found, str):
            self.failed.emit(found)
        else:
            self.finished.emit(path, found)


def _read_into(path: Path, found: list[QImage | str]) -> None:
    try:
        found.append(read(path))
    except StorageError as error:
        found.append(str(error))
    except Exception as error:  # noqa: BLE001 - a thread that ends without a word would be waited for without end
        found.append(f"'{visible(path.name)}' cannot be read: {error}.")
