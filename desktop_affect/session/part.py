"""A stretch of a recorded session, as a session of its own: same clock, fewer rows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from desktop_affect.core.types import Alert
from desktop_affect.session.reader import Session
from desktop_affect.session.row_reader import Progress, Rows, untold
from desktop_affect.session.table import Array


@dataclass(slots=True)
class Part(Session):
    """Columns are cut when they are asked for."""

    whole: Session | None = None
    kept: slice = field(default_factory=lambda: slice(0))

    def row(self, number: int) -> dict[str, Any]:
        if self.whole is None or not 0 <= number < self.rows:
            raise IndexError(number)
        return self.whole.row(number + self.kept.start)

    def __getitem__(self, name: str) -> Array:
        if self.whole is None:
            raise ValueError("a part of nothing")
        column: Array = self.whole[name][self.kept]
        return column

    def load(self, names: Sequence[str], progress: Progress = untold) -> None:
        if self.whole is not None:
            self.whole.load(names, progress)


def part(session: Session, begin_s: float | None, end_s: float | None) -> Session:
    """The rows from `begin_s` to before `end_s`, with what happened there. Times stay those of the whole session."""
    if begin_s is None and end_s is None:
        return session
    low_s = -math.inf if begin_s is None else begin_s
    high_s = math.inf if end_s is None else end_s
    t_s = np.maximum.accumulate(session["t_s"])
    kept = slice(int(np.searchsorted(t_s, low_s)), int(np.searchsorted(t_s, high_s)))
    return Part(
        path=session.path,
        header=session.header,
        rows=max(kept.stop - kept.start, 0),
        bad_rows=0,
        torn_bytes=0,
        markers=tuple(marker for marker in session.markers if low_s <= marker.t_s < high_s),
        alerts=tuple(alert for alert in session.alerts if alert.begin_s < high_s and _end_s(alert) >= low_s),
        events=session.events,
        annotations=tuple(
            found for found in session.annotations
            if found.begin_s < high_s and (found.end_s if found.is_range else found.begin_s) >= low_s
        ),
        _table=Rows(session.path),
        whole=session,
        kept=kept,
    )  # fmt: skip


def whole_of(session: Session) -> Session:
    """What a part was cut from; a whole session is its own."""
    return session.whole if isinstance(session, Part) and session.whole is not None else session


def _end_s(alert: Alert) -> float:
    return math.inf if math.isnan(alert.end_s) else alert.end_s
