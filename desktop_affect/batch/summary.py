"""summary.csv: one row a film, in the order of their names. The numbers are those of `export --format aggregates`."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from desktop_affect.batch.figures import Figures
from desktop_affect.batch.jobs import Outcome
from desktop_affect.batch.results import SUMMARY_FILE
from desktop_affect.core.errors import SessionError
from desktop_affect.system.store import write_atomically

_FACTS = ("width_px", "height_px", "model", "device")
COLUMNS: tuple[str, ...] = (
    "film", "path", "kind", "state", "problem", "session", *Figures().row(), *_FACTS,
)  # fmt: skip


def write_summary(root: Path, outcomes: Sequence[Outcome]) -> Path:
    """Replace the table as a whole. Raises SessionError in words."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(map(_row, outcomes))
    path = root / SUMMARY_FILE
    try:
        write_atomically(path, text.getvalue().encode("utf-8", "backslashreplace"))
    except OSError as error:
        raise SessionError(
            f"“{path}” cannot be written.", advice="Close the program that has it open.", detail=str(error)
        ) from error
    return path


def _row(outcome: Outcome) -> dict[str, object]:
    known = {
        "film": outcome.name,
        "path": outcome.path,
        "kind": outcome.kind,
        "state": outcome.state.value,
        "problem": "" if outcome.problem is None else outcome.problem.message,
        "session": outcome.folder if outcome.figures else "",
    }
    return known | {name: _cell(outcome.figures.get(name)) for name in COLUMNS[len(known) :]}


def _cell(value: object) -> object:
    if value is None:
        return ""
    return float(f"{value:.6g}") if isinstance(value, float) else value
