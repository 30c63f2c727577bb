"""What the eyes and the head do over the last seconds: blinks, looks away, shakes and nods.

Everything is counted in time, never in frames; while nothing is seen, nothing is counted and no time passes, for the
eyes, their direction and the head each by itself.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass

from desktop_affect.core.settings import Settings
from desktop_affect.core.types import NAN, Face, HeadPose

_LONGEST_STEP_S = 0.5
"""A longer gap between two looks is not watched time."""
_LEAST_WATCHED_S = 5.0
"""A rate over less says nothing: one blink in half a second would be 120 a minute."""


@dataclass(frozen=True, slots=True)
class BehaviourLimits:
    """What the settings say."""

    window_s: float = 30.0
    gaze_away_deg: float = 15.0
    swing_deg: float = 3.0
    confidence: float = 0.5
    """Of the tracker; under it the eyes and the pose of a face are guesses."""


class Watched:
    """How long somebody was watched in the last seconds, and how much of it counted."""

    def __init__(self, window_s: float) -> None:
        self._window_s = window_s
        self._steps: deque[tuple[float, float, float]] = deque()
        self._watched_s = self._counted_s = 0.0

    def step(self, t_s: float, dt_s: float, counts: bool) -> None:
        counted_s = dt_s if counts else 0.0
        self._steps.append((t_s, dt_s, counted_s))
        self._watched_s += dt_s
        self._counted_s += counted_s
        while self._steps[0][0] <= t_s - self._window_s:
            _, old_s, old_counted_s = self._steps.popleft()
            self._watched_s -= old_s
            self._counted_s -= old_counted_s

    @property
    def watched_s(self) -> float:
        return self._watched_s

    def share(self) -> float:
        """NaN until there is enough to say."""
        if self._watched_s < min(_LEAST_WATCHED_S, self._window_s / 2):
            return NAN
        return min(max(self._counted_s / self._watched_s, 0.0), 1.0)


class Events:
    """The times of what happened."""

    def __init__(self, keep_s: float) -> None:
        self._keep_s = keep_s
        self._times: deque[float] = deque()

    def add(self, t_s: float) -> None:
        self._times.append(t_s)

    def forget(self, t_s: float) -> None:
        while self._times and self._times[0] <= t_s - self._keep_s:
            self._times.popleft()

    def count(self, since_s: float) -> int:
        """How many at or after `since_s`."""
        return sum(time >= since_s for time in self._times)

    @property
    def latest_s(self) -> float:
        """NaN when there is none."""
        return self._times[-1] if self._times else NAN

    def __len__(self) -> int:
        return len(self._times)

    def per_minute(self, watched_s: float) -> float:
        return 60.0 * len(self._times) / watched_s if watched_s >= _LEAST_WATCHED_S else NAN


class Blinks:
    """Counts a blink when the lids open again within half a second: longer is eyes closed, not a blink."""

    LONGEST_S = 0.5

    def __init__(self) -> None:
        self._closed_at_s = NAN

    def see(self, t_s: float, closed: bool) -> bool:
        """Whether a blink has just ended."""
        if closed:
            if math.isnan(self._closed_at_s):
                self._closed_at_s = t_s
            return False
        was_closed_s = t_s - self._closed_at_s
        self._closed_at_s = NAN
        return was_closed_s <= self.LONGEST_S


class GazeAway:
    """Away when the eyes point more than a limit from where they usually rest; back at four fifths of it.

    Where they rest is the baseline's, or learnt: quickly in the first two seconds, then as the mean of half a minute in
    which a look away weighs no more than one at the limit.
    """

    _BACK = 0.8
    _HOLD_S = 0.15
    """A look away lasts at least this long; saccades across the screen and landmark noise are shorter."""
    _FORGET_S = 30.0
    _FIRST_S = 2.0

    def __init__(self, limit_deg: float) -> None:
        self._limit_deg = limit_deg
        self._rest: tuple[float, float] | None = None
        self._fixed = False
        self._learnt_s = 0.0
        self._off_since_s = NAN
        self.away = False
        self.off_deg = NAN

    def rest_at(self, yaw_deg: float, pitch_deg: float) -> None:
        """The baseline's direction; NaN goes back to learning."""
        self._fixed = math.isfinite(yaw_deg) and math.isfinite(pitch_deg)
        self._rest = (yaw_deg, pitch_deg) if self._fixed else None
        self._learnt_s = 0.0

    def see(self, t_s: float, dt_s: float, yaw_deg: float, pitch_deg: float) -> bool:
        """Whether a look away has just begun."""
        if not (math.isfinite(yaw_deg) and math.isfinite(pitch_deg)):
            return False
        if self._rest is None:
            self._rest = (yaw_deg, pitch_deg)
        self.off_deg = math.hypot(yaw_deg - self._rest[0], pitch_deg - self._rest[1])
        off = self.off_deg > self._limit_deg * (self._BACK if self.away else 1.0)
        self._learn(dt_s, yaw_deg - self._rest[0], pitch_deg - self._rest[1])
        if not off:
            self._off_since_s, self.away = NAN, False
            return False
        if math.isnan(self._off_since_s):
            self._off_since_s = t_s
        begun = not self.away and t_s - self._off_since_s >= self._HOLD_S
        self.away = self.away or begun
        return begun

    def _learn(self, dt_s: float, right_deg: float, up_deg: float) -> None:
        if self._fixed or self._rest is None:
            return
        self._learnt_s += dt_s
        if self._learnt_s <= self._FIRST_S:
            step = -math.expm1(-dt_s / (self._FIRST_S / 4))
        else:
            step = -math.expm1(-dt_s / self._FORGET_S) * min(1.0, self._limit_deg / max(self.off_deg, 1e-6))
        self._rest = (self._rest[0] + right_deg * step, self._rest[1] + up_deg * step)


