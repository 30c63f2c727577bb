"""A recorded session being looked through: picture, curves, circumplex, bars and moments in step with one cursor."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QFrame,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from desktop_affect.core.types import ModelInfo, Sample
from desktop_affect.session.replay import run_start
from desktop_affect.sinks.history import Channel
from desktop_affect.ui.annotation_desk import AnnotationDesk
from desktop_affect.ui.circumplex import TRAIL_S, Circumplex
from desktop_affect.ui.dressing import Piece
from desktop_affect.ui.faces_panel import FacesPanel
from desktop_affect.ui.jobs import Jobs
from desktop_affect.ui.moments_panel import MomentsPanel
from desktop_affect.ui.newest import Reading
from desktop_affect.ui.overview import Overview
from desktop_affect.ui.panel import split
from desktop_affect.ui.picture_pane import PicturePane
from desktop_affect.ui.pictures import PictureSource
from desktop_affect.ui.playback import Playback
from desktop_affect.ui.quality_strip import QualityStrip
from desktop_affect.ui.recording import Curves, Recording
from desktop_affect.ui.recording_view import RecordingView
from desktop_affect.ui.review_open import read_curves
from desktop_affect.ui.session_film import SessionFilm
from desktop_affect.ui.theme import GRID_PX, Theme, wear
from desktop_affect.ui.transport import ROOMY_PX, SPANS_S, Transport, precise
from desktop_affect.ui.turns import Turns

_MORE_POINTS = 10**9
# Lower than this not everything fits.
_TALL_PX = 616


class Player(QWidget):
    """Whatever moves the cursor only changes `playback`; `tick` brings it to the screen, at the timer's pace."""

    failed = Signal(object)
    """An AffectError for the person."""

    def __init__(self, theme: Theme, jobs: Jobs, view: RecordingView) -> None:
        super().__init__()
        self.theme = theme
        self._jobs = jobs
        self.recording: Recording | None = None
        self.playback = Playback()
        self._model: ModelInfo | None = None
        self._shown: tuple[float, tuple[float, float]] | None = None
        self._unveil = Turns()
        self._rows: Reading[float, Sample | None] | None = None
        """Of the file: what the curves do not hold."""
        self._small: tuple[bool, bool] | None = None
        self._ticked_s = time.monotonic()
        self.picture, self.quality = PicturePane(theme), QualityStrip(theme)
        self._film = SessionFilm(self.picture)
        self.circumplex, self.moments = Circumplex(theme), MomentsPanel(theme)
        self.view, self.faces = view, FacesPanel(theme)
        self.overview, self.transport = Overview(theme), Transport(theme)
        self.desk = AnnotationDesk(self)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._lay_out()
        self._connect()
        self._add_keys()

    def _lay_out(self) -> None:
        seen = QFrame()
        seen.setObjectName("panel")
        column = QVBoxLayout(seen)
        column.setContentsMargins(0, 0, 0, GRID_PX)
        column.addWidget(self.picture, 1)
        strip = QHBoxLayout()
        strip.setContentsMargins(GRID_PX * 2, 0, GRID_PX * 2, 0)
        strip.addWidget(self.quality)
        column.addLayout(strip)
        self.plane = plane = QFrame()
        plane.setObjectName("panel")
        around = QVBoxLayout(plane)
        around.setContentsMargins(*(GRID_PX // 2,) * 4)
        around.addWidget(self.circumplex)
        left = split(Qt.Orientation.Vertical, (seen, 4), (plane, 3), (self.moments, 4))
        right = split(Qt.Orientation.Vertical, (self.view, 5), (self.faces, 1))
        body = split(Qt.Orientation.Horizontal, (left, 0), (right, 1))
        left.setSizes([256, 168, 208])
        body.setSizes([408, 840])
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(GRID_PX)
        page.addWidget(body, 1)
        page.addWidget(self.overview)
        page.addWidget(self.transport)

    def _connect(self) -> None:
        for source in (self.view.sought, self.overview.sought, self.moments.sought):
            source.connect(self.seek)
        self.view.zoomed.connect(self.playback_zoom)
        self.view.signals.chosen.connect(self._fetch_signals)
        self.moments.edit_wanted.connect(self.desk.edit)
        self.moments.remove_wanted.connect(self.desk.remove)
        transport = self.transport
        transport.play_toggled.connect(self.toggle_play)
        transport.stepped.connect(self.step)
        transport.jumped.connect(self.jump)
        transport.span_chosen.connect(lambda number: self.playback.choose_span(SPANS_S[number]))
        transport.speed_chosen.connect(self._choose_speed)
        transport.event_wanted.connect(self.desk.mark)
        transport.in_wanted.connect(self.desk.set_in)
        transport.out_wanted.connect(self.desk.set_out)

    def _add_keys(self) -> None:
        play, desk = self.playback, self.desk
        for keys, action in (
            ("Space", self._space), ("Left", lambda: self.step(-1)), ("Right", lambda: self.step(1)),
            ("Shift+Left", lambda: self.seek(play.cursor_s - 1)), ("Shift+Right", lambda: self.seek(play.cursor_s + 1)),
            ("Ctrl+Left", lambda: self.seek(play.cursor_s - 10)), ("Ctrl+Right", lambda: self.seek(play.cursor_s + 10)),
            ("Home", lambda: self.seek(play.begin_s)), ("End", lambda: self.seek(play.end_s)),
            ("P", lambda: self.jump(False)), ("N", lambda: self.jump(True)),
            ("+", lambda: play.zoom(1, play.cursor_s)), ("-", lambda: play.zoom(-1, play.cursor_s)),
            ("PgUp", lambda: play.pan(-0.5)), ("PgDown", lambda: play.pan(0.5)),
            ("M", desk.mark), ("I", desk.set_in), ("O", desk.set_out),
            ("Ctrl+Z", desk.undo), ("Ctrl+Shift+Z", desk.redo), ("Ctrl+Y", desk.redo),
        ):  # fmt: skip
            self._key(keys, action)

    def _key(self, keys: str, action: Callable[[], object]) -> None:
        shortcut = QShortcut(QKeySequence(keys), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(action)

    # What is shown.

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a small window the cursor's numbers and the picture stay; what repeats them gives way."""
        super().resizeEvent(event)
        self.transport.fit(event.size().width())
        narrow, low = event.size().width() < ROOMY_PX, event.size().height() < _TALL_PX
        if self._small == (narrow, low):  # a notice came or went: what is drawn stays as it is
            return
        self._small = narrow, low
        self.view.set_narrow(narrow)
        for part in (self.plane, self.faces):
            part.setVisible(not low)
        self._shown = None

    def theme_turns(self, theme: Theme) -> Iterable[Piece]:
        """The sheet, what is painted without one, and all that is drawn from the rows."""
        drawn = *self.view.drawing_turns(), self.overview.draw_ground
        return partial(wear, self, theme), partial(self._paint_in, theme), *drawn

    def set_theme(self, theme: Theme) -> None:
        for piece in self.theme_turns(theme):
            piece()

    def _paint_in(self, theme: Theme) -> None:
        self.theme = theme
        for part in (self.picture, self.quality, self.circumplex, self.moments, self.view, self.faces, self.overview):
            part.set_theme(theme)
        self.transport.set_theme(theme)

    def show_recording(self, recording: Recording, source: PictureSource) -> None:
        """Another session; the cursor goes to its beginning."""
        self.leave()
        self.recording = recording
        self._model = run_start(recording.session).model
        play = self.playback
        play.begin_s, play.end_s, play.playing = recording.begin_s, recording.end_s, False
        play.cursor_s = play.begin_s
        play.show(play.begin_s, play.whole_s)
        self.transport.show_span(play.span_s, play.whole_s)
        self._film.open(recording, source)
        self._rows = Reading("row", recording.sample_at)
        self.view.show_recording(recording)
        self.overview.show_recording(recording)
        self.moments.show_recording(recording)
        self.faces.set_model(self._model)
        self.desk.use(recording, self._jobs)
        self._shown = None
        self._veil()

    def _veil(self) -> None:
        """All that is drawn from the rows comes anew: each plot in a turn of its own."""
        plots = (*self.view.plots, self.overview)
        for plot in plots:
            plot.veil()
        self._unveil.begin(*(plot.unveil for plot in plots))

    @property
    def up_to_date(self) -> bool:
        """What is on the screen is what was asked for last."""
        rows = self._rows is None or self._rows.over
        parts = self._unveil.over and self.view.up_to_date and self.moments.up_to_date and rows
        return self.recording is not None and self._shown == (self.playback.cursor_s, self.playback.window) and parts

    def leave(self) -> None:
        """Stop playing and let the files go."""
        self.playback.playing = False
        self.desk.leave()
        self._film.close()
        if self._rows is not None:
            self._rows.close()
            self._rows = None

    def tick(self) -> None:
        """Called by the window's timer."""
        now_s = time.monotonic()
        passed_s, self._ticked_s = now_s - self._ticked_s, now_s
        if self.playback.playing:
            self.playback.advance(passed_s)
        first = self._shown is None
        if self._shown != (self.playback.cursor_s, self.playback.window):
            self._show_everything()
        if not first:
            self._unveil.step()
        self.transport.show_playing(self.playback.playing)
        self._take_row()
        self._film.take()

    def _show_everything(self) -> None:
        play, recording = self.playback, self.recording
        if recording is None:
            return
        if self._shown is None or self._shown[1] != play.window or self.view.shown_s != play.window:
            self.view.show_window(*play.window)
            self.transport.show_span(play.span_s, play.whole_s)
        self._shown = (play.cursor_s, play.window)
        self.view.show_cursor(play.cursor_s)
        self.overview.show_place(play.window, play.cursor_s)
        self.transport.show_time(f"{precise(play.cursor_s)} of {precise(play.end_s)}")
        self.desk.show_pending()
        self._show_trail(recording.curves, play.cursor_s)
        if self._rows is not None:
            self._rows.ask(play.cursor_s)

    def _show_trail(self, curves: Curves, cursor_s: float) -> None:
        trail = curves.part(cursor_s - TRAIL_S, cursor_s, _MORE_POINTS)
        values = trail.values[:, trail.t_s <= cursor_s + 1e-6][:, ::-2][:, ::-1]
        self.circumplex.show_trail(values[Channel.VALENCE], values[Channel.AROUSAL])

    def _take_row(self) -> None:
        """Show the row that was read; a far one takes half a frame to be read."""
        outcome = self._rows.take() if self._rows is not None else None
        if outcome is None:
            return
        if outcome.problem is not None:
            self.failed.emit(outcome.problem)
        sample = outcome.found
        self.quality.show_sample(sample)
        self.picture.show_sample(sample)
        self.faces.show_sample(sample, self._model, time.monotonic())
        self._film.ask(sample)

    def _fetch_signals(self, names: tuple[str, ...]) -> None:
        recording = self.recording
        if recording is not None:
            work = self._jobs.aside(read_curves, (recording.session.path,), names)
            self._jobs.run(
                "Reading the signals", work, lambda found: self._take_curves(recording, *found), self.failed.emit
            )

    def _take_curves(self, recording: Recording, found: Curves) -> None:
        recording.curves = found
        if recording is self.recording:
            self._shown = None
            self._show_everything()

    # What the person does.

    def seek(self, t_s: float) -> None:
        self.playback.seek(t_s)

    def playback_zoom(self, steps: int, at_s: float) -> None:
        self.playback.zoom(steps, at_s)

    def step(self, frames: int) -> None:
        if self.recording is not None:
            self.playback.playing = False
            self.seek(self.recording.time_of(self.recording.row_at(self.playback.cursor_s) + frames))

    def jump(self, forward: bool) -> None:
        moment = self.recording.next_moment(self.playback.cursor_s, forward) if self.recording else None
        if moment is not None:
            self.seek(moment.t_s)

    def toggle_play(self) -> None:
        self.playback.toggle()

    def _space(self) -> None:
        """A button that has the focus is pressed, as everywhere; else it plays."""
        focused = QApplication.focusWidget()
        if isinstance(focused, QAbstractButton) and self.isAncestorOf(focused):
            focused.click()
        else:
            self.toggle_play()

    def _choose_speed(self, speed: float) -> None:
        self.playback.speed = speed
