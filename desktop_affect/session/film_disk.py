"""The film of a session on the disk: its parts and the list of the frames that are missing from it.

Like the journal, it holds in memory what the disk has not taken: adding does not fail, but for the first picture of a
part, whose file must be made. Times are seconds of the session.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from pathlib import Path

from desktop_affect.session.files import FileOps
from desktop_affect.session.film_file import DroppedFile, FilmFile
from desktop_affect.session.header import Document
from desktop_affect.session.matroska import TICK_S, Packet, Track


class FilmDisk:
    """All methods on one thread; the counts may be read from any. What raises OSError may be tried again."""

    def __init__(self, folder: Path, writer: str, ops: FileOps) -> None:
        self._folder = folder
        self._writer = writer
        self._ops = ops
        self._parts: list[FilmFile] = []
        self._list: DroppedFile | None = None
        self._early: list[tuple[int, float, str]] = []
        self.dropped = 0

    @property
    def frames(self) -> int:
        """Pictures in the film: they survive the death of this process."""
        return sum(part.frames for part in self._parts)

    @property
    def size_bytes(self) -> int:
        return sum(part.size for part in self._parts)

    def add(self, track: Track, packets: Sequence[Packet]) -> None:
        """One group of pictures. Raises OSError where it needs a new part and cannot have one."""
        if not self._parts or self._parts[-1].track != track:
            if self._parts:
                self._parts[-1].finish()
            self._parts.append(FilmFile(self._folder, len(self._parts) + 1, track, self._writer, self._ops))
        self._parts[-1].add(packets)

    def drop(self, seq: int, t_s: float, reason: str) -> None:
        """A frame without a picture."""
        self.dropped += 1
        if self._list is None:
            self._early.append((seq, t_s, reason))
        else:
            self._list.add(seq, t_s, reason)

    def drop_unlisted(self, frames: int) -> None:
        """Frames of which only the number is known."""
        self.dropped += frames

    def write(self) -> bool:
        """Give everything to the operating system; False when there was nothing to give. Raises OSError."""
        files = self._open_files()
        waiting = any(file.pending for file in files)
        for file in files:
            file.flush()
            # A removed folder is made anew by the recorder; until then writing goes on into the files that are open.
            if not file.in_place() and self._folder.exists():
                file.mend()
        return waiting

    def sync(self) -> None:
        """What the operating system has goes to the disk. The one method that may run on another thread."""
        for part in self._parts[-1:]:
            part.sync()
        if self._list is not None:
            self._list.sync()

    def _open_files(self) -> Sequence[FilmFile | DroppedFile]:
        if self._list is None:
            self._list = DroppedFile(self._folder, self._ops)
            early, self._early = self._early, []
            for seq, t_s, reason in early:
                self._list.add(seq, t_s, reason)
        return (*self._parts[-1:], self._list)

    def mend(self) -> None:
        """After an OSError. Raises OSError."""
        if not self._folder.exists():
            with contextlib.suppress(FileExistsError):  # the recorder was quicker
                self._ops.make_folder(self._folder)
        for file in self._open_files():
            file.mend()
        self.write()

    def finish(self) -> None:
        """Everything to the disk, then the index. Raises OSError."""
        if not self._folder.exists():
            self.mend()
        for part in self._parts[-1:]:
            part.finish()
        self.write()
        self.sync()

    def close(self) -> None:
        """Let the handles go; what still waits in memory is gone, and counts as dropped. Does not raise."""
        for part in self._parts:
            self.dropped += part.added - part.frames
            part.close()
        if self._list is not None:
            self._list.close()

    def facts(self) -> Document:
        """What session.json tells of it."""
        return film_facts(self._parts, self.dropped)


def film_facts(parts: Sequence[FilmFile], dropped: int) -> Document:
    """The same words for a film that was closed and for one that was recovered."""
    tracks, ticks = [part.track for part in parts], [part.ticks for part in parts if part.frames]
    return {
        "container": "matroska",
        "files": [part.path.name for part in parts],
        "codecs": [track.codec for track in tracks],
        "width_px": tracks[0].width_px if tracks else None,
        "height_px": tracks[0].height_px if tracks else None,
        "frames": sum(part.frames for part in parts),
        "dropped": dropped,
        "first_s": round(ticks[0][0] * TICK_S, 4) if ticks else None,
        "last_s": round(ticks[-1][1] * TICK_S, 4) if ticks else None,
        "size_bytes": sum(part.size for part in parts),
    }
