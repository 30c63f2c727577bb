"""The film beside a recording: a thread of its own, so that neither analysis nor rows wait for a picture."""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from desktop_affect.core.types import Fault, Frame, Sample, Severity
from desktop_affect.session.header import Document
from desktop_affect.session.plan import FilmConsent
from desktop_affect.sinks.background_sync import BackgroundSync
from desktop_affect.sinks.film_inbox import FilmInbox, Shot
from desktop_affect.sinks.film_recording import FilmRecording
from desktop_affect.sinks.film_words import FilmOutside, FilmState

log = logging.getLogger(__name__)

STEP_S = 0.1
# Of the 15 s that closing a recording may take; what is left is for the rows.
CLOSE_DEADLINE_S = 9.0
_FINISH_TRIES = 4
# An encoder that is always a little too slow drops a frame now and then: one message is enough for a while.
QUIET_S = 60.0


@dataclass(frozen=True, slots=True)
class FilmStatus:
    """For whoever watches a recording."""

    mode: FilmConsent
    state: FilmState
    frames: int
    dropped: int
    size_bytes: int


class FilmRecorder:
    """`put` on the analysis thread, `stop` on any, the rest on the recorder's thread."""

    def __init__(self, mode: FilmConsent, live: bool, outside: FilmOutside) -> None:
        self._sync = BackgroundSync(outside.clock)
        outside = self._outside = replace(outside, sync=self._sync)
        self._inbox = FilmInbox(waits=not live)
        self._recording = FilmRecording(mode, self._inbox, outside)
        self._thread = threading.Thread(target=self._run, name="desktop-affect-film", daemon=True)
        self._told_s = -math.inf

    @property
    def status(self) -> FilmStatus:
        film = self._recording
        return FilmStatus(film.mode, film.state, film.frames, film.dropped, film.size_bytes)

    def begin(self, folder: Path, origin_of: Callable[[], float | None]) -> None:
        """The session's folder is there; `origin_of` tells its t_s = 0 once that is known."""
        self._recording.begin(folder, origin_of)
        self._thread.start()

    def put(self, sample: Sample, frame: Frame | None) -> None:
        """One captured frame. Never waits for a live source."""
        if self._inbox.put(Shot(sample, frame)):
            return
        now_s = self._outside.clock.now_s()
        if now_s - self._told_s > QUIET_S:
            message = f"The film cannot keep up: pictures are missing from frame {sample.seq} on."
            advice = "The numbers are not affected. Close other programs, or check the drive."
            self._outside.report(Fault(now_s, "film", Severity.WARNING, message, advice))
        self._told_s = now_s

    def stop(self, reason: str) -> None:
        """Keep no further picture; the numbers go on."""
        self._recording.stop(reason)

    def close(self) -> bool:
        """What waits goes into the film, which gets its index; False when the disk let it hang."""
        self._inbox.close()
        if self._thread.ident is None:
            self._sync.close()
            return True
        self._thread.join(CLOSE_DEADLINE_S)
        return not self._thread.is_alive()

    def facts(self) -> Document:
        return self._recording.facts()

    def _run(self) -> None:
        try:
            self._record()
        except Exception as error:
            log.exception("the film broke")
            message = "The film stopped because of an error in the application; the numbers are recorded on."
            fault = Fault(
                self._outside.clock.now_s(), "film", Severity.ERROR, message, "Please report it.", repr(error)
            )
            self._outside.report(fault)
            self._recording.stop("error")
            self._recording.abandon()
        finally:
            self._sync.close()
            self._inbox.close()

    def _record(self) -> None:
        while not self._inbox.closed:
            self._recording.step()
            self._inbox.wait(STEP_S)
        for _ in range(_FINISH_TRIES):
            if self._recording.finish():
                return
            time.sleep(STEP_S)
        self._recording.give_up()
