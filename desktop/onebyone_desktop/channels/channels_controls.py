"""What goes into the design: the picture and the seed, beside what is to be known of the node."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QScrollArea, QSpinBox, QVBoxLayout, QWidget

from onebyone.text import visible
from onebyone_desktop.appearance import theme
from onebyone_desktop.channels.maps_page import fitted
from onebyone_desktop.panels.plain import plain_words

_SIDE = 84
_MAX_SEED = 2**31 - 1
_WIDTH = 212


class ChannelsControls(QWidget):
    """The picture with its buttons, the seed, and words."""

    #: A file is to be chosen.
    file_wished = Signal()
    #: The picture of our own making is wished for.
    sample_wished = Signal()
    #: Another seed was chosen.
    seed_changed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image = QImage()
        self._picture = QLabel(self)
        self._picture.setObjectName("channels.picture")
        self._picture.setFixedSize(_SIDE, _SIDE)
        self._open = QPushButton(self.tr("Open…"), self)
        self._open.setObjectName("channels.open_picture")
        self._open.setAccessibleName(self.tr("Open a picture"))
        self._open.setToolTip(self.tr("Choose a picture; it can be dropped here as well"))
        self._open.clicked.connect(self.file_wished)
        self._sample = QPushButton(self.tr("Sample"), self)
        self._sample.setObjectName("channels.sample_picture")
        self._sample.setAccessibleName(self.tr("Use the sample picture"))
        self._sample.setToolTip(self.tr("Use the picture that comes with OneByOne"))
        self._sample.clicked.connect(self.sample_wished)
        self._seed = QSpinBox(self)
        self._seed.setObjectName("channels.seed")
        self._seed.setAccessibleName(self.tr("Seed of the weights"))
        self._seed.setToolTip(self.tr("Other seeds draw other weights; a node's weights depend on the seed and its id"))
        self._seed.setRange(0, _MAX_SEED)
        self._seed.setValue(1)
        self._seed.setKeyboardTracking(False)
        self._seed.valueChanged.connect(self._on_seed_value_changed)
        self._node = plain_words(self, "channels.node", "card-title")
        self._state = plain_words(self, "channels.state", "muted")
        self._refusal = plain_words(self, "channels.refusal", "error")
        self._refusal.hide()
        self._words = plain_words(self, "channels.words", "muted")
        self._arrange()

    @property
    def seed(self) -> int:
        """The seed that is chosen."""
        return self._seed.value()

    def show_picture(self, image: QImage, name: str) -> None:
        """Shows the picture that is used."""
        self._image = image
        self._picture.setAccessibleName(name)
        self._picture.setToolTip(name)
        self._sample.setEnabled(name != self.tr("Sample picture"))
        self.refresh_colours()

    def show_node(self, title: str, words: str) -> None:
        """Says which node is shown, and how the picture came to it."""
        self._node.setText(visible(title))
        self._words.setText(words)

    def show_state(self, words: str) -> None:
        """Says what is going on."""
        self._state.setText(words)
        self._state.setVisible(bool(words))

    def show_refusal(self, sentence: str) -> None:
        """Says why a picture cannot be used; nothing where it can."""
        self._refusal.setText(sentence)
        self._refusal.setVisible(bool(sentence))

    def refresh_colours(self) -> None:
        """Follows a new theme."""
        frame = QPixmap(_SIDE, _SIDE)
        frame.fill(QColor(theme.current().surface))
        if not self._image.isNull():
            painter = QPainter(frame)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            target = fitted(self._image.size(), frame.rect())
            small = self._image.scaled(
                target.size(), Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
            )
            painter.drawImage(target.topLeft(), small)
            painter.setPen(QColor(theme.current().border))
            painter.drawRect(target.adjusted(0, 0, -1, -1))
            painter.end()
        self._picture.setPixmap(frame)

    def _arrange(self) -> None:
        self.setFixedWidth(_WIDTH)
        seed = QLabel(self.tr("Seed"), self)
        seed.setBuddy(self._seed)
        row = QHBoxLayout()
        row.addWidget(seed)
        row.addWidget(self._seed, 1)
        choices = QVBoxLayout()
        choices.setSpacing(4)
        choices.addWidget(self._open)
        choices.addWidget(self._sample)
        choices.addLayout(row)
        choices.addStretch(1)
        head = QHBoxLayout()
        head.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(choices, 1)
        content = QWidget(self)
        text = QVBoxLayout(content)
        text.setContentsMargins(0, 0, 6, 0)
        text.setSpacing(3)
        for label in (self._refusal, self._node, self._state, self._words):
            text.addWidget(label)
        text.addStretch(1)
        area = QScrollArea(self)
        area.setObjectName("channels.about")
        area.setAccessibleName(self.tr("About these maps"))
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(content)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 6, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(head)
        layout.addWidget(area, 1)

    @Slot(int)
    def _on_seed_value_changed(self, seed: int) -> None:
        self.seed_changed.emit(seed)
