"""Starts a program and notes every reach for the network, in itself and in what it starts.

On Linux with strace every `connect`, `sendto` and `bind` to an internet address is seen, refused ones too. Elsewhere
psutil is asked for the open internet connections five times a second, which misses what lives shorter.
"""

from __future__ import annotations

import contextlib
import os
import queue
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

_ASKED_EVERY_S = 0.2
_INTERNET = re.compile(r"(?:connect|sendto|sendmsg|bind)\(.*sa_family=AF_INET6?,.*")
_TRACED = "trace=connect,sendto,sendmsg,bind"


class Watch:
    """A running program. Its output is read on a thread, so that a full pipe never holds it up."""

    def __init__(self, process: subprocess.Popen[str], trace: Path | None) -> None:
        self.process = process
        self._trace = trace
        self._lines: queue.Queue[str | None] = queue.Queue()  # unbounded: a handful of lines
        self._polled: set[str] = set()
        self._errors: list[str] = []
        self._threads = [threading.Thread(target=self._read_out), threading.Thread(target=self._read_errors)]
        if trace is None:
            self._threads.append(threading.Thread(target=self._poll))
        for thread in self._threads:
            thread.start()

    def lines(self, deadline_s: float) -> Iterator[str]:
        """What it prints, until it ends; raises TimeoutError."""
        until_s = time.monotonic() + deadline_s
        while True:
            try:
                line = self._lines.get(timeout=max(0.0, until_s - time.monotonic()))
            except queue.Empty:
                self.end()
                raise TimeoutError(f"it did not end within {deadline_s:.0f} s") from None
            if line is None:
                return
            yield line

    def wait(self, deadline_s: float) -> int:
        code = self.process.wait(deadline_s)
        for thread in self._threads:
            thread.join(deadline_s)
        return code

    def ask_to_end(self) -> None:
        """As a polite kill does; nothing on Windows, which has none."""
        if os.name == "posix":
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._traced() or self.process.pid, signal.SIGTERM)

    def _traced(self) -> int | None:
        """The program under strace."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        if self._trace is None or not children.exists():
            return None
        return int(next(iter(children.read_text(encoding="ascii").split()), "0")) or None

    def end(self) -> None:
        """The program and what it started: strace alone would leave its program running."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL) if os.name == "posix" else self.process.kill()

    def close(self) -> None:
        self.end()
        self.process.wait()
        for thread in self._threads:
            thread.join()
        for pipe in (self.process.stdout, self.process.stderr):
            if pipe is not None:
                pipe.close()

    def errors(self) -> str:
        return "".join(self._errors)[-2000:]

    def attempts(self) -> list[str]:
        """Every reach for the network that was seen."""
        if self._trace is None:
            return sorted(self._polled)
        text = self._trace.read_text(encoding="utf-8", errors="replace")
        return sorted({found[0] for line in text.splitlines() if (found := _INTERNET.search(line))})

    @property
    def words(self) -> str:
        if self._trace is not None:
            return "no internet address was connected to, sent to or bound (strace)"
        return "no internet connection was open (psutil)" if _psutil() else "connections were not watched (no psutil)"

    def _read_out(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line)
        self._lines.put(None)

    def _read_errors(self) -> None:
        assert self.process.stderr is not None
        self._errors.extend(self.process.stderr)

    def _poll(self) -> None:
        psutil = _psutil()
        while psutil is not None and self.process.poll() is None:
            with contextlib.suppress(psutil.Error):
                root = psutil.Process(self.process.pid)
                for process in (root, *root.children(recursive=True)):
                    self._polled.update(str(found) for found in process.net_connections(kind="inet"))
            time.sleep(_ASKED_EVERY_S)


@contextlib.contextmanager
def started(command: Sequence[str], environment: dict[str, str], folder: Path) -> Iterator[Watch]:
    """The program, watched; ended when the block is left."""
    folder.mkdir(parents=True, exist_ok=True)
    trace = folder / "connections.strace" if _strace() else None
    if trace is not None:
        # --seccomp-bpf stops only at the calls that are traced: the start is as quick as without.
        command = ["strace", "-f", "--seccomp-bpf", "-qq", "-e", _TRACED, "-o", str(trace), *command]
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8",
        start_new_session=True,
    )  # fmt: skip
    watch = Watch(process, trace)
    try:
        yield watch
    finally:
        watch.close()


def _strace() -> bool:
    return sys.platform.startswith("linux") and shutil.which("strace") is not None


def _psutil() -> Any:
    try:
        import psutil
    except ImportError:
        return None
    return psutil
