"""How far a batch is: frames, frames a second, time left."""

from __future__ import annotations

import math
from collections.abc import Sequence

from desktop_affect.batch.jobs import Job, Outcome, Progress
from desktop_affect.core.ports import Clock
from desktop_affect.core.types import NAN

# Before that much is done a guess of the time left is worth nothing.
_LEAST_SHARE = 0.01


class Meter:
    """Feed everything that happens. The share of the work is that of the bytes: frames are not known beforehand."""

    def __init__(self, jobs: Sequence[Job], clock: Clock) -> None:
        self._clock = clock
        self._began_s = clock.now_s()
        self._bytes: dict[str, int] = {}
        self._going: dict[str, Progress] = {}
        self._done_bytes = 0
        self._frames = 0
        self._film_s = 0.0
        self.total = self.done = 0
        self.add(jobs)

    def add(self, jobs: Sequence[Job]) -> None:
        self._bytes |= {job.folder: max(job.size_bytes, 1) for job in jobs}
        self.total += len(jobs)

    def forget(self, folder: str) -> None:
        """A job that was left."""
        if self._bytes.pop(folder, None) is not None:
            self._going.pop(folder, None)
            self.total -= 1

    def hear(self, happening: Progress | Outcome) -> None:
        if isinstance(happening, Progress):
            self._going[happening.folder] = happening
            return
        self._going.pop(happening.folder, None)
        self._done_bytes += self._bytes.get(happening.folder, 1)
        self._frames += happening.frames
        self._film_s += float(happening.figures.get("duration_s") or 0.0)
        self.done += 1

    @property
    def going(self) -> list[Progress]:
        """What is being done, by folder."""
        return sorted(self._going.values(), key=lambda progress: progress.folder)

    @property
    def frames(self) -> int:
        return self._frames + sum(progress.frames for progress in self._going.values())

    @property
    def took_s(self) -> float:
        return self._clock.now_s() - self._began_s

    @property
    def frames_per_s(self) -> float:
        """From the start of the first worker on."""
        return self.frames / self.took_s if self.took_s > 0 else NAN

    @property
    def real_time(self) -> float:
        """Seconds of finished film for each second that passed."""
        return self._film_s / self.took_s if self.took_s > 0 else NAN

    @property
    def share(self) -> float:
        whole = sum(self._bytes.values())
        going = sum(
            self._bytes.get(progress.folder, 1) * progress.share
            for progress in self._going.values()
            if math.isfinite(progress.share)
        )
        return min((self._done_bytes + going) / whole, 1.0) if whole else 1.0

    @property
    def left_s(self) -> float:
        """NaN as long as it cannot be told."""
        share = self.share
        return self.took_s * (1 - share) / share if share >= _LEAST_SHARE else NAN
