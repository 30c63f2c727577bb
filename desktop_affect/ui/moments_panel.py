"""Everything one can jump to in a session, as a list: markers, alerts and annotations, filtered by kind and words."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QKeyEvent, QPainter, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QTableWidget,
    QTableWidgetItem,
    QToolButton,
)

from desktop_affect.session.annotations import Annotation
from desktop_affect.ui import annotation_style
from desktop_affect.ui.paint_turns import Errand
from desktop_affect.ui.panel import Chips, Panel
from desktop_affect.ui.recording import Recording
from desktop_affect.ui.theme import GRID_PX, Theme
from desktop_affect.ui.words import clock_label

_HEADS = ("At", "Length", "What")
_KINDS = ("All", "Markers", "Alerts", "Annotations")
_ROLE = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the list."""

    t_s: float
    length: str
    text: str
    tip: str
    kind: str
    annotation: Annotation | None = None


def lines_of(recording: Recording) -> list[Line]:
    """In order of time."""
    found = [Line(m.t_s, "", m.text, m.kind, "Markers") for m in recording.session.markers]
    for alert in recording.session.alerts:
        lasted_s = alert.end_s - alert.begin_s
        length = f"{lasted_s:.1f} s" if lasted_s == lasted_s else "to the end"  # NaN is not itself
        tip = "\n".join((*alert.reasons, *(("experimental",) if alert.experimental else ())))
        found.append(Line(alert.begin_s, length, alert.rule.replace("_", " "), tip, "Alerts"))
    for note in recording.annotations:
        length = f"{note.end_s - note.begin_s:.1f} s" if note.is_range else ""
        tip = f"{note.label}\n{note.author} · {note.wall_utc[:16].replace('T', ' ')} UTC".strip()
        found.append(Line(note.begin_s, length, note.label or "(no text)", tip, "Annotations", note))
    return sorted(found, key=lambda line: line.t_s)


class MomentsPanel(Panel):
    """Double click or Enter jumps; F2 edits an annotation, Delete takes it away."""

    sought = Signal(float)
    edit_wanted = Signal(object)
    remove_wanted = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__("Moments")
        self._theme = theme
        self._lines: list[Line] = []
        self._listed: list[Line] = []
        """What stands in the table, row by row."""
        self._listing = Errand(self, self._fill)
        self.kinds = Chips(_KINDS, "Show")
        self.filter = QLineEdit()
        self.filter.setPlaceholderText("Filter")
        self.filter.setClearButtonEnabled(True)
        self.filter.setAccessibleName("Filter the moments")
        self.table = _Table()
        self.edit_button, self.remove_button = QToolButton(), QToolButton()
        self.edit_button.setText("Edit")
        self.remove_button.setText("Delete")
        self._lay_out()
        self.kinds.chosen.connect(self._fill)
        self.kinds.choose(0)
        self.filter.textChanged.connect(self._fill)
        self.table.cellActivated.connect(self._jump)
        self.table.cellDoubleClicked.connect(self._jump)
        self.table.currentCellChanged.connect(self._offer)
        self.table.edit_pressed.connect(self._edit)
        self.table.remove_pressed.connect(self._remove)
        self.edit_button.clicked.connect(self._edit)
        self.remove_button.clicked.connect(self._remove)
        self._offer()

    def _lay_out(self) -> None:
        self.tools.addStretch(1)
        self.tools.addWidget(self.kinds)
        below = QHBoxLayout()
        below.setSpacing(GRID_PX)
        below.addWidget(self.filter, 1)
        for button in (self.edit_button, self.remove_button):
            button.setToolTip("Of the annotation that is selected")
            below.addWidget(button)
        self.add(self.table, 1)
        self.content.addLayout(below)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._fill()

    def show_recording(self, recording: Recording) -> None:
        """In the next turns: a long list takes a third of a frame."""
        self._lines = lines_of(recording)
        self._listing.want()

    @property
    def up_to_date(self) -> bool:
        """All that is known is listed."""
        return not self._listing.waits

    @property
    def shown(self) -> list[Line]:
        """Those that pass the filter."""
        kind, words = _KINDS[max(self.kinds.chosen_number, 0)], self.filter.text().casefold().split()
        return [
            line for line in self._lines
            if kind in ("All", line.kind) and all(word in line.text.casefold() for word in words)
        ]  # fmt: skip

    def _fill(self) -> None:
        chosen = self._chosen()
        shown = self._listed = self.shown
        icons: dict[tuple[str, int], QIcon] = {}
        self.table.setRowCount(len(shown))
        for row, line in enumerate(shown):
            for column, text in enumerate((clock_label(line.t_s), line.length, line.text)):
                item = QTableWidgetItem(text)
                item.setToolTip(line.tip)
                if column == 2:
                    look = line.kind, line.annotation.style if line.annotation is not None else 0
                    if look not in icons:
                        icons[look] = kind_icon(line, self._theme)
                    item.setIcon(icons[look])
                self.table.setItem(row, column, item)
        same = [row for row, line in enumerate(shown) if _is_same(line, chosen)]
        self.table.setCurrentCell(same[0] if same else -1, 0)
        self._offer()

    def _chosen(self) -> Line | None:
        row = self.table.currentRow()
        return self._listed[row] if 0 <= row < len(self._listed) else None

    def _offer(self, *_: int) -> None:
        chosen = self._chosen()
        for button in (self.edit_button, self.remove_button):
            button.setEnabled(chosen is not None and chosen.annotation is not None)

    def _jump(self, row: int, column: int) -> None:
        if 0 <= row < len(self._listed):
            self.sought.emit(self._listed[row].t_s)

    def _edit(self) -> None:
        chosen = self._chosen()
        if chosen is not None and chosen.annotation is not None:
            self.edit_wanted.emit(chosen.annotation)

    def _remove(self) -> None:
        chosen = self._chosen()
        if chosen is not None and chosen.annotation is not None:
            self.remove_wanted.emit(chosen.annotation)


class _Table(QTableWidget):
    edit_pressed = Signal()
    remove_pressed = Signal()

    def __init__(self) -> None:
        super().__init__(0, len(_HEADS))
        self.setHorizontalHeaderLabels(_HEADS)
        self.setAccessibleName("Markers, alerts and annotations")
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(26)
        self.setShowGrid(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        head = self.horizontalHeader()
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        head.setHighlightSections(False)
        head.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        self.setColumnWidth(0, 64)
        self.setColumnWidth(1, 64)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_F2:
            self.edit_pressed.emit()
        elif event.key() == Qt.Key.Key_Delete:
            self.remove_pressed.emit()
        else:
            super().keyPressEvent(event)


def _is_same(line: Line, chosen: Line | None) -> bool:
    if chosen is None:
        return False
    if line.annotation is not None and chosen.annotation is not None:
        return line.annotation.id == chosen.annotation.id
    return (line.t_s, line.text, line.kind) == (chosen.t_s, chosen.text, chosen.kind)


def kind_icon(line: Line, theme: Theme) -> QIcon:
    """A dashed line for a marker, a triangle for an alert, its own look for an annotation."""
    if line.annotation is not None:
        return annotation_style.icon(line.annotation.style, theme)
    picture = QPixmap(32, 32)
    picture.setDevicePixelRatio(2.0)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if line.kind == "Alerts":
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.alert))
        painter.drawPolygon(QPolygonF([QPointF(3, 4), QPointF(13, 4), QPointF(8, 13)]))
    else:
        painter.setPen(QPen(QColor(theme.muted), 1.5, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(8, 1), QPointF(8, 15))
    painter.end()
    return QIcon(picture)
