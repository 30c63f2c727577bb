"""The face mesh, which looks for people on the picture and on its mirror image.

Left and right are not the same to MediaPipe: of the test clips it saw a signer who comes out from behind their hand
eight pictures sooner in the mirrored film. So whoever is not followed yet is looked for on both sides. The side that
sees the face better follows it, and the one that was taken before is taken again if it can: its small errors (a
degree of yaw) then do not change while somebody sits there. A film and its mirror image thus give the same numbers.

A face in a bookshelf is seen on one side only, and unclearly: nobody is taken for a face of whom that is true.
"""

from __future__ import annotations

from collections.abc import Sequence

from desktop_affect.core.types import Frame
from desktop_affect.vision.faces import Found, bounding_box
from desktop_affect.vision.mesh_side import MeshSide
from desktop_affect.vision.participant import CLEAR


class BothSides:
    """Made, used and closed on one thread; raises what MediaPipe raises."""

    def __init__(self, *, follow: bool) -> None:
        """`follow`: pictures belong together; otherwise each is looked at as if it were the first."""
        self._follow = follow
        self._sides: tuple[MeshSide, ...] = ()
        """The one that was taken last comes first."""
        self._following = self._chosen = False
        try:
            for mirrored in (False, True):
                self._sides += (MeshSide(follow=follow, mirrored=mirrored),)
        except (RuntimeError, ValueError, OSError):
            self.close()
            raise

    def run(self, frame: Frame, *, look: bool) -> list[Found]:
        """The faces on this picture; `look` for more than those that are followed already."""
        found = self._sides[0].run(frame, look=look) if self._following else []
        found = found or self._find(frame)
        self._following = bool(found) and self._follow
        return found

    def close(self) -> None:
        sides, self._sides = self._sides, ()
        for side in sides:
            side.close()

    def _find(self, frame: Frame) -> list[Found]:
        found = [side.run(frame, look=True) for side in self._sides]
        best = self._best(found)
        for number, side in enumerate(self._sides):
            if number != best:
                side.forget()
        if best is None:
            return []
        if self._follow:
            self._chosen = True
            self._sides = (self._sides[best], self._sides[1 - best])
        return found[best]

    def _best(self, found: Sequence[Sequence[Found]]) -> int | None:
        """The number of the side to take."""
        order = (0, 1)
        if not self._chosen and self._sides[1].score > self._sides[0].score:
            order = (1, 0)
        return next((number for number in order if believed(found[number], found[1 - number])), None)


def believed(faces: Sequence[Found], mirrored: Sequence[Found]) -> bool:
    """One of these faces is clear, or is seen on the other side as well."""
    return any(face.confidence >= CLEAR or any(_same(face, other) for other in mirrored) for face in faces)


def _same(one: Found, other: Found) -> bool:
    """They cover each other's middle."""
    a, b = bounding_box(one.landmarks), bounding_box(other.landmarks)
    width, height = min(a.width, b.width), min(a.height, b.height)
    aside = abs(a.left + a.width / 2 - b.left - b.width / 2)
    below = abs(a.top + a.height / 2 - b.top - b.height / 2)
    return aside < width / 2 and below < height / 2
