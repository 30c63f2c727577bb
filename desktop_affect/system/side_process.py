"""Work in a process of its own, for work that would hold the interpreter which the window needs too.

The process is started afresh (`spawn`: libraries with threads of their own do not survive a fork) with the first piece
of work and kept for the next ones. In a frozen build it is the same executable (`multiprocessing.freeze_support`). What
it is given and what it gives back is pickled; large arrays travel beside the pickle, in pieces, so that taking them in
holds nobody up either.

It ends with whoever started it: told so, or because its pipe ends. Files that it was writing are removed in each case;
only a process that was killed leaves some, and `lost` tells its number so that they can be found.
"""

from __future__ import annotations

import importlib
import logging
import multiprocessing
import pickle
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from types import FrameType
from typing import Any, TypeAlias, TypeVar

from desktop_affect.core.errors import AffectError

log = logging.getLogger(__name__)

T = TypeVar("T")
Tell: TypeAlias = Callable[[int, int], None]
"""Done and in all, called by the work as often as it likes; raises Cancelled when nobody wants it any more."""
Lost: TypeAlias = Callable[[int], None]
"""Told the number of a process that was killed in the middle of its work."""

# Between two looks for a wish to stop, on either side: nobody waits for an answer longer than that.
_LOOK_S = 0.05
# Work that was given up ends at its next look; after this it hangs, on a drive that does not answer for example.
_GRACE_S = 5.0
# Copied in one go while the interpreter stands still: well under a millisecond.
_PIECE_BYTES = 1 << 20


class Cancelled(Exception):  # noqa: N818  nothing went wrong
    """The work was given up."""


@dataclass(frozen=True, slots=True)
class _Told:
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class _Result:
    """Followed by the arrays, in pieces."""

    packed: bytes
    sizes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Failed:
    message: str
    advice: str
    detail: str


@dataclass(frozen=True, slots=True)
class _Broke:
    words: str


@dataclass(frozen=True, slots=True)
class _Left:
    """The work was given up, its files are gone."""


@dataclass(frozen=True, slots=True)
class _Stop:
    """To the process: give up what you do."""


def unheard(pid: int) -> None:
    """For work that leaves no files."""


class SideProcess:
    """One piece of work at a time, all methods from one thread."""

    def __init__(self, name: str, preload: Sequence[str] = ()) -> None:
        """`preload`: modules that are loaded over there before the first piece of work comes."""
        self._name = name
        self._preload = tuple(preload)
        self._process: SpawnProcess | None = None
        self._pipe: Connection | None = None

    @property
    def pid(self) -> int | None:
        """None while there is no process."""
        return self._process.pid if self._process is not None else None

    def start(self) -> None:
        """Ahead of the first piece of work; does nothing when it is there."""
        if self._process is not None and self._process.is_alive():
            return
        self._bury()
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        # A daemon: should nobody close it, it is ended when the interpreter ends.
        self._process = context.Process(target=_serve, args=(theirs, self._preload), name=self._name, daemon=True)
        self._process.start()
        theirs.close()

    def do(self, work: Callable[..., T], *arguments: object, tell: Tell, lost: Lost = unheard) -> T:
        """What `work(*arguments, tell)` returns over there. `work` is a function of a module.

        Raises what `tell` raises once the work has been given up, the AffectError that the work raised, one in words
        when its process died, or RuntimeError with what else went wrong over there.
        """
        self.start()
        try:
            self._send((work, arguments))
            answer = self._answer(tell)
        except (EOFError, OSError) as error:
            raise self._died(lost) from error
        except BaseException:
            self._give_up(lost)
            raise
        if isinstance(answer, _Failed):
            raise AffectError(answer.message, advice=answer.advice, detail=answer.detail)
        if isinstance(answer, _Broke):
            raise RuntimeError(answer.words)
        result: T = answer
        return result

    def close(self) -> None:
        """End it. Safe to call twice."""
        if self._pipe is not None:
            self._pipe.close()
        if self._process is not None:
            self._process.join(_GRACE_S)
        self._bury()

    def _send(self, message: object) -> None:
        if self._pipe is None:
            raise EOFError
        self._pipe.send(message)

    def _answer(self, tell: Tell) -> Any:
        """Waits for it; what was done so far is told again and again, since `tell` is also who knows of a wish to
        stop."""
        if self._pipe is None:
            raise EOFError
        progress = _Told(0, 0)
        while True:
            if self._pipe.poll(_LOOK_S):
                message = self._pipe.recv()
                if isinstance(message, _Result):
                    return _unpacked(message, self._pipe)
                if not isinstance(message, _Told):
                    return message
                progress = message
            tell(progress.done, progress.total)

    def _give_up(self, lost: Lost) -> None:
        """Whatever is under way ends, here or over there, before this returns."""
        try:
            self._send(_Stop())
            until_s = time.monotonic() + _GRACE_S
            while self._pipe is not None and self._pipe.poll(max(until_s - time.monotonic(), 0.0)):
                message = self._pipe.recv()
                if isinstance(message, _Result):
                    _unpacked(message, self._pipe)
                if not isinstance(message, _Told):
                    return
        except (EOFError, OSError):
            log.info("%s ended while it was being stopped", self._name)
        pid = self.pid
        self._bury()
        if pid is not None:
            lost(pid)

    def _died(self, lost: Lost) -> AffectError:
        pid = self.pid
        if self._process is not None:
            self._process.join(_GRACE_S)
        code = self._process.exitcode if self._process is not None else None
        self._bury()
        if pid is not None:
            lost(pid)
        log.warning("%s (process %s) ended with %s", self._name, pid, code)
        return AffectError(
            f"The process that did this ended in the middle of it ({cause(code)}).",
            advice="Nothing recorded is harmed, and nothing half written was left. If memory is short, close other "
            "programs; then try again.",
            detail=f"{self._name}, process {pid}: exit code {code}",
        )

    def _bury(self) -> None:
        if self._pipe is not None:
            self._pipe.close()
        if self._process is not None:
            if self._process.is_alive():
                log.info("%s did not end by itself", self._name)
                self._process.kill()
            self._process.join(_GRACE_S)
        self._pipe = self._process = None


