"""The session over time: one drawing whose rows share one time axis, names at the left, what happened at the right."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from desktop_affect.core.types import ACTION_UNITS, Alert, Marker
from desktop_affect.session.aggregate import NOTE
from desktop_affect.session.report.binned import runs
from desktop_affect.session.report.facts import Facts
from desktop_affect.session.report.svg import (
    Scale,
    band,
    box,
    clock,
    dot,
    drawing,
    line,
    percent,
    plain,
    rule,
    signed,
    text,
    ticks_s,
)
from desktop_affect.signals.catalogue import BY_KEY

WIDTH = 1000.0
LEFT = 192.0
RIGHT = 992.0
_UNIT_HEIGHT = 15.0
_GAP = 22.0
_HEAT_LEVELS = 8
_MARKER_LEVELS = 3
# Bold letters at this size, on the generous side: fonts differ.
_MARKER_LETTER_PX = 6.3


@dataclass(slots=True)
class _Sheet:
    """What has been drawn so far, and where the next row begins."""

    facts: Facts
    x: Scale
    y: float = 0.0
    parts: list[str] = field(default_factory=list)

    def room(self, height: float, gap: float = _GAP) -> tuple[float, float]:
        """The next row's top and bottom."""
        top = self.y
        self.y += height + gap
        return top, top + height


def timeline(facts: Facts) -> str:
    """Markers, alerts, valence, arousal, hesitancy, action units and quality."""
    sheet = _Sheet(facts, Scale(facts.begin_s, facts.end_s, LEFT, RIGHT))
    _marker_lane(sheet)
    _alert_lane(sheet)
    top = sheet.y
    _signal(sheet, "valence", "Valence", "unpleasant − · + pleasant")
    _signal(sheet, "arousal", "Arousal", "calm − · + activated")
    _hesitancy(sheet)
    _units(sheet)
    _quality(sheet)
    bottom = sheet.y - _GAP
    _axis(sheet, bottom)
    over = [*_gap_marks(facts, sheet.x, top, bottom), *_marker_lines(facts, sheet.x, top, bottom)]
    return drawing(WIDTH, sheet.y, "The session over time", [_HATCH, *sheet.parts, *over])


_HATCH = (
    '<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<path class="hatch" d="M0 0V6"/></pattern></defs>'
)


def _gap_marks(facts: Facts, x: Scale, top: float, bottom: float) -> Iterator[str]:
    for gap in facts.gaps:
        left, width = x(gap.begin_s), x(gap.end_s) - x(gap.begin_s)
        words = "no face" if gap.face_lost else "no frames"
        yield box(left, top, width, bottom - top, "gap", f"{words}, {clock(gap.begin_s)} to {clock(gap.end_s)}")
        if width > 44:
            yield text(left + width / 2, top + 10, words, "small faint", "middle")


def _marker_lines(facts: Facts, x: Scale, top: float, bottom: float) -> Iterator[str]:
    for marker in facts.session.markers:
        if facts.begin_s <= marker.t_s <= facts.end_s:
            yield rule(x(marker.t_s), top - 4, x(marker.t_s), bottom, "marker")


def _marker_lane(sheet: _Sheet) -> None:
    """Texts on three levels; one that has no room is listed below all the same, and so are notes, which get a dot."""
    inside = [m for m in sheet.facts.session.markers if sheet.facts.begin_s <= m.t_s <= sheet.facts.end_s]
    if not inside:
        return
    _, bottom = sheet.room(42.0, 14.0)
    sheet.parts.append(text(0, bottom - 4, "Markers", "name"))
    starts = [RIGHT] * _MARKER_LEVELS
    # From the last to the first: an earlier text then lies above a later one, and no stem runs through a text.
    for marker in sorted(inside, key=lambda marker: -marker.t_s):
        if marker.kind == NOTE:
            sheet.parts.append(dot(sheet.x(marker.t_s), bottom + 7, "notedot", " ".join(marker.text.split())))
        else:
            _marker_text(sheet, marker, bottom, starts)


