"""The one table of what can be asked of an export: the command line and the window are both built from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from desktop_affect.session.export.options import MOST_HZ, MOST_S, ExportOptions, Format, Smoothing

FORMAT_WORDS: Mapping[Format, str] = {
    Format.CSV: "Table (CSV)",
    Format.JSON: "Document (JSON)",
    Format.PARQUET: "Table (Parquet, for pandas and R)",
    Format.OPENFACE: "OpenFace 2 columns (CSV)",
    Format.FEX: "Py-Feat columns (CSV)",
    Format.FACEREADER: "FaceReader detailed log (text)",
    Format.AGGREGATES: "Means per interval (CSV)",
    Format.REPORT: "Report for people (HTML)",
}
"""In the order in which they are offered."""


class Ask(Enum):
    """How an option is asked for."""

    ONE_OF = "one of"
    NUMBER = "number"
    """Or nothing."""
    YES_OR_NUMBER = "yes or a number"
    """Or nothing; yes without a number leaves it to the program."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One option."""

    key: str
    """The command line's `--key`."""
    label: str
    help: str
    ask: Ask = Ask.NUMBER
    unit: str = ""
    metavar: str = ""
    most: float = MOST_S
    values: tuple[tuple[str, str], ...] = ()
    """Value and words, for one of several; the first is the usual one."""


CHOICES: tuple[Choice, ...] = (
    Choice(
        "smoothing",
        "Values",
        "which values: as they were shown (default), as the model gave them, or smoothed afterwards",
        Ask.ONE_OF,
        values=(
            (Smoothing.LIVE.value, "as shown and recorded live"),
            (Smoothing.RAW.value, "raw, as the model gave them"),
            (Smoothing.OFFLINE.value, "smoothed afterwards, without delay"),
        ),
    ),
    Choice(
        "baseline",
        "Take the neutral face away",
        "take the neutral face away: as measured, or that of the first S seconds; not for live values",
        Ask.YES_OR_NUMBER,
        "s",
        "S",
        3600.0,
    ),
    Choice(
        "resample", "Even grid", "rows on an even grid instead of one per frame", unit="Hz", metavar="HZ", most=MOST_HZ
    ),
    Choice(
        "window", "Means also per", "with --format aggregates: also per S seconds", unit="s", metavar="S", most=86400.0
    ),
    Choice("from", "From", "only what was captured from this second of the session on", unit="s", metavar="S"),
    Choice("to", "To", "only what was captured before this second of the session", unit="s", metavar="S"),
)

# `--baseline` without a number.
YES = 0.0


def options_from(values: Mapping[str, object]) -> ExportOptions:
    """By the keys of CHOICES; None for what was not asked for. Raises SessionError in words."""

    def number(key: str) -> float | None:
        value = values.get(key)
        return float(value) if isinstance(value, (int, float)) else None

    baseline = number("baseline")
    return ExportOptions(
        smoothing=Smoothing(values.get("smoothing") or Smoothing.LIVE),
        resample_hz=number("resample"),
        baseline=baseline is not None,
        baseline_s=baseline or None,
        window_s=number("window"),
        begin_s=number("from"),
        end_s=number("to"),
    )
