"""Feature maps as a grid of pictures with their numbers, a page at a time."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QHelpEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from onebyone.channels import MAX_MAPS, Channels, FeatureMap, Scaling
from onebyone_desktop.appearance import theme
from onebyone_desktop.appearance.icons import icon
from onebyone_desktop.channels.channels_words import range_words
from onebyone_desktop.channels.pictures import as_image

GAP = 6
_CAPTION = 15
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class MapGrid(QWidget):
    """The maps of a page in rows; arrows and clicks choose one, the pointer's tip says its range."""

    #: A map was chosen: the number of its channel.
    chosen = Signal(int)

    def __init__(self, name: str, accessible_name: str, side: int = 64, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(accessible_name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._side = side
        self._maps: tuple[FeatureMap, ...] = ()
        self._images: list[QImage] = []
        self._current = -1

    @property
    def maps(self) -> tuple[FeatureMap, ...]:
        """What is shown."""
        return self._maps

    def show_maps(self, maps: Sequence[FeatureMap], channel: int) -> None:
        """Shows other maps; the one of `channel` is marked."""
        self._maps = tuple(maps)
        self._images = [as_image(one) for one in maps]
        self.mark(channel)
        self._fit()
        self.update()

    def mark(self, channel: int) -> None:
        """Marks the map of a channel, where it is on this page."""
        self._current = next((place for place, one in enumerate(self._maps) if one.channel == channel), -1)
        words = self._words(self._current)
        self.setAccessibleDescription(words)
        self.update()

    def tile(self, place: int) -> QRect:
        """Where a map is painted, with its number."""
        columns = self._columns()
        step = self._side + GAP
        return QRect(
            GAP + place % columns * step, GAP + place // columns * (step + _CAPTION), self._side, self._side + _CAPTION
        )

    def _columns(self) -> int:
        return max(1, (self.width() - GAP) // (self._side + GAP))

    def _fit(self) -> None:
        rows = -(-len(self._maps) // self._columns())
        self.setFixedHeight(max(1, rows * (self._side + GAP + _CAPTION) + GAP))

    def _place_at(self, point: QPoint) -> int:
        return next((place for place in range(len(self._maps)) if self.tile(place).contains(point)), -1)

    def _words(self, place: int) -> str:
        if place < 0:
            return ""
        return self.tr("Map {}: {}").format(self._maps[place].channel, range_words(self._maps[place]))

    def _choose(self, place: int) -> None:
        if 0 <= place < len(self._maps):
            self.mark(self._maps[place].channel)
            self.chosen.emit(self._maps[place].channel)

    def sizeHint(self) -> QSize:
        return QSize(4 * (self._side + GAP) + GAP, self.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(self._side + 2 * GAP, self._side)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.current()
        painter = QPainter(self)
        painter.setFont(theme.ui_font(theme.SMALL_POINTS))
        for place, image in enumerate(self._images):
            tile = self.tile(place)
            if not tile.intersects(event.rect()):
                continue
            frame = QRect(tile.topLeft(), QSize(self._side, self._side))
            painter.drawImage(fitted(image.size(), frame), image)
            is_current = place == self._current
            painter.setPen(QPen(QColor(tokens.accent if is_current else tokens.border), 2 if is_current else 1))
            painter.drawRect(frame.adjusted(0, 0, -1, -1))
            painter.setPen(QColor(tokens.text if is_current else tokens.muted_text))
            below = QRect(tile.left(), frame.bottom() + 1, self._side, _CAPTION)
            painter.drawText(below, Qt.AlignmentFlag.AlignCenter, str(self._maps[place].channel))
        if self.hasFocus() and self._current < 0 and self._maps:
            painter.setPen(QPen(QColor(tokens.accent), 2))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._choose(self._place_at(event.position().toPoint()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if event.key() in {Qt.Key.Key_Up, Qt.Key.Key_Down}:
            step = self._columns() * (1 if event.key() == Qt.Key.Key_Down else -1)
        if step is None or not self._maps:
            super().keyPressEvent(event)
            return
        self._choose(min(max(self._current + step, 0), len(self._maps) - 1))

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            words = self._words(self._place_at(event.pos()))
            QToolTip.showText(event.globalPos(), words, self)
            return True
        return super().event(event)


def fitted(size: QSize, frame: QRect) -> QRect:
    """The largest rectangle of these proportions in the middle of a frame."""
    best = size.scaled(frame.size(), Qt.AspectRatioMode.KeepAspectRatio).expandedTo(QSize(1, 1))
    place = frame.center() - QPoint(best.width() // 2, best.height() // 2)
    return QRect(QPoint(max(place.x(), frame.left()), max(place.y(), frame.top())), best)


class MapsPage(QWidget):
    """A grid with what turns its pages and chooses the range."""

    #: Another page or another range is wished for.
    changed = Signal()
    #: A map was chosen: the number of its channel.
    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.first = 0
        self._count = 0
        self._node = ""
        self._back = self._turn("channels.previous_page", "chevron_left", self.tr("Previous page of maps"))
        self._forth = self._turn("channels.next_page", "chevron_right", self.tr("Next page of maps"))
        self._back.clicked.connect(self._on_back_clicked)
        self._forth.clicked.connect(self._on_forth_clicked)
        self._page = QLabel(self)
        self._page.setObjectName("channels.page")
        self._range = QLabel(self)
        self._range.setObjectName("channels.range")
        self._range.setProperty("role", "muted")
        # It gives way before the panels beside do.
        self._range.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._scaling = QComboBox(self)
        self._scaling.setObjectName("channels.scaling")
        self._scaling.setAccessibleName(self.tr("Range of the maps"))
        self._scaling.setToolTip(self.tr("Black and white are the percentiles 1 and 99: of each map, or of the page"))
        self._scaling.addItem(self.tr("each in its own range"), "own")
        self._scaling.addItem(self.tr("all in one range"), "shared")
        self._scaling.activated.connect(self._on_scaling_activated)
        self.grid = MapGrid("channels.maps", self.tr("Feature maps"), parent=self)
        self.grid.chosen.connect(self._on_grid_chosen)
        self.grid.chosen.connect(self.chosen)
        self._arrange()

    @property
    def scaling(self) -> Scaling:
        """Which range is chosen."""
        return "shared" if self._scaling.currentData() == "shared" else "own"

    def show_answer(self, answer: Channels, channel: int) -> None:
        """Shows the maps of an answer; the one of `channel` is marked."""
        if answer.node != self._node:
            self._node = answer.node
            self._area.verticalScrollBar().setValue(0)
        self._count = answer.channels
        self.first = answer.maps[0].channel
        last = answer.maps[-1].channel
        self._page.setText(self.tr("Maps {} to {} of {}").format(self.first, last, f"{self._count:,}"))
        self._back.setEnabled(self.first > 0)
        self._forth.setEnabled(last + 1 < self._count)
        for button in (self._back, self._forth):
            button.setVisible(self._count > MAX_MAPS)
        self.grid.show_maps(answer.maps, channel)
        self._say(channel)

    def mark(self, channel: int) -> None:
        """Marks the map of a channel."""
        self.grid.mark(channel)
        self._say(channel)

    def _say(self, channel: int) -> None:
        shown = next((one for one in self.grid.maps if one.channel == channel), None)
        words = self.tr("map {}: {}").format(channel, range_words(shown)) if shown else ""
        self._range.setText(words)
        self._range.setToolTip(words)

    def _turn(self, name: str, glyph: str, words: str) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(name)
        button.setIcon(icon(glyph))
        button.setAccessibleName(words)
        button.setToolTip(words)
        return button

    def _arrange(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self._back)
        head.addWidget(self._page)
        head.addWidget(self._forth)
        head.addSpacing(8)
        head.addWidget(self._range, 1)
        head.addWidget(self._scaling)
        self._area = QScrollArea(self)
        self._area.setObjectName("channels.maps_area")
        self._area.setAccessibleName(self.tr("Feature maps"))
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setWidget(self.grid)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 6, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(head)
        layout.addWidget(self._area, 1)

    @Slot()
    def _on_back_clicked(self) -> None:
        self.first = max(0, self.first - MAX_MAPS)
        self.changed.emit()

    @Slot()
    def _on_forth_clicked(self) -> None:
        self.first += MAX_MAPS
        self.changed.emit()

    @Slot(int)
    def _on_scaling_activated(self, _place: int) -> None:
        self.changed.emit()

    @Slot(int)
    def _on_grid_chosen(self, channel: int) -> None:
        self._say(channel)
        tile = self.grid.tile(channel - self.first)
        self._area.ensureVisible(tile.center().x(), tile.center().y(), tile.width(), tile.height())
