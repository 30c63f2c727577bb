"""`python -m installer.smoke_test BUILD`: does the built application work on a machine as a person would start it?

Starts the window on the demo participant, waits for its `ready` line and 100 samples, which it records, lets it close
itself, reads the session back, asks `doctor`, runs without a window, and shows that nothing of it reached for the
network. Needs nothing but Python's standard library (psutil, where it is there, watches the connections on systems
without strace). The person's own folders stay untouched.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import itertools
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from installer import network_watch
from installer.build import started_from

SAMPLES = 100
AT_LEAST_S = 22.0
"""The first window stays so long, for a library that calls home a quarter of a minute after its start: one did."""
AT_MOST_S = 90.0
"""For a machine that is busy with other things."""
DEADLINE_S = 150.0


class SmokeError(Exception):
    """What did not work, in words."""


@dataclass
class Report:
    """What was seen, printed at the end."""

    lines: list[str] = field(default_factory=list)

    def add(self, words: str) -> None:
        self.lines.append(words)
        print(words, flush=True)


@dataclass(frozen=True)
class Place:
    """Where the application under test lives and writes."""

    program: Path
    home: Path

    @property
    def sessions(self) -> Path:
        return self.home / "sessions"

    def environment(self, **more: str) -> dict[str, str]:
        """The person's, without what could hide a missing file: no PYTHONPATH, no Qt of the system."""
        hidden = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "LD_LIBRARY_PATH", "QT_PLUGIN_PATH", "QT_QPA_PLATFORM")
        kept = {name: value for name, value in os.environ.items() if name not in hidden}
        return {**kept, "DESKTOP_AFFECT_HOME": str(self.home), **more}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m installer.smoke_test", description=__doc__)
    parser.add_argument("build", type=Path, help="the built folder, or Desktop Affect.app")
    parser.add_argument("--skip-display", action="store_true", help="the offscreen window alone, not one under Xvfb")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prog_name()) as folder:
        try:
            smoke(started_from(args.build.resolve()), Path(folder), displayed=not args.skip_display)
        except SmokeError as error:
            print(f"SMOKE TEST FAILED: {error}", file=sys.stderr)
            return 1
    print("the smoke test passed")
    return 0


def prog_name() -> str:
    return "desktop-affect-smoke-"


def smoke(program: Path, folder: Path, *, displayed: bool = True, report: Report | None = None) -> Report:
    """All of it; raises SmokeError."""
    report = report or Report()
    if not program.is_file():
        raise SmokeError(f"there is no program {program}")
    version(program, folder, report)
    for name, more, stays_s in windows(displayed):
        window(Place(program, folder / name), name, more, stays_s, report)
    without_console(Place(program.with_name("Desktop Affect.exe"), folder / "windowed"), report)
    headless(Place(program, folder / "headless"), report)
    film(Place(program, folder / "film"), report)
    doctor(Place(program, folder / "headless"), report)
    processes(Place(program, folder / "headless"), report)
    return report


def windows(displayed: bool) -> Iterator[tuple[str, dict[str, str], tuple[float, ...]]]:
    """Name, environment, and how long each start stays at least: offscreen everywhere; on a real or virtual screen,
    where there is one, a second time with what the first remembered and prepared."""
    yield "offscreen", {"QT_QPA_PLATFORM": "offscreen"}, (AT_LEAST_S,)
    if not displayed:
        return
    if not sys.platform.startswith("linux"):
        yield "screen", {}, (AT_LEAST_S, 0.0)
    elif shutil.which("Xvfb"):
        yield "xvfb", {"QT_QPA_PLATFORM": "xcb"}, (AT_LEAST_S, 0.0)


def version(program: Path, folder: Path, report: Report) -> None:
    began_s = time.monotonic()
    words = run(Place(program, folder / "version"), ["--version"]).stdout.strip()
    if not words.startswith("desktop-affect "):
        raise SmokeError(f"--version says {words!r}")
    report.add(f"{words}: started in {time.monotonic() - began_s:.2f} s")


def window(place: Place, name: str, more: dict[str, str], stays_s: Sequence[float], report: Report) -> None:
    """The window on the demo, recording; started once or more, each time in the same home."""
    for start, at_least_s in enumerate(stays_s, 1):
        with screen(name) as display:
            seen = watched_window(place, place.environment(**more, **display), at_least_s)
        rows = recorded_rows(newest_session(place.sessions))
        if rows < SAMPLES:
            raise SmokeError(f"{name}: only {rows} analysed rows were recorded, {SAMPLES} are asked for")
        report.add(
            f"window {name}, start {start}: on the screen after {seen.shown_s:.2f} s, first estimate after "
            f"{seen.ready_s:.2f} s, {rows} analysed rows, session closed; {seen.network}"
        )
        quiet(place)


