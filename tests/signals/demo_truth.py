"""The demo participant's truth as a perfect tracker and a perfect model would report it."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import pytest

from desktop_affect.core.types import Sample
from desktop_affect.system.paths import bundled
from tests.signals.made import affect, face, sample

# A lamp at a third leaves six tenths of a picture's luminance: the demo film measured 0.61 at 0.34.
_LUMINANCE_POWER = 0.46
_REST_BRIGHTNESS = 0.46

# What moves when a unit acts, from the table of ICT-FaceKit's README.
_SHAPES: dict[str, tuple[str, ...]] = {
    "AU01": ("browInnerUp_L", "browInnerUp_R"),
    "AU02": ("browOuterUp_L", "browOuterUp_R"),
    "AU04": ("browDown_L", "browDown_R"),
    "AU06": ("cheekSquint_L", "cheekSquint_R"),
    "AU07": ("eyeSquint_L", "eyeSquint_R"),
    "AU10": ("mouthUpperUp_L", "mouthUpperUp_R"),
    "AU12": ("mouthSmile_L", "mouthSmile_R"),
    "AU15": ("mouthFrown_L", "mouthFrown_R"),
    "AU23": ("mouthRollLower", "mouthRollUpper"),
    "AU24": ("mouthPress_L", "mouthPress_R"),
    "AU25": ("jawOpen",),
    "AU26": ("jawOpen",),
}


@dataclass(frozen=True)
class Passage:
    """A stretch of the film, in seconds."""

    name: str
    begin_s: float
    end_s: float

    def holds(self, t_s: float) -> bool:
        return self.begin_s <= t_s < self.end_s


@dataclass(frozen=True)
class Performance:
    """The whole film."""

    samples: tuple[Sample, ...]
    passages: tuple[Passage, ...]
    gone_s: float
    """When the head begins to leave the picture."""
    back_s: float

    def passage(self, name: str) -> Passage:
        return next(passage for passage in self.passages if passage.name == name)


def performance(table: Path | None = None) -> Performance:
    """Skips the calling test where the demo participant has not been rendered."""
    path = table or bundled("resources/demo/truth.csv")
    if not path.is_file():
        pytest.skip("needs the demo participant, which this checkout does not have")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    away = [float(row["t_s"]) for row in rows if row["in_view"] == "0"]
    return Performance(tuple(_sample(row) for row in rows), _passages(rows), away[0], away[-1])


def _sample(row: dict[str, str]) -> Sample:
    number, t_s = int(row["frame"]), float(row["t_s"])
    if row["in_view"] == "0":
        return sample(t_s, None, seq=number)
    shown = face(
        yaw_deg=float(row["yaw_deg"]),
        pitch_deg=float(row["pitch_deg"]),
        gaze_yaw_deg=float(row["gaze_yaw_deg"]),
        gaze_pitch_deg=float(row["gaze_pitch_deg"]),
        blink=row["blink"] == "1",
        brightness=_REST_BRIGHTNESS * float(row["brightness"]) ** _LUMINANCE_POWER,
    )
    units = {unit: sum(float(row[shape]) for shape in shapes) / len(shapes) for unit, shapes in _SHAPES.items()}
    valence = 0.9 * units["AU12"] - 0.5 * units["AU04"] - 0.3 * units["AU15"] - 0.2 * units["AU24"]
    return sample(t_s, shown, affect(valence, 0.5 * units["AU02"], units), seq=number)


def _passages(rows: list[dict[str, str]]) -> tuple[Passage, ...]:
    found: list[Passage] = []
    for row in rows:
        t_s = float(row["t_s"])
        if found and found[-1].name == row["passage"]:
            found[-1] = Passage(row["passage"], found[-1].begin_s, t_s + 1 / 30)
        else:
            found.append(Passage(row["passage"], t_s, t_s + 1 / 30))
    return tuple(found)
