"""Edit › Copy as: the diagram, the costs and the source, on the clipboard."""

from PySide6.QtCore import QByteArray, QMimeData, Slot
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from onebyone.errors import OnebyoneError
from onebyone.pytorch_source import torch_source
from onebyone_desktop.appearance import theme
from onebyone_desktop.commands.commands import Commands

_SVG_MIME = "image/svg+xml"


class CopyCommands(Commands):
    """Puts the current design on the clipboard in the forms that other programs take."""

    @Slot()
    def image(self) -> None:
        data = self._drawn("diagram.png")
        if data is not None:
            QApplication.clipboard().setImage(QImage.fromData(data))
            self.window.say(self.tr("The diagram is on the clipboard as an image."))

    @Slot()
    def svg(self) -> None:
        data = self._drawn("diagram.svg")
        if data is not None:
            mime = QMimeData()
            mime.setData(_SVG_MIME, QByteArray(data))
            mime.setText(data.decode())
            QApplication.clipboard().setMimeData(mime)
            self.window.say(self.tr("The diagram is on the clipboard as SVG."))

    @Slot()
    def costs_tsv(self) -> None:
        self.window.costs.refresh()
        QApplication.clipboard().setText(self.window.costs.tsv())
        self.window.say(self.tr("The costs are on the clipboard, separated by tabs."))

    @Slot()
    def costs_markdown(self) -> None:
        self.window.costs.refresh()
        QApplication.clipboard().setText(self.window.costs.markdown())
        self.window.say(self.tr("The costs are on the clipboard as Markdown."))

    @Slot()
    def source(self) -> None:
        QApplication.clipboard().setText(torch_source(self.session.design, self.session.analysis))
        self.window.say(self.tr("The PyTorch source is on the clipboard."))

    def _drawn(self, name: str) -> bytes | None:
        from onebyone_desktop.export import draw_diagram

        session = self.session
        try:
            return draw_diagram(
                session.design, name, analysis=session.analysis, theme=theme.current().name, run=session.run
            )
        except OnebyoneError as error:
            self.window.say(str(error))
            return None
