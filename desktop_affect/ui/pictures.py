"""The picture that belongs to a moment of a recorded session: which film, and a thread that fetches from it.

The newest wish replaces the one before (nobody needs the pictures that were scrubbed past); no film is no error, it is
said in words.
"""

from __future__ import annotations

import logging
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from desktop_affect.core.errors import AffectError
from desktop_affect.core.types import RgbImage
from desktop_affect.ui.newest import Newest

if TYPE_CHECKING:
    from desktop_affect.session.reader import Session

log = logging.getLogger(__name__)


# Rounded as the table rounds.
_SAME_S = 1e-5
# Of a photograph, on its longer side: it is for looking at, and the window must not be held up by drawing it.
_MOST_PX = 1600


class Pictures(Protocol):
    """A film by the times of a session's rows. Used and closed by one thread."""

    analysed_px: tuple[int, int]
    """Width and height, when it was analysed, of the picture that was given last; (0, 0) where all are as the session
    says."""

    def at(self, row_s: float, media_s: float) -> RgbImage | None:
        """The picture of the row with these times (`t_s` and `media_t_s`); None where there is none. May raise
        AffectError."""
        ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class PictureSource:
    """Where the pictures of a session come from."""

    words: str
    """For the person: what is shown, or why nothing is."""
    open: Callable[[], Pictures] | None
    """On the thread that will use it; may raise AffectError. It travels between processes."""
    whole: bool = True
    """The pictures are those that were analysed, so that the box of the face lies where it was found."""


class KeptFilm:
    """The film in the session's own folder, by the times of the rows."""

    analysed_px = (0, 0)

    def __init__(self, session: Path) -> None:
        from desktop_affect.session.film_reader import FilmReader

        self._film = FilmReader.open(session)

    def at(self, row_s: float, media_s: float) -> RgbImage | None:
        return None if self._film is None else self._film.frame_at(row_s)

    def close(self) -> None:
        if self._film is not None:
            self._film.close()


class SourceFilm:
    """The film that was analysed, by its own times."""

    analysed_px = (0, 0)

    def __init__(self, path: Path) -> None:
        from desktop_affect.sources.film_at import FilmAt

        self._film = FilmAt(path)

    def at(self, row_s: float, media_s: float) -> RgbImage | None:
        return self._film.at(media_s)

    def close(self) -> None:
        self._film.close()


class Photographs:
    """The photographs that were analysed; `begins` are the times of their rows, in order."""

    def __init__(self, folder: Path, begins: Sequence[float], names: Sequence[str]) -> None:
        self._folder, self._begins, self._names = folder, begins, names
        self.analysed_px = (0, 0)

    def at(self, row_s: float, media_s: float) -> RgbImage | None:
        from desktop_affect.sources.pictures import read_picture, reduced

        row = bisect_right(self._begins, row_s + _SAME_S) - 1
        if row < 0 or not self._names[row]:
            return None
        pixels = read_picture(self._folder / self._names[row])
        self.analysed_px = pixels.shape[1], pixels.shape[0]
        return reduced(pixels, _MOST_PX)

    def close(self) -> None:
        """Nothing is kept open."""


def pictures_of(session: Session) -> PictureSource:
    """The film that was recorded, else the film or the photographs that were analysed, else why there is none."""
    from desktop_affect.session.film_reader import film_parts
    from desktop_affect.session.plan import FilmConsent

    if film_parts(session.path):
        face_alone = (session.header.get("consent") or {}).get("film") == FilmConsent.FACE.value
        words = "The film that was kept of this session"
        return PictureSource(words, partial(KeptFilm, session.path), whole=not face_alone)
    source = session.header.get("source") or {}
    if source.get("kind") == "demo":
        from desktop_affect.sources.demo import DEMO_FILM
        from desktop_affect.system.paths import bundled

        return _from_film(bundled(DEMO_FILM), "The demo participant’s film")
    if source.get("kind") == "video":
        return _from_film(Path(str(source.get("stable_id", ""))), "The film that was analysed")
    if source.get("kind") == "pictures":
        return _from_photographs(session, Path(str(source.get("stable_id", ""))))
    return PictureSource("No film was kept of this session: only numbers were recorded.", None)


def _from_film(path: Path, words: str) -> PictureSource:
    if not path.is_file():
        return PictureSource(
            f"The film is no longer where it was analysed: {path}. Put it back there to see it here.", None
        )
    return PictureSource(f"{words}: {path.name}", partial(SourceFilm, path))


def _from_photographs(session: Session, folder: Path) -> PictureSource:
    from desktop_affect.batch.picture_list import PICTURES_FILE, files_by_seq

    if not folder.is_dir():
        return PictureSource(
            f"The pictures are no longer where they were analysed: {folder}. Put them back there to see them here.",
            None,
        )
    files = files_by_seq(session.path)
    if not files:
        words = f"Pictures were analysed, but {PICTURES_FILE}, which says which of them each row is, is not there."
        return PictureSource(words, None)
    names = [files.get(int(seq), "") for seq in session["seq"]]
    begins = [float(t_s) for t_s in session["t_s"]]
    return PictureSource(f"The pictures that were analysed: {folder}", partial(Photographs, folder, begins, names))


@dataclass(frozen=True, slots=True, eq=False)
class Fetched:
    """A picture and the time of the row that it belongs to; or why there is none."""

    row_s: float
    pixels: RgbImage | None
    problem: AffectError | None = None
    analysed_px: tuple[int, int] = (0, 0)
    """See `Pictures`."""


def _broken(error: Exception) -> AffectError:
    return AffectError(
        "The picture cannot be shown.",
        advice="The numbers are not affected.",
        detail=f"{type(error).__name__}: {error}",
    )


class Fetcher(Newest[tuple[float, float], Fetched]):
    """One thread, one film, which is opened with the first wish. Nobody needs the pictures that were scrubbed past."""

    def __init__(self, open_pictures: Callable[[], Pictures]) -> None:
        self._open = open_pictures
        self._pictures: Pictures | None = None
        super().__init__("pictures", self._fetched, self._close_pictures)

    def _fetched(self, wish: tuple[float, float]) -> Fetched:
        """The picture of a row, by when it was captured and by the film's own time."""
        try:
            self._pictures = self._pictures or self._open()
            pixels = self._pictures.at(*wish)
            return Fetched(wish[0], pixels, analysed_px=self._pictures.analysed_px)
        except AffectError as error:
            log.info("no picture: %s %s", error.message, error.detail)
            return Fetched(wish[0], None, error)
        except Exception as error:
            log.exception("a picture could not be fetched")
            return Fetched(wish[0], None, _broken(error))

    def _close_pictures(self) -> None:
        if self._pictures is not None:
            self._pictures.close()
