"""The cursor and the view stay inside of the session, whatever is asked for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_affect.ui.playback import LEAST_SPAN_S, Playback


def playback(end_s: float = 100.0, window: tuple[float, float] = (0.0, 10.0)) -> Playback:
    return Playback(begin_s=0.0, end_s=end_s, window=window)


def test_the_view_follows_the_cursor_only_where_it_must() -> None:
    play = playback()
    play.seek(5.0)
    assert play.window == (0.0, 10.0)
    play.seek(50.0)
    assert play.window == (45.0, 55.0)
    play.seek(1000.0)
    assert (play.cursor_s, play.window) == (100.0, (90.0, 100.0))


def test_playing_turns_the_page_before_the_edge_and_stops_at_the_end() -> None:
    play = playback()
    play.toggle()
    play.speed = 4.0
    play.advance(2.25)
    assert play.window == (0.0, 10.0)
    play.advance(0.25)
    assert play.cursor_s == 10.0
    assert play.window == pytest.approx((9.2, 19.2))
    play.advance(1000.0)
    assert (play.cursor_s, play.playing) == (100.0, False)
    play.toggle()
    assert (play.cursor_s, play.playing) == (0.0, True)


def test_zooming_keeps_the_time_under_the_pointer() -> None:
    play = playback(window=(20.0, 40.0))
    play.zoom(1, 25.0)
    low_s, high_s = play.window
    assert (25.0 - low_s) / (high_s - low_s) == pytest.approx(0.25)
    assert high_s - low_s == pytest.approx(20.0 / 1.5)
    play.choose_span(None)
    assert play.window == (0.0, 100.0)


_STEP = st.tuples(st.sampled_from(("zoom", "seek", "pan", "show")), st.floats(-2e5, 2e5), st.floats(0, 1e5))


@given(end_s=st.floats(0.0, 1e5), steps=st.lists(_STEP))
def test_nothing_leaves_the_session(end_s: float, steps: list[tuple[str, float, float]]) -> None:
    play = playback(end_s)
    play.choose_span(60.0)
    for what, first, second in steps:
        if what == "zoom":
            play.zoom(1 if first > 0 else -1, second)
        elif what == "seek":
            play.seek(first)
        elif what == "pan":
            play.pan(first / 1e4)
        else:
            play.show(first, second)
        low_s, high_s = play.window
        assert 0.0 <= play.cursor_s <= end_s
        assert low_s >= 0.0
        assert high_s - low_s >= LEAST_SPAN_S * 0.999
        assert high_s <= max(end_s, LEAST_SPAN_S) * 1.001 + 1e-6
