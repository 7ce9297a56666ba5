"""The heat of a window: chosen once, shown in every tab, in those opened later too."""

from PySide6.QtWidgets import QComboBox

from onebyone_desktop.window.main_window import MainWindow


def shares(window: MainWindow) -> dict[str, float | None]:
    return {name: item.share for name, item in window.canvas.design_scene.nodes.items()}


def test_the_box_begins_with_what_is_shown(open_window) -> None:
    window = open_window()

    assert window.findChild(QComboBox, "heat").currentData() == window.workspace.heat.quantity == "macs"


def test_a_tab_opened_later_shows_the_heat_that_was_chosen(open_window) -> None:
    window = open_window("gallery:inception-3a")
    by_macs = shares(window)
    box = window.findChild(QComboBox, "heat")
    box.setCurrentIndex(box.findData("parameters"))
    box.activated.emit(box.currentIndex())
    by_parameters = shares(window)

    window.desk.documents.open_gallery("inception-3a")

    assert box.currentData() == "parameters"
    assert window.canvas.session is not window.workspace.sessions[0]
    assert shares(window) == by_parameters != by_macs


def test_colours_stay_on_in_a_tab_opened_later(open_window) -> None:
    window = open_window("gallery:inception-3a")
    window.action("view.heat_colours").trigger()

    window.desk.documents.open_gallery("resnet-bottleneck")

    assert window.action("view.heat_colours").isChecked()
    assert window.canvas.legend.isVisible()
