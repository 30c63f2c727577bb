"""The small drawings: circumplex, expressions, why quality was low, frames per second and latency."""

from __future__ import annotations

from html import escape

import numpy as np

from desktop_affect.core.types import EXPRESSIONS
from desktop_affect.session.report.facts import Facts
from desktop_affect.session.report.svg import (
    Array,
    Scale,
    box,
    clock,
    drawing,
    line,
    percent,
    plain,
    rule,
    signed,
    text,
)
from desktop_affect.signals.catalogue import BY_KEY
from desktop_affect.signals.quality import REASONS

_SIDE = 300.0
_CELLS = 30
_WIDE = 500.0


def circumplex(facts: Facts) -> str:
    """Where in the plane of valence and arousal the face was, and for how long; the cross is the mean."""
    valence, arousal = facts.values("valence"), facts.values("arousal")
    known = ~np.isnan(valence) & ~np.isnan(arousal)
    if not known.any():
        return ""
    x, y = Scale(-1, 1, 14, _SIDE - 14), Scale(-1, 1, _SIDE - 14, 14)
    parts = [box(14, 14, _SIDE - 28, _SIDE - 28, "lane")]
    parts += _cells(valence[known], arousal[known], x, y)
    parts += [rule(x(0), 14, x(0), _SIDE - 14, "zero"), rule(14, y(0), _SIDE - 14, y(0), "zero")]
    mean_x, mean_y = (float(facts.whole[f"{name}_mean"]) for name in ("valence", "arousal"))
    if np.isfinite(mean_x) and np.isfinite(mean_y):
        parts += [rule(x(mean_x) - 7, y(mean_y), x(mean_x) + 7, y(mean_y), "cross")]
        parts += [rule(x(mean_x), y(mean_y) - 7, x(mean_x), y(mean_y) + 7, "cross")]
    corners = ((-1, 1, "tense"), (1, 1, "excited"), (-1, -1, "subdued"), (1, -1, "calm"))
    parts += [_corner(x, y, across, up, words) for across, up, words in corners]
    parts.append(text(_SIDE - 16, y(0) - 5, "pleasant", "small faint halo", "end"))
    parts.append(text(x(0) + 5, 25, "activated", "small faint halo"))
    return drawing(_SIDE, _SIDE, f"Circumplex, mean at {signed(mean_x)} and {signed(mean_y)}", parts)


def _corner(x: Scale, y: Scale, across: int, up: int, words: str) -> str:
    anchor = "start" if across < 0 else "end"
    return text(x(across * 0.96), y(up * 0.93) + 3, words, "small faint halo", anchor)


def _cells(valence: Array, arousal: Array, x: Scale, y: Scale) -> list[str]:
    """Shares of time as squares; the square root lets rare places be seen."""
    edges = np.linspace(-1, 1, _CELLS + 1)
    counts, _, _ = np.histogram2d(
        np.clip(valence, -1, 1), np.clip(arousal, -1, 1), bins=_CELLS, range=[[-1, 1], [-1, 1]]
    )
    depth = np.sqrt(counts / counts.max())
    size = x(edges[1]) - x(edges[0])
    found = []
    for column, row in np.argwhere(counts > 0):
        corner = f'x="{x(edges[column]):.1f}" y="{y(edges[row + 1]):.1f}" width="{size:.1f}" height="{size:.1f}"'
        found.append(f'<rect class="heat" {corner} fill-opacity="{0.12 + 0.88 * depth[column, row]:.2f}"/>')
    return found


def expressions(facts: Facts) -> str:
    """Mean probability of each category, over the rows that may be believed."""
    means = [
        (BY_KEY[f"expression_{name}"].label, float(facts.whole[f"expression_{name}_mean"])) for name in EXPRESSIONS
    ]
    known = [(label, mean) for label, mean in means if np.isfinite(mean)]
    return _bars([(label, mean, percent(mean)) for label, mean in known], "heatbar")


def reasons(facts: Facts) -> str:
    """What was wrong, in words, and how often."""
    named = [(REASONS.get(reason, (reason.replace("_", " "), ""))[0], share) for reason, share in facts.reasons]
    return _bars([(words, share, percent(share)) for words, share in named[:8]], "poorbar")


def _bars(rows: list[tuple[str, float, str]], css: str) -> str:
    """As HTML, so that long words wrap."""
    return "".join(
        f'<div class="bar"><span>{escape(words)}</span><span class="track"><i class="{css}" '
        f'style="width:{max(share, 0) * 100:.1f}%"></i></span><b>{escape(shown)}</b></div>'
        for words, share, shown in rows
    )


def frame_rate(facts: Facts) -> str:
    """Frames captured and analysed per second, over time."""
    duration_s = facts.end_s - facts.begin_s
    if duration_s <= 0:
        return ""
    seconds = int(np.clip(duration_s / 2, 1, 200))
    edges = np.linspace(facts.begin_s, facts.end_s, seconds + 1)
    width_s = edges[1] - edges[0]
    captured = np.histogram(facts.session["t_s"], edges)[0] / width_s
    analysed = np.histogram(facts.t_s, edges)[0] / width_s
    top = max(float(captured.max()) * 1.15, 1.0)
    x, y = Scale(facts.begin_s, facts.end_s, 34, _WIDE - 4), Scale(0, top, 96, 8)
    centres = (edges[:-1] + edges[1:]) / 2
    ticks = [value for value in (0, 15, 30, 60, 90, 120) if value <= top]
    parts = [rule(34, y(value), _WIDE - 4, y(value), "grid") for value in ticks]
    parts += [text(28, y(value) + 3.5, str(value), "small faint", "end") for value in ticks]
    parts.append(line(centres, captured, x, y, "curve faintline"))
    parts.append(line(centres, analysed, x, y, "curve ink"))
    parts += [text(34, 112, clock(facts.begin_s), "small faint")]
    parts += [text(_WIDE - 4, 112, clock(facts.end_s), "small faint", "end")]
    return drawing(_WIDE, 116, "Frames per second over time", parts)


def latency(facts: Facts) -> str:
    """How long from the capture of a frame to its values."""
    values = facts.latency_ms
    if len(values) == 0:
        return ""
    most = max(float(np.percentile(values, 99.5)) * 1.1, 1.0)
    counts, edges = np.histogram(np.clip(values, 0, most), bins=60, range=(0, most))
    x, y = Scale(0, most, 4, _WIDE - 4), Scale(0, float(counts.max()), 96, 8)
    parts = [
        box(x(edges[n]), y(count), x(edges[n + 1]) - x(edges[n]) - 0.6, 96 - y(count), "hist")
        for n, count in enumerate(counts.tolist())
        if count
    ]
    parts += [rule(4, 96, _WIDE - 4, 96, "tick"), text(4, 112, "0", "small faint")]
    parts.append(text(_WIDE - 4, 112, f"{plain(most, 0)} ms", "small faint", "end"))
    return drawing(_WIDE, 116, "Distribution of the latency", parts)
