"""Exports off the window: file after file with progress, given up when asked, told in a notice at the end. No Qt."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from desktop_affect.core.types import Fault, Severity
from desktop_affect.session.export.exporter import OWN_FOLDER
from desktop_affect.session.export.options import ExportOptions, Format, Progress
from desktop_affect.session.export.several import Outcome, Several
from desktop_affect.session.export.target import remove_parts
from desktop_affect.system.side_process import Tell

WHERE = "export"
# The progress of one file, in steps.
_STEPS = 1000


@dataclass(frozen=True, slots=True)
class ExportWish:
    """What the person chose."""

    sessions: tuple[Path, ...]
    looks: tuple[Format, ...]
    options: ExportOptions
    output: Path | None


def exported(wish: ExportWish, tell: Tell) -> list[Outcome]:
    """In a process of its own. Given up in the middle of a file, that file is not there; those before it are."""
    pieces = 1 + len(wish.looks)  # reading takes about as long as writing
    total = len(wish.sessions) * pieces * _STEPS

    def watch(number: int, session: Path, look: Format | None) -> Progress:
        before = (number * pieces + (0 if look is None else 1 + wish.looks.index(look))) * _STEPS
        tell(before, total)
        return lambda done, rows: tell(before + done * _STEPS // max(rows, 1), total)

    return list(Several(wish.looks, wish.options, wish.output).run(wish.sessions, watch))


def tidied(wish: ExportWish, pid: int) -> None:
    """The process that exported was killed: what it had half written goes."""
    for folder in {wish.output} if wish.output else {session / OWN_FOLDER for session in wish.sessions}:
        remove_parts(folder, pid)


def outcome_notes(outcomes: Sequence[Outcome]) -> list[Fault]:
    """What was written and where; and what was not, with the reason of the first."""
    written = [outcome.path for outcome in outcomes if outcome.path is not None]
    problems = [(outcome, outcome.problem) for outcome in outcomes if outcome.problem is not None]
    notes = []
    if written:
        places = sorted({str(path.parent) for path in written})
        where = places[0] if len(places) == 1 else f"{len(places)} folders, each inside its session's"
        count = f"{len(written)} file{'s' if len(written) != 1 else ''}"
        notes.append(_note(Severity.NOTICE, f"{count} written.", where, "\n".join(map(str, written))))
    if problems:
        outcome, error = problems[0]
        others = f" ({len(problems) - 1} more could not be written either.)" if len(problems) > 1 else ""
        what = f"“{outcome.session.name}”{f' as {outcome.what}' if outcome.what else ''}"
        message = f"{what} was not exported. {error.message}{others}"
        details = "\n".join(f"{o.session} {o.what}: {e.message} {e.detail}" for o, e in problems)
        notes.append(_note(Severity.ERROR, message, error.advice, details))
    return notes


def _note(severity: Severity, message: str, advice: str, detail: str) -> Fault:
    return Fault(math.nan, WHERE, severity, message, advice, detail)
