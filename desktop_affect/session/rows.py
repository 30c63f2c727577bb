"""Values to lines of text, fast: one call prints a row of samples.csv in some tens of microseconds.

All numbers between two text columns are printed by one `%` operation; "nan" then becomes an empty cell. Lines end with
a single line feed, which is the last byte written: a line without one is torn.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from desktop_affect.core.types import NAN, Alert, Fault, Marker, Sample, Seen
from desktop_affect.session.format import (
    ALERT_REASON_SEPARATOR,
    REASON_SEPARATOR,
    SAMPLE_COLUMNS,
    Column,
    Kind,
    Part,
)

Values = tuple[Any, ...]

_PRINT = {Kind.COUNT: "%d", Kind.TIME: "%.6f", Kind.VALUE: "%.9g", Kind.FLAG: "%.9g"}
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class _Derived(NamedTuple):
    """What is not an attribute of the sample but follows from it."""

    seen: str
    face: float
    quality: float
    quality_usable: float
    quality_reasons: str


def _derived(sample: Sample) -> _Derived:
    quality = sample.quality
    return _Derived(
        seen=sample.seen.value,
        face=NAN if sample.seen is Seen.SKIPPED else float(sample.face is not None),
        quality=quality.score,
        quality_usable=NAN if math.isnan(quality.score) else float(quality.usable),
        quality_reasons=REASON_SEPARATOR.join(quality.reasons),
    )


_PARTS: Mapping[Part, Callable[[Sample], Any]] = {
    Part.SAMPLE: lambda s: s,
    Part.DERIVED: _derived,
    Part.AFFECT: lambda s: s.affect,
    Part.RAW: lambda s: s.raw,
    Part.ACTION_UNITS: lambda s: s.affect and s.affect.action_units,
    Part.RAW_ACTION_UNITS: lambda s: s.raw and s.raw.action_units,
    Part.PRESENT: lambda s: s.present,
    Part.EXPRESSIONS: lambda s: s.affect and s.affect.expressions,
    Part.RAW_EXPRESSIONS: lambda s: s.raw and s.raw.expressions,
    Part.MIMICRY: lambda s: s.affect and s.affect.mimicry,
    Part.RAW_MIMICRY: lambda s: s.raw and s.raw.mimicry,
    Part.CUES: lambda s: s.cues,
    Part.FACE: lambda s: s.face,
    Part.BOX: lambda s: s.face and s.face.box,
    Part.POSE: lambda s: s.face and s.face.pose,
    Part.EYES: lambda s: s.face and s.face.eyes,
    Part.LIGHT: lambda s: s.face and s.face.light,
}

_MAPPINGS = frozenset(
    {
        Part.ACTION_UNITS,
        Part.RAW_ACTION_UNITS,
        Part.PRESENT,
        Part.EXPRESSIONS,
        Part.RAW_EXPRESSIONS,
        Part.MIMICRY,
        Part.RAW_MIMICRY,
        Part.CUES,
    }
)


def _taker(part: Part, keys: tuple[str, ...]) -> Callable[[Sample], Values]:
    """Reads neighbouring columns of one part at once; all of them are unknown when the part is absent or empty."""
    of_part, absent = _PARTS[part], (NAN,) * len(keys)
    if part in _MAPPINGS:
        return _mapping_taker(of_part, keys, absent)
    fields = attrgetter(*keys) if len(keys) > 1 else _single(keys[0])

    def take(sample: Sample) -> Values:
        found = of_part(sample)
        return absent if found is None else fields(found)

    return take


def _mapping_taker(
    of_part: Callable[[Sample], Mapping[str, Any] | None], keys: tuple[str, ...], absent: Values
) -> Callable[[Sample], Values]:
    def take(sample: Sample) -> Values:
        found = of_part(sample)
        return tuple([found.get(key, NAN) for key in keys]) if found else absent

    return take


def _single(key: str) -> Callable[[Any], Values]:
    return lambda found: (getattr(found, key),)


@dataclass(frozen=True, slots=True)
class _Segment:
    """Columns that are printed together: a run of numbers, or one text."""

    begin: int
    end: int
    template: str
    """Empty for a text."""

    def show(self, values: Values) -> str:
        if not self.template:
            return text_cell(values[self.begin])
        return (self.template % values[self.begin : self.end]).replace("nan", "")


def _segments(columns: tuple[Column, ...]) -> tuple[_Segment, ...]:
    segments: list[_Segment] = []
    numbered = enumerate(columns)
    for key, run in groupby(numbered, key=lambda item: item[0] if item[1].kind is Kind.TEXT else -1):
        places = list(run)
        begin, end = places[0][0], places[-1][0] + 1
        template = "" if key >= 0 else ",".join(_PRINT[column.kind] for _, column in places)
        segments.append(_Segment(begin, end, template))
    return tuple(segments)


class RowPrinter:
    """Samples to lines of samples.csv; `origin_s` is the capture time that becomes t_s = 0."""

    _TAKERS = tuple(
        _taker(part, tuple(column.key for column in run))
        for part, run in groupby(SAMPLE_COLUMNS, key=lambda column: column.part)
    )
    _SEGMENTS = _segments(SAMPLE_COLUMNS)
    _T_S = [column.name for column in SAMPLE_COLUMNS].index("t_s")

    def __init__(self, origin_s: float) -> None:
        self._origin_s = origin_s

    def line(self, sample: Sample) -> str:
        values: list[Any] = []
        for take in self._TAKERS:
            values += take(sample)
        values[self._T_S] -= self._origin_s
        row = tuple(values)
        return ",".join([segment.show(row) for segment in self._SEGMENTS]) + "\n"


def text_cell(text: str) -> str:
    """A text of a table row on one line: control characters become spaces; quoted where CSV needs it."""
    if text.isalnum() or not text:
        return text
    return quoted(_CONTROL.sub(" ", text))


def quoted(text: str) -> str:
    """As RFC 4180 wants it; line breaks survive inside the quotes."""
    if any(mark in text for mark in ',"\r\n') or text != text.strip():
        return '"' + text.replace('"', '""') + '"'
    return text


def marker_line(marker: Marker, origin_s: float) -> str:
    """A line of markers.csv."""
    return f"{_time(marker.t_s - origin_s)},{quoted(marker.kind)},{quoted(marker.text)}\n"


def alert_line(alert: Alert, origin_s: float) -> str:
    """A line of alerts.csv; an alert has two, one when it begins and one, complete, when it ends."""
    cells = (
        str(alert.number),
        alert.phase.value,
        text_cell(alert.rule),
        _time(alert.begin_s - origin_s),
        _time(alert.peak_s - origin_s),
        _time(alert.end_s - origin_s),
        _number(alert.peak),
        _number(alert.threshold),
        text_cell(_joined(alert.reasons)),
        str(int(alert.experimental)),
    )
    return ",".join(cells) + "\n"


def _joined(reasons: Iterable[str]) -> str:
    return ALERT_REASON_SEPARATOR.join(reason.replace(ALERT_REASON_SEPARATOR, " / ") for reason in reasons)


def _time(t_s: float) -> str:
    return f"{t_s:.6f}".replace("nan", "")


def _number(value: float) -> str:
    return f"{value:.9g}".replace("nan", "")


def event_line(kind: str, row: int, facts: Mapping[str, object]) -> str:
    """A line of events.log: one JSON object; `row` is how many rows there were when it happened."""
    return json.dumps({"event": kind, "row": row, **facts}, ensure_ascii=False, allow_nan=False) + "\n"


def fault_facts(fault: Fault) -> dict[str, object]:
    """A fault as events.log keeps it."""
    return {
        "where": fault.where,
        "severity": fault.severity.value,
        "message": fault.message,
        "advice": fault.advice,
        "detail": fault.detail,
    }
