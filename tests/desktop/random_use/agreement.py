"""What has to hold after everything that a user does: window, canvas and design say the same."""

from PySide6.QtCore import QAbstractAnimation, QPointF
from PySide6.QtWidgets import QTabWidget

from onebyone.analysis import analyze
from onebyone.design import Design
from onebyone.files.storage import dumps, loads
from onebyone.grouping import Grouping
from onebyone_desktop.canvas.heat import heat_shares
from onebyone_desktop.canvas.heat_choice import HeatChoice
from onebyone_desktop.canvas.items.box_item import BoxItem
from onebyone_desktop.canvas.items.look import look_at
from onebyone_desktop.canvas.items.wire_item import WireItem
from onebyone_desktop.canvas.scene import DesignScene
from onebyone_desktop.canvas.tasks.animation import Glide
from onebyone_desktop.canvas.view import DesignCanvas
from onebyone_desktop.commands.availability import available, ticked
from onebyone_desktop.session import Session
from onebyone_desktop.window.actions import SPECS
from onebyone_desktop.window.main_window import MainWindow

_CLOSE = 0.01


def check(window: MainWindow) -> None:
    """Checks the window and its current canvas."""
    canvas, session = window.canvas, window.session
    check_design(session)
    check_items(canvas)
    check_groups(canvas)
    check_wires(canvas)
    check_marks(canvas, window.workspace.heat)
    check_nothing_is_left(canvas)
    check_window(window)


def check_design(session: Session) -> None:
    """The design can be stored, and the analysis that was brought up to date is that of the whole."""
    design, analysis = session.design, session.analysis
    assert loads(dumps(design)) == design
    fresh = analyze(design, None, analysis.bytes_per_element)
    assert fresh.nodes == analysis.nodes
    assert fresh.totals == analysis.totals
    assert fresh.problems == analysis.problems
    assert analysis.design is design
    ids = {node.id for node in design.nodes}
    assert set(session.selection) <= ids
    assert len(set(session.selection)) == len(session.selection)


def check_items(canvas: DesignCanvas) -> None:
    """There is an item for every node, it looks like its node, and lies where the design has it."""
    scene, analysis = canvas.design_scene, canvas.session.analysis
    nodes = canvas.session.design.nodes_by_id()
    hidden = _hidden(canvas.session.design)
    is_gliding = canvas.findChild(Glide).state() == QAbstractAnimation.State.Running
    assert set(scene.nodes) == set(nodes)
    for name, item in scene.nodes.items():
        node = nodes[name]
        assert item.node is node
        assert item.isVisible() == (name not in hidden), f"{name} is seen: {item.isVisible()}"
        look = look_at(node, analysis.nodes[name], item.problem, scene.direction, item.waits_for)
        assert item.look == look, name
        if not is_gliding and node.position is not None:
            assert _is_near(item.pos(), QPointF(*node.position)), f"{name} is not at {node.position}"


def check_groups(canvas: DesignCanvas) -> None:
    """There is a box for every collapsed group and a frame for every expanded one, unless an outer one hides it."""
    scene, design = canvas.design_scene, canvas.session.design
    grouping = Grouping(design)
    seen = [group for group in design.groups if grouping.nodes_of(group.id) and not grouping.is_hidden(group.id)]
    assert set(scene.group_boxes) == {group.id for group in seen if group.collapsed}
    assert set(scene.frames) == {group.id for group in seen if not group.collapsed}
    for name, frame in scene.frames.items():
        assert frame.stands_for == grouping.group(name)
        assert set(frame.members) == set(grouping.nodes_of(name))
        for member in frame.members:
            assert frame.rect.contains(scene.end_of(member).box), f"{member} is outside {name}"
    for name, box in scene.group_boxes.items():
        assert box.stands_for == grouping.group(name)
        assert set(box.members) == set(grouping.nodes_of(name))


