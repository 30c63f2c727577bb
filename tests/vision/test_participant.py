"""The participant is kept when others appear, and a new track begins when it may be somebody else."""

from __future__ import annotations

from desktop_affect.core.types import Box
from desktop_affect.vision.participant import FORGET_S, Participant

ME = Box(100, 100, 80, 90)
LARGER = Box(500, 80, 160, 180)


def test_the_largest_is_taken_first() -> None:
    chosen = Participant().choose(0.0, [ME, LARGER])
    assert chosen is not None
    assert (chosen.index, chosen.track) == (1, 1)


def test_the_participant_stays_when_a_larger_face_appears_in_any_order() -> None:
    participant = Participant()
    participant.choose(0.0, [ME])
    for k, boxes in enumerate(([LARGER, ME], [ME, LARGER])):
        chosen = participant.choose(0.1 + k / 30, boxes)
        assert chosen is not None
        assert boxes[chosen.index] is ME
        assert chosen.track == 1


def test_a_short_loss_is_the_same_person_a_long_one_is_not() -> None:
    participant = Participant()
    participant.choose(0.0, [ME])
    assert participant.choose(0.5, []) is None
    near = participant.choose(0.6, [Box(110, 105, 80, 90)])
    late = participant.choose(0.6 + FORGET_S + 0.1, [ME])
    assert near is not None
    assert late is not None
    assert (near.track, late.track) == (1, 2)


def test_a_face_elsewhere_in_the_next_frame_is_somebody_else() -> None:
    participant = Participant()
    participant.choose(0.0, [ME])
    chosen = participant.choose(1 / 30, [LARGER])
    assert chosen is not None
    assert chosen.track == 2
