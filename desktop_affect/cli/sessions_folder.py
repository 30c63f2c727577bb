"""Where the sessions of the person lie, for every verb that looks for them."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_affect.core.errors import SessionError

if TYPE_CHECKING:
    from desktop_affect.cli.parsers import Verbs
    from desktop_affect.session.library import Entry, Library


def add_folder(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--folder", type=Path, metavar="DIR", help="the sessions folder (default: yours)")


def add_action(
    actions: Verbs, name: str, go: Callable[[argparse.Namespace], int], words: str
) -> argparse.ArgumentParser:
    """One of the things that a verb can do with that folder."""
    parser = actions.add_parser(name, help=words)
    add_folder(parser)
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(go=go)
    return parser


def sessions_folder(chosen: Path | None = None) -> Path:
    """The folder that was named, or that of the settings."""
    from desktop_affect.system import paths
    from desktop_affect.system.settings_file import load_settings

    return chosen or paths.sessions_dir(load_settings().settings.text("recording.folder"))


def fresh_library(chosen: Path | None) -> Library:
    """The index, up to date. Raises SessionError in words."""
    from desktop_affect.session.library import Library

    root = sessions_folder(chosen)
    if chosen is not None and not root.is_dir():
        raise SessionError(f"There is no folder “{root}”.", advice="Name a folder of sessions.")
    library = Library(root)
    library.refresh()
    return library


def find_entry(library: Library, name: str) -> Entry:
    """A session by its folder (from here or from the sessions folder), or by the beginning of its id.

    Raises SessionError in words.
    """
    entries = library.search()
    places = {Path(name).resolve(), (library.root / name).resolve()}
    found = [entry for entry in entries if entry.path.resolve() in places]
    found = found or [entry for entry in entries if len(name) >= 4 and entry.id.startswith(name.casefold())]
    if len(found) == 1:
        return found[0]
    if found:
        raise SessionError(f"More than one session has an id that begins with “{name}”.", advice="Name its folder.")
    raise SessionError(
        f"There is no session “{name}” in “{library.root}”.",
        advice="See: desktop-affect sessions list. For sessions that lie elsewhere add --folder DIR, the folder above.",
    )