def cause(code: int | None) -> str:
    """An exit code as people know it."""
    if code is not None and code < 0:
        try:
            return signal.Signals(-code).name
        except ValueError:
            return f"signal {-code}"
    return f"exit code {code}"


def _unpacked(result: _Result, pipe: Connection) -> Any:
    return pickle.loads(result.packed, buffers=[_received(size, pipe) for size in result.sizes])


def _received(size: int, pipe: Connection) -> memoryview:
    """An array's bytes; nobody writes to what was published."""
    taken = memoryview(bytearray(size))
    at = 0
    while at < size:
        at += pipe.recv_bytes_into(taken[at : at + _PIECE_BYTES])
    return taken.toreadonly()


# In the process.


class _Watched:
    """The work's `tell`: passes progress on a few times a second, and raises Cancelled when the pipe says so."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self._looked_s = 0.0

    def __call__(self, done: int, total: int) -> None:
        now_s = time.monotonic()
        if now_s - self._looked_s < _LOOK_S:
            return
        self._looked_s = now_s
        if self._pipe.poll():  # nothing is sent to a process at work but the wish to stop, or the pipe has ended
            raise Cancelled
        self._pipe.send(_Told(done, total))


def _serve(pipe: Connection, preload: tuple[str, ...]) -> None:
    """The process's whole life."""
    # Ctrl-C reaches every process of a terminal; the one with the window decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Being ended politely removes half files, as an exception does.
    signal.signal(signal.SIGTERM, _leave)
    logging.getLogger().addHandler(logging.NullHandler())  # what matters travels
    for module in preload:
        importlib.import_module(module)
    try:
        while True:
            message = pipe.recv()
            if not isinstance(message, _Stop):  # one that came after the work was done
                _work(pipe, *message)
    except (EOFError, OSError):
        log.info("whoever wanted something is gone")


def _leave(number: int, at: FrameType | None) -> None:
    raise SystemExit(128 + number)


def _work(pipe: Connection, work: Callable[..., object], arguments: tuple[object, ...]) -> None:
    try:
        result = work(*arguments, _Watched(pipe))
    except Cancelled:
        pipe.send(_Left())
    except AffectError as error:
        pipe.send(_Failed(error.message, error.advice, error.detail))
    except Exception as error:
        log.exception("%s broke", work.__name__)
        pipe.send(_Broke(f"{type(error).__name__}: {error}"))
    else:
        _send_result(pipe, result)


def _send_result(pipe: Connection, result: object) -> None:
    buffers: list[pickle.PickleBuffer] = []
    packed = pickle.dumps(result, protocol=5, buffer_callback=buffers.append)
    views = [buffer.raw() for buffer in buffers]
    pipe.send(_Result(packed, tuple(view.nbytes for view in views)))
    for view in views:
        for at in range(0, view.nbytes, _PIECE_BYTES):
            pipe.send_bytes(view[at : at + _PIECE_BYTES])
