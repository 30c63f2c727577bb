"""The sockets between the rooms: who calls them, on which thread, and what failure means."""

from __future__ import annotations

from typing import Protocol

from desktop_affect.core.types import (
    Affect,
    Alert,
    CropSpec,
    Event,
    Face,
    FaceCrop,
    Frame,
    ModelInfo,
    RunStart,
    Sample,
    SourceInfo,
)


class Clock(Protocol):
    """Time for whoever needs it; the tests bring their own."""

    def now_s(self) -> float:
        """Monotonic seconds. Any thread."""
        ...

    def wait_until_s(self, t_s: float) -> None:
        """Sleep until `now_s()` reaches `t_s`; returns at once when it has passed. Any thread."""
        ...


class FrameSource(Protocol):
    """Frames in. All methods but `interrupt` are called on the capture thread only, in the order
    open, read..., close; after a SourceLostError close and open are called again."""

    def open(self) -> SourceInfo:
        """Make the device deliver; may take 20 s. Raises SourceError in the person's words."""
        ...

    def read(self) -> Frame | None:
        """The next frame, blocking until there is one; None at the end of a film or after `interrupt`.

        Raises SourceLostError when a device stopped delivering, SourceError when a file is broken.
        """
        ...

    def close(self) -> None:
        """Let the device go. Safe to call twice, and after a failed open. Does not raise."""
        ...

    def interrupt(self) -> None:
        """Make a blocked open or read return soon, if the platform allows. Any thread. Does not raise."""
        ...


class FaceTracker(Protocol):
    """Frame to face. Opened, used and closed on the analysis thread only."""

    def open(self) -> None:
        """Load the detector. Raises TrackerError."""
        ...

    def track(self, frame: Frame) -> Face | None:
        """The participant on this frame, or None. Raises TrackerError only when the tracker itself broke."""
        ...

    def close(self) -> None:
        """Safe to call twice. Does not raise."""
        ...


class FaceCropper(Protocol):
    """Cuts the face out of a frame for a network. Analysis thread; a pure function."""

    def __call__(self, frame: Frame, face: Face, spec: CropSpec) -> FaceCrop:
        """Never raises for a face that the tracker gave; what lies outside the picture is black."""
        ...


class AffectModel(Protocol):
    """Face to affect. Opened, used and closed on the analysis thread only."""

    def open(self) -> ModelInfo:
        """Compile the networks; may take seconds. Raises ModelError."""
        ...

    def estimate(self, crop: FaceCrop) -> Affect:
        """What the face expresses now. Keeps its own time window; a gap over half a second or another
        `track` clears it. Raises ModelError when no device can run it any more."""
        ...

    def take_notices(self) -> list[ModelNotice]:
        """What happened since the last call that a person should know (a device that died, say)."""
        ...

    def close(self) -> None:
        """Safe to call twice. Does not raise."""
        ...


class ModelNotice(Protocol):
    """A message, advice and detail in the person's words; AffectError fits."""

    message: str
    advice: str
    detail: str


class Signals(Protocol):
    """What to believe: raw samples in, judged samples and alerts out. Analysis thread; pure state, no clock.

    Every captured frame passes through, in order, also those without a face and those skipped.
    """

    def use_model(self, model: ModelInfo | None) -> None:
        """Whose outputs will come; once, when the model is open, before the first sample."""
        ...

    def judge(self, sample: Sample) -> tuple[Sample, tuple[Alert, ...]]:
        """Does not raise for any sample."""
        ...

    def finish(self) -> tuple[Alert, ...]:
        """The run is over: the ends of the alerts that still lasted."""
        ...


class Sink(Protocol):
    """Samples out. `open` and `on_sample` run on the analysis thread, `on_event` on any thread, `close` on
    the thread that stops the engine. No method may block for longer than a few microseconds: a sink with
    slow work owns a queue and a thread. A sink that raises is reported once and left out from then on.
    """

    name: str
    """For faults and logs."""

    def open(self, start: RunStart) -> None:
        """Before the first sample."""
        ...

    def on_sample(self, sample: Sample, frame: Frame | None) -> None:
        """One captured frame; `frame` is None where its picture is gone. A frame that was skipped (`sample.seen`) may
        still have its picture. Sinks that keep no picture ignore it."""
        ...

    def on_event(self, event: Event) -> None:
        """A marker, an alert or a fault."""
        ...

    def close(self) -> None:
        """Finish what is queued within the deadline of the sink. Safe to call twice."""
        ...
