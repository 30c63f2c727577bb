"""The page: what matters at a glance, the session over time, small drawings, lists, and what to keep in mind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any

import numpy as np

from desktop_affect.core.errors import SessionError
from desktop_affect.session.aggregate import NOTE
from desktop_affect.session.export.about import CAVEATS, SMOOTHING_WORDS
from desktop_affect.session.export.options import Progress
from desktop_affect.session.export.table import ExportTable
from desktop_affect.session.report import cards, tables
from desktop_affect.session.report.facts import Facts
from desktop_affect.session.report.svg import clock, joined, percent, plain
from desktop_affect.session.report.timeline import timeline
from desktop_affect.system.paths import bundled

STYLE = "resources/report/report.css"

_STATE_WORDS = {
    "closed": "complete",
    "recovered": "recovered after a crash",
    "recording": "not closed: still being recorded, or cut short",
}


def write(table: ExportTable, path: Path, progress: Progress) -> None:
    """One file that needs nothing else. A report has one row per frame, whatever grid was asked for. Raises OSError."""
    if table.is_grid:
        table = ExportTable(table.session, replace(table.options, resample_hz=None))
    path.write_text(page(Facts(table)), encoding="utf-8")
    progress(table.rows, table.rows)


def page(facts: Facts) -> str:
    title = _title(facts.header)
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{escape(title)} · Desktop Affect</title>\n<style>\n{bundled_style()}</style>\n"
        "</head>\n<body>\n<main>\n" + "\n".join(_sections(facts, title)) + "\n</main>\n</body>\n</html>\n"
    )


def bundled_style(name: str | None = None) -> str:
    """A style sheet of the installation, the report's own unless another is named. Raises SessionError."""
    try:
        return bundled(name or STYLE).read_text("utf-8")
    except FileNotFoundError as error:
        raise SessionError(
            "The report's style sheet is missing.", advice="Install Desktop Affect again.", detail=str(error)
        ) from error


def _sections(facts: Facts, title: str) -> Iterator[str]:
    yield _head(facts, title)
    yield _tiles(facts)
    yield _section("The session over time", _legend(facts) + timeline(facts), "wide")
    yield f'<div class="cards">{"".join(_cards(facts))}</div>'
    yield _section("Timing", _timing(facts))
    yield _section("Between the markers" if facts.session.markers else "In numbers", tables.intervals(facts))
    yield _section("Alerts", tables.alerts(facts))
    if noted := tables.notes(facts):
        yield _section("Notes", noted)
    if listed := tables.annotated(facts):
        yield _section("Annotations", listed)
    if listed := tables.faults(facts):
        yield _section("Faults and gaps", listed)
    yield _section("Keep in mind", _caveats(facts), "caveats")
    yield _section("Recorded with", tables.about(facts))


def _section(title: str, body: str, css: str = "") -> str:
    return f'<section class="{css}"><h2>{escape(title)}</h2>\n{body}\n</section>'


def _title(header: Mapping[str, Any]) -> str:
    participant = str(header.get("participant") or "").strip()
    return f"Participant {participant}" if participant else "Session without a participant’s name"


def _head(facts: Facts, title: str) -> str:
    header = facts.header
    source = header.get("source") or {}
    details = [
        f"Study {header['study']}" if header.get("study") else "",
        f"condition {header['condition']}" if header.get("condition") else "",
        _moment(header),
        _STATE_WORDS.get(str(header.get("state")), ""),
    ]
    note = '<p class="note">The participant is the demo, not a person.</p>' if source.get("kind") == "demo" else ""
    return (
        '<header><p class="brand">Desktop Affect · session report</p>'
        f'<h1>{escape(title)}</h1><p class="sub">{escape(joined(details))}</p>{note}</header>'
    )


def _moment(header: Mapping[str, Any]) -> str:
    """When it was recorded, or, for a film, analysed; in the time that the computer's clock showed as UTC."""
    opened = ((header.get("clock") or {}).get("opened") or {}).get("wall_utc", "")
    try:
        moment = datetime.fromisoformat(str(opened))
    except ValueError:
        return ""
    live = (header.get("source") or {}).get("live")
    return f"{'recorded' if live else 'analysed'} {moment.day} {moment:%B %Y, %H:%M} UTC"


