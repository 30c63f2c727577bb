"""A recording that is killed at any moment opens, and holds every row up to one second before; its film plays to within
two seconds.

Some moments here; `DESKTOP_AFFECT_KILLS=50` for as many as one likes.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from contextlib import nullcontext
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

import numpy as np
import pytest

from desktop_affect.session.film_reader import FilmReader, film_parts
from desktop_affect.session.header import SessionState
from desktop_affect.session.matroska import TICK_S
from desktop_affect.session.plan import FilmConsent
from desktop_affect.session.reader import read_header, read_session
from desktop_affect.session.recover import find_unclosed, recover
from desktop_affect.sources.containers import damage
from tests.session.films import number_of
from tests.shared_data import ROOT

KILLS = int(os.environ.get("DESKTOP_AFFECT_KILLS", "6"))
AT_ONCE = 6
"""They mostly sleep, so a few at once keep a small machine free."""
LATEST_S = 4.0
PROMISE_S = 1.0
FILM_PROMISE_S = 2.0
FORMS = (
    (FilmConsent.WHOLE, "robust"),
    (FilmConsent.NONE, "robust"),
    (FilmConsent.WHOLE, "compact"),
    (FilmConsent.BLURRED, "robust"),
)


@dataclass
class Victim:
    """A program that records, and what it had recorded when it was killed."""

    program: subprocess.Popen[str]
    folder: Path
    killed_s: float
    handed_over: list[tuple[int, float]]
    film: FilmConsent

    @property
    def alive_s(self) -> float:
        """The last sign of life: a program that a busy machine gave no time before the kill could not write either."""
        return min(self.killed_s, max((t_s for _, t_s in self.handed_over), default=0.0))


def start_one(root: Path, film: FilmConsent, form: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.crash.record_until_killed", str(root), film.value, form]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)


def kill_all(programs: list[subprocess.Popen[str]], films: list[FilmConsent], chance: random.Random) -> list[Victim]:
    folders = [Path(program.stdout.readline().strip()) for program in programs if program.stdout]
    begin_s = time.perf_counter()
    moments = sorted((chance.uniform(0, LATEST_S), place) for place in range(len(programs)))
    killed = {}
    for after_s, place in moments:
        time.sleep(max(0.0, begin_s + after_s - time.perf_counter()))
        killed[place] = time.perf_counter()
        programs[place].kill()
    return [Victim(p, folders[n], killed[n], _handed_over(p), films[n]) for n, p in enumerate(programs)]


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


def check_film(victim: Victim) -> None:
    """Up to two seconds before the kill, every picture is there, at the time of its row."""
    session = read_session(victim.folder)
    if session.rows == 0:
        return
    origin_s = session.header["clock"]["origin_s"]  # of the log, while a slow disk keeps the header waiting
    due = [t_s - origin_s for _, t_s in victim.handed_over if t_s <= victim.alive_s - FILM_PROMISE_S]
    film = FilmReader.open(victim.folder)
    if film is None:
        assert not due or victim.film is FilmConsent.NONE
        return
    with film:
        times = film.times()
        listed = {frame.seq for frame in film.dropped}
        shown = {round((t_s + origin_s) / TICK_S): t_s for t_s in times}
        for seq, t_s in victim.handed_over:
            if t_s - origin_s in due and seq not in listed:
                assert _near(t_s, shown), f"frame {seq} is nowhere"
        for t_s in times[:: max(1, len(times) // 10)]:
            seq, _ = min(victim.handed_over, key=lambda row: abs(row[1] - origin_s - t_s))
            if victim.film is FilmConsent.WHOLE:
                assert number_of(film.frame_at(t_s)) == seq % 25
        assert film.mode is victim.film


def _near(t_s: float, shown: dict[int, float]) -> bool:
    tick = round(t_s / TICK_S)
    return any(tick + step in shown for step in (-1, 0, 1))


def check_recovered_film(victim: Victim) -> None:
    facts = read_header(victim.folder)["film"]
    if victim.film is FilmConsent.NONE:
        assert facts is None
        assert FilmReader.open(victim.folder) is None
        return
    for path in film_parts(victim.folder):
        assert damage(path) == ""
    with FilmReader.open(victim.folder) or nullcontext() as film:
        assert facts["frames"] == (len(film.times()) if film is not None else 0)


@pytest.mark.skipif(os.name == "nt", reason="perf_counter is one clock for all processes on POSIX only")
@pytest.mark.timeout(60 + 10 * KILLS)
def test_a_killed_recording_opens_and_holds_all_but_its_last_second(tmp_path: Path) -> None:
    chance = random.Random(7)
    left, turns = KILLS, cycle(FORMS)
    while left:
        forms = [next(turns) for _ in range(min(AT_ONCE, left))]
        films = [film for film, _ in forms]
        programs = [start_one(tmp_path, *form) for form in forms]
        left -= len(programs)
        try:
            victims = kill_all(programs, films, chance)
        finally:
            for program in programs:
                program.kill()
                program.wait()
        for victim in victims:
            check(victim)
            check_film(victim)
            rows = read_session(victim.folder).rows
            done = recover(victim.folder)
            assert (done.state, done.rows) == (SessionState.RECOVERED, rows)
            assert read_session(victim.folder).torn_bytes == 0
            check_film(victim)
            check_recovered_film(victim)
    assert find_unclosed(tmp_path) == []
