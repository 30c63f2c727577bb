"""The analysis stage: opens, uses and closes the tracker and the model; makes a `Sample` of every captured frame.

Of a film that is read as fast as possible a handful of frames (core/slot.py) goes through each part before any goes
through the next, so that the part's networks stay in the processor's cache. Every part still sees every frame, one by
one and in order: the rows are the same. Live, it is one frame at a time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from queue import Empty, SimpleQueue

from desktop_affect.core.errors import AffectError, ModelError
from desktop_affect.core.ports import AffectModel, Clock, FaceCropper, FaceTracker, Signals
from desktop_affect.core.slot import Handover
from desktop_affect.core.types import (
    NAN,
    Affect,
    Alert,
    Face,
    FaceCrop,
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


@dataclass(slots=True)
class _Look:
    """What is known of one frame on its way through the parts."""

    frame: Frame
    face: Face | None = None
    crop: FaceCrop | None = None
    """None without a face or a model."""
    affect: Affect | None = None
    tracking_ms: float = NAN
    inference_ms: float = NAN
    faults: list[Fault] = field(default_factory=list)
    """What the model told at this frame."""


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
        self._begun = False
        """The sinks know of the first frame."""

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
            faults = self._notices_of(model)
        except ModelError as error:
            faults = [self._drop_model(model, error)]
        for fault in faults:
            self._report(fault)

    def _loop(self) -> None:
        while not self._stopping.is_set() and not self._handover.drained:
            self._run_commands()
            self._take_and_work()
        for rest in self._handover.take(0.0) if self._begun else ():
            # Stopped with frames still waiting: they were captured, so they have rows, but nobody looks at them.
            last = FrameStamp(rest.frame.seq, rest.frame.t_s, rest.frame.media_t_s)
            self._publish_skipped((*rest.skipped, last), (*rest.pictures, rest.frame))
        self._publish_alerts(self._parts.signals.finish())

    def _take_and_work(self) -> None:
        """By itself, so that nobody holds these pictures while the next are read into their memory."""
        deliveries = self._handover.take(TAKE_S)
        if not deliveries:
            return
        if not self._begun:
            self._events.first_frame()
            self._begun = True
        for delivery in deliveries:  # live, where frames are skipped, there is one
            self._publish_skipped(delivery.skipped, delivery.pictures)
        self._work_through([_Look(delivery.frame) for delivery in deliveries])

    def _work_through(self, looks: list[_Look]) -> None:
        """Part by part. Where a part breaks at a frame, those before it still become rows; then the stage breaks."""
        broken: Exception | None = None
        for part in (self._track, self._estimate, self._publish):
            for place, look in enumerate(looks):
                try:
                    part(look)
                except Exception as error:  # noqa: BLE001  raised again when the frames before it are done
                    looks, broken = looks[:place], error
                    break
        if broken is not None:
            raise broken

    def _track(self, look: _Look) -> None:
        """The crop right here: the face's pixels were read a moment ago."""
        frame, began_s = look.frame, self._clock.now_s()
        look.face = self._parts.tracker.track(frame)
        tracked_s = self._clock.now_s()
        look.tracking_ms = (tracked_s - began_s) * 1e3
        if look.face is not None and self._model is not None and self._info is not None:
            look.crop = self._parts.cropper(frame, look.face, self._info.crop)
            look.inference_ms = (self._clock.now_s() - tracked_s) * 1e3

    def _estimate(self, look: _Look) -> None:
        model, began_s = self._model, self._clock.now_s()
        if look.crop is None or model is None:
            look.inference_ms = NAN
            return
        try:
            look.affect = model.estimate(look.crop)
            look.faults = self._notices_of(model)
            look.inference_ms += (self._clock.now_s() - began_s) * 1e3
        except ModelError as error:
            look.inference_ms = NAN
            look.faults = [self._drop_model(model, error)]

    def _publish(self, look: _Look) -> None:
        for fault in look.faults:
            self._report(fault)
        judged, alerts = self._parts.signals.judge(_sample(look))
        if self._live:
            judged = replace(judged, latency_ms=(self._clock.now_s() - judged.t_s) * 1e3)
        self._fanout.on_sample(judged, look.frame)
        self._publish_alerts(alerts)
        self._count(judged)
        self._preview = Preview(look.frame, judged)

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

    def _notices_of(self, model: AffectModel) -> list[Fault]:
        return [
            Fault(self._clock.now_s(), "model", Severity.WARNING, notice.message, notice.advice, notice.detail)
            for notice in model.take_notices()
        ]

    def _drop_model(self, model: AffectModel, error: ModelError) -> Fault:
        model.close()
        self._model = None
        return fault_of(error, "model", Severity.ERROR, self._clock.now_s())

    def _close(self) -> None:
        if self._model is not None:
            self._model.close()
        self._parts.tracker.close()
        self._handover.close()


def _sample(look: _Look) -> Sample:
    """What is known of the frame, before the signals judge it."""
    frame = look.frame
    return Sample(
        seq=frame.seq,
        t_s=frame.t_s,
        seen=Seen.NO_FACE if look.face is None else Seen.FACE,
        media_t_s=frame.media_t_s,
        face=look.face,
        raw=look.affect,
        affect=look.affect,
        tracking_ms=look.tracking_ms,
        inference_ms=look.inference_ms,
    )


def _skipped(stamp: FrameStamp) -> Sample:
    return Sample(seq=stamp.seq, t_s=stamp.t_s, seen=Seen.SKIPPED, media_t_s=stamp.media_t_s)
