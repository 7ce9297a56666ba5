"""The style sheet of the application, filled in with the colours of a theme."""

from collections.abc import Mapping
from string import Template

import onebyone_resources

_SHEET = Template("""
QMainWindow, QDialog, QMessageBox { background: $surface; }
QToolTip { background: $raised; color: $text; border: 1px solid $control_border; padding: 4px 6px; }

QMenuBar { background: $surface; border: none; padding: 2px 6px; }
QMenuBar::item { padding: 3px 8px; background: transparent; border: 1px solid transparent; border-radius: 4px; }
QMenuBar::item:selected { background: $hover; border-color: $accent; }
QMenu { background: $surface; border: 1px solid $border; padding: 5px; }
QMenu::item { padding: 4px 25px 4px 23px; border: 1px solid transparent; border-radius: 4px; }
QMenu::item:selected { background: $selection; color: $text; border-color: $accent; }
QMenu::item:disabled { color: $control_border; background: transparent; }
QMenu::separator { height: 1px; background: $border; margin: 5px 8px; }
QMenu::icon { padding-left: 6px; }

QToolBar { background: $surface; border: none; border-top: 1px solid $border; border-bottom: 1px solid $border;
  padding: 5px 8px; spacing: 4px; }
QToolBar::separator { width: 1px; background: $border; margin: 5px 8px; }
QToolButton { background: transparent; border: 2px solid transparent; border-radius: 5px; padding: 3px 8px; }
QToolButton[role="small"] { padding: 0; border-radius: 4px; }
QToolButton:hover { background: $hover; }
QToolButton:pressed, QToolButton:checked { background: $selection; }
QToolButton:focus { border-color: $accent; }
QToolButton:disabled { color: $control_border; }
QToolButton[popupMode="2"] { padding-right: 20px; }
QToolButton::menu-indicator { image: url($icons/chevron_down.svg); width: 11px; height: 11px;
  subcontrol-origin: padding; subcontrol-position: right center; right: 6px; }
QToolButton#measure\\.start, QToolButton#measure\\.start\\.button { background: $accent; color: $accent_text;
  font-weight: 600; padding: 5px 16px; margin-left: 6px; }
QToolButton#measure\\.start:hover, QToolButton#measure\\.start\\.button:hover { border-color: $text; }
QToolButton#measure\\.start:disabled, QToolButton#measure\\.start\\.button:disabled { background: $hover;
  color: $control_border; }

QPushButton { background: $surface; border: 1px solid $control_border; border-radius: 5px; padding: 4px 12px;
  min-height: 17px; }
QPushButton:hover { background: $hover; }
QPushButton:pressed, QPushButton:checked { background: $selection; }
QPushButton:focus { border: 2px solid $accent; padding: 3px 11px; }
QPushButton:disabled { color: $control_border; border-color: $border; }
QPushButton:default { border-color: $accent; }
QPushButton[role="primary"] { background: $accent; color: $accent_text; border-color: $accent; font-weight: 600; }
QPushButton[role="primary"]:hover, QPushButton[role="primary"]:focus { border-color: $text; }
QPushButton[role="primary"]:focus { border-width: 2px; }
QPushButton[role="primary"]:disabled { background: $hover; color: $control_border; border-color: $border; }
QPushButton[role="fix"] { text-align: left; padding: 3px 10px; color: $accent; }
QPushButton[role="fix"]:focus { padding: 2px 9px; }
QPushButton[role="fix"]:hover, QPushButton[role="fix"]:pressed { color: $text; }
QPushButton[role="card"] { text-align: left; background: $raised; border: 1px solid $border; border-radius: 8px; }
QPushButton[role="card"]:hover { background: $hover; }
QPushButton[role="card"]:hover, QPushButton[role="card"]:focus { border-color: $accent; }
QPushButton[role="card"]:focus { border-width: 2px; }

QLineEdit, QSpinBox, QDoubleSpinBox, QComboBox, QPlainTextEdit, QTextEdit { background: $surface; color: $text;
  border: 1px solid $control_border; border-radius: 4px; selection-background-color: $accent;
  selection-color: $accent_text; placeholder-text-color: $muted_text; }
QLineEdit, QSpinBox, QDoubleSpinBox { padding: 3px 7px; min-height: 17px; }
QComboBox { padding: 3px 8px; min-height: 17px; combobox-popup: 0; }
QLineEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus, QComboBox:focus, QPlainTextEdit:focus, QTextEdit:focus {
  border: 2px solid $accent; }
QLineEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus { padding: 2px 6px; }
QComboBox:focus { padding: 2px 7px; }
QLineEdit:disabled, QSpinBox:disabled, QComboBox:disabled { color: $muted_text; background: $window;
  border-color: $border; }
QLineEdit:read-only:!focus, QPlainTextEdit:read-only:!focus { border-color: $border; }
*[refused="true"] { border: 1px solid $error; }
QComboBox QAbstractItemView { background: $surface; border: 1px solid $border; padding: 3px;
  selection-background-color: $selection; selection-color: $text; }
QComboBox::drop-down { border: none; width: 22px; }
QAbstractSpinBox QLineEdit, QAbstractSpinBox QLineEdit:focus { border: none; padding: 0 0 0 5px;
  background: transparent; }
QSpinBox::up-button, QDoubleSpinBox::up-button, QSpinBox::down-button, QDoubleSpinBox::down-button { border: none;
  background: transparent; width: 18px; subcontrol-origin: border; }
QSpinBox::up-arrow, QDoubleSpinBox::up-arrow { image: url($icons/chevron_up.svg); width: 9px; height: 9px; }
QSpinBox::down-arrow, QDoubleSpinBox::down-arrow { image: url($icons/chevron_down.svg); width: 9px; height: 9px; }
QComboBox::down-arrow { image: url($icons/chevron_down.svg); width: 12px; height: 12px; }

QTabWidget::pane { border: none; border-top: 1px solid $border; background: $surface; }
QTabWidget > QWidget { background: $surface; }
QTabBar { background: $window; }
QTabBar::tab { background: transparent; color: $muted_text; border: none; border-bottom: 2px solid transparent;
  padding: 6px 14px; }
QTabBar::tab:selected { color: $text; border-bottom-color: $accent; }
QTabBar::tab:hover:!selected { color: $text; background: $hover; }
QTabBar::tab:focus { border: 2px solid $accent; padding: 4px 12px 6px 12px; }
QTabBar::close-button { image: url($icons/close.svg); width: 14px; height: 14px; margin: 2px; border-radius: 4px; }
QTabBar::close-button:hover { background: $selection; }
QTabWidget#workspace\\.tabs > QTabBar { background: $hover; }
QTabWidget#workspace\\.tabs > QTabBar::tab { padding: 6px 10px 6px 14px; border-bottom: none;
  border-right: 1px solid $border; }
QTabWidget#workspace\\.tabs > QTabBar::tab:selected { background: $surface; color: $text; }
QTabWidget#workspace\\.tabs > QTabBar::tab:focus { border: 2px solid $accent; padding: 4px 7px 4px 12px; }

QSplitter::handle { background: $surface; }
QSplitter::handle:horizontal { border-left: 1px solid $border; }
QSplitter::handle:vertical { border-top: 1px solid $border; }
QSplitter::handle:hover { background: $hover; border-color: $accent; }
QAbstractScrollArea::corner { background: $surface; border: none; }
QFileDialog QToolButton { padding: 2px; }
QLabel:disabled { color: $control_border; }
QScrollArea > QWidget > QWidget { background: $surface; border: none; }
QScrollArea { background: $surface; border: 2px solid transparent; border-radius: 4px; }
QScrollArea:focus { border-color: $accent; }
QFrame[role="separator"] { background: $border; border: none; max-height: 1px; min-height: 1px; }
QStatusBar { background: $surface; border-top: 1px solid $border; color: $text; padding: 2px 10px; }
QStatusBar::item { border: none; }
QStatusBar QLabel { padding: 2px 8px; }
QGroupBox { border: 1px solid $border; border-radius: 6px; margin-top: 16px; padding: 8px; }
QGroupBox::title { subcontrol-origin: margin; left: 8px; color: $muted_text; }

QTreeView, QListView, QTableView { background: $surface; alternate-background-color: $raised;
  border: 2px solid transparent; border-radius: 4px; outline: none;
  selection-background-color: $selection; selection-color: $text; gridline-color: $border; }
QTreeView:focus, QListView:focus, QTableView:focus { border-color: $accent; }
QTreeView::item, QListView::item { padding: 2px 4px; }
QTreeView::item:hover, QListView::item:hover { background: $hover; color: $text; }
QTreeView::item:selected, QListView::item:selected, QTableView::item:selected { background: $selection; color: $text; }
QTableView::item { padding: 2px 8px; }
QHeaderView, QTableCornerButton::section { background: $surface; }
QHeaderView::section { background: $surface; color: $muted_text; border: none; border-bottom: 1px solid $border;
  padding: 5px 8px; font-weight: 600; }
QLabel#canvas\\.note { background: $raised; color: $text; border: 1px solid $control_border; border-radius: 5px;
  padding: 4px 8px; }
QLabel#canvas\\.note[refused="true"] { background: $error_ground; color: $error; border: 1px solid $error; }
QFrame#search { background: $surface; border: 1px solid $control_border; }
QListWidget#search\\.list { background: $surface; }
QTreeView#palette\\.list { padding-left: 2px; }
QWidget#panel\\.palette, QWidget#panel\\.inspector, QWidget#panel\\.problems { background: $surface; }

QProgressBar { background: $heat_track; border: none; border-radius: 3px; max-height: 6px; text-align: right; }
QProgressBar::chunk { background: $accent; border-radius: 3px; }
QCheckBox { spacing: 7px; }
QCheckBox::indicator, QTreeView::indicator { width: 13px; height: 13px; border: 1px solid $control_border;
  border-radius: 3px; background: $surface; }
QCheckBox::indicator:checked, QTreeView::indicator:checked { background: $accent; border-color: $accent;
  image: url($icons/check_$name.svg); }
QCheckBox::indicator:focus { border: 2px solid $text; width: 11px; height: 11px; }
QCheckBox::indicator:disabled { background: $hover; border-color: $border; }
QCheckBox:disabled { color: $control_border; }
QScrollBar:vertical { background: transparent; width: 11px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 11px; margin: 0; }
QScrollBar::handle { background: $node_border; border-radius: 3px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 28px; }
QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::handle:hover { background: $control_border; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QFrame[role="popup"] { background: $surface; border: 1px solid $control_border; border-radius: 8px; }
QFrame[role="bar"] { background: $surface; border: none; border-bottom: 1px solid $border; }
QLabel { background: transparent; }
QLabel[role="title"] { font-size: ${large}pt; font-weight: 600; }
QLabel[role="card-title"] { font-weight: 600; }
QLabel[role="heading"] { color: $muted_text; font-size: ${small}pt; font-weight: 600; }
QLabel[role="muted"] { color: $muted_text; }
QLabel[role="figure"] { font-size: ${figure}pt; font-weight: 600; }
QLabel[sentence="true"] { border: 2px solid transparent; border-radius: 4px; }
QLabel[sentence="true"]:focus { border-color: $accent; }
QLabel[role="error"] { color: $error; }
QLabel[role="warning"] { color: $warning; }
QLabel[role="ok"], QLabel[verdict="quiet"] { color: $ok; }
QLabel[verdict="disturbed"] { color: $warning; }
QLabel[role="figure"][verdict="quiet"] { color: $text; }
QLabel[role="figure"][verdict="disturbed"], QLabel[role="figure"][verdict="refused"] { color: $muted_text; }
QLabel[verdict="refused"] { color: $error; }
QLineEdit#inspector\\.name { font-size: ${title}pt; font-weight: 600; border-color: transparent; padding-left: 3px; }
QLineEdit#inspector\\.name:hover { border-color: $control_border; }
QLineEdit#inspector\\.name:focus { border-color: $accent; padding-left: 2px; }
QLabel#inspector\\.kind { color: $muted_text; }
""")


def style_sheet(colours: Mapping[str, str], points: Mapping[str, float]) -> str:
    """The style sheet with these colours and sizes of type ("small", "ui", "title"; points)."""
    sizes = {name: f"{size:g}" for name, size in points.items()}
    icons = onebyone_resources.path("icons").as_posix()
    return _SHEET.substitute(
        colours, **sizes, large=f"{points['title'] * 1.7:g}", figure=f"{points['title'] * 1.25:g}", icons=icons
    )
