"""One row per film: how good it was, what the cues reached and which alerts fired, to be held against the pictures.

python tools/signals_table.py [--rules "valence below -0.4 for 2 s"] [--loop 24] FILM_OR_FOLDER...

`--loop S` plays each film there and back until S seconds are full, because rules that learn a face's rest and count
over windows say little about films of three seconds. What repeats in such a loop (a turn of the head, say) is then
counted again and again: look at the film before you call it a false alarm.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from desktop_affect.assembly import RunPlan, build_run  # noqa: E402
from desktop_affect.core.settings import Settings  # noqa: E402
from desktop_affect.core.settings_table import default_settings  # noqa: E402
from desktop_affect.core.types import (  # noqa: E402
    Alert,
    AlertPhase,
    Event,
    Fault,
    Frame,
    ModelInfo,
    RunStart,
    Sample,
)
from desktop_affect.signals.chain import SignalChain  # noqa: E402
from desktop_affect.signals.cues import CUES  # noqa: E402

FILMS = (".mp4", ".mov", ".mkv", ".avi", ".mpg", ".webm", ".gif")
HEAD = ("film", "s", "face", "usable", "valence", "arousal", "hesitancy", "cues", "reasons", "alerts")


class Collector:
    """Everything that comes out of a run."""

    name = "table"

    def __init__(self) -> None:
        self.samples: list[Sample] = []
        self.events: list[Event] = []
        self.model: ModelInfo | None = None

    def open(self, start: RunStart) -> None:
        self.model = start.model

    def on_sample(self, sample: Sample, frame: Frame | None) -> None:
        self.samples.append(sample)

    def on_event(self, event: Event) -> None:
        self.events.append(event)

    def close(self) -> None:
        """Nothing to finish."""


def analyse(film: Path, settings: Settings) -> Collector:
    """The whole film, every frame."""
    seen = Collector()
    run = build_run(RunPlan(source=str(film), live=False), settings, (seen,))
    run.engine.start()
    run.engine.finished.wait()
    run.stop()
    return seen


def looped(seen: Collector, settings: Settings, length_s: float) -> Collector:
    """The same rows there and back, judged anew; what the model was not yet sure of is left out."""
    known = [sample for sample in seen.samples if sample.raw is None or sample.raw.confidence >= 1.0]
    if len(known) < 2:
        return seen
    step_s = (known[-1].t_s - known[0].t_s) / (len(known) - 1)
    once = [*known, *known[::-1]]
    rows = once * max(1, math.ceil(length_s / (len(once) * step_s)))
    signals, out = SignalChain(settings, seen.model), Collector()
    for number, sample in enumerate(rows):
        judged, alerts = signals.judge(replace(sample, seq=number, t_s=number * step_s))
        out.samples.append(judged)
        out.events += alerts
    out.events += signals.finish()
    return out


def cells(film: Path, seen: Collector) -> tuple[str, ...]:
    samples = seen.samples
    if not samples:
        return (film.name, *[""] * (len(HEAD) - 2), _faults(seen))
    reasons = Counter(reason for sample in samples for reason in sample.quality.reasons)
    return (
        film.name,
        f"{samples[-1].t_s - samples[0].t_s:.1f}",
        f"{np.mean([sample.face is not None for sample in samples]):.2f}",
        f"{np.mean([sample.quality.usable for sample in samples]):.2f}",
        _middle([sample.affect.valence for sample in samples if sample.affect]),
        _middle([sample.affect.arousal for sample in samples if sample.affect]),
        _top(samples, "hesitancy"),
        ", ".join(_cues(samples)),
        ", ".join(f"{name} {count / len(samples):.2f}" for name, count in reasons.most_common(3)),
        "; ".join([*_alerts(seen), *([_faults(seen)] if _faults(seen) else [])]),
    )


def _cues(samples: list[Sample]) -> Iterator[str]:
    for cue in CUES:
        top = _top(samples, f"hesitancy_{cue.name}")
        if top and float(top) >= 0.1:
            yield f"{cue.name} {top}"


def _alerts(seen: Collector) -> Iterator[str]:
    for event in seen.events:
        if isinstance(event, Alert) and event.phase is AlertPhase.ENDED:
            yield f"{event.rule} {event.begin_s:.1f}–{event.end_s:.1f} s ({', '.join(event.reasons)})"


def _faults(seen: Collector) -> str:
    return "; ".join(event.message for event in seen.events if isinstance(event, Fault))


def _middle(values: list[float]) -> str:
    known = [value for value in values if math.isfinite(value)]
    return f"{np.median(known):+.2f}" if known else ""


def _top(samples: list[Sample], cue: str) -> str:
    known = [value for sample in samples if math.isfinite(value := sample.cues.get(cue, math.nan))]
    return f"{max(known):.2f}" if known else ""


def _films(places: list[Path]) -> Iterator[Path]:
    for place in places:
        inside = sorted(place.rglob("*")) if place.is_dir() else [place]
        yield from (path for path in inside if path.suffix.lower() in FILMS)


def main() -> int:
    parser = argparse.ArgumentParser(description="Cues and alerts per film, as a Markdown table.")
    parser.add_argument("places", nargs="+", type=Path, metavar="FILM_OR_FOLDER")
    parser.add_argument("--loop", type=float, metavar="S", help="there and back until so many seconds are full")
    parser.add_argument("--rules", default="face lost for 1 s", help="your own alert rules, separated by semicolons")
    args = parser.parse_args()
    settings = default_settings().with_changes({"alerts.rules": args.rules})
    print(f"| {' | '.join(HEAD)} |", f"|{'---|' * len(HEAD)}", sep="\n")
    for film in _films(args.places):
        seen = analyse(film, settings)
        seen = looped(seen, settings, args.loop) if args.loop else seen
        print(f"| {' | '.join(cells(film, seen))} |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
