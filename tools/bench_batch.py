"""What a batch costs, and what a second job at a time brings: one and two jobs in turn over the same films.

    python tools/bench_batch.py [FILM ...] [--copies 4] [--jobs 1,2] [--rounds 3] [--json] [-- ANALYZE OPTIONS]

Without films it takes copies of the demo participant (62 s, 1280×720). Each round runs `analyze` once for every number
of jobs, so that whatever else keeps the machine busy meets all of them. Times begin before the first worker process
starts and end when the last film is done; processor time is that of all processes, start included. On a machine with
other work: `chrt -r 1 python tools/bench_batch.py`.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from desktop_affect.sources.demo import DEMO_FILM  # noqa: E402  the checkout must be found first
from desktop_affect.system.paths import bundled  # noqa: E402


@dataclass(frozen=True, slots=True)
class Call:
    """One call of `analyze`."""

    jobs: int
    frames: int
    took_s: float
    real_time: float
    """Seconds of film for each second that passed."""
    processor_s: float
    """Of all its processes."""

    @property
    def frames_per_s(self) -> float:
        return self.frames / self.took_s

    @property
    def processor_ms(self) -> float:
        """For each frame."""
        return self.processor_s * 1e3 / self.frames


def analysed(films: Sequence[Path], jobs: int, options: Sequence[str], place: Path) -> Call:
    """Run the program for real. Raises SystemExit with its words when it fails."""
    output = place / "results"
    command = [sys.executable, "-m", "desktop_affect", "analyze", *map(str, films), "--json"]
    command += ["--jobs", str(jobs), "--output", str(output), *options]
    told = place / "told.jsonl"
    with told.open("w") as file:
        process = subprocess.Popen(command, cwd=ROOT, stdout=file)
        _, status, used = os.wait4(process.pid, 0)  # with what its own processes used
        process.returncode = os.waitstatus_to_exitcode(status)
    shutil.rmtree(output, ignore_errors=True)
    end = json.loads(told.read_text().splitlines()[-1])
    if process.returncode != 0 or end.get("event") != "end":
        raise SystemExit(f"analyze ended with {process.returncode}: {end}")
    return Call(jobs, end["frames"], end["took_s"], end["real_time"], used.ru_utime + used.ru_stime)


def copies(count: int, place: Path) -> list[Path]:
    films = [place / f"film-{number}.mp4" for number in range(1, count + 1)]
    for film in films:
        shutil.copyfile(bundled(DEMO_FILM), film)
    return films


def lines(calls: Sequence[Call], jobs: Sequence[int]) -> list[str]:
    """The table of the calls, then what they say."""
    head = f"{'jobs':>4}{'seconds':>10}{'frames/s':>10}{'×real time':>12}{'processor ms/frame':>20}{'cores':>8}"
    rows = [
        f"{c.jobs:>4}{c.took_s:>10.2f}{c.frames_per_s:>10.1f}{c.real_time:>12.2f}{c.processor_ms:>20.2f}"
        f"{c.processor_s / c.took_s:>8.2f}"
        for c in calls
    ]
    return [head, *rows, "", *(_verdict(calls, number, jobs[0]) for number in jobs)]


def _verdict(calls: Sequence[Call], number: int, first: int) -> str:
    rates = {n: statistics.median(c.frames_per_s for c in calls if c.jobs == n) for n in (number, first)}
    cost_ms = statistics.median(c.processor_ms for c in calls if c.jobs == number)
    told = f"{number} jobs: {rates[number]:.0f} frames/s, {cost_ms:.2f} ms of processor time a frame (medians)"
    return told if number == first else f"{told}, {rates[number] / rates[first]:.2f} times {first} job"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("films", nargs="*", type=Path, metavar="FILM")
    parser.add_argument("--copies", type=int, default=4, help="of the demo, where no film is named")
    parser.add_argument("--jobs", default="1,2", help="numbers of jobs, taken in turn (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--option", action="append", default=[], help="for `analyze`; may be repeated")
    args = parser.parse_args()
    jobs = [int(number) for number in args.jobs.split(",")]
    with tempfile.TemporaryDirectory(prefix="bench-batch-") as folder:
        place = Path(folder)
        films = [film.absolute() for film in args.films] or copies(args.copies, place)
        calls = [analysed(films, number, args.option, place) for _ in range(args.rounds) for number in jobs]
    if args.json:
        print(json.dumps([asdict(call) | {"frames_per_s": call.frames_per_s} for call in calls], indent=2))
    else:
        print("\n".join(lines(calls, jobs)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
