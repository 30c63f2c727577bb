"""session.json: written before the first row, completed at the end; everything about a session but its rows."""

from __future__ import annotations

import json
import math
import platform
import uuid
from collections.abc import Mapping
from enum import Enum
from typing import Any

from desktop_affect.core.types import ClockPair, ModelInfo, RunStart, SourceInfo
from desktop_affect.session import format as fmt
from desktop_affect.session.plan import FilmConsent, SessionPlan

Document = dict[str, Any]


FILM_MEMBERS = (
    "mode", "container", "files", "codecs", "encoders", "width_px", "height_px", "frames", "dropped",
    "first_s", "last_s", "size_bytes", "stopped",
)  # fmt: skip
"""Of `film` in session.json, for a session that has one."""


class SessionState(Enum):
    """What session.json says of a session: RECORDING → CLOSED, or, after a crash, RECORDING → RECOVERED."""

    RECORDING = "recording"
    """Being recorded, or cut short by a crash: `recover` finds out."""
    CLOSED = "closed"
    RECOVERED = "recovered"


def opening_document(plan: SessionPlan, start: RunStart, opened: ClockPair) -> Document:
    """The header as it is written first. `t_s` = 0 of all tables is `clock.origin_s` on the monotonic clock."""
    return {
        "format": fmt.FORMAT_NAME,
        "schema": fmt.SCHEMA,
        "id": uuid.uuid4().hex,
        "state": SessionState.RECORDING.value,
        **plan.texts(),
        "consent": {"film": plan.consent.film.value, "note": plan.consent.note},
        "film": film_document(plan.consent.film),
        "app": {"name": "Desktop Affect", "version": start.app_version},
        "platform": {
            "system": platform.system(),
            "release": platform.release(),
            "machine": platform.machine(),
            "python": platform.python_version(),
        },
        "model": None if start.model is None else _model(start.model),
        "source": _source(start.source),
        "baselines": [],
        "clock": {"origin_s": None, "run_start": _pair(start.clock), "opened": _pair(opened), "ended": None},
        "settings": dict(start.settings),
        "end": None,
    }


def film_document(mode: FilmConsent) -> Document | None:
    """What is known of the film before its first picture; None when there will be none."""
    if mode is FilmConsent.NONE:
        return None
    return dict.fromkeys(FILM_MEMBERS) | {"mode": mode.value, "container": "matroska"}


def _model(info: ModelInfo) -> Document:
    return {
        "name": info.name,
        "version": info.version,
        "family": info.family,
        "sha256": info.sha256,
        "outputs": list(info.outputs),
        "crop": {
            "size_px": info.crop.size_px,
            "alignment": info.crop.alignment.value,
            "eye_y": info.crop.eye_y,
            "eye_spread": info.crop.eye_spread,
            "mouth_y": info.crop.mouth_y,
            "padding": info.crop.padding,
        },
        "window_s": info.window_s,
        "device": info.device,
        "thresholds": dict(info.thresholds),
        "trained_on": info.trained_on,
    }


def _source(info: SourceInfo) -> Document:
    return {
        "kind": info.kind.value,
        "name": info.name,
        "stable_id": info.stable_id,
        "width_px": info.width_px,
        "height_px": info.height_px,
        "nominal_fps": finite(info.nominal_fps),
        "measured_fps": None,
        "live": info.live,
        "frame_count": info.frame_count,
    }


def _pair(pair: ClockPair) -> Document:
    return {"monotonic_s": pair.monotonic_s, "wall_utc": pair.wall_utc, "uncertainty_s": pair.uncertainty_s}


BEGAN = "began"
"""The event of the log that says what t_s = 0 is, for as long as the header does not."""


def with_origin(document: Document, origin_s: float) -> Document:
    """The moment of t_s = 0 is known as soon as there is a first row."""
    return {**document, "clock": {**document["clock"], "origin_s": origin_s}}


def completed(
    document: Document, state: SessionState, end: Mapping[str, object], ended: ClockPair | None = None
) -> Document:
    """The header as it is written last; `end` is the footer (docs/format.md)."""
    clock = {**document["clock"], "ended": None if ended is None else _pair(ended)}
    source = {**document["source"], "measured_fps": end.get("measured_fps")}
    return {**document, "state": state.value, "clock": clock, "source": source, "end": dict(end)}


def to_text(document: Document) -> str:
    """As it stands in the file. JSON has no NaN: whoever builds a document uses None."""
    return json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False, default=_plain) + "\n"


def _plain(value: object) -> object:
    """Settings may hold mappings that are not dicts."""
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} has no place in session.json")


def finite(value: float) -> float | None:
    """A number for JSON, None for what is not known."""
    return value if math.isfinite(value) else None
