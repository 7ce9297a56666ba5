"""The welcome page, used as a person would."""

import os
import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QToolButton, QWidget

import onebyone
from onebyone import gallery
from onebyone.edits import groups as group_edits
from onebyone.lessons.lesson import lesson_names
from onebyone_desktop.settings import Settings
from onebyone_desktop.welcome.cards import DesignCard, RecentCard
from onebyone_desktop.window.main_window import MainWindow
from tests.desktop.parts import panel


def cards(window: MainWindow) -> list[RecentCard]:
    """The cards of recent files in the order of reading."""
    found = [card for card in window.findChildren(RecentCard, "welcome.recent") if card.isVisibleTo(window)]
    return sorted(found, key=lambda card: (card.y(), card.x()))


def card_of(window: MainWindow, name: str) -> DesignCard:
    return window.findChild(DesignCard, f"welcome.gallery.{name}")


def click(widget: QWidget) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def remember(path: Path, design: onebyone.design.Design | None = None) -> Path:
    onebyone.save(design or onebyone.gallery.load("inception-3a"), path)
    Settings().remember_file(path)
    return path


def test_the_gallery_shows_pictures_and_totals(open_window, qtbot) -> None:
    window = open_window()
    card = card_of(window, "inception-3a")

    qtbot.waitUntil(lambda: bool(card.totals))

    assert card.totals.splitlines() == ["163,696 parameters", "128.0 M MACs", "28×28×192 → 28×28×256"]
    assert card.picture.sketch.boxes == 10
    assert "163,696 parameters" in card.accessibleDescription()


def test_a_picture_has_the_colours_of_its_layers(open_window, qtbot) -> None:
    from onebyone_desktop.appearance import theme

    window = open_window()
    card = card_of(window, "inception-3a-naive")
    qtbot.waitUntil(lambda: bool(card.totals))

    image = card.picture.grab().toImage()
    seen = {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}

    tokens = theme.current()
    assert {tokens.pointwise, tokens.convolution, tokens.merge, tokens.tensor} <= seen


def test_nothing_is_read_before_the_window_is_shown(open_window) -> None:
    window = open_window()

    assert card_of(window, "inception-3a").totals == ""


def test_a_recent_file_is_shown_and_opened(open_window, qtbot, tmp_path: Path) -> None:
    path = remember(tmp_path / "mine.1x1")
    window = open_window()
    (card,) = cards(window)
    qtbot.waitUntil(lambda: bool(card.totals))

    click(card)

    assert window.session.path == path
    assert not window.workspace.is_welcoming


def test_files_that_are_gone_or_damaged_say_so_and_can_be_taken_off_the_list(
    open_window, qtbot, tmp_path: Path
) -> None:
    gone, damaged = remember(tmp_path / "gone.1x1"), remember(tmp_path / "damaged.1x1")
    gone.unlink()
    damaged.write_bytes(b"{")
    window = open_window()
    qtbot.waitUntil(lambda: all(card.totals for card in cards(window)))
    words = {card.path: card.totals for card in cards(window)}
    assert words[gone] == "This file is not there any more."
    assert words[damaged].startswith("This file is damaged: ")

    for _ in range(2):
        forget = cards(window)[0].findChild(QToolButton, "welcome.forget")
        forget.setFocus()
        QTest.keyClick(forget, Qt.Key.Key_Space)

    assert cards(window) == []
    assert Settings().recent_files == []


def test_a_file_that_changed_is_read_again(open_window, qtbot, tmp_path: Path) -> None:
    path = remember(tmp_path / "mine.1x1")
    window = open_window()
    (card,) = cards(window)
    qtbot.waitUntil(lambda: "163,696" in card.totals)

    onebyone.save(onebyone.gallery.load("inception-3a-naive"), path)
    os.utime(path, ns=(1, 1))
    window.workspace.welcome.hide()
    window.workspace.welcome.show()

    qtbot.waitUntil(lambda: "387,296" in card.totals)


def test_a_foreign_model_is_shown_with_its_figures(open_window, qtbot, tmp_path: Path) -> None:
    import onnx

    window = open_window()
    path = tmp_path / "light.onnx"
    shutil.copy(Path(onnx.__file__).parent / "backend/test/data/light/light_squeezenet.onnx", path)
    window.desk.documents.open(path)
    assert window.session.path is None
    window.workspace.close_tab(window.session)

    (card,) = cards(window)
    qtbot.waitUntil(lambda: "1,235,496" in card.totals, timeout=20_000)


