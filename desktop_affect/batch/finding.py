"""From what a person named (files, folders, patterns) to the list of sessions to make.

What a file is, its first bytes say; its name is asked only where they are silent. So a photograph called `.mp4` is a
photograph, and a film called `.dat` is found. A file that was named itself is always tried, and its problem told.
"""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from desktop_affect.batch.jobs import Job, JobKind
from desktop_affect.core.errors import SourceError
from desktop_affect.session.format import HEADER_FILE
from desktop_affect.session.library import TRASH
from desktop_affect.sources.containers import Content, content_of

# Formats without telling first bytes, and those whose first bytes may be damaged.
_FILM_NAMES = frozenset((
    ".3gp", ".asf", ".avi", ".divx", ".dv", ".f4v", ".flv", ".gif", ".h264", ".h265", ".hevc", ".m1v", ".m2ts", ".m2v",
    ".m4v", ".mjpeg", ".mjpg", ".mkv", ".mov", ".mp4", ".mpe", ".mpeg", ".mpg", ".mts", ".mxf", ".nut", ".ogm", ".ogv",
    ".qt", ".rm", ".rmvb", ".ts", ".vob", ".webm", ".wmv", ".y4m",
))  # fmt: skip


# Asked only where the first bytes say nothing: a picture that was cut short or is empty has its line in the report.
_PICTURE_NAMES = frozenset((
    ".avif", ".bmp", ".heic", ".heif", ".jp2", ".jpe", ".jpeg", ".jpg", ".pgm", ".png", ".ppm", ".tif", ".tiff",
    ".webp",
))  # fmt: skip


def find_jobs(paths: Sequence[str], output: Path) -> list[Job]:
    """Every film, and every folder of photographs, each once; in the order named, folders in natural order.

    Sessions and the output folder are not looked into. Raises SourceError where nothing is found.
    """
    films: dict[Path, None] = {}
    pictures: dict[Path, dict[Path, None]] = {}
    for path in _expanded(paths):
        if not path.exists():
            raise SourceError(f"There is no “{path}”.", advice="Check the path.")
        found = _below(path, _plain(output)) if path.is_dir() else [path]
        for file in found:
            kind = _kind(file)
            if kind is Content.PICTURE:
                pictures.setdefault(file.parent, {})[file] = None
            elif not path.is_dir() or kind is Content.FILM:
                films[file] = None
    jobs = [_film(path) for path in films] + [_album(folder, tuple(files)) for folder, files in pictures.items()]
    if not jobs:
        raise SourceError(
            "There is no film and no picture there.", advice="Name films, pictures, or folders that hold some."
        )
    return jobs


def _kind(file: Path) -> Content:
    kind, name = content_of(file), file.suffix.lower()
    if kind is not Content.UNKNOWN:
        return kind
    return Content.FILM if name in _FILM_NAMES else Content.PICTURE if name in _PICTURE_NAMES else kind


def _expanded(paths: Iterable[str]) -> Iterator[Path]:
    """Patterns are ours to expand where the shell does not (Windows), or where somebody quoted them."""
    for text in paths:
        path = Path(text).expanduser()
        if path.exists() or not glob.has_magic(text):
            yield _plain(path)
            continue
        found = sorted(glob.glob(str(path), recursive=True), key=natural)
        if not found:
            raise SourceError(f"Nothing fits “{text}”.", advice="Check the pattern.")
        yield from map(_plain, found)


def _plain(path: Path | str) -> Path:
    """Absolute, without `..`, links left as they are: the same file under the same name."""
    return Path(os.path.abspath(path))


def _below(folder: Path, output: Path) -> Iterator[Path]:
    for where, folders, files in os.walk(folder):
        here = Path(where)
        if HEADER_FILE in files or here == output:
            folders.clear()
            continue
        folders[:] = sorted((name for name in folders if not name.startswith(".") and name != TRASH), key=natural)
        yield from (here / name for name in sorted(files, key=natural) if not name.startswith("."))


def natural(name: str) -> list[tuple[int, int, str]]:
    """Sorts `clip9` before `clip10`."""
    parts = re.split(r"(\d+)", name.casefold())
    return [(1, int(part), "") if part.isdecimal() else (0, 0, part) for part in parts]


def _film(path: Path) -> Job:
    return Job(JobKind.FILM, path, size_bytes=_size(path))


def _album(folder: Path, files: tuple[Path, ...]) -> Job:
    return Job(JobKind.PICTURES, folder, files, sum(map(_size, files)))


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0  # whoever reads it tells what is wrong
