"""Which sessions there are, and which of them fit. No Qt: it is looked up beside the window."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from desktop_affect.session.header import SessionState
from desktop_affect.session.library import Entry, Library, Search
from desktop_affect.session.recover import is_live
from desktop_affect.system.side_process import Tell

FILTERS = (("study", "All studies"), ("participant", "All participants"), ("condition", "All conditions"),
           ("tag", "All tags"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Listed:
    """A session of the library, and whether somebody records it at this moment."""

    entry: Entry
    live: bool = False

    @property
    def torn(self) -> bool:
        """It was never closed."""
        return self.entry.state is SessionState.RECORDING and not self.live

    @property
    def state_words(self) -> str:
        if self.live:
            return "being recorded"
        return {SessionState.RECORDING: "cut off", SessionState.RECOVERED: "repaired"}.get(self.entry.state, "")


@dataclass(frozen=True, slots=True)
class Found:
    """What the library says."""

    listed: tuple[Listed, ...]
    choices: tuple[tuple[str, ...], ...]
    """The values of each filter."""
    any: bool
    """Whether there are sessions at all."""


def find(root: Path, wanted: Search, tell: Tell) -> Found:
    """Worker thread. Raises SessionError in words."""
    Library(root).refresh()
    return _found(root, wanted)


def find_anew(root: Path, wanted: Search, tell: Tell) -> Found:
    """The same after all folders were read again: in a process of its own."""
    Library(root).rebuild()
    return _found(root, wanted)


def _found(root: Path, wanted: Search) -> Found:
    library = Library(root)
    entries = library.search(wanted)
    choices = tuple(tuple(library.values_of(name)) for name, _ in FILTERS)
    listed = tuple(Listed(entry, entry.state.value == "recording" and is_live(entry.path)) for entry in entries)
    return Found(listed, choices, bool(entries) or (wanted != Search() and bool(library.search())))
