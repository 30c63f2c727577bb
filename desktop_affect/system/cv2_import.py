"""The only place that imports OpenCV.

On Linux the non-headless wheel points Qt at its own Qt 5 plug-ins when it is imported, and PySide6 then finds no
platform plug-in. Importing it here, and only here, puts the person's own environment back at once.
"""

from __future__ import annotations

import os

_QT_VARIABLES = ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR")

_before = {name: os.environ.get(name) for name in _QT_VARIABLES}

import cv2  # noqa: E402  the environment must be read first

for _name, _value in _before.items():
    if _value is None:
        os.environ.pop(_name, None)
    else:
        os.environ[_name] = _value

# Two cores are shared with the networks and with the study's own software; our own images are small.
cv2.setNumThreads(1)

__all__ = ["cv2"]
