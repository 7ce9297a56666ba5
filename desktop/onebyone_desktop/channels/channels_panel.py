"""The Channels panel: what the selected node makes of a picture, and how a 1×1 convolution mixes its channels."""

from array import array
from pathlib import Path

import msgspec
from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from onebyone.analysis import Analysis
from onebyone.channels import MAX_BY_HAND, Channels, ChannelsRequest, Matrix, Picture
from onebyone.computation import computes_same
from onebyone.layers import Layer
from onebyone.layers.convolution import as_conv2d
from onebyone.quantity import shape
from onebyone.text import visible
from onebyone.worker.messages import ChannelsShown, ShowChannels
from onebyone_desktop.channels import pictures
from onebyone_desktop.channels.channels_controls import ChannelsControls
from onebyone_desktop.channels.hand_page import HandPage
from onebyone_desktop.channels.maps_page import MapsPage
from onebyone_desktop.channels.sum_page import SumPage
from onebyone_desktop.channels.ways_page import WaysPage
from onebyone_desktop.panels.panel import Panel
from onebyone_desktop.panels.plain import plain_words
from onebyone_desktop.session import Session
from onebyone_desktop.worker.latest_client import LatestClient
from onebyone_desktop.worker.measuring_client import WorkerClient

#: What is asked for in quick succession is asked once.
_DEBOUNCE_MS = 80


