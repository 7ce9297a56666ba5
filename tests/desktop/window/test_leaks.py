"""What is closed is gone: no object, widget, timer, thread or process of it is left."""

import gc
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from onebyone_desktop.app import make_window
from onebyone_desktop.welcome.cards import DesignCard
from onebyone_desktop.window.main_window import MainWindow
from tests.desktop.canvas.hand import Hand

# Closed tabs can be opened again, so a few of them are kept.
WARM_UP = 12
OURS = ("onebyone.", "onebyone_desktop.")
TASKS = Path("/proc/self/task")


def living() -> Counter[str]:
    """How many of everything there are."""
    let_go()
    gc.collect()
    kinds = (type(thing) for thing in gc.get_objects())
    counts = Counter(
        f"{kind.__module__}.{kind.__qualname__}" for kind in kinds if str(kind.__module__).startswith(OURS)
    )
    tops = [*QApplication.topLevelWidgets(), QApplication.instance()]
    counts["widgets"] = len(QApplication.allWidgets())
    counts["objects"] = sum(1 + len(top.findChildren(QObject)) for top in tops)
    counts["timers"] = sum(len(top.findChildren(QTimer)) for top in tops)
    counts["threads"] = threading.active_count()
    if TASKS.exists():
        tasks = list(TASKS.iterdir())
        counts["system's threads"] = len(tasks)
        counts["processes"] = sum(len((task / "children").read_text().split()) for task in tasks)
    return counts


def let_go() -> None:
    """Lets Qt delete what waits for it, as it does in a program that runs."""
    for _ in range(3):
        QApplication.processEvents()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def grown(times: int, deed: Callable[[], None]) -> dict[str, int]:
    """Of what there is more after doing something many times than after doing it a few times."""
    for _ in range(WARM_UP):
        deed()
        let_go()
    living()
    before = living()
    for _ in range(times):
        deed()
        let_go()
    after = living()
    # A cache may hold some things more than before; what leaks grows with every deed.
    spare = max(times // 10, 5)
    return {name: count - before[name] for name, count in after.items() if count - before[name] > spare}


def use(window: MainWindow) -> None:
    """Makes everything that a canvas makes only when it is used: search, menus, frames, overlays, the map."""
    canvas, hand = window.canvas, Hand(window.canvas)
    ids = [node.id for node in window.session.design.nodes]
    hand.drag(hand.body(ids[1]), hand.body(ids[1]) + QPointF(40, 0))
    hand.drag(hand.output(ids[0]), hand.body(ids[-1]))
    hand.drag(canvas.mapToScene(QPoint(3, 3)), hand.body(ids[3]), Qt.KeyboardModifier.ControlModifier)
    canvas.select(ids[:3])
    for name in ("group.group", "group.toggle", "view.heat_colours", "arrange.all", "edit.copy", "edit.fix"):
        window.action(name).trigger()
        close_popup()
    QTest.keyClick(canvas, Qt.Key.Key_Tab)
    close_popup()
    canvas.context_menu_requested.emit(canvas.mapToGlobal(QPoint(9, 9)), ids[0])
    close_popup()
    canvas.reset_zoom()
    QTest.mouseClick(canvas.minimap, Qt.MouseButton.LeftButton, pos=QPoint(20, 20))
    canvas.grab()
    window.action("edit.undo").trigger()


def close_popup() -> None:
    popup = QApplication.activePopupWidget()
    if popup is not None:
        popup.close()


def close_tab(window: MainWindow) -> None:
    window.session.mark_saved(Path("used.1x1"))
    window.action("file.close").trigger()


def test_many_tabs_leave_nothing(open_window, qtbot, sized) -> None:
    window = open_window()
    # The welcome page keeps what it has read of the gallery, whenever it comes to it.
    qtbot.waitUntil(lambda: all(card.totals for card in window.findChildren(DesignCard)))

    def open_use_and_close() -> None:
        window.desk.documents.open_gallery("inception-3a")
        use(window)
        close_tab(window)

    assert grown(sized(20, 100), open_use_and_close) == {}


@pytest.mark.timeout(900)
def test_many_windows_leave_nothing(qapp: QApplication, sized) -> None:
    def open_use_and_close() -> None:
        qapp.setStyleSheet("")
        window = make_window(["gallery:inception-3a"])
        window.show()
        use(window)
        close_tab(window)
        window.close()
        window.deleteLater()

    assert grown(sized(10, 200), open_use_and_close) == {}
