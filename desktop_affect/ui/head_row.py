"""The row on top: what runs on the left, the session on the right, the menu at the end; two rows where it is narrow."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from desktop_affect.ui.theme import GRID_PX

# Source, recording with film, losses and its buttons need this much beside each other.
TWO_ROWS_BELOW_PX = 1000


class HeadRow(QWidget):
    """Everything keeps its place; where it is narrow the session moves into a row of its own."""

    def __init__(self, run: Sequence[QWidget], session: Sequence[QWidget], menu: QWidget) -> None:
        super().__init__()
        self._run, self._session, self._menu = _row(run), _row(session), menu
        inside = self._session.layout()
        assert isinstance(inside, QHBoxLayout)
        self._inside = inside
        self._inside.setSpacing(0)
        for place in (0, 2):
            self._inside.insertStretch(place)
        self._inside.insertSpacing(2, GRID_PX * 2)
        self._narrow: bool | None = None
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(GRID_PX)
        self._grid.setColumnStretch(1, 1)
        self._arrange(narrow=False)

    @property
    def narrow(self) -> bool:
        """The session has a row of its own."""
        return bool(self._narrow)

    def minimumSizeHint(self) -> QSize:
        """As narrow as two rows can be: a window that shrinks must not stop where one row ends."""
        run, session, menu = (part.minimumSizeHint() for part in (self._run, self._session, self._menu))
        width = max(run.width() + GRID_PX + menu.width(), session.width())
        return QSize(width, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange(narrow=event.size().width() < TWO_ROWS_BELOW_PX)

    def _arrange(self, *, narrow: bool) -> None:
        if narrow == self._narrow:
            return
        self._narrow = narrow
        for widget in (self._run, self._session, self._menu):
            self._grid.removeWidget(widget)
        self._grid.addWidget(self._run, 0, 0)
        self._grid.addWidget(self._menu, 0, 2)
        # What belongs to the session stands at the right end; in its own row its first part stands at the left one.
        for place, stretch in ((0, not narrow), (3, narrow)):
            self._inside.setStretch(place, int(stretch))
        if narrow:
            self._grid.addWidget(self._session, 1, 0, 1, 3)
        else:
            self._grid.addWidget(self._session, 0, 1)
        self._grid.activate()  # whoever holds it learns at once that it needs another height


def _row(widgets: Sequence[QWidget]) -> QWidget:
    box = QWidget()
    row = QHBoxLayout(box)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(GRID_PX)
    for widget in widgets:
        row.addWidget(widget)
    return box
