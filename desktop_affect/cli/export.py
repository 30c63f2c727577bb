"""`desktop-affect export`: sessions as files that other programs read."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_affect.core.errors import AffectError, SessionError
from desktop_affect.session.export.choices import CHOICES, YES, Ask, Choice, options_from
from desktop_affect.session.export.options import ExportOptions, Format, Progress

if TYPE_CHECKING:
    from desktop_affect.cli.parsers import Verbs
    from desktop_affect.session.conditions import Conditions
    from desktop_affect.session.reader import Session


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
    options = options_from(vars(args))
    looks = [Format(name) for name in dict.fromkeys(args.formats or [Format.CSV.value])]
    folders = list(session_folders(args.sessions))
    job = _Job(looks, options, args.output, quiet=args.json)
    outcomes = [
        outcome for number, folder in enumerate(folders, 1) for outcome in job.run(folder, number, len(folders))
    ]
    if Format.AGGREGATES in looks and len(folders) > 1:
        outcomes += job.together(folders)
    if args.json:
        print(json.dumps(outcomes, ensure_ascii=False, indent=2))
    return int(any("problem" in outcome for outcome in outcomes))


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


@dataclass(slots=True)
class _Job:
    """What to do with each session."""

    looks: Sequence[Format]
    options: ExportOptions
    output: Path | None
    quiet: bool
    _taken: set[str] = field(default_factory=set)
    _conditions: Conditions | None = None

    def run(self, folder: Path, number: int, count: int) -> Iterator[dict[str, str]]:
        """One outcome a file; a session that cannot be read does not stop the others."""
        from desktop_affect.session.reader import read_session

        try:
            session = read_session(folder)
        except SessionError as error:
            yield self._told(folder, error)
            return
        for look in self.looks:
            outcome = self._written(session, look, f"{number}/{count}" if count > 1 else "")
            if look is Format.AGGREGATES and "problem" not in outcome:
                self._add_to_conditions(session)
            yield outcome

    def _add_to_conditions(self, session: Session) -> None:
        from desktop_affect.session.conditions import Conditions

        self._conditions = self._conditions or Conditions(self.options)
        self._conditions.add(session)

    def together(self, folders: Sequence[Path]) -> Iterator[dict[str, str]]:
        """All aggregates in one table by condition; what could not be read was told already."""
        from desktop_affect.session.export.exporter import OWN_FOLDER

        if self._conditions is None:
            return
        above = Path(os.path.commonpath([folder.absolute() for folder in folders]))
        try:
            path = self._conditions.write(self.output or above / OWN_FOLDER)
        except SessionError as error:
            yield self._told(above, error)
            return
        if not self.quiet:
            print(path)
        yield {"format": "conditions", "file": str(path)}

    def _written(self, session: Session, look: Format, place: str) -> dict[str, str]:
        from desktop_affect.session.export.exporter import OWN_FOLDER, export_session, file_name, free_name

        into = self.output or session.path / OWN_FOLDER
        name = file_name(session, look, self.options)
        path = into / (free_name(name, self._taken) if self.output else name)
        line = _progress_line(" ".join(filter(None, [place, session.path.name, look.value])), self.quiet)
        try:
            export_session(session, look, self.options, path, line)
        except AffectError as error:
            return self._told(session.path, error)
        _clear_line(self.quiet)
        if not self.quiet:
            print(path)
        return {"session": str(session.path), "format": look.value, "file": str(path)}

    def _told(self, folder: Path, error: AffectError) -> dict[str, str]:
        _clear_line(self.quiet)
        if sys.stderr is not None and not self.quiet:
            print(error.message, error.advice, sep="\n", file=sys.stderr)
        return {"session": str(folder), "problem": error.message, "advice": error.advice}


_WIDTH = 78


def _progress_line(what: str, quiet: bool) -> Progress:
    """A line that is rewritten on a terminal; nothing elsewhere, where the path at the end says it."""

    def show(done: int, rows: int) -> None:
        if not quiet and sys.stderr is not None and sys.stderr.isatty():
            text = f"{what}  {done / max(rows, 1):4.0%}  {done:,} of {rows:,} rows"
            print(f"\r{text:<{_WIDTH}.{_WIDTH}}", end="", file=sys.stderr, flush=True)

    return show


def _clear_line(quiet: bool) -> None:
    if not quiet and sys.stderr is not None and sys.stderr.isatty():
        print(f"\r{'':<{_WIDTH}}\r", end="", file=sys.stderr, flush=True)
