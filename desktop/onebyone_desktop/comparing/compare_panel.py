"""The Compare panel: two to six designs side by side, as tables and bars."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, Signal, SignalInstance, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QTableWidget,
    QTableWidgetItem,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from onebyone.comparison import MAX_COMPARED, Comparison, Line
from onebyone.reports.comparison_tables import (
    latency_rows,
    line_name,
    lines_header,
    lines_rows,
    totals_header,
    totals_rows,
)
from onebyone.text import visible
from onebyone_desktop.comparing.chosen_designs import ChosenDesigns
from onebyone_desktop.comparing.comparison_bars import ComparisonBars
from onebyone_desktop.panels.panel import Panel
from onebyone_desktop.panels.plain import cell_at, plain_table, plain_words
from onebyone_desktop.session import Session
from onebyone_desktop.window.gallery_menu import fill_gallery_menu

_LIST_WIDTH = 240
_MOST_COLUMN = 210


class Compare(Panel):
    """Chooses designs and sets them side by side; it follows every edit of them."""

    #: The compared designs are to be measured together.
    measuring_wished = Signal()
    #: The compared designs are to be seen side by side.
    canvases_wished = Signal()
    #: The comparison is to be written to a file.
    export_wished = Signal()
    #: A new theme has been followed.
    colours_changed = Signal()
    #: There is something to tell the user.
    said = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("panel.compare", "Compare", parent)
        self.chosen = ChosenDesigns(self)
        self.comparison: Comparison | None = None
        self._lines: tuple[Line, ...] = ()
        self._make_choice()
        self._make_tables()
        self._stack = QStackedWidget(self)
        self._hint = plain_words(self, "compare.hint", "muted")
        self._hint.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._stack.addWidget(self._hint)
        self._stack.addWidget(self._tabs)
        split = QSplitter(Qt.Orientation.Horizontal, self)
        split.setObjectName("compare.split")
        split.setChildrenCollapsible(False)
        split.addWidget(self._choice())
        split.addWidget(self._content())
        split.setStretchFactor(1, 1)
        split.setSizes([_LIST_WIDTH, 700])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 6, 12, 6)
        layout.addWidget(split)
        self.chosen.changed.connect(self.refresh_soon)
        self.chosen.offer_changed.connect(self._on_chosen_offer_changed)

    # What the window tells.

    def offer_sessions(self, sessions: Sequence[Session]) -> None:
        """Follows the open designs."""
        self.chosen.offer(sessions)

    def refresh(self) -> None:
        self._name_items()
        self.comparison = self.chosen.comparison()
        found = self.comparison
        self._stack.setCurrentIndex(0 if found is None else 1)
        for button in (self._measure, self._canvases, self._export):
            button.setEnabled(found is not None)
        self._show_bases()
        if found is None:
            self._hint.setText(
                self.tr(
                    "Tick two to {} designs on the left, or add a published one, to see what each costs beside the"
                    " others."
                ).format(MAX_COMPARED)
            )
            return
        self._sentences.setText("\n\n".join(visible(sentence) for sentence in found.sentences))
        _fill(self._totals, totals_header(found), [*totals_rows(found), *latency_rows(found)])
        _fill(self._branches, lines_header(found, self.tr("Branch")), list(lines_rows(found.branches)))
        _mark(self._branches, found.branches)
        self._lines = found.nodes
        _fill(self._nodes, lines_header(found, self.tr("Node")), list(lines_rows(found.nodes)))
        _mark(self._nodes, found.nodes)
        self.bars.show_comparison(found)

    def set_session(self, session: Session | None) -> None:
        # What is compared does not depend on the tab that is shown.
        self._session = session

    def refresh_colours(self) -> None:
        """Follows a new theme."""
        self.bars.refresh_colours()
        self.colours_changed.emit()

    # Building.

    def _make_choice(self) -> None:
        self._list = QListWidget(self)
        self._list.setObjectName("compare.designs")
        self._list.setAccessibleName(self.tr("Designs to compare"))
        self._list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._list.itemChanged.connect(self._on_list_item_changed)
        self._list.customContextMenuRequested.connect(self._on_list_menu_requested)
        self._base = QComboBox(self)
        self._base.setObjectName("compare.base")
        self._base.setAccessibleName(self.tr("Compared with"))
        self._base.activated.connect(self._on_base_activated)
        self._add = QPushButton(self.tr("Add a published design"), self)
        self._add.setObjectName("compare.add")
        menu = QMenu(self._add)
        fill_gallery_menu(menu, self.tr("Compare with a published design"))
        menu.triggered.connect(self._on_published_triggered)
        self._add.setMenu(menu)

    def _choice(self) -> QWidget:
        choice = QWidget(self)
        column = QVBoxLayout(choice)
        column.setContentsMargins(0, 0, 6, 0)
        column.setSpacing(6)
        column.addWidget(self._list, 1)
        row = QHBoxLayout()
        row.addWidget(QLabel(self.tr("Compared with"), choice))
        row.addWidget(self._base, 1)
        column.addLayout(row)
        column.addWidget(self._add)
        return choice

    def _make_tables(self) -> None:
        self._tabs = QTabWidget(self)
        self._tabs.setObjectName("compare.views")
        self._tabs.setDocumentMode(True)
        self._tabs.tabBar().setAccessibleName(self.tr("Views of the comparison"))
        self._totals = plain_table(self, "compare.totals", self.tr("Totals side by side"), [])
        self._branches = plain_table(self, "compare.branches", self.tr("Branches side by side"), [])
        self._nodes = plain_table(self, "compare.nodes", self.tr("Nodes side by side"), [])
        self._nodes.itemSelectionChanged.connect(self._on_nodes_selection_changed)
        self.bars = ComparisonBars(self)
        self._words = QWidget(self)
        self._sentences = plain_words(self._words, "compare.sentences", "")
        self._sentences.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        said = QVBoxLayout(self._words)
        said.setContentsMargins(4, 8, 4, 4)
        said.addWidget(self._sentences)
        said.addStretch(1)
        for widget, title in (
            (self._totals, self.tr("Totals")),
            (self._branches, self.tr("Branches")),
            (self._nodes, self.tr("Nodes")),
            (self.bars, self.tr("Bars")),
            (self._words, self.tr("In words")),
        ):
            self._tabs.addTab(widget, title)

    def _content(self) -> QWidget:
        content = QWidget(self)
        self._measure = _button(content, "compare.measure", self.tr("Measure together"), self.measuring_wished)
        self._canvases = _button(content, "compare.canvases", self.tr("Side by side…"), self.canvases_wished)
        self._export = _button(content, "compare.export", self.tr("Export…"), self.export_wished)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        for button in (self._canvases, self._export, self._measure):
            buttons.addWidget(button)
        column = QVBoxLayout(content)
        column.setContentsMargins(6, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self._stack, 1)
        column.addLayout(buttons)
        return content

    # The list of designs.

    @Slot()
    def _on_chosen_offer_changed(self) -> None:
        offered = self.chosen.offered
        self._list.blockSignals(True)
        self._list.clear()
        for _ in offered:
            item = QListWidgetItem()
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable)
            self._list.addItem(item)
        self._list.blockSignals(False)
        self._name_items()

    def _name_items(self) -> None:
        chosen = self.chosen.sessions
        self._list.blockSignals(True)
        for row, session in enumerate(self.chosen.offered):
            item = self._list.item(row)
            published = self.tr(" (published)") if self.chosen.is_published(session) else ""
            item.setText(visible(session.title) + published)
            item.setCheckState(Qt.CheckState.Checked if session in chosen else Qt.CheckState.Unchecked)
        self._list.blockSignals(False)

    def _show_bases(self) -> None:
        self._base.clear()
        for session in self.chosen.sessions:
            self._base.addItem(visible(session.title))
        self._base.setEnabled(self._base.count() > 1)

    @Slot(QListWidgetItem)
    def _on_list_item_changed(self, item: QListWidgetItem) -> None:
        session = self.chosen.offered[self._list.row(item)]
        if not self.chosen.tick(session, item.checkState() == Qt.CheckState.Checked):
            self._refuse()
            self._name_items()

    @Slot(QPoint)
    def _on_list_menu_requested(self, point: QPoint) -> None:
        item = self._list.itemAt(point)
        session = None if item is None else self.chosen.offered[self._list.row(item)]
        if session is not None and self.chosen.is_published(session):
            menu = QMenu(self._list)
            action = menu.addAction(self.tr("Take off the list"))
            action.setStatusTip(self.tr("Compare without this published design"))
            menu.aboutToHide.connect(menu.deleteLater)
            if menu.exec(self._list.viewport().mapToGlobal(point)) is action:
                self.chosen.remove_published(session)

    @Slot(int)
    def _on_base_activated(self, place: int) -> None:
        self.chosen.set_base(self.chosen.sessions[place])

    @Slot(QAction)
    def _on_published_triggered(self, action: QAction) -> None:
        if not self.chosen.add_published(action.objectName()):
            self._refuse()

    def _refuse(self) -> None:
        self.said.emit(self.tr("At most {} designs are compared; untick one first.").format(MAX_COMPARED))

    @Slot()
    def _on_nodes_selection_changed(self) -> None:
        rows = self._nodes.selectionModel().selectedRows()
        session = self.session
        if not rows or session not in self.chosen.sessions or self.comparison is None:
            return
        name = self.comparison.rows[rows[0].row()][self.chosen.sessions.index(session)]
        if name is not None:
            self.node_wanted.emit(name)


def _button(parent: QWidget, name: str, words: str, pressed: SignalInstance) -> QPushButton:
    button = QPushButton(words, parent)
    button.setObjectName(name)
    button.clicked.connect(pressed)
    return button


def _fill(table: QTableWidget, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Writes a table of words; what has not changed stays as it is."""
    table.blockSignals(True)
    table.setColumnCount(len(header))
    table.setRowCount(len(rows))
    table.setHorizontalHeaderLabels([visible(words).replace(": ", "\n") for words in header])
    for column in range(len(header)):
        side = Qt.AlignmentFlag.AlignLeft if column == 0 else Qt.AlignmentFlag.AlignRight
        heading = table.horizontalHeaderItem(column)
        if heading is not None:
            heading.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
            heading.setToolTip(visible(header[column]))
    for row, cells in enumerate(rows):
        for column, words in enumerate(cells):
            item = table.item(row, column)
            if item is None:
                item = QTableWidgetItem()
                side = Qt.AlignmentFlag.AlignLeft if column == 0 else Qt.AlignmentFlag.AlignRight
                item.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
                table.setItem(row, column, item)
            item.setText(visible(words))
            item.setToolTip(item.text() if column == 0 else "")
            spoken = words if column == 0 else f"{cells[0]}, {header[column]}, {words}"
            item.setData(Qt.ItemDataRole.AccessibleTextRole, spoken)
    _fit(table)
    table.blockSignals(False)


def _mark(table: QTableWidget, lines: Sequence[Line]) -> None:
    """Lines that differ begin with a sign; it says more on a tool tip."""
    for row, line in enumerate(lines):
        item = cell_at(table, row, 0)
        item.setText(f"≠ {line_name(line)}" if line.is_different else line_name(line))
        item.setToolTip("\n".join(dict.fromkeys(line.details)))
    _fit(table)


def _fit(table: QTableWidget) -> None:
    """Columns as wide as their words; long names of designs are cut, their tool tips are whole."""
    table.resizeColumnsToContents()
    for column in range(table.columnCount()):
        table.setColumnWidth(column, min(table.columnWidth(column), _MOST_COLUMN))
