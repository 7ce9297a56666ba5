"""The panels of the window: a new one is its folder and one line here."""

from onebyone_desktop.window.panel_places import PanelSpec

PALETTE = PanelSpec("palette", "Palette", "onebyone_desktop.panels.palette")
LESSON = PanelSpec("lesson", "Lesson", "onebyone_desktop.teaching.controller")
#: Beside the canvas, below the lesson.
SIDE = (
    PanelSpec("inspector", "Inspector", "onebyone_desktop.inspector.controller"),
    PanelSpec("problems", "Problems", "onebyone_desktop.panels.problems"),
)
#: The tabs below the canvas.
BOTTOM = (
    PanelSpec("costs", "Costs", "onebyone_desktop.panels.costs"),
    PanelSpec("latency", "Latency", "onebyone_desktop.latency.controller"),
    PanelSpec("roofline", "Roofline", "onebyone_desktop.roofline.controller"),
    PanelSpec("compare", "Compare", "onebyone_desktop.comparing.controller"),
    PanelSpec("sweep", "Sweep", "onebyone_desktop.sweep.controller"),
    PanelSpec("channels", "Channels", "onebyone_desktop.channels.controller"),
    PanelSpec("history", "History", "onebyone_desktop.run_history.controller"),
    PanelSpec("code", "Code", "onebyone_desktop.panels.code"),
)
