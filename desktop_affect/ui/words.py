"""What the window says about a run, without Qt: the status line and the sentences that stand in an empty place."""

from __future__ import annotations

import math
from enum import Enum
from typing import NamedTuple

from desktop_affect.core.settings import Settings
from desktop_affect.core.types import EngineState, Fault, Preview, Severity, Status
from desktop_affect.ui.control import Phase

# MSMF on Windows may take 20 s to open a camera; a person should know that before they pull it out.
SLOW_OPEN_S = 3.0

_NO_FAULT_YET = "It could not be started."


class Offer(Enum):
    """The one button of an empty place."""

    NONE = ""
    START_DEMO = "Start the demo"
    TRY_AGAIN = "Try again"
    START = "Start"
    CANCEL = "Cancel"
    HELP = "What helps"
    MODEL = "Choose a model …"


class Emptiness(NamedTuple):
    """What stands where the picture would be."""

    title: str
    advice: str = ""
    offer: Offer = Offer.NONE
    fault: Fault | None = None
    """What is told by this, and need not be told again elsewhere."""


def emptiness(
    phase: Phase,
    status: Status,
    preview: Preview | None,
    waited_s: float,
    *,
    giving_up: bool = False,
    first: bool = False,
    loss: Fault | None = None,
) -> Emptiness | None:
    """What to say in place of the picture; None while there is one. `first`: nobody has started anything here yet;
    `loss`: how the source was lost last."""
    if phase is Phase.CLOSED or phase is Phase.STOPPING:
        return Emptiness("Stopping", "The camera is released and files are closed.")
    if giving_up:
        return Emptiness("Cancelling", "The step in hand ends first; nothing is opened after it.")
    if phase is Phase.BUILDING:
        return Emptiness("Getting ready", "Loading the face tracker and the model.", Offer.CANCEL)
    if phase is Phase.IDLE:
        return WELCOME if first else _at_rest(status)
    if status.state is EngineState.LOST:
        return _lost(loss)
    if preview is None:
        return _waiting(status, waited_s)
    return None


WELCOME = Emptiness(
    "Welcome to Desktop Affect",
    "See how it works with the demo participant: no camera is opened, nothing is recorded, nothing leaves this "
    "machine. For a person, choose a camera at the top left.",
    Offer.START_DEMO,
)


NO_FACE = Emptiness("No face in view", "", Offer.HELP)
NO_FACE_AFTER_S = 2.0
"""A glance aside or a hand before the face is over by then."""


def _lost(fault: Fault | None) -> Emptiness:
    what = f"{fault.message} {fault.advice}" if fault else "Plug it in again."
    return Emptiness("The camera is gone", f"{what} Everything continues by itself.", fault=fault)


def _at_rest(status: Status) -> Emptiness:
    if status.state is EngineState.FAILED:
        fault = status.fault
        told = (fault.message, fault.advice) if fault else (_NO_FAULT_YET, "")
        return Emptiness(*told, Offer.TRY_AGAIN, fault)
    if status.state is EngineState.STOPPED:
        return Emptiness("Stopped", "", Offer.START)
    return Emptiness(
        "Nothing is running", "Choose a source at the top left, or go on with the one it shows.", Offer.START
    )


def _waiting(status: Status, waited_s: float) -> Emptiness:
    what = status.waiting_for or "waiting for the first picture"
    title = what[:1].upper() + what[1:]
    return Emptiness(title, "Some cameras need up to 20 seconds." if waited_s > SLOW_OPEN_S else "", Offer.CANCEL)


def status_line(phase: Phase, status: Status, free_gb: float) -> str:
    """The line at the foot: rates, delay, losses, what computes, how much room there is."""
    parts = []
    if phase is Phase.RUNNING and status.source is not None:
        parts = [
            f"{status.source.kind.value} {_rate(status.fps_in)}",
            f"analysed {_rate(status.fps_analysed)}",
            f"delay {_milliseconds(status.latency_ms)}",
            f"dropped {status.skipped}",
            status.model.device if status.model else "no model",
        ]
    if math.isfinite(free_gb):
        parts.append(room_words(free_gb))
    return "   ·   ".join(parts)


def room_words(free_gb: float) -> str:
    """Empty where it cannot be told."""
    if not math.isfinite(free_gb):
        return ""
    return f"{free_gb:.0f} GB free" if free_gb >= 10 else f"{free_gb:.1f} GB free"


def status_words(phase: Phase, status: Status) -> str:
    """The state in one word or two."""
    if phase is not Phase.RUNNING:
        return {Phase.BUILDING: "Getting ready", Phase.STOPPING: "Stopping"}.get(phase, "Stopped")
    happens_now = status.source is None or status.source.live
    return {
        EngineState.RUNNING: "Live" if happens_now else "Replay",
        EngineState.LOST: "Camera lost",
        EngineState.FAILED: "Failed",
    }.get(status.state, "Opening")


def waiting_note(before: Settings, after: Settings, now_s: float) -> Fault | None:
    """Which changes wait for the next start; None when none does."""
    labels = [row.label for row in after.table if row.restart and before[row.key] != after[row.key]]
    if not labels:
        return None
    more = f" and {len(labels) - 2} more" if len(labels) > 2 else ""
    message = f"At the next start: {', '.join(labels[:2])}{more}."
    advice = "Until then this run goes on as it began, so that a session means the same from its first row on."
    return Fault(now_s, "settings", Severity.NOTICE, message, advice)


def elapsed(seconds: float) -> str:
    """`00:12:41`."""
    whole = max(int(seconds), 0)
    return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}"


def clock_label(seconds: float) -> str:
    """`12:40`, with hours from one hour on, with a minus before the start."""
    whole = round(seconds)
    hours, rest = divmod(abs(whole), 3600)
    minus = "−" if whole < 0 else ""
    return f"{minus}{hours}:{rest // 60:02d}:{rest % 60:02d}" if hours else f"{minus}{rest // 60}:{rest % 60:02d}"


def signed(value: float) -> str:
    """Two decimals with a sign of equal width, none for what rounds to zero, a dash where nothing is known."""
    if not math.isfinite(value):
        return "–"
    shown = f"{value:+.2f}"
    return "0.00" if float(shown) == 0 else shown.replace("-", "−")


def _rate(fps: float) -> str:
    return f"{fps:.1f} fps" if math.isfinite(fps) else "– fps"


def _milliseconds(value_ms: float) -> str:
    return f"{value_ms:.0f} ms" if math.isfinite(value_ms) else "– ms"
