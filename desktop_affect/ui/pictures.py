"""The picture that belongs to a moment of a recorded session: which film, and a thread that fetches from it.

The newest wish replaces the one before (nobody needs the pictures that were scrubbed past); no film is no error, it is
said in words.
"""

from __future__ import annotations

import logging
import threading
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from desktop_affect.core.errors import AffectError
from desktop_affect.core.types import RgbImage

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


class Fetcher:
    """One thread, one film. `ask` and `take` are for the GUI thread and return at once.

    The wish is a slot of one: a newer one replaces what was not begun, uncounted, since it is only for looking at.
    """

    def __init__(self, open_pictures: Callable[[], Pictures]) -> None:
        self._open = open_pictures
        self._changed = threading.Condition()
        self._wish: tuple[float, float] | None = None
        self._fetched: Fetched | None = None
        self._closed = False
        # A daemon: a film on a drive that hangs must not keep the application from closing.
        self._worker = threading.Thread(target=self._loop, name="desktop-affect-pictures", daemon=True)
        self._worker.start()

    def ask(self, row_s: float, media_s: float) -> None:
        with self._changed:
            self._wish = (row_s, media_s)
            self._changed.notify()

    def take(self) -> Fetched | None:
        """What was fetched since the last time."""
        with self._changed:
            fetched, self._fetched = self._fetched, None
        return fetched

    def close(self) -> None:
        """The thread ends after the picture that it is at."""
        with self._changed:
            self._closed = True
            self._changed.notify()

    def _loop(self) -> None:
        pictures: Pictures | None = None
        try:
            while (wish := self._next()) is not None:
                try:
                    pictures = pictures or self._open()
                    pixels = pictures.at(*wish)
                    self._give(Fetched(wish[0], pixels, analysed_px=pictures.analysed_px))
                except AffectError as error:
                    log.info("no picture: %s %s", error.message, error.detail)
                    self._give(Fetched(wish[0], None, error))
                except Exception as error:
                    log.exception("a picture could not be fetched")
                    self._give(Fetched(wish[0], None, _broken(error)))
        finally:
            if pictures is not None:
                pictures.close()

    def _next(self) -> tuple[float, float] | None:
        """The newest wish; None when it is closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._wish is not None)
            wish, self._wish = self._wish, None
        return None if self._closed else wish

    def _give(self, fetched: Fetched) -> None:
        with self._changed:
            self._fetched = fetched
