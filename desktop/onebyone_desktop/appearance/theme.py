"""Colours and fonts, in a light and a dark form; the only place where a colour is written down."""

from functools import cache

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from onebyone.layers import Family
from onebyone_desktop.appearance.style_sheet import style_sheet

UI_FAMILIES = ("Inter", "Segoe UI", "SF Pro Text", "Cantarell", "Noto Sans", "DejaVu Sans", "Helvetica", "Arial")
FIXED_FAMILIES = ("JetBrains Mono", "SF Mono", "Cascadia Mono", "DejaVu Sans Mono", "Consolas", "Menlo", "Courier New")
UI_POINTS = 9.0
SMALL_POINTS = 8.25
TITLE_POINTS = 10.5


class Theme(msgspec.Struct, frozen=True):
    """Tokens of one theme. Text on its ground has a contrast of 4.5 at least, shapes that mean something of 3.

    `border` only separates; `control_border` is the outline of what can be operated. `header_text` is written on
    family colours, except on the 1×1's amber, which has its own: ask `text_on`.
    """

    name: str
    window: str
    surface: str
    raised: str
    canvas: str
    grid: str
    border: str
    control_border: str
    node_border: str
    text: str
    muted_text: str
    accent: str
    accent_text: str
    selection: str
    hover: str
    error: str
    error_ground: str
    warning: str
    warning_ground: str
    ok: str
    wire: str
    wire_on_path: str
    heat_track: str
    heat_cold: str
    heat_warm: str
    heat_hot: str
    header_text: str
    pointwise_text: str
    tensor: str
    pointwise: str
    convolution: str
    pooling: str
    merge: str
    normalization: str
    head: str

    @property
    def is_dark(self) -> bool:
        """Whether light text stands on dark ground."""
        return self.name == "dark"

    def family(self, family: Family) -> str:
        """The colour of a layer family: of headers, bars and plots."""
        return str(getattr(self, family))

    def heat(self, warmth: float) -> str:
        """The colour of the heat's ramp, from 0 (cold) to 1 (hot); lightness alone tells its steps apart."""
        low, high = (self.heat_cold, self.heat_warm) if warmth < 0.5 else (self.heat_warm, self.heat_hot)
        part = min(max(warmth, 0.0), 1.0) * 2 - (0 if warmth < 0.5 else 1)
        pairs = zip(_channels(low), _channels(high), strict=True)
        return "#" + "".join(f"{round(a + (b - a) * part):02x}" for a, b in pairs)

    def text_on(self, family: Family) -> str:
        """The colour of text on a family's colour."""
        return self.pointwise_text if family == "pointwise" else self.header_text


LIGHT = Theme(
    name="light",
    window="#f5f6f8",
    surface="#ffffff",
    raised="#f9fafb",
    canvas="#fbfcfd",
    grid="#dfe3e8",
    border="#e3e6ea",
    control_border="#868e9b",
    node_border="#c5ccd6",
    text="#1f2430",
    muted_text="#5f6876",
    accent="#2563eb",
    accent_text="#ffffff",
    selection="#dbe7fd",
    hover="#eceef2",
    error="#c3221b",
    error_ground="#fdeeed",
    warning="#8a5200",
    warning_ground="#fdf3e1",
    ok="#0b7a4b",
    wire="#8792a2",
    wire_on_path="#5f8ff0",
    heat_track="#e8ebf0",
    heat_cold="#fffaf0",
    heat_warm="#fdcf86",
    heat_hot="#e97f45",
    header_text="#ffffff",
    pointwise_text="#1d1503",
    tensor="#55637a",
    pointwise="#c67100",
    convolution="#2f6fe4",
    pooling="#0a7d57",
    merge="#7c4ddb",
    normalization="#66748b",
    head="#0f7490",
)

DARK = Theme(
    name="dark",
    window="#171a20",
    surface="#1e222a",
    raised="#252a33",
    canvas="#14171c",
    grid="#2a303a",
    border="#2f3540",
    control_border="#727c8b",
    node_border="#434c5a",
    text="#e6e9ef",
    muted_text="#a0a9b8",
    accent="#6ea2ff",
    accent_text="#0d1320",
    selection="#263c65",
    hover="#2b313c",
    error="#ff8b82",
    error_ground="#3a2224",
    warning="#f2b84b",
    warning_ground="#372c1a",
    ok="#4fd19a",
    wire="#69748a",
    wire_on_path="#7a9fe0",
    heat_track="#333a46",
    heat_cold="#1e222a",
    heat_warm="#5a3a20",
    heat_hot="#97491d",
    header_text="#0f131a",
    pointwise_text="#0f131a",
    tensor="#94a1b5",
    pointwise="#f5a524",
    convolution="#6ba0f7",
    pooling="#3ecb94",
    merge="#b195f7",
    normalization="#8b9bb4",
    head="#3fbdd0",
)

