"""Both themes can be read: WCAG AA contrast for text and for shapes that mean something."""

import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from onebyone_desktop.appearance import theme
from onebyone_desktop.appearance.theme import DARK, LIGHT, Theme, contrast
from onebyone_desktop.canvas.items.painting import FAMILIES

TEXT = 4.5
SHAPE = 3.0
THEMES = pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])


@pytest.fixture(autouse=True)
def keep_theme(qapp: QApplication):
    before = theme.current()
    yield
    theme.apply(qapp, before)


@THEMES
@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("text", "window"), ("text", "surface"), ("text", "raised"), ("text", "canvas"), ("text", "hover"),
        ("text", "selection"), ("muted_text", "window"), ("muted_text", "surface"), ("muted_text", "canvas"),
        ("muted_text", "hover"), ("accent_text", "accent"), ("accent", "surface"), ("error", "surface"),
        ("error", "error_ground"), ("warning", "surface"), ("warning", "warning_ground"), ("ok", "surface"),
        ("error", "window"), ("warning", "window"), ("ok", "window"),
    ],
)  # fmt: skip
def test_text_stands_out_from_its_ground(tokens: Theme, text: str, ground: str) -> None:
    assert contrast(getattr(tokens, text), getattr(tokens, ground)) >= TEXT


@THEMES
@pytest.mark.parametrize("family", FAMILIES)
def test_names_stand_out_from_headers(tokens: Theme, family: str) -> None:
    assert contrast(tokens.text_on(family), tokens.family(family)) >= TEXT


@THEMES
@pytest.mark.parametrize("family", FAMILIES)
def test_family_colours_stand_out_from_the_canvas_and_from_boxes(tokens: Theme, family: str) -> None:
    assert contrast(tokens.family(family), tokens.canvas) >= SHAPE
    assert contrast(tokens.family(family), tokens.surface) >= SHAPE


@THEMES
@pytest.mark.parametrize("shape", ["wire", "accent", "control_border", "error", "warning"])
def test_shapes_stand_out(tokens: Theme, shape: str) -> None:
    assert contrast(getattr(tokens, shape), tokens.surface) >= SHAPE
    assert contrast(getattr(tokens, shape), tokens.canvas) >= SHAPE


@THEMES
def test_no_two_families_share_a_colour(tokens: Theme) -> None:
    assert len({tokens.family(family) for family in FAMILIES}) == len(FAMILIES)


def test_contrast_of_black_on_white_is_the_most_there_is() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)


def test_a_theme_is_applied_to_the_whole_application(qapp: QApplication) -> None:
    theme.apply(qapp, DARK)

    assert theme.current() is DARK
    assert qapp.palette().color(QPalette.ColorRole.Window) == QColor(DARK.window)
    assert DARK.accent in qapp.styleSheet()
    assert "$" not in qapp.styleSheet()


@pytest.mark.parametrize(("name", "tokens"), [("light", LIGHT), ("dark", DARK)])
def test_themes_are_found_by_name(qapp: QApplication, name: str, tokens: Theme) -> None:
    assert theme.named(name) is tokens


def test_the_system_decides_where_no_theme_is_named(qapp: QApplication) -> None:
    assert theme.named("system") in (LIGHT, DARK)
