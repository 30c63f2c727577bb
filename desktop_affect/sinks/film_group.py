"""Frames into groups of packets: one group is about a second of film, can be shown by itself, and is written as one.

Encoders may fail at any moment and in any way; what they had given is kept, what they had taken is named.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from desktop_affect.core.types import RgbImage, Sample
from desktop_affect.session.matroska import Packet, Track
from desktop_affect.session.plan import FilmConsent
from desktop_affect.sinks.film_encoder import FilmEncoder, MakeEncoder
from desktop_affect.sinks.film_picture import Keeper, keeper_for
from desktop_affect.system.colours import in_rgb_memory


@dataclass(frozen=True, slots=True)
class Taken:
    """A frame that an encoder was given."""

    seq: int
    t_s: float
    """On the session's clock."""
    ticks: int


@dataclass(frozen=True, slots=True)
class Group:
    """What became of some frames."""

    track: Track | None
    """None when there is no packet."""
    packets: tuple[Packet, ...]
    done: tuple[Taken, ...]
    failed: tuple[Taken, ...]


class Grouper:
    """Owns the encoder. `take` and `end` pass on whatever the encoder raises; call `give_up` then."""

    def __init__(self, mode: FilmConsent, makers: Sequence[MakeEncoder]) -> None:
        self.folder = Path()
        """Of the session; known before the first frame."""
        self._mode = mode
        self._makers = makers
        self._maker = 0
        self._keeper: Keeper | None = None
        self._encoder: FilmEncoder | None = None
        self._taken: list[Taken] = []
        self._packets: list[Packet] = []
        self._refusals: list[str] = []
        self.names: list[str] = []
        """Of the encoders so far."""

    @property
    def first_ticks(self) -> int | None:
        """Of the group that is being made."""
        return self._taken[0].ticks if self._taken else None

    def take(self, taken: Taken, pixels: RgbImage, sample: Sample) -> None:
        self._taken.append(taken)
        if self._keeper is None:
            self._keeper = keeper_for(self._mode, pixels.shape[1], pixels.shape[0])
        picture = self._keeper(in_rgb_memory(pixels), sample)
        encoder = self._encoder or self._open(picture.shape[1], picture.shape[0])
        self._packets += encoder.encode(picture, taken.ticks)

    def _open(self, width_px: int, height_px: int) -> FilmEncoder:
        self._encoder = encoder = self._first_that_opens(width_px, height_px)
        if encoder.name not in self.names:
            self.names.append(encoder.name)
        return encoder

    def _first_that_opens(self, width_px: int, height_px: int) -> FilmEncoder:
        while self._maker + 1 < len(self._makers):
            try:
                return self._makers[self._maker](width_px, height_px, self.folder)
            except Exception as error:  # noqa: BLE001  whatever it is, the next one stands in
                self._refusals.append(f"{type(error).__name__}: {error}")
                self._maker += 1
        return self._makers[self._maker](width_px, height_px, self.folder)

    def take_refusals(self) -> list[str]:
        """Encoders that could not be opened since this was last asked, and why."""
        refusals, self._refusals = self._refusals, []
        return refusals

    def end(self) -> Group:
        """Everything taken in so far."""
        if self._encoder is not None and self._taken:
            self._packets += self._encoder.end_group()
        return self._ended()

    def give_up(self) -> tuple[Group, bool]:
        """The encoder failed: what it has given is good. True when another one stands in for it from now on;
        without another one it is tried again."""
        group = self._ended()
        self.close()
        further = self._maker + 1 < len(self._makers)
        self._maker += further
        return group, further

    def _ended(self) -> Group:
        taken, packets = self._taken, tuple(self._packets)
        self._taken, self._packets = [], []
        ready = {packet.ticks for packet in packets}
        return Group(
            self._encoder.track() if packets and self._encoder else None,
            packets,
            tuple(frame for frame in taken if frame.ticks in ready),
            tuple(frame for frame in taken if frame.ticks not in ready),
        )

    def close(self) -> None:
        """Does not raise."""
        if self._encoder is not None:
            self._encoder.close()
        self._encoder = None
