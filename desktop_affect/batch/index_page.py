"""index.html: all films at a glance, in one file that needs nothing else; drawn with the pieces of the report."""

from __future__ import annotations

import base64
import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from html import escape
from pathlib import Path
from urllib.parse import quote

import numpy as np

from desktop_affect.batch.jobs import Document, JobKind, Outcome, State
from desktop_affect.batch.results import INDEX_FILE, SUMMARY_FILE
from desktop_affect.core.errors import SessionError
from desktop_affect.session.export.about import CAVEATS
from desktop_affect.session.export.options import Format
from desktop_affect.session.report.page import bundled_style
from desktop_affect.session.report.svg import Array, Scale, band, clock, drawing, line, percent, rule, signed
from desktop_affect.system.store import write_atomically

STYLE = "resources/report/index.css"

_WIDTH, _HEIGHT = 150.0, 34.0
_STATE_WORDS = {State.DONE: "", State.PARTIAL: "not whole", State.FAILED: "not analysed"}


def write_index(root: Path, outcomes: Sequence[Outcome]) -> Path:
    """Replace the page as a whole. Raises SessionError in words."""
    path = root / INDEX_FILE
    try:
        write_atomically(path, page(root, outcomes).encode("utf-8", "replace"))
    except OSError as error:
        raise SessionError(f"“{path}” cannot be written.", advice="Check the drive.", detail=str(error)) from error
    return path


def page(root: Path, outcomes: Sequence[Outcome]) -> str:
    title = f"{len(outcomes)} films" if len(outcomes) != 1 else "1 film"
    style = bundled_style() + bundled_style(STYLE)
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{title} · Desktop Affect</title>\n<style>\n{style}</style>\n</head>\n<body>\n<main>\n"
        + "\n".join(_sections(root, title, outcomes))
        + "\n</main>\n</body>\n</html>\n"
    )


def _sections(root: Path, title: str, outcomes: Sequence[Outcome]) -> Iterator[str]:
    now = datetime.now()
    yield (
        f'<header><p class="brand">Desktop Affect · films analysed</p><h1>{title}</h1>'
        f'<p class="sub">{escape(root.name)} · as of {now.day} {now:%B %Y, %H:%M} · '
        f'<a href="{SUMMARY_FILE}">{SUMMARY_FILE}</a> has every number</p></header>'
    )
    yield _tiles(outcomes)
    troubled = [outcome for outcome in outcomes if outcome.trouble is not None]
    if troubled:
        yield _troubles(troubled)
    yield _table(root, [outcome for outcome in outcomes if outcome.figures])
    caveats = "".join(f"<li>{escape(caveat)}</li>" for caveat in CAVEATS)
    yield f'<section class="caveats"><h2>Keep in mind</h2><ul>{caveats}</ul></section>'


def _tiles(outcomes: Sequence[Outcome]) -> str:
    film_s = sum(_number(outcome.figures, "duration_s") for outcome in outcomes if outcome.figures)
    faces = sum(_number(outcome.figures, "faces") for outcome in outcomes if outcome.figures)
    frames = sum(outcome.frames for outcome in outcomes)
    whole = sum(outcome.state is State.DONE for outcome in outcomes)
    alerts = sum(int(_number(outcome.figures, "alerts")) for outcome in outcomes if outcome.figures)
    tiles = [
        ("Whole", f"{whole:,}", f"of {len(outcomes):,}"),
        ("Length", clock(film_s), "h:min:s" if film_s >= 3600 else "min:s"),
        ("Frames", f"{frames:,}", "a row each"),
        ("Face in view", percent(faces / frames) if frames else "–", "of the frames"),
        ("Alerts", f"{alerts:,}", "in all films"),
    ]
    cells = (f"<div><dt>{escape(k)}</dt><dd><b>{escape(v)}</b><span>{escape(u)}</span></dd></div>" for k, v, u in tiles)
    return f'<dl class="tiles films">{"".join(cells)}</dl>'


def _troubles(troubled: Sequence[Outcome]) -> str:
    rows = []
    for outcome in troubled:
        trouble = outcome.trouble
        if trouble is not None:
            word = _STATE_WORDS[outcome.state] or "export missing"
            what = f"{escape(trouble.message)} <span>{escape(trouble.advice)}</span>"
            rows.append(f'<tr><td>{escape(outcome.name)}</td><td class="word">{word}</td><td>{what}</td></tr>')
    return f'<section class="troubles"><h2>Not as it should be</h2><table>{"".join(rows)}</table></section>'


