"""The participant is kept when others appear, and a new track begins when it may be somebody else."""

from __future__ import annotations

from desktop_affect.core.types import Box
from desktop_affect.vision.participant import FORGET_S, Candidate, Chosen, Participant

ME = Candidate(Box(100, 100, 80, 90), 1.0)
LARGER = Candidate(Box(500, 80, 160, 180), 1.0)
BOOKSHELF = Candidate(Box(20, 100, 400, 400), 0.3)
DT_S = 1 / 30


def moved(face: Candidate, right_px: float, confidence: float = 1.0) -> Candidate:
    return Candidate(face.box._replace(left=face.box.left + right_px), confidence)


def test_the_largest_is_taken_first() -> None:
    assert Participant().choose(0.0, [ME, LARGER]) == Chosen(1, 1, others=1)


def test_nobody_is_nobody() -> None:
    assert Participant().choose(0.0, []) is None


def test_the_participant_stays_when_a_larger_face_appears_in_any_order() -> None:
    participant = Participant()
    participant.choose(0.0, [ME])
    assert participant.choose(DT_S, [LARGER, ME]) == Chosen(1, 1, others=1)
    assert participant.choose(2 * DT_S, [ME, LARGER]) == Chosen(0, 1, others=1)


def test_somebody_who_gets_up_quickly_is_followed_at_a_low_frame_rate() -> None:
    participant, step_s = Participant(), 1 / 12
    places = [moved(ME, 0.6 * ME.box.width * k) for k in range(10)]
    tracks = [participant.choose(k * step_s, [face]) for k, face in enumerate(places)]
    assert tracks == [Chosen(0, 1, others=0)] * 10


def test_a_short_loss_is_the_same_person_a_long_one_is_not() -> None:
    participant = Participant()
    participant.choose(0.0, [ME])
    assert participant.choose(0.5, []) is None
    assert participant.choose(0.6, [moved(ME, 10)]) == Chosen(0, 1, others=0)
    assert participant.choose(0.6 + FORGET_S + 0.1, [ME]) == Chosen(0, 2, others=0)


def test_somebody_else_does_not_take_the_place_of_a_participant_who_is_covered() -> None:
    participant = Participant()
    participant.choose(0.0, [ME, LARGER._replace(box=Box(500, 80, 40, 45))])
    assert participant.choose(0.2, [LARGER]) is None
    assert participant.choose(0.4, [LARGER, ME]) == Chosen(1, 1, others=1)


def test_a_face_that_stays_elsewhere_is_somebody_else() -> None:
    participant = Participant()
    participant.choose(0.0, [ME])
    assert participant.choose(DT_S, [LARGER]) is None
    assert participant.choose(FORGET_S + DT_S, [LARGER]) == Chosen(0, 2, others=0)


def test_what_is_hardly_a_face_is_neither_preferred_nor_counted() -> None:
    participant = Participant()
    assert participant.choose(0.0, [BOOKSHELF, ME]) == Chosen(1, 1, others=0)
    assert participant.choose(DT_S, [ME, BOOKSHELF]) == Chosen(0, 1, others=0)


def test_it_gives_way_to_the_first_clear_face() -> None:
    participant = Participant()
    assert participant.choose(0.0, [BOOKSHELF]) == Chosen(0, 1, others=0)
    assert participant.choose(DT_S, [BOOKSHELF, ME]) == Chosen(1, 2, others=0)


def test_a_face_that_becomes_clear_is_the_same_person() -> None:
    participant = Participant()
    participant.choose(0.0, [moved(ME, 0, confidence=0.2)])
    assert participant.choose(DT_S, [ME]) == Chosen(0, 1, others=0)


def test_a_participant_behind_a_hand_is_kept() -> None:
    participant = Participant()
    participant.choose(0.0, [ME, LARGER._replace(box=Box(500, 80, 40, 45))])
    assert participant.choose(DT_S, [LARGER, moved(ME, 5, confidence=0.1)]) == Chosen(1, 1, others=1)


def test_times_that_go_back_begin_a_new_track() -> None:
    participant = Participant()
    participant.choose(10.0, [ME])
    assert participant.choose(0.0, [ME]) == Chosen(0, 2, others=0)
