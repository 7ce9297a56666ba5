"""The menu bar and the tool bar."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import get_args

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QComboBox, QMainWindow, QMenu, QSizePolicy, QToolBar, QToolButton, QWidget

from onebyone import formats
from onebyone.text import visible
from onebyone_desktop.appearance.icons import icon
from onebyone_desktop.canvas.heat_choice import Heat
from onebyone_desktop.settings import Settings
from onebyone_desktop.window.actions import MENUS, TOOLBAR
from onebyone_desktop.window.gallery_menu import fill_gallery_menu

_HEAT_TITLES = {"parameters": "parameters", "macs": "MACs", "memory": "memory", "latency": "latency"}
_THEMES = {"system": "Follow the system", "light": "Light", "dark": "Dark"}
_COPIES = ("copy.image", "copy.svg", "copy.costs_tsv", "copy.costs_markdown", "copy.source")


class ChoiceMenu(QMenu):
    """A menu of which one entry is ticked."""

    #: Another entry was chosen, by name.
    chosen = Signal(str)

    def __init__(
        self, name: str, title: str, tip: str, choices: Mapping[str, str], current: str, parent: QWidget
    ) -> None:
        super().__init__(title, parent)
        self._name = name
        group = QActionGroup(self)
        for choice, words in choices.items():
            action = self.addAction(words)
            action.setStatusTip(tip.format(words))
            action.setObjectName(f"{name}.{choice}")
            action.setCheckable(True)
            action.setChecked(choice == current)
            action.triggered.connect(partial(self._on_triggered, choice))
            group.addAction(action)

    def tick(self, choice: str) -> None:
        """Ticks an entry without choosing it."""
        for action in self.actions():
            action.setChecked(action.objectName() == f"{self._name}.{choice}")

    def _on_triggered(self, choice: str, _checked: bool = False) -> None:
        self.chosen.emit(choice)


class RecentMenu(QMenu):
    """Files opened lately; filled when it is opened."""

    #: A file was chosen.
    file_wanted = Signal(Path)

    def __init__(self, settings: Settings, parent: QWidget) -> None:
        super().__init__(parent)
        self.setTitle(self.tr("Open &recent"))
        self.setObjectName("file.recent")
        self._settings = settings
        self.aboutToShow.connect(self._on_about_to_show)

    @Slot()
    def _on_about_to_show(self) -> None:
        self.clear()
        paths = self._settings.recent_files
        for path in paths:
            action = self.addAction(escaped(str(path)))
            action.setStatusTip(self.tr("Open {}").format(visible(str(path))))
            action.triggered.connect(partial(self._on_triggered, path))
        if not paths:
            nothing = self.addAction(self.tr("No recent files"))
            nothing.setStatusTip(self.tr("Files that were opened or saved are listed here"))
            nothing.setEnabled(False)
            return
        self.addSeparator()
        clear = self.addAction(self.tr("Clear this list"))
        clear.setStatusTip(self.tr("Forget all recent files; the files stay"))
        clear.triggered.connect(self._settings.forget_files)

    def _on_triggered(self, path: Path, _checked: bool = False) -> None:
        self.file_wanted.emit(path)


class Menus:
    """Fills a window's menu bar and tool bar, and holds those parts of them that the window follows."""

    def __init__(self, window: QMainWindow, actions: Mapping[str, QAction], settings: Settings) -> None:
        tr = window.tr
        self.recent = RecentMenu(settings, window)
        self.gallery = QMenu(tr("&Gallery"), window)
        self.gallery.setObjectName("file.gallery")
        fill_gallery_menu(self.gallery, tr("Open a copy of a published design"))
        self.copies = QMenu(tr("Cop&y as"), window)
        self.copies.setObjectName("edit.copy_as")
        for name in _COPIES:
            self.copies.addAction(actions[name])
        self.export = QMenu(tr("&Export"), window)
        self.export.setObjectName("file.export")
        for kind in formats.exported_kinds():
            self.export.addAction(actions[f"file.export_{kind}"])
        heats = {heat: tr(_HEAT_TITLES[heat]) for heat in get_args(Heat)}
        self.heat = ChoiceMenu("view.heat", tr("&Heat"), tr("Show each node's share of the {}"), heats, "macs", window)
        themes = {name: tr(words) for name, words in _THEMES.items()}
        self.theme = ChoiceMenu(
            "view.theme", tr("&Theme"), tr("Colours of the window: {}"), themes, settings.theme, window
        )
        self._describe_menus(window)
        self._fill_menu_bar(window, actions)
        self.heat_box = self._fill_tool_bar(window, actions)

    def _describe_menus(self, window: QMainWindow) -> None:
        for menu, tip in (
            (self.recent, window.tr("Files that were opened or saved lately")),
            (self.gallery, window.tr("Open a copy of a published design")),
            (self.copies, window.tr("Copy the diagram, the costs or the source")),
            (self.export, window.tr("Write a diagram, the source or a report to a file")),
            (self.heat, window.tr("What the bars and colours of the nodes show")),
            (self.theme, window.tr("Light or dark colours")),
        ):
            menu.menuAction().setStatusTip(tip)

    def _fill_menu_bar(self, window: QMainWindow, actions: Mapping[str, QAction]) -> None:
        inner = {
            "file.recent": self.recent,
            "file.gallery": self.gallery,
            "file.export": self.export,
            "edit.copy_as": self.copies,
            "view.heat": self.heat,
            "view.theme": self.theme,
        }
        for title, names in MENUS.items():
            menu = window.menuBar().addMenu(window.tr(title))
            for name in names:
                if name == "-":
                    menu.addSeparator()
                elif name in inner:
                    menu.addMenu(inner[name])
                else:
                    menu.addAction(actions[name])

    def _fill_tool_bar(self, window: QMainWindow, actions: Mapping[str, QAction]) -> QComboBox:
        bar = self.bar = QToolBar(window.tr("Tools"), window)
        bar.setObjectName("toolbar")
        bar.setMovable(False)
        bar.setIconSize(QSize(16, 16))
        bar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        bar.toggleViewAction().setEnabled(False)
        for name in TOOLBAR:
            if name == "-":
                bar.addSeparator()
            elif name == "file.export":
                self._export = self._export_button(window)
                bar.addWidget(self._export)
            else:
                bar.addAction(actions[name])
        spacer = QWidget(bar)
        spacer.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        bar.addWidget(spacer)
        bar.addAction(actions["measure.start"])
        bar.widgetForAction(actions["measure.start"]).setObjectName("measure.start.button")
        box = QComboBox(bar)
        box.setObjectName("heat")
        box.setAccessibleName(window.tr("Heat"))
        box.setToolTip(window.tr("What the bars on the nodes show"))
        for heat in get_args(Heat):
            box.addItem(window.tr("Heat: {}").format(window.tr(_HEAT_TITLES[heat])), heat)
        bar.addWidget(box)
        window.addToolBar(bar)
        return box

    def use_icons_alone(self, is_narrow: bool) -> None:
        """Drops the words of the tool bar where the window is too narrow for them."""
        styles = Qt.ToolButtonStyle
        style = styles.ToolButtonIconOnly if is_narrow else styles.ToolButtonTextBesideIcon
        self.bar.setToolButtonStyle(style)
        self._export.setToolButtonStyle(style)

    def _export_button(self, window: QMainWindow) -> QToolButton:
        button = QToolButton(window)
        button.setObjectName("file.export.button")
        button.setText(window.tr("Export"))
        button.setAccessibleName(window.tr("Export"))
        button.setIcon(icon("export"))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setToolTip(window.tr("Export a diagram, the PyTorch source or a latency report"))
        button.setMenu(self.export)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        return button


def escaped(text: str | None) -> str:
    """Text for an action: an ampersand is doubled, or it would mark a key."""
    return (text or "").replace("&", "&&")
