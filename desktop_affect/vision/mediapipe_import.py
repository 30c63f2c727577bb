"""The only place that imports MediaPipe, quickly and quietly.

`import mediapipe` takes 1.6 s, because its `__init__` loads every solution, matplotlib and JAX. We need the graph
runner alone: entering the package through hollow parents, without running their `__init__`, takes 0.1 s. The hollow
parents are taken away again, so that somebody else's `import mediapipe` still gets the real thing.
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import logging
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from desktop_affect.core.errors import TrackerError

log = logging.getLogger(__name__)

# Errors only; the rest is chatter about feature flags. Read once, when the native library is loaded.
os.environ.setdefault("GLOG_minloglevel", "2")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

_HOLLOW = (
    "mediapipe",
    "mediapipe.python.solutions",
    "mediapipe.tasks.python",
    "mediapipe.tasks.python.vision",
)


def load(name: str) -> ModuleType:
    """A module of MediaPipe, e.g. `mediapipe.python.solution_base`. Raises TrackerError when it is not installed."""
    found = importlib.util.find_spec("mediapipe")
    if found is None or not found.submodule_search_locations:
        raise TrackerError(
            "The face tracker (MediaPipe) is not installed.", advice="Install Desktop Affect again, with all its parts."
        )
    with _hollow_parents(Path(found.submodule_search_locations[0])):
        try:
            return importlib.import_module(name)
        except ImportError as error:
            raise TrackerError(
                "The face tracker (MediaPipe) cannot be loaded.",
                advice="Install Desktop Affect again; on Windows also the Visual C++ runtime.",
                detail=str(error),
            ) from error


@contextlib.contextmanager
def _hollow_parents(root: Path) -> Iterator[None]:
    made = []
    for name in _HOLLOW:
        if name not in sys.modules:
            parent = ModuleType(name)
            parent.__path__ = [str(root.joinpath(*name.split(".")[1:]))]
            sys.modules[name] = parent
            made.append(name)
    try:
        yield
    finally:
        for name in made:
            sys.modules.pop(name, None)


@contextlib.contextmanager
def native_chatter_to_log() -> Iterator[None]:
    """What native code writes to the console while a graph starts goes to the log; absl has no switch for it."""
    try:
        console = os.dup(2)
    except OSError:  # a windowed application has no console, so there is nothing to keep clean
        yield
        return
    with tempfile.TemporaryFile() as caught:
        os.dup2(caught.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(console, 2)
            os.close(console)
            caught.seek(0)
            for line in caught.read().decode(errors="replace").splitlines():
                log.debug("native: %s", line)