def _marker_text(sheet: _Sheet, marker: Marker, bottom: float, starts: list[float]) -> None:
    x, words = sheet.x(marker.t_s), _shortened(" ".join(marker.text.split()))
    width = len(words) * _MARKER_LETTER_PX + 10
    to_the_left = x + width > RIGHT
    left = x - width if to_the_left else x
    levels = range(_MARKER_LEVELS - 1, -1, -1) if to_the_left else range(_MARKER_LEVELS)
    level = next((n for n in levels if left + width <= min(starts[n:])), None)
    if level is None:
        return
    starts[level] = left
    y = bottom - 4 - 13 * level
    anchor, aside = ("end", -4) if to_the_left else ("start", 4)
    sheet.parts.append(text(x + aside, y, words, "small strong", anchor))
    sheet.parts.append(rule(x, y - 8, x, bottom + 10, "marker"))


def _shortened(words: str, most: int = 26) -> str:
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"


def _alert_lane(sheet: _Sheet) -> None:
    alerts = sheet.facts.session.alerts
    if not alerts:
        return
    top, bottom = sheet.room(16.0, 14.0)
    sheet.parts.append(text(0, bottom - 4, "Alerts", "name"))
    for alert in alerts:
        sheet.parts.extend(_alert_mark(sheet, alert, top))


def _alert_mark(sheet: _Sheet, alert: Alert, top: float) -> Iterator[str]:
    end_s = sheet.facts.end_s if np.isnan(alert.end_s) else alert.end_s
    left, width = sheet.x(alert.begin_s), max(sheet.x(end_s) - sheet.x(alert.begin_s), 2.0)
    yield box(left, top, width, 16, "alert", f"{alert.number}: {alert.rule}, {clock(alert.begin_s)}")
    if width >= 12:
        yield text(left + width / 2, top + 11.5, str(alert.number), "small onalert", "middle")


def _signal(sheet: _Sheet, name: str, title: str, ends: str) -> None:
    facts, bins = sheet.facts, sheet.facts.bins
    top, bottom = sheet.room(112.0)
    y = Scale(-1.0, 1.0, bottom, top)
    sheet.parts += [_name(top, title, name), text(0, top + 27, ends, "small faint")]
    mean, spread = float(facts.whole[f"{name}_mean"]), float(facts.whole[f"{name}_sd"])
    sheet.parts.append(text(0, top + 50, signed(mean), f"big {name}"))
    sheet.parts.append(text(0, top + 66, f"mean, sd {plain(spread, 2)}", "small faint"))
    for value in (-1, 0, 1):
        sheet.parts.append(rule(LEFT, y(value), RIGHT, y(value), "zero" if value == 0 else "grid"))
        sheet.parts.append(text(LEFT - 6, y(value) + 3.5, signed(value, 0), "small faint", "end"))
    if not facts.has(name):
        sheet.parts.append(text((LEFT + RIGHT) / 2, y(0) - 6, "not estimated", "small faint", "middle"))
    raw = facts.raw(name)
    sheet.parts.append(band(bins.centres, bins.least(raw), bins.most(raw), sheet.x, y, f"raw {name}"))
    sheet.parts.append(line(bins.centres, bins.mean(facts.values(name)), sheet.x, y, f"curve {name}"))


def _name(top: float, title: str, css: str) -> str:
    return f'<path class="key {css}" d="M0 {top + 6:.1f}h10"/>' + text(16, top + 10, title, "name")


def _hesitancy(sheet: _Sheet) -> None:
    facts, bins = sheet.facts, sheet.facts.bins
    if not facts.has("hesitancy"):
        return
    top, bottom = sheet.room(64.0)
    y = Scale(0.0, 1.0, bottom, top)
    sheet.parts += [_name(top, "Hesitancy", "hesitancy"), text(0, top + 27, "experimental", "small tag")]
    mean = float(facts.whole["hesitancy_mean"])
    sheet.parts.append(text(0, top + 50, plain(mean, 2), "big hesitancy"))
    for value in (0, 1):
        sheet.parts.append(rule(LEFT, y(value), RIGHT, y(value), "grid"))
        sheet.parts.append(text(LEFT - 6, y(value) + 3.5, str(value), "small faint", "end"))
    values = facts.values("hesitancy")
    low = np.where(np.isnan(bins.mean(values)), np.nan, 0.0)
    sheet.parts.append(band(bins.centres, low, bins.most(values), sheet.x, y, "raw hesitancy"))
    sheet.parts.append(line(bins.centres, bins.most(values), sheet.x, y, "curve hesitancy"))
    thresholds = {alert.threshold for alert in facts.session.alerts if alert.rule == "hesitancy"}
    for threshold in sorted(thresholds):
        sheet.parts.append(rule(LEFT, y(threshold), RIGHT, y(threshold), "threshold"))