def without_console(place: Place, report: Report) -> None:
    """Windows has a second program, which cannot print `ready`: what it recorded tells that it got there."""
    if not place.program.is_file():
        return
    command = ["--source", "demo", "--duration", str(AT_LEAST_S + 10.0), "--record", "--output", str(place.sessions)]
    run(place, command)
    rows = recorded_rows(newest_session(place.sessions))
    if rows < SAMPLES:
        raise SmokeError(f"the program without a console recorded {rows} analysed rows, {SAMPLES} are asked for")
    report.add(f"the program without a console: {rows} analysed rows, session closed")
    quiet(place)


@dataclass(frozen=True)
class Seen:
    shown_s: float
    ready_s: float
    network: str


def watched_window(place: Place, environment: dict[str, str], at_least_s: float) -> Seen:
    """From the start to the end that a person's closing would bring; where there is no polite kill (Windows), to the
    end that was asked for at the start."""
    most_s = AT_MOST_S if os.name == "posix" else AT_LEAST_S + 10.0
    command = ["--source", "demo", "--duration", str(most_s), "--record", "--output", str(place.sessions)]
    began_s = time.monotonic()
    times: dict[str, float] = {}
    with network_watch.started([str(place.program), *command], environment, place.home) as watch:
        for line in watch.lines(DEADLINE_S):
            times.setdefault(line.strip(), time.monotonic() - began_s)
            if line.strip() == "ready":
                wait_for_samples(place, began_s + at_least_s, began_s + most_s)
                watch.ask_to_end()
        code = watch.wait(DEADLINE_S)
    if code != 0 or "ready" not in times:
        raise SmokeError(f"the window ended with {code}, said {sorted(times)}: {watch.errors()}{log_of(place)}")
    if watch.attempts():
        raise SmokeError(f"it reached for the network: {watch.attempts()}")
    return Seen(times.get("window", float("nan")), times["ready"], watch.words)


def wait_for_samples(place: Place, from_s: float, until_s: float) -> None:
    """Until enough was recorded and the time has come; at most until it closes itself."""
    while time.monotonic() < until_s:
        # A few more: the first faces come before the first estimate.
        if time.monotonic() >= from_s and rows_so_far(place) >= SAMPLES + 10:
            return
        time.sleep(0.2)


def rows_so_far(place: Place) -> int:
    """Rows with a face that are on the disk already."""
    tables = sorted(place.sessions.rglob("samples.csv"))
    return tables[-1].read_text(encoding="utf-8").count(",face,") if tables else 0


def headless(place: Place, report: Report) -> None:
    """Every frame of the demo, as far as half a minute reaches, and the summary for programs."""
    command = ["run", "--headless", "--source", "demo", "--pace", "fast", "--duration", "30", "--json", "--record"]
    done = run(place, [*command, "--output", str(place.sessions)])
    summary = json.loads(done.stdout.strip().splitlines()[-1])
    if summary["faces"] < SAMPLES:
        raise SmokeError(f"headless: {summary}")
    report.add(
        f"headless: {summary['faces']} faces, {summary['dropped']} dropped, {summary['model']} on {summary['device']}"
    )
    exported = run(place, ["export", str(newest_session(place.sessions)), "--format", "csv"])
    report.add(f"export: {exported.stdout.strip().splitlines()[-1] if exported.stdout.strip() else 'done'}")


def film(place: Place, report: Report) -> None:
    """A film is written and read again: its library's tables and FFmpeg are inside."""
    command = ["run", "--headless", "--source", "demo", "--duration", "4", "--json", "--record"]
    command += ["--film", "whole", "--consent", "film", "--consent-note", "the demo participant"]
    run(place, [*command, "--output", str(place.sessions)])
    kept = newest_session(place.sessions) / "film.mkv"
    seen = run(place, ["run", "--headless", "--source", str(kept), "--json"])
    summary = json.loads(seen.stdout.strip().splitlines()[-1])
    if not summary["faces"]:
        raise SmokeError(f"no face in the film that was kept: {summary}")
    report.add(f"film: {kept.stat().st_size / 1e6:.1f} MB, {summary['faces']} faces when it is read again")


