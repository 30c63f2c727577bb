"""The last step, in processes of their own."""

from __future__ import annotations

import subprocess
import sys

import pytest

BUSY = """
import sys, threading, time
from desktop_affect.system.leaving import leave
threading.Thread(target=time.sleep, args=(600,), name={name!r}, daemon=True).start()
sys.stdout.write("told")
leave(3)
"""


def run(script: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", script], check=False, capture_output=True, text=True, timeout=120)


@pytest.mark.parametrize("name", ["desktop-affect-analysis", "somebody else's"])
def test_a_process_ends_with_its_code_and_its_words_whatever_still_runs(name: str) -> None:
    done = run(BUSY.format(name=name))
    assert (done.returncode, done.stdout) == (3, "told")


def test_only_threads_of_ours_cut_it_short() -> None:
    tidy = "import atexit; atexit.register(print, 'tidied')\n"
    ends = {
        name: "tidied" in run(tidy + BUSY.format(name=name)).stdout for name in ("desktop-affect-analysis", "other")
    }
    assert ends == {"desktop-affect-analysis": False, "other": True}
