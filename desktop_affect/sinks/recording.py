"""What the recorder's thread does, step by step and without the thread, so that tests can walk through it.

    OPENING --folder made--> RECORDING <--disk fails / takes data again--> WAITING
       |                         | \\_______________ finish _______________/ |
       v                         v                                          v
    FAILED                    CLOSED                                     FAILED (the rest never reached the disk)

While WAITING, rows stay in the inbox and what was half written goes on where it stopped: nothing is lost until the
inbox is full, and from then on every lost row is counted and written down as a gap.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from pathlib import Path

from desktop_affect.core.errors import SessionError, SettingsError
from desktop_affect.core.ports import Clock
from desktop_affect.core.types import NAN, ClockPair, Fault, RunStart, Sample, Severity
from desktop_affect.session.baselines import BaselineStore
from desktop_affect.session.files import FileOps
from desktop_affect.session.guard import DiskGuard, Room, in_words
from desktop_affect.session.header import Document
from desktop_affect.session.journal import Journal, create_folder
from desktop_affect.session.plan import SessionPlan
from desktop_affect.signals.baseline import Baseline
from desktop_affect.sinks.background_sync import AtOnce, Sync
from desktop_affect.sinks.inbox import BASELINE_NOTE, Delivery, Inbox, Note
from desktop_affect.system.clock_watch import JUMP_S

log = logging.getLogger(__name__)

# Rows reach the operating system every step and the disk every second one, so a kill costs a quarter of a second and a
# power cut half of one; the promise is half a second and one second.
STEP_S = 0.25
SYNC_STEPS = 2
RETRY_STEPS = 4
GUARD_STEPS = 20
# What a person would call "the disk hung".
SLOW_S = 2.0


class RecorderState(Enum):
    """See the module's text."""

    IDLE = "idle"
    OPENING = "opening"
    RECORDING = "recording"
    WAITING = "waiting"
    CLOSED = "closed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Outside:
    """What the recording needs of the world."""

    ops: FileOps
    clock: Clock
    read_clocks: Callable[[], ClockPair]
    report: Callable[[Fault], None]
    sync: Sync = field(default_factory=AtOnce)
    stop_film: Callable[[str], None] | None = None
    """None without a film."""


