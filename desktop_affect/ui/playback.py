"""Where one is in a recorded session and what is in view: plain state that the player's widgets show. No Qt."""

from __future__ import annotations

from dataclasses import dataclass

LEAST_SPAN_S = 1.0
_ZOOM = 1.5
# While it plays, the view turns its page before the cursor reaches the edge.
_TURN_AT, _TURN_TO = 0.92, 0.08


@dataclass(slots=True)
class Playback:
    """Times on the clock of the session; everything stays inside of it."""

    begin_s: float = 0.0
    end_s: float = 0.0
    cursor_s: float = 0.0
    window: tuple[float, float] = (0.0, 60.0)
    speed: float = 1.0
    playing: bool = False

    @property
    def span_s(self) -> float:
        return self.window[1] - self.window[0]

    @property
    def whole_s(self) -> float:
        return max(self.end_s - self.begin_s, LEAST_SPAN_S)

    def seek(self, t_s: float) -> None:
        """Put the cursor there; the view follows where it must."""
        self.cursor_s = min(max(t_s, self.begin_s), self.end_s)
        if not self.window[0] <= self.cursor_s <= self.window[1]:
            self.show(self.cursor_s - self.span_s / 2, self.span_s)

    def advance(self, by_s: float) -> None:
        """Some time has passed while it plays; stops at the end."""
        self.cursor_s = min(self.cursor_s + by_s * self.speed, self.end_s)
        if self.cursor_s >= self.end_s:
            self.playing = False
        begin_s, _ = self.window
        if self.cursor_s > begin_s + self.span_s * _TURN_AT and self.window[1] < self.end_s:
            self.show(self.cursor_s - self.span_s * _TURN_TO, self.span_s)

    def toggle(self) -> None:
        """From the end it begins anew."""
        if not self.playing and self.cursor_s >= self.end_s:
            self.seek(self.begin_s)
        self.playing = not self.playing

    def show(self, begin_s: float, span_s: float) -> None:
        """Bring this stretch into view, moved and shortened to what there is."""
        span_s = min(max(span_s, LEAST_SPAN_S), self.whole_s)
        begin_s = min(max(begin_s, self.begin_s), max(self.end_s - span_s, self.begin_s))
        self.window = (begin_s, begin_s + span_s)

    def choose_span(self, span_s: float | None) -> None:
        """So much in view, round the cursor; None for all."""
        span_s = self.whole_s if span_s is None else span_s
        self.show(self.cursor_s - span_s / 2, span_s)

    def zoom(self, steps: int, at_s: float) -> None:
        """Closer (positive) or wider; the time under the pointer stays where it is."""
        span_s = min(max(self.span_s / _ZOOM**steps, LEAST_SPAN_S), self.whole_s)
        share = (at_s - self.window[0]) / self.span_s
        self.show(at_s - share * span_s, span_s)

    def pan(self, share: float) -> None:
        """Move the view by a share of its own length."""
        self.show(self.window[0] + share * self.span_s, self.span_s)
