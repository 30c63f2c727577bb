"""`desktop-affect analyze`: films and photographs in, sessions and tables out."""

from __future__ import annotations

import argparse
import os
import re
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_affect.batch.jobs import Progress
from desktop_affect.core.errors import SettingsError
from desktop_affect.session.export.options import Format

if TYPE_CHECKING:
    from desktop_affect.batch.crew import Crew
    from desktop_affect.batch.jobs import Job, Outcome, Recipe
    from desktop_affect.batch.ledger import Ledger
    from desktop_affect.cli.analyze_progress import Teller
    from desktop_affect.cli.parsers import Verbs
    from desktop_affect.core.settings import Settings

INTERRUPTED = 130
_FIRST = re.compile(r"first:(\d+(?:\.\d+)?)s?")
_MOST_FIRST_S = 60.0
_THUMBNAILS = ("none", "blurred", "plain")


def add_parser(verbs: Verbs) -> argparse.ArgumentParser:
    parser = verbs.add_parser(
        "analyze",
        help="analyse films and photographs, every frame, as fast as it goes",
        description="Every film becomes a session that the window can review, every folder of photographs one session "
        "with a row a picture; summary.csv and index.html hold them all. Finished films stay finished on Ctrl-C.",
    )
    parser.add_argument("paths", nargs="+", metavar="PATH", help="films, pictures, folders (with all below), patterns")
    parser.add_argument(
        "--output", type=Path, metavar="DIR", help="where results go (default: a new folder among the sessions)"
    )
    parser.add_argument(
        "--format",
        choices=[look.value for look in Format],
        action="append",
        dest="formats",
        default=[],
        help="also export every session like this; may be repeated",
    )
    parser.add_argument("--jobs", type=_count, metavar="N", help="films at a time (default: one a core)")
    parser.add_argument("--resume", action="store_true", help="go on in --output: what is done there is skipped")
    parser.add_argument("--model", metavar="NAME", help="model folder to use instead of the setting")
    parser.add_argument("--device", metavar="NAME", help="automatic, cpu, gpu or npu instead of the setting")
    parser.add_argument(
        "--baseline",
        metavar="first:10s|FILE",
        default="",
        help="take the neutral face away: that of each film's first seconds, or one from a file or session",
    )
    parser.add_argument(
        "--thumbnails",
        choices=_THUMBNAILS,
        default="none",
        help="keep one small picture of each film for the index: none (default: a picture shows the participant), "
        "blurred beyond recognition, or plain",
    )
    parser.add_argument(
        "--scheduler",
        metavar="ADDRESS",
        help="do the work on this Dask cluster, which sees the films at the same paths",
    )
    parser.add_argument(
        "--stream-back",
        action="store_true",
        help="with --scheduler: the workers do not see the output folder, sessions are sent back",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a line: progress, outcomes, summary")
    parser.set_defaults(go=go)
    return parser


def go(args: argparse.Namespace) -> int:
    """0 when every film was analysed whole, 1 when something is missing, 130 after Ctrl-C."""
    from desktop_affect.batch.batch import Batch
    from desktop_affect.batch.ledger import Ledger
    from desktop_affect.cli.analyze_progress import teller_for
    from desktop_affect.cli.headless import ctrl_c
    from desktop_affect.cli.overrides import settings_for

    if args.stream_back and not args.scheduler:
        raise SettingsError("--stream-back belongs to --scheduler.", advice="Leave it out, or name a cluster.")
    settings = settings_for(args)
    root = output_folder(args, settings)
    ledger = Ledger(root, recipe_of(args, settings))
    ledger.open(resume=args.resume)
    try:
        with ctrl_c() as interrupted:
            jobs = ledger.plan(args.paths)
            teller = teller_for(jobs, ledger.skipped, as_json=args.json)
            Batch(_in_turn(args, jobs), interrupted).run(_crew(args, ledger, jobs), _Hearing(ledger, teller))
        teller.finish(ledger, ledger.write(), stopped=interrupted.is_set())
    finally:
        ledger.close()
    if interrupted.is_set():
        return INTERRUPTED
    return int(any(outcome.trouble is not None for outcome in ledger.outcomes))


class _Hearing:
    """What happens goes into the ledger and to the person."""

    def __init__(self, ledger: Ledger, teller: Teller) -> None:
        self._ledger, self._teller = ledger, teller

    def __call__(self, happening: Progress | Outcome) -> None:
        if not isinstance(happening, Progress):
            self._ledger.hear(happening)
        self._teller.hear(happening)


def _crew(args: argparse.Namespace, ledger: Ledger, jobs: list[Job]) -> Crew:
    from desktop_affect.batch.crew import LocalCrew

    if args.scheduler:
        from desktop_affect.batch.cluster import ClusterCrew

        return ClusterCrew(args.scheduler, ledger.recipe, ledger.root, back=args.stream_back)
    return LocalCrew(_at_a_time(args, jobs), ledger.recipe, ledger.root)


def _at_a_time(args: argparse.Namespace, jobs: list[Job]) -> int:
    from desktop_affect.batch.crew import cores

    return min(args.jobs or cores(), max(len(jobs), 1))


def _in_turn(args: argparse.Namespace, jobs: list[Job]) -> list[Job]:
    """As they were named; where several are done at a time, the longest first."""
    from desktop_affect.batch.batch import longest_first

    return longest_first(jobs) if args.scheduler or _at_a_time(args, jobs) > 1 else jobs


def output_folder(args: argparse.Namespace, settings: Settings) -> Path:
    """Where results go. Raises SettingsError for a resumption of nothing in particular."""
    from desktop_affect.system import paths

    if args.output is not None:
        return Path(os.path.abspath(args.output.expanduser()))
    if args.resume:
        raise SettingsError("--resume goes on in a folder, but none is named.", advice="Name it with --output.")
    sessions = paths.sessions_dir(settings.text("recording.folder"))
    return sessions / f"Films {datetime.now():%Y-%m-%d %H-%M-%S}"


def recipe_of(args: argparse.Namespace, settings: Settings) -> Recipe:
    """Everything that decides what the rows will be, chosen once for all films. Raises AffectError."""
    from desktop_affect.batch.jobs import Recipe, Thumbnails
    from desktop_affect.inference.pinned import choose_pin

    pin = choose_pin(settings)
    first_s, baseline = _baseline(args.baseline)
    recipe = Recipe(
        settings=settings.changed(),
        pin=pin,
        baseline_first_s=first_s,
        baseline=baseline,
        thumbnails=Thumbnails(args.thumbnails),
        formats=tuple(dict.fromkeys(args.formats)),
    )
    _check(recipe)
    return recipe


def _baseline(text: str) -> tuple[float, dict[str, object] | None]:
    from desktop_affect.batch.neutral import read_baseline

    if not text:
        return 0.0, None
    found = _FIRST.fullmatch(text)
    if found is None:
        return 0.0, read_baseline(Path(text)).to_dict()
    seconds = float(found.group(1))
    if not 1.0 <= seconds <= _MOST_FIRST_S:
        raise SettingsError(f"--baseline can take the first 1 to {_MOST_FIRST_S:g} seconds, not {seconds:g}.")
    return seconds, None


def _check(recipe: Recipe) -> None:
    """What would go wrong with every film is told before the first. Raises AffectError."""
    from desktop_affect.batch.neutral import check_fits
    from desktop_affect.session.export.exporter import check_available

    if recipe.baseline is not None:
        check_fits(recipe.baseline, recipe.pin)
    for look in recipe.formats:
        check_available(Format(look))


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 256:
        raise argparse.ArgumentTypeError(f"“{text}” is not a number of films from 1 to 256")
    return int(text)
