"""What the page lists: intervals, alerts with their reasons, faults, and what was recorded with what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

import numpy as np

from desktop_affect.core.types import Alert
from desktop_affect.session.aggregate import NOTE, Interval
from desktop_affect.session.annotations import Annotation
from desktop_affect.session.report.facts import Facts
from desktop_affect.session.report.svg import clock, joined, percent, plain, signed
from desktop_affect.session.totals import Row

_FILM_WORDS = {"none": "no film", "blurred": "film with the face blurred", "face": "film of the face", "whole": "film"}


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], numbers_from: int = 1, until: int | None = None) -> str:
    """Cells are HTML already; columns from `numbers_from` to before `until` are set as figures."""
    last = len(heads) if until is None else until
    css = ["num" if numbers_from <= n < last else "" for n in range(len(heads))]
    head = "".join(f'<th class="{kind}">{escape(name)}</th>' for name, kind in zip(heads, css, strict=True))
    body = "".join(
        "<tr>" + "".join(f'<td class="{kind}">{cell}</td>' for cell, kind in zip(row, css, strict=True)) + "</tr>"
        for row in rows
    )
    return f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


_INTERVAL_HEADS = ("Interval", "From", "Length", "Usable", "Valence", "sd", "Arousal", "sd", "Blinks/min", "Alerts")


def intervals(facts: Facts) -> str:
    """Between the markers, and all of it."""
    rows = [row for row in facts.aggregates if row["scope"] in ("session", "interval")]
    return table(_INTERVAL_HEADS, [_interval(row) for row in (*rows[1:], rows[0])])


def _interval(row: Row) -> list[str]:
    number = {name: float(row[name]) for name in row if isinstance(row[name], (int, float))}
    return [
        escape(str(row["label"])) or "<b>Whole session</b>",
        clock(number["begin_s"]),
        clock(number["duration_s"]),
        percent(number["valid_share"]),
        signed(number["valence_mean"]),
        plain(number["valence_sd"], 2),
        signed(number["arousal_mean"]),
        plain(number["arousal_sd"], 2),
        plain(number["blinks_per_min"], 1),
        f"{number['alerts']:.0f}",
    ]


def alerts(facts: Facts) -> str:
    found = facts.session.alerts
    if not found:
        return '<p class="quiet">No rule fired.</p>'
    heads = ("No.", "At", "Lasted", "Peak", "Limit", "Rule", "Why")
    return table(heads, [_alert(alert) for alert in found], 0, 5)


def _alert(alert: Alert) -> list[str]:
    tag = ' <span class="tag">experimental</span>' if alert.experimental else ""
    lasted = "until the end" if np.isnan(alert.end_s) else f"{alert.end_s - alert.begin_s:.1f} s"
    return [
        str(alert.number),
        clock(alert.begin_s),
        lasted,
        plain(alert.peak, 2),
        plain(alert.threshold, 2),
        escape(alert.rule) + tag,
        "<br>".join(escape(reason) for reason in alert.reasons) or "–",
    ]


def notes(facts: Facts) -> str:
    """What the experimenter wrote down; nothing where nothing was."""
    rows = [[clock(m.t_s), escape(m.text).replace("\n", "<br>")] for m in facts.session.markers if m.kind == NOTE]
    return table(("At", "Note"), rows, 0, 1) if rows else ""


def annotated(facts: Facts) -> str:
    """What a person wrote about the session afterwards, with what was measured in each range."""
    rows = [_annotation(found, facts) for found in facts.session.annotations]
    return table(("At", "Length", "Valence", "Arousal", "Category", "Text", "By"), rows, 0, 4) if rows else ""


def _annotation(found: Annotation, facts: Facts) -> list[str]:
    means = {"valence_mean": float("nan"), "arousal_mean": float("nan")}
    if found.is_range:
        row = facts.aggregator.row(Interval("annotation", found.label, found.begin_s, found.end_s))
        means = {name: float(row[name]) for name in means}
    return [
        clock(found.begin_s),
        f"{found.end_s - found.begin_s:.1f} s" if found.is_range else "event",
        signed(means["valence_mean"]),
        signed(means["arousal_mean"]),
        escape(found.category),
        escape(found.text).replace("\n", "<br>"),
        escape(joined([found.author, found.wall_utc[:10]])),
    ]


def faults(facts: Facts) -> str:
    """Nothing where there was none."""
    rows = [[_when(event, facts), escape(_event_words(event))] for event in facts.faults]
    return table(("When", "What"), rows, 0, 1) if rows else ""


def _when(event: Mapping[str, Any], facts: Facts) -> str:
    """The event's own time, else that of the row before it."""
    t_s, row = event.get("t_s"), event.get("row")
    if isinstance(t_s, (int, float)):
        return clock(t_s)
    if isinstance(row, int) and facts.session.rows:
        return clock(float(facts.session["t_s"][min(max(row, 1), facts.session.rows) - 1]))
    return "–"


