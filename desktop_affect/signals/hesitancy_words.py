"""What an alert of hesitancy says: the cues that made it, each with its value."""

from __future__ import annotations

from collections.abc import Mapping

from desktop_affect.signals.cues import CUES, WINDOW_S, Moment

_LEAST_SHARE = 0.05
"""A cue that adds less to the index is not named."""
_AGAINST = {"AU04": "lowered brows", "AU15": "lip corners down", "AU24": "pressed lips"}
_TENSE = {"AU04": "lowered brows", "AU23": "tightened lips", "AU24": "pressed lips"}


def reasons(now: Moment, cues: Mapping[str, float], held_s: Mapping[str, float]) -> tuple[str, ...]:
    """Strongest first. `held_s`: for how long each cue has been over a half."""
    shares = sorted(((cue.weight * cues[cue.name], cue.name) for cue in CUES), reverse=True)
    named = [name for share, name in shares if share >= _LEAST_SHARE]
    return tuple(_behaviour_words(name, now) or _face_words(name, now, cues[name], held_s[name]) for name in named)


def _behaviour_words(name: str, now: Moment) -> str:
    since_s, behaviour = now.t_s - WINDOW_S, now.behaviour
    if name == "gaze_aversion":
        return f"looked away {_times(behaviour.looks_away.count(since_s))}"
    if name == "head_shake":
        return f"head swung from side to side {_times(behaviour.shake_swings.count(since_s))}"
    if name == "valence_flips":
        return f"valence changed its sign {_times(now.flips)}"
    if name == "blink_burst":
        return f"{behaviour.blinks.count(now.t_s - 3.0)} blinks in 3 s"
    if name == "tense_aversion":
        tense = max(_TENSE, key=lambda unit: now.strength[unit])
        return f"looked away with {_TENSE[tense]}"
    return f"head turned away {now.head_off_deg:.0f}°" if name == "head_aversion" else ""


def _face_words(name: str, now: Moment, value: float, held_s: float) -> str:
    length = f"{held_s:.1f} s" if held_s >= 0.1 else f"slightly ({value:.2f})"
    if name == "mixed_smile":
        against = max(_AGAINST, key=lambda unit: now.strength[unit])
        return f"smile with {_AGAINST[against]} {length}"
    return f"{'lips pressed' if name == 'lip_press' else 'brows raised and lowered'} {length}"


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")
