"""What the film's thread does, step by step and without the thread, so that tests can walk through it.

    OPENING --first row--> RECORDING <--disk fails / takes data again--> WAITING
                               |  \\______________ stop ________________/
                               v                    v
                             CLOSED <--finish-- STOPPED (no room, or no encoder works)

Every captured frame ends up in the film or, with the reason, in the list of dropped frames. Nothing that goes wrong
here reaches the rows: they have their own thread and their own files.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from pathlib import Path

from desktop_affect import __version__
from desktop_affect.core.types import NAN, Fault, Frame, Sample, Seen, Severity
from desktop_affect.session.film_disk import FilmDisk
from desktop_affect.session.header import Document
from desktop_affect.session.matroska import TICK_S
from desktop_affect.session.plan import FilmConsent
from desktop_affect.sinks.film_group import Group, Grouper, Taken
from desktop_affect.sinks.film_inbox import FilmInbox, Shot
from desktop_affect.sinks.film_words import Drop, FilmOutside, FilmState

log = logging.getLogger(__name__)

# Pictures reach the operating system in groups of so much film: a kill costs one group and what is being encoded.
GROUP_S = 0.8
_GROUP_TICKS = round(GROUP_S / TICK_S)
RETRY_S = 1.0
# An encoder that fails so often in a row will not work the next time either.
MOST_FAILURES = 5


class FilmRecording:
    """One film from its first group to its index. All methods on the film's thread but those that say otherwise."""

    def __init__(self, mode: FilmConsent, inbox: FilmInbox, outside: FilmOutside) -> None:
        self.state = FilmState.OPENING
        self.mode = mode
        self._inbox = inbox
        self._outside = outside
        self._grouper = Grouper(mode, outside.encoders)
        self._disk: FilmDisk | None = None
        self._origin_of: Callable[[], float | None] = lambda: None
        self._origin_s = 0.0
        self._stop_reason: str | None = None
        self._failures = 0
        self._group_began_s = self._tried_s = NAN
        self._last_ticks = -1

    @property
    def frames(self) -> int:
        """Pictures in the film. Any thread."""
        return self._disk.frames if self._disk else 0

    @property
    def dropped(self) -> int:
        """Any thread."""
        return self._disk.dropped if self._disk else 0

    @property
    def size_bytes(self) -> int:
        """Any thread."""
        return self._disk.size_bytes if self._disk else 0

    def begin(self, folder: Path, origin_of: Callable[[], float | None]) -> None:
        """Where the session is, and what tells its t_s = 0 as soon as that is known. Recorder's thread, once."""
        self._origin_of = origin_of
        self._grouper.folder = folder
        self._disk = FilmDisk(folder, f"Desktop Affect {__version__}", self._outside.ops)

    def stop(self, reason: str) -> None:
        """Keep no further picture; the rest of the session goes on. Any thread."""
        self._stop_reason = self._stop_reason or reason

    def step(self) -> None:
        """One round: what waits goes into the film, whole groups to the disk."""
        disk = self._opened()
        if disk is None:
            return
        if self.state is FilmState.WAITING:
            self._try_again(disk)
        self._obey_stop(disk)
        self._list_refused(disk)
        while (shot := self._inbox.take()) is not None:
            self._obey_stop(disk)  # where pictures come faster than they are stored, this loop has no end
            self._shot(disk, shot)
        if self._grouper.first_ticks is not None and self._now_s() - self._group_began_s >= GROUP_S:
            self._end_group(disk)
        self._write(disk)

    def _write(self, disk: FilmDisk) -> None:
        """To the operating system now; to the disk when it can, because waiting would hold up the next group."""
        if self.state is not FilmState.WAITING:
            self._to_disk(lambda: self._outside.sync(disk.sync) if disk.write() else None)

    def _opened(self) -> FilmDisk | None:
        if self._disk is None:
            return None
        if self.state is FilmState.OPENING:
            origin_s = self._origin_of()
            if origin_s is None:
                return None
            self._origin_s, self.state = origin_s, FilmState.RECORDING
        return self._disk

    def _obey_stop(self, disk: FilmDisk) -> None:
        if self._stop_reason is not None and self.state in (FilmState.RECORDING, FilmState.WAITING):
            self._end_group(disk)
            self._to_disk(disk.finish)
            self.state = FilmState.STOPPED

    def _shot(self, disk: FilmDisk, shot: Shot) -> None:
        sample, frame = shot.sample, shot.frame
        t_s = sample.t_s - self._origin_s
        taken = Taken(sample.seq, t_s, round(t_s / TICK_S))
        reason = self._why_not(shot, taken)
        if reason is None and self._is_full(taken):
            self._end_group(disk)
            reason = self._why_not(shot, taken)  # ending it may have found the disk or the encoder gone
        if reason is not None or frame is None:
            disk.drop(taken.seq, t_s, (reason or Drop.SKIPPED).value)
        else:
            self._encode(disk, taken, frame, sample)

    def _is_full(self, taken: Taken) -> bool:
        first = self._grouper.first_ticks
        return first is not None and taken.ticks - first >= _GROUP_TICKS

    def _why_not(self, shot: Shot, taken: Taken) -> Drop | None:
        if self.state is FilmState.WAITING:
            return Drop.DISK
        if self.state is not FilmState.RECORDING:
            return Drop.STOPPED
        unknown = self.mode is FilmConsent.FACE and shot.sample.seen is Seen.SKIPPED
        if shot.frame is None or unknown:
            return Drop.SKIPPED
        return Drop.TIME if taken.ticks <= self._last_ticks or taken.ticks < 0 else None

    def _encode(self, disk: FilmDisk, taken: Taken, frame: Frame, sample: Sample) -> None:
        if self._grouper.first_ticks is None:
            self._group_began_s = self._now_s()
        self._last_ticks = taken.ticks
        try:
            self._grouper.take(taken, frame.pixels, sample)
        except Exception as error:  # noqa: BLE001  whatever an encoder raises, the rows and the rest of the film go on
            self._encoder_failed(disk, error)
        for why in self._grouper.take_refusals():
            message = "The film is stored in the robust form: the compact one is not to be had here."
            self._report(Severity.NOTICE, message, "Nothing is missing; the film needs more room.", why)

    def _end_group(self, disk: FilmDisk) -> None:
        try:
            group = self._grouper.end()
        except Exception as error:  # noqa: BLE001  see _encode
            self._encoder_failed(disk, error)
            return
        self._keep(disk, group)

    def _keep(self, disk: FilmDisk, group: Group) -> None:
        _drop_all(disk, group.failed, Drop.ENCODER)
        if group.track is None:
            return
        try:
            disk.add(group.track, group.packets)
        except OSError as error:
            _drop_all(disk, group.done, Drop.DISK)
            self._wait_for_disk(error)
            return
        self._failures = 0
        self._write(disk)

    def _encoder_failed(self, disk: FilmDisk, error: Exception) -> None:
        log.info("the film's encoder failed", exc_info=error)
        group, further = self._grouper.give_up()
        failures = 0 if further else self._failures + 1
        self._keep(disk, group)
        self._failures = failures
        detail = f"{type(error).__name__}: {error}"
        if failures >= MOST_FAILURES:
            self.stop("encoder")
            message = "The film stopped: its pictures cannot be stored. The numbers are recorded on."
            self._report(Severity.ERROR, message, "Please report this with the details.", detail)
            self._obey_stop(disk)
        elif further or failures == 1:
            message = "An encoder of the film failed: some pictures are missing, and the film goes on."
            self._report(Severity.WARNING, message, "Nothing to do: the numbers are not affected.", detail)

    def _list_refused(self, disk: FilmDisk) -> None:
        refused = self._inbox.take_refused()
        for stamp in refused.stamps:
            disk.drop(stamp.seq, stamp.t_s - self._origin_s, Drop.QUEUE.value)
        disk.drop_unlisted(refused.unlisted)

    def _to_disk(self, work: Callable[[], object]) -> bool:
        try:
            work()
        except OSError as error:
            self._wait_for_disk(error)
            return False
        return True

    def _wait_for_disk(self, error: OSError) -> None:
        self._tried_s = self._now_s()
        if self.state is not FilmState.RECORDING:
            return
        self.state = FilmState.WAITING
        self._report(
            Severity.WARNING,
            f"The film cannot be written at the moment: {(error.strerror or str(error)).lower()}. "
            "The numbers are recorded on; pictures are missing until the disk takes data again.",
            "Check the drive of the session.",
            f"{type(error).__name__}: {error}",
        )

    def _try_again(self, disk: FilmDisk) -> None:
        if self._now_s() - self._tried_s >= RETRY_S and self._to_disk(disk.mend):
            self.state = FilmState.RECORDING
            self._report(Severity.NOTICE, "The film is being written again.")

    def finish(self) -> bool:
        """What waits, then the index. False when the disk did not take it; may be tried again."""
        if self._disk is None or self.state is FilmState.CLOSED:
            return True
        if self.state is FilmState.OPENING:
            self._origin_s, self.state = self._origin_of() or 0.0, FilmState.RECORDING
        self.step()
        self._end_group(self._disk)
        if self.state is FilmState.WAITING and not self._to_disk(self._disk.mend):
            return False
        if not self._to_disk(self._disk.finish):
            return False
        self._close(self._disk)
        if self.dropped:
            message = f"The film lacks {self.dropped} of {self.frames + self.dropped} frames; a list lies beside it."
            self._report(Severity.NOTICE, message)
        return True

    def give_up(self) -> None:
        """The disk never came back: let the handles go."""
        if self._disk is not None and self.state is not FilmState.CLOSED:
            self._close(self._disk)
            message = "The film could not be closed; what reached the disk plays."
            self._report(Severity.WARNING, message, "“desktop-affect recover” repairs its index.")

    def abandon(self) -> None:
        """After an error of our own: only let the handles go. What the operating system has plays."""
        if self._disk is not None and self.state is not FilmState.CLOSED:
            self._close(self._disk)

    def _close(self, disk: FilmDisk) -> None:
        disk.close()
        self._grouper.close()
        self.state = FilmState.CLOSED

    def facts(self) -> Document:
        """For session.json. Any thread, when the film is finished."""
        facts = self._disk.facts() if self._disk else {}
        return {"mode": self.mode.value, **facts, "encoders": list(self._grouper.names), "stopped": self._stop_reason}

    def _now_s(self) -> float:
        return self._outside.clock.now_s()

    def _report(self, severity: Severity, message: str, advice: str = "", detail: str = "") -> None:
        self._outside.report(Fault(self._now_s(), "film", severity, message, advice, detail))


def _drop_all(disk: FilmDisk, frames: Iterable[Taken], why: Drop) -> None:
    for taken in frames:
        disk.drop(taken.seq, taken.t_s, why.value)
