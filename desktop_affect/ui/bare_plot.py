"""A plot of pyqtgraph's parts without what a `PlotItem` brings along and nobody here uses: menus with sixty controls,
buttons, titles and two more axes took three quarters of the 18 ms that each plot needed to be made."""

from __future__ import annotations

from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QSizeF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap, QRegion, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QGraphicsGridLayout, QGraphicsView, QSizePolicy, QWidget

from desktop_affect.ui.paint_turns import paint_turns


class BareItem(pg.GraphicsWidget):  # type: ignore[misc]  # pyqtgraph has no types
    """The view with an axis on its left and one below. What is called as in a `PlotItem` does the same."""

    def __init__(self, bottom: pg.AxisItem) -> None:
        super().__init__()
        self.vb = pg.ViewBox(parent=self, enableMenu=False, enableMouse=False)
        self._axes = {"left": pg.AxisItem("left", parent=self), "bottom": bottom}
        self.setContentsMargins(0, 4, 0, 0)
        grid = QGraphicsGridLayout(self)
        grid.setContentsMargins(1, 1, 1, 1)
        grid.setSpacing(0)
        grid.addItem(self.vb, 0, 1)
        grid.addItem(self._axes["left"], 0, 0)
        grid.addItem(bottom, 1, 1)
        for axis in self._axes.values():
            axis.enableAutoSIPrefix(False)  # nobody needs it, and it lays out an empty label at every new range
            axis.linkToView(self.vb)
            axis.setZValue(0.5)  # the numbers over the curves

    def getAxis(self, name: str) -> pg.AxisItem:
        return self._axes[name]

    def addItem(self, item: Any, ignoreBounds: bool = False) -> None:  # noqa: N803  pyqtgraph's own name
        self.vb.addItem(item, ignoreBounds=ignoreBounds)

    def setXRange(self, low: float, high: float, padding: float) -> None:
        self.vb.setXRange(low, high, padding=padding)

    def setYRange(self, low: float, high: float, padding: float) -> None:
        self.vb.setYRange(low, high, padding=padding)

    def viewRange(self) -> list[list[float]]:
        found: list[list[float]] = self.vb.viewRange()
        return found


class BarePlot(pg.GraphicsView):  # type: ignore[misc]  # pyqtgraph has no types
    """A widget with one plot in it.

    What is on the screen is a picture of the plot that is kept. When something in the plot has changed the picture is
    painted anew, one plot in every turn of Qt's event loop (`paint_turns.py`); until then, and while the window's edge
    is dragged, the old picture is shown, stretched. So whatever asks for a painting of the window, a pointer that moves
    over a plot for one, costs the copying of a picture and not the painting of an hour of curves.
    """

    def __init__(self, bottom: pg.AxisItem, ground: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, background=ground)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.enableMouse(False)
        self._item = BareItem(bottom)
        self.setCentralItem(self._item)
        self._veiled = False
        self._awaited = False
        """It came into view and has not had its turn: empty ground until then, since plots that come together would all
        be painted in one turn."""
        self._kept: QPixmap | None = None
        self._stale = False
        self._unfitted = False
        """It has another size than what is in it."""
        self._painting = False
        self.paintings = 0
        """How often its picture was painted."""
        self.setCacheMode(QGraphicsView.CacheModeFlag.CacheNone)  # a ground of one colour
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.NoViewportUpdate)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.scene().changed.connect(self.touch)

    def touch(self, *_: object) -> None:
        """Something in the plot has changed: it is painted anew when it is its turn."""
        self._stale = True
        self._wait_in_turn()

    def _wait_in_turn(self) -> None:
        if self.isVisible() and not self._veiled:
            paint_turns().add(self)

    def refresh(self) -> None:
        """Paint what is kept anew, now; nothing where nothing has changed or nobody looks."""
        if not self._stale or self._veiled or not self.isVisible() or self.viewport().size().isEmpty():
            return
        self._fit()
        self.scene().prepareForPaint()
        # What Qt still has to tell of changes will be in the picture already.
        QCoreApplication.sendPostedEvents(self.scene(), QEvent.Type.MetaCall)
        self._keep()
        self._stale = False
        self.viewport().update()

    def _keep(self) -> None:
        self._kept = self._fitting()
        self._awaited = False
        self._painting = True
        try:
            self.viewport().render(self._kept, QPoint(), QRegion(), QWidget.RenderFlag(0))
        finally:
            self._painting = False
        self.paintings += 1
        self.painted()

    def forget(self) -> None:
        """Keep no picture: the next painting is one of the plot itself, as fine as who asks for it."""
        self._fit()
        self._kept = None

    def veil(self) -> None:
        """Painted as empty ground until `unveil`: of many plots that come at once each is painted in its own turn."""
        self._veiled, self._awaited = True, False
        self.forget()

    def unveil(self) -> None:
        self._veiled = False
        self._stale = True
        self._wait_in_turn()

    def painted(self) -> None:
        """The picture that is kept is a new one."""

    def paint_over(self, painter: QPainter) -> None:
        """What moves over the plot and is not part of its picture."""

    def showEvent(self, event: QShowEvent) -> None:
        """What has changed behind the scenes is not shown as it was."""
        super().showEvent(event)
        if self._stale:
            self.forget()
            self._awaited = not self._veiled
            self._wait_in_turn()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """While a picture is kept, what is in the plot is laid out when it is painted: until a window has its size Qt
        gives the plot up to four, and each takes a millisecond."""
        if getattr(self, "_kept", None) is None:
            super().resizeEvent(event)
        else:
            self._unfitted = True
        if hasattr(self, "_stale"):  # Qt resizes it while it is being made
            self.touch()

    def _fit(self) -> None:
        if self._unfitted:
            self._unfitted = False
            super().resizeEvent(None)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._painting:
            super().paintEvent(event)
            return
        empty = self._veiled or self._awaited
        if self._kept is None and not empty:
            super().paintEvent(event)
            self.painted()
        painter = QPainter(self.viewport())
        if empty:
            painter.fillRect(event.rect(), self.backgroundBrush())
        elif self._kept is not None:
            painter.drawPixmap(self.viewport().rect(), self._kept)
        self.paint_over(painter)

    def getPlotItem(self) -> BareItem:
        return self._item

    def _fitting(self) -> QPixmap:
        """A picture as large as the plot, the last one where it still fits."""
        ratio = self.devicePixelRatioF()
        size = (QSizeF(self.viewport().size()) * ratio).toSize()
        if self._kept is not None and self._kept.size() == size and self._kept.devicePixelRatio() == ratio:
            return self._kept
        made = QPixmap(size)
        made.setDevicePixelRatio(ratio)
        made.fill(self.backgroundBrush().color())  # opaque: copied, not blended
        return made