def check_wires(canvas: DesignCanvas) -> None:
    """There is an item for every wire, from port to port; one within a collapsed group is hidden."""
    scene, design = canvas.design_scene, canvas.session.design
    sources = {(node.id, index): source for node in design.nodes for index, source in enumerate(node.inputs)}
    assert {key: wire.source for key, wire in scene.wires.items()} == sources
    drawn: set[tuple[int, int]] = set()
    for key, wire in scene.wires.items():
        source, target = scene.end_of(wire.source), scene.end_of(wire.target)
        assert target is not None
        if source is target and not wire.isVisible():
            continue
        if wire.isVisible():
            _check_ends(scene, wire, source, target)
            drawn.add((id(source), id(target)))
        assert (id(source), id(target)) in drawn or any(
            other.isVisible() and scene.end_of(other.source) is source and scene.end_of(other.target) is target
            for other in scene.wires.values()
        ), f"{key} is not seen"
    assert set(canvas.selected_wires) <= set(scene.wires)


def _check_ends(scene: DesignScene, wire: WireItem, source: BoxItem | None, target: BoxItem) -> None:
    path = wire.path()
    # One point is enough where the nodes touch; both of its ends are looked at below.
    assert path.elementCount() > 0, f"{wire.key} has no course"
    assert _is_near(path.currentPosition(), target.port_for(wire.source, wire.index)), f"{wire.key} misses its end"
    if source is not None:
        start = path.elementAt(0)
        assert _is_near(QPointF(start.x, start.y), source.output_port()), f"{wire.key} misses its start"


def check_marks(canvas: DesignCanvas, heat: HeatChoice) -> None:
    """Selection and heat are shown where they are."""
    scene, session = canvas.design_scene, canvas.session
    chosen = set(session.selection)
    assert {name for name, item in scene.nodes.items() if item.is_selected} == chosen
    assert {key for key, wire in scene.wires.items() if wire.is_selected} == set(canvas.selected_wires)
    for box in scene.group_boxes.values():
        assert box.is_selected == chosen.issuperset(box.members)
    shares = heat_shares(session.analysis, heat.quantity, session.run)
    for box in scene.shown_boxes():
        known = [shares[name] for name in box.members if name in shares]
        assert box.share == (round(sum(known), 3) if known else None), box.name
        assert (box.warmth is not None) <= heat.is_coloured


def check_nothing_is_left(canvas: DesignCanvas) -> None:
    """No gesture is under way, and nothing of one is on the canvas."""
    scene = canvas.design_scene
    assert not canvas.pointing.is_busy
    assert not canvas.searching.is_open
    assert scene.overlays == ()
    assert scene.gesture_lines == []
    assert not canvas.note.isVisible()
    items = [*scene.nodes.values(), *scene.wires.values(), *scene.group_boxes.values()]
    assert all(item.opacity() == 1.0 for item in items)
    # The preview and the band are there all the time; a frame has a title.
    assert len(scene.items()) == len(items) + 2 * len(scene.frames) + 2


def check_window(window: MainWindow) -> None:
    """Actions, undo's words, title and tab follow the session."""
    session, there_is, in_force = window.session, available(window.desk), ticked(window.desk)
    for spec in SPECS:
        action = window.action(spec.name)
        if spec.needs is not None:
            assert action.isEnabled() == there_is[spec.needs], spec.name
        if spec.is_checkable:
            assert action.isChecked() == in_force[spec.name], spec.name
    for name, words in (("edit.undo", session.undo_history.undo_label), ("edit.redo", session.undo_history.redo_label)):
        assert window.action(name).text().replace("&&", "&").endswith(words or ""), name
    if window.workspace.is_welcoming:
        assert window.windowTitle() == "OneByOne"
        assert not window.isWindowModified()
        return
    name = session.path.name if session.path is not None else session.title
    assert window.windowTitle() == f"{name}[*] – OneByOne"
    assert window.isWindowModified() == session.is_modified
    tabs = window.findChild(QTabWidget, "workspace.tabs")
    assert tabs.tabText(tabs.currentIndex()).endswith("•") == session.is_modified


def _hidden(design: Design) -> set[str]:
    grouping = Grouping(design)
    return {node.id for node in design.nodes if grouping.outermost_collapsed(node.id) is not None}


def _is_near(first: QPointF, second: QPointF) -> bool:
    return abs(first.x() - second.x()) < _CLOSE and abs(first.y() - second.y()) < _CLOSE
