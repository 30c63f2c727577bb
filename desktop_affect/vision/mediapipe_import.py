"""The only place that imports MediaPipe, quickly and quietly.

`import mediapipe` takes 1.6 s, because its packages' `__init__` load every solution, matplotlib and JAX. We need the
graph runner alone, which takes 0.1 s: the packages on the way to it are entered without running their `__init__`. It
runs when somebody else asks one of these packages for more, so that their `import mediapipe` is the real thing.
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import logging
import os
import sys
import tempfile
import threading
from collections.abc import Iterator
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

from desktop_affect.core.errors import TrackerError

log = logging.getLogger(__name__)

# Errors only; the rest is chatter about feature flags. Read once, when the native library is loaded.
os.environ.setdefault("GLOG_minloglevel", "2")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

# Outer packages first.
_HEAVY = (
    "mediapipe",
    "mediapipe.python.solutions",
    "mediapipe.tasks.python",
    "mediapipe.tasks.python.vision",
)
_TAKEN_FROM_INIT = ("__version__", "__all__")


class _Loading:
    """Whether we are importing right now; the lock keeps other threads' imports of MediaPipe out of it."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.on = False


_loading = _Loading()


class _Entered(ModuleType):
    """A package whose `__init__` waits until somebody asks for what only it gives."""

    def __getattr__(self, name: str) -> object:
        with _loading.lock:
            if _loading.on or (name.startswith("__") and name not in _TAKEN_FROM_INIT):
                raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
            self.__class__ = ModuleType  # type: ignore[assignment]  # from here on an ordinary module
            if self.__spec__ is not None and self.__spec__.loader is not None:
                self.__spec__.loader.exec_module(self)
            return getattr(self, name)


def package_root() -> Path:
    """The folder of the installed MediaPipe. Raises TrackerError when there is none."""
    return Path(_places(_spec("mediapipe"))[0])


def load(name: str) -> ModuleType:
    """A module of MediaPipe, e.g. `mediapipe.python.packet_getter`. Raises TrackerError when it is not installed."""
    with _loading_now():
        for package in _HEAVY:
            if name.startswith(f"{package}.") and package not in sys.modules:
                _enter(package)
        try:
            return importlib.import_module(name)
        except ImportError as error:
            raise TrackerError(
                "The face tracker (MediaPipe) cannot be loaded.",
                advice="Install Desktop Affect again; on Windows also the Visual C++ runtime.",
                detail=str(error),
            ) from error


@contextlib.contextmanager
def _loading_now() -> Iterator[None]:
    with _loading.lock:
        before, _loading.on = _loading.on, True
        try:
            yield
        finally:
            _loading.on = before


def _enter(package: str) -> None:
    """Put a package in its place without running its `__init__`."""
    outer, _, leaf = package.rpartition(".")
    if outer:
        importlib.import_module(outer)
    spec = _spec(package)
    module = _Entered(package)
    module.__spec__, module.__loader__, module.__file__ = spec, spec.loader, spec.origin
    module.__path__, module.__package__ = _places(spec), package
    sys.modules[package] = module
    if outer:
        setattr(sys.modules[outer], leaf, module)


def _spec(package: str) -> ModuleSpec:
    found = importlib.util.find_spec(package)
    if found is None:
        raise TrackerError(
            "The face tracker (MediaPipe) is not installed.", advice="Install Desktop Affect again, with all its parts."
        )
    return found


def _places(spec: ModuleSpec) -> list[str]:
    return list(spec.submodule_search_locations or [""])


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