def _event_words(event: Mapping[str, Any]) -> str:
    kind = str(event.get("event", ""))
    words = {
        "fault": joined([str(event.get("message", "")), str(event.get("advice", ""))], " "),
        "gap": f"{event.get('lost_rows')} rows were lost: the disk did not take them in time.",
        "lost_events": f"{event.get('count')} events were too many at once to be kept.",
        "slow_disk": f"The disk stood still for {event.get('stood_still_s')} s; nothing was lost.",
        "resumed": "The disk takes data again.",
        "folder_restored": "The session's folder had been removed or moved and was made anew.",
        "time_went_back": f"A row's time lies {event.get('by_s')} s before that of the row before.",
    }
    return words.get(kind) or kind.replace("_", " ")


def about(facts: Facts) -> str:
    """A list of what was recorded with what."""
    rows = [*_model(facts.header), *_source(facts), ("Baseline", _baselines(facts)), *_rest(facts.header)]
    return "<dl>" + "".join(f"<dt>{escape(k)}</dt><dd>{escape(v)}</dd>" for k, v in rows if v) + "</dl>"


def _model(header: Mapping[str, Any]) -> list[tuple[str, str]]:
    model = header.get("model")
    if not model:
        return [("Model", "none: only the face was tracked")]
    name = joined([f"{model.get('name', '')} {model.get('version', '')}".strip(), str(model.get("device", ""))])
    heads = ", ".join(str(head).replace("_", " and ", 1) if head == "valence_arousal" else str(head).replace("_", " ")
                      for head in model.get("outputs", ()))  # fmt: skip
    window = f"{model['window_s']:g} s" if model.get("window_s") else "single frames"
    return [
        ("Model", name),
        ("It estimates", heads),
        ("It looks at", window),
        ("Manifest", str(model.get("sha256", ""))[:16]),
    ]


def _baselines(facts: Facts) -> str:
    measured = [f"{name}, measured over {facts_of.get('seconds', 0):g} s"
                for name, facts_of in facts.session.baselines.items()]  # fmt: skip
    return "; ".join(measured) or "none: values are not corrected for the person’s neutral face"


def _source(facts: Facts) -> list[tuple[str, str]]:
    source = facts.header.get("source") or {}
    size = f"{source.get('width_px')} × {source.get('height_px')}"
    rate = source.get("measured_fps") or source.get("nominal_fps")
    return [("Source", joined([str(source.get("name", "")), size, f"{rate:.1f} frames/s" if rate else ""]))]


def _pictures(film: Mapping[str, Any]) -> str:
    frames, dropped = film.get("frames"), film.get("dropped")
    if frames is None:
        return ""
    return f"{frames} pictures" + (f" and {dropped} frames without one" if dropped else "")


def _rest(header: Mapping[str, Any]) -> list[tuple[str, str]]:
    app, where = header.get("app") or {}, header.get("platform") or {}
    consent = header.get("consent") or {}
    film = joined([_FILM_WORDS.get(str(consent.get("film")), ""), _pictures(header.get("film") or {})])
    changed = (header.get("settings") or {}).get("values") or {}
    return [
        ("Consent", joined([film, str(consent.get("note", ""))])),
        ("Software", joined([f"{app.get('name', '')} {app.get('version', '')}".strip(), str(where.get("system", ""))])),
        ("Settings", "; ".join(f"{key} = {value}" for key, value in changed.items()) or "all at their defaults"),
        ("Session", str(header.get("id", ""))),
    ]
