"""Alert rules in words: “valence below -0.4 for 3 s; face lost for 5 s; AU04 present for 2 s”.

    SIGNAL above|below NUMBER for SECONDS s
    AUxx present|absent for SECONDS s
    face lost|found for SECONDS s

Rules are separated by semicolons or line ends. Signals are those of `catalogue.py`, with spaces or underscores.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches

from desktop_affect.core.errors import SettingsError
from desktop_affect.core.types import ACTION_UNITS
from desktop_affect.signals.catalogue import BY_KEY, Signal

EXAMPLE = "Write for example “valence below -0.4 for 3 s”, “face lost for 5 s” or “AU04 present for 2 s”."
HYSTERESIS_SHARE = 0.05
"""Of a signal's range: a value that trembles around a threshold makes one alert, not ten."""
LONGEST_S = 3600.0

_COMPARE = re.compile(r"(?P<signal>.+?) (?P<way>above|below|over|under) (?P<level>[-+−]?\d*\.?\d+)", re.IGNORECASE)
_STATE = re.compile(r"(?P<signal>.+?) (?P<state>present|absent|lost|found)", re.IGNORECASE)
_LENGTH = re.compile(r"(?P<what>.+?) for (?P<length>\d*\.?\d+) ?(?:s|sec|seconds?)\.?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Rule:
    """When an alert begins and ends."""

    name: str
    """The person's own words, or the name of a rule of ours."""
    signal: str
    threshold: float
    above: bool
    """Fires over the threshold; otherwise under it."""
    least_s: float
    """The condition holds for this long before the alert begins."""
    hysteresis: float
    """How far the value must come back before the alert ends."""
    cooldown_s: float = 0.0
    """No new alert of this rule for this long after one has ended."""
    gated: bool = True
    """Only samples over the quality gate count."""
    experimental: bool = False

    def fires(self, value: float, active: bool) -> bool:
        """NaN fires nothing."""
        back = self.hysteresis if active else 0.0
        return value >= self.threshold - back if self.above else value <= self.threshold + back

    def beyond(self, value: float, peak: float) -> bool:
        """Whether a value is further out than the peak so far."""
        return value > peak if self.above else value < peak


def parse_rules(text: str, cooldown_s: float = 0.0) -> tuple[Rule, ...]:
    """Every rule of the setting, once. Raises SettingsError in words for the first that cannot be read."""
    parts = [part.strip() for part in re.split(r"[;\n]", text)]
    return tuple(dict.fromkeys(parse_rule(part, cooldown_s) for part in parts if part))


def parse_rule(text: str, cooldown_s: float = 0.0) -> Rule:
    words = " ".join(text.split())
    length = _LENGTH.fullmatch(words)
    if length is None:
        raise SettingsError(f"The rule “{words}” does not say for how long.", advice=EXAMPLE)
    least_s = float(length["length"])
    if least_s > LONGEST_S:
        raise SettingsError(f"The rule “{words}” waits for more than an hour.", advice=EXAMPLE)
    if compared := _COMPARE.fullmatch(length["what"]):
        return _comparison(words, compared, least_s, cooldown_s)
    if state := _STATE.fullmatch(length["what"]):
        return _state(words, state, least_s, cooldown_s)
    raise SettingsError(f"The rule “{words}” has no condition that is known.", advice=EXAMPLE)


def _comparison(words: str, found: re.Match[str], least_s: float, cooldown_s: float) -> Rule:
    signal = _signal(words, found["signal"])
    level = float(found["level"].replace("−", "-"))
    if not signal.minimum <= level <= signal.maximum:
        message = f"The rule “{words}” can never fire: {signal.key} goes from {signal.minimum:g} to {signal.maximum:g}."
        raise SettingsError(message, advice=EXAMPLE)
    above = found["way"].lower() in ("above", "over")
    hysteresis = HYSTERESIS_SHARE * (signal.maximum - signal.minimum)
    return Rule(
        words, signal.key, level, above, least_s, hysteresis, cooldown_s,
        gated=signal.gated, experimental=signal.experimental,
    )  # fmt: skip


def _state(words: str, found: re.Match[str], least_s: float, cooldown_s: float) -> Rule:
    state, name = found["state"].lower(), found["signal"].lower()
    there = state in ("present", "found")
    if name == "face":
        return Rule(words, "face", 0.5, there, least_s, 0.0, cooldown_s, gated=False)
    unit = _signal(words, found["signal"]).key
    if unit not in ACTION_UNITS:
        message = f"The rule “{words}”: only action units and the face can be present, absent, lost or found."
        raise SettingsError(message, advice=EXAMPLE)
    return Rule(words, f"{unit}_present", 0.5, there, least_s, 0.0, cooldown_s)


def _signal(words: str, name: str) -> Signal:
    key = re.sub(r"[ _]+", "_", name.strip())
    key = re.sub(r"^au[_ ]?0?(\d{1,2})$", lambda m: f"AU{int(m[1]):02d}", key, flags=re.IGNORECASE)
    for candidate in (key, key.lower()):
        if candidate in BY_KEY:
            return BY_KEY[candidate]
    close = get_close_matches(key.lower(), [known.lower() for known in BY_KEY], n=1)
    hint = f" Did you mean “{close[0]}”?" if close else ""
    raise SettingsError(f"The rule “{words}” names “{name}”, which is no signal.{hint}", advice=EXAMPLE)
