"""What the demo participant does, second by second: expressions, head, eyes, blinks and light, from a fixed seed."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

FPS = 30
SEED = 11

Weights = dict[str, float]


@dataclass(frozen=True, slots=True)
class Acting:
    """One moment. Angles in degrees, the neck's shift in millimetres (x right, y down, z away)."""

    weights: Mapping[str, float] = field(default_factory=dict)
    turn: tuple[float, float, float] = (0.0, 0.0, 0.0)
    """Pitch, yaw, roll on top of the idle motion."""
    shift_mm: tuple[float, float, float] = (0.0, 0.0, 0.0)
    gaze: tuple[float, float] | None = None
    """Yaw and pitch relative to the camera; None is the idle gaze at the screen."""
    brightness: float = 1.0


@dataclass(frozen=True, slots=True)
class Passage:
    """A named stretch of the film; `act` is given the seconds since its beginning."""

    name: str
    length_s: float
    act: Callable[[float], Acting]


def ease(share: float) -> float:
    """0 → 1 with the speed profile of a relaxed movement (minimum jerk)."""
    x = min(max(share, 0.0), 1.0)
    return x * x * x * (10 - 15 * x + 6 * x * x)


def swell(t_s: float, begin_s: float, end_s: float, rise_s: float = 0.6, fall_s: float = 0.8) -> float:
    """0 before, 1 between, 0 after, with eased flanks inside the span."""
    return ease((t_s - begin_s) / rise_s) * (1 - ease((t_s - end_s + fall_s) / fall_s))


def both(**weights: float) -> Weights:
    """The same weight on the left and the right shape."""
    return {f"{name}_{side}": weight for name, weight in weights.items() for side in ("L", "R")}


def scaled(weights: Mapping[str, float], factor: float) -> Weights:
    return {name: weight * factor for name, weight in weights.items()}


_SMILE = {
    **both(cheekSquint=0.7, cheekRaiser=0.45, eyeSquint=0.2, mouthDimple=0.15, mouthUpperUp=0.22, mouthLowerDown=0.12),
    "mouthSmile_L": 0.95,
    "mouthSmile_R": 0.88,
    "jawOpen": 0.07,
}
_SURPRISE = {**both(browInnerUp=0.85, browOuterUp=0.8, eyeWide=0.6), "jawOpen": 0.42}
_DISPLEASURE = {**both(browDown=0.95, mouthPress=0.9, eyeSquint=0.4, noseSneer=0.25), "mouthShrugLower": 0.25}
_SADNESS = {**both(browInnerUp=0.85, browDown=0.15, mouthFrown=0.8, eyeSquint=0.1), "mouthShrugLower": 0.3}
_HESITANT = {
    **both(browDown=0.45, mouthPress=0.55, browInnerUp=0.25),
    "mouthSmile_L": 0.42,
    "mouthSmile_R": 0.22,
    "mouthRollLower": 0.2,
}


def _neutral(_: float) -> Acting:
    return Acting()


def _smile(t_s: float) -> Acting:
    strength = swell(t_s, 0.2, 4.9, 0.7, 1.0) * (0.93 + 0.07 * math.sin(t_s * 2.1))
    return Acting(scaled(_SMILE, strength), turn=(1.5 * strength, 0.0, 1.5 * strength))


def _surprise(t_s: float) -> Acting:
    strength = swell(t_s, 0.3, 3.8, 0.35, 1.0)
    return Acting(scaled(_SURPRISE, strength), turn=(2.0 * strength, 0.0, 0.0), shift_mm=(0.0, 0.0, 12.0 * strength))


def _displeasure(t_s: float) -> Acting:
    strength = swell(t_s, 0.2, 4.8, 0.7, 0.9)
    return Acting(scaled(_DISPLEASURE, strength), turn=(-3.0 * strength, 2.0 * strength, 0.0))


