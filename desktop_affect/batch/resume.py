"""What is done already, by what the films hold and how they were analysed; names and places do not matter."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from desktop_affect.batch.fingerprint import content_sha256, stamp_of
from desktop_affect.batch.jobs import Job, Outcome, Recipe
from desktop_affect.core.errors import SourceError
from desktop_affect.session.library import TRASH
from desktop_affect.session.naming import numbered
from desktop_affect.system.paths import ensure_dir


@dataclass(frozen=True, slots=True)
class Resumed:
    """A list of jobs, held against what is there."""

    to_do: tuple[Job, ...]
    """Without names, but for sessions that only lack exports."""
    done: tuple[Outcome, ...]
    """Nothing is left to do for these."""
    outdated: tuple[Outcome, ...]
    """Of films that have changed, or that were analysed in another way."""


def hold_against(jobs: Sequence[Job], finished: Sequence[Outcome], recipe: Recipe) -> Resumed:
    """The same place and times of change are the same film; elsewhere the content is read and compared."""
    key = recipe.key()
    by_path = {record.path: record for record in finished}
    loose = {record.folder: record for record in finished if record.recipe_key == key}
    for path in {str(job.path) for job in jobs} & set(by_path):
        loose.pop(by_path[path].folder, None)
    to_do: list[Job] = []
    done: list[Outcome] = []
    outdated: list[Outcome] = []
    for job in jobs:
        record = by_path.get(str(job.path))
        if record is None:
            record = _moved(job, loose)
        elif record.recipe_key != key or not _same(job, record):
            outdated.append(record)
            record = None
        if record is None:
            to_do.append(job)
        elif _lacks_exports(record, recipe):
            to_do.append(replace(job, folder=record.folder, only_exports=True))
        else:
            done.append(replace(record, path=str(job.path)))
    return Resumed(tuple(to_do), tuple(done), tuple(outdated))


def _same(job: Job, record: Outcome) -> bool:
    return record.stamp == stamp_of(job) or record.content_sha256 == _content(job)


def _moved(job: Job, loose: dict[str, Outcome]) -> Outcome | None:
    """A film under another name than when it was analysed."""
    if not loose:
        return None
    content = _content(job)
    found = next((record for record in loose.values() if record.content_sha256 == content), None)
    return None if found is None else loose.pop(found.folder)


def _content(job: Job) -> str:
    try:
        return content_sha256(job)
    except SourceError:
        return "unreadable"  # whoever analyses it tells why


def _lacks_exports(record: Outcome, recipe: Recipe) -> bool:
    return any(look not in record.exports for look in recipe.formats)


def put_away(root: Path, outdated: Sequence[Outcome]) -> None:
    """Outdated sessions go where deleted ones do, and can be taken back from there. Raises AffectError, OSError."""
    for record in outdated:
        trash = ensure_dir(root / TRASH)
        names = (trash / name.name for name in numbered(PurePosixPath(record.folder)))
        shutil.move(root / record.folder, next(name for name in names if not name.exists()))
