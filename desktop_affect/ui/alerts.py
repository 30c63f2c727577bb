"""Alerts: a banner while one lasts, with its reasons, to be acknowledged; and a table of all of the run."""

from __future__ import annotations

import math

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialogButtonBox,
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
from desktop_affect.ui.button_box import ButtonBox
from desktop_affect.ui.dressing import ThemedDialog
from desktop_affect.ui.elided import ElidedLabel
from desktop_affect.ui.theme import BODY_PT, GRID_PX, LARGE_PT, SMALL_PT, Theme
from desktop_affect.ui.words import clock_label

_COLUMNS = ("Time", "Alert", "Peak", "Lasted", "Seen", "Reasons")


# An alert every half minute of a working day; the oldest go, the session keeps them all.
_MOST = 1000
# Rules of one's own can be long; markers need the row, too.
_BUTTON_LETTERS = 24
# A longer rule of one's own would leave no room for its reasons in large type.
_HEADLINE_LETTERS = 16
_REASONS_PX = 144


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
    """Shown while an alert lasts and nobody has acknowledged it; what and how long can be read from two metres."""

    acknowledged = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("notice")
        self.setProperty("severity", "error")
        self.text, self.since, self.reasons = ElidedLabel(), ElidedLabel(), ElidedLabel()
        self._size_pt = 0
        for label in (self.since, self.reasons):
            label.setStyleSheet(f"font-size: {SMALL_PT}pt;")
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            label.setMinimumWidth(_REASONS_PX)
        self.button = QPushButton("Acknowledge")
        self.button.clicked.connect(self.acknowledged)
        row = QHBoxLayout(self)
        row.setContentsMargins(GRID_PX, 0, 0, 0)
        row.setSpacing(GRID_PX * 2)
        lines = QVBoxLayout()
        lines.setSpacing(0)
        lines.addWidget(self.since)
        lines.addWidget(self.reasons)
        row.addWidget(self.text)
        row.addLayout(lines, 1)
        row.addWidget(self.button)
        self.hide()

    def show_alert(self, alert: Alert | None, begin_s: float, now_s: float) -> None:
        """Called with the numbers, so that the duration grows while one looks."""
        self.setVisible(alert is not None)
        if alert is None:
            return
        since = f"since {clock_label(alert.begin_s - begin_s)}" if math.isfinite(begin_s) else "now"
        name = rule_words(alert)
        self.text.setText(f"! {name[:1].upper()}{name[1:]}  {max(now_s - alert.begin_s, 0.0):.0f} s")
        self._size_type(LARGE_PT if len(name) <= _HEADLINE_LETTERS else BODY_PT)
        self.since.setText(f"{since}, experimental" if alert.experimental else since)
        reasons = ", ".join(alert.reasons)
        self.reasons.setText(reasons)
        self.setToolTip(reasons)
        self.setAccessibleName(f"Alert: {title(alert)}, {since}, {reasons}")

    def _size_type(self, size_pt: int) -> None:
        if size_pt != self._size_pt:
            self._size_pt = size_pt
            self.text.setStyleSheet(f"font-size: {size_pt}pt; font-weight: 600;")


class AlertTable(ThemedDialog):
    """All alerts of the run; `look` brings it up to date."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.setWindowTitle("Alerts")
        self.resize(880, 400)
        self._shown: tuple[tuple[str, ...], ...] = ()
        # Reasons go on in a second line; how wide theirs are is known when the columns have been laid out.
        self._fit_soon = QTimer(self)
        self._fit_soon.setSingleShot(True)
        self.nothing = QLabel("No alert so far.")
        self.table = QTableWidget(0, len(_COLUMNS))
        self._fit_soon.timeout.connect(self._fit_rows)
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
        self.nothing.setProperty("role", "muted")
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column_layout = QVBoxLayout(self)
        column_layout.setContentsMargins(*(GRID_PX * 2,) * 4)
        column_layout.setSpacing(GRID_PX)
        column_layout.addWidget(self.table, 1)
        column_layout.addWidget(self.nothing, 1)
        buttons = ButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column_layout.addWidget(buttons)
        self.dress()  # now: columns are measured before it is shown

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_soon.start()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit_soon.start()

    def _fit_rows(self) -> None:
        """Qt's own way forgets the padding of the style sheet and cuts the last line."""
        reasons = _COLUMNS.index("Reasons")
        width = self.table.columnWidth(reasons) - 3 * GRID_PX
        for row in range(self.table.rowCount()):
            item = self.table.item(row, reasons)
            text = item.text() if item is not None else ""
            lines = self.table.fontMetrics().boundingRect(0, 0, width, 0, Qt.TextFlag.TextWordWrap, text)
            self.table.setRowHeight(row, lines.height() + 2 * GRID_PX)

    def look(self, log: AlertLog, begin_s: float) -> None:
        """Called with the numbers; touches the table only where something changed."""
        rows = tuple(cells(alert, begin_s, seen=log.seen(alert)) for alert in log.all)
        self.nothing.setVisible(not rows)
        self.table.setVisible(bool(rows))
        if rows == self._shown:
            return
        self.table.setRowCount(len(rows))
        for row, texts in enumerate(rows):
            for column, text in enumerate(texts):
                self.table.setItem(row, column, QTableWidgetItem(text))
        if not self._shown:
            self.table.resizeColumnsToContents()
        self._shown = rows
        self._fit_soon.start()


def alerts_words(log: AlertLog, begin_s: float, *, short: bool = False) -> str:
    """For the button: how many, and, unless it is to be short, the newest."""
    if not log.count:
        return "No alerts"
    count = f"{log.count} alert{'s' if log.count != 1 else ''}"
    if short:
        return count
    newest = log.all[0]
    at = f"{clock_label(newest.begin_s - begin_s)}  " if math.isfinite(begin_s) else ""
    name = rule_words(newest)
    shown = name if len(name) <= _BUTTON_LETTERS else f"{name[: _BUTTON_LETTERS - 1].rstrip()}…"
    return f"{count}: {at}{shown}"


def rule_words(alert: Alert) -> str:
    return alert.rule.replace("_", " ")


def title(alert: Alert) -> str:
    """The rule in words, and that it is experimental where it is."""
    name = rule_words(alert)
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