def _sadness(t_s: float) -> Acting:
    strength = swell(t_s, 0.2, 4.9, 1.0, 1.0)
    gaze = (0.0, -3.0 - 9.0 * swell(t_s, 1.2, 3.9, 0.3, 0.3))
    return Acting(scaled(_SADNESS, strength), turn=(-5.0 * strength, 0.0, -3.0 * strength), gaze=gaze)


def _hesitant(t_s: float) -> Acting:
    """Half a smile under lowered brows, lips pressed, eyes away three times, small shakes of the head."""
    strength = swell(t_s, 0.2, 8.3, 0.8, 1.0) * (0.85 + 0.15 * math.sin(t_s * 1.7))
    press = swell(t_s, 1.6, 3.2, 0.4, 0.5) + swell(t_s, 5.4, 7.2, 0.4, 0.5)
    weights = scaled(_HESITANT, strength)
    for side in ("L", "R"):
        weights[f"mouthPress_{side}"] += 0.3 * press
    away = swell(t_s, 1.0, 2.5, 0.12, 0.12), swell(t_s, 3.6, 4.9, 0.12, 0.12), swell(t_s, 6.1, 7.4, 0.12, 0.12)
    gaze = (24.0 * away[0] - 22.0 * away[1] + 18.0 * away[2], -3.0 - 12.0 * away[0] + 3.0 * away[1] - 10.0 * away[2])
    shake = swell(t_s, 2.4, 4.3, 0.4, 0.4) + swell(t_s, 6.6, 8.0, 0.4, 0.4)
    yaw = 4.5 * math.sin(2 * math.pi * 1.3 * t_s) * shake + 3.0 * (away[0] - away[1])
    return Acting(weights, turn=(-2.0 * strength, yaw, 3.0 * strength), gaze=gaze)


def _away(t_s: float) -> Acting:
    """Leans out of the picture to its left, stays out for more than two seconds, comes back."""
    out = ease((t_s - 0.1) / 1.2) * (1 - ease((t_s - 3.8) / 1.2))
    return Acting(
        turn=(-2.0 * out, -14.0 * out, -9.0 * out),
        shift_mm=(-720.0 * out, 30.0 * out, 20.0 * out),
        gaze=(-20.0 * out, -3.0),
    )


def _turn(t_s: float) -> Acting:
    """40° to the person's own left and back; the eyes lead the head."""
    yaw = 40.0 * swell(t_s, 0.3, 4.7, 1.5, 1.5)
    eyes = 44.0 * swell(t_s, 0.15, 4.6, 1.2, 1.4)
    return Acting(turn=(0.0, yaw, 0.0), gaze=(eyes, -2.0))


def _dim(t_s: float) -> Acting:
    return Acting(brightness=1.0 - 0.78 * swell(t_s, 0.1, 4.4, 0.8, 0.8))


PASSAGES: tuple[Passage, ...] = (
    Passage("neutral", 6.5, _neutral),
    Passage("smile", 5.0, _smile),
    Passage("neutral", 1.5, _neutral),
    Passage("surprise", 4.0, _surprise),
    Passage("neutral", 1.5, _neutral),
    Passage("displeasure", 5.0, _displeasure),
    Passage("neutral", 1.5, _neutral),
    Passage("sadness", 5.0, _sadness),
    Passage("neutral", 1.5, _neutral),
    Passage("hesitant", 8.5, _hesitant),
    Passage("neutral", 1.5, _neutral),
    Passage("away", 5.0, _away),
    Passage("neutral", 1.0, _neutral),
    Passage("turn", 5.0, _turn),
    Passage("neutral", 1.0, _neutral),
    Passage("dim", 4.5, _dim),
    Passage("neutral", 4.0, _neutral),
)


@dataclass(frozen=True, slots=True)
class Moment:
    """One frame of the film before it is drawn."""

    passage: str
    acting: Acting
    turn: tuple[float, float, float]
    shift_mm: tuple[float, float, float]
    gaze: tuple[float, float]
    lids: float
    """0 open .. 1 closed, from blinking alone."""


