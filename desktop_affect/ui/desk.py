"""The desk: the curves in the middle and docks around them that can be moved, floated and put away.

Until somebody moves a dock the desk arranges itself at every size; from then on it keeps what the person made of it.
In a small window the lesser docks fold away and come back when there is room.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from enum import Enum

from PySide6.QtCore import QByteArray, QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QMouseEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QDockWidget, QMainWindow, QMenu, QWidget

from desktop_affect.ui.panel import Panel
from desktop_affect.ui.theme import GRID_PX

# Raised when docks come or go, so that an older layout is not forced on them.
_VERSION = 1
# Below these the panels do not fit: 350 px of curves above 190 of bars, 490 of picture beside 480 of curves.
LOW_PX, NARROW_PX = 548, 982
# What the curves alone, or with the bars, can be read on.
_LEAST = QSize(500, 240)
_LEFT_SHARE = 5 / 13
_HEAD_PX = 32


class Place(Enum):
    """The docks, by the names under which their places are kept."""

    PICTURE = "picture"
    CIRCUMPLEX = "circumplex"
    FACES = "faces"


def folded(width_px: int, height_px: int) -> frozenset[Place]:
    """What is put away on a desk of this size: first what repeats the curves in another form, then the bars."""
    away = set()
    if height_px < LOW_PX:
        away |= {Place.FACES, Place.CIRCUMPLEX}
    if width_px < NARROW_PX:
        away |= {Place.CIRCUMPLEX, Place.PICTURE}
    return frozenset(away)


class Dock(QDockWidget):
    """A panel whose title row is the handle. Double-click floats it and brings it back."""

    def __init__(self, place: Place, panel: Panel) -> None:
        super().__init__(panel.title.text())
        self.place = place
        self.setObjectName(place.value)
        panel.header.setObjectName("dockHead")
        panel.header.setMinimumHeight(_HEAD_PX)
        panel.header.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = panel.header.layout()
        if row is not None:
            row.setContentsMargins(GRID_PX * 2, GRID_PX // 2, GRID_PX * 2, GRID_PX // 2)
        panel.setProperty("docked", True)
        margins = panel.content.contentsMargins()
        panel.content.setContentsMargins(margins.left(), 0, margins.right(), margins.bottom())
        self.setTitleBarWidget(panel.header)
        self.setWidget(panel)


class Desk(QMainWindow):
    """Inside the window; `wanted` is what the person wants to see, whether or not there is room for it."""

    rearranged = Signal()
    """Docks came or went."""

    def __init__(self, middle: QWidget, panels: Mapping[Place, Panel]) -> None:
        super().__init__()
        self.setWindowFlags(Qt.WindowType.Widget)
        self.arranged_by_person = False
        self.wanted = set(Place)
        self._folded: frozenset[Place] = frozenset()
        # Docks that have just been shown can be sized only after their layout has run.
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self.settle)
        self.setCentralWidget(middle)
        self.setDockOptions(QMainWindow.DockOption.AllowNestedDocks | QMainWindow.DockOption.AnimatedDocks)
        self.setCorner(Qt.Corner.BottomLeftCorner, Qt.DockWidgetArea.LeftDockWidgetArea)
        self.setCorner(Qt.Corner.TopLeftCorner, Qt.DockWidgetArea.LeftDockWidgetArea)
        self.docks = {place: Dock(place, panel) for place, panel in panels.items()}
        self._put_in_place()
        self.switches = self._make_switches()
        """One for every dock, for the menu; ticked where the dock is wanted."""
        for dock in self.docks.values():
            dock.topLevelChanged.connect(self._moved)

    def _make_switches(self) -> dict[Place, QAction]:
        made = {}
        for place, dock in self.docks.items():
            action = made[place] = QAction(dock.windowTitle(), self)
            action.setCheckable(True)
            action.setChecked(True)
            action.triggered.connect(lambda on, p=place: self.want(p, on))
        return made

    def createPopupMenu(self) -> QMenu:
        """At a right click on a dock's title: Qt's own would put docks away behind our back."""
        menu = QMenu(self)
        menu.addActions(list(self.switches.values()))
        menu.addAction("Reset layout", self.reset)
        return menu

    def want(self, place: Place, on: bool) -> None:
        """Show or put away; somebody who asks for a dock gets it, room or not."""
        (self.wanted.add if on else self.wanted.discard)(place)
        self._folded -= {place}
        self._show_wanted()

    def holds(self, place: Place) -> bool:
        """It is on the desk, or floats above it."""
        return not self.docks[place].isHidden()

    def reset(self) -> None:
        """As it was on the first day."""
        self.wanted = set(Place)
        self.arranged_by_person = False
        self._put_in_place()
        self._folded = folded(self.width(), self.height())
        self._show_wanted()

    def keep(self) -> dict[str, object]:
        """What the next start needs to look the same."""
        state = base64.b64encode(self.saveState(_VERSION).data()).decode("ascii")
        return {"docks": state, "arranged": self.arranged_by_person, "wanted": sorted(p.value for p in self.wanted)}

    def take_up(self, kept: Mapping[str, object]) -> None:
        """What `keep` gave; anything else leaves the desk as it is."""
        wanted = kept.get("wanted")
        if isinstance(wanted, list):
            self.wanted = {place for place in Place if place.value in wanted}
        if kept.get("arranged") is True:
            self.arranged_by_person = self.restoreState(_decoded(kept.get("docks")), _VERSION)
        self._show_wanted()

    def minimumSizeHint(self) -> QSize:
        """Less than the docks ask for: they fold away instead."""
        return _LEAST

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        now = folded(self.width(), self.height())
        if now != self._folded:
            self._folded = now
            self._show_wanted()
            self._lay_out()
        self.settle()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._soon.start()

    def settle(self) -> None:
        """Arrange itself, unless a person did."""
        if not self.arranged_by_person:
            self.arrange()
            self._lay_out()

    def _lay_out(self) -> None:
        """At once: left to the next turn of Qt, everything would first be painted where it does not stay."""
        layout = self.layout()
        if layout is not None:
            layout.activate()

    def event(self, event: QEvent) -> bool:
        """The gaps between docks are the desk's own ground: who presses there is about to move them."""
        if event.type() is QEvent.Type.MouseButtonPress and isinstance(event, QMouseEvent):
            self.arranged_by_person |= self.childAt(event.position().toPoint()) is None
        return super().event(event)

    def arrange(self) -> None:
        """The picture in its own shape, the bars as high as their rows, the rest for the curves."""
        picture, circumplex, faces = (self.docks[place] for place in Place)
        left = max(round(self.width() * _LEFT_SHARE), picture.minimumSizeHint().width())
        height = self._height_of_picture(left)
        across, down = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
        self.resizeDocks([picture], [left], across)
        if circumplex.isVisible() and picture.isVisible():
            self.resizeDocks([picture, circumplex], [height, max(self.height() - height - GRID_PX, 1)], down)
        self.resizeDocks([faces], [faces.sizeHint().height()], down)

    def _height_of_picture(self, width_px: int) -> int:
        """With its head and foot."""
        dock = self.docks[Place.PICTURE]
        panel, head = dock.widget(), dock.titleBarWidget()
        layout = panel.layout() if panel else None
        return (head.sizeHint().height() if head else 0) + (layout.totalHeightForWidth(width_px) if layout else 0)

    def _put_in_place(self) -> None:
        left, bottom = Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.BottomDockWidgetArea
        for place, dock in self.docks.items():
            dock.setFloating(False)
            self.addDockWidget(bottom if place is Place.FACES else left, dock)

    def _show_wanted(self) -> None:
        for place, dock in self.docks.items():
            shown = place in self.wanted and place not in self._folded
            self._keep_keyboard(dock, shown)
            dock.setVisible(shown)
            self.switches[place].setChecked(place in self.wanted)
        self.rearranged.emit()
        self._soon.start()

    def _keep_keyboard(self, dock: Dock, shown: bool) -> None:
        """Qt would hand the focus of what goes on to the next button or field, where a stray key does something."""
        focused = self.window().focusWidget()
        if not shown and focused is not None and dock.isAncestorOf(focused):
            self.setFocus()

    def _moved(self, floating: bool) -> None:
        self.arranged_by_person |= floating


def _decoded(text: object) -> QByteArray:
    try:
        return QByteArray(base64.b64decode(str(text), validate=True))
    except ValueError:  # binascii.Error is one
        return QByteArray()
