"""What a window is working on, how far it is, and the button that gives it up."""

from __future__ import annotations

import time
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QSizePolicy, QWidget

from desktop_affect.ui.jobs import Job, Jobs
from desktop_affect.ui.theme import GRID_PX

# What is over sooner would only flash.
_AFTER_S = 0.25
_STEPS = 1000


class ProgressStrip(QWidget):
    """Shows the oldest job of these queues; the owner's timer calls `look`."""

    def __init__(self, *queues: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._queues = queues
        self._job: Job[Any] | None = None
        self._since_s = 0.0
        self.words, self.bar, self.cancel = QLabel(), QProgressBar(), QPushButton("Cancel")
        self.words.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(8)
        self.bar.setAccessibleName("Progress")
        self.cancel.clicked.connect(self._give_up)
        row = QHBoxLayout(self)
        row.setContentsMargins(GRID_PX, 0, 0, 0)
        row.setSpacing(GRID_PX * 2)
        row.addWidget(self.words)
        row.addWidget(self.bar, 1)
        row.addWidget(self.cancel)
        self.hide()

    def look(self) -> None:
        job = next((found for jobs in self._queues if (found := jobs.current) is not None), None)
        if job is not self._job:
            self._job, self._since_s = job, time.monotonic()
            self.words.setText(f"{job.title} …" if job is not None else "")
        self.setVisible(job is not None and (self.isVisible() or time.monotonic() - self._since_s > _AFTER_S))
        if job is not None:
            self._show(job.share)

    def _show(self, share: float | None) -> None:
        self.bar.setRange(0, 0 if share is None else _STEPS)
        if share is not None:
            self.bar.setValue(round(share * _STEPS))

    def _give_up(self) -> None:
        if self._job is not None:
            self._job.cancel()