def moments() -> list[Moment]:
    """The whole film."""
    rng = np.random.default_rng(SEED)
    length_s = sum(passage.length_s for passage in PASSAGES)
    times = np.arange(round(length_s * FPS)) / FPS
    blinks, fixations = _blink_times(rng, length_s), _fixations(rng, length_s)
    phases = rng.uniform(0, 2 * math.pi, (6, 3))
    return [_moment(float(t_s), blinks, fixations, phases) for t_s in times]


def _moment(
    t_s: float,
    blinks: Sequence[tuple[float, float]],
    fixations: Sequence[tuple[float, float, float]],
    phases: np.ndarray[tuple[int, int], np.dtype[np.float64]],
) -> Moment:
    passage, local_s = _passage_at(t_s)
    acting = passage.act(local_s)
    turn = tuple(
        a + _drift(t_s, phases[k], size) for k, (a, size) in enumerate(zip(acting.turn, (1.1, 1.3, 0.8), strict=True))
    )
    shift = tuple(
        a + _drift(t_s, phases[3 + k], size)
        for k, (a, size) in enumerate(zip(acting.shift_mm, (4.0, 2.5, 5.0), strict=True))
    )
    idle = _gaze_at(t_s, fixations)
    gaze = idle if acting.gaze is None else (acting.gaze[0] + 0.4 * idle[0], acting.gaze[1])
    lids = max((_lids(t_s - begin, length) for begin, length in blinks), default=0.0)
    return Moment(passage.name, acting, (turn[0], turn[1], turn[2]), (shift[0], shift[1], shift[2]), gaze, lids)


def _passage_at(t_s: float) -> tuple[Passage, float]:
    begin_s = 0.0
    for passage in PASSAGES:
        if t_s < begin_s + passage.length_s - 1e-9:
            return passage, t_s - begin_s
        begin_s += passage.length_s
    return PASSAGES[-1], PASSAGES[-1].length_s


def _drift(t_s: float, phase: np.ndarray[tuple[int], np.dtype[np.float64]], size: float) -> float:
    """Nobody sits still: three slow waves whose periods do not fit each other."""
    waves = zip((0.13, 0.31, 0.47), (0.6, 0.3, 0.15), phase, strict=True)
    return size * sum(share * math.sin(2 * math.pi * hertz * t_s + float(start)) for hertz, share, start in waves)


def _blink_times(rng: np.random.Generator, length_s: float) -> list[tuple[float, float]]:
    """Begin and length of every blink: 2 to 5 s apart, 150 to 250 ms long."""
    blinks, at = [], 1.6
    while at < length_s - 0.5:
        blinks.append((at, float(rng.uniform(0.18, 0.25))))
        at += float(rng.uniform(2.0, 4.6))
    return blinks


def _lids(since_s: float, length_s: float) -> float:
    """Lids fall faster than they rise."""
    share = since_s / length_s
    if not 0 < share < 1:
        return 0.0
    return ease(share / 0.35) if share < 0.55 else 1 - ease((share - 0.55) / 0.45)


def _fixations(rng: np.random.Generator, length_s: float) -> list[tuple[float, float, float]]:
    """Where the eyes rest on the screen below the camera: from when, yaw, pitch."""
    rests, at = [], 0.0
    while at < length_s:
        rests.append((at, float(rng.normal(0, 1.3)), float(-3.0 + rng.normal(0, 0.9))))
        at += float(rng.uniform(0.8, 2.4))
    return rests


def _gaze_at(t_s: float, rests: Sequence[tuple[float, float, float]]) -> tuple[float, float]:
    begun = [rest for rest in rests if rest[0] <= t_s]
    now, before = begun[-1], begun[-2] if len(begun) > 1 else begun[-1]
    jump = ease((t_s - now[0]) / 0.07)
    return before[1] + (now[1] - before[1]) * jump, before[2] + (now[2] - before[2]) * jump