def _tiles(facts: Facts) -> str:
    whole = facts.whole
    lost = facts.skipped + facts.missing
    latency = facts.latency_ms
    tiles = [
        ("Length", clock(float(whole["duration_s"])), "h:min:s" if float(whole["duration_s"]) >= 3600 else "min:s"),
        ("Face in view", percent(float(whole["face_share"])), "of the time"),
        ("Usable", percent(float(whole["valid_share"])) if facts.judged else "–", _usable_words(facts)),
        ("Analysed", plain(_rate(facts), 1), "frames a second"),
        ("Latency", plain(float(np.median(latency)), 0) if len(latency) else "–", _latency_words(facts)),
        ("Not analysed", f"{lost:,}", f"of {facts.session.rows + facts.missing:,} frames"),
        ("Alerts", str(whole["alerts"]), f"{plain(float(whole['alerts_per_min']), 1)} a minute"),
    ]
    cells = (f"<div><dt>{escape(k)}</dt><dd><b>{escape(v)}</b><span>{escape(u)}</span></dd></div>" for k, v, u in tiles)
    return f'<dl class="tiles">{"".join(cells)}</dl>'


def _usable_words(facts: Facts) -> str:
    return "passed the gate" if facts.judged else "not judged"


def _latency_words(facts: Facts) -> str:
    return "ms in the median" if len(facts.latency_ms) else "not live"


def _rate(facts: Facts) -> float:
    duration_s = float(facts.t_s[-1] - facts.t_s[0]) if len(facts.t_s) > 1 else 0.0
    return (len(facts.t_s) - 1) / duration_s if duration_s > 0 else float("nan")


def _legend(facts: Facts) -> str:
    words = SMOOTHING_WORDS[facts.table.options.smoothing]
    shown = ["Strong line: values " + words, "faint band: the range as the model gave it"]
    if facts.gaps:
        shown.append("hatched: nobody in view")
    if any(marker.kind == NOTE for marker in facts.session.markers):
        shown.append("ring: a note")
    return f'<p class="quiet">{escape("; ".join(shown))}.</p>'


def _cards(facts: Facts) -> Iterator[str]:
    if plane := cards.circumplex(facts):
        yield _section(
            "Circumplex", plane + '<p class="quiet">The denser the colour, the more time. The cross is the mean.</p>'
        )
    if bars := cards.expressions(facts):
        yield _section("Expressions", bars + '<p class="quiet">Mean probability of each category.</p>')
    yield _section("Why quality was low", _reasons(facts))


def _reasons(facts: Facts) -> str:
    if not facts.judged and not facts.reasons:
        return '<p class="quiet">Quality was not judged in this session.</p>'
    bars = cards.reasons(facts)
    return bars + '<p class="quiet">Share of all frames.</p>' if bars else '<p class="quiet">Nothing was wrong.</p>'


def _timing(facts: Facts) -> str:
    words = [f"{facts.skipped:,} frames were captured while the analysis was busy, {facts.missing:,} never arrived."]
    latency = facts.latency_ms
    if len(latency):
        p50, p95, p99 = np.percentile(latency, (50, 95, 99))
        words.append(f"Capture to values: {p50:.0f} ms in the median, {p95:.0f} ms at 95 %, {p99:.0f} ms at 99 %.")
    rate = '<p class="quiet">Frames a second: analysed (strong), captured (faint)</p>' + cards.frame_rate(facts)
    shape = f'<p class="quiet">How many frames took how long</p>{cards.latency(facts)}' if len(latency) else ""
    return f'<p>{escape(" ".join(words))}</p><div class="pair"><div>{rate}</div><div>{shape}</div></div>'


def _caveats(facts: Facts) -> str:
    model = facts.header.get("model") or {}
    found = [*CAVEATS, "A gap in a curve means that nothing was known there; nothing is filled in."]
    if model.get("trained_on"):
        found.insert(0, f"The model: {model['trained_on']}")
    return "<ul>" + "".join(f"<li>{escape(caveat)}</li>" for caveat in found) + "</ul>"
