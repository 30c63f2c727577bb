"""The one table of settings: every row is a default, a check, a line of the dialog and a line of the help.

Keep the groups together and in the order in which the dialog shows them; say in `help` why the default is what it is.
"""

from __future__ import annotations

from desktop_affect.core.settings import Setting, Settings

_CAMERA = (
    Setting(
        "camera.width_px", 1280, "Picture width", "What is asked of the camera. 720p shows a face at arm's length with "
        "about 300 px, more than the networks use; larger pictures only cost time.", "px", 320, 3840, restart=True,
    ),
    Setting("camera.height_px", 720, "Picture height", "See picture width.", "px", 240, 2160, restart=True),
    Setting(
        "camera.fps", 30.0, "Frames per second", "What is asked of the camera; the status line shows what really "
        "arrives. Facial movements of interest last 0.2 s or longer, so 30 is enough.", "1/s", 5.0, 120.0, restart=True,
    ),
)  # fmt: skip

_MODEL = (
    Setting(
        "model.name", "automatic", "Model", "Folder name of the model, or “automatic” for the best one that is "
        "installed and whole.", restart=True,
    ),
    Setting(
        "model.device", "automatic", "Device", "Where the networks run. “automatic” measures what is there for a "
        "second, once, and remembers the fastest.", choices=("automatic", "cpu", "gpu", "npu"), restart=True,
    ),
    Setting(
        "model.threads", 1, "Threads", "Processor threads for the networks. One is enough for 30 frames a second and "
        "leaves the machine to the study's own software.", "", 1, 16, restart=True,
    ),
)  # fmt: skip

_RECORDING = (
    Setting(
        "recording.folder", "", "Sessions folder", "Where sessions are kept; empty for the folder “Desktop Affect” in "
        "your documents.",
    ),
)  # fmt: skip

_WINDOW = (
    Setting(
        "window.look", "system", "Look", "Dark suits dim labs; “system” follows the desktop.",
        choices=("system", "dark", "light"),
    ),
    Setting(
        "window.mirrored", True, "Mirrored picture", "Shows the picture as a mirror would. Only the view: recordings "
        "and measures keep the camera's own left and right.",
    ),
    Setting("window.alert_sound", False, "Sound at an alert", "Off, because the participant may hear it too."),
)  # fmt: skip

_KEY_TEXTS = {1: "stimulus", 2: "question", 3: "answer"}
_MARKERS = tuple(
    Setting(
        f"markers.f{key}",
        _KEY_TEXTS.get(key, ""),
        f"F{key}",
        f"Text of the marker that F{key} sets; empty for none.",
    )
    for key in range(1, 13)
)

SETTINGS_TABLE: tuple[Setting, ...] = (*_CAMERA, *_MODEL, *_RECORDING, *_WINDOW, *_MARKERS)


def default_settings() -> Settings:
    """Every row at its default."""
    return Settings(SETTINGS_TABLE)
