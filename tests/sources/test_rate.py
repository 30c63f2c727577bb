"""What a source really delivers, measured."""

from __future__ import annotations

import math

import pytest

from desktop_affect.core.errors import SourceError
from desktop_affect.core.types import Frame, SourceInfo
from desktop_affect.sources.rate import measure_rate
from tests.fakes import INFO, FakeClock, picture


class Ticking:
    """Claims 30 fps; gives what it is told, some of which came too quickly to be taken."""

    def __init__(self, clock: FakeClock, stamps: list[tuple[int, float]]) -> None:
        self._clock = clock
        self._stamps = iter(stamps)
        self.closed = False

    def open(self) -> SourceInfo:
        self._clock.advance(1.5)
        return INFO

    def read(self) -> Frame | None:
        stamp = next(self._stamps, None)
        return None if stamp is None else Frame(*stamp, picture())

    def close(self) -> None:
        self.closed = True

    def interrupt(self) -> None:
        raise AssertionError("nobody interrupts here")


def test_counts_what_was_captured_after_settling() -> None:
    unsettled = [(k, 0.5 * k) for k in range(5)]
    steady = [(5 + 2 * k, 2.5 + 2 * k / 12.5) for k in range(60)]  # every second frame was taken
    source = Ticking(clock := FakeClock(), unsettled + steady)
    rate = measure_rate(source, 8.0, clock)
    assert rate.fps == pytest.approx(12.5)
    assert rate.open_s == pytest.approx(1.5)
    assert rate.source is INFO
    assert 35 < rate.frames < 50
    assert source.closed


@pytest.mark.parametrize("stamps", [[], [(0, 1.0)], [(0, 1.0), (1, 1.0)]])
def test_too_little_to_measure_is_nan(stamps: list[tuple[int, float]]) -> None:
    clock = FakeClock()
    rate = measure_rate(Ticking(clock, stamps), 1.0, clock)
    assert math.isnan(rate.fps)
    assert rate.frames == len(stamps)


def test_source_that_fails_is_closed() -> None:
    class Refusing(Ticking):
        def open(self) -> SourceInfo:
            raise SourceError("busy")

    clock = FakeClock()
    source = Refusing(clock, [])
    with pytest.raises(SourceError, match="busy"):
        measure_rate(source, 1.0, clock)
    assert source.closed
