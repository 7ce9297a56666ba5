"""Paints one row of the search: the glyph of the kind, its name, its numbers, and what would come out."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from onebyone.adding.search import Suggestion
from onebyone_desktop.appearance import theme
from onebyone_desktop.appearance.icons import kind_glyph, paint_glyph

#: The role of a row's suggestion.
SUGGESTION = Qt.ItemDataRole.UserRole
ROW_HEIGHT = 28
_MARGIN = 10
_GAP = 8
_GLYPH = 14


class SuggestionRow(QStyledItemDelegate):
    """Draws suggestions; those that cannot be here are grey and say why."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(0, ROW_HEIGHT)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        suggestion: Suggestion = index.data(SUGGESTION)
        tokens = theme.current()
        rect: QRect = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.selection))
            painter.drawRoundedRect(rect.adjusted(0, 1, 0, -1), 5, 5)
        colour = tokens.control_border if suggestion.reason else tokens.family(suggestion.family)
        glyph = kind_glyph(suggestion.nodes[-1 if suggestion.is_module else 0].layer)
        top = rect.top() + (ROW_HEIGHT - _GLYPH) / 2
        paint_glyph(painter, glyph, rect.left() + _MARGIN, top, _GLYPH, QColor(colour))
        _paint_words(painter, rect.adjusted(_MARGIN + _GLYPH + _GAP, 0, -_MARGIN, 0), suggestion)
        painter.restore()


def _paint_words(painter: QPainter, rect: QRect, suggestion: Suggestion) -> None:
    tokens = theme.current()
    middle = Qt.AlignmentFlag.AlignVCenter
    strong, plain = theme.ui_font(), theme.ui_font()
    strong.setWeight(QFont.Weight.DemiBold)
    if suggestion.result:
        painter.setFont(theme.fixed_font(theme.SMALL_POINTS))
        painter.setPen(QColor(tokens.muted_text))
        painter.drawText(rect, middle | Qt.AlignmentFlag.AlignRight, suggestion.result)
        rect = rect.adjusted(0, 0, -painter.fontMetrics().horizontalAdvance(suggestion.result) - _GAP, 0)
    painter.setFont(strong)
    painter.setPen(QColor(tokens.muted_text if suggestion.reason else tokens.text))
    metrics = QFontMetrics(strong)
    title = metrics.elidedText(suggestion.title, Qt.TextElideMode.ElideRight, rect.width())
    painter.drawText(rect, middle, title)
    rect = rect.adjusted(metrics.horizontalAdvance(title) + _GAP, 0, 0, 0)
    painter.setFont(plain)
    painter.setPen(QColor(tokens.muted_text))
    words = suggestion.reason or suggestion.detail
    painter.drawText(rect, middle, QFontMetrics(plain).elidedText(words, Qt.TextElideMode.ElideRight, rect.width()))
