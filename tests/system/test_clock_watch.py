"""Sleep and set clocks, by the readings that each system gives."""

from __future__ import annotations

import pytest

from desktop_affect.system.clock_watch import ClockWatch


def jump(monotonic_s: float, wall_s: float) -> str | None:
    watch = ClockWatch()
    assert watch.look(100.0, 1_700_000_000.0) is None
    found = watch.look(100.0 + monotonic_s, 1_700_000_000.0 + wall_s)
    return found.message if found else None


@pytest.mark.parametrize(
    ("monotonic_s", "wall_s", "words"),
    [
        (0.3, 0.3, None),
        (5.0, 5.0, None),
        (0.3, 0.9, None),
        (0.3, 240.3, "The computer slept, or its clock was set ahead, by 4 min."),
        (0.3, 3600 * 8, "The computer slept, or its clock was set ahead, by 8.0 h."),
        (45.0, 45.1, "The computer stood still for 45 s."),
        (0.3, -59.7, "The computer's clock was set back by 60 s."),
    ],
    ids=["normal", "slow", "corrected", "slept on Linux", "overnight", "slept on Windows", "set back"],
)
def test_jumps_are_told_apart(monotonic_s: float, wall_s: float, words: str | None) -> None:
    assert jump(monotonic_s, wall_s) == words


def test_a_jump_is_told_once() -> None:
    watch = ClockWatch()
    watch.look(0.0, 0.0)
    assert watch.look(0.3, 100.3) is not None
    assert watch.look(0.6, 100.6) is None
