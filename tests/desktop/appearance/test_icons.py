"""Glyphs: one for every kind and for every action of the tool bar, drawn in the colours of the theme."""

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QIcon, QImage
from PySide6.QtWidgets import QApplication

import onebyone_resources
from onebyone.layers import CATALOGUE, Conv2d, Input
from onebyone_desktop.appearance import theme
from onebyone_desktop.appearance.icons import glyph, icon, kind_glyph

FILES = sorted(path.stem for path in onebyone_resources.path("icons").glob("*.svg"))


@pytest.mark.parametrize("kind", CATALOGUE)
def test_every_kind_has_a_glyph(kind: str) -> None:
    assert not glyph(kind).lines.isEmpty()


@pytest.mark.parametrize("name", FILES)
def test_every_file_stays_within_its_box(name: str) -> None:
    shapes = glyph(name)
    rect = shapes.lines.boundingRect().united(shapes.filled.boundingRect())

    assert rect.left() >= 0 and rect.top() >= 0 and rect.right() <= 24 and rect.bottom() <= 24


def test_a_1x1_convolution_has_a_glyph_of_its_own() -> None:
    assert kind_glyph(Conv2d(8)) != kind_glyph(Conv2d(8, (3, 3)))
    assert kind_glyph(Input(1, 1, 1)) == "input"


@pytest.mark.parametrize("tokens", [theme.LIGHT, theme.DARK], ids=["light", "dark"])
def test_icons_are_painted_in_the_colour_of_text(qapp: QApplication, tokens: theme.Theme) -> None:
    before = theme.current()
    theme.apply(qapp, tokens)

    image = icon("save").pixmap(QSize(32, 32)).toImage()

    theme.apply(qapp, before)
    assert QColor(tokens.text).name() in colours(image)


def test_a_disabled_icon_is_fainter(qapp: QApplication) -> None:
    image = icon("save").pixmap(QSize(32, 32), QIcon.Mode.Disabled).toImage()

    assert QColor(theme.current().text).name() not in colours(image)


def colours(image: QImage) -> set[str]:
    pixels = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
    return {pixel.name() for pixel in pixels if pixel.alpha() == 255}
