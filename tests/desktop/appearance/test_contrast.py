"""WCAG AA over the tokens as they are used: text 4.5 on each ground it is written on, shapes that mean something 3."""

import pytest
from PySide6.QtGui import QColor, QImage, QPainter, QPalette
from PySide6.QtWidgets import QLineEdit

import onebyone
from onebyone_desktop.appearance.theme import DARK, LIGHT, Theme, apply, contrast, current
from onebyone_desktop.canvas.items.look import look_at
from onebyone_desktop.canvas.items.painting import BYPASSED_OPACITY, FAMILIES, paint_node, tools_of

TEXT = 4.5
SHAPE = 3.0
THEMES = pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
_WARMTHS = [step / 20 for step in range(21)]

# What is written where: the token of the text, and all grounds it stands on.
_TEXTS = {
    "text": ("window", "surface", "raised", "canvas", "hover", "selection"),
    # Headings, cards and their hover, tabs, hints on the canvas, the second words of a chosen suggestion.
    "muted_text": ("window", "surface", "raised", "canvas", "hover", "selection"),
    # Keywords of the source, fixes; a fix under the pointer is written in `text`.
    "accent": ("surface", "raised", "window"),
    "accent_text": ("accent",),
    "error": ("surface", "raised", "hover", "window", "canvas", "error_ground"),
    "warning": ("surface", "raised", "window", "canvas", "warning_ground"),
    "ok": ("surface", "raised", "window"),
}
# What has to be seen to be understood: the token, and what it stands on.
_SHAPES = {
    "wire": ("canvas", "surface"),
    "wire_on_path": ("canvas", "surface"),
    # Selected boxes, the view on the map, the focus on every kind of control.
    "accent": ("canvas", "surface", "raised", "window", "hover", "selection"),
    "control_border": ("surface", "raised", "canvas", "window"),
    "error": ("surface", "canvas"),
    "warning": ("surface", "canvas"),
}


def _cases(table: dict[str, tuple[str, ...]]) -> list[tuple[str, str]]:
    return [(front, ground) for front, grounds in table.items() for ground in grounds]


def mixed(front: str, ground: str, opacity: float) -> str:
    """A colour over another one."""
    above, below = QColor(front), QColor(ground)
    parts = zip(above.getRgbF()[:3], below.getRgbF()[:3], strict=True)
    return QColor.fromRgbF(*(a * opacity + b * (1 - opacity) for a, b in parts)).name()


@THEMES
@pytest.mark.parametrize(("text", "ground"), _cases(_TEXTS))
def test_text_can_be_read(tokens: Theme, text: str, ground: str) -> None:
    assert contrast(getattr(tokens, text), getattr(tokens, ground)) >= TEXT


@THEMES
@pytest.mark.parametrize(("shape", "ground"), _cases(_SHAPES))
def test_shapes_can_be_seen(tokens: Theme, shape: str, ground: str) -> None:
    assert contrast(getattr(tokens, shape), getattr(tokens, ground)) >= SHAPE


@THEMES
@pytest.mark.parametrize("family", FAMILIES)
def test_families_can_be_told_from_every_ground_they_are_drawn_on(tokens: Theme, family: str) -> None:
    colour = tokens.family(family)

    assert contrast(tokens.text_on(family), colour) >= TEXT
    for ground in (tokens.canvas, tokens.surface, tokens.raised, tokens.heat_track):
        assert contrast(colour, ground) >= SHAPE


@THEMES
@pytest.mark.parametrize("warmth", _WARMTHS)
def test_text_can_be_read_on_every_step_of_the_heat(tokens: Theme, warmth: float) -> None:
    assert contrast(tokens.text, tokens.heat(warmth)) >= TEXT


@THEMES
def test_hints_in_empty_fields_are_written_like_muted_text(tokens: Theme, qapp) -> None:
    before = current()
    apply(qapp, tokens)
    field = QLineEdit()
    field.ensurePolished()

    assert field.palette().color(QPalette.ColorRole.PlaceholderText).name() == tokens.muted_text
    apply(qapp, before)


@THEMES
def test_the_steps_of_the_heat_differ_in_lightness(tokens: Theme) -> None:
    """So that the ramp is a ramp to those who see no colours."""
    steps = [contrast(tokens.heat(warmth), tokens.heat(0.0)) for warmth in _WARMTHS]

    assert steps == sorted(steps)
    assert steps[-1] >= 2.0


@THEMES
@pytest.mark.parametrize("family", FAMILIES)
def test_the_name_of_a_bypassed_node_can_be_read(tokens: Theme, family: str) -> None:
    assert contrast(tokens.text, mixed(tokens.family(family), tokens.surface, BYPASSED_OPACITY)) >= TEXT


@THEMES
def test_the_words_of_a_warning_on_a_hot_node_are_written_like_text(tokens: Theme, qapp) -> None:
    design = onebyone.gallery.load("inception-3a-naive")
    analysis = onebyone.analyze(design)
    problem = onebyone.problem.Problem("unused-output", "warning", "conv3x3", "Its result is not used.")
    look = look_at(design.node("conv3x3"), analysis.nodes["conv3x3"], problem)
    image = QImage(int(look.width) * 4, int(look.height) * 4, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    painter.scale(4, 4)

    paint_node(painter, look, tools_of(tokens), warmth=1.0)
    painter.end()

    words = [
        image.pixelColor(x, y).name() for x in range(image.width() // 2, image.width() - 44) for y in range(170, 210)
    ]
    assert tokens.text in words
    assert tokens.heat(1.0) in words
