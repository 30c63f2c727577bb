"""Errors that are meant for a person: each says what happened, what to do, and keeps the detail for the log."""

from __future__ import annotations


class AffectError(Exception):
    """Something went wrong that a person can understand and, mostly, act on.

    `message` and `advice` are shown; `detail` (an exception text, a path, an error code) goes to the log
    and behind the "copy details" button.
    """

    def __init__(self, message: str, *, advice: str = "", detail: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice
        self.detail = detail


class SourceError(AffectError):
    """A frame source cannot be opened or used."""


class SourceLostError(SourceError):
    """A frame source that was delivering stopped (an unplugged camera). It may come back: `open` again."""


class TrackerError(AffectError):
    """The face tracker cannot be loaded or broke."""


class ModelError(AffectError):
    """A model folder is broken, unknown or cannot be run here."""


class SessionError(AffectError):
    """A session cannot be written or read."""


class SettingsError(AffectError):
    """A settings value or file is not acceptable."""
