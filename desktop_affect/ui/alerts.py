"""Alerts: a banner while one lasts, with its reasons, to be acknowledged; and a table of all of the run."""

from __future__ import annotations

import math

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QSizePolicy,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from desktop_affect.core.types import Alert, AlertPhase
from desktop_affect.ui.theme import GRID_PX, SMALL_PT
from desktop_affect.ui.words import clock_label

_COLUMNS = ("Time", "Alert", "Peak", "Lasted", "Seen", "Reasons")


# An alert every half minute of a working day; the oldest go, the session keeps them all.
_MOST = 1000


class AlertLog:
    """The newest thousand alerts of a run, each with its newest phase."""

    def __init__(self) -> None:
        self._alerts: dict[int, Alert] = {}
        self._acknowledged: set[int] = set()
        self.count = 0
        """Of all, those that went included."""

    def add(self, alert: Alert) -> None:
        self.count += alert.number not in self._alerts
        self._alerts[alert.number] = alert
        if len(self._alerts) > _MOST:
            oldest = min(self._alerts)
            del self._alerts[oldest]
            self._acknowledged.discard(oldest)

    def acknowledge(self) -> None:
        self._acknowledged.update(self._alerts)

    def seen(self, alert: Alert) -> bool:
        """Somebody acknowledged it."""
        return alert.number in self._acknowledged

    @property
    def all(self) -> tuple[Alert, ...]:
        """Newest first."""
        return tuple(sorted(self._alerts.values(), key=lambda alert: -alert.number))

    @property
    def open(self) -> Alert | None:
        """The newest that lasts and that nobody has acknowledged."""
        lasting = (a for a in self.all if a.phase is AlertPhase.BEGAN and a.number not in self._acknowledged)
        return next(lasting, None)


class AlertBanner(QFrame):
    """Shown while an alert lasts and nobody has acknowledged it."""

    acknowledged = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("notice")
        self.setProperty("severity", "error")
        self.text, self.reasons = QLabel(), QLabel()
        self.text.setStyleSheet(f"font-size: {SMALL_PT}pt; font-weight: 600;")
        self.reasons.setStyleSheet(f"font-size: {SMALL_PT}pt;")
        self.reasons.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.button = QPushButton("Acknowledge")
        self.button.clicked.connect(self.acknowledged)
        row = QHBoxLayout(self)
        row.setContentsMargins(GRID_PX, 0, 0, 0)
        row.setSpacing(GRID_PX * 2)
        lines = QVBoxLayout()
        lines.setSpacing(0)
        lines.addWidget(self.text)
        lines.addWidget(self.reasons)
        row.addLayout(lines, 1)
        row.addWidget(self.button)
        self.hide()

    def show_alert(self, alert: Alert | None, begin_s: float, now_s: float) -> None:
        """Called with the numbers, so that the duration grows while one looks."""
        self.setVisible(alert is not None)
        if alert is None:
            return
        since = f" since {clock_label(alert.begin_s - begin_s)}" if math.isfinite(begin_s) else ""
        self.text.setText(f"! {title(alert)}{since}, for {max(now_s - alert.begin_s, 0.0):.0f} s")
        reasons = ", ".join(alert.reasons)
        width = max(self.reasons.width(), 80)
        elided = self.reasons.fontMetrics().elidedText(reasons, Qt.TextElideMode.ElideRight, width)
        self.reasons.setText(elided)
        self.setToolTip(reasons)


class AlertTable(QDialog):
    """All alerts of the run; `look` brings it up to date."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Alerts")
        self.resize(760, 360)
        self._shown: tuple[tuple[str, ...], ...] = ()
        self.nothing = QLabel("No alert so far.")
        self.table = QTableWidget(0, len(_COLUMNS))
        self.table.setAccessibleName("Alerts of this run, newest first")
        self.table.setHorizontalHeaderLabels(_COLUMNS)
        self.table.verticalHeader().hide()
        self.table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.table.setShowGrid(False)
        self.table.setAlternatingRowColors(True)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setTabKeyNavigation(False)  # Tab leaves the table, as everywhere
        self.table.horizontalHeader().setSectionResizeMode(_COLUMNS.index("Reasons"), QHeaderView.ResizeMode.Stretch)
        column_layout = QVBoxLayout(self)
        column_layout.addWidget(self.table)
        column_layout.addWidget(self.nothing)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.table.resizeRowsToContents()  # reasons go on in a second line

    def look(self, log: AlertLog, begin_s: float) -> None:
        """Called with the numbers; touches the table only where something changed."""
        rows = tuple(cells(alert, begin_s, seen=log.seen(alert)) for alert in log.all)
        self.nothing.setVisible(not rows)
        if rows == self._shown:
            return
        self.table.setRowCount(len(rows))
        for row, texts in enumerate(rows):
            for column, text in enumerate(texts):
                self.table.setItem(row, column, QTableWidgetItem(text))
        if not self._shown:
            self.table.resizeColumnsToContents()
        self.table.resizeRowsToContents()
        self._shown = rows


def title(alert: Alert) -> str:
    """The rule in words, and that it is experimental where it is."""
    name = alert.rule.replace("_", " ")
    return f"{name[:1].upper()}{name[1:]}{' (experimental)' if alert.experimental else ''}"


def cells(alert: Alert, begin_s: float, *, seen: bool) -> tuple[str, ...]:
    lasted = alert.end_s - alert.begin_s
    return (
        clock_label(alert.begin_s - begin_s) if math.isfinite(begin_s) else "",
        title(alert),
        f"{alert.peak:.2f}",
        f"{lasted:.1f} s" if math.isfinite(lasted) else "lasting",
        "✓" if seen else "–",
        ", ".join(alert.reasons),
    )
