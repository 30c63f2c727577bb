"""One line of the doctor's report."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum


class Outcome(Enum):
    """How a check ended."""

    OK = "ok"
    WARNING = "warning"
    """It works, but something is missing or slow."""
    PROBLEM = "problem"
    """It will not work."""


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the report."""

    name: str
    outcome: Outcome
    summary: str
    advice: str = ""
    details: dict[str, object] = field(default_factory=dict)
