"""Draws a comparison as a bar chart in SVG: any browser shows it, and no plotting package is needed."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from desktop_affect.inference.bench import Comparison, Row, Times

_WIDTH, _ROW, _LEFT, _RIGHT, _TOP, _BOTTOM = 1220, 26, 480, 290, 78, 46
# Two hues that survive colour-blindness, and a grey for the yardstick from elsewhere.
_COLOURS = {"OpenVINO": "#0072b2", "ONNX Runtime": "#d55e00"}
_OTHER = "#7f7f7f"
_WORDS = "bar: median; line: 95th percentile; %: of the machine's measured peak"
_RATIOS = "; ×: how long EfficientNet-B0 takes as EmotiEffLib runs it, by the clock and in processor time"
_STEPS_MS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100)


def svg(comparison: Comparison) -> str:
    """One bar a row to its median, a thin line on to its 95th percentile."""
    rows = comparison.rows
    height = _TOP + _ROW * len(rows) + _BOTTOM
    per_ms = (_WIDTH - _LEFT - _RIGHT) / max(row.p95_ms for row in rows)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" font-family="sans-serif" '
        f'font-size="12" fill="#222"><rect width="100%" height="100%" fill="#fff"/>',
        _text(20, 30, "Time of one step on this machine", size=18),
        _text(20, 50, _WORDS + (_RATIOS if comparison.rival else "")),
        *_grid(per_ms, height),
        *(_bar(row, comparison.times(row), _TOP + _ROW * i, per_ms) for i, row in enumerate(rows)),
        "</svg>\n",
    ]
    return "\n".join(parts)


def _grid(per_ms: float, height: int) -> list[str]:
    span_ms = (_WIDTH - _LEFT - _RIGHT) / per_ms
    step_ms = next((step for step in _STEPS_MS if span_ms / step <= 8), _STEPS_MS[-1])
    parts = []
    for i in range(int(span_ms / step_ms) + 1):
        x = _LEFT + i * step_ms * per_ms
        parts.append(f'<path d="M{x:.1f} {_TOP - 6}V{height - _BOTTOM}" stroke="#ddd"/>')
        parts.append(_text(x, height - _BOTTOM + 18, f"{i * step_ms:g} ms", anchor="middle"))
    return parts


def _bar(row: Row, times: Times | None, y: float, per_ms: float) -> str:
    colour = _COLOURS.get(row.runtime, _OTHER)
    threads = "all threads" if not row.threads else f"{row.threads} thread{'s' * (row.threads > 1)}"
    name = f"{row.model} · {row.part} · {row.runtime} · {threads} · {row.precision}"
    middle, length, end = y + _ROW / 2, row.median_ms * per_ms, _LEFT + row.p95_ms * per_ms
    ratios = f" · {times.wall:.1f}× clock · {times.processor:.1f}× processor" if times else ""
    numbers = f"{row.median_ms:.2f} ms{ratios} · {row.peak_share:.0%}"
    return "".join(
        (
            _text(_LEFT - 8, middle + 4, name, anchor="end", size=11),
            f'<rect x="{_LEFT}" y="{y + 5}" width="{length:.1f}" height="{_ROW - 10}" fill="{colour}"/>',
            f'<path d="M{_LEFT} {middle}H{end:.1f}" stroke="{colour}" stroke-width="2"/>',
            _text(end + 8, middle + 4, numbers),
        )
    )


def _text(x: float, y: float, text: str, *, anchor: str = "start", size: int = 12) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}">{escape(text)}</text>'
