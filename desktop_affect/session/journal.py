"""The append-only writer of one session folder. No threads, no clock: whoever owns it says when to flush and sync.

Nothing a caller adds can fail, because it is first held in memory; `flush` gives it to the operating system, `sync`
to the disk, and both may raise OSError and be tried again. What stands on the disk is at every moment a valid session,
but for a torn last line.
"""

from __future__ import annotations

import contextlib
import logging
import math
import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from desktop_affect.core.errors import SessionError
from desktop_affect.core.types import NAN, Alert, ClockPair, Event, Fault, Marker, RunStart, Sample, Seen
from desktop_affect.session import format as fmt
from desktop_affect.session import header, rows
from desktop_affect.session.files import AppendFile, FileOps
from desktop_affect.session.header import BEGAN, Document, SessionState
from desktop_affect.session.naming import numbered, relative_folder
from desktop_affect.session.plan import SessionPlan

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Counts:
    """What the footer tells about the rows."""

    rows: int = 0
    faces: int = 0
    skipped: int = 0
    """Rows of frames that were captured but not looked at."""
    missing: int = 0
    """Frames without a row: the source lost them, or (`lost_rows`) the disk could not keep up."""
    lost_rows: int = 0
    markers: int = 0
    alerts: int = 0
    faults: int = 0
    next_seq: int | None = None
    first_s: float = NAN
    last_s: float = NAN

    def add(self, sample: Sample) -> bool:
        """Count a row; False when its time lies before that of the row before."""
        self.rows += 1
        self.faces += sample.face is not None
        self.skipped += sample.seen is Seen.SKIPPED
        if self.next_seq is not None:
            self.missing += max(0, sample.seq - self.next_seq)
        self.next_seq = sample.seq + 1
        if math.isnan(self.first_s):
            self.first_s = sample.t_s
        forward = not sample.t_s < self.last_s
        self.last_s = sample.t_s
        return forward

    def footer(self) -> Document:
        duration_s = self.last_s - self.first_s
        fps = (self.rows - 1) / duration_s if duration_s > 0 else NAN
        return {
            "rows": self.rows,
            "duration_s": header.finite(round(duration_s, 6)),
            "measured_fps": header.finite(round(fps, 3)),
            "faces": self.faces,
            "skipped": self.skipped,
            "missing": self.missing,
            "lost_rows": self.lost_rows,
            "markers": self.markers,
            "alerts": self.alerts,
            "faults": self.faults,
        }


def create_folder(plan: SessionPlan, local: datetime, ops: FileOps) -> Path:
    """Make the session's folder, with a name that is free. Raises SessionError in words."""
    relative = relative_folder(plan.template, plan.texts(), local)
    try:
        for name in numbered(relative):
            folder = plan.root.joinpath(*name.parts)
            try:
                ops.make_folder(folder)
            except FileExistsError:
                if not folder.exists():
                    raise  # something else than a folder stands in the way
                continue
            return folder
    except OSError as error:
        raise SessionError(
            f"No session can be recorded in “{plan.root}”: {error.strerror or error}.",
            advice="Check that the drive is there, has room, and that you may write to it, or choose another folder.",
            detail=str(error),
        ) from error
    raise SessionError(f"There are too many sessions called “{relative}”.", advice="Choose another name pattern.")


