"""`desktop-affect bench --start`: how long the program takes from its start to the first estimate, without the window.

The program is started for real, twice: with empty folders of its own, so that it measures the devices and compiles the
networks, and again with what the first start left there. The demo participant is the picture. A run ends a moment
after its first estimate; what is measured is the whole life of the process, so the first estimate came a little sooner.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from time import perf_counter

from desktop_affect.core.errors import AffectError
from desktop_affect.system.paths import HOME_VARIABLE

_DEADLINE_S = 120.0
_RUN = ("run", "--headless", "--source", "demo", "--duration", "0.001")


@dataclass(frozen=True, slots=True)
class Start:
    """Seconds from the start of the process to its end right after the first estimate."""

    first_s: float
    """Nothing measured or compiled yet."""
    again_s: float


def measure_start() -> Start:
    """Raises AffectError when the program does not come up."""
    with tempfile.TemporaryDirectory(prefix="desktop-affect-start-") as home:
        return Start(_once(home), _once(home))


def program() -> list[str]:
    """The command that starts this program."""
    return [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "desktop_affect"]


def _once(home: str) -> float:
    environment = {**os.environ, HOME_VARIABLE: home}
    began_s = perf_counter()
    try:
        subprocess.run([*program(), *_RUN], env=environment, check=True, capture_output=True, timeout=_DEADLINE_S)
    except (OSError, subprocess.SubprocessError) as error:
        told = getattr(error, "stderr", b"") or b""
        raise AffectError(
            "The program could not be started to measure its start.", detail=f"{error} {told.decode(errors='replace')}"
        ) from error
    return perf_counter() - began_s


def line(start: Start) -> str:
    """For people."""
    return (
        f"start to first estimate, without the window: {start.first_s:.1f} s with nothing prepared, "
        f"{start.again_s:.1f} s with what the first start left in the cache"
    )