class Swings:
    """Turns of one head angle there and back: a swing is at least `least_deg`, and follows the one before within 0.7 s.

    A shake or nod is three swings in a row (there, back, there); more of them belong to the same gesture.
    """

    LONGEST_S = 0.7
    """Half a period: shakes and nods of people go at 0.8 to 4 Hz."""
    _GESTURE = 3

    def __init__(self, least_deg: float) -> None:
        self._least_deg = least_deg
        self.reset()

    def reset(self) -> None:
        self._extreme = NAN
        self._extreme_s = NAN
        self._upwards = True
        self._turned_s = NAN
        self._in_a_row = 0

    def see(self, t_s: float, angle_deg: float) -> tuple[bool, bool]:
        """Whether a swing of a series has just been completed, and whether it made the series a gesture."""
        if not math.isfinite(angle_deg):
            return False, False
        if math.isnan(self._extreme):
            self._extreme, self._extreme_s = angle_deg, t_s
            return False, False
        sign = 1.0 if self._upwards else -1.0
        if (angle_deg - self._extreme) * sign >= 0:
            self._extreme, self._extreme_s = angle_deg, t_s
            return False, False
        if (self._extreme - angle_deg) * sign < self._least_deg:
            return False, False
        return self._turn(t_s, angle_deg)

    def _turn(self, t_s: float, angle_deg: float) -> tuple[bool, bool]:
        quick = self._extreme_s - self._turned_s <= self.LONGEST_S
        self._in_a_row = self._in_a_row + 1 if quick else 1
        self._turned_s = self._extreme_s
        self._extreme, self._extreme_s, self._upwards = angle_deg, t_s, not self._upwards
        return quick, self._in_a_row == self._GESTURE


class Behaviour:
    """Feed the face of every frame that was looked at, in order of time."""

    KEEP_S = 10.0
    """How far back the cues of hesitancy may ask."""

    def __init__(self, limits: BehaviourLimits | None = None) -> None:
        self._limits = limits or BehaviourLimits()
        self._rest = (NAN, NAN)
        self._track = -1
        self.reset()

    @classmethod
    def of(cls, settings: Settings) -> Behaviour:
        return cls(
            BehaviourLimits(
                settings.number("behaviour.window_s"),
                settings.number("behaviour.gaze_away_deg"),
                settings.number("behaviour.swing_deg"),
                settings.number("quality.confidence"),
            )
        )

    def reset(self) -> None:
        """Another person."""
        limits = self._limits
        self._t_s = NAN
        self._blink, self.gaze = Blinks(), GazeAway(limits.gaze_away_deg)
        self.gaze.rest_at(*self._rest)
        self._yaw, self._pitch = Swings(limits.swing_deg), Swings(limits.swing_deg)
        self._eyes, self._away, self._head = (Watched(limits.window_s) for _ in range(3))
        self.blinks, self.shakes, self.nods = (Events(limits.window_s) for _ in range(3))
        self.looks_away, self.shake_swings = Events(self.KEEP_S), Events(self.KEEP_S)

    def rest_gaze(self, yaw_deg: float, pitch_deg: float) -> None:
        """Where the baseline says the eyes rest; NaN to learn it."""
        self._rest = (yaw_deg, pitch_deg)
        self.gaze.rest_at(yaw_deg, pitch_deg)

    def see(self, t_s: float, face: Face) -> None:
        if face.confidence < self._limits.confidence:
            return
        if face.track != self._track:
            self._track = face.track
            self.reset()
        since_s = t_s - self._t_s
        dt_s = since_s if 0 < since_s <= _LONGEST_STEP_S else 0.0
        if since_s > _LONGEST_STEP_S:
            self._yaw.reset()
            self._pitch.reset()
        self._t_s = t_s
        self._watch_eyes(t_s, dt_s, face)
        self._watch_head(t_s, dt_s, face.pose)
        for events in (self.blinks, self.shakes, self.nods, self.looks_away, self.shake_swings):
            events.forget(t_s)

    def _watch_eyes(self, t_s: float, dt_s: float, face: Face) -> None:
        eyes = face.eyes
        if self._blink.see(t_s, eyes.blink):
            self.blinks.add(t_s)
        # Closed lids hide the iris: the last known direction stands.
        if not eyes.blink and self.gaze.see(t_s, dt_s, eyes.gaze_yaw_deg, eyes.gaze_pitch_deg):
            self.looks_away.add(t_s)
        self._eyes.step(t_s, dt_s, False)
        if eyes.blink or math.isfinite(eyes.gaze_yaw_deg + eyes.gaze_pitch_deg):
            self._away.step(t_s, dt_s, self.gaze.away)

    def _watch_head(self, t_s: float, dt_s: float, pose: HeadPose) -> None:
        if math.isfinite(pose.yaw_deg + pose.pitch_deg):
            self._head.step(t_s, dt_s, False)
        swing, shake = self._yaw.see(t_s, pose.yaw_deg)
        if swing:
            self.shake_swings.add(t_s)
        if shake:
            self.shakes.add(t_s)
        if self._pitch.see(t_s, pose.pitch_deg)[1]:
            self.nods.add(t_s)

    def cues(self) -> dict[str, float]:
        """The rates and shares over the window; NaN until five seconds were watched."""
        return {
            "blink_rate_per_min": self.blinks.per_minute(self._eyes.watched_s),
            "gaze_away_share": self._away.share(),
            "head_shake_rate_per_min": self.shakes.per_minute(self._head.watched_s),
            "nod_rate_per_min": self.nods.per_minute(self._head.watched_s),
        }