class Journal:
    """An open session folder. The constructor writes the header and raises OSError where that is not possible."""

    def __init__(self, folder: Path, plan: SessionPlan, start: RunStart, opened: ClockPair, ops: FileOps) -> None:
        self.folder = folder
        self.counts = Counts()
        self._alert_numbers: dict[int, int] = {}
        """The run's number of an alert, and the session's; no longer than the alerts are many."""
        self._ops = ops
        self._live = start.source.live
        self._opened_s = opened.monotonic_s
        self._document = header.opening_document(plan, start, opened)
        self._header_lock = threading.Lock()
        self._header_due = False
        """Not yet on the disk. A header is only ever replaced by one that the disk has, so that a power cut leaves the
        old one or the new one; what is newer than the old one also stands in the log."""
        self._files: list[AppendFile] = []
        try:
            self._write_header()
            # The log first: where there is a row, the log says what its t_s = 0 is.
            self._events = self._new_file(fmt.EVENTS_FILE)
            self._samples = self._new_file(fmt.SAMPLES_FILE, fmt.SAMPLE_NAMES)
            self._markers = self._new_file(fmt.MARKERS_FILE, fmt.MARKER_NAMES)
            self._alerts = self._new_file(fmt.ALERTS_FILE, fmt.ALERT_NAMES)
            self.flush()
        except OSError:
            self.close()
            raise
        self._printer: rows.RowPrinter | None = None
        self._origin_s = 0.0
        self._early: list[Event] = []
        self.rows_flushed = 0
        """Rows that the operating system has."""

    def _new_file(self, name: str, columns: tuple[str, ...] = ()) -> AppendFile:
        # Of all files the log is the one that others have least reason to open: it says that the session is alive.
        file = AppendFile(self.folder / name, self._ops, held=name == fmt.EVENTS_FILE)
        self._files.append(file)
        if columns:
            file.push(fmt.header_line(columns))
        return file

    @property
    def size_bytes(self) -> int:
        return sum(file.size for file in self._files)

    def sample(self, sample: Sample) -> None:
        """One row. The first one's capture time becomes t_s = 0."""
        printer = self._printer or self._begin(sample.t_s)
        before_s = self.counts.last_s
        self._samples.push(printer.line(sample))
        if not self.counts.add(sample):
            self.note("time_went_back", {"seq": sample.seq, "by_s": round(before_s - sample.t_s, 6)})

    def event(self, event: Event) -> None:
        """A marker, an alert or a fault; held until t_s = 0 is known."""
        if self._printer is None:
            self._early.append(event)
        elif isinstance(event, Marker):
            self.counts.markers += 1
            self._markers.push(rows.marker_line(event, self._origin_s))
        elif isinstance(event, Alert):
            self._alert(event)
        else:
            self._fault(event)

    def _alert(self, alert: Alert) -> None:
        """Counted from 1 in every session, whatever came before it in the run."""
        number = self._alert_numbers.setdefault(alert.number, len(self._alert_numbers) + 1)
        self.counts.alerts = len(self._alert_numbers)
        self._alerts.push(rows.alert_line(replace(alert, number=number), self._origin_s))

    def _fault(self, fault: Fault) -> None:
        self.counts.faults += 1
        # Offline, rows carry the film's time, to which the clock of a fault has no tie; the row number has.
        t_s = header.finite(round(fault.t_s - self._origin_s, 6)) if self._live else None
        self._event_line("fault", {"t_s": t_s, **rows.fault_facts(fault)})

    def note(self, kind: str, facts: Mapping[str, object]) -> None:
        """Something about the recording itself, for events.log."""
        self._event_line(kind, facts)

    def baseline(self, facts: Mapping[str, object]) -> None:
        """A baseline that the rows from here on were corrected by: its numbers into the log, its id into the header."""
        used = {name: facts[name] for name in ("id", "model", "origin", "measured_utc") if name in facts}
        known = self._document["baselines"]
        if all(one["id"] != used["id"] for one in known):
            self._document = {**self._document, "baselines": [*known, {**used, "from_row": self.counts.rows}]}
            self._header_due = True
        self.note("baseline", facts)

    def gap(self, lost_rows: int, first_seq: int, last_seq: int) -> None:
        """Rows that could not be kept."""
        self.counts.lost_rows += lost_rows
        self.note("gap", {"lost_rows": lost_rows, "first_seq": first_seq, "last_seq": last_seq})

    def _event_line(self, kind: str, facts: Mapping[str, object]) -> None:
        self._events.push(rows.event_line(kind, self.counts.rows, facts))

    def _begin(self, origin_s: float) -> rows.RowPrinter:
        self._origin_s = origin_s
        self._printer = printer = rows.RowPrinter(origin_s)
        self._document = header.with_origin(self._document, origin_s)
        self._header_due = True
        self.note(BEGAN, {"origin_s": origin_s})
        early, self._early = self._early, []
        for event in early:
            self.event(event)
        return printer

    def flush(self) -> None:
        """Give everything to the operating system. The header comes with the next sync: the disk may take seconds, and
        rows would wait behind it."""
        for file in self._files:
            file.flush()
        self.rows_flushed = self.counts.rows

    def sync(self) -> None:
        """Bring everything to the disk."""
        self.settle()
        self.sync_files()

    def settle(self) -> None:
        """Before a sync: an event that still waits for a first row waits no longer."""
        if self._early:
            self._begin(self._opened_s if self._live else 0.0)
        self.flush()

    def sync_files(self) -> None:
        """What the operating system has goes to the disk. The one method that may run on another thread."""
        for file in self._files:
            file.sync()
        if self._header_due:
            self._write_header()

    def _write_header(self) -> None:
        """The newest there is, whichever thread comes last."""
        with self._header_lock:
            # Before it is written: what changes meanwhile makes it due again.
            self._header_due = False
            try:
                self._ops.replace(self.folder / fmt.HEADER_FILE, header.to_text(self._document))
            except OSError:
                self._header_due = True
                raise

    def in_place(self) -> bool:
        """Whether the folder still leads to what is being written."""
        return all(file.in_place() for file in self._files)

    def try_again(self) -> None:
        """After an OSError: go on where it stopped, with the old handles if they still work. Raises OSError."""
        try:
            self.sync()
        except OSError:
            log.debug("the old handles no longer work", exc_info=True)
            self.heal()
            self.sync()

    def heal(self) -> None:
        """After an OSError or a removed folder: fresh handles, or the folder made anew from the open ones, so that
        nothing is lost. Raises OSError; may be tried again."""
        if not self.folder.exists():
            with contextlib.suppress(FileExistsError):  # the film's thread was quicker
                self._ops.make_folder(self.folder)
        for file in self._files:
            file.mend()
        self._write_header()

    @property
    def origin_s(self) -> float | None:
        """t_s = 0 on the monotonic clock; None until it is known. Any thread."""
        return None if self._printer is None else self._origin_s

    def finish(self, reason: str, ended: ClockPair, film: Document | None = None) -> None:
        """Everything to the disk, then the footer. Raises OSError; may be tried again."""
        self.sync()
        if film is not None:
            self._document = {**self._document, "film": film}
        footer = {"reason": reason, **self.counts.footer()}
        self._document = header.completed(self._document, SessionState.CLOSED, footer, ended)
        self._write_header()

    def close(self) -> None:
        """Let the handles go. Does not raise."""
        for file in self._files:
            file.close()
