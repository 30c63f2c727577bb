"""The two hand-overs: nothing is lost without a trace, nobody waits for ever."""

from __future__ import annotations

import threading
from dataclasses import replace

import numpy as np

from desktop_affect.core.slot import MAX_STAMPS, MOST_BYTES, MOST_FRAMES, LatestSlot, LosslessQueue, room_for_more
from tests.fakes import frame


def test_the_newest_frame_replaces_the_waiting_one_and_leaves_a_stamp() -> None:
    slot = LatestSlot()
    for seq in range(3):
        slot.put(frame(seq, seq / 10))
    (delivery,) = slot.take(0)
    assert delivery.frame.seq == 2
    assert [(s.seq, s.t_s) for s in delivery.skipped] == [(0, 0.0), (1, 0.1)]
    assert slot.skipped == 2
    assert slot.take(0) == ()


def test_stamps_are_given_out_once() -> None:
    slot = LatestSlot()
    slot.put(frame(0))
    slot.put(frame(1))
    (first,) = slot.take(0)
    slot.put(frame(2))
    (second,) = slot.take(0)
    assert len(first.skipped) == 1
    assert second.skipped == ()


def test_stamps_are_bounded_but_the_count_is_not() -> None:
    slot = LatestSlot()
    for seq in range(MAX_STAMPS + 11):
        slot.put(frame(seq))
    (delivery,) = slot.take(0)
    assert len(delivery.skipped) == MAX_STAMPS
    assert slot.skipped == MAX_STAMPS + 10


def test_a_closed_slot_still_gives_what_waits_and_then_is_drained() -> None:
    slot = LatestSlot()
    slot.put(frame(7))
    slot.close()
    slot.put(frame(8))
    assert not slot.drained
    (delivery,) = slot.take(0)
    assert delivery.frame.seq == 7
    assert slot.drained


def test_closing_wakes_a_waiting_consumer() -> None:
    slot = LatestSlot()
    taken: list[object] = []
    consumer = threading.Thread(target=lambda: taken.append(slot.take(60)))
    consumer.start()
    slot.close()
    consumer.join(10)
    assert taken == [()]


def test_pictures_of_replaced_frames_are_kept_where_somebody_wants_them() -> None:
    slot = LatestSlot()
    room = 2 * frame(0).pixels.nbytes
    for wanted, kept in ((0, []), (room, [2, 3]), (0, [])):
        slot.keep_pictures(wanted)
        for seq in range(5):
            slot.put(frame(seq))
        (delivery,) = slot.take(0)
        assert [stamp.seq for stamp in delivery.skipped] == [0, 1, 2, 3]
        assert [picture.seq for picture in delivery.pictures] == kept, "the newest, as many as fit"


def test_the_lossless_queue_makes_the_producer_wait_and_keeps_the_order() -> None:
    queue = LosslessQueue(room=2)
    producer = threading.Thread(target=_put_all, args=(queue, 50))
    producer.start()
    taken: list[int] = []
    while len(taken) < 50:
        deliveries = queue.take(10)
        assert 1 <= len(deliveries) <= 2
        taken += [delivery.frame.seq for delivery in deliveries]
    producer.join(10)
    assert taken == list(range(50))


def test_closing_the_lossless_queue_frees_a_waiting_producer() -> None:
    queue = LosslessQueue(room=1)
    queue.put(frame(0))
    producer = threading.Thread(target=lambda: queue.put(frame(1)))
    producer.start()
    queue.close()
    producer.join(10)
    assert not producer.is_alive()
    assert [delivery.frame.seq for delivery in queue.take(0)] == [0]
    assert queue.drained


def test_so_many_frames_wait_together_or_so_many_bytes() -> None:
    small, large = frame(0), replace(frame(0), pixels=np.zeros((MOST_BYTES // 3 // 1000, 1000, 3), np.uint8))
    assert room_for_more([])
    assert room_for_more([small] * (MOST_FRAMES - 1))
    assert not room_for_more([small] * MOST_FRAMES)
    assert not room_for_more([large]), "one is always taken, two would be too much"


def _put_all(queue: LosslessQueue, count: int) -> None:
    for seq in range(count):
        queue.put(frame(seq))
