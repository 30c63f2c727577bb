"""Is it recording: the state that the eye must find first, told by shape and word as well as colour."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from desktop_affect.session.plan import SessionPlan
from desktop_affect.sinks.recording import RecorderState
from desktop_affect.ui.backend import RunningRecording
from desktop_affect.ui.elided import ElidedLabel
from desktop_affect.ui.theme import GRID_PX, Theme
from desktop_affect.ui.words import elapsed

if TYPE_CHECKING:  # the film's parts bring OpenCV, for which the window does not wait
    from desktop_affect.sinks.film_recorder import FilmStatus


NAME = "Desktop Affect"
_BUTTON_WORDS = ("Record …", "Stop recording")
_BADGE_PADDING_PX = 12
_USUAL_BADGE = "● REC 00:00:00 · 000 MB"


class SessionBar(QWidget):
    """Right end of the head row."""

    wants_recording = Signal()
    wants_stop = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._recording = False
        self._told: RunningRecording | None = None
        self.session, self.badge, self.button = ElidedLabel(), QLabel(), QPushButton()
        self.session.setProperty("role", "muted")
        self.badge.setAccessibleName("Recording")
        self.session.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID_PX * 2)
        for widget in (self.session, self.badge, self.button):
            row.addWidget(widget)
        self.button.clicked.connect(self._clicked)
        self.show_state(None, None, 0.0, can_record=False)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._style_badge()

    def show_state(
        self, plan: SessionPlan | None, recording: RunningRecording | None, since_s: float, *, can_record: bool
    ) -> None:
        """Called when the numbers change; `since_s` is how long it has been recording."""
        self._recording, self._told = plan is not None, recording
        self.session.setText(session_words(plan))
        self.badge.setText(badge_words(recording, since_s) if self._recording else "not recording")
        self._style_badge()
        usual_px = self._usual_px() if self._recording else 0
        self.badge.setMinimumWidth(max(usual_px, self.badge.sizeHint().width()))
        self.button.setText(_BUTTON_WORDS[self._recording])
        self.button.setMinimumWidth(self._button_px())
        self.button.setEnabled(self._recording or can_record)
        self.button.setToolTip("" if can_record or self._recording else "Start a source first")

    def _button_px(self) -> int:
        """Of the longer text: nothing moves when a recording begins or ends."""
        metrics = self.button.fontMetrics()
        beside = self.button.sizeHint().width() - metrics.horizontalAdvance(self.button.text())
        return beside + max(map(metrics.horizontalAdvance, _BUTTON_WORDS))

    def _usual_px(self) -> int:
        """Of the badge: it keeps its width while the size of the session gets another digit."""
        self.badge.ensurePolished()
        return self.badge.fontMetrics().horizontalAdvance(_USUAL_BADGE) + 2 * _BADGE_PADDING_PX

    def _style_badge(self) -> None:
        style = self._badge_style()
        if style != self.badge.styleSheet():  # it is read anew whenever it is set
            self.badge.setStyleSheet(style)

    def _badge_style(self) -> str:
        if not self._recording:
            return f"color: {self._theme.muted};"
        trouble = self._told is not None and self._told.state in (RecorderState.WAITING, RecorderState.FAILED)
        ground = self._theme.alert if trouble else self._theme.text
        shape = f"border-radius: 4px; padding: 5px {_BADGE_PADDING_PX}px; font-weight: 700;"
        return f"background: {ground}; color: {self._theme.ground}; {shape}"

    def _clicked(self) -> None:
        (self.wants_stop if self._recording else self.wants_recording).emit()


def session_words(plan: SessionPlan | None) -> str:
    """`study · participant P07 · condition B`."""
    if plan is None:
        return ""
    parts = [
        plan.study,
        f"participant {plan.participant}" if plan.participant else "",
        f"condition {plan.condition}" if plan.condition else "",
    ]
    return "   ·   ".join(part for part in parts if part)


def window_title(plan: SessionPlan | None) -> str:
    """Also in the system's list of windows one sees whose session is being recorded."""
    words = session_words(plan)
    if plan is None:
        return NAME
    return f"● REC   {words}   ·   {NAME}" if words else f"● REC   {NAME}"


def badge_words(recording: RunningRecording | None, since_s: float) -> str:
    """`● REC 00:12:41 · 3.4 MB`."""
    if recording is None:
        return "● REC"
    if recording.state is RecorderState.OPENING:
        return "… REC begins"  # not yet: a marker that is set now comes before the first row
    if recording.state is RecorderState.FAILED:
        return "✕ NOT RECORDING"
    if recording.state is RecorderState.WAITING:
        return "! REC waits for the disk"
    lost = f" · {recording.lost_rows} lost" if recording.lost_rows else ""
    size = recording.size_bytes + (recording.film.size_bytes if recording.film else 0)
    return f"● REC {elapsed(since_s)} · {size_words(size)}{film_words(recording.film)}{lost}"


def film_words(film: FilmStatus | None) -> str:
    """Whether pictures are kept stands where the eye is; so does that some are missing."""
    if film is None:
        return ""
    from desktop_affect.sinks.film_words import FilmState  # there already, where there is a film

    if film.state is FilmState.STOPPED:
        return " · film stopped"
    return f" · film lacks {film.dropped}" if film.dropped else " · film"


def size_words(size_bytes: int) -> str:
    """Decimal units, as drives are sold."""
    if size_bytes < 1e6:
        return f"{size_bytes / 1e3:.0f} kB"
    return f"{size_bytes / 1e6:.1f} MB" if size_bytes < 1e9 else f"{size_bytes / 1e9:.2f} GB"
