"""Renders the demo participant: `resources/demo/participant.mp4` and, frame by frame, its truth in `truth.csv`.

    python tools/render_demo.py [--data FOLDER] [--out FOLDER] [--oversample 1] [--shells 16] [--truth-only]

Needs the extra `train`, the program `ffmpeg` with libx264, and the training data (the 3D head and the portraits).
"""

from __future__ import annotations

import argparse
import csv
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from desktop_affect.core.types import HeadPose, RgbImage  # noqa: E402
from desktop_affect.training.render import Hair, HairStyle, HeadRenderer, Lamps, Look  # noqa: E402
from desktop_affect.training.render.camera import MM_PER_CM, Camera, rotation  # noqa: E402
from desktop_affect.training.render.head import SKIN_VERTICES, HeadModel, load_head  # noqa: E402
from desktop_affect.training.render.posing import NECK_PIVOT_CM, Posed, eye_middle, look_person, pose_head  # noqa: E402
from tools.demo_script import FPS, SEED, Moment, moments  # noqa: E402

WIDTH_PX, HEIGHT_PX, FOCAL_PX = 1280, 720, 1000.0
NECK_AT_MM = np.array([0.0, 82.0, 670.0])
"""Where the neck's pivot rests: the eyes then are about 590 mm away and a little above the picture's middle."""
CLOSED_FROM = 0.6
"""A blink's lids count as closed from this share of the way."""
CHIN_CM = -9.0
"""What lies above this height of the neutral mesh is the head that must be in the picture."""
GRAIN = 1.2
"""Standard deviation of the sensor noise, in grey levels."""

PARTICIPANT = Look(
    portrait="composite_f_multi",
    identity=(0.35, -0.4, 0.25, 0.5, -0.3, 0.2, -0.25, 0.3),
    hair=Hair(HairStyle.BACK, (0.055, 0.034, 0.021), 1.3),
    lamps=Lamps(),
    room=7,
    brows=-0.55,
)


@dataclass(frozen=True, slots=True)
class Shot:
    """A frame ready to be drawn, with its geometry."""

    moment: Moment
    weights: dict[str, float]
    pose: HeadPose
    posed: Posed
    in_view: bool


def shots(head: HeadModel) -> Iterator[Shot]:
    """Every frame of the film, in order."""
    person = look_person(head, PARTICIPANT)
    camera = Camera(WIDTH_PX, HEIGHT_PX, FOCAL_PX)
    for moment in moments():
        pose = _pose(moment, eye_middle(head, person))
        weights = _weights(moment)
        posed = pose_head(head, person, weights, pose, moment.gaze)
        outline = posed.vertices[:SKIN_VERTICES][head.neutral[:SKIN_VERTICES, 1] > CHIN_CM]
        yield Shot(moment, weights, pose, posed, _inside(camera, outline))


def _pose(moment: Moment, middle: np.ndarray[tuple[int], np.dtype[np.float32]]) -> HeadPose:
    """The pose of the point between the eyes when the head turns about the neck."""
    pitch, yaw, roll = moment.turn
    arm = rotation(pitch, yaw, roll) @ (middle - NECK_PIVOT_CM) * MM_PER_CM
    x, y, z = NECK_AT_MM + np.array(moment.shift_mm) + arm * np.array([1, -1, -1])
    return HeadPose(pitch, yaw, roll, float(x), float(y), float(z))


def _weights(moment: Moment) -> dict[str, float]:
    """The acting's weights; while the lids blink, whatever else moves them lets go."""
    weights = {name: float(np.clip(weight, 0, 1)) for name, weight in moment.acting.weights.items()}
    for side in ("L", "R"):
        for shape in ("eyeWide", "eyeSquint"):
            name = f"{shape}_{side}"
            weights[name] = weights.get(name, 0.0) * (1 - moment.lids)
        weights[f"eyeBlink_{side}"] = moment.lids
        if moment.lids > 0:
            weights[f"eyeLookDown_{side}"] = 0.0
    return weights


def _inside(camera: Camera, outline: np.ndarray[tuple[int, int], np.dtype[np.float32]]) -> bool:
    points = camera.picture_point(outline)
    return bool((points >= 0).all() and (points <= np.array([camera.width_px, camera.height_px])).all())


