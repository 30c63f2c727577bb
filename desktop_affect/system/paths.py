"""Where files live: what travels with the program, and the person's own folders.

Nothing is created by asking for a path; `ensure_dir` does that, when something is about to be written.

What travels with the program lies in three layouts:

- checkout: `resources/` and `models/` beside the package, at the top of the repository;
- wheel: `desktop_affect/_bundle/` inside the installed package (`force-include` in pyproject.toml);
- frozen: under `sys._MEIPASS`, laid out like the checkout.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path, PurePosixPath

import platformdirs

from desktop_affect.core.errors import AffectError

_PACKAGE = Path(__file__).resolve().parent.parent
_APP = "desktop-affect"
_DOCUMENTS_NAME = "Desktop Affect"
_BUNDLED = ("resources", "models")

HOME_VARIABLE = "DESKTOP_AFFECT_HOME"
"""Set to a folder, it holds everything that is otherwise spread over the person's folders: for a lab that runs from a
memory stick, and for tests."""


def bundled(relative: str) -> Path:
    """The place of a file or folder that travels with the program, such as `resources/demo/participant.mp4`.

    It need not exist: whoever opens it says what its absence means. Raises ValueError for any other folder.
    """
    parts = PurePosixPath(relative).parts
    if not parts or parts[0] not in _BUNDLED or ".." in parts:
        raise ValueError(f"{relative!r} does not lie in {' or '.join(_BUNDLED)}")
    return bundle_root().joinpath(*parts)


def bundle_root() -> Path:
    """The folder that holds `resources` and `models` in this installation."""
    return _bundle_root(_PACKAGE, getattr(sys, "_MEIPASS", None) if getattr(sys, "frozen", False) else None)


def _bundle_root(package: Path, unpacked: str | None) -> Path:
    """By logic alone; `unpacked` is where a frozen build keeps its files."""
    if unpacked is not None:
        return Path(unpacked)
    inside = package / "_bundle"
    return inside if inside.is_dir() else package.parent


def settings_file() -> Path:
    """The settings; read by hand and by us."""
    return _own("config", platformdirs.user_config_path(_APP, appauthor=False)) / "settings.json"


def user_models_dir() -> Path:
    """Models that the person added."""
    return _own("data", platformdirs.user_data_path(_APP, appauthor=False)) / "models"


def log_dir() -> Path:
    """Log files and crash reports."""
    return _own("logs", platformdirs.user_log_path(_APP, appauthor=False))


def cache_dir() -> Path:
    """What may be deleted at any time: compiled models, measurements of devices."""
    return _own("cache", platformdirs.user_cache_path(_APP, appauthor=False))


def sessions_dir(chosen: str = "") -> Path:
    """Where sessions are kept: the folder of the settings (`recording.folder`), or one in the person's documents."""
    if chosen.strip():
        return Path(chosen.strip()).expanduser()
    return _own("sessions", platformdirs.user_documents_path() / _DOCUMENTS_NAME)


def _own(name: str, usual: Path) -> Path:
    home = os.environ.get(HOME_VARIABLE, "").strip()
    return Path(home).expanduser() / name if home else usual


def ensure_dir(folder: Path) -> Path:
    """Make the folder if it is not there; raises AffectError in words when that is not possible."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise AffectError(
            f"The folder “{folder}” cannot be made.",
            advice="Check that the drive is there and that you may write to it, or choose another folder.",
            detail=str(error),
        ) from error
    return folder
