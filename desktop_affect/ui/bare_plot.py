"""A plot of pyqtgraph's parts without what a `PlotItem` brings along and nobody here uses: menus with sixty controls,
buttons, titles and two more axes took three quarters of the 18 ms that each plot needed to be made."""

from __future__ import annotations

from typing import Any

import pyqtgraph as pg
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGraphicsGridLayout, QSizePolicy, QWidget


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
    """A widget with one plot in it."""

    def __init__(self, bottom: pg.AxisItem, ground: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, background=ground)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.enableMouse(False)
        self._item = BareItem(bottom)
        self.setCentralItem(self._item)
        self._veiled = False

    def veil(self) -> None:
        """Painted as empty ground until `unveil`: of many plots that come at once each is painted in its own turn."""
        self._veiled = True

    def unveil(self) -> None:
        self._veiled = False
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._veiled:
            QPainter(self.viewport()).fillRect(event.rect(), self.backgroundBrush())
        else:
            super().paintEvent(event)

    def getPlotItem(self) -> BareItem:
        return self._item