class Recording:
    """One session from its folder to its footer. All methods on one thread; the attributes may be read from any."""

    def __init__(self, plan: SessionPlan, start: RunStart, inbox: Inbox, outside: Outside) -> None:
        self._plan = plan
        self._start = start
        self._inbox = inbox
        self._outside = outside
        self._guard = DiskGuard(outside.stop_film is not None)
        self._journal: Journal | None = None
        self._steps = 0
        self._reason = "stopped"
        self._apart_s = NAN
        """The time of day less the monotonic clock, when they were last read."""
        self._early: list[Fault] = []
        self.state = RecorderState.OPENING
        self.full = False
        """The drive has no room left: finish now."""

    @property
    def folder(self) -> Path | None:
        return self._journal.folder if self._journal else None

    @property
    def rows_written(self) -> int:
        """Rows that the operating system has."""
        return self._journal.rows_flushed if self._journal else 0

    @property
    def lost_rows(self) -> int:
        return self._journal.counts.lost_rows if self._journal else 0

    @property
    def size_bytes(self) -> int:
        return self._journal.size_bytes if self._journal else 0

    @property
    def free_bytes(self) -> int:
        """Room on the drive when it was last looked at."""
        return self._guard.free_bytes

    def begin(self) -> bool:
        """Make the folder and the header; False, with a fault, when that is not possible."""
        try:
            self._journal = self._open()
        except SessionError as error:
            self.state = RecorderState.FAILED
            self._report(Severity.ERROR, error.message, error.advice, error.detail)
            return False
        for fault in self._early:
            self._journal.event(fault)
        self.state = RecorderState.RECORDING
        return True

    def _open(self) -> Journal:
        self._check_room_before()
        opened = self._outside.read_clocks()
        self._apart_s = datetime.fromisoformat(opened.wall_utc).timestamp() - opened.monotonic_s
        local = datetime.fromisoformat(opened.wall_utc).astimezone()
        folder = create_folder(self._plan, local, self._outside.ops)
        try:
            return Journal(folder, self._plan, self._start, opened, self._outside.ops)
        except OSError as error:
            raise SessionError(
                f"The session in “{folder}” cannot be written: {_why(error)}.",
                advice="Check the drive, or choose another folder.",
                detail=str(error),
            ) from error

    def _check_room_before(self) -> None:
        root = self._plan.root.absolute()
        there = next((place for place in (root, *root.parents) if place.exists()), root)
        self._look_at(there)
        if self.full:
            raise SessionError(
                f"There is no room for a session on the drive of “{root}”.",
                advice="Free some space, or choose another folder.",
            )

    def step(self) -> None:
        """One round: what waits goes to the operating system, to the disk when it is time."""
        self._steps += 1
        if self.state is RecorderState.WAITING and self._steps % RETRY_STEPS:
            return
        began_s = self._outside.clock.now_s()
        try:
            self._round(self._opened())
        except OSError as error:
            self._wait_for_disk(error)
            return
        self._note_slow(max(self._outside.clock.now_s() - began_s, self._outside.sync.take_time_s()))

    def _round(self, journal: Journal) -> None:
        if self.state is RecorderState.WAITING:
            journal.try_again()
            self._resume(journal)
        self._write(journal, self._inbox.take())
        if self._steps % SYNC_STEPS == 0:
            self._settle(journal)
        if self._steps % GUARD_STEPS == 0:
            self._look_at(journal.folder)
            self._look_at_clocks(journal)

    def _write(self, journal: Journal, delivery: Delivery) -> None:
        for item in delivery.items:
            if isinstance(item, Sample):
                journal.sample(item)
            elif isinstance(item, Note):
                self._note(journal, item)
            else:
                journal.event(item)
        if delivery.gap is not None:
            journal.gap(delivery.gap.rows, delivery.gap.first_seq, delivery.gap.last_seq)
        if delivery.lost_events:
            journal.note("lost_events", {"count": delivery.lost_events})
        journal.flush()
        if delivery.gap is not None:
            self._report(Severity.WARNING, f"{delivery.gap.rows} rows were lost: the disk stood still for too long.")

    def _note(self, journal: Journal, note: Note) -> None:
        if note.kind != BASELINE_NOTE:
            journal.note(note.kind, note.facts)
            return
        measured_utc = str(note.facts.get("measured_utc") or self._outside.read_clocks().wall_utc)
        journal.baseline({**note.facts, "measured_utc": measured_utc})
        if self._plan.participant.strip():
            self._keep_baseline(note.facts, measured_utc)

    def _keep_baseline(self, facts: Mapping[str, object], measured_utc: str) -> None:
        """For the participant's next session. A disk that refuses it costs nothing of this one."""
        store = BaselineStore(self._plan.root)
        try:
            store.keep(Baseline.from_dict(facts), self._plan.study, self._plan.participant, measured_utc)
        except (SessionError, SettingsError) as error:
            self._report(Severity.WARNING, error.message, error.advice, error.detail)

    def _settle(self, journal: Journal) -> None:
        if not journal.in_place():
            journal.heal()
            journal.note("folder_restored", {})
            message = f"The session's folder was removed or moved while recording; it is back at “{journal.folder}”."
            self._report(Severity.WARNING, message, "Nothing was lost. Leave the folder alone until the session ends.")
        journal.settle()
        self._outside.sync(journal.sync_files)

    def _wait_for_disk(self, error: OSError) -> None:
        if self.state is not RecorderState.RECORDING:
            return
        self.state = RecorderState.WAITING
        self._report(
            Severity.WARNING,
            f"The session cannot be written at the moment: {_why(error)}. Rows wait in memory.",
            f"Check the drive of “{self.folder}”. Recording goes on by itself; memory lasts for two minutes.",
            f"{type(error).__name__}: {error}",
        )

    def _resume(self, journal: Journal) -> None:
        self.state = RecorderState.RECORDING
        journal.note("resumed", {})
        self._report(Severity.NOTICE, "The session is being written again.")

    def _note_slow(self, took_s: float) -> None:
        if took_s > SLOW_S:
            self._opened().note("slow_disk", {"stood_still_s": round(took_s, 3)})
            self._report(Severity.NOTICE, f"The disk stood still for {took_s:.1f} s; nothing was lost.")

    def _look_at_clocks(self, journal: Journal) -> None:
        """Rows keep to the monotonic clock whatever happens. When the time of day left it (somebody set it, or the
        computer slept on a system whose monotonic clock sleeps too), the log says from which row on, and how far."""
        pair = self._outside.read_clocks()
        apart_s = datetime.fromisoformat(pair.wall_utc).timestamp() - pair.monotonic_s
        by_s, self._apart_s = apart_s - self._apart_s, apart_s
        if abs(by_s) > JUMP_S:
            facts = {"by_s": round(by_s, 3), "monotonic_s": pair.monotonic_s, "wall_utc": pair.wall_utc}
            journal.note("clock_jump", facts)

    def _look_at(self, place: Path) -> None:
        try:
            free_bytes = self._outside.ops.free_bytes(place)
        except OSError as error:
            log.info("the free space of %s is not known: %s", place, error)
            return
        room = self._guard.look(free_bytes)
        free = in_words(free_bytes)
        films = self._outside.stop_film
        if room is Room.LOW:
            message = f"Only {free} are free on the drive of the session."
            below = (
                "at 200 MB the session is closed" if films is None else "at 1 GB the film stops, at 200 MB the session"
            )
            self._report(Severity.WARNING, message, f"Free some space; {below}.")
        elif room is Room.NO_FILM and films is not None:
            films("disk_low")
            message = f"The film stopped, to leave room for the numbers: only {free} are free. They are recorded on."
            self._report(Severity.WARNING, message, "Free some space; at 200 MB the session is closed.")
        elif room is Room.NONE:
            self.full, self._reason = True, "disk_full"
            message = f"The drive is full ({free} left): nothing more is recorded; what was recorded is kept."
            self._report(Severity.ERROR, message, "Free some space and start a new session.")

    @property
    def origin_s(self) -> float | None:
        """t_s = 0 on the monotonic clock; None until it is known."""
        return self._journal.origin_s if self._journal else None

    def log(self, fault: Fault) -> None:
        """A fault that was told already, into the session's log."""
        self._opened().event(fault)

    def finish(self, film: Document | None = None) -> bool:
        """What waits, then the footer. False when the disk did not take it; may be tried again."""
        journal = self._opened()
        try:
            if self.state is RecorderState.WAITING:
                journal.try_again()
            self._write(journal, self._inbox.take())
            if not journal.in_place():
                self._settle(journal)
            journal.finish(self._reason, self._outside.read_clocks(), film)
        except OSError as error:
            self._wait_for_disk(error)
            return False
        journal.close()
        self.state = RecorderState.CLOSED
        return True

    def give_up(self) -> None:
        """The disk never came back: say what is missing and let the handles go."""
        journal, self.state = self._opened(), RecorderState.FAILED
        missing = journal.counts.rows - journal.rows_flushed + self._inbox.waiting_rows
        self._report(
            Severity.ERROR,
            f"The session in “{journal.folder}” could not be closed; its last {missing} rows are missing.",
            "What was written before is whole: “desktop-affect recover” closes the session.",
        )
        journal.close()

    def _opened(self) -> Journal:
        if self._journal is None:
            raise AssertionError("the recording was not begun")
        return self._journal

    def _report(self, severity: Severity, message: str, advice: str = "", detail: str = "") -> None:
        """To the person, and into the log of the session, which the fan-out would reach too late or not at all."""
        fault = Fault(self._outside.clock.now_s(), "recorder", severity, message, advice, detail)
        if self._journal is not None:
            self._journal.event(fault)
        else:
            self._early.append(fault)
        self._outside.report(fault)


def _why(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
