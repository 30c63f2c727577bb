"""The only place that chooses: builds the parts from the settings and wires them into a run.

Importing this module is cheap; building a run imports what the run needs (OpenCV, MediaPipe, a runtime), so a window
builds it on a worker thread.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from desktop_affect import __version__
from desktop_affect.core.errors import AffectError, ModelError, SessionError, SettingsError
from desktop_affect.core.ports import AffectModel, Clock, FrameSource, Sink
from desktop_affect.core.settings import Settings, to_document
from desktop_affect.core.types import Fault, Severity
from desktop_affect.pipeline.analysis import AnalysisParts
from desktop_affect.pipeline.engine import Engine, EngineParts
from desktop_affect.pipeline.replay import Replay
from desktop_affect.sinks.baseline_desk import BaselineDesk, tell
from desktop_affect.system.clock import MonotonicClock, clock_pair

if TYPE_CHECKING:
    from pathlib import Path

    from desktop_affect.session.plan import SessionPlan
    from desktop_affect.session.reader import Session
    from desktop_affect.signals.baseline import Baseline
    from desktop_affect.signals.chain import SignalChain
    from desktop_affect.sinks.recorder import Recorder

log = logging.getLogger(__name__)

# While a film is recorded: what the analysis skips is mostly a frame or two; 64 MB are 23 at 720p.
SKIPPED_PICTURES_BYTES = 64_000_000


@dataclass(frozen=True, slots=True)
class RunPlan:
    """What somebody wants to run."""

    source: str = "demo"
    """`demo`, `camera`, `camera:ID` or the path of a film."""
    live: bool = True
    """Frames in their own time, dropped when late; otherwise every frame, as fast as possible (films only)."""
    loop: bool = False
    """Films and the demo begin again at their end."""
    session: SessionPlan | None = None
    """Record into a session."""
    participant: SessionPlan | None = None
    """Without recording: whose kept baseline is used."""
    overlap: bool = True
    """Read and analyse at the same time, on two cores; off where other films keep the other cores busy."""


class Run:
    """An engine with what belongs to it."""

    def __init__(self, engine: Engine, clock: Clock, signals: SignalChain | None = None) -> None:
        self.engine = engine
        self.clock = clock
        self.signals = signals
        """None for a run with signals of its own (tests). Read its `calibration` and `baseline` from any thread."""
        self.recorder: Recorder | None = None
        self.session_names = ""
        """A pattern or the name of a preset (session/naming.py), for plans that have none of their own."""
        self.compact_films = False
        """Films by the encoder of the operating system; for the recordings that begin from now on."""
        self._plan: SessionPlan | None = None
        self._desk = BaselineDesk()
        if signals is not None:
            signals.on_measured = self._desk.note_measured

    def begin_calibration(self) -> None:
        """Measure the participant's neutral face from the next frame on; progress is in `signals.calibration`."""
        if self.signals is not None:
            self.engine.call(self.signals.begin_calibration)

    def cancel_calibration(self) -> None:
        if self.signals is not None:
            self.engine.call(self.signals.cancel_calibration)

    def use_baseline_of(self, plan: SessionPlan) -> None:
        """Correct by a baseline that is kept for this participant, as the plan asks; what was measured since the last
        session counts as theirs. Reads files. Raises SessionError in words for an id that the participant lacks."""
        if self.signals is None:
            return
        choice = self._desk.choose(plan, self.signals.baseline)
        if not choice.keep:
            self.engine.call(partial(self.signals.offer_baselines, choice.offered))
        tell(choice, self.clock.now_s(), self.engine.publish)

    def record(self, plan: SessionPlan) -> Recorder:
        """Record from the next frame on, with the participant's baseline. Raises AffectError in words."""
        from desktop_affect.session.naming import DEFAULT_TEMPLATE, PRESETS
        from desktop_affect.session.plan import FilmConsent
        from desktop_affect.sinks.film_encoder import encoders
        from desktop_affect.sinks.recorder import Recorder

        if plan.template == DEFAULT_TEMPLATE:
            plan = replace(plan, template=PRESETS.get(self.session_names, self.session_names))
        self.use_baseline_of(plan)
        self._plan = plan
        self.recorder = Recorder(
            plan,
            clock=self.clock,
            report=self.engine.publish,
            baseline_of=self._baseline_document,
            film_encoders=encoders(self.compact_films),
        )
        filmed = plan.consent.film is not FilmConsent.NONE
        self.engine.keep_skipped_pictures(SKIPPED_PICTURES_BYTES if filmed else 0)
        self.engine.add_sink(self.recorder)
        return self.recorder

    def _baseline_document(self) -> Mapping[str, object] | None:
        return self._desk.document(None if self.signals is None else self.signals.baseline)

    def stop_recording(self) -> None:
        """Close the session; waits until it is on disk."""
        if self.recorder is not None:
            self.engine.remove_sink(self.recorder)
            self.engine.keep_skipped_pictures(0)
            self.recorder.close()
        if self.signals is not None and self._plan is not None:
            self._desk.belongs(self.signals.baseline, self._plan)

    def stop(self) -> bool:
        """Join every thread and close the sinks; True when all made their deadline. May take seconds."""
        return self.engine.stop()


