"""A bounded queue of pictures: what finds no room is known by number and time; a film offline waits."""

from __future__ import annotations

import threading

from desktop_affect.core.types import Frame
from desktop_affect.sinks.film_inbox import FilmInbox, Shot, Stamp
from tests.fakes import picture
from tests.session.samples import bare_sample

ONE = picture().nbytes


def shot(seq: int, there: bool = True) -> Shot:
    return Shot(bare_sample(seq, 100.0 + seq), Frame(seq, 100.0 + seq, picture()) if there else None)


def test_what_finds_no_room_is_refused_and_remembered() -> None:
    inbox = FilmInbox(waits=False, room_bytes=2 * ONE)
    assert [inbox.put(shot(seq)) for seq in range(4)] == [True, True, False, False]
    refused = inbox.take_refused()
    assert refused.stamps == (Stamp(2, 102.0), Stamp(3, 103.0))
    assert refused.unlisted == 0
    assert inbox.take_refused().stamps == ()


def test_the_room_of_a_picture_is_free_when_it_is_done() -> None:
    inbox = FilmInbox(waits=False, room_bytes=2 * ONE)
    inbox.put(shot(0))
    inbox.put(shot(1))
    taken = inbox.take()
    assert taken is not None
    assert taken.sample.seq == 0
    assert not inbox.put(shot(2)), "the one that was taken is still being encoded"
    assert inbox.take() is not None
    assert inbox.put(shot(3))
    assert inbox.take() is not None
    assert inbox.take() is None


def test_a_picture_larger_than_the_room_is_taken_alone() -> None:
    inbox = FilmInbox(waits=False, room_bytes=ONE // 2)
    assert inbox.put(shot(0))
    assert not inbox.put(shot(1))


def test_an_hour_of_refused_frames_is_listed_and_the_rest_counted() -> None:
    inbox = FilmInbox(waits=False, room_bytes=ONE, room_refused=3)
    for seq in range(8):
        inbox.put(shot(seq))
    refused = inbox.take_refused()
    assert ([stamp.seq for stamp in refused.stamps], refused.unlisted) == ([1, 2, 3], 4)


def test_a_film_offline_waits_for_room() -> None:
    inbox = FilmInbox(waits=True, room_bytes=2 * ONE)
    taken: list[int] = []

    def produce() -> None:
        for seq in range(20):
            assert inbox.put(shot(seq))

    thread = threading.Thread(target=produce)
    thread.start()
    while len(taken) < 20:
        found = inbox.take()
        if found is not None:
            taken.append(found.sample.seq)
    thread.join()
    assert taken == list(range(20))
    assert inbox.take_refused().stamps == ()


def test_closing_frees_who_waits_and_keeps_what_is_there() -> None:
    inbox = FilmInbox(waits=True, room_bytes=ONE)
    inbox.put(shot(0))
    thread = threading.Thread(target=lambda: inbox.put(shot(1)))
    thread.start()
    inbox.close()
    thread.join(10)
    assert not thread.is_alive()
    assert inbox.take() is not None
    assert inbox.take() is None
