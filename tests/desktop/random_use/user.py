"""Somebody who does anything that the window lets them do, in any order."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QContextMenuEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QDialog,
    QFileDialog,
    QLineEdit,
    QMenu,
    QMessageBox,
    QPlainTextEdit,
    QTabWidget,
    QWidget,
)

from onebyone.adding.entries import entries
from onebyone.edits import rewiring
from onebyone_desktop.canvas.search.popup import SearchPopup
from onebyone_desktop.canvas.view import DesignCanvas
from onebyone_desktop.latency.measuring import Measuring
from onebyone_desktop.window.actions import SPECS
from onebyone_desktop.window.main_window import MainWindow
from tests.desktop.canvas.hand import Hand, layer_data
from tests.desktop.parts import panel

KEYS = Qt.KeyboardModifier
LEFT = Qt.MouseButton.LeftButton
MOST_NODES = 18
MOST_TABS = 4
_ENTRIES = [entry for members in entries().values() for entry in members]
_HELD = (KEYS.NoModifier, KEYS.NoModifier, KEYS.ShiftModifier, KEYS.ControlModifier, KEYS.AltModifier,
         KEYS.ControlModifier | KEYS.ShiftModifier)  # fmt: skip
_ARROWS = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down)
_WORDS = ("", "3x3 16", "add", "concat", "linear 4", "zzz", "bottleneck", "maxpool", "1x1")
_VALUES = ("1", "8", "3 x 3", "0", "-4", "2 2", "0.5", "many", "99999999999")
_TITLES = ("", "a", "Stem & co.", "<b>1 x 1</b>", "x" * 90)
_GROWING = {"edit.paste", "edit.duplicate", "file.new"}
# It starts another process, which has tests of its own.
_NOT_DONE = {"measure.start"}


class Answers:
    """What dialogs are answered, so that none of them waits."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
        self.choice = random.Random(0)
        self.folder = folder
        buttons = QMessageBox.StandardButton
        answers = (buttons.Save, buttons.Discard, buttons.Cancel)
        monkeypatch.setattr(QMessageBox, "exec", lambda _box: self.choice.choice(answers))
        monkeypatch.setattr(QDialog, "exec", lambda _dialog: self.choice.randrange(2))
        monkeypatch.setattr(QFileDialog, "getSaveFileName", self._save)
        monkeypatch.setattr(QFileDialog, "getOpenFileNames", self._open)
        monkeypatch.setattr(Measuring, "start", lambda *_: None)
        monkeypatch.setattr(Measuring, "list_devices", lambda *_: None)

    def _save(self, _parent: QWidget, _title: str, start: str, _filters: str) -> tuple[str, str]:
        name = self.folder / f"file{self.choice.randrange(3)}{Path(start).suffix}"
        return ("" if self.choice.randrange(4) == 0 else str(name)), ""

    def _open(self, *_: object) -> tuple[list[str], str]:
        files = sorted(self.folder.glob("*.1x1"))
        return [str(path) for path in self.choice.sample(files, min(len(files), self.choice.randrange(3)))], ""


