"""Where a run keeps its things: `<runs>/<experiment>/` with the prepared data, checkpoints, log and evaluation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from desktop_affect.core.errors import AffectError
from desktop_affect.training import prepared
from desktop_affect.training.clips import PreparedClips, load_clips, save_clips
from desktop_affect.training.prepared import Prepared
from desktop_affect.training.recipe import Recipe


class WorkspaceError(AffectError):
    """A step was asked for before the one it builds on."""


@dataclass(frozen=True)
class Sources:
    """The prepared data: stills, and films with their clips."""

    stills: dict[str, Prepared]
    films: dict[str, PreparedClips]

    def pictures(self) -> dict[str, Prepared]:
        """Every picture, of films too."""
        return {**self.stills, **{name: film.frames for name, film in self.films.items()}}


class LazyPictures(Mapping[str, Prepared]):
    """The prepared pictures of an experiment, each data set read when it is asked for: a first stage can learn while
    heads for a later one are still being drawn."""

    def __init__(self, workspace: Workspace, recipe: Recipe) -> None:
        self.workspace, self.recipe = workspace, recipe

    def __getitem__(self, data: str) -> Prepared:
        return self.workspace.pictures(data)

    def __iter__(self) -> Iterator[str]:
        return iter(self.recipe.data)

    def __len__(self) -> int:
        return len(self.recipe.data)


@dataclass(frozen=True)
class Workspace:
    """The folder of an experiment. Prepared data are shared by all experiments of `runs`."""

    runs: Path
    name: str

    @property
    def folder(self) -> Path:
        """Of this experiment; made when asked for."""
        folder = self.runs / self.name
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def pictures_file(self, data: str) -> Path:
        """Prepared pictures of a data set."""
        return self.runs / "prepared" / f"{data}.npz"

    def clips_file(self, data: str) -> Path:
        """Bounds of its clips, if it has films."""
        return self.runs / "prepared" / f"{data}.clips.npz"

    def store(self, data: str, made: Prepared | PreparedClips) -> None:
        """Keeps a prepared data set."""
        if isinstance(made, PreparedClips):
            prepared.save(self.pictures_file(data), made.frames)
            save_clips(self.clips_file(data), made)
        else:
            prepared.save(self.pictures_file(data), made)

    def pictures(self, data: str) -> Prepared:
        """What `prepare` left of a data set."""
        if not self.pictures_file(data).exists():
            raise WorkspaceError(
                f"The data set {data} has not been prepared.",
                advice="Run `prepare` with the same --config and --runs first.",
            )
        return prepared.load(self.pictures_file(data))

    def sources(self, recipe: Recipe) -> Sources:
        """What `prepare` left for an experiment."""
        sources = Sources({}, {})
        for data in recipe.data:
            pictures = self.pictures(data)
            if self.clips_file(data).exists():
                sources.films[data] = load_clips(pictures, self.clips_file(data))
            else:
                sources.stills[data] = pictures
        return sources
