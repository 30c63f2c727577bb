"""What a job's files hold, as a hash: the same film is known again under another name, a changed one is not."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from desktop_affect.batch.jobs import Job, JobKind
from desktop_affect.core.errors import SourceError

_BLOCK_BYTES = 1 << 20


def content_sha256(job: Job) -> str:
    """Raises SourceError for a file that cannot be read."""
    if job.kind is JobKind.FILM:
        return _of_file(job.path)
    return _of_all(job.pictures)


def _of_all(files: Sequence[Path]) -> str:
    """Of names and contents, in order: the names stand in the session."""
    whole = hashlib.sha256()
    for file in files:
        try:
            content = _of_file(file)
        except SourceError:
            content = ""  # it is told when its turn comes, and must not cost the others
        whole.update(f"{file.name}\0{content}\n".encode("utf-8", "surrogatepass"))
    return whole.hexdigest()


def _of_file(path: Path) -> str:
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK_BYTES):
                digest.update(block)
    except FileNotFoundError as error:
        raise SourceError(f"There is no film “{path}”.", advice="Check the path.", detail=str(error)) from error
    except OSError as error:
        raise SourceError(
            f"“{path.name}” cannot be read.", advice="Check that you may read it.", detail=str(error)
        ) from error
    return digest.hexdigest()


def stamp_of(job: Job) -> str:
    """Sizes and times of change of the job's files; quick, and the same as long as nobody wrote to them."""
    whole = hashlib.sha256()
    for file in job.pictures or (job.path,):
        try:
            facts = file.stat()
            told = f"{facts.st_size} {facts.st_mtime_ns}"
        except OSError:
            told = ""
        whole.update(f"{file.name}\0{told}\n".encode("utf-8", "surrogatepass"))
    return whole.hexdigest()
