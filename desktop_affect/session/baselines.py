"""Baselines kept with the participant, so that the next session begins where the last one left off.

    <sessions folder>/<study>/baselines/<participant>/2026-11-25_10-04-12_b3f2a9c01d4e.json

One small file each time a participant was calibrated while recording; none is ever changed or removed by us, so a
participant has as many as there were calibrations. A baseline belongs to a participant of a study; who has no code has
none kept.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from desktop_affect.core.errors import SessionError, SettingsError
from desktop_affect.session.naming import clean
from desktop_affect.signals.baseline import Baseline
from desktop_affect.system.store import write_atomically

log = logging.getLogger(__name__)

FORMAT_NAME = "desktop-affect baseline"
SCHEMA = 1
FOLDER = "baselines"


@dataclass(frozen=True, slots=True)
class Stored:
    """A baseline with whose it is and when it was measured."""

    path: Path
    study: str
    participant: str
    measured_utc: str
    """ISO 8601 with offset."""
    baseline: Baseline

    @property
    def when(self) -> str:
        """In this machine's own time, for people."""
        return f"{datetime.fromisoformat(self.measured_utc).astimezone():%Y-%m-%d %H:%M}"


@dataclass(frozen=True, slots=True)
class Shelf:
    """All that is kept for one participant."""

    stored: tuple[Stored, ...] = ()
    """Newest first."""
    problems: tuple[str, ...] = ()
    """In words, for files that cannot be used."""


class BaselineStore:
    """The baselines below one sessions folder. Reads and writes files: not for the analysis or the GUI thread."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def folder(self, study: str, participant: str) -> Path:
        """Where a participant's baselines lie; it need not exist."""
        of_study = self.root / clean(study) if study.strip() else self.root
        return of_study / FOLDER / clean(participant)

    def keep(self, baseline: Baseline, study: str, participant: str, measured_utc: str) -> Path:
        """Write it, unless this participant has it already; returns where it lies. Raises SessionError in words."""
        if not participant.strip():
            raise SessionError("A baseline is kept with a participant.", advice="Give the participant a code.")
        for stored in self.shelf(study, participant).stored:
            if stored.baseline.id == baseline.id:
                return stored.path
        begin = datetime.fromisoformat(measured_utc).astimezone()
        path = self.folder(study, participant) / f"{begin:%Y-%m-%d_%H-%M-%S}_{baseline.id}.json"
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(path, _text(baseline, study, participant, measured_utc))
        except OSError as error:
            raise SessionError(
                f"The baseline of {participant} could not be kept for the next session.",
                advice=f"Check that “{path.parent}” can be written. This session goes on with it.",
                detail=str(error),
            ) from error
        return path

    def shelf(self, study: str, participant: str) -> Shelf:
        """What there is for a participant. Does not raise: what cannot be used is told in `problems`."""
        found: list[Stored] = []
        problems: list[str] = []
        for path in _files(self.folder(study, participant)) if participant.strip() else ():
            try:
                stored = _read(path)
            except (SettingsError, OSError, ValueError, KeyError, TypeError) as error:
                log.info("%s is left out: %r", path, error)
                problems.append(f"The baseline in “{path.name}” cannot be read and is left out.")
                continue
            # Two codes can share a folder, because names are cleaned and some drives know no upper and lower case.
            if _same(stored.study, study) and _same(stored.participant, participant):
                found.append(stored)
        newest_first = sorted(found, key=lambda s: (datetime.fromisoformat(s.measured_utc), s.path.name), reverse=True)
        return Shelf(tuple(newest_first), tuple(problems))

    def named(self, study: str, participant: str, name: str) -> Stored:
        """The one with this id. Raises SessionError in words."""
        shelf = self.shelf(study, participant)
        for stored in shelf.stored:
            if stored.baseline.id == name:
                return stored
        known = ", ".join(f"{stored.baseline.id} ({stored.when})" for stored in shelf.stored)
        raise SessionError(
            f"{participant or 'This participant'} has no baseline “{name}”.",
            advice=f"There are: {known}." if known else "None is kept yet: calibrate while recording.",
            detail=" ".join(shelf.problems),
        )


def _files(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        yield from sorted(folder.glob("*.json"))


def _same(one: str, other: str) -> bool:
    return one.strip() == other.strip()


def _text(baseline: Baseline, study: str, participant: str, measured_utc: str) -> str:
    document: Mapping[str, Any] = {
        "format": FORMAT_NAME,
        "schema": SCHEMA,
        "study": study.strip(),
        "participant": participant.strip(),
        "measured_utc": measured_utc,
        "baseline": baseline.to_dict(),
    }
    return json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _read(path: Path) -> Stored:
    document = json.loads(path.read_text(encoding="utf-8"))
    if document["format"] != FORMAT_NAME or document["schema"] != SCHEMA:
        raise ValueError(f"format {document['format']} {document['schema']}")
    measured_utc = str(document["measured_utc"])
    if datetime.fromisoformat(measured_utc).tzinfo is None:
        raise ValueError(f"{measured_utc} has no time zone")
    return Stored(
        path,
        str(document["study"]),
        str(document["participant"]),
        measured_utc,
        Baseline.from_dict(document["baseline"]),
    )
