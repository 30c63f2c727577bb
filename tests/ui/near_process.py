"""`SideProcess` without a process: a second of starting one for every test is not worth it where the work is meant."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from desktop_affect.system.side_process import Lost, Tell, unheard

T = TypeVar("T")


class NearProcess:
    """The work happens on the thread that asks for it."""

    def __init__(self, name: str, preload: Sequence[str] = ()) -> None:
        self.name = name

    def start(self) -> None: ...

    def do(self, work: Callable[..., T], *arguments: object, tell: Tell, lost: Lost = unheard) -> T:
        return work(*arguments, tell)

    def close(self) -> None: ...
