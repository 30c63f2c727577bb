"""The guided ten seconds in which a participant's baseline is measured: “look at the cross, relax”.

    GATHERING ⇄ PAUSED → DONE
                       → REFUSED

Only time in which the face is in view, the picture good and the head still counts. A calibration that has not gathered
its seconds after three times as long, or whose face moved while it was gathered, refuses and says why.
"""

from __future__ import annotations

import math
from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

from desktop_affect.core.types import NAN, Face, ModelInfo, Sample, Seen
from desktop_affect.signals.baseline import Baseline, measure
from desktop_affect.signals.outputs import OUTPUTS, UNITS

STILL_DEG = 6.0
"""The most that a head may turn within a second; people who sit still and breathe stay under 3."""
RESTLESS = 0.15
"""Median absolute deviation of an output above which the face was not at rest."""
_PATIENCE = 3.0
_LONGEST_STEP_S = 0.5
_AT_REST = frozenset(OUTPUTS[: UNITS.stop])
"""Valence, arousal and the action units: expressions follow them, and the rests are judged by stillness."""


class CalibrationState(Enum):
    GATHERING = "gathering"
    PAUSED = "paused"
    DONE = "done"
    REFUSED = "refused"


REASONS: Mapping[str, str] = MappingProxyType(
    {
        "face_lost": "The face is not in view.",
        "moving": "The head is moving.",
        "poor_quality": "The picture is not good enough.",
        "no_model": "There is no model whose outputs could be measured.",
        "restless": "The expression changed during the calibration.",
    }
)
"""Machine name → what a person reads."""


@dataclass(frozen=True, slots=True)
class CalibrationStatus:
    """A snapshot for the window."""

    state: CalibrationState
    progress: float
    """0..1."""
    reason: str = ""
    """Why it is paused or was refused; a key of `REASONS`."""
    details: tuple[str, ...] = ()
    """What is wrong with the picture: keys of `quality.REASONS`; or the outputs that moved."""

    @property
    def words(self) -> str:
        return REASONS.get(self.reason, "")


class Calibration:
    """Feed judged samples in order of time until the state is DONE or REFUSED."""

    def __init__(self, length_s: float = 10.0, model: ModelInfo | None = None) -> None:
        self._length_s = length_s
        self._model = f"{model.name} {model.version}" if model else ""
        self._gathered: list[Sample] = []
        self._gathered_s = 0.0
        self._begin_s = self._t_s = NAN
        self._troubles: Counter[str] = Counter()
        self._still = _Stillness()
        self._track = -1
        self.result: Baseline | None = None
        self.status = CalibrationStatus(CalibrationState.GATHERING, 0.0)

    @property
    def over(self) -> bool:
        return self.status.state in (CalibrationState.DONE, CalibrationState.REFUSED)

    def feed(self, sample: Sample) -> CalibrationStatus:
        """`sample.raw` is what is measured; `sample.quality` decides."""
        if self.over or sample.seen is Seen.SKIPPED:
            return self.status
        since_s = sample.t_s - self._t_s
        self._begin_s = sample.t_s if math.isnan(self._begin_s) else self._begin_s
        self._t_s = sample.t_s
        trouble = self._trouble(sample)
        if trouble:
            self._pause(trouble, sample)
        else:
            self._gather(sample, since_s if 0 < since_s <= _LONGEST_STEP_S else 0.0)
        return self.status

    def _trouble(self, sample: Sample) -> str:
        if sample.face is None:
            self._still.forget()
            return "face_lost"
        if sample.face.track != self._track:
            # Somebody else, perhaps: nothing gathered so far is theirs.
            self._track = sample.face.track
            self._gathered, self._gathered_s = [], 0.0
        if not self._still.see(sample.t_s, sample.face):
            return "moving"
        if sample.raw is None:
            return "no_model"
        return "" if sample.quality.usable else "poor_quality"

    def _pause(self, trouble: str, sample: Sample) -> None:
        self._troubles[trouble] += 1
        details = sample.quality.reasons if trouble == "poor_quality" else ()
        late = sample.t_s - self._begin_s > _PATIENCE * self._length_s
        state = CalibrationState.REFUSED if late else CalibrationState.PAUSED
        reason = self._troubles.most_common(1)[0][0] if late else trouble
        self.status = CalibrationStatus(state, self._progress(), reason, details)

    def _gather(self, sample: Sample, dt_s: float) -> None:
        self._gathered.append(sample)
        self._gathered_s += dt_s
        self.status = CalibrationStatus(CalibrationState.GATHERING, self._progress())
        if self._gathered_s >= self._length_s - 1e-6:
            self._conclude()

    def _conclude(self) -> None:
        baseline = measure(self._gathered, self._gathered_s, self._model)
        restless = tuple(name for name, spread in baseline.spread.items() if name in _AT_REST and spread > RESTLESS)
        if restless:
            self.status = CalibrationStatus(CalibrationState.REFUSED, 1.0, "restless", restless)
            return
        self.result = baseline
        self.status = CalibrationStatus(CalibrationState.DONE, 1.0)

    def _progress(self) -> float:
        return min(self._gathered_s / self._length_s, 1.0)


class _Stillness:
    """Whether the head stayed within a few degrees for the last second."""

    _WINDOW_S = 1.0

    def __init__(self) -> None:
        self._poses: deque[tuple[float, float, float, float]] = deque()

    def forget(self) -> None:
        self._poses.clear()

    def see(self, t_s: float, face: Face) -> bool:
        pose = face.pose
        self._poses.append((t_s, pose.yaw_deg, pose.pitch_deg, pose.roll_deg))
        while self._poses[0][0] < t_s - self._WINDOW_S:
            self._poses.popleft()
        return all(max(angles) - min(angles) <= STILL_DEG for angles in list(zip(*self._poses, strict=True))[1:])
