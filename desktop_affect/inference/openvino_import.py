"""The only place that imports OpenVINO.

Its Python package reports every import to the maker through `openvino_telemetry`, unless the person has opted out.
Nothing leaves this machine, so the reporter is made unimportable first; OpenVINO then uses its own silent stub. The
model converter, which we never use and which sends the report, is left out of the import and saves a third of its time.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import cast

_REPORTER = "openvino_telemetry"
_CONVERTER = "openvino.tools.ovc"


def _import_quietly() -> ModuleType:
    # None in sys.modules makes an import of that name raise ImportError, which OpenVINO expects and handles.
    modules = cast("dict[str, ModuleType | None]", sys.modules)
    modules.setdefault(_REPORTER, None)
    held = _CONVERTER not in modules
    if held:
        modules[_CONVERTER] = None
    try:
        import openvino
    finally:
        if held:
            modules.pop(_CONVERTER, None)
    return cast(ModuleType, openvino)


openvino = _import_quietly()

__all__ = ["openvino"]
