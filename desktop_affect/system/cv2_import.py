"""The only place that imports OpenCV.

On Linux the non-headless wheel points Qt at its own Qt 5 plug-ins when it is imported, and PySide6 then finds no
platform plug-in. Importing it here, and only here, puts the person's own environment back at once.
"""

from __future__ import annotations

import os

_QT_VARIABLES = ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR")

# OpenCV reads these when it is loaded or first used (its Windows build sees only what was set before), so they stand
# here; what the person set stays.
_SETTINGS = {
    "OPENCV_LOG_LEVEL": "FATAL",  # a film that cannot be opened is our message to the person, not a line on the console
    "OPENCV_FFMPEG_LOGLEVEL": "-8",  # nor are FFmpeg's remarks on its frames, of which a broken one has hundreds
    "OPENCV_VIDEOIO_MSMF_ENABLE_HW_TRANSFORMS": "0",  # else Media Foundation takes up to 20 s to open a camera
    "OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT": "2",  # seconds a read may hang on a camera that was unplugged; 10 otherwise
    "OPENCV_AVFOUNDATION_SKIP_AUTH": "1",  # it can ask on the main thread only; platform_cameras.py asks
}
for _name, _value in _SETTINGS.items():
    os.environ.setdefault(_name, _value)

_before = {name: os.environ.get(name) for name in _QT_VARIABLES}

import cv2  # noqa: E402  the environment must be read first

for _name, _former in _before.items():
    if _former is None:
        os.environ.pop(_name, None)
    else:
        os.environ[_name] = _former

# Two cores are shared with the networks and with the study's own software; our own images are small.
cv2.setNumThreads(1)

__all__ = ["cv2"]