def test_a_saved_design_comes_first_after_its_tab_is_closed(open_window, qtbot, tmp_path: Path) -> None:
    old = remember(tmp_path / "old.1x1")
    window = open_window("gallery:inception-3a-naive")
    new = tmp_path / "new.1x1"
    onebyone.save(window.session.design, new)
    window.desk.documents.open(new)
    for session in window.workspace.sessions:
        window.desk.documents.close(session)

    qtbot.waitUntil(lambda: [card.path for card in cards(window)] == [new, old])
    window.findChild(QPushButton, "welcome.lesson.clock").setFocus()
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
    assert window.focusWidget() is cards(window)[0]
    qtbot.waitUntil(lambda: "387,296" in cards(window)[0].totals)


def test_the_first_step_opens_a_design(open_window) -> None:
    window = open_window()

    click(window.findChild(QPushButton, "welcome.step.open"))

    assert [session.design.name for session in window.workspace.sessions] == ["Inception 3a"]


def test_the_second_step_opens_both_twins(open_window) -> None:
    window = open_window()

    click(window.findChild(QPushButton, "welcome.step.compare"))

    assert [session.design.name for session in window.workspace.sessions] == ["Inception 3a", "Inception 3a naive"]


def test_the_third_step_measures(open_window, monkeypatch: pytest.MonkeyPatch) -> None:
    window = open_window()
    measured = []
    monkeypatch.setattr(window.desk.measuring, "start", lambda sessions: measured.append(sessions[0].design.name))

    click(window.findChild(QPushButton, "welcome.step.measure"))

    assert measured == ["Inception 3a"]
    assert panel(window, "latency").isVisible()


def test_the_page_is_reached_by_tab_and_opened_by_space(open_window) -> None:
    window = open_window()
    new = window.findChild(QPushButton, "welcome.new")
    new.setFocus()
    reached = [window.focusWidget().objectName()]
    for _ in range(9):
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
        reached.append(window.focusWidget().objectName())

    assert reached == [
        "welcome.new",
        "welcome.open",
        "welcome.step.open",
        "welcome.step.compare",
        "welcome.step.measure",
        *(f"welcome.lesson.{name}" for name in lesson_names()),
        "welcome.gallery.nin",
    ]
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Space)
    assert window.session.design.name == "NIN"


def test_a_card_reached_by_tab_is_scrolled_into_view(open_window, qapp) -> None:
    window = open_window()
    window.resize(760, 520)
    qapp.processEvents()
    window.findChild(QPushButton, "welcome.lesson.clock").setFocus()

    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Tab)

    card = card_of(window, "nin")
    assert card.hasFocus()
    assert not card.visibleRegion().isEmpty()


@pytest.mark.parametrize(("width", "height"), [(760, 520), (1280, 800), (2560, 1440)])
def test_no_card_is_cut_off(open_window, qtbot, qapp, tmp_path: Path, width: int, height: int) -> None:
    remember(tmp_path / f"{'long' * 40}.1x1")
    window = open_window()
    window.resize(width, height)
    qtbot.waitUntil(lambda: all(card.totals for card in window.findChildren(DesignCard)))
    qapp.processEvents()

    for card in window.findChildren(DesignCard):
        assert card.width() >= 200
        assert card.height() >= card.heightForWidth(card.width())
    assert not window.workspace.welcome.findChildren(QWidget, "qt_scrollarea_hcontainer")[0].isVisible()


def test_the_window_repaints_while_large_files_are_read(open_window, qtbot, tmp_path: Path) -> None:
    design = gallery.load("resnet-152")
    for number in range(4):
        remember(tmp_path / f"{number}.1x1", design)
    window = open_window()
    ticks = []
    timer = QTimer(window, interval=10)
    timer.timeout.connect(lambda: ticks.append(True))
    timer.start()

    qtbot.waitUntil(lambda: all(card.totals for card in cards(window)), timeout=20_000)

    assert len(ticks) >= 20


def test_groups_are_drawn_as_the_canvas_draws_them(open_window, qtbot, tmp_path: Path) -> None:
    design = onebyone.gallery.load("inception-3a")
    design = group_edits.group(design, ("reduce3x3", "conv3x3"), "branch")
    design = group_edits.set_collapsed(design, design.groups[0].id, True)
    remember(tmp_path / "grouped.1x1", design)
    window = open_window()
    (card,) = cards(window)

    qtbot.waitUntil(lambda: card.picture.sketch is not None)

    assert card.picture.sketch.boxes == 9
