"""What looks have in common and is dear to make: skins, rooms, people; the oldest is dropped beyond a count."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

_T = TypeVar("_T")


class Kept(Generic[_T]):
    """Makes a thing once for a key and keeps the newest used; `drop` is told of those that go."""

    def __init__(self, most: int, drop: Callable[[_T], None] | None = None) -> None:
        self._most = most
        self._drop = drop
        self._things: OrderedDict[Hashable, _T] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], _T]) -> _T:
        if key not in self._things:
            self._things[key] = make()
        self._things.move_to_end(key)
        while len(self._things) > self._most:
            _, oldest = self._things.popitem(last=False)
            if self._drop is not None:
                self._drop(oldest)
        return self._things[key]
