"""Just enough SVG: scales, lines with gaps, texts. Colours are classes of the page's style sheet."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from desktop_affect.session.report.binned import runs

Array: TypeAlias = NDArray[Any]

_STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400)


@dataclass(frozen=True, slots=True)
class Scale:
    """Values on a straight line of points; `low` may lie below or above `high`."""

    least: float
    most: float
    low: float
    high: float

    def __call__(self, value: float) -> float:
        share = (value - self.least) / (self.most - self.least or 1.0)
        return self.low + share * (self.high - self.low)

    def each(self, values: Array) -> list[float]:
        """Rounded to a tenth of a point."""
        placed = self.low + (values - self.least) / (self.most - self.least or 1.0) * (self.high - self.low)
        return [round(value, 1) for value in np.asarray(placed, dtype=np.float64).tolist()]


def line(xs: Array, ys: Array, x: Scale, y: Scale, css: str) -> str:
    """A curve that breaks where it is unknown."""
    pieces = []
    for begin, end in runs(~np.isnan(ys)):
        points = [f"{px:g} {py:g}" for px, py in zip(x.each(xs[begin:end]), y.each(ys[begin:end]), strict=True)]
        pieces.append(f"M{points[0]}h.1" if len(points) == 1 else "M" + "L".join(points))
    return f'<path class="{css}" d="{"".join(pieces)}"/>' if pieces else ""


def band(xs: Array, lows: Array, highs: Array, x: Scale, y: Scale, css: str) -> str:
    """The area between two curves."""
    pieces = []
    for begin, end in runs(~np.isnan(lows) & ~np.isnan(highs)):
        across = x.each(xs[begin:end])
        there = zip(across, y.each(highs[begin:end]), strict=True)
        back = zip(reversed(across), reversed(y.each(lows[begin:end])), strict=True)
        pieces.append("M" + "L".join(f"{px:g} {py:g}" for px, py in (*there, *back)) + "Z")
    return f'<path class="{css}" d="{"".join(pieces)}"/>' if pieces else ""


def text(x: float, y: float, words: str, css: str = "", anchor: str = "start") -> str:
    return f'<text class="{css}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'


def rule(x1: float, y1: float, x2: float, y2: float, css: str) -> str:
    return f'<path class="{css}" d="M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}"/>'


def box(x: float, y: float, width: float, height: float, css: str, title: str = "") -> str:
    told = f"<title>{escape(title)}</title>" if title else ""
    return f'<rect class="{css}" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}">{told}</rect>'


def dot(x: float, y: float, css: str, title: str) -> str:
    return f'<circle class="{css}" cx="{x:.1f}" cy="{y:.1f}" r="3"><title>{escape(title)}</title></circle>'


def drawing(width: float, height: float, label: str, parts: Iterable[str]) -> str:
    """A picture with a name for those who do not see it."""
    body = "\n".join(part for part in parts if part)
    return (
        f'<svg viewBox="0 0 {width:g} {height:g}" role="img" aria-label="{escape(label)}" '
        f'xmlns="http://www.w3.org/2000/svg">\n{body}\n</svg>'
    )


def ticks_s(begin_s: float, end_s: float, most: int = 9) -> list[float]:
    """Round times, no more than fit."""
    length_s = max(end_s - begin_s, 1e-9)
    step_s = next(
        (step for step in _STEPS_S if length_s / step <= most), _STEPS_S[-1] * math.ceil(length_s / 14400 / most)
    )
    first = math.ceil(begin_s / step_s)
    return [number * step_s for number in range(first, math.floor(end_s / step_s + 1e-9) + 1)]


def clock(t_s: float, long: bool = False) -> str:
    """`m:ss`, or `h:mm:ss` from an hour on."""
    whole = round(t_s)
    if long or whole >= 3600:
        return f"{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}"
    return f"{whole // 60}:{whole % 60:02d}"


def signed(value: float, digits: int = 2) -> str:
    """With its sign, and with a real minus; a dash where it is not known."""
    if math.isnan(value):
        return "–"
    shown = f"{value:+.{digits}f}"
    return shown.replace("-", "−") if float(shown) else f"{0:.{digits}f}"


def plain(value: float, digits: int = 1) -> str:
    return "–" if not math.isfinite(value) else f"{value:.{digits}f}"


def percent(share: float) -> str:
    """A whole percentage that is only 0 or 100 when it is so."""
    if math.isnan(share):
        return "–"
    if 0 < share < 0.005:
        return "<1 %"
    return f"{min(math.floor(share * 100 + 0.5), 99 if share < 1 else 100)} %"


def joined(words: Sequence[str], glue: str = " · ") -> str:
    return glue.join(word for word in words if word)
