"""What the inboxes of the recorder and of its film have in common: they are waited on, and closed once."""

from __future__ import annotations

import threading


class Mailbox:
    """Whoever changes what lies in it holds `_condition`."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._closed = False

    def wait(self, timeout_s: float) -> None:
        """Consumer: until the timeout, or until closed."""
        with self._condition:
            self._condition.wait_for(lambda: self._closed, timeout_s)

    @property
    def closed(self) -> bool:
        return self._closed

    def close(self) -> None:
        """Nothing more is taken in; what waits can still be taken. Wakes both sides."""
        with self._condition:
            self._closed = True
            self._condition.notify_all()
