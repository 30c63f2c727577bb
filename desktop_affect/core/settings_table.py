"""The one table of settings: every row is a default, a check, a line of the dialog and a line of the help.

Keep the groups together and in the order in which the dialog shows them; say in `help` why the default is what it is.
"""

from __future__ import annotations

from dataclasses import replace

from desktop_affect.core.settings import Setting, Settings

_CAMERA = (
    Setting(
        "camera.width_px", 1280, "Picture width", "What the camera is asked for. 720p shows the demo's face (at 57 cm) "
        "239 px wide, more than the networks use; larger pictures only cost time.", "px", 320, 3840, restart=True,
    ),
    Setting("camera.height_px", 720, "Picture height", "See picture width.", "px", 240, 2160, restart=True),
    Setting(
        "camera.fps", 30.0, "Frames per second", "What is asked of the camera; the status line shows what really "
        "arrives. A blink of 0.2 s then spans six frames.", "1/s", 5.0, 120.0, restart=True,
    ),
)  # fmt: skip

_MODEL = (
    Setting(
        "model.name", "automatic", "Model", "The model that reads the face; “automatic” is the best one that is "
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
    Setting(
        "recording.names", "", "Names of sessions", "A pattern of {study}, {participant}, {condition}, {date} and "
        "{time}, with / between folders; “bids” for BIDS-like names; empty for {study}/{participant}/{date}_{time}.",
    ),
    Setting(
        "recording.film_form", "robust", "Form of films", "Only with consent to a film. “robust”: every picture stands "
        "by itself, about 4 GB an hour at 720p. “compact”: a seventh of it, by the encoder of the operating system, "
        "in hardware where it has one; tried on Linux only.",
        choices=("robust", "compact"),
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

_BASELINE = (
    Setting(
        "baseline.length_s", 10.0, "Length of the calibration", "Ten quiet seconds give medians that a blink or a "
        "swallow cannot move.", "s", 3.0, 60.0,
    ),
)  # fmt: skip

_QUALITY = (
    Setting(
        "quality.gate", 0.5, "Quality gate", "Frames that score less are recorded and marked, drawn faint, and raise "
        "no alerts. Every limit below scores 0.5.", "", 0.0, 1.0,
    ),
    Setting(
        "quality.confidence", 0.5, "Certainty of the tracker", "Faces in full view score 0.95 and more in our films, "
        "faces behind a hand or half outside the picture 0.2 to 0.8.", "", 0.05, 1.0,
    ),
    Setting(
        "quality.yaw_deg", 35.0, "Most head turn", "Beyond it half of the face is hidden, and the networks learnt "
        "mostly from frontal faces.", "°", 10.0, 80.0,
    ),
    Setting(
        "quality.pitch_deg", 28.0, "Most head tilt up or down", "See head turn; brows and mouth foreshorten sooner.",
        "°", 10.0, 60.0,
    ),
    Setting(
        "quality.face_px", 64.0, "Smallest face", "Longer side of the face in the picture. Most of the faces that the "
        "networks learnt from have 48 to 160 pixels.", "px", 24.0, 400.0,
    ),
    Setting(
        "quality.dark", 0.12, "Darkest face", "Mean luminance, 0..1. Low on purpose, so that dark skin in good light "
        "is never called too dark; a light that goes out is told by the next row.", "", 0.0, 0.5,
    ),
    Setting(
        "quality.dimmed_share", 0.6, "Least share of the usual light", "Luminance relative to this participant's own "
        "of the last half minute. A lamp that falls to a third leaves 0.6.", "", 0.1, 0.95,
    ),
    Setting("quality.bright", 0.85, "Brightest face", "Above it skin is clipped to white.", "", 0.5, 1.0),
    Setting(
        "quality.sharpness", 8.0, "Least sharpness", "Variance of the Laplacian at 112 px. In our films sharp faces "
        "have 70 to 500, small but readable ones 12 to 40, a blurred one 7.", "", 0.0, 200.0,
    ),
)  # fmt: skip

_SMOOTHING = (
    Setting(
        "smoothing.cutoff_hz", 1.0, "Cut-off at rest", "One-Euro filter. Lower is calmer and later: 1 Hz delays a slow "
        "change by 0.16 s.", "Hz", 0.1, 10.0,
    ),
    Setting(
        "smoothing.beta", 1.0, "Quickness", "How much the cut-off rises with the speed of the value: at 1, a smile "
        "that grows within half a second is delayed by 0.05 s.", "", 0.0, 10.0,
    ),
    Setting(
        "smoothing.reset_s", 0.5, "Longest bridge", "A value that was unknown for longer starts afresh; the model's "
        "own window is cleared after the same time.", "s", 0.1, 5.0,
    ),
    Setting(
        "smoothing.offline_sigma_s", 0.1, "Width of the export filter", "Standard deviation of the zero-phase filter "
        "of exports; 0.1 s keeps everything slower than 1.3 Hz.", "s", 0.02, 2.0,
    ),
)  # fmt: skip

_BEHAVIOUR = (
    Setting(
        "behaviour.window_s", 30.0, "Window of the rates", "People blink 10 to 20 times a minute, so half a minute "
        "holds enough blinks for a rate.", "s", 10.0, 300.0,
    ),
    Setting(
        "behaviour.gaze_away_deg", 15.0, "Gaze counts as away from", "Angle from where the eyes usually rest. A 14 "
        "inch laptop at 60 cm reaches 14° to the side of its middle.", "°", 5.0, 60.0,
    ),
    Setting(
        "behaviour.swing_deg", 3.0, "Least swing of a shake or nod", "Talking heads move, and the tracker trembles by "
        "a degree.", "°", 1.0, 20.0,
    ),
)  # fmt: skip

_HESITANCY = (
    Setting("hesitancy.alert", True, "Alert at hesitancy", "Experimental: an index from open rules, not validated."),
    Setting(
        "hesitancy.threshold", 0.55, "Threshold", "No cue of the index weighs more than 0.5, so an alert needs two: a "
        "mixed expression with another cue, or looks away with shakes of the head.", "", 0.05, 1.0,
    ),
    Setting(
        "hesitancy.least_s", 0.5, "Least length", "A shorter mixture is the change from one expression to the next.",
        "s", 0.0, 30.0,
    ),
    Setting(
        "hesitancy.hysteresis", 0.15, "Hysteresis", "The index falls this far below the threshold before the alert "
        "ends.", "", 0.0, 0.5,
    ),
)  # fmt: skip

_ALERTS = (
    Setting(
        "alerts.rules", "face lost for 5 s", "Your own rules", "Separated by semicolons, for example: valence below "
        "-0.4 for 3 s; AU04 present for 2 s; gaze_away_share above 0.5 for 10 s. Any signal of the help page can be "
        "named.",
    ),
    Setting(
        "alerts.cooldown_s", 5.0, "Rest after an alert", "The same rule stays silent for this long after an alert has "
        "ended, so that one episode is one alert.", "s", 0.0, 600.0,
    ),
)  # fmt: skip

# The rules of a run stay what they were when it began, so that a session means the same from first row to last.
_SIGNALS = tuple(
    replace(row, restart=True)
    for row in (*_BASELINE, *_QUALITY, *_SMOOTHING, *_BEHAVIOUR, *_HESITANCY, *_ALERTS)
)  # fmt: skip

SETTINGS_TABLE: tuple[Setting, ...] = (*_CAMERA, *_MODEL, *_SIGNALS, *_RECORDING, *_WINDOW, *_MARKERS)


def default_settings() -> Settings:
    """Every row at its default."""
    return Settings(SETTINGS_TABLE)
