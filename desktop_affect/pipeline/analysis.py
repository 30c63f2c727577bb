"""The analysis stage: opens, uses and closes the tracker and the model; makes a `Sample` of every captured frame."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from queue import Empty, SimpleQueue

from desktop_affect.core.errors import AffectError, ModelError
from desktop_affect.core.ports import AffectModel, Clock, FaceCropper, FaceTracker, Signals
from desktop_affect.core.slot import Handover
from desktop_affect.core.types import (
    NAN,
    Affect,
    Alert,
    Face,
    Fault,
    Frame,
    FrameStamp,
    ModelInfo,
    Preview,
    Sample,
    Seen,
    Severity,
)
from desktop_affect.pipeline.fanout import FanOut
from desktop_affect.pipeline.meters import RateMeter, RecentMedian
from desktop_affect.pipeline.stage import Stage, fault_of

# How long a take may wait: the stage looks for a stop request and for commands at least this often.
TAKE_S = 0.1


@dataclass(frozen=True, slots=True)
class AnalysisParts:
    """What turns a frame into a sample. `model` is None when none is installed: faces, pose and gaze still work."""

    tracker: FaceTracker
    cropper: FaceCropper
    model: AffectModel | None
    signals: Signals


@dataclass(frozen=True, slots=True)
class AnalysisEvents:
    """Whom the stage tells; all are called on the analysis thread."""

    waiting_for: Callable[[str], None]
    ready: Callable[[ModelInfo | None], None]
    first_frame: Callable[[], None]
    """Before the first sample: the moment to open the sinks."""
    report: Callable[[Fault], None]
    ended: Callable[[AffectError | None], None]


@dataclass(slots=True)
class _Counts:
    analysed: int = 0
    faces: int = 0


class AnalysisStage(Stage):
    """open tracker → open model → ready → (take → track → crop → estimate → judge → publish)... → close both.

    A model that cannot be opened, or that no device can run any more, is reported and left out: the rows go on with
    what the tracker sees. A tracker that breaks ends the stage.
    """

    def __init__(
        self, parts: AnalysisParts, handover: Handover, fanout: FanOut, clock: Clock, live: bool, events: AnalysisEvents
    ) -> None:
        super().__init__("analysis", clock, events.report, events.ended)
        self._parts = parts
        self._handover = handover
        self._fanout = fanout
        self._live = live
        self._events = events
        self._model: AffectModel | None = None
        self._info: ModelInfo | None = None
        self._commands: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._counts = _Counts()
        self._rate = RateMeter()
        self._latency = RecentMedian()
        self._preview: Preview | None = None

    @property
    def analysed(self) -> int:
        return self._counts.analysed

    @property
    def faces(self) -> int:
        return self._counts.faces

    @property
    def preview(self) -> Preview | None:
        return self._preview

    def fps(self) -> float:
        return self._rate.per_second()

    def latency_ms(self) -> float:
        return self._latency.median()

    def call(self, command: Callable[[], None]) -> None:
        """Run something on the analysis thread before the next frame. Any thread."""
        self._commands.put(command)

    def work(self) -> None:
        try:
            self._open()
            self._loop()
        finally:
            self._close()

    def _open(self) -> None:
        self._events.waiting_for("loading the face tracker")
        self._parts.tracker.open()
        if self._parts.model is not None:
            self._events.waiting_for("preparing the model for this machine")
            self._open_model(self._parts.model)
        self._parts.signals.use_model(self._info)
        self._events.waiting_for("")
        self._events.ready(self._info)

    def _open_model(self, model: AffectModel) -> None:
        try:
            self._info = model.open()
            self._model = model
            self._pass_notices_on(model)
        except ModelError as error:
            self._drop_model(model, error)

    def _loop(self) -> None:
        begun = False
        while not self._stopping.is_set() and not self._handover.drained:
            self._run_commands()
            delivery = self._handover.take(TAKE_S)
            if delivery is None:
                continue
            if not begun:
                self._events.first_frame()
                begun = True
            self._publish_skipped(delivery.skipped, delivery.pictures)
            self._publish(self.analyse(delivery.frame), delivery.frame)
        if begun and (rest := self._handover.take(0.0)) is not None:
            # Stopped with a frame still waiting: it was captured, so it has a row, but nobody looks at it any more.
            last = FrameStamp(rest.frame.seq, rest.frame.t_s, rest.frame.media_t_s)
            self._publish_skipped((*rest.skipped, last), (*rest.pictures, rest.frame))
        self._publish_alerts(self._parts.signals.finish())

    def analyse(self, frame: Frame) -> Sample:
        """What is known of one frame, before the signals judge it."""
        began_s = self._clock.now_s()
        face = self._parts.tracker.track(frame)
        tracked_s = self._clock.now_s()
        affect = self._estimate(frame, face)
        ended_s = self._clock.now_s()
        return Sample(
            seq=frame.seq,
            t_s=frame.t_s,
            seen=Seen.NO_FACE if face is None else Seen.FACE,
            media_t_s=frame.media_t_s,
            face=face,
            raw=affect,
            affect=affect,
            tracking_ms=(tracked_s - began_s) * 1e3,
            inference_ms=NAN if affect is None else (ended_s - tracked_s) * 1e3,
        )

    def _estimate(self, frame: Frame, face: Face | None) -> Affect | None:
        if face is None or self._model is None or self._info is None:
            return None
        model = self._model
        try:
            affect = model.estimate(self._parts.cropper(frame, face, self._info.crop))
        except ModelError as error:
            self._drop_model(model, error)
            return None
        self._pass_notices_on(model)
        return affect

    def _publish(self, sample: Sample, frame: Frame) -> None:
        judged, alerts = self._parts.signals.judge(sample)
        if self._live:
            judged = replace(judged, latency_ms=(self._clock.now_s() - judged.t_s) * 1e3)
        self._fanout.on_sample(judged, frame)
        self._publish_alerts(alerts)
        self._count(judged)
        self._preview = Preview(frame, judged)

    def _publish_alerts(self, alerts: tuple[Alert, ...]) -> None:
        for alert in alerts:
            self._fanout.on_event(alert)

    def _publish_skipped(self, stamps: tuple[FrameStamp, ...], pictures: tuple[Frame, ...]) -> None:
        """Nobody looked at them, but a film can still show those whose picture is there."""
        there = {frame.seq: frame for frame in pictures}
        for stamp in stamps:
            judged, alerts = self._parts.signals.judge(_skipped(stamp))
            self._fanout.on_sample(judged, there.get(stamp.seq))
            self._publish_alerts(alerts)

    def _count(self, sample: Sample) -> None:
        self._counts.analysed += 1
        self._counts.faces += sample.face is not None
        self._rate.tick(sample.t_s)
        self._latency.add(sample.latency_ms)

    def _run_commands(self) -> None:
        while True:
            try:
                command = self._commands.get_nowait()
            except Empty:
                return
            command()

    def _pass_notices_on(self, model: AffectModel) -> None:
        for notice in model.take_notices():
            fault = Fault(self._clock.now_s(), "model", Severity.WARNING, notice.message, notice.advice, notice.detail)
            self._report(fault)

    def _drop_model(self, model: AffectModel, error: ModelError) -> None:
        model.close()
        self._model = None
        self._report(fault_of(error, "model", Severity.ERROR, self._clock.now_s()))

    def _close(self) -> None:
        if self._model is not None:
            self._model.close()
        self._parts.tracker.close()
        self._handover.close()


def _skipped(stamp: FrameStamp) -> Sample:
    return Sample(seq=stamp.seq, t_s=stamp.t_s, seen=Seen.SKIPPED, media_t_s=stamp.media_t_s)
