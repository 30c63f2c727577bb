"""Writes the film of a session: append-only while it is recorded, so that a kill costs only what was still in memory.

As with the journal, adding cannot fail; `flush` gives to the operating system, `sync` to the disk, both may raise
OSError and be tried again.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from pathlib import Path

from desktop_affect.session import format as fmt
from desktop_affect.session.files import AppendFile, FileOps
from desktop_affect.session.film_reader import part_name
from desktop_affect.session.matroska import Packet, Track, closing_patches, cluster, cues, layout


class FilmFile:
    """One part of a film. The constructor makes the file and raises OSError where that is not possible."""

    def __init__(self, folder: Path, number: int, track: Track, writer: str, ops: FileOps) -> None:
        self.track = track
        self.frames = 0
        """Pictures that the operating system has."""
        self.added = 0
        """Those, and the ones that wait in memory."""
        self._ops = ops
        self._layout = layout(track, writer)
        self._file = AppendFile(folder / part_name(number), ops, lines=False)
        self._file.push_bytes(self._layout.head)
        self._cluster_ticks, self._cluster_at = array("q"), array("q")  # a day of film is 1.7 MB of them
        self._last_ticks = 0
        self._indexed = self._finished = False

    @property
    def path(self) -> Path:
        return self._file.path

    @property
    def ticks(self) -> tuple[int, int]:
        """Of the first and the last picture."""
        return (self._cluster_ticks[0] if self._cluster_ticks else 0), self._last_ticks

    @property
    def size(self) -> int:
        return self._file.size

    @property
    def pending(self) -> int:
        """Bytes that the operating system has not taken yet."""
        return self._file.pending

    def add(self, packets: Sequence[Packet]) -> None:
        """One cluster: pictures of about a second, the first one a key picture."""
        self._cluster_ticks.append(packets[0].ticks)
        self._cluster_at.append(self._file.size - self._layout.segment_at)
        self._file.push_bytes(cluster(packets))
        self.added += len(packets)
        self._last_ticks = packets[-1].ticks

    def flush(self) -> None:
        """From here on it survives the death of this process."""
        self._file.flush()
        self.frames = self.added

    def sync(self) -> None:
        """From here on it survives a power cut."""
        self._file.sync()

    def in_place(self) -> bool:
        return self._file.in_place()

    def mend(self) -> None:
        """After an OSError or a removed folder; see `AppendFile.mend`. Raises OSError."""
        self._file.mend()

    def finish(self) -> None:
        """The index behind the last cluster, then its place and the duration into the rooms of the head. Raises
        OSError, and may be tried again; whatever of it reached the disk, the film plays."""
        if self._finished:
            return
        if not self._indexed:
            self._cues_at = self._file.size
            self._file.push_bytes(cues(zip(self._cluster_ticks, self._cluster_at, strict=True)))
            self._indexed = True
        self.flush()
        self._file.sync()
        if not self._file.in_place():
            self._file.mend()
        for at, patch in closing_patches(self._layout, self._cues_at, self._file.size, self._last_ticks):
            self._ops.patch(self._file.path, at, patch)
        self._finished = True

    def close(self) -> None:
        """Let the handle go. Does not raise."""
        self._file.close()


class DroppedFile:
    """The list of frames without a picture. The constructor raises OSError where the file cannot be made."""

    def __init__(self, folder: Path, ops: FileOps) -> None:
        self._file = AppendFile(folder / fmt.DROPPED_FILE, ops)
        self._file.push(fmt.header_line(fmt.DROPPED_NAMES))
        self.frames = 0

    @property
    def pending(self) -> int:
        """Bytes that the operating system has not taken yet."""
        return self._file.pending

    def add(self, seq: int, t_s: float, reason: str) -> None:
        self._file.push(f"{seq},{t_s:.6f},{reason}\n")
        self.frames += 1

    def flush(self) -> None:
        self._file.flush()

    def sync(self) -> None:
        self._file.sync()

    def in_place(self) -> bool:
        return self._file.in_place()

    def mend(self) -> None:
        self._file.mend()

    def close(self) -> None:
        self._file.close()
