"""Screens of other densities: the same measures and words, drawn with more pixels."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

# Run in a process of its own: Qt reads the scale factor once.
_PROGRAM = """
import json, sys
from PySide6.QtWidgets import QApplication
from onebyone_desktop.appearance import theme
from onebyone_desktop.app import make_window
from onebyone_desktop.canvas.items import look as looks

app = QApplication([])
window = make_window(["gallery:inception-3a"])
window.use_theme(theme.named(sys.argv[1]))
window.show()
app.processEvents()
window.canvas.reset_zoom()
picture = window.grab().toImage()
nodes = {}
for name, item in window.canvas.design_scene.nodes.items():
    look = item.look
    nodes[name] = {
        "texts": [look.name, look.summary, look.shape],
        "box": [look.width, look.height],
        "widths": [
            looks.text_width(look.name, looks.name_font()) + looks.NAME_X,
            looks.text_width(look.summary, looks.text_font()) + looks.MARGIN,
            looks.text_width(look.shape, looks.number_font()) + looks.MARGIN,
        ],
    }
print(json.dumps({
    "ratio": picture.devicePixelRatio(),
    "pixels": [picture.width(), picture.height()],
    "size": [window.width(), window.height()],
    "nodes": nodes,
    "colours": len({picture.pixel(x, y) for x in range(0, picture.width(), 5) for y in range(0, picture.height(), 5)}),
}))
"""


def seen(scale: str, theme: str, home: Path) -> dict:
    """What a window with Inception 3a looks like at a scale factor."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": scale, "XDG_CONFIG_HOME": str(home)}
    command = [sys.executable, "-c", _PROGRAM, theme]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=True)
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> dict:
    """The window at a scale factor of 1."""
    return seen("1", "light", tmp_path_factory.mktemp("home"))


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("scale", [1.5, 2.0])
def test_a_scaled_window_has_more_pixels_and_clips_no_words(
    plain: dict, tmp_path: Path, scale: float, theme: str
) -> None:
    scaled = seen(str(scale), theme, tmp_path)

    assert scaled["ratio"] == scale
    assert scaled["pixels"] == [round(side * scale) for side in scaled["size"]]
    assert scaled["colours"] > 20
    for name, node in scaled["nodes"].items():
        assert max(node["widths"]) <= node["box"][0], name
        assert node["texts"] == plain["nodes"][name]["texts"], name
        assert node["box"] == plain["nodes"][name]["box"], name
