"""Every signal: key, range, unit, sign, meaning. Tooltips, rules and docs/signals.md come from this one table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

from desktop_affect.core.types import ACTION_UNITS, EXPRESSIONS, MIMICRY, NAN, Sample, Seen
from desktop_affect.signals.cues import CUES

Read = Callable[[Sample], float]


class Group(Enum):
    """Where a signal belongs in the window and in the documentation."""

    AFFECT = "Affect"
    UNITS = "Action units"
    EXPRESSIONS = "Expressions"
    MIMICRY = "Mimicry"
    BEHAVIOUR = "Behaviour"
    HESITANCY = "Hesitancy"
    FACE = "Face"
    QUALITY = "Quality"


@dataclass(frozen=True, slots=True)
class Signal:
    """One row."""

    key: str
    label: str
    group: Group
    minimum: float
    maximum: float
    unit: str
    """Empty for a share, a probability or an intensity."""
    meaning: str
    """Includes the sign where there is one."""
    read: Read
    experimental: bool = False
    gated: bool = True
    """Alerts on it look only at samples over the quality gate."""

    @property
    def range_words(self) -> str:
        span = f"{self.minimum:g} to {self.maximum:g}".replace("-", "−")
        return f"{span} {self.unit}".strip()

    @property
    def tooltip(self) -> str:
        warning = " Experimental: not validated against human judgement." if self.experimental else ""
        return f"{self.label}, {self.range_words}. {self.meaning}{warning}"


def reader(key: str) -> Read:
    """How to read a signal off a judged sample; NaN where it is unknown."""
    return BY_KEY[key].read


_UNIT_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "AU01": "inner brow raiser",
        "AU02": "outer brow raiser",
        "AU04": "brow lowerer",
        "AU06": "cheek raiser",
        "AU07": "lid tightener",
        "AU10": "upper lip raiser",
        "AU12": "lip corner puller",
        "AU15": "lip corner depressor",
        "AU23": "lip tightener",
        "AU24": "lip pressor",
        "AU25": "lips part",
        "AU26": "jaw drop",
    }
)
_CUE_MEANINGS: Mapping[str, str] = MappingProxyType(
    {
        "mixed_smile": "A smile together with lowered brows, lip corners down or pressed lips.",
        "gaze_aversion": "Looks away in the last 6 s: 0.5 for one, 1 for two or more.",
        "head_shake": "Swings of the head from side to side in the last 6 s: 0 for one, 1 from four on.",
        "tense_aversion": "Lowered brows or pressed lips that came with a look away, for 2 s or as long as it lasts.",
        "lip_press": "Lips pressed or tightened, while the person does not speak.",
        "brow_conflict": "Brows raised and lowered at once.",
        "valence_flips": "Valence changed its sign in the last 6 s: 0.5 for twice, 1 for three times or more.",
        "blink_burst": "Blinks in the last 3 s: 0.5 for three, 1 for four or more.",
        "head_aversion": "The head turned away from its usual direction: 0 up to 10°, 1 from 20° on.",
    }
)


def _of_affect(name: str) -> Read:
    return lambda s: NAN if s.affect is None else float(getattr(s.affect, name))


def _of_head(head: str, name: str) -> Read:
    return lambda s: NAN if s.affect is None else float(getattr(s.affect, head).get(name, NAN))


def _of_cues(name: str) -> Read:
    return lambda s: s.cues.get(name, NAN)


def _of_face(part: str, name: str) -> Read:
    return lambda s: NAN if s.face is None else float(getattr(getattr(s.face, part), name))


def _present(unit: str) -> Read:
    return lambda s: float(s.present[unit]) if unit in s.present else NAN


def _is_there(sample: Sample) -> float:
    return NAN if sample.seen is Seen.SKIPPED else float(sample.face is not None)


def _cue(key: str, label: str, top: float, unit: str, meaning: str) -> Signal:
    return Signal(key, label, Group.BEHAVIOUR, 0.0, top, unit, meaning, _of_cues(key))


def _angle(key: str, label: str, part: str, meaning: str) -> Signal:
    return Signal(key, label, Group.FACE, -90.0, 90.0, "°", meaning, _of_face(part, key))


def _whole(key: str, label: str, group: Group, meaning: str, read: Read) -> Signal:
    return Signal(key, label, group, 0.0, 1.0, "", meaning, read, gated=False)


_AFFECT = (
    Signal("valence", "Valence", Group.AFFECT, -1.0, 1.0, "",
           "How pleasant the face looks: −1 unpleasant, +1 pleasant.", _of_affect("valence")),
    Signal("arousal", "Arousal", Group.AFFECT, -1.0, 1.0, "",
           "How activated the face looks: −1 calm, +1 activated.", _of_affect("arousal")),
)  # fmt: skip
_UNITS = tuple(
    Signal(unit, f"{unit} {name}", Group.UNITS, 0.0, 1.0, "", f"Strength of the {name}: 0 at rest, 1 at most.",
           _of_head("action_units", unit))
    for unit, name in _UNIT_NAMES.items()
)  # fmt: skip
_PRESENT = tuple(
    Signal(f"{unit}_present", f"{unit} present", Group.UNITS, 0.0, 1.0, "",
           f"1 while the {_UNIT_NAMES[unit]} is over the model's threshold, until it falls below four fifths of it.",
           _present(unit))
    for unit in ACTION_UNITS
)  # fmt: skip
_EXPRESSIONS = tuple(
    Signal(f"expression_{name}", name.capitalize(), Group.EXPRESSIONS, 0.0, 1.0, "",
           f"Probability that people would call the expression {name}; all eight add up to 1.",
           _of_head("expressions", name))
    for name in EXPRESSIONS
)  # fmt: skip
_MIMICRY = tuple(
    Signal(f"mimicry_{name}", name.replace("_", " ").capitalize(), Group.MIMICRY, 0.0, 1.0, "",
           f"Intensity with which {name.replace('_', ' ')} is mimicked.", _of_head("mimicry", name))
    for name in MIMICRY
)  # fmt: skip
_BEHAVIOUR = (
    _cue("blink_rate_per_min", "Blink rate", 120.0, "/min", "Closures of both lids of up to 0.5 s, over the window."),
    _cue("gaze_away_share", "Gaze away", 1.0, "", "Share of the window in which the eyes point away from their rest."),
    _cue(
        "head_shake_rate_per_min", "Head shakes", 60.0, "/min", "Series of three or more quick turns, left and right."
    ),
    _cue("nod_rate_per_min", "Nods", 60.0, "/min", "Series of three or more quick tilts, up and down."),
)
_HESITANCY = (
    Signal("hesitancy", "Hesitancy", Group.HESITANCY, 0.0, 1.0, "",
           "Index from the cues below, or the model's own output where it has one.", _of_cues("hesitancy"),
           experimental=True),
    *(
        Signal(f"hesitancy_{cue.name}", cue.name.replace("_", " ").capitalize(), Group.HESITANCY, 0.0, 1.0, "",
               f"{_CUE_MEANINGS[cue.name]} Weight {cue.weight:.2f}.", _of_cues(f"hesitancy_{cue.name}"),
               experimental=True)
        for cue in CUES
    ),
)  # fmt: skip
_FACE = (
    _whole("face", "Face in view", Group.FACE, "1 with a face, 0 without; unknown for a skipped frame.", _is_there),
    _angle("yaw_deg", "Head turn", "pose", "Positive towards the person's own left."),
    _angle("pitch_deg", "Head up", "pose", "Positive upwards."),
    _angle("roll_deg", "Head tilt", "pose", "Positive towards the person's own left shoulder."),
    _angle("gaze_yaw_deg", "Gaze sideways", "eyes", "From the camera's axis; positive towards the person's own left."),
    _angle("gaze_pitch_deg", "Gaze up", "eyes", "From the camera's axis; positive upwards."),
)
_QUALITY = (
    _whole("quality", "Quality", Group.QUALITY, "Score of the worst aspect of the frame: 0 unusable, 1 good.",
           lambda s: s.quality.score),
)  # fmt: skip

SIGNALS: tuple[Signal, ...] = (
    *_AFFECT, *_UNITS, *_PRESENT, *_EXPRESSIONS, *_MIMICRY, *_BEHAVIOUR, *_HESITANCY, *_FACE, *_QUALITY,
)  # fmt: skip
BY_KEY: Mapping[str, Signal] = MappingProxyType({signal.key: signal for signal in SIGNALS})
