"""`desktop-affect [run]`: the window, or a run without one."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_affect.core.errors import AffectError
from desktop_affect.session.plan import NEWEST, NONE, FilmConsent

if TYPE_CHECKING:
    from desktop_affect.cli.parsers import Verbs


def add_parser(verbs: Verbs) -> argparse.ArgumentParser:
    parser = verbs.add_parser("run", help="open the window, or run without one (--headless); the default verb")
    parser.add_argument(
        "--source",
        metavar="demo|camera[:ID]|PATH",
        help="where frames come from (default: the window asks; without a window, and with --record, the demo)",
    )
    parser.add_argument("--headless", action="store_true", help="no window: progress lines and a summary")
    parser.add_argument("--duration", type=seconds, metavar="S", help="stop by itself after this many seconds")
    parser.add_argument(
        "--pace",
        choices=("live", "fast"),
        help="films: in their own time, dropping frames to stay current, or every frame as fast as possible "
        "(default: fast without a window, live otherwise)",
    )
    parser.add_argument("--record", action="store_true", help="record a session")
    parser.add_argument("--output", type=Path, metavar="DIR", help="where sessions go (with --record)")
    parser.add_argument("--study", default="", help="written into the session (with --record)")
    parser.add_argument(
        "--participant", default="", metavar="CODE", help="whose session (with --record) and whose kept baseline"
    )
    parser.add_argument(
        "--condition",
        default="",
        metavar="NAME|next",
        help="written into the session (with --record); “next” is what the study's plan has for the participant",
    )
    parser.add_argument(
        "--baseline",
        default=NEWEST,
        metavar="newest|none|ID",
        help="which of the participant's kept baselines to correct by (default: the newest)",
    )
    parser.add_argument(
        "--calibrate",
        action="store_true",
        help="headless: measure the neutral face first; with --record and --participant it is kept",
    )
    parser.add_argument(
        "--film",
        choices=[mode.value for mode in FilmConsent],
        default=FilmConsent.NONE.value,
        help="keep a film too: the whole picture, the face alone, or everything with the face blurred (with --record "
        "and --consent film; default: none)",
    )
    parser.add_argument(
        "--consent", choices=("film",), help="the participant agreed, in writing, to being filmed as --film says"
    )
    parser.add_argument(
        "--consent-note", default="", metavar="TEXT", help="which form, when, by whom: written into the session"
    )
    parser.add_argument("--model", metavar="NAME", help="model folder to use instead of the setting")
    parser.add_argument("--device", metavar="NAME", help="automatic, cpu, gpu or npu instead of the setting")
    parser.add_argument("--json", action="store_true", help="headless: the last line is one JSON object")
    parser.set_defaults(go=go)
    return parser


def go(args: argparse.Namespace) -> int:
    if args.output is not None and not args.record:
        raise AffectError("--output says where to record, but nothing is recorded.", advice="Add --record.")
    if args.json and not args.headless:
        raise AffectError("--json belongs to a run without a window.", advice="Add --headless.")
    if args.calibrate and not args.headless:
        raise AffectError("--calibrate belongs to a run without a window.", advice="Press “Calibrate” in the window.")
    if args.baseline not in (NEWEST, NONE) and not args.participant:
        raise AffectError("--baseline names a participant's baseline.", advice="Add --participant.")
    _check_film(args)
    if args.source is None and (args.headless or args.record):
        args.source = "demo"
    if args.headless:
        from desktop_affect.cli import headless

        return headless.run(args)
    from desktop_affect.cli import windowed

    return windowed.run(args)


def _check_film(args: argparse.Namespace) -> None:
    """A film is kept only where somebody said twice that it may be."""
    films = args.film != FilmConsent.NONE.value
    if films and not args.record:
        raise AffectError("--film keeps a film with a session, but nothing is recorded.", advice="Add --record.")
    if films and args.consent != "film":
        raise AffectError(
            f"A film ({args.film}) shows a person; nobody said that they agreed to it.",
            advice="Add --consent film if the participant agreed to it in writing, or leave --film out.",
        )
    if args.consent == "film" and not films:
        raise AffectError(
            "There is consent to a film, but no film is kept.",
            advice="Say what to keep with --film whole, face or blurred, or leave --consent out.",
        )


def seconds(text: str) -> float:
    """A length of time on the command line."""
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < float("inf"):
        raise argparse.ArgumentTypeError(f"“{text}” is not a number of seconds above zero")
    return value
