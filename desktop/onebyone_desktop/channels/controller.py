"""Links the Channels panel with the measuring process, which it leaves the machine to."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from onebyone_desktop.channels.channels_panel import ChannelsPanel
from onebyone_desktop.panels.panel import Panel

if TYPE_CHECKING:
    from onebyone_desktop.window.desk import Desk


def open_panel(desk: "Desk", parent: QWidget) -> Panel:
    """The panel for a place in the window, with its controller."""
    panel = ChannelsPanel(parent)
    panel.follow_measuring(desk.measuring.client)
    desk.closing.connect(panel.stop)
    return panel
