"""A recording that is killed at any moment opens, and holds every row up to one second before.

Some moments here; `DESKTOP_AFFECT_KILLS=50` for as many as one likes.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from desktop_affect.session.header import SessionState
from desktop_affect.session.reader import read_session
from desktop_affect.session.recover import find_unclosed, recover
from tests.shared_data import ROOT

KILLS = int(os.environ.get("DESKTOP_AFFECT_KILLS", "6"))
AT_ONCE = 6
"""They mostly sleep, so a few at once keep a small machine free."""
LATEST_S = 3.0
PROMISE_S = 1.0


@dataclass
class Victim:
    """A program that records, and what it had recorded when it was killed."""

    program: subprocess.Popen[str]
    folder: Path
    killed_s: float
    handed_over: list[tuple[int, float]]

    @property
    def alive_s(self) -> float:
        """The last sign of life: a program that a busy machine gave no time before the kill could not write either."""
        return min(self.killed_s, max((t_s for _, t_s in self.handed_over), default=0.0))


def start_one(root: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.crash.record_until_killed", str(root)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)


def kill_all(programs: list[subprocess.Popen[str]], chance: random.Random) -> list[Victim]:
    folders = [Path(program.stdout.readline().strip()) for program in programs if program.stdout]
    begin_s = time.perf_counter()
    moments = sorted((chance.uniform(0, LATEST_S), place) for place in range(len(programs)))
    killed = {}
    for after_s, place in moments:
        time.sleep(max(0.0, begin_s + after_s - time.perf_counter()))
        killed[place] = time.perf_counter()
        programs[place].kill()
    return [Victim(p, folders[n], killed[n], _handed_over(p)) for n, p in enumerate(programs)]


def _handed_over(program: subprocess.Popen[str]) -> list[tuple[int, float]]:
    said = program.communicate()[0].split("\n")[:-1]
    return [(int(seq), float(t_s)) for seq, t_s in (line.split() for line in said)]


def check(victim: Victim) -> None:
    session = read_session(victim.folder)
    assert session.state is SessionState.RECORDING
    assert session.header["participant"] == "P1"
    assert session.header["model"]["name"] == "scripted"
    assert session.bad_rows == 0
    due = [seq for seq, t_s in victim.handed_over if t_s <= victim.alive_s - PROMISE_S]
    assert list(session["seq"]) == list(range(session.rows))
    assert session.rows >= len(due)
    if session.rows:
        times = dict(victim.handed_over)
        known = [seq for seq in session["seq"] if seq in times]
        expected = np.array([times[seq] for seq in known]) - session.header["clock"]["origin_s"]
        assert session["t_s"][: len(known)] == pytest.approx(expected, abs=1e-6)
        assert np.isfinite(session["valence"]).all()
    assert len(session.markers) >= (len(due) + 9) // 10


@pytest.mark.skipif(os.name == "nt", reason="perf_counter is one clock for all processes on POSIX only")
@pytest.mark.timeout(60 + 10 * KILLS)
def test_a_killed_recording_opens_and_holds_all_but_its_last_second(tmp_path: Path) -> None:
    chance = random.Random(7)
    left = KILLS
    while left:
        programs = [start_one(tmp_path) for _ in range(min(AT_ONCE, left))]
        left -= len(programs)
        try:
            victims = kill_all(programs, chance)
        finally:
            for program in programs:
                program.kill()
                program.wait()
        for victim in victims:
            check(victim)
            rows = read_session(victim.folder).rows
            done = recover(victim.folder)
            assert (done.state, done.rows) == (SessionState.RECOVERED, rows)
            assert read_session(victim.folder).torn_bytes == 0
    assert find_unclosed(tmp_path) == []
