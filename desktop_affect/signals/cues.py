"""The cues of hesitancy: small named functions to 0..1, each with its weight in one table.

Strength of an action unit, over the participant's rest: 0 at half of its presence threshold (at least 0.05), 1 at the
threshold (at least 0.1). Speech: while the mouth opens and closes, what the lips do says little, and their cues fade.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from desktop_affect.core.types import NAN
from desktop_affect.signals.behaviour import Behaviour

WINDOW_S = 6.0
"""Looks away and shakes count for this long: a hesitant answer takes some seconds."""
AFTER_S = 2.0
"""A look away counts with a tense face for as long as it lasts, and at least for this long."""
TOGETHER_S = 3.0
"""A look away and a tense face belong together when they began within this time of each other."""
MEAN_S = 0.6
"""Time constant of the facial cues: shorter contradictions are transitions from one expression to the next."""


@dataclass(frozen=True, slots=True)
class Moment:
    """What the cues look at."""

    t_s: float
    strength: Mapping[str, float]
    """Action unit → 0..1, over the rest and relative to its threshold."""
    speaking: float
    """0..1."""
    head_off_deg: float
    """From where the head usually is."""
    flips: int
    tense_since_s: float
    """When brows or lips became tense; NaN while they are not."""
    behaviour: Behaviour


def mixed_smile(now: Moment) -> float:
    """A smile together with lowered brows, lip corners down or pressed lips."""
    return min(
        now.strength["AU12"], max(now.strength["AU04"], _lips(now, max(now.strength["AU15"], now.strength["AU24"])))
    )


def lip_press(now: Moment) -> float:
    """Lips pressed or tightened."""
    return _lips(now, max(now.strength["AU23"], now.strength["AU24"]))


def brow_conflict(now: Moment) -> float:
    """Brows raised and lowered at once."""
    return min(max(now.strength["AU01"], now.strength["AU02"]), now.strength["AU04"])


def gaze_aversion(now: Moment) -> float:
    """Looks away in the last seconds; two are enough."""
    return min(now.behaviour.looks_away.count(now.t_s - WINDOW_S) / 2, 1.0)


def tense_aversion(now: Moment) -> float:
    """A look away with lowered brows or pressed lips that came with it: how people look who search for an answer.

    Goodwin and Goodwin (1986) call it the thinking face; Swerts and Krahmer (2005) found marked faces together with
    gaze acts in answers that people are unsure of. Somebody who has been angry for a while and glances aside is not
    meant, so the two must begin together.
    """
    look_s = now.behaviour.looks_away.latest_s
    recent = now.behaviour.gaze.away or now.t_s - look_s <= AFTER_S
    together = abs(look_s - now.tense_since_s) <= TOGETHER_S
    return tension(now.strength, now.speaking) if recent and together else 0.0


def tension(strength: Mapping[str, float], speaking: float) -> float:
    """Lowered brows, or lips pressed or tightened while nobody speaks."""
    return max(strength["AU04"], max(strength["AU23"], strength["AU24"]) * (1.0 - speaking))


def head_aversion(now: Moment) -> float:
    """The head turned away from where it usually is: from 10 to 20 degrees."""
    return share((now.head_off_deg - 10.0) / 10.0)


def head_shake(now: Moment) -> float:
    """Swings of the head from side to side. One turn of the head may look like one; a shake is three or more."""
    return share((now.behaviour.shake_swings.count(now.t_s - WINDOW_S) - 1) / 3)


def valence_flips(now: Moment) -> float:
    """Valence that changes its sign, more than once."""
    return share((now.flips - 1) / 2)


def blink_burst(now: Moment) -> float:
    """Three blinks or more in three seconds; people blink once in three or four."""
    return share((now.behaviour.blinks.count(now.t_s - 3.0) - 2) / 2)


@dataclass(frozen=True, slots=True)
class Cue:
    """One row of the table."""

    name: str
    weight: float
    rule: Callable[[Moment], float]
    smoothed: bool
    """A facial cue, averaged over `MEAN_S`; the others count events."""


CUES: tuple[Cue, ...] = (
    Cue("mixed_smile", 0.50, mixed_smile, True),
    Cue("gaze_aversion", 0.35, gaze_aversion, False),
    Cue("head_shake", 0.35, head_shake, False),
    Cue("tense_aversion", 0.35, tense_aversion, False),
    Cue("lip_press", 0.30, lip_press, True),
    Cue("brow_conflict", 0.30, brow_conflict, True),
    Cue("valence_flips", 0.20, valence_flips, False),
    Cue("blink_burst", 0.15, blink_burst, False),
    Cue("head_aversion", 0.10, head_aversion, True),
)


def combine(cues: Mapping[str, float]) -> float:
    """The index; a cue that is unknown adds nothing."""
    doubt = 1.0
    for cue in CUES:
        value = cues.get(cue.name, NAN)
        if not math.isnan(value):
            doubt *= 1.0 - cue.weight * value
    return 1.0 - doubt


def _lips(now: Moment, value: float) -> float:
    return value * (1.0 - now.speaking)


def share(value: float) -> float:
    return 0.0 if math.isnan(value) else min(max(value, 0.0), 1.0)
