"""The words of a batch: what is to be done, how, and what came of it. All of it travels between processes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop_affect import __version__
from desktop_affect.core.errors import AffectError
from desktop_affect.core.settings import Settings, Value
from desktop_affect.core.settings_table import default_settings

if TYPE_CHECKING:  # the runtimes come with it, and the command line must answer at once
    from desktop_affect.inference.pinned import Pin

Document = dict[str, Any]

RECORD_SCHEMA = 1


class JobKind(Enum):
    """What a session is made of."""

    FILM = "film"
    PICTURES = "pictures"
    """A folder of photographs: one session, a row for each."""


@dataclass(frozen=True, slots=True)
class Job:
    """One session to make."""

    kind: JobKind
    path: Path
    """Absolute: the film, or the folder that holds the pictures."""
    pictures: tuple[Path, ...] = ()
    """Absolute, in the order of their rows."""
    size_bytes: int = 0
    folder: str = ""
    """The name of its session's folder; given when all jobs are known."""
    only_exports: bool = False
    """The session is there; exports that were not asked for then are."""

    @property
    def name(self) -> str:
        """For people."""
        return self.path.name or str(self.path)


class Thumbnails(Enum):
    """Which picture of a film is kept for the index. A picture shows the participant, so none is unless asked for."""

    NONE = "none"
    BLURRED = "blurred"
    """So coarse that nobody can be recognised: the room, the light, the place of the head."""
    PLAIN = "plain"


# Groups of settings that change no row of an offline analysis. What is not named here counts.
_NO_MATTER = frozenset({"camera", "model", "recording", "window", "markers"})


@dataclass(frozen=True, slots=True)
class Recipe:
    """How every film of a batch is analysed."""

    settings: Mapping[str, Value] = field(default_factory=dict)
    """What differs from the defaults."""
    pin: Pin | None = None
    """None: no model is installed, faces are tracked only."""
    baseline_first_s: float = 0.0
    """Measure the neutral face over the first seconds with a face of each film, and correct all of it; 0: do not."""
    baseline: Mapping[str, object] | None = None
    """A neutral face that was measured before, for all films."""
    thumbnails: Thumbnails = Thumbnails.NONE
    formats: tuple[str, ...] = ()
    """Exports to write beside each session; they change no row."""

    def all_settings(self) -> Settings:
        return default_settings().with_changes(self.settings)

    def key(self) -> str:
        """The same for two recipes that give the same rows."""
        values = {key: value for key, value in self.settings.items() if key.partition(".")[0] not in _NO_MATTER}
        facts = {
            "app": __version__,
            "record": RECORD_SCHEMA,
            "settings": values,
            "pin": None if self.pin is None else asdict(self.pin),
            "baseline": [self.baseline_first_s, None if self.baseline is None else dict(self.baseline)],
            "thumbnails": self.thumbnails.value,
        }
        return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


class State(Enum):
    """What became of a job."""

    DONE = "done"
    """Every frame has its row."""
    PARTIAL = "partial"
    """The session holds what could be read; `problem` says what is missing."""
    FAILED = "failed"
    """There is no session; `problem` says why."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What went wrong, in the person's words."""

    message: str
    advice: str = ""
    detail: str = ""

    @classmethod
    def of(cls, error: AffectError) -> Problem:
        return cls(error.message, error.advice, error.detail)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One job, done or not. Kept as `analysis.json` in the session's folder."""

    path: str
    kind: str
    folder: str
    state: State
    problem: Problem | None = None
    content_sha256: str = ""
    stamp: str = ""
    """Sizes and times of the files: as long as they are the same, so is the content."""
    recipe_key: str = ""
    figures: Document = field(default_factory=dict)
    """The film's row of the summary."""
    curves: Document = field(default_factory=dict)
    """The small curves of the index."""
    exports: Mapping[str, str] = field(default_factory=dict)
    """Format → its file, inside the session's folder."""
    export_problem: Problem | None = None
    """The rows are there, an export is not; it is tried again with `--resume`."""
    took_s: float = 0.0
    thumbnail: str = ""

    @property
    def frames(self) -> int:
        return int(self.figures.get("frames", 0))

    @property
    def name(self) -> str:
        return Path(self.path).name

    @property
    def trouble(self) -> Problem | None:
        """What a person should be told at the end; None when all is well."""
        return self.problem or self.export_problem

    def document(self) -> Document:
        return {"schema": RECORD_SCHEMA, **asdict(self), "state": self.state.value}

    @classmethod
    def from_document(cls, document: Document) -> Outcome:
        """Raises KeyError, ValueError or TypeError for what `document` did not write."""
        facts = dict(document)
        if facts.pop("schema") != RECORD_SCHEMA:
            raise ValueError("another schema")
        problems = {key: _problem(facts.pop(key)) for key in ("problem", "export_problem")}
        return cls(**{**facts, **problems, "state": State(facts["state"])})


def _problem(document: Document | None) -> Problem | None:
    return None if document is None else Problem(**document)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a film is."""

    folder: str
    frames: int
    share: float
    """0..1 of the film; NaN where its container does not say how long it is."""
