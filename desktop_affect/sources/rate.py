"""What a source really delivers, measured; for `doctor` and the source chooser."""

from __future__ import annotations

from dataclasses import dataclass

from desktop_affect.core.ports import Clock, FrameSource
from desktop_affect.core.types import NAN, SourceInfo

# Cameras start irregularly while they set their exposure; these frames are not counted.
_SETTLE_FRAMES = 5


@dataclass(frozen=True, slots=True)
class MeasuredRate:
    """The outcome of watching a source for a while."""

    source: SourceInfo
    fps: float
    """Captured frames per second, also those that came too quickly to be taken; NaN when fewer than two came."""
    frames: int
    open_s: float
    """How long opening took, up to the first picture."""


def measure_rate(source: FrameSource, seconds: float, clock: Clock) -> MeasuredRate:
    """Open the source, watch it, close it; on the calling thread, which it may hold for as long as `open` may take.

    Raises what `open` and `read` raise.
    """
    try:
        begin_s = clock.now_s()
        info = source.open()
        open_s = clock.now_s() - begin_s
        stamps = _stamps(source, seconds)
    finally:
        source.close()
    settled = stamps[_SETTLE_FRAMES:] if len(stamps) > 2 * _SETTLE_FRAMES else stamps
    return MeasuredRate(info, _fps(settled), len(stamps), open_s)


def _stamps(source: FrameSource, seconds: float) -> list[tuple[int, float]]:
    """Number and time of each frame of that many seconds."""
    stamps: list[tuple[int, float]] = []
    while (frame := source.read()) is not None:
        stamps.append((frame.seq, frame.t_s))
        if frame.t_s - stamps[0][1] >= seconds:
            break
    return stamps


def _fps(stamps: list[tuple[int, float]]) -> float:
    if len(stamps) < 2 or stamps[-1][1] <= stamps[0][1]:
        return NAN
    (first_seq, first_s), (last_seq, last_s) = stamps[0], stamps[-1]
    return (last_seq - first_seq) / (last_s - first_s)