def write_truth(path: Path, head: HeadModel) -> int:
    """One row a frame; returns how many."""
    columns = ["frame", "t_s", "passage", "in_view", "pitch_deg", "yaw_deg", "roll_deg", "tx_mm", "ty_mm", "tz_mm"]
    columns += ["gaze_yaw_deg", "gaze_pitch_deg", "blink", "brightness", *head.expression_names]
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(columns)
        count = 0
        for count, shot in enumerate(shots(head), start=1):
            table.writerow(_row(count - 1, shot, head.expression_names))
    return count


def _row(frame: int, shot: Shot, names: tuple[str, ...]) -> list[object]:
    moment, pose = shot.moment, shot.pose
    angles = [f"{value:.3f}" for value in (pose.pitch_deg, pose.yaw_deg, pose.roll_deg)]
    place = [f"{value:.2f}" for value in (pose.tx_mm, pose.ty_mm, pose.tz_mm)]
    gaze = [f"{value:.3f}" for value in moment.gaze]
    blink = int(moment.lids >= CLOSED_FROM)
    weights = [f"{float(np.clip(shot.posed.weights.get(name, 0.0), 0, 1)):.4f}" for name in names]
    head = [frame, f"{frame / FPS:.6f}", moment.passage, int(shot.in_view)]
    return [*head, *angles, *place, *gaze, blink, f"{moment.acting.brightness:.4f}", *weights]


def pictures(renderer: HeadRenderer, head: HeadModel) -> Iterator[RgbImage]:
    """The film's frames, with a camera's slight noise."""
    rng = np.random.default_rng(SEED)
    grain = rng.normal(0, GRAIN, (4, HEIGHT_PX, WIDTH_PX, 1)).astype(np.float32)
    for number, shot in enumerate(shots(head)):
        lamps = replace(PARTICIPANT.lamps, brightness=PARTICIPANT.lamps.brightness * shot.moment.acting.brightness)
        picture = renderer.render(replace(PARTICIPANT, lamps=lamps), shot.weights, shot.pose, shot.moment.gaze)
        yield np.clip(picture + grain[number % 4], 0, 255).astype(np.uint8)


def encode(frames: Iterator[RgbImage], path: Path, quality: int) -> int:
    """Pipes raw frames into ffmpeg: H.264, a key frame a second so that seeking is quick, index first."""
    command = ["ffmpeg", "-y", "-loglevel", "error", "-f", "rawvideo", "-pix_fmt", "rgb24"]
    command += ["-s", f"{WIDTH_PX}x{HEIGHT_PX}", "-r", str(FPS), "-i", "-", "-an"]
    command += ["-vf", "scale=out_color_matrix=bt709", "-colorspace", "bt709", "-color_primaries", "bt709"]
    command += ["-color_trc", "bt709", "-c:v", "libx264", "-preset", "medium", "-crf", str(quality)]
    command += ["-pix_fmt", "yuv420p", "-g", str(FPS), "-movflags", "+faststart", "-threads", "2", str(path)]
    count = 0
    with subprocess.Popen(command, stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        for count, frame in enumerate(frames, start=1):
            process.stdin.write(frame.tobytes())
            if count % 60 == 0:
                print(f"{count} frames", flush=True)
        process.stdin.close()
    if process.returncode:
        raise SystemExit(f"ffmpeg failed with {process.returncode}")
    return count


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="the training data; default: DESKTOP_AFFECT_DATA or shared/data")
    parser.add_argument("--out", type=Path, default=ROOT / "resources" / "demo")
    parser.add_argument("--oversample", type=int, default=1)
    parser.add_argument("--shells", type=int, default=16)
    parser.add_argument("--quality", type=int, default=26, help="x264's constant rate factor; lower is better")
    parser.add_argument("--truth-only", action="store_true")
    wish = parser.parse_args()
    head = load_head(wish.data)
    wish.out.mkdir(parents=True, exist_ok=True)
    print(f"truth.csv: {write_truth(wish.out / 'truth.csv', head)} rows")
    if wish.truth_only:
        return
    with HeadRenderer(
        WIDTH_PX,
        HEIGHT_PX,
        focal_px=FOCAL_PX,
        oversample=wish.oversample,
        shells=wish.shells,
        skin_px=2048,
        data=wish.data,
    ) as renderer:
        film = wish.out / "participant.mp4"
        count = encode(pictures(renderer, head), film, wish.quality)
    print(f"participant.mp4: {count} frames, {film.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
