"""A combo box that shows its arrow, and an ellipsis where its text has no room: a style sheet makes Qt forget both."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import (
    QComboBox,
    QListView,
    QStyledItemDelegate,
    QStyleOptionComboBox,
    QStyleOptionViewItem,
    QWidget,
)

# Padding, the arrow and the air around it.
_BESIDE_TEXT_PX = 44
_SEPARATOR_PX = 9


class _Rows(QStyledItemDelegate):
    """Qt's own for combo boxes knows no style sheet; the one that does knows no separators."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(0, _SEPARATOR_PX) if _separates(index) else super().sizeHint(option, index)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        if not _separates(index):
            super().paint(painter, option, index)
            return
        rect: QRect = option.rect
        painter.fillRect(rect.left(), rect.center().y(), rect.width(), 1, self._colour())

    def _colour(self) -> QColor:
        box = self.parent()
        palette = box.palette() if isinstance(box, QWidget) else QPalette()
        return palette.color(QPalette.ColorRole.PlaceholderText)


def _separates(index: QModelIndex | QPersistentModelIndex) -> bool:
    return bool(index.data(Qt.ItemDataRole.AccessibleDescriptionRole) == "separator")


class Combo(QComboBox):
    """Paints a chevron at its right end. Its list shows what is chosen as every other list does."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._list_made = False
        self._uniform = True

    def insertSeparator(self, index: int) -> None:
        self._uniform = False
        super().insertSeparator(index)
        if self._list_made:
            self._dress_list()

    def showPopup(self) -> None:
        """The list is made when it is wanted: it takes as long as the rest of the box, and with sixty rows Qt would
        style it for 4 ms, three times at a theme."""
        self._dress_list()
        super().showPopup()

    def _dress_list(self) -> None:
        if not self._list_made:
            self._list_made = True
            self.setItemDelegate(_Rows(self))
        view = self.view()
        if isinstance(view, QListView):
            view.setUniformItemSizes(self._uniform)  # measured once and not row by row

    def initStyleOption(self, option: QStyleOptionComboBox) -> None:
        super().initStyleOption(option)
        room = max(self.width() - _BESIDE_TEXT_PX, 0)
        elided = self.fontMetrics().elidedText(self.currentText(), Qt.TextElideMode.ElideRight, room)
        option.currentText = elided

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        group = QPalette.ColorGroup.Normal if self.isEnabled() else QPalette.ColorGroup.Disabled
        painter.setPen(QPen(self.palette().color(group, QPalette.ColorRole.ButtonText), 1.5))
        x, y = self.width() - 16.0, self.height() / 2
        painter.drawPolyline(QPolygonF([QPointF(x - 4, y - 2), QPointF(x, y + 2), QPointF(x + 4, y - 2)]))
