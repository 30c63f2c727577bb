"""`desktop-affect VERB ...`: finds the verb, runs it, and turns what goes wrong into words and an exit code.

Exit codes: 0 all is well, 1 something failed (the words say what), 2 the command line is wrong, 130 Ctrl-C.
"""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Sequence

from desktop_affect import __version__
from desktop_affect.cli import (
    analyze,
    bench,
    doctor,
    export,
    models,
    recover,
    replay,
    run,
    sessions,
    signals,
    studies,
)
from desktop_affect.core.errors import AffectError
from desktop_affect.system import crash, logs

log = logging.getLogger(__name__)

_VERBS = (run, analyze, doctor, bench, models, export, replay, recover, sessions, studies, signals)
_DEFAULT = "run"
INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """The front door; also what the frozen application starts."""
    args = build_parser().parse_args(_with_verb(sys.argv[1:] if argv is None else argv))
    logs.set_up(args.verbose)
    crash.watch()
    try:
        return int(args.go(args))
    except AffectError as error:
        log.info("ended with: %s [%s]", error.message, error.detail)
        say(error)
        return 1
    except KeyboardInterrupt:
        return INTERRUPTED


def say(error: AffectError) -> None:
    """Tell the person on the console what happened and what to do."""
    if sys.stderr is not None:
        print(error.message, error.advice, sep="\n" if error.advice else "", file=sys.stderr)


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="desktop-affect",
        description="Reads a person's affect from a webcam, live; nothing leaves the machine.",
        epilog="Without a verb the window opens (“run”).",
    )
    parser.add_argument("--version", action="version", version=f"desktop-affect {__version__}")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    for verb in _VERBS:
        sub = verb.add_parser(verbs)
        sub.add_argument("--verbose", action="store_true", help="write the whole log to the console")
    return parser


def _with_verb(argv: Sequence[str]) -> list[str]:
    """`run` is the verb when none is named."""
    words = list(argv)
    if words and (words[0] in {"-h", "--help", "--version"} or not words[0].startswith("-")):
        return words
    return [_DEFAULT, *words]