def _table(root: Path, outcomes: Sequence[Outcome]) -> str:
    pictures = any(outcome.thumbnail for outcome in outcomes)
    heads = ["Film", "Length", "Face in view", "Valence", "Arousal", "Alerts"]
    numeric = {"Length", "Alerts"}
    cells = "".join(f'<th class="{"num" if head in numeric else ""}">{head}</th>' for head in heads)
    rows = "".join(_row(root, outcome, pictures) for outcome in outcomes)
    first = "<th></th>" if pictures else ""
    return (
        f'<section><div class="scroll"><table class="films"><thead><tr>{first}{cells}</tr></thead>'
        f'<tbody>{rows}</tbody></table></div><p class="quiet">Curves: means over time, −1 at the bottom, +1 at the '
        "top, over the film’s own length; a gap is time without a face. Numbers: mean over the rows that may be "
        "believed.</p></section>"
    )


def _row(root: Path, outcome: Outcome, pictures: bool) -> str:
    figures = outcome.figures
    length = clock(_number(figures, "duration_s"))
    if outcome.kind == JobKind.PICTURES.value:
        length = _counted(outcome.frames, "picture")
    picture = f'<td class="picture">{_picture(root, outcome)}</td>' if pictures else ""
    alerts = int(_number(figures, "alerts"))
    return (
        f'<tr>{picture}<td class="film">{_name(outcome)}</td>'
        f'<td class="num">{length}</td><td>{_share(figures)}</td>'
        f"<td>{_spark(outcome, 'valence')}</td><td>{_spark(outcome, 'arousal')}</td>"
        f'<td class="num{" alerting" if alerts else ""}">{alerts or "–"}</td></tr>\n'
    )


def _name(outcome: Outcome) -> str:
    """Leads to the report where there is one, else to the session's folder."""
    inside = outcome.exports.get(Format.REPORT.value, "")
    word = _STATE_WORDS[outcome.state]
    size = f"{outcome.figures.get('width_px')} × {outcome.figures.get('height_px')}"
    frames = "" if outcome.kind == JobKind.PICTURES.value else _counted(outcome.frames, "frame")
    facts = [word, size if outcome.figures.get("width_px") else "", frames]
    told = " · ".join(escape(fact) for fact in facts if fact)
    link = quote(f"{outcome.folder}/{inside}")
    name = escape(outcome.name)
    return f'<a href="{link}" title="{name}">{name}</a><span class="facts">{told}</span>'


def _counted(number: int, thing: str) -> str:
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"


def _picture(root: Path, outcome: Outcome) -> str:
    if not outcome.thumbnail:
        return ""
    try:
        data = base64.b64encode((root / outcome.folder / outcome.thumbnail).read_bytes()).decode()
    except OSError:
        return ""  # somebody has removed it, which is their right
    return f'<img alt="" src="data:image/jpeg;base64,{data}">'


def _share(figures: Document) -> str:
    share = _number(figures, "face_share")
    width = 0.0 if math.isnan(share) else share * 100
    return (
        f'<div class="share"><span class="track"><i class="heatbar" style="width:{width:.1f}%"></i></span>'
        f"<b>{percent(share)}</b></div>"
    )


def _spark(outcome: Outcome, name: str) -> str:
    curve: Mapping[str, object] = outcome.curves.get(name, {})
    values = _array(curve.get("values"))
    mean = _number(outcome.figures, f"{name}_mean")
    shown = f"<b>{signed(mean)}</b>"
    if len(values) == 0:
        return f'<div class="spark none"><span></span>{shown}</div>'
    step_s = float(str(curve.get("step_s")))
    times = (np.arange(len(values)) + 0.5) * step_s
    ends_s = max(_number(outcome.figures, "duration_s"), step_s * len(values) * 0.5)
    x, y = Scale(0.0, ends_s, 2.0, _WIDTH - 2.0), Scale(-1.0, 1.0, _HEIGHT - 3.0, 3.0)
    parts = [
        rule(2.0, y(0.0), _WIDTH - 2.0, y(0.0), "grid"),
        band(times, np.minimum(values, 0.0), np.maximum(values, 0.0), x, y, f"raw {name}"),
        line(np.minimum(times, ends_s), values, x, y, f"curve {name}"),
    ]
    label = f"{name} over time, mean {signed(mean)}"
    return f'<div class="spark">{drawing(_WIDTH, _HEIGHT, label, parts)}{shown}</div>'


def _array(values: object) -> Array:
    found = values if isinstance(values, list) else []
    return np.array([np.nan if value is None else value for value in found], dtype=np.float64)


def _number(figures: Document, name: str) -> float:
    value = figures.get(name)
    return math.nan if value is None else float(value)