class ChannelsPanel(Panel):
    """Runs a picture in a process of its own and shows the maps of the node that is selected."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("panel.channels", "Channels", parent)
        self.setAcceptDrops(True)
        self.client = LatestClient(ShowChannels, self)
        self._reader = pictures.PictureReader(self)
        self._image = QImage()
        self._picture: Picture | None = None
        self._shown: Session | None = None
        self._node = ""
        self._output = 0
        self._weights: Matrix | None = None
        self._answered: ChannelsRequest | None = None
        self._answer: Channels | None = None
        self._folder = ""
        self.controls = ChannelsControls(self)
        self.maps = MapsPage(self)
        self.sum = SumPage(self)
        self.hand = HandPage(self)
        self.ways = WaysPage(self)
        self._soon = QTimer(self, singleShot=True, interval=_DEBOUNCE_MS)
        self._soon.timeout.connect(self._on_soon_timeout)
        self._arrange()
        self._connect()

    def refresh(self) -> None:
        if self._picture is None:
            self._use(pictures.sample(), self.tr("Sample picture"))
        self._follow()

    def refresh_selection(self) -> None:
        self._follow()

    def refresh_colours(self) -> None:
        """Follows a new theme."""
        self.controls.refresh_colours()
        self.sum.refresh_colours()
        self.hand.refresh_colours()

    def follow_measuring(self, client: WorkerClient) -> None:
        """Leaves the machine alone while anything is measured through this client."""
        if client.is_busy:
            self.client.pause()
        client.progressed.connect(self.client.pause)
        for ended in (client.finished, client.failed, client.devices_listed):
            ended.connect(self.client.resume_soon)

    def open_picture(self, path: Path) -> None:
        """Uses the picture of a file."""
        self._folder = str(path.parent)
        self.controls.show_refusal("")
        self._reader.read(path)

    def stop(self) -> None:
        """Ends the process, at the end of the program."""
        self._soon.stop()
        self.client.stop()

    # What is asked.

    def _follow(self) -> None:
        """Asks for the maps of the node that is selected, or says what to do."""
        session = self.session
        hint = self._hint_for(session)
        if hint or session is None:
            self._soon.stop()
            self.client.forget()
            self._say_instead(hint)
            return
        node = session.selection[-1]
        layer = session.analysis.node(node).layer
        if node != self._node or session is not self._shown:
            self._node, self._shown = node, session
            self._output, self._weights, self.maps.first = 0, None, 0
        if not _fits(self._weights, session.analysis, node):
            self._weights = None
        found = session.analysis.nodes[node].shape
        if layer.is_pointwise and found is not None:
            self._output = min(self._output, found[0] - 1)
        self._soon.start()

    @Slot()
    def _on_soon_timeout(self) -> None:
        request = self._request()
        if request is None:
            return
        if self._answered is not None and self._answer is not None and _asks_same(request, self._answered):
            self.client.forget()
            self._show(self._answer)
            return
        self.client.ask(request)

    def _request(self) -> ChannelsRequest | None:
        session, picture = self.session, self._picture
        if session is None or picture is None or self._node not in session.analysis.nodes:
            return None
        return ChannelsRequest(
            session.design,
            self._node,
            picture,
            seed=self.controls.seed,
            weights=self._weights,
            output=self._output,
            first=self.maps.first,
            scaling=self.maps.scaling,
        )

    def _hint_for(self, session: Session | None) -> str:
        """What keeps the panel from showing maps, and what to do; nothing where it can."""
        if session is None or not session.design.nodes:
            return self.tr("The design is empty. Add an input and layers, and select one to see its feature maps.")
        if not session.selection:
            return self.tr(
                "Select a node to see what it makes of a picture: its feature maps, and of a 1×1 convolution how each"
                " output is a weighted sum of its inputs."
            )
        node = session.analysis.node(session.selection[-1])
        name = visible(node.name)
        if node.passes_through:
            return self.tr("'{}' is bypassed: its input passes through. Select another node.").format(name)
        if session.analysis.nodes[node.id].shape is not None or node.layer.is_exit:
            return ""
        problems = [p for p in session.analysis.problems if p.severity == "error"]
        own = next((p for p in problems if p.node == node.id), problems[0] if problems else None)
        reason = own.message if own is not None else ""
        return self.tr("'{}' cannot run before what leads to it is mended. {}").format(name, reason).strip()

    # What is shown.

    def _say_instead(self, hint: str) -> None:
        self._hint.setText(hint)
        self._first.setVisible(self._first_pointwise() is not None)
        self._stack.setCurrentIndex(0)

    def _first_pointwise(self) -> str | None:
        """The first 1×1 convolution that can be shown, unless it is selected."""
        session = self.session
        if session is None:
            return None
        analysis = session.analysis
        nodes = analysis.design_nodes
        found = (n for n in analysis.order if nodes[n].layer.family == "pointwise" and not nodes[n].passes_through)
        return next((n for n in found if analysis.nodes[n].shape is not None and n not in session.selection), None)

    def _show(self, answer: Channels) -> None:
        session = self.session
        if session is None or answer.node not in session.analysis.nodes:
            return
        self._stack.setCurrentIndex(1)
        node = session.analysis.node(answer.node)
        layer = node.layer
        self.controls.show_node(node.name, "\n".join(self._about(answer, layer)))
        self.maps.show_answer(answer, self._output)
        taken = answer.sum if layer.is_pointwise else None
        is_small = taken is not None and max(taken.matrix.rows, taken.matrix.columns) <= MAX_BY_HAND
        for page, is_there in ((self.sum, taken is not None), (self.hand, is_small), (self.ways, taken is not None)):
            self._tabs.setTabVisible(self._tabs.indexOf(page), is_there)
        if taken is None:
            return
        self.sum.show_sum(taken, layer)
        self.ways.show_answer(answer)
        if is_small:
            values = array("f", taken.matrix.values)
            columns = taken.matrix.columns
            rows = tuple(tuple(values[row * columns : (row + 1) * columns]) for row in range(taken.matrix.rows))
            self.hand.show_weights(self._weights or rows, self._weights is not None)
            self.hand.show_answer(answer, self._output)

    def _about(self, answer: Channels, layer: Layer) -> list[str]:
        """What the maps are, and how the picture came to them."""
        lines = [shape((answer.channels, answer.height, answer.width))]
        if layer.followers:
            after = self.tr(" and ").join(layer.followers)
            lines.append(self.tr("The maps are the node's: after {}. The weighted sum is before.").format(after))
        if not layer.is_pointwise:
            lines.append(self.tr("No 1×1 convolution: select one to see its weights."))
        lines.append(answer.entered)
        lines += answer.remarks
        lines.append(
            self.tr(
                "Weights are seeded, not trained. Channels count from 0. This runs in a process of its own, and waits"
                " while something is measured."
            )
        )
        return lines

    # Building the panel.

    def _arrange(self) -> None:
        self._tabs = QTabWidget(self)
        self._tabs.setObjectName("channels.tabs")
        self._tabs.tabBar().setAccessibleName(self.tr("Views of the channels"))
        self._tabs.setDocumentMode(True)
        for page, title in (
            (self.maps, self.tr("Feature maps")),
            (self.sum, self.tr("Weighted sum")),
            (self.hand, self.tr("By hand")),
            (self.ways, self.tr("Three ways")),
        ):
            self._tabs.addTab(page, title)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self._make_nothing())
        self._stack.addWidget(self._tabs)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 2, 12, 6)
        layout.setSpacing(10)
        layout.addWidget(self.controls)
        layout.addWidget(self._stack, 1)

    def _make_nothing(self) -> QWidget:
        nothing = QWidget(self)
        self._hint = plain_words(nothing, "channels.hint", "muted")
        self._first = QPushButton(self.tr("Select a 1×1 convolution"), nothing)
        self._first.setObjectName("channels.first")
        self._first.setProperty("role", "primary")
        self._first.clicked.connect(self._on_first_clicked)
        row = QHBoxLayout()
        row.addWidget(self._first)
        row.addStretch(1)
        column = QVBoxLayout(nothing)
        column.setContentsMargins(0, 10, 0, 0)
        column.addWidget(self._hint)
        column.addLayout(row)
        column.addStretch(1)
        return nothing

    def _connect(self) -> None:
        self.client.answered.connect(self._on_client_answered)
        self.client.failed.connect(self._on_client_failed)
        self.client.state_changed.connect(self.controls.show_state)
        self._reader.finished.connect(self._on_reader_finished)
        self._reader.failed.connect(self.controls.show_refusal)
        self.controls.file_wished.connect(self._on_file_wished)
        self.controls.sample_wished.connect(self._on_sample_wished)
        self.controls.seed_changed.connect(self._on_seed_changed)
        self.maps.changed.connect(self._soon.start)
        self.maps.chosen.connect(self._on_map_chosen)
        self.hand.chosen.connect(self._on_map_chosen)
        self.sum.output_wished.connect(self._on_output_wished)
        self.hand.weights_wished.connect(self._on_weights_wished)

    def _use(self, image: QImage, name: str) -> None:
        self._picture = pictures.as_picture(image)
        self.controls.show_refusal("")
        self.controls.show_picture(image, name)

    @Slot(object, object)
    def _on_client_answered(self, request: ChannelsRequest, reply: ChannelsShown) -> None:
        self._answered, self._answer = request, reply.channels
        self._show(reply.channels)

    @Slot(object, str)
    def _on_client_failed(self, _request: ChannelsRequest, sentence: str) -> None:
        self._answered = self._answer = None
        self._say_instead(sentence)

    @Slot(object, object)
    def _on_reader_finished(self, path: Path, image: QImage) -> None:
        self._use(image, visible(path.name))
        self._follow()

    @Slot()
    def _on_file_wished(self) -> None:
        suffixes = " ".join(f"*.{suffix}" for suffix in pictures.SUFFIXES)
        kinds = self.tr("Pictures ({});;All files (*)").format(suffixes)
        name, _ = QFileDialog.getOpenFileName(self, self.tr("Open a picture"), self._folder, kinds)
        if name:
            self.open_picture(Path(name))

    @Slot()
    def _on_sample_wished(self) -> None:
        self._use(pictures.sample(), self.tr("Sample picture"))
        self._follow()

    @Slot(int)
    def _on_seed_changed(self, _seed: int) -> None:
        self._follow()

    @Slot(int)
    def _on_map_chosen(self, channel: int) -> None:
        self._on_output_wished(channel)

    @Slot(int)
    def _on_output_wished(self, output: int) -> None:
        self._output = output
        self.maps.mark(output)
        self.hand.grid.mark(output)
        if self._answer is not None and self._answer.sum is not None:
            self._soon.start()

    @Slot(object)
    def _on_weights_wished(self, weights: Matrix | None) -> None:
        self._weights = weights
        self._soon.start()

    @Slot()
    def _on_first_clicked(self) -> None:
        node = self._first_pointwise()
        if node is not None:
            self.node_wanted.emit(node)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _dropped(event) is not None:
            event.acceptProposedAction()
        else:
            event.ignore()

    def dropEvent(self, event: QDropEvent) -> None:
        path = _dropped(event)
        if path is None:
            event.ignore()
            return
        self.open_picture(path)
        event.acceptProposedAction()


def _dropped(event: QDropEvent) -> Path | None:
    """The picture that is dragged; None where it is something else, such as a design."""
    for url in event.mimeData().urls():
        if url.isLocalFile() and pictures.is_picture(url.toLocalFile()):
            return Path(url.toLocalFile())
    return None


def _fits(weights: Matrix | None, analysis: Analysis, node: str) -> bool:
    """Whether weights set by hand are still of the size of the node."""
    layer = as_conv2d(analysis.node(node).layer)
    inputs = analysis.nodes[node].inputs
    if weights is None or layer is None or not layer.is_pointwise or not inputs:
        return False
    return len(weights) == layer.out_channels and len(weights[0]) == inputs[0][0] // layer.groups


def _asks_same(one: ChannelsRequest, other: ChannelsRequest) -> bool:
    """Whether two requests have the same answer; what does not lead to the node does not matter."""
    is_same_question = one == msgspec.structs.replace(other, design=one.design)
    return is_same_question and computes_same(one.design, other.design, ends=[one.node])