class User:
    """Does one thing at a time: `do` draws it from the numbers it is given."""

    def __init__(self, window: MainWindow, answers: Answers) -> None:
        self.window = window
        self.choice = random.Random(0)
        self._answers = answers
        self._deeds: tuple[tuple[int, Callable[[], str]], ...] = (
            (16, self.act), (14, self.drag), (6, self.drag_and_do), (4, self.click), (3, self.double_click),
            (5, self.add_from_palette), (4, self.drop_from_palette), (5, self.press_key), (4, self.search),
            (4, self.edit_field), (2, self.edit_name), (1, self.edit_notes), (4, self.select), (3, self.frame),
            (2, self.wheel), (2, self.use_minimap), (3, self.ask_for_menu), (2, self.use_menu_bar), (2, self.use_tabs),
            (2, self.show_panel), (1, self.reconnect),
        )  # fmt: skip

    @property
    def canvas(self) -> DesignCanvas:
        """The canvas in front."""
        return self.window.canvas

    @property
    def folder(self) -> Path:
        """Where all files are."""
        return self._answers.folder

    def do(self, choice: random.Random) -> str:
        """Does one thing, and says what."""
        self.choice = self._answers.choice = choice
        if len(self.window.session.design.nodes) > MOST_NODES:
            return self.thin_out()
        deeds = [deed for _, deed in self._deeds]
        deed = choice.choices(deeds, [weight for weight, _ in self._deeds])[0]
        done = f"{deed.__name__} {deed()}"
        self.put_away()
        return done

    def put_away(self) -> None:
        """Closes what popped up, and shows the window where it was closed."""
        popup = QApplication.activePopupWidget()
        while popup is not None:
            popup.close()
            popup = QApplication.activePopupWidget()
        if not self.window.isVisible():
            self.window.show()
        self.window.activateWindow()

    # Actions.

    def act(self) -> str:
        names = [spec.name for spec in SPECS if spec.name not in _NOT_DONE]
        if len(self.window.workspace.canvases()) >= MOST_TABS:
            names = [name for name in names if name not in ("file.new", "file.open")]
        name = self.choice.choice(names)
        self.window.action(name).trigger()
        return f"{name} {self._answer_popup()}"

    def use_menu_bar(self) -> str:
        """Chooses what is no action of its own: a recent file, a design of the gallery, a heat, a theme."""
        found = [action for menu in self.window.findChildren(QMenu) for action in self._filled(menu)]
        actions = {spec.name for spec in SPECS}
        others = [one for one in found if one.objectName() not in actions and not one.isSeparator() and not one.menu()]
        others = [one for one in others if one.isEnabled()]
        if not others or len(self.window.workspace.canvases()) >= MOST_TABS:
            return "nothing"
        action = self.choice.choice(others)
        text = action.text()
        action.trigger()
        return text

    def ask_for_menu(self) -> str:
        at = self._place()
        reason = QContextMenuEvent.Reason.Mouse
        event = QContextMenuEvent(reason, at, self.canvas.viewport().mapToGlobal(at))
        QApplication.sendEvent(self.canvas.viewport(), event)
        return f"{at.toTuple()} {self._answer_popup()}"

    def _filled(self, menu: QMenu) -> list[QAction]:
        menu.aboutToShow.emit()
        return menu.actions()

    def _answer_popup(self) -> str:
        """Chooses an entry of an open menu, or closes it; answers an open search."""
        popup = QApplication.activePopupWidget()
        if isinstance(popup, SearchPopup):
            return self._answer_search(popup)
        if not isinstance(popup, QMenu):
            return ""
        offered = [
            action for action in popup.actions()
            if action.isEnabled() and not action.isSeparator() and action.objectName() not in _NOT_DONE
        ]  # fmt: skip
        chosen = self.choice.choice(offered) if offered and self.choice.randrange(4) else None
        popup.close()
        if chosen is None:
            return "closed"
        chosen.trigger()
        return f"chose {chosen.text()}"

    # The mouse.

    def drag(self) -> str:
        start, end, keys = self._press()
        for _ in range(self.choice.randrange(1, 4)):
            QTest.mouseMove(self.canvas.viewport(), self._place())
        if self.choice.randrange(8) == 0:
            QTest.keyClick(self.canvas.viewport(), Qt.Key.Key_Escape)
        QTest.mouseMove(self.canvas.viewport(), end)
        QTest.mouseRelease(self.canvas.viewport(), self._button, keys, end)
        return f"{start.toTuple()} {end.toTuple()} {keys} {self._answer_popup()}"

    def drag_and_do(self) -> str:
        """Presses a key or lets an action happen in the middle of a drag."""
        viewport = self.canvas.viewport()
        start, end, keys = self._press()
        QTest.mouseMove(viewport, self._place())
        done = self.choice.choice((self.act, self.press_key, self.wheel, self.show_panel, self.edit_field))()
        self.put_away()
        QTest.mouseMove(self.canvas.viewport(), end)
        QTest.mouseRelease(self.canvas.viewport(), self._button, keys, end)
        return f"{start.toTuple()} {done} {end.toTuple()} {keys} {self._answer_popup()}"

    def click(self) -> str:
        at, keys = self._place(), self.choice.choice(_HELD)
        QTest.mouseClick(self.canvas.viewport(), LEFT, keys, at)
        return f"{at.toTuple()} {keys}"

    def double_click(self) -> str:
        at = self._place()
        QTest.mouseDClick(self.canvas.viewport(), LEFT, pos=at)
        return f"{at.toTuple()} {self._answer_popup()}"

    def select(self) -> str:
        ids = [node.id for node in self.window.session.design.nodes]
        chosen = self.choice.sample(ids, min(len(ids), self.choice.randrange(5)))
        self.canvas.select(chosen)
        return f"{chosen}"

    def frame(self) -> str:
        """Groups a selection, or clicks the arrow of a frame."""
        frames = list(self.canvas.design_scene.frames.values())
        if frames and self.choice.randrange(2):
            frame = self.choice.choice(frames)
            at = self.canvas.mapFromScene(frame.arrow_rect.center())
            QTest.mouseClick(self.canvas.viewport(), LEFT, pos=at)
            return f"arrow of {frame.stands_for.id}"
        chosen = self.select()
        self.window.action("group.group").trigger()
        QTest.keyClick(self._focus(), Qt.Key.Key_Escape)
        return f"group {chosen}"

    def wheel(self) -> str:
        at, keys = QPointF(self._place()), self.choice.choice((KEYS.NoModifier, KEYS.ControlModifier))
        turn = self.choice.choice((-480, -120, 120, 480))
        viewport = self.canvas.viewport()
        event = QWheelEvent(
            at, viewport.mapToGlobal(at), QPoint(), QPoint(0, turn), Qt.MouseButton.NoButton, keys,
            Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(viewport, event)
        return f"{turn} {keys}"

    def use_minimap(self) -> str:
        minimap = self.canvas.minimap
        if not minimap.isVisible():
            self.canvas.camera.scroll_by(QPointF(self.choice.randrange(-400, 400), self.choice.randrange(-400, 400)))
            return "not there"
        start, end = self._within(minimap), self._within(minimap)
        QTest.mousePress(minimap, LEFT, pos=start)
        QTest.mouseMove(minimap, end)
        QTest.mouseRelease(minimap, LEFT, pos=end)
        return f"{start.toTuple()} {end.toTuple()}"

    def drop_from_palette(self) -> str:
        entry, at = self.choice.choice(_ENTRIES), self.canvas.mapToScene(self._place())
        if self.window.workspace.is_welcoming:
            return "nowhere"
        keys = self.choice.choice((KEYS.NoModifier, KEYS.AltModifier))
        hand, data = Hand(self.canvas), layer_data(bytes(entry.payload).decode())
        if self.choice.randrange(5) == 0:
            hand.drag_over(data, at, keys)
            self.canvas.dragLeaveEvent(None)
            return f"{entry.title} left"
        hand.drop(data, at, keys)
        return f"{entry.title} {at.toTuple()} {keys}"

    # The keyboard.

    def press_key(self) -> str:
        keys = [(key, held) for key in _ARROWS for held in (KEYS.NoModifier, KEYS.ShiftModifier, KEYS.ControlModifier)]
        keys += [(key, KEYS.NoModifier) for key in (Qt.Key.Key_Tab, Qt.Key.Key_Return, Qt.Key.Key_Escape)] * 2
        key, held = self.choice.choice(keys)
        QTest.keyClick(self.canvas.viewport(), key, held)
        return f"{key} {held} {self._answer_popup()}"

    def search(self) -> str:
        self.canvas.setFocus()
        QTest.keyClick(self.canvas, Qt.Key.Key_Tab)
        return self._answer_popup()

    def _answer_search(self, popup: SearchPopup) -> str:
        words = self.choice.choice(_WORDS)
        field = popup.findChild(QLineEdit)
        QTest.keyClicks(field, words)
        key = self.choice.choice((Qt.Key.Key_Return, Qt.Key.Key_Return, Qt.Key.Key_Escape))
        QTest.keyClick(field, key)
        popup.hide()
        return f"{words!r} {key}"

    def add_from_palette(self) -> str:
        entry = self.choice.choice(_ENTRIES)
        panel(self.window, "palette").choose(entry)
        return entry.title

    # Fields.

    def edit_field(self) -> str:
        """Types into a field of the selected node, chooses in it or switches it."""
        if not self.window.session.selection:
            self.select()
        fields = [
            widget for kind in (QLineEdit, QComboBox, QAbstractButton)
            for widget in panel(self.window, "inspector").findChildren(kind)
            if widget.objectName().startswith(("inspector.field.", "inspector.group.")) and widget.isVisible()
        ]  # fmt: skip
        if not fields:
            return "none"
        field = self.choice.choice(fields)
        name = field.objectName()
        if isinstance(field, QLineEdit):
            return f"{name} {self._type(field, self.choice.choice(_VALUES))}"
        if isinstance(field, QComboBox):
            place = self.choice.randrange(field.count())
            field.setCurrentIndex(place)
            field.activated.emit(place)
            return f"{name} {place}"
        field.click()
        return name

    def edit_name(self) -> str:
        self.window.action("edit.rename").trigger()
        field = panel(self.window, "inspector").findChild(QLineEdit, "inspector.name")
        return self._type(field, self.choice.choice(_TITLES)) if field.isEnabled() and field.isVisible() else "none"

    def edit_notes(self) -> str:
        self.canvas.select(())
        notes = panel(self.window, "inspector").findChild(QPlainTextEdit)
        if not notes.isVisible():
            return "none"
        notes.setFocus()
        QTest.keyClicks(notes, "note")
        self.canvas.setFocus()
        return "note"

    def _type(self, field: QLineEdit, text: str) -> str:
        field.setFocus()
        field.selectAll()
        QTest.keyClicks(field, text) if text else QTest.keyClick(field, Qt.Key.Key_Delete)
        key = self.choice.choice((Qt.Key.Key_Return, Qt.Key.Key_Escape))
        QTest.keyClick(field, key)
        return f"{text!r} {key}"

    # The rest of the window.

    def use_tabs(self) -> str:
        tabs = self.window.findChild(QTabWidget, "workspace.tabs")
        place = self.choice.randrange(tabs.count())
        if self.choice.randrange(3) == 0:
            tabs.tabBar().moveTab(place, self.choice.randrange(tabs.count()))
            return f"moved {place}"
        if self.choice.randrange(3) == 0 and not self.window.workspace.is_welcoming:
            tabs.tabCloseRequested.emit(place)
            return f"closed {place}"
        tabs.setCurrentIndex(place)
        return f"turned to {place}"

    def show_panel(self) -> str:
        panels = self.window.findChild(QTabWidget, "panels")
        panels.setCurrentIndex(self.choice.randrange(panels.count()))
        return panels.tabText(panels.currentIndex())

    def reconnect(self) -> str:
        """Puts the inputs of a node into another order."""
        nodes = [node for node in self.window.session.design.nodes if len(node.inputs) > 1]
        if not nodes:
            return "nothing"
        node = self.choice.choice(nodes)
        places = self.choice.sample(range(len(node.inputs)), 2)
        self.window.session.apply("Reorder", rewiring.reorder_inputs, node.id, *places)
        return f"{node.id} {places}"

    def thin_out(self) -> str:
        """Deletes half of a design that has grown, so that every walk stays as fast as the first."""
        nodes = [node.id for node in self.window.session.design.nodes]
        self.canvas.select(self.choice.sample(nodes, len(nodes) // 2))
        self.window.action("edit.delete").trigger()
        return "thin_out"

    # Places.

    def _press(self) -> tuple[QPoint, QPoint, Qt.KeyboardModifier]:
        start, end, keys = self._place(), self._place(), self.choice.choice(_HELD)
        self._button = self.choice.choice((LEFT, LEFT, LEFT, LEFT, LEFT, Qt.MouseButton.MiddleButton))
        QTest.mousePress(self.canvas.viewport(), self._button, keys, start)
        return start, end, keys

    def _place(self) -> QPoint:
        """A port, a node, a wire, the title of a frame, or any point of the view."""
        scene, choice = self.canvas.design_scene, self.choice
        boxes, kind = list(scene.shown_boxes()), choice.randrange(7)
        wires = [wire for wire in scene.wires.values() if wire.isVisible()]
        point = None
        if boxes and kind < 4:
            box = choice.choice(boxes)
            ports = [at for _, at in box.ports()]
            point = choice.choice(ports) if ports and kind < 2 else box.box.center()
        elif wires and kind == 4:
            point = choice.choice(wires).path().pointAtPercent(choice.random())
        elif scene.frames and kind == 5:
            point = choice.choice(list(scene.frames.values())).title_rect.center()
        return self._within(self.canvas.viewport()) if point is None else self.canvas.mapFromScene(point)

    def _within(self, widget: QWidget) -> QPoint:
        return QPoint(self.choice.randrange(max(widget.width(), 1)), self.choice.randrange(max(widget.height(), 1)))

    def _focus(self) -> QWidget:
        return QApplication.focusWidget() or self.canvas


def forget_deleted() -> None:
    """Lets Qt delete what waits for it, as it does in a program that runs."""
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
