"""The window, used as a person would."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QAction, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QLabel,
    QLineEdit,
    QMenu,
    QMessageBox,
    QPlainTextEdit,
    QPushButton,
    QTableView,
    QTreeWidget,
)

import onebyone
from onebyone import node_table
from onebyone_desktop.window import panel_list
from onebyone_desktop.window.main_window import MainWindow
from tests.desktop.parts import show_panel

GALLERY = "gallery:inception-3a"


def field(window: MainWindow, name: str) -> QLineEdit:
    return window.findChild(QLineEdit, f"inspector.field.{name}")


def label(window: MainWindow, name: str) -> str:
    return window.findChild(QLabel, name).text()


def retype(editor: QLineEdit, text: str) -> None:
    editor.setFocus()
    editor.selectAll()
    QTest.keyClicks(editor, text)


def answer(monkeypatch: pytest.MonkeyPatch, button: QMessageBox.StandardButton) -> list[str]:
    """Answers every message box with a button; the texts that were shown."""
    shown: list[str] = []

    def execute(box: QMessageBox) -> QMessageBox.StandardButton:
        shown.append(box.text())
        return button

    monkeypatch.setattr(QMessageBox, "exec", execute)
    return shown


def test_the_welcome_page_opens_the_gallery(open_window) -> None:
    window = open_window()
    assert window.workspace.is_welcoming

    QTest.mouseClick(window.findChild(QPushButton, "welcome.gallery.inception-3a"), Qt.MouseButton.LeftButton)

    assert not window.workspace.is_welcoming
    assert window.session.design.name == "Inception 3a"


def test_the_status_bar_reads_the_published_figures(open_window) -> None:
    window = open_window(GALLERY)

    assert label(window, "status.state") == "✓ valid"
    assert label(window, "status.shape") == "28×28×192 → 28×28×256"
    assert label(window, "status.parameters") == "163,696 parameters"
    assert label(window, "status.macs") == "128.0 M MACs"
    assert "128,049,152" in window.findChild(QLabel, "status.macs").toolTip()


def test_typing_a_width_changes_the_design_and_its_figures(open_window) -> None:
    window = open_window(GALLERY)
    window.session.select(["reduce3x3"])

    retype(field(window, "out_channels"), "64")

    assert window.session.design.node("reduce3x3").layer.out_channels == 64
    assert "1·1·192·64 = 12,288 weights + 64 biases" in label(window, "inspector.costs")
    assert window.session.analysis.nodes["conv3x3"].costs.weights == 9 * 64 * 128


def test_typing_in_one_field_is_one_undo_step(open_window) -> None:
    window = open_window(GALLERY)
    before = window.session.design
    window.session.select(["reduce3x3"])
    retype(field(window, "out_channels"), "128")

    window.action("edit.undo").trigger()

    assert window.session.design == before
    assert not window.action("edit.undo").isEnabled()


@pytest.mark.parametrize(
    ("name", "text"), [("out_channels", "0"), ("out_channels", "abc"), ("kernel", "3 x"), ("kernel", "2000")]
)
def test_a_field_refuses_what_does_not_fit_and_says_why(open_window, name: str, text: str) -> None:
    window = open_window(GALLERY)
    window.session.select(["reduce3x3"])
    before = window.session.design.node("reduce3x3").layer

    editor = field(window, name)
    editor.setFocus()
    editor.selectAll()
    QTest.keyClick(editor, Qt.Key.Key_Delete)
    QTest.keyClicks(editor, text)

    assert label(window, "inspector.refusal")
    QTest.keyClick(editor, Qt.Key.Key_Escape)
    assert label(window, "inspector.refusal") == ""
    after = window.session.design.node("reduce3x3").layer
    assert after.out_channels == before.out_channels


@pytest.mark.parametrize("text", ["3", "3x3", "3 × 3", "3,3", "3 3"])
def test_a_pair_can_be_typed_in_many_ways(open_window, text: str) -> None:
    window = open_window(GALLERY)
    window.session.select(["reduce3x3"])

    retype(field(window, "kernel"), text)

    assert window.session.design.node("reduce3x3").layer.kernel == (3, 3)


def test_a_problem_appears_with_a_fix_and_the_fix_mends_it(open_window) -> None:
    window = open_window(GALLERY)
    window.session.select(["conv3x3"])
    retype(field(window, "padding"), "0")
    assert label(window, "status.state") == "✕ 1 error"
    assert label(window, "status.macs") == "– MACs"

    QTest.mouseClick(window.findChild(QPushButton, "fix.spatial-mismatch"), Qt.MouseButton.LeftButton)

    assert window.session.analysis.is_valid
    assert window.session.undo_history.undo_label == "Set padding of 'conv3x3' to 1×1"


def test_a_node_and_the_design_can_be_renamed(open_window) -> None:
    window = open_window(GALLERY)
    name = window.findChild(QLineEdit, "inspector.name")

    retype(name, "Mine")
    QTest.keyClick(name, Qt.Key.Key_Return)
    window.session.select(["pool"])
    retype(name, "the pool")
    QTest.keyClick(name, Qt.Key.Key_Return)

    assert window.session.design.name == "Mine"
    assert window.session.design.node("pool").title == "the pool"


def test_the_costs_table_reads_the_graph(open_window) -> None:
    window = open_window(GALLERY)
    table = window.findChild(QTableView, "costs.table")
    model = table.model()
    rows = {
        model.index(row, 0).data(): [model.index(row, column).data() for column in range(model.columnCount())]
        for row in range(model.rowCount())
    }

    assert rows["conv3x3"][1:5] == ["3×3 convolution", "28×28×128", "110,720", "86,704,128"]
    assert rows["conv3x3"][9] == "151"
    assert rows["conv3x3"][10:] == ["110,592", "128", "0", "reduce3x3"]
    QTest.mouseClick(window.findChild(QPushButton, "costs.copy_markdown"), Qt.MouseButton.LeftButton)
    assert "| conv3x3 | 3×3 convolution |" in QApplication.clipboard().text()


def test_a_new_column_of_the_node_table_is_in_the_costs_panel(open_window, monkeypatch: pytest.MonkeyPatch) -> None:
    new = node_table.Column("answer", "Answer", lambda row: 42_000)
    monkeypatch.setattr(node_table, "COLUMNS", (*node_table.COLUMNS, new))

    window = open_window(GALLERY)

    model = window.findChild(QTableView, "costs.table").model()
    titles = [model.headerData(column, Qt.Orientation.Horizontal) for column in range(model.columnCount())]
    assert model.index(3, titles.index("Answer")).data() == "42,000"


def test_selecting_a_row_selects_the_node(open_window) -> None:
    window = open_window(GALLERY)
    table = window.findChild(QTableView, "costs.table")

    table.selectRow(3)

    assert len(window.session.selection) == 1
    assert window.session.selection[0] == window.session.design.nodes[3].id


def test_the_code_panel_shows_what_is_exported(open_window) -> None:
    window = open_window(GALLERY)
    show_panel(window, "code")

    text = window.findChild(QPlainTextEdit, "code.text").toPlainText()

    assert text == onebyone.torch_source(window.session.design)


def test_the_palette_adds_by_double_click_and_search(open_window) -> None:
    window = open_window()
    search = window.findChild(QLineEdit, "palette.search")

    QTest.keyClicks(search, "pointwise")
    QTest.keyClick(search, Qt.Key.Key_Return)

    assert [node.layer.kind for node in window.session.design.nodes] == ["conv2d"]
    tree = window.findChild(QTreeWidget, "palette.list")
    shown = [
        tree.topLevelItem(g).child(i).text(0)
        for g in range(tree.topLevelItemCount())
        for i in range(tree.topLevelItem(g).childCount())
        if not tree.topLevelItem(g).child(i).isHidden()
    ]
    assert shown == ["1×1 conv"]


def test_save_open_and_save_as(open_window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    window = open_window(GALLERY)
    path = tmp_path / "mine"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    window.session.apply("Rename", onebyone.edits.set_name, "Mine")
    assert window.isWindowModified()

    window.action("file.save").trigger()

    saved = tmp_path / "mine.1x1"
    assert onebyone.load(saved) == window.session.design
    assert not window.isWindowModified()
    assert window.windowTitle() == "mine.1x1[*] – OneByOne"
    again = open_window(saved)
    assert again.session.design == window.session.design


def test_a_file_that_is_none_gets_a_sentence_and_opens_no_tab(
    open_window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = tmp_path / "bad.1x1"
    bad.write_bytes(b"\x00\xff{")
    shown = answer(monkeypatch, QMessageBox.StandardButton.Ok)
    window = open_window()

    window.desk.documents.open(bad)

    assert len(shown) == 1
    assert "bad.1x1" in shown[0]
    assert window.workspace.is_welcoming


def test_a_file_dropped_on_the_window_opens(open_window, tmp_path: Path) -> None:
    path = tmp_path / "block.1x1"
    onebyone.save(onebyone.gallery.load("inception-3a-naive"), path)
    window = open_window()
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])

    window.dropEvent(
        QDropEvent(
            QPointF(5, 5),
            Qt.DropAction.CopyAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )

    assert window.session.path == path


@pytest.mark.parametrize(
    ("button", "is_closed"),
    [(QMessageBox.StandardButton.Discard, True), (QMessageBox.StandardButton.Cancel, False)],
)
def test_unsaved_changes_are_asked_about(
    open_window, monkeypatch: pytest.MonkeyPatch, button: QMessageBox.StandardButton, is_closed: bool
) -> None:
    window = open_window(GALLERY)
    shown = answer(monkeypatch, button)
    window.session.apply("Rename", onebyone.edits.set_name, "Changed")

    window.action("file.close").trigger()

    assert len(shown) == 1
    assert window.workspace.is_welcoming == is_closed


def test_revert_goes_back_to_the_file_and_can_be_undone(open_window, tmp_path: Path) -> None:
    path = tmp_path / "block.1x1"
    onebyone.save(onebyone.gallery.load("inception-3a"), path)
    window = open_window(path)
    window.session.apply("Rename", onebyone.edits.set_name, "Changed")

    window.action("file.revert").trigger()

    assert window.session.design.name == "Inception 3a"
    assert not window.session.is_modified
    window.action("edit.undo").trigger()
    assert window.session.design.name == "Changed"


def test_copy_in_one_tab_and_paste_in_another(open_window) -> None:
    window = open_window(GALLERY)
    window.session.select(["reduce3x3", "conv3x3"])
    window.action("edit.copy").trigger()
    window.action("file.new").trigger()

    window.action("edit.paste").trigger()

    pasted = window.session.design
    assert [node.id for node in pasted.nodes] == ["reduce3x3", "conv3x3"]
    assert pasted.node("conv3x3").inputs == ("reduce3x3",)


def test_opening_a_file_twice_shows_its_tab(open_window, tmp_path: Path) -> None:
    path = tmp_path / "block.1x1"
    onebyone.save(onebyone.gallery.load("inception-3a"), path)
    window = open_window(path)
    window.desk.documents.open_gallery("inception-3a-naive")

    window.desk.documents.open(path)

    assert len(window.workspace.sessions) == 2
    assert window.session.path == path


def test_exports_are_written(open_window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    window = open_window(GALLERY)
    for suffix, action in (
        (".svg", "file.export_diagram"),
        (".pdf", "file.export_diagram"),
        (".py", "file.export_source"),
    ):
        path = tmp_path / f"block{suffix}"
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, path=path: (str(path), ""))

        window.action(action).trigger()

        assert path.stat().st_size > 500


@pytest.mark.parametrize("name", ["light", "dark"])
def test_both_themes_can_be_chosen_and_are_kept(open_window, name: str) -> None:
    window = open_window(GALLERY)
    action = window.findChild(QAction, f"view.theme.{name}")

    action.trigger()

    from onebyone_desktop.appearance import theme
    from onebyone_desktop.settings import Settings

    assert theme.current().name == name
    assert Settings().theme == name


def test_the_menu_of_a_node_offers_its_fixes(open_window) -> None:
    window = open_window(GALLERY)
    window.session.apply("Set", onebyone.edits.set_fields, "conv3x3", {"padding": (0, 0)})

    window.canvas.context_menu_requested.emit(window.canvas.mapToGlobal(window.canvas.rect().center()), "concat")
    menu = window.findChild(QMenu, "canvas.menu")
    menu.actions()[0].trigger()
    menu.close()

    assert window.session.analysis.is_valid
    assert "Re&name" in [action.text() for action in menu.actions()]


def test_a_design_stays_fitted_until_somebody_zooms(open_window, qapp) -> None:
    window = open_window(GALLERY)
    bounds = window.canvas.design_scene.bounds()

    window.resize(1000, 700)
    qapp.processEvents()
    assert window.canvas.camera.shows(bounds)

    window.canvas.reset_zoom()
    window.resize(900, 650)
    qapp.processEvents()
    assert window.canvas.zoom == 1.0


def test_a_measurement_comes_back_with_undo(open_window) -> None:
    from onebyone.measurement.records import Measurement, MeasurementRequest, RawTimes, Run
    from onebyone_desktop.session import Measured

    window = open_window(GALLERY)
    session = window.session
    raw = RawTimes(1.0, 1.0, 1.0, 1.0, 1.0)
    run = Run("d", "", "cpu", "float32", "nchw", 1, 1, "eager", "quiet", "", 50, 50, 1.0, 1.0, (1.0, 1.0), raw, None)
    session.set_measurement(Measured(MeasurementRequest((session.design,)), Measurement({}, (run,))))

    session.apply("Set", onebyone.edits.set_fields, "pool_proj", {"out_channels": 8})
    assert session.run is None
    session.undo()

    assert session.run is run


def test_every_control_has_an_accessible_name(open_window) -> None:
    window = open_window(GALLERY)
    window.session.select(["conv3x3"])
    nameless = [
        type(widget).__name__ + ":" + widget.objectName()
        for widget in window.findChildren(QLineEdit)
        + window.findChildren(QTableView)
        + window.findChildren(QTreeWidget)
        if not widget.accessibleName() and widget.objectName() != "qt_spinbox_lineedit"
    ]

    assert nameless == []


@pytest.mark.parametrize(
    "name", ["view.next_tab", "view.previous_tab", "edit.find", "insert.search", "view.heat_colours"]
)
def test_actions_that_are_on_without_a_design_do_no_harm(open_window, name: str) -> None:
    window = open_window()

    window.action(name).trigger()

    assert window.workspace.is_welcoming


def test_the_zoom_is_that_of_the_canvas_that_is_shown(open_window) -> None:
    window = open_window()
    assert label(window, "status.zoom") == ""

    window.desk.documents.open_gallery("inception-3a")
    window.canvas.reset_zoom()
    assert label(window, "status.zoom") == "100 %"
    window.desk.documents.close(window.session)

    assert label(window, "status.zoom") == ""


def test_a_file_that_cannot_be_opened_leaves_the_welcome_page(open_window, monkeypatch, tmp_path) -> None:
    said = []
    monkeypatch.setattr(QMessageBox, "exec", lambda box: said.append(box.text()))

    window = open_window(tmp_path / "none.1x1")

    assert len(said) == 1
    assert window.workspace.welcome.isVisible()


def test_nothing_jumps_when_a_panel_is_first_seen(open_window) -> None:
    window = open_window(GALLERY)
    window.resize(760, 520)
    QApplication.processEvents()
    height = window.workspace.height()

    for spec in panel_list.BOTTOM:
        show_panel(window, spec.name)
        QApplication.processEvents()
        assert window.workspace.height() == height, spec.name
