"""Calibrate: a few quiet seconds that make the participant's own neutral face the zero of the scales."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from desktop_affect.signals.calibration import CalibrationState, CalibrationStatus
from desktop_affect.ui.elided import ElidedLabel
from desktop_affect.ui.theme import GRID_PX

_GOING_ON = (CalibrationState.GATHERING, CalibrationState.PAUSED)
_HELP = (
    "Measures the participant's neutral face for a few seconds and makes it the zero of all scales. "
    "Ask the participant to look at the camera, relaxed."
)


class CalibrationBar(QWidget):
    """The button, and what became of it in words."""

    wants_calibration = Signal()
    wants_cancel = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._going_on = False
        self.words, self.button = ElidedLabel(), QPushButton()
        self.words.setProperty("role", "muted")
        self.button.setToolTip(_HELP)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID_PX)
        row.addWidget(self.words)
        row.addWidget(self.button)
        self.button.clicked.connect(self._clicked)
        self.show_status(None, has_baseline=False, can_calibrate=False)

    def show_status(
        self, status: CalibrationStatus | None, *, has_baseline: bool, can_calibrate: bool, problem: str = ""
    ) -> None:
        """`problem`: why the baseline is not used, in words."""
        self._going_on = status is not None and status.state in _GOING_ON
        words = calibration_words(status, has_baseline, problem)
        self.words.setText(words)
        self.words.setVisible(bool(words))
        self.button.setToolTip(f"{problem} {_HELP}".strip())
        self.button.setText("Cancel" if self._going_on else "Calibrate")
        self.button.setEnabled(can_calibrate)

    def _clicked(self) -> None:
        (self.wants_cancel if self._going_on else self.wants_calibration).emit()


def calibration_words(status: CalibrationStatus | None, has_baseline: bool, problem: str = "") -> str:
    """How far it is, why it waits, or whether there is a baseline."""
    if status is not None and status.state is CalibrationState.GATHERING:
        return f"Calibrating {status.progress:.0%}"
    if status is not None and status.state is CalibrationState.PAUSED:
        return f"Waiting at {status.progress:.0%}: {status.words}"
    if status is not None and status.state is CalibrationState.REFUSED:
        return f"Not calibrated: {status.words}"
    if problem:
        return "! not calibrated for this model"
    return "✓ calibrated" if has_baseline else ""
