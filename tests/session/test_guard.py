"""The ladder of the disk guard: the film stops first, and only where there is one."""

from __future__ import annotations

import pytest

from desktop_affect.session.guard import DiskGuard, Room, in_words, room_for


@pytest.mark.parametrize(
    ("free_gb", "films", "room"),
    [
        (5.0, True, Room.ENOUGH),
        (4.9, True, Room.LOW),
        (1.0, True, Room.LOW),
        (0.99, True, Room.NO_FILM),
        (0.99, False, Room.LOW),
        (0.2, True, Room.NO_FILM),
        (0.19, True, Room.NONE),
        (0.19, False, Room.NONE),
    ],
)
def test_the_rungs(free_gb: float, films: bool, room: Room) -> None:
    assert room_for(int(free_gb * 1e9), films) is room


def test_each_worsening_is_told_once() -> None:
    guard = DiskGuard(films=True)
    told = [guard.look(int(gb * 1e9)) for gb in (6, 4, 6, 3, 0.9, 0.8, 4, 0.1)]
    assert told == [None, Room.LOW, None, None, Room.NO_FILM, None, None, Room.NONE]
    assert guard.free_bytes == 100_000_000


@pytest.mark.parametrize(("free", "words"), [(4_200_000_000, "4.2 GB"), (130_000_000, "130 MB")])
def test_words(free: int, words: str) -> None:
    assert in_words(free) == words