def _units(sheet: _Sheet) -> None:
    units = [unit for unit in ACTION_UNITS if sheet.facts.has(unit)]
    if not units:
        return
    sheet.parts.append(text(0, sheet.y + 10, "Action units", "name"))
    sheet.parts.append(text(LEFT - 6, sheet.y + 10, "present", "small faint", "end"))
    sheet.y += 16
    for unit in units:
        _unit(sheet, unit)
    sheet.y += _GAP - 1


def _unit(sheet: _Sheet, unit: str) -> None:
    top, bottom = sheet.room(_UNIT_HEIGHT - 1.0, 1.0)
    share = float(sheet.facts.whole[f"{unit}_present_share"])
    sheet.parts.append(text(0, bottom - 3.5, BY_KEY[unit].label, "small"))
    sheet.parts.append(text(LEFT - 6, bottom - 3.5, percent(share), "small faint", "end"))
    sheet.parts.append(box(LEFT, top, RIGHT - LEFT, bottom - top, "lane"))
    strength = sheet.facts.bins.mean(sheet.facts.values(unit))
    levels = np.where(np.isnan(strength), 0, np.ceil(np.clip(strength, 0, 1) * _HEAT_LEVELS - 0.5)).astype(int)
    for level in range(1, _HEAT_LEVELS + 1):
        sheet.parts.append(_heat(sheet, levels == level, level, top, bottom))


def _heat(
    sheet: _Sheet, where: np.ndarray[tuple[int], np.dtype[np.bool_]], level: int, top: float, bottom: float
) -> str:
    edges = sheet.facts.bins.edges
    pieces = [
        f"M{sheet.x(edges[begin]):.1f} {top:.1f}H{sheet.x(edges[end]):.1f}V{bottom:.1f}H{sheet.x(edges[begin]):.1f}Z"
        for begin, end in runs(where)
    ]
    return f'<path class="heat" fill-opacity="{level / _HEAT_LEVELS:g}" d="{"".join(pieces)}"/>' if pieces else ""


def _quality(sheet: _Sheet) -> None:
    facts, bins = sheet.facts, sheet.facts.bins
    if not facts.judged:
        return
    top, bottom = sheet.room(34.0)
    y = Scale(0.0, 1.0, bottom, top)
    sheet.parts.append(text(0, top + 10, "Quality", "name"))
    sheet.parts.append(
        text(0, top + 26, f"usable {percent(float(facts.whole['valid_share']))} of the time", "small faint")
    )
    sheet.parts.append(rule(LEFT, bottom, RIGHT, bottom, "grid"))
    score = bins.mean(facts.column("quality"))
    usable = bins.mean(facts.column("quality_usable"))
    zero = np.zeros(bins.count)
    sheet.parts.append(band(bins.centres, zero, np.where(usable >= 0.5, score, np.nan), sheet.x, y, "good"))
    sheet.parts.append(band(bins.centres, zero, np.where(usable < 0.5, score, np.nan), sheet.x, y, "poor"))


def _axis(sheet: _Sheet, bottom: float) -> None:
    long = sheet.facts.end_s >= 3600
    for t_s in ticks_s(sheet.facts.begin_s, sheet.facts.end_s):
        x = sheet.x(t_s)
        anchor = "start" if x < LEFT + 8 else "end" if x > RIGHT - 12 else "middle"
        sheet.parts.append(rule(x, bottom, x, bottom + 4, "tick"))
        sheet.parts.append(text(x, bottom + 15, clock(t_s, long), "small faint", anchor))
    sheet.parts.append(rule(LEFT, bottom, RIGHT, bottom, "tick"))
    sheet.parts.append(text(0, bottom + 15, "h:min:s" if long else "min:s", "small faint"))
    sheet.y = bottom + 22