def doctor(place: Place, report: Report) -> None:
    """What it finds may be a problem of this machine (no camera); what came inside must be whole."""
    done = run(place, ["doctor", "--json"], may_fail=True)
    checks = json.loads(done.stdout)["checks"]
    bad = [check for check in checks if check["outcome"] == "problem" and must_be_whole(check["name"])]
    if bad or not any(check["name"].startswith("model ") for check in checks):
        raise SmokeError(f"doctor: {bad or checks}")
    report.add(f"doctor: {', '.join(check['name'] + ' ' + check['outcome'] for check in checks)}")


def must_be_whole(name: str) -> bool:
    return name in ("versions", "inference devices", "face tracker") or name.startswith("model")


def processes(place: Place, report: Report) -> None:
    """Workers are the program started again: a build without `freeze_support` would open windows instead."""
    offered = run(place, ["--help"]).stdout
    if "analyze" not in offered:
        report.add("analyze: this version does not offer it")
        return
    film = next(place.program.parent.rglob("participant.mp4"), None) or next(
        place.program.parent.parent.rglob("participant.mp4")
    )
    films = place.home / "films"
    films.mkdir(exist_ok=True)
    for name in ("one.mp4", "two.mp4"):
        shutil.copyfile(film, films / name)
    began_s = time.monotonic()
    run(place, ["analyze", str(films), "--jobs", "2", "--output", str(place.home / "analysed")])
    found = list((place.home / "analysed").rglob("*.csv"))
    if not found:
        raise SmokeError("analyze --jobs 2 wrote nothing")
    report.add(f"analyze --jobs 2: two films in {time.monotonic() - began_s:.0f} s, {len(found)} tables")


# Small tools.


def run(
    place: Place, command: Sequence[str], *, may_fail: bool = False, **more: str
) -> subprocess.CompletedProcess[str]:
    environment = place.environment(PYTHONIOENCODING="utf-8", **more)
    done = subprocess.run(
        [str(place.program), *command], env=environment, capture_output=True, text=True, encoding="utf-8",
        timeout=10 * DEADLINE_S, check=False,
    )  # fmt: skip
    if done.returncode != 0 and not may_fail:
        raise SmokeError(
            f"{' '.join(command)} ended with {done.returncode}: {done.stderr.strip()[-2000:]}{log_of(place)}"
        )
    return done


@contextlib.contextmanager
def screen(name: str) -> Iterator[dict[str, str]]:
    """A virtual screen of its own, where one is wanted."""
    if name != "xvfb":
        yield {}
        return
    read_end, write_end = os.pipe()
    command = ["Xvfb", "-displayfd", str(write_end), "-screen", "0", "1600x1000x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[write_end], stderr=subprocess.DEVNULL)
    os.close(write_end)
    try:
        with os.fdopen(read_end) as told:
            yield {"DISPLAY": f":{told.readline().strip()}"}
    finally:
        server.terminate()
        server.wait()


def newest_session(folder: Path) -> Path:
    found = sorted(path.parent for path in folder.rglob("session.json"))
    if not found:
        raise SmokeError(f"no session was recorded in {folder}")
    return found[-1]


def recorded_rows(session: Path) -> int:
    """Rows with a face; raises SmokeError when the session was not closed or its times do not grow."""
    header = json.loads((session / "session.json").read_text(encoding="utf-8"))
    if header["state"] != "closed":
        raise SmokeError(f"{session} is “{header['state']}”, not closed")
    with (session / "samples.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    times = [float(row["t_s"]) for row in rows]
    if any(later <= earlier for earlier, later in itertools.pairwise(times)):
        raise SmokeError(f"the times in {session} do not grow")
    return sum(row["seen"] == "face" and row["valence"] != "" for row in rows)


def quiet(place: Place) -> None:
    """Nothing in the log that a person would have to worry about, and no crash report."""
    reports = [path.name for path in (place.home / "logs").glob("crash-*")]
    loud = [line for line in log_of(place).splitlines() if " CRITICAL " in line or " ERROR " in line]
    if reports or loud:
        raise SmokeError(f"crash reports {reports}, log: {loud}")


def log_of(place: Place) -> str:
    path = place.home / "logs" / "desktop-affect.log"
    return "\n" + path.read_text(encoding="utf-8")[-3000:] if path.is_file() else ""


if __name__ == "__main__":
    sys.exit(main())
