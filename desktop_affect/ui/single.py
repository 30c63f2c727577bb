"""One window for a person: a plain second start (the icon is clicked again) brings the first one forward.

    second start                            first window
    knock ──── “show” over a local socket ──► comes forward
          ◄─── “shown”: ends                (or “closing”: the second waits until it has gone, then opens)

A lock says who is the first: it dies with its process, so a socket that a kill left behind is known to be stale and is
replaced. Whatever cannot be found out opens a window: two are better than none. Nothing here leaves the machine.
"""

from __future__ import annotations

import getpass
import hashlib
import logging
import os
import time
from collections.abc import Callable
from enum import Enum
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from desktop_affect.core.errors import AffectError
from desktop_affect.system import file_lock, paths

log = logging.getLogger(__name__)

ANSWER_MS = 5000
"""A window that draws at all answers within one frame; a machine that swaps takes longer."""
STARTING_S = 3.0
"""The time a first window has between its lock and its socket."""
CLOSING_S = 30.0
"""Longer than the window's own deadline for closing."""
_PAUSE_S = 0.05


class Answer(Enum):
    """What came back from a knock."""

    SHOWN = "shown"
    CLOSING = "closing"
    SILENT = "silent"
    """Somebody is there and does not answer."""
    NOBODY = "nobody"


def address(folder: Path | None = None) -> str:
    """The socket's name: of this person and this home, short because sockets' paths must be."""
    home = folder or paths.settings_file().parent
    owner = f"{getpass.getuser()}:{home.resolve()}"
    return f"desktop-affect-{hashlib.sha256(owner.encode()).hexdigest()[:16]}"


def knock(name: str, wait_ms: int = ANSWER_MS) -> Answer:
    """Ask the first window to come forward. Needs no event loop."""
    socket = QLocalSocket()
    socket.connectToServer(name)
    if not socket.waitForConnected(wait_ms):
        return Answer.NOBODY
    _let_it_come_forward()
    socket.write(f"show {os.environ.get('XDG_ACTIVATION_TOKEN', '')}\n".encode())
    socket.waitForBytesWritten(wait_ms)
    words = b""
    while b"\n" not in words and socket.waitForReadyRead(wait_ms):
        words += socket.readAll().data()
    gone = socket.state() is not QLocalSocket.LocalSocketState.ConnectedState
    socket.abort()
    if gone and not words:
        return Answer.NOBODY
    return Answer(words.decode().strip()) if words.strip() in (b"shown", b"closing") else Answer.SILENT


class Door(QObject):
    """The first window's side. Made, used and closed on the GUI thread."""

    def __init__(self, name: str, lock: int | None) -> None:
        super().__init__()
        self._name = name
        self._lock = lock
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._greet)
        self._on_knock: Callable[[str], bool] = lambda token: False

    def open(self, on_knock: Callable[[str], bool]) -> None:
        """From now on knocks are answered. `on_knock` gets the desktop's token for coming forward (may be empty) and
        says whether the window came."""
        self._on_knock = on_knock
        if self._lock is None:  # the address belongs to the first window, and Qt would take it away without a word
            return
        QLocalServer.removeServer(self._name)  # what a kill left behind: while we hold the lock, nobody serves it
        if not self._server.listen(self._name):
            log.info("a second start will open a second window: %s", self._server.errorString())

    def close(self) -> None:
        self._server.close()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def _greet(self) -> None:
        while (guest := self._server.nextPendingConnection()) is not None:
            guest.readyRead.connect(lambda guest=guest: self._answer(guest))
            guest.disconnected.connect(guest.deleteLater)
            if guest.bytesAvailable():
                self._answer(guest)

    def _answer(self, guest: QLocalSocket) -> None:
        if not guest.canReadLine():
            return
        word, _, token = bytes(guest.readLine().data()).decode(errors="replace").strip().partition(" ")
        if word == "show":
            answer = Answer.SHOWN if self._on_knock(token) else Answer.CLOSING
            guest.write(f"{answer.value}\n".encode())
            guest.flush()
        guest.disconnectFromServer()


def take_place(folder: Path | None = None, *, plain: bool = True) -> Door | None:
    """The door of the first window, or None when a first window was there and came forward (only asked when `plain`).
    Raises AffectError when one is there and does not answer."""
    folder = folder or paths.settings_file().parent
    name = address(folder)
    until_s = time.monotonic() + STARTING_S
    while True:
        lock = _try_lock(folder)
        if lock is not None or not plain:
            return Door(name, lock)
        answer = knock(name)
        if answer is Answer.SHOWN:
            return None
        if answer is Answer.SILENT:
            raise AffectError(
                "Desktop Affect is already open, but it does not answer.",
                advice="Wait a moment and try again, or end it with the system's task manager.",
            )
        if answer is Answer.CLOSING:
            until_s = time.monotonic() + CLOSING_S
        if time.monotonic() > until_s:
            log.warning("the lock of the first window cannot be had, and nobody answers: opening another window")
            return Door(name, None)
        time.sleep(_PAUSE_S)


def _try_lock(folder: Path) -> int | None:
    try:
        paths.ensure_dir(folder)
        handle = os.open(folder / "window.lock", os.O_RDWR | os.O_CREAT, 0o600)
    except (AffectError, OSError) as error:
        log.info("no lock for the window: %s", error)
        return None
    if file_lock.hold(handle):
        return handle
    os.close(handle)
    return None


def _let_it_come_forward() -> None:
    """Windows lets only the program in front put another one in front; we are that for the moment."""
    if os.name == "nt":
        import ctypes

        ctypes.windll.user32.AllowSetForegroundWindow(-1)  # type: ignore[attr-defined,unused-ignore]