class ReplayRun:
    """A recorded session that goes through the fan-out again."""

    def __init__(self, session: Session, sinks: Iterable[Sink], speed: float, begin_s: float) -> None:
        from desktop_affect.session.replay import recording, run_start

        self.clock: Clock = MonotonicClock()
        self.session = session
        self._begin_s = begin_s
        self.replay = Replay(recording(session, begin_s), run_start(session), sinks, self.clock, speed)

    @property
    def duration_s(self) -> float:
        """Of the recording; 0 without rows."""
        return 0.0 if math.isnan(self.session.duration_s) else self.session.duration_s

    @property
    def position_s(self) -> float:
        """Where in the recording it is."""
        position_s = self.replay.tempo.position_s
        return self._begin_s if math.isnan(position_s) else min(position_s, self.duration_s)

    @property
    def failed(self) -> bool:
        """The recording could not be played to where it was stopped."""
        return self.replay.failure is not None

    def stop(self) -> bool:
        """Join the thread and close the sinks; True when it made its deadline."""
        return self.replay.stop()


def build_replay(session: Path, sinks: Iterable[Sink], *, speed: float = 1.0, begin_s: float = 0.0) -> ReplayRun:
    """Wired, not started. Raises AffectError for a folder that is no session, a speed or a moment out of bounds."""
    from desktop_affect.session.reader import read_session

    opened = read_session(session)
    if not 0 <= begin_s <= (opened.duration_s if opened.rows else 0.0):
        lasts = f"It lasts {opened.duration_s:.1f} s." if opened.rows else "It has no rows."
        raise SessionError(f"The session has no second {begin_s:g}.", advice=lasts)
    return ReplayRun(opened, sinks, speed, begin_s)


class Chosen(NamedTuple):
    """The parts of an analysis, and what a person should know about the choice."""

    parts: AnalysisParts
    signals: SignalChain
    notices: tuple[AffectError, ...]


def build_run(
    plan: RunPlan,
    settings: Settings,
    sinks: Iterable[Sink] = (),
    *,
    chosen: Chosen | None = None,
    make: Callable[[Clock], FrameSource] | None = None,
) -> Run:
    """Everything chosen and wired, nothing started. Raises AffectError for a plan that cannot work.

    A batch brings parts that it keeps from film to film (`chosen`), and sources that no text names (`make`).
    """
    clock = MonotonicClock()
    source = make(clock) if make else _source(plan, settings, clock)
    chosen = chosen or analysis_parts(settings)
    parts = EngineParts(
        source=source,
        analysis=chosen.parts,
        clock=clock,
        read_clocks=lambda: clock_pair(clock),
        live=plan.live,
        overlap=plan.overlap,
        app_version=__version__,
        settings=to_document(settings),
    )
    run = Run(Engine(parts, sinks), clock, chosen.signals)
    run.session_names = settings.text("recording.names").strip()
    run.compact_films = settings.text("recording.film_form") == "compact"
    for notice in chosen.notices:
        run.engine.publish(_fault(notice, clock))
    if plan.session is not None:
        run.record(plan.session)
    elif plan.participant is not None:
        run.use_baseline_of(plan.participant)
    return run


def _source(plan: RunPlan, settings: Settings, clock: Clock) -> FrameSource:
    from desktop_affect.sources.choose import make_source, parse_source

    return make_source(parse_source(plan.source), settings, paced=plan.live, loop=plan.loop, clock=clock)


def analysis_parts(settings: Settings) -> Chosen:
    """What turns frames into samples."""
    from desktop_affect.inference.load import load_model

    loaded = load_model(settings)
    chosen = parts_around(loaded.model, settings)
    return chosen._replace(notices=(*loaded.notices, *chosen.notices))


def parts_around(model: AffectModel | None, settings: Settings, baseline: Baseline | None = None) -> Chosen:
    """The other parts of an analysis for a model that is there already."""
    from desktop_affect.signals.chain import SignalChain
    from desktop_affect.vision.crop import crop_face
    from desktop_affect.vision.tracker import MediaPipeTracker

    signals = SignalChain(settings, baseline=baseline)
    parts = AnalysisParts(MediaPipeTracker(), crop_face, model, signals)
    return Chosen(parts, signals, tuple(SettingsError(problem) for problem in signals.problems))


def still_parts(model: AffectModel | None, settings: Settings, baseline: Baseline | None = None) -> Chosen:
    """For photographs: nothing is carried from one to the next."""
    from desktop_affect.signals.stills import StillSignals
    from desktop_affect.vision.crop import crop_face
    from desktop_affect.vision.tracker import MediaPipeTracker

    chosen = parts_around(model, settings, baseline)
    parts = AnalysisParts(MediaPipeTracker(stills=True), crop_face, model, StillSignals(settings, baseline))
    return chosen._replace(parts=parts)


def _fault(error: AffectError, clock: Clock) -> Fault:
    where = "model" if isinstance(error, ModelError) else "settings"
    return Fault(clock.now_s(), where, Severity.WARNING, error.message, error.advice, error.detail)
