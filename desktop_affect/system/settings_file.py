"""The person's settings on disk: a small JSON file, replaced as a whole, that a person may edit."""

from __future__ import annotations

import json
import logging
from pathlib import Path

from desktop_affect.core.errors import SettingsError
from desktop_affect.core.settings import LoadedSettings, Settings, from_document, to_document
from desktop_affect.core.settings_table import SETTINGS_TABLE, default_settings
from desktop_affect.system import paths
from desktop_affect.system.store import write_atomically

log = logging.getLogger(__name__)

KEPT = 9
"""Copies of files that could not be read whole; more would only be the same mistake again."""


def load_settings(path: Path | None = None) -> LoadedSettings:
    """What the file holds, or the defaults; what is wrong with the file is named, never fatal."""
    path = path or paths.settings_file()
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return LoadedSettings(default_settings(), ())
    except (OSError, ValueError) as error:
        return LoadedSettings(default_settings(), (f"{path} cannot be read ({error}); the defaults are used.",))
    if not isinstance(document, dict):
        return LoadedSettings(default_settings(), (f"{path} is not a settings file; the defaults are used.",))
    return from_document(SETTINGS_TABLE, document)


def save_settings(settings: Settings, path: Path | None = None) -> None:
    """Replace the file as a whole; raises AffectError in words."""
    path = path or paths.settings_file()
    text = json.dumps(to_document(settings), indent=2, ensure_ascii=False) + "\n"
    try:
        paths.ensure_dir(path.parent)
        _keep_what_would_be_lost(path)
        write_atomically(path, text)
    except OSError as error:
        raise SettingsError(
            "The settings could not be saved.", advice=f"Check that {path.parent} can be written.", detail=str(error)
        ) from error


def _keep_what_would_be_lost(path: Path) -> None:
    """A file that we could not read whole (damaged, or of a newer version that will come back) stays beside ours."""
    if not path.is_file() or not load_settings(path).problems:
        return
    for number in range(1, KEPT + 1):
        kept = path.with_name(f"{path.stem}-kept-{number}{path.suffix}")
        if not kept.exists() or kept.read_bytes() == path.read_bytes():
            write_atomically(kept, path.read_bytes())
            return
    log.info("%s is replaced without a copy: there are %d already", path, KEPT)
