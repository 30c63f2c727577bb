"""`desktop-affect bench`: what the analysis costs on this machine, measured side by side in one run."""

from __future__ import annotations

import argparse
import json
import os
import platform
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_affect.cli import bench_live, bench_models, bench_start
from desktop_affect.cli.overrides import settings_for

if TYPE_CHECKING:
    from desktop_affect.cli.parsers import Verbs
    from desktop_affect.cli.stages import StageTime
    from desktop_affect.core.settings import Settings
    from desktop_affect.inference.bench import Comparison

# What a camera of a laptop gives; ratios say how many times faster than that a stage is.
CAMERA_FPS = 30.0
_DEFAULT_FRAMES = 150
_COMPARISON_S = 15.0
WHOLE = "demo"
"""The source that is analysed from its first frame to its last; tests take a shorter film."""


def add_parser(verbs: Verbs) -> argparse.ArgumentParser:
    parser = verbs.add_parser("bench", help="measure every stage, and the whole, on this machine")
    parser.add_argument(
        "--frames", type=int, default=_DEFAULT_FRAMES, help="frames for the stages (default: %(default)s)"
    )
    parser.add_argument("--live", type=float, metavar="S", help="also run live for S seconds: processor and memory")
    parser.add_argument("--start", action="store_true", help="also start the program twice: time to first estimate")
    parser.add_argument(
        "--models",
        type=float,
        default=_COMPARISON_S,
        metavar="S",
        help="compare all models, runtimes, thread counts and precisions for about S seconds, 0: not at all "
        "(default: %(default)s)",
    )
    parser.add_argument("--plot", type=Path, metavar="FILE", help="draw that comparison as SVG")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    parser.set_defaults(go=go, model=None, device=None)
    return parser


@dataclass(frozen=True, slots=True)
class Whole:
    """The application's own engine on a whole film, as fast as it goes."""

    frames: int
    seconds: float
    per_second: float


def go(args: argparse.Namespace) -> int:
    settings = settings_for(args)
    stages, whole = _stages(settings, args.frames), _whole(settings)
    live = bench_live.measure_live(settings, args.live) if args.live else None
    start = bench_start.measure_start() if args.start else None
    compared = comparison(args)
    if args.json:
        document = {
            "machine": _machine(),
            "stages": [asdict(stage) for stage in stages],
            "frame_ms": frame_ms(stages),
            "frame_processor_ms": frame_processor_ms(stages),
            "whole": asdict(whole),
            "live": asdict(live) if live else None,
            "start": asdict(start) if start else None,
            "models": bench_models.document(compared) if compared else None,
        }
        print(json.dumps(document, indent=2))
    else:
        _print(stages, whole)
        more = [bench_live.line(live)] if live else []
        more += [bench_start.line(start)] if start else []
        more += ["", *bench_models.lines(compared)] if compared else []
        for line in more:
            print(line)
    return 0


def comparison(args: argparse.Namespace) -> Comparison | None:
    """Of the models, unless it is not wanted."""
    return bench_models.compare_models(args.models, args.plot) if args.models > 0 or args.plot is not None else None


def _stages(settings: Settings, frames: int) -> list[StageTime]:
    from desktop_affect.assembly import analysis_parts
    from desktop_affect.cli.stages import measure_stages
    from desktop_affect.sources.demo import DemoSource
    from desktop_affect.system.clock import MonotonicClock

    source = DemoSource(clock=MonotonicClock(), paced=False, loop=True)
    return measure_stages(source, analysis_parts(settings).parts, frames)


def _whole(settings: Settings) -> Whole:
    from desktop_affect.assembly import RunPlan, build_run

    run = build_run(RunPlan(source=WHOLE, live=False), settings)
    began_s = time.perf_counter()
    run.engine.start()
    while not run.engine.status().analysed and not run.engine.finished.wait(0.001):
        began_s = time.perf_counter()  # loading the models is not the pace of the analysis
    run.engine.finished.wait()
    took_s = time.perf_counter() - began_s
    run.stop()
    analysed = run.engine.status().analysed
    return Whole(analysed, took_s, analysed / took_s)


def frame_ms(stages: list[StageTime]) -> float:
    """What one frame costs the analysis thread; a camera decodes elsewhere."""
    return sum(stage.median_ms for stage in stages if stage.name != "decode")


def frame_processor_ms(stages: list[StageTime]) -> float:
    """The same in processor time: what to believe where other programs keep the machine busy."""
    return sum(stage.processor_ms for stage in stages if stage.name != "decode")


def _machine() -> dict[str, object]:
    return {
        "processor": platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "system": platform.platform(),
    }


def _print(stages: list[StageTime], whole: Whole) -> None:
    print(f"{'stage':<12}{'median':>10}{'p95':>10}{'cpu':>10}{'alone':>12}{'of 30 fps':>12}")
    for stage in stages:
        times = (
            f"{stage.median_ms:>7.2f} ms{stage.p95_ms:>7.2f} ms{stage.processor_ms:>7.2f} ms{stage.per_second:>9.0f} /s"
        )
        print(f"{stage.name:<12}{times}{stage.per_second / CAMERA_FPS:>11.1f}×")
    print(
        f"analysis of a frame on one thread: {frame_ms(stages):.2f} ms (sum of the medians, decoding left out), "
        f"{frame_processor_ms(stages):.2f} ms of processor time"
    )
    print(
        f"\nwhole analysis as fast as possible: {whole.frames} frames in {whole.seconds:.1f} s, "
        f"{whole.per_second:.0f} per second, {whole.per_second / CAMERA_FPS:.1f} times real time"
    )
