"""The watchdog's arithmetic, on made-up times."""

from __future__ import annotations

import logging

import pytest

from desktop_affect.ui.watchdog import Watchdog


def fed(*ticks: tuple[float, float]) -> Watchdog:
    watchdog = Watchdog(33.0)
    for now_s, processor_s in ticks:
        watchdog.tick(now_s, processor_s)
    return watchdog


def test_a_punctual_timer_is_no_news() -> None:
    watchdog = fed((0.0, 0.0), (0.033, 0.01), (0.066, 0.02), (0.120, 0.03))
    assert (watchdog.blocked, watchdog.own) == (0, 0)
    assert watchdog.worst_ms == pytest.approx(21.0)


@pytest.mark.parametrize(("worked_s", "own"), [(0.120, 1), (0.010, 0)], ids=["own work", "other programs"])
def test_a_pause_is_counted_and_laid_at_the_right_door(
    worked_s: float, own: int, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        watchdog = fed((0.0, 0.0), (0.133, worked_s))
    assert (watchdog.blocked, watchdog.own) == (1, own)
    assert "busy for 100 ms" in caplog.text
    assert "100 ms" in watchdog.words
