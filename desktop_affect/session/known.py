"""What is known before a session begins: studies, who takes part, what comes next, which baselines are kept.

Everything comes from the folders, by way of the index and the studies' plans. It reads files: not for the GUI thread.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from desktop_affect.session.baselines import BaselineStore, Shelf
from desktop_affect.session.library import Entry, Library
from desktop_affect.session.studies import Progress, Study, progress_of, studies


@dataclass(frozen=True, slots=True)
class Known:
    """For a study and a participant, either of which may be empty."""

    studies: tuple[str, ...] = ()
    """Planned ones first, then those that only have sessions."""
    participants: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    progress: Progress | None = None
    """Of the participant in the study's plan; None without a plan, its conditions, or a participant."""
    shelf: Shelf = field(default_factory=Shelf)


def look_up(root: Path, study: str, participant: str) -> Known:
    """A sessions folder that is not there yet holds nothing. Raises SessionError when the index cannot be kept."""
    study, participant = study.strip(), participant.strip()
    library = Library(root)
    library.refresh()
    entries, plans = library.search(), studies(root)
    of_study = [entry for entry in entries if entry.study.strip() == study]
    plan = next((one for one in plans if one.name == study), Study(study))
    return Known(
        studies=_each((one.name for one in plans), (entry.study for entry in entries)),
        participants=_each(plan.participants, sorted(entry.participant for entry in of_study)),
        conditions=_each(plan.conditions, sorted(entry.condition for entry in of_study)),
        progress=_progress(plan, participant, of_study),
        shelf=BaselineStore(root).shelf(study, participant),
    )


def _progress(plan: Study, participant: str, of_study: list[Entry]) -> Progress | None:
    return progress_of(plan, participant, of_study) if plan.conditions and participant else None


def _each(*several: Iterable[str]) -> tuple[str, ...]:
    """In order, each once, without empty ones."""
    return tuple(dict.fromkeys(text.strip() for texts in several for text in texts if text.strip()))
