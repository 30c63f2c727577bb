"""`desktop-affect export`: sessions as files that other programs read."""

from __future__ import annotations

import argparse
import json
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from desktop_affect.core.errors import SessionError
from desktop_affect.session.export.choices import CHOICES, YES, Ask, Choice, options_from
from desktop_affect.session.export.options import ExportOptions, Format, Progress

if TYPE_CHECKING:
    from desktop_affect.cli.parsers import Verbs
    from desktop_affect.session.export.several import Outcome


def add_parser(verbs: Verbs) -> argparse.ArgumentParser:
    parser = verbs.add_parser("export", help="write sessions as files that other programs read")
    parser.add_argument("sessions", nargs="+", type=Path, metavar="SESSION", help="a session, or a folder of sessions")
    parser.add_argument(
        "--format", choices=[look.value for look in Format], action="append", dest="formats", help="may be repeated"
    )
    for choice in CHOICES:
        _add_choice(parser, choice)
    parser.add_argument("--output", type=Path, metavar="DIR", help="default: “exports” inside each session's folder")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(go=go)
    return parser


def _add_choice(parser: argparse.ArgumentParser, choice: Choice) -> None:
    name = f"--{choice.key}"
    if choice.ask is Ask.ONE_OF:
        values = [value for value, _ in choice.values]
        parser.add_argument(name, choices=values, default=values[0], help=choice.help)
    elif choice.ask is Ask.YES_OR_NUMBER:
        parser.add_argument(name, type=float, nargs="?", const=YES, metavar=choice.metavar, help=choice.help)
    else:
        parser.add_argument(name, type=float, metavar=choice.metavar, help=choice.help)


def go(args: argparse.Namespace) -> int:
    """0 when everything that was asked for was written."""
    from desktop_affect.session.export.several import Several

    options = options_from(vars(args))
    looks = [Format(name) for name in dict.fromkeys(args.formats or [Format.CSV.value])]
    _check(options, looks)
    folders = list(session_folders(args.sessions))
    several = Several(looks, options, args.output)
    watch = partial(_watch, len(folders), args.json)
    with _ended_politely():
        outcomes = [_told(outcome, args.json) for outcome in several.run(folders, watch)]
    if args.json:
        print(json.dumps(outcomes, ensure_ascii=False, indent=2))
    return int(any("problem" in outcome for outcome in outcomes))


def _check(options: ExportOptions, looks: Sequence[Format]) -> None:
    """Nothing that was asked for is passed over in silence."""
    if options.window_s is not None and Format.AGGREGATES not in looks:
        raise SessionError(
            "“--window” asks for means per window, which only the aggregates hold.",
            advice=f"Add --format {Format.AGGREGATES.value}, or leave --window out.",
        )


@contextmanager
def _ended_politely() -> Iterator[None]:
    """Who is asked to end removes the file that is half written, as for Ctrl-C."""

    def leave(number: int, at: FrameType | None) -> None:
        raise SystemExit(128 + number)

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def session_folders(paths: Sequence[Path]) -> Iterator[Path]:
    """Every session named, and every session under a folder that is none; each once, none from the trash.

    Raises SessionError in words.
    """
    from desktop_affect.session.recover import session_folders as below

    told: set[Path] = set()
    for path in paths:
        found = sorted(below(path))
        if not found:
            raise SessionError(f"“{path}” is no session and holds none.", advice="Name a session's folder.")
        yield from (folder for folder in found if folder.absolute() not in told)
        told |= {folder.absolute() for folder in found}


def _watch(count: int, quiet: bool, number: int, session: Path, look: Format | None) -> Progress:
    place = f"{number + 1}/{count} " if count > 1 else ""
    if look is None:
        return _progress_line(f"{place}{session.name} reading", _megabytes, quiet)
    return _progress_line(f"{place}{session.name} {look.value}", _rows, quiet)


def _told(outcome: Outcome, quiet: bool) -> dict[str, str]:
    """Printed at once, and as JSON."""
    _clear_line(quiet)
    if (error := outcome.problem) is not None:
        if sys.stderr is not None and not quiet:
            print(error.message, error.advice, sep="\n", file=sys.stderr)
        return {"session": str(outcome.session), "problem": error.message, "advice": error.advice}
    if not quiet:
        print(outcome.path)
    return {"session": str(outcome.session), "format": outcome.what, "file": str(outcome.path)}


_WIDTH = 78
_CELLS = 16


def _megabytes(done: int, total: int) -> str:
    return f"{done / 1e6:,.1f} of {total / 1e6:,.1f} MB"


def _rows(done: int, total: int) -> str:
    return f"{done:,} of {total:,} rows"


def _progress_line(what: str, amount: Callable[[int, int], str], quiet: bool) -> Progress:
    """A line that is rewritten on a terminal; nothing elsewhere, where the path at the end says it."""

    def show(done: int, total: int) -> None:
        if not quiet and sys.stderr is not None and sys.stderr.isatty():
            share = min(done / max(total, 1), 1.0)
            bar = ("#" * round(share * _CELLS)).ljust(_CELLS, "-")
            text = f"{what}  [{bar}] {share:4.0%}  {amount(done, total)}"
            print(f"\r{text:<{_WIDTH}.{_WIDTH}}", end="", file=sys.stderr, flush=True)

    return show


def _clear_line(quiet: bool) -> None:
    if not quiet and sys.stderr is not None and sys.stderr.isatty():
        print(f"\r{'':<{_WIDTH}}\r", end="", file=sys.stderr, flush=True)
