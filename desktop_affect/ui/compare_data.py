"""Two sessions side by side: how they are aligned, what they show at one moment, and their means interval by interval.

No Qt: sides are read in a process of their own.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from desktop_affect.core.errors import SessionError
from desktop_affect.core.types import ACTION_UNITS, Sample
from desktop_affect.session.aggregate import COLUMNS, Aggregator, intervals
from desktop_affect.session.export.options import ExportOptions
from desktop_affect.session.export.table import ExportTable
from desktop_affect.session.reader import read_session
from desktop_affect.session.totals import Row
from desktop_affect.system.side_process import Tell
from desktop_affect.ui.recording import BASE, MomentKind, Recording, curves

SIDE_BY_SIDE: tuple[str, ...] = ("valence", "arousal", "hesitancy", "quality", *ACTION_UNITS)
"""The signals whose values at the cursor are listed."""
WHOLE = "Whole session"


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """One of the two."""

    recording: Recording
    rows: tuple[Row, ...]
    """Aggregates of the whole, between markers and of annotated ranges."""

    @property
    def name(self) -> str:
        """`P07 · B`, or the folder's name."""
        header = self.recording.session.header
        who = [str(header.get(key) or "").strip() for key in ("participant", "condition")]
        return " · ".join(filter(None, who)) or self.recording.session.path.name


@dataclass(frozen=True, slots=True)
class Pair:
    """Means of one interval in both sessions; NaN where one lacks it."""

    label: str
    first: float
    second: float
    first_valid: float
    """Share of the interval's time that the mean rests on."""
    second_valid: float

    @property
    def difference(self) -> float:
        """Second minus first."""
        return self.second - self.first


def read_pair(folders: tuple[Path, Path], name: str, tell: Tell) -> tuple[Side, Side]:
    """In a process of its own. Raises SessionError in words."""
    first, second = (read_side(folder, name, tell, 50 * number) for number, folder in enumerate(folders))
    return first, second


def read_side(folder: Path, name: str, tell: Tell, begin: int) -> Side:
    wanted = tuple(dict.fromkeys((*BASE, name, *COLUMNS)))
    session = read_session(folder, lambda done, total: tell(begin + done * 40 // max(total, 1), 100), wanted=wanted)
    if session.rows == 0:
        raise SessionError(f"The session “{folder.name}” has no rows to compare.", advice="Choose another one.")
    drawn = curves(session, (name,))
    table = ExportTable(session, ExportOptions())
    aggregator, stretches, rows = Aggregator(table), list(intervals(table)), []
    for number, stretch in enumerate(stretches):
        tell(begin + 40 + number * 10 // len(stretches), 100)
        rows.append(aggregator.row(stretch))
    session.keep(())
    return Side(Recording(session, drawn), tuple(rows))


def common_markers(first: Side, second: Side) -> list[str]:
    """Texts that are marked in both, in the order of the first."""
    there = {moment.text for moment in second.recording.moments if moment.kind is MomentKind.MARKER}
    texts = [m.text for m in first.recording.moments if m.kind is MomentKind.MARKER and m.text in there]
    return list(dict.fromkeys(texts))


def shift_s(first: Side, second: Side, marker: str = "", offset_s: float = 0.0) -> float:
    """What is added to the second's times to lay it over the first: both begin together, or the first markers of this
    text do; the offset comes on top."""
    return _origin_s(first, marker) - _origin_s(second, marker) + offset_s


def _origin_s(side: Side, marker: str) -> float:
    times = [m.t_s for m in side.recording.moments if m.kind is MomentKind.MARKER and m.text == marker]
    return times[0] if marker and times else side.recording.begin_s


def pairs(first: Sequence[Row], second: Sequence[Row], signal: str) -> list[Pair]:
    """The whole, then intervals of the same name, the second of a name with the second; those that only one has stay
    with a gap."""
    of_first, of_second = _numbered(first), _numbered(second)
    keys = [*of_first, *(key for key in of_second if key not in of_first)]
    return [_pair(key, of_first.get(key), of_second.get(key), signal) for key in keys]


_Key = tuple[str, str, int]


def _numbered(rows: Sequence[Row]) -> dict[_Key, Row]:
    seen: Counter[tuple[str, str]] = Counter()
    found = {}
    for row in rows:
        name = str(row["scope"]), str(row["label"])
        seen[name] += 1
        found[name[0], name[1], seen[name]] = row
    return found


def _pair(key: _Key, first: Row | None, second: Row | None, signal: str) -> Pair:
    scope, label, number = key
    words = WHOLE if scope == "session" else f"{label}{f' ({number})' if number > 1 else ''}"
    mean, valid = f"{signal}_mean", "valid_share"
    return Pair(words, _number(first, mean), _number(second, mean), _number(first, valid), _number(second, valid))


def _number(row: Row | None, name: str) -> float:
    value = row.get(name, math.nan) if row is not None else math.nan
    return float(value)


def both_at(sides: Sequence[Side], signals: Sequence[str], times: Sequence[float]) -> list[list[float]]:
    """Of each side at its time, see `values_at`."""
    return [values_at(side, signals, t_s) for side, t_s in zip(sides, times, strict=True)]


def value_at(side: Side, signal: str, t_s: float) -> float:
    """See `values_at`."""
    return values_at(side, (signal,), t_s)[0]


def values_at(side: Side, signals: Sequence[str], t_s: float) -> list[float]:
    """On the side's own clock; NaN outside of the session, and where nothing is known."""
    recording = side.recording
    inside = recording.begin_s <= t_s <= recording.end_s
    sample = recording.sample_at(t_s) if inside else None
    return [_value_in(sample, signal) for signal in signals]


def _value_in(sample: Sample | None, signal: str) -> float:
    if sample is None:
        return math.nan
    if signal == "quality":
        return sample.quality.score
    if signal == "hesitancy":
        return sample.cues.get(signal, math.nan)
    affect = sample.affect
    if affect is None:
        return math.nan
    return {"valence": affect.valence, "arousal": affect.arousal}.get(signal, affect.action_units.get(signal, math.nan))
