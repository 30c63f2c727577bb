"""The output folder of a batch: finished sessions, each with its record, and what is being made.

    OUT/summary.csv, index.html    all films
    OUT/NAME/                      a session; `analysis.json` in it is its record
    OUT/.unfinished/               sessions that are being made; whatever is left there was cut short

A session is made out of sight and moved to its place when it is whole, so a folder that is there is finished.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import shutil
import uuid
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from desktop_affect.batch.jobs import Job, JobKind, Outcome
from desktop_affect.core.errors import SessionError
from desktop_affect.session.naming import clean, numbered
from desktop_affect.system.file_lock import hold, is_held
from desktop_affect.system.paths import ensure_dir
from desktop_affect.system.store import write_atomically

log = logging.getLogger(__name__)

RECORD_FILE = "analysis.json"
UNFINISHED = ".unfinished"
THUMBNAIL_FILE = "thumbnail.jpg"
SUMMARY_FILE, INDEX_FILE = "summary.csv", "index.html"
_LOCK_FILE = ".lock"


class Results:
    """The output folder, in the process that owns the batch."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._handle: int | None = None

    def open(self, *, resume: bool) -> list[Outcome]:
        """Take the folder; returns what is finished in it. Raises AffectError in words.

        Without `resume` a folder that holds results is refused: nothing that was made is written over.
        """
        ensure_dir(self.root)
        self._take()
        finished = self.finished()
        if finished and not resume:
            self.close()
            raise SessionError(
                f"“{self.root}” already holds {len(finished)} analysed films.",
                advice="Add --resume to go on there, or choose another folder.",
            )
        shutil.rmtree(self.root / UNFINISHED, ignore_errors=True)
        return finished

    def _take(self) -> None:
        """Two batches in one folder would tidy each other's work away."""
        path = self.root / _LOCK_FILE
        if path.exists() and is_held(path):
            raise SessionError(f"Another batch is writing into “{self.root}”.", advice="Wait for it, or stop it.")
        try:
            self._handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        except OSError as error:
            raise SessionError(
                f"“{self.root}” cannot be written to.", advice="Choose another folder.", detail=str(error)
            ) from error
        hold(self._handle)

    def close(self) -> None:
        """Let the folder go. Safe to call twice."""
        with contextlib.suppress(OSError):  # a cluster may still be at work there; the next batch tidies up
            (self.root / UNFINISHED).rmdir()
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None
            (self.root / _LOCK_FILE).unlink(missing_ok=True)

    def finished(self) -> list[Outcome]:
        """The records, by name of folder."""
        found = (read_record(folder) for folder in sorted(self.root.iterdir()) if folder.is_dir())
        return [record for record in found if record is not None]


def read_record(folder: Path) -> Outcome | None:
    """None for a folder without one, or with one that cannot be read: such a film is analysed again."""
    try:
        document = json.loads((folder / RECORD_FILE).read_text(encoding="utf-8"))
        return replace(Outcome.from_document(document), folder=folder.name)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        log.info("the record in %s is left out: %s", folder, error)
        return None


def write_record(folder: Path, outcome: Outcome) -> None:
    """Raises OSError."""
    text = json.dumps(outcome.document(), ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    write_atomically(folder / RECORD_FILE, text)


def named(jobs: Sequence[Job], root: Path, given: Collection[str] = ()) -> list[Job]:
    """The jobs with names of folders that are free: of each other, of what lies in the output folder, and of those
    that were given to jobs before."""
    taken = {entry.name.casefold() for entry in root.iterdir()} if root.is_dir() else set()
    taken |= {name.casefold() for name in given}
    short = Counter(_short(job).casefold() for job in jobs)
    above = _common_folder(jobs)
    done = []
    for job in jobs:
        # `video.mp4` of every participant is told apart by the folders it comes from.
        name = _short(job) if short[_short(job).casefold()] == 1 else _long(job, above)
        free = next(n.name for n in numbered(PurePosixPath(clean(name))) if n.name.casefold() not in taken)
        taken.add(free.casefold())
        done.append(replace(job, folder=free))
    return done


def _short(job: Job) -> str:
    return job.path.stem if job.kind is JobKind.FILM else job.name


def _long(job: Job, above: Path | None) -> str:
    return "_".join(job.path.parts if above is None else job.path.relative_to(above).parts)


def _common_folder(jobs: Sequence[Job]) -> Path | None:
    """None where films lie on different drives."""
    try:
        return Path(os.path.commonpath([job.path.parent for job in jobs]))
    except ValueError:
        return None


def workshop(root: Path) -> Path:
    """A fresh folder, out of sight, for one session that is being made. Raises AffectError."""
    return ensure_dir(root / UNFINISHED / uuid.uuid4().hex)


def put_in_place(made: Path, root: Path, name: str) -> None:
    """Move a finished session from its workshop to where people find it. Raises SessionError in words."""
    try:
        os.rename(made, root / name)
    except OSError as error:
        raise SessionError(
            f"“{root / name}” cannot be made.",
            advice="Check that you may write there and that no program has it open.",
            detail=str(error),
        ) from error
