"""Edit › Copy as: the diagram, the costs and the source, on the clipboard."""

from PySide6.QtCore import QByteArray, QMimeData
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from onebyone.errors import OnebyoneError
from onebyone.pytorch_source import torch_source
from onebyone_desktop.appearance import theme
from onebyone_desktop.commands.commands import Commands
from onebyone_desktop.panels.costs import Costs

_SVG_MIME = "image/svg+xml"


class CopyCommands(Commands):
    """Puts the current design on the clipboard in the forms that other programs take."""

    def image(self) -> None:
        data = self._drawn("diagram.png")
        if data is not None:
            QApplication.clipboard().setImage(QImage.fromData(data))
            self.desk.say(self.tr("The diagram is on the clipboard as an image."))

    def svg(self) -> None:
        data = self._drawn("diagram.svg")
        if data is not None:
            mime = QMimeData()
            mime.setData(_SVG_MIME, QByteArray(data))
            mime.setText(data.decode())
            QApplication.clipboard().setMimeData(mime)
            self.desk.say(self.tr("The diagram is on the clipboard as SVG."))

    def costs_tsv(self) -> None:
        QApplication.clipboard().setText(self._costs().tsv())
        self.desk.say(self.tr("The costs are on the clipboard, separated by tabs."))

    def costs_markdown(self) -> None:
        QApplication.clipboard().setText(self._costs().markdown())
        self.desk.say(self.tr("The costs are on the clipboard as Markdown."))

    def source(self) -> None:
        QApplication.clipboard().setText(torch_source(self.session.design, self.session.analysis))
        self.desk.say(self.tr("The PyTorch source is on the clipboard."))

    def _costs(self) -> Costs:
        costs = self.desk.panels.get("costs", Costs)
        costs.refresh()
        return costs

    def _drawn(self, name: str) -> bytes | None:
        from onebyone_desktop.export import draw_diagram

        session = self.session
        try:
            return draw_diagram(
                session.design, name, analysis=session.analysis, theme=theme.current().name, run=session.run
            )
        except OnebyoneError as error:
            self.desk.say(str(error))
            return None
