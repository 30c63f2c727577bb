"""The only place that imports ONNX Runtime.

From 1.31 on its official packages send events to their maker: `disable_telemetry_events()` comes too late for the first
one, and a quarter of a minute after the import the library looks up and calls its maker's server. Nothing leaves this
machine, so the switch that keeps the sender from being made at all is set before the library is loaded, whatever the
environment says. The smoke test of the built application watches that it stays so.
"""

from __future__ import annotations

import os
from types import ModuleType

SWITCH = "ORT_DISABLE_TELEMETRY"


def _import_quietly() -> ModuleType:
    os.environ[SWITCH] = "1"
    import onnxruntime

    onnxruntime.disable_telemetry_events()
    return onnxruntime  # type: ignore[no-any-return]


onnxruntime = _import_quietly()

__all__ = ["onnxruntime"]
