"""Who the participant is when several faces are there, and when a new one begins.

Whoever is near the last place is kept, also behind a hand. When nobody is, nobody is the participant for `FORGET_S`:
somebody else in the picture does not take the place of a participant who is covered for a moment. After that the
largest face is taken and a new track begins, for it may be another person.

Detectors see faces in bookshelves and hands. Such faces are never `CLEAR`: they are taken when there is nothing
better, give way to the first clear face, and are not counted as other people.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from desktop_affect.core.types import Box

# Long enough for a hand before the face or a glance at the floor, shorter than changing seats takes.
FORGET_S = 1.0
# Confidence. In 11 of the 13 test clips that we measured, 95 % of the face's frames are above 0.9; in two people
# walk in or turn away. Bookshelves reached 0.5, signing hands 0.7.
CLEAR = 0.5
# In face widths: how far the tracker's box jumps by itself, how fast somebody who gets up moves (1.3 m/s), and the
# least that two people who sit side by side are apart.
_JUMP, _PER_S, _APART = 0.5, 8.0, 2.0
# Somebody who leans in or back within `FORGET_S` does not double or halve.
_RESIZE = 2.0


class Candidate(NamedTuple):
    """A face on this frame."""

    box: Box
    confidence: float

    @property
    def clear(self) -> bool:
        return self.confidence >= CLEAR

    @property
    def area(self) -> float:
        return self.box.width * self.box.height


class Chosen(NamedTuple):
    """Which of the faces is the participant, the number of their track, and how many other people are there."""

    number: int
    track: int
    others: int


class Participant:
    """Remembers where the participant was last seen."""

    def __init__(self) -> None:
        self._box: Box | None = None
        self._seen_s = -math.inf
        self._proven = False
        """The face of this track has been clear once."""
        self._track = 0

    def choose(self, t_s: float, faces: Sequence[Candidate]) -> Chosen | None:
        """The participant among the faces of this frame."""
        near = self._near(t_s, faces)
        clear = [number for number, face in enumerate(faces) if face.clear]
        number = self._pick(t_s, faces, near, clear)
        if number is None:
            return None
        face = faces[number]
        if number not in near:
            self._track, self._proven = self._track + 1, False
        self._box, self._seen_s, self._proven = face.box, t_s, self._proven or face.clear
        return Chosen(number, self._track, len(clear) - face.clear)

    def _pick(self, t_s: float, faces: Sequence[Candidate], near: dict[int, float], clear: list[int]) -> int | None:
        waiting = 0 <= t_s - self._seen_s < FORGET_S
        if waiting and (self._proven or not clear):
            return min(near, key=near.__getitem__, default=None)
        return max(clear or range(len(faces)), key=lambda number: faces[number].area, default=None)

    def _near(self, t_s: float, faces: Sequence[Candidate]) -> dict[int, float]:
        """The faces that the participant's may have become since it was last seen, with their distances."""
        if self._box is None or not 0 <= t_s - self._seen_s < FORGET_S:
            return {}
        reach = min(_JUMP + _PER_S * (t_s - self._seen_s), _APART) * self._box.width
        apart = {
            number: _distance(face.box, self._box)
            for number, face in enumerate(faces)
            if 1 / _RESIZE < face.box.width / self._box.width < _RESIZE
        }
        return {number: distance for number, distance in apart.items() if distance <= reach}


def _distance(a: Box, b: Box) -> float:
    return math.hypot(a.left + a.width / 2 - b.left - b.width / 2, a.top + a.height / 2 - b.top - b.height / 2)