_THEMES = {"light": LIGHT, "dark": DARK}


class _Current:
    theme = LIGHT
    has_style = False


def current() -> Theme:
    """The theme that is shown."""
    return _Current.theme


def named(name: str) -> Theme:
    """The theme "light" or "dark"; any other name follows the system."""
    if name in _THEMES:
        return _THEMES[name]
    hints = QGuiApplication.styleHints()
    is_dark = hints is not None and hints.colorScheme() == Qt.ColorScheme.Dark
    return DARK if is_dark else LIGHT


def apply(app: QApplication, theme: Theme) -> None:
    """Shows the whole application in a theme."""
    prepare(app, theme)
    dress(app, theme)


def application() -> QApplication:
    """The application that is running."""
    found = QApplication.instance()
    assert isinstance(found, QApplication)
    return found


def prepare(app: QApplication, theme: Theme) -> None:
    """Lets what is built from now on have the theme's colours and fonts; `dress` has to follow."""
    _Current.theme = theme
    if not _Current.has_style:
        # Once only: PySide keeps an object for every style that there has been.
        app.setStyle("Fusion")
        _Current.has_style = True
    app.setPalette(palette(theme))
    app.setFont(ui_font())


def dress(app: QApplication, theme: Theme) -> None:
    """Gives all widgets the theme's style sheet."""
    colours = {name: str(value) for name, value in msgspec.structs.asdict(theme).items()}
    app.setStyleSheet(style_sheet(colours, {"small": SMALL_POINTS, "ui": UI_POINTS, "title": TITLE_POINTS}))


def palette(theme: Theme) -> QPalette:
    """The theme as Qt's palette, for all that the style sheet does not name."""
    roles = QPalette.ColorRole
    colours = {
        roles.Window: theme.window,
        roles.WindowText: theme.text,
        roles.Base: theme.surface,
        roles.AlternateBase: theme.raised,
        roles.Text: theme.text,
        roles.PlaceholderText: theme.muted_text,
        roles.Button: theme.surface,
        roles.ButtonText: theme.text,
        roles.BrightText: theme.error,
        roles.ToolTipBase: theme.raised,
        roles.ToolTipText: theme.text,
        roles.Highlight: theme.accent,
        roles.HighlightedText: theme.accent_text,
        roles.Link: theme.accent,
        roles.LinkVisited: theme.merge,
        roles.Light: theme.raised,
        roles.Midlight: theme.raised,
        roles.Mid: theme.border,
        roles.Dark: theme.control_border,
        roles.Shadow: theme.control_border,
        roles.Accent: theme.accent,
    }
    result = QPalette()
    for role, colour in colours.items():
        result.setColor(role, QColor(colour))
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, role, QColor(theme.control_border))
    return result


def ui_font(points: float = UI_POINTS) -> QFont:
    """The font of the window."""
    font = QFont(family_of(UI_FAMILIES))
    font.setPointSizeF(points)
    return font


def fixed_font(points: float = UI_POINTS) -> QFont:
    """The font of source text and of columns of numbers."""
    font = QFont(family_of(FIXED_FAMILIES))
    font.setStyleHint(QFont.StyleHint.Monospace)
    font.setPointSizeF(points)
    return font


@cache
def family_of(wanted: tuple[str, ...]) -> str:
    """The first of these font families that is installed; the last one where none is."""
    installed = set(QFontDatabase.families())
    return next((name for name in wanted if name in installed), wanted[-1])


def contrast(first: str, second: str) -> float:
    """The contrast of two colours, 1 to 21.

    Source: W3C, Web Content Accessibility Guidelines 2.2, "contrast ratio".
    """
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [channel / 255 for channel in _channels(colour)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _channels(colour: str) -> list[int]:
    return [int(colour[place : place + 2], 16) for place in (1, 3, 5)]
