"""The areas of the window and the way of the focus through them: F6 goes from one to the next, Tab through controls."""

from weakref import ref

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QTabBar, QTabWidget, QWidget


class Areas:
    """The areas in order. Each gets the focus where it had it last, or at its first control.

    Controls come and go (cards, fields, tabs), so their order is that of reading, not of their making.
    """

    def __init__(self, parts: tuple[QWidget, ...]) -> None:
        self.parts = parts
        self._last: dict[int, ref[QWidget]] = {}

    def go(self, steps: int) -> None:
        """Moves the focus by so many areas, and from the last to the first; areas without controls are passed over."""
        areas, focus = self.parts, QApplication.focusWidget()
        place = next((i for i, area in enumerate(areas) if focus is not None and _holds(area, focus)), None)
        if place is not None and focus is not None:
            self._last[place] = ref(focus)
        start = place if place is not None else (-1 if steps > 0 else len(areas))
        for far in range(1, len(areas) + 1):
            goal = (start + steps * far) % len(areas)
            controls = stops(areas[goal])
            if controls:
                known = self._last.get(goal)
                last = None if known is None else known()
                # What an area is for lies behind its tabs.
                first = next((control for control in controls if not isinstance(control, QTabBar)), controls[0])
                _focus(last if last in controls else first, steps)
                return

    def step(self, is_next: bool) -> bool:
        """Moves the focus to the next or previous control, round the whole window; whether it was at one of them."""
        ring = [control for area in self.parts for control in stops(area)]
        focus = QApplication.focusWidget()
        if focus not in ring:
            return False
        steps = 1 if is_next else -1
        _focus(ring[(ring.index(focus) + steps) % len(ring)], steps)
        return True


def stops(area: QWidget) -> list[QWidget]:
    """The controls within a widget that Tab stops at, in the order of reading."""
    found = []
    widget: QWidget | None = area
    while widget is not None:
        if takes_tab(widget) and _holds(area, widget):
            found.append(widget)
        widget = widget.nextInFocusChain()
        if widget is area:
            break
    return sorted(found, key=lambda control: _place(area, control))


def takes_tab(widget: QWidget) -> bool:
    """Whether Tab stops at a widget as it is now."""
    # WORKAROUND for PySide 6.11: focusProxy() takes the tab pages away from their owner, and the collector deletes
    # them. So those that pass the focus on are named here. It can go when a walk that asks for it keeps the pages.
    passes_on = isinstance(widget, QTabWidget) or widget.objectName() == "qt_spinbox_lineedit"
    # What is no more than a widget is the viewport of a view.
    passes_on = passes_on or type(widget) is QWidget
    # The flags include each other: StrongFocus and WheelFocus contain TabFocus.
    takes = bool(widget.focusPolicy().value & Qt.FocusPolicy.TabFocus.value)
    return takes and not passes_on and widget.isVisible() and widget.isEnabled()


def _holds(area: QWidget, widget: QWidget) -> bool:
    return area is widget or area.isAncestorOf(widget)


def _place(area: QWidget, control: QWidget) -> tuple[int, int]:
    at = control.mapTo(area, QPoint(0, 0))
    return at.y(), at.x()


def _focus(control: QWidget, steps: int) -> None:
    reasons = Qt.FocusReason
    control.setFocus(reasons.TabFocusReason if steps > 0 else reasons.BacktabFocusReason)
