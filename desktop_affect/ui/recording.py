"""A recorded session made ready for looking at: curves that draw fast at any span, rows by time, and its moments.

No Qt: it is put together in a process of its own, or on a worker.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from desktop_affect.session.annotations import Annotation
from desktop_affect.session.replay import sample_at
from desktop_affect.sinks.history import SILENCE_S, Channel, Stretch, thinned
from desktop_affect.ui.words import clock_label

if TYPE_CHECKING:
    from desktop_affect.core.types import Sample
    from desktop_affect.session.reader import Session

Progress: TypeAlias = Callable[[int, int], None]

BASE: tuple[str, ...] = ("valence", "arousal", "valence_raw", "arousal_raw", "hesitancy", "quality", "face")
"""The columns behind the rows of `Channel`, in its order."""

# Longer spans are drawn from minima and maxima per second, so that eight hours cost as little as ten minutes.
_COARSE_S = 1.0
_COARSE_FROM_S = 4 * 300 * _COARSE_S
_NOTE = "note"


class MomentKind(Enum):
    """What one can jump to."""

    MARKER = "marker"
    NOTE = "note"
    ALERT = "alert"
    ANNOTATION = "annotation"


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happened, or that somebody wrote down."""

    t_s: float
    text: str
    kind: MomentKind


@dataclass(frozen=True, slots=True, eq=False)
class Curves:
    """Rows of `Channel` and, behind them, of the signals that were chosen; skipped frames are left out."""

    names: tuple[str, ...]
    """Of the chosen signals."""
    fine: Stretch
    coarse: Stretch

    def part(self, begin_s: float, end_s: float, points: int) -> Stretch:
        """One row more on either side; as minima and maxima when there are too many."""
        whole = self.coarse if end_s - begin_s > _COARSE_FROM_S else self.fine
        low = max(int(np.searchsorted(whole.t_s, begin_s)) - 1, 0)
        high = int(np.searchsorted(whole.t_s, end_s, side="right")) + 1
        cut = Stretch(whole.t_s[low:high], whole.values[:, low:high])
        return thinned(cut, (end_s - begin_s) / max(points // 2, 1)) if len(cut.t_s) > points else cut

    def row_of(self, name: str) -> int:
        """Where a signal lies in `values`."""
        return BASE.index(name) if name in BASE else len(Channel) + self.names.index(name)

    def values_at(self, t_s: float) -> NDArray[np.float32]:
        """The row that was shown at that time: the last one that is not later. NaN before the first."""
        row = int(np.searchsorted(self.fine.t_s, t_s + 1e-6, side="right")) - 1
        if row < 0 or not math.isfinite(t_s):
            return np.full(len(self.fine.values), np.nan, dtype=np.float32)
        return self.fine.values[:, row]


def curves(session: Session, names: Sequence[str], progress: Progress = lambda done, total: None) -> Curves:
    """Slow for a long session whose columns are not loaded: not on the window's thread."""
    wanted = (*BASE, *names)
    session.load(wanted, progress)
    analysed = np.isfinite(session["face"])
    whole = bool(analysed.all())
    rows = [session[name] if whole else session[name][analysed] for name in wanted]
    t_s = _rising(session["t_s"]) if whole else _rising(session["t_s"][analysed])
    fine = _with_silences(t_s, np.stack(rows, dtype=np.float32))
    return Curves(tuple(names), fine, thinned(fine, _COARSE_S))


def _rising(t_s: NDArray[np.float64]) -> NDArray[np.float64]:
    """The very same where it never goes back, as it should not: what is there once is handed over once."""
    return t_s if (t_s[1:] >= t_s[:-1]).all() else np.maximum.accumulate(t_s)


def _with_silences(t_s: NDArray[np.float64], values: NDArray[np.float32]) -> Stretch:
    """Where no frame came for long there is a row of NaN, as in the live view: a gap stays a gap."""
    silent = np.flatnonzero(np.diff(t_s) > SILENCE_S)
    if not len(silent):
        return Stretch(t_s, values)
    return Stretch(
        np.insert(t_s, silent + 1, t_s[silent] + SILENCE_S / 2), np.insert(values, silent + 1, np.nan, axis=1)
    )


class Recording:
    """The session, its curves and its annotations as they are now. Handed to the window once."""

    def __init__(self, session: Session, curves: Curves) -> None:
        self.session = session
        self.curves = curves
        self.annotations: tuple[Annotation, ...] = session.annotations
        self._row_s: NDArray[np.float64] = _rising(session["t_s"])

    @property
    def begin_s(self) -> float:
        return float(self._row_s[0]) if len(self._row_s) else 0.0

    @property
    def end_s(self) -> float:
        """When the last row was captured."""
        return float(self._row_s[-1]) if len(self._row_s) else 0.0

    @property
    def rows(self) -> int:
        return len(self._row_s)

    def row_at(self, t_s: float) -> int:
        """The last row that is not later; the first before it. −1 without rows."""
        if not self.rows:
            return -1
        return max(int(np.searchsorted(self._row_s, t_s + 1e-6, side="right")) - 1, 0)

    def time_of(self, row: int) -> float:
        """Of the row with that number, or the nearest there is."""
        return float(self._row_s[min(max(row, 0), self.rows - 1)]) if self.rows else 0.0

    def sample_at(self, t_s: float) -> Sample | None:
        """The looked-at row that was on the screen at that time; None without one."""
        row = self.row_at(t_s)
        while row >= 0 and math.isnan(self._face[row]):
            row -= 1
        return sample_at(self.session, row) if row >= 0 else None

    @cached_property
    def _face(self) -> NDArray[np.float32]:
        return self.session["face"]

    @property
    def moments(self) -> list[Moment]:
        """Everything one can jump to, in order of time."""
        return sorted(self._moments(), key=lambda moment: moment.t_s)

    def _moments(self) -> Iterable[Moment]:
        for marker in self.session.markers:
            kind = MomentKind.NOTE if marker.kind == _NOTE else MomentKind.MARKER
            yield Moment(marker.t_s, marker.text, kind)
        for alert in self.session.alerts:
            yield Moment(alert.begin_s, alert.rule.replace("_", " "), MomentKind.ALERT)
        for found in self.annotations:
            yield Moment(found.begin_s, found.label, MomentKind.ANNOTATION)

    def next_moment(self, t_s: float, forward: bool) -> Moment | None:
        """The next one after this time, or the one before it. One under the cursor is passed."""
        moments = self.moments
        if forward:
            return next((moment for moment in moments if moment.t_s > t_s + _UNDER_S), None)
        return next((moment for moment in reversed(moments) if moment.t_s < t_s - _UNDER_S), None)


# Half a frame of the fastest camera.
_UNDER_S = 0.008


def begin_words(session: Session) -> str:
    """When it was recorded, in UTC as session.json has it: `2026-11-21 12:04`."""
    opened = (session.header.get("clock") or {}).get("opened") or {}
    return str(opened.get("wall_utc", ""))[:16].replace("T", " ")


def title_words(session: Session) -> str:
    """Whose session, or what the folder is called."""
    header = session.header
    who = [str(header.get(key) or "").strip() for key in ("participant", "condition", "study")]
    return " · ".join(filter(None, who)) or session.path.name


def state_words(session: Session) -> str:
    """When, how long, and how many rows."""
    return f"{begin_words(session)} UTC   {clock_label(session.duration_s)}   {session.rows:,} rows"
