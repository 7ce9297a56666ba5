"""What can be done with the mouse, and with keys that are no shortcut of an action: the one place that lists it."""

from typing import NamedTuple


class Gesture(NamedTuple):
    """What to do, and what comes of it."""

    keys: str
    words: str


GESTURES: dict[str, tuple[Gesture, ...]] = {
    "Canvas: adding and wiring": (
        Gesture("Tab", "Search for a layer to add where the pointer is"),
        Gesture("Double-click the ground", "Search for a layer to add there"),
        Gesture("Drag from the palette", "Add a layer or a module"),
        Gesture("Drop on a wire", "Insert a layer, a module or a loose node into the wire"),
        Gesture("Alt, while dropping", "Do not insert, and do not snap"),
        Gesture("Drag from an output", "Wire it to another node"),
        Gesture("Drop a wire on the ground", "Search for a layer that fits, add it and connect it"),
        Gesture("Drag from a wired input", "Plug the wire in elsewhere; drop it on the ground to remove it"),
        Gesture("Shift + drag from an output", "Move all its wires to another output"),
        Gesture("Ctrl + Shift + drag", "Cut the wires that are crossed"),
    ),
    "Canvas: selecting and editing": (
        Gesture("Arrow keys", "Walk along wires and between branches"),
        Gesture("Shift + arrow keys", "Select on the way"),
        Gesture("Ctrl + arrow keys", "Nudge the selected nodes"),
        Gesture("Enter", "Edit the first field of the selected node, or the title of the group"),
        Gesture("Escape", "Break a drag off"),
        Gesture("Click", "Select a node, a group by its title, or a wire"),
        Gesture("Shift + click, Ctrl + click", "Add to the selection, or take from it"),
        Gesture("Drag on the ground", "Select what the rectangle touches"),
        Gesture("Drag a node or a title", "Move what is selected"),
        Gesture("Double-click a node", "Rename it"),
        Gesture("Double-click a collapsed group", "Expand it"),
        Gesture("Double-click a frame", "Fit it into the view"),
        Gesture("Click a frame's arrow", "Collapse the group to one box"),
        Gesture("Right-click, Menu key", "The menu of what is under the pointer, or selected"),
    ),
    "Canvas: looking": (
        Gesture("Wheel", "Scroll; with Alt sideways"),
        Gesture("Ctrl + wheel, pinch", "Zoom"),
        Gesture("Space + drag, middle button", "Move the view"),
        Gesture("Drag on the map", "Move the view"),
    ),
    "Search": (
        Gesture("Up, Down, Tab", "Choose a suggestion"),
        Gesture("Enter", "Add it and connect it"),
        Gesture("Escape", "Close the search"),
    ),
    "Palette": (Gesture("Enter, double-click", "Add the layer behind the selected node"),),
    "Inspector": (
        Gesture("Up, Down", "Change a number by one"),
        Gesture("Escape", "Take back what was typed"),
        Gesture("Enter", "Back to the canvas"),
        Gesture("Alt + Up, Alt + Down", "Move an input of a merge"),
    ),
    "Find node": (
        Gesture("Enter, Shift + Enter", "The next match, the previous match"),
        Gesture("Escape", "Close the bar"),
    ),
    "Everywhere": (
        Gesture("Tab, Shift + Tab", "The next control, the previous control; on the canvas Tab searches"),
        Gesture("Alt + letter", "Open a menu"),
        Gesture("Drop a file on the window", "Open it"),
    ),
}
