"""The gallery as a menu: a part for each section."""

from PySide6.QtWidgets import QMenu

from onebyone import gallery


def fill_gallery_menu(menu: QMenu, tip: str) -> None:
    """Adds every published design, an action by its name each; `tip` says what choosing one does."""
    for section in gallery.SECTIONS:
        part = menu.addMenu(menu.tr(section))
        part.menuAction().setStatusTip(tip)
        for entry in gallery.entries():
            if entry.section == section:
                action = part.addAction(entry.title)
                action.setObjectName(entry.name)
                action.setStatusTip(entry.description)
