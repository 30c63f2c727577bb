"""The recorder: a sink that keeps every sample and event in a session folder.

It has a thread of its own, which owns the file handles, and one more that only waits for the disk. The analysis only
appends to a list under a lock, and never waits. `inbox.py` says what happens when the disk is behind, `recording.py`
what happens when it fails.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from desktop_affect.core.errors import SessionError
from desktop_affect.core.ports import Clock
from desktop_affect.core.types import ClockPair, Event, Fault, Frame, RunStart, Sample, Severity
from desktop_affect.session.files import DiskOps, FileOps
from desktop_affect.session.header import Document
from desktop_affect.session.matroska import schema
from desktop_affect.session.naming import check_template
from desktop_affect.session.plan import FilmConsent, SessionPlan
from desktop_affect.sinks.background_sync import BackgroundSync
from desktop_affect.sinks.film_encoder import MakeEncoder, encoders
from desktop_affect.sinks.film_recorder import FilmRecorder, FilmStatus
from desktop_affect.sinks.film_words import FilmOutside
from desktop_affect.sinks.inbox import BASELINE_NOTE, ROOM_ROWS, Inbox, Note
from desktop_affect.sinks.recording import STEP_S, Outside, RecorderState, Recording
from desktop_affect.system.clock import clock_pair

log = logging.getLogger(__name__)

# Stopping waits this long for a slow disk; a disk that fails is tried a few times within it.
CLOSE_DEADLINE_S = 15.0
_FINISH_TRIES = 4


class Recorder:
    """A `Sink`. `open` returns at once: the folder is made on the recorder's thread, and a folder that cannot be made
    is a fault (through `report`, on any thread) with the state FAILED."""

    name = "recorder"

    def __init__(
        self,
        plan: SessionPlan,
        *,
        clock: Clock,
        report: Callable[[Fault], None],
        ops: FileOps | None = None,
        read_clocks: Callable[[], ClockPair] | None = None,
        baseline_of: Callable[[], Mapping[str, object] | None] = lambda: None,
        film_encoders: tuple[MakeEncoder, ...] = encoders(),
    ) -> None:
        """`baseline_of`: the baseline in force, as `Baseline.to_dict` gives it; asked for on the analysis thread when
        the rows' `baseline_id` changes, and written into the log."""
        check_template(plan.template)
        if plan.consent.film is not FilmConsent.NONE:
            schema()  # a busy computer may take a second for it, which the film's first pictures do not have
        self._plan = plan
        self._outside = Outside(ops or DiskOps(), clock, read_clocks or (lambda: clock_pair(clock)), report)
        self._film_encoders = film_encoders
        self._film: FilmRecorder | None = None
        self._late: list[Fault] = []
        """Of the film, told when the inbox was closed already."""
        self._recording: Recording | None = None
        self._inbox = Inbox(waits=False)
        self._thread: threading.Thread | None = None
        self._baseline_of = baseline_of
        self._baseline_id = ""
        self._refusing = False
        self._cancelled = False
        """Closed, possibly before the analysis thread got round to opening it."""
        self._ready = threading.Event()

    @property
    def state(self) -> RecorderState:
        return self._recording.state if self._recording else RecorderState.IDLE

    @property
    def folder(self) -> Path | None:
        """None until it is made (see `wait_open`)."""
        return self._recording.folder if self._recording else None

    @property
    def rows_written(self) -> int:
        """Rows that the operating system has: they survive the death of this process."""
        return self._recording.rows_written if self._recording else 0

    @property
    def lost_rows(self) -> int:
        return self._recording.lost_rows if self._recording else 0

    @property
    def size_bytes(self) -> int:
        return self._recording.size_bytes if self._recording else 0

    @property
    def free_bytes(self) -> int:
        """Room on the session's drive, as of the last five seconds; 0 when not known."""
        return self._recording.free_bytes if self._recording else 0

    @property
    def film(self) -> FilmStatus | None:
        """None without one."""
        return self._film.status if self._film else None

    def open(self, start: RunStart) -> None:
        if self._recording is not None:
            raise SessionError("A recorder records one session.", advice="Start a new recording.")
        if self._cancelled:
            log.info("the recording was stopped before it began")
            return
        self._inbox = Inbox(waits=not start.source.live)
        sync = BackgroundSync(self._outside.clock)
        film = self._film = self._make_film(start.source.live)
        outside = replace(self._outside, sync=sync, stop_film=film.stop if film else None)
        self._recording = Recording(self._plan, start, self._inbox, outside)
        self._thread = threading.Thread(
            target=self._run, args=(self._recording, sync), name="desktop-affect-recorder", daemon=True
        )
        self._thread.start()

    def _make_film(self, live: bool) -> FilmRecorder | None:
        mode = self._plan.consent.film
        if mode is FilmConsent.NONE:
            return None
        outside = self._outside
        return FilmRecorder(mode, live, FilmOutside(outside.ops, outside.clock, self._film_fault, self._film_encoders))

    def wait_open(self, timeout_s: float) -> bool:
        """Until the folder is made; False when it could not be made, or not in time."""
        self._ready.wait(timeout_s)
        return self.folder is not None

    def on_sample(self, sample: Sample, frame: Frame | None) -> None:
        if sample.baseline_id != self._baseline_id:
            self._note_baseline(sample.baseline_id)
        if self._film is not None:
            self._film.put(sample, frame)
        if self._inbox.put(sample):
            self._refusing = False
        elif not self._refusing:
            self._refusing = True
            self._tell(
                Severity.WARNING,
                f"The disk has stood still for so long that rows are being lost (from frame {sample.seq} on).",
                f"{ROOM_ROWS} rows wait in memory and are safe if the disk comes back. Check the drive.",
            )

    def _note_baseline(self, baseline_id: str) -> None:
        self._baseline_id = baseline_id
        document = self._baseline_of() if baseline_id else None
        if document is not None and document.get("id") == baseline_id:
            self._inbox.put_event(Note(BASELINE_NOTE, dict(document)))

    def on_event(self, event: Event) -> None:
        if isinstance(event, Fault) and event.where in (self.name, "film"):
            return  # our own, which is in the log already, come round through the fan-out
        self._inbox.put_event(event)

    def close(self) -> None:
        self._cancelled = True
        self._inbox.close()
        thread = self._thread
        if thread is None or not thread.is_alive():
            return
        thread.join(CLOSE_DEADLINE_S)
        if thread.is_alive():
            advice = "What was written is whole: “desktop-affect recover” closes the session."
            self._tell(Severity.ERROR, "The disk did not let the recording finish in time.", advice)

    def _run(self, recording: Recording, sync: BackgroundSync) -> None:
        try:
            self._record(recording)
        except Exception as error:
            recording.state = RecorderState.FAILED
            log.exception("the recorder broke")
            advice = "What was written is whole. Start a new recording, and please report this with the details."
            self._tell(Severity.ERROR, "Recording stopped because of an error in the application.", advice, repr(error))
        finally:
            if self._film is not None:
                self._film.close()
            sync.close()
            self._inbox.close()
            self._ready.set()

    def _record(self, recording: Recording) -> None:
        if not recording.begin():
            return
        if self._film is not None and recording.folder is not None:
            self._film.begin(recording.folder, lambda: recording.origin_s)
        self._ready.set()
        while not self._inbox.closed and not recording.full:
            recording.step()
            self._inbox.wait(STEP_S)
        self._inbox.close()
        film = self._finish_film(recording)
        for _ in range(_FINISH_TRIES):
            if recording.finish(film):
                return
            time.sleep(STEP_S)
        recording.give_up()

    def _finish_film(self, recording: Recording) -> Document | None:
        """The film first: its facts stand in the session's footer."""
        if self._film is None:
            return None
        recording.step()  # what waits is safe before the film takes its time
        if not self._film.close():
            message = "The disk did not let the film finish in time; what was written plays."
            self._film_fault(Fault(self._outside.clock.now_s(), "film", Severity.WARNING, message))
        late, self._late = self._late, []
        for fault in late:
            recording.log(fault)
        return self._film.facts()

    def _film_fault(self, fault: Fault) -> None:
        """Into the session's log, which the fan-out would reach too late, and to the person. Any thread."""
        if self._inbox.closed:
            self._late.append(fault)
        else:
            self._inbox.put_event(fault)
        self._outside.report(fault)

    def _tell(self, severity: Severity, message: str, advice: str, detail: str = "") -> None:
        fault = Fault(self._outside.clock.now_s(), self.name, severity, message, advice, detail)
        self._inbox.put_event(fault)
        self._outside.report(fault)
