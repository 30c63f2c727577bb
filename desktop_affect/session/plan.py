"""What the experimenter decided before a session is recorded."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from desktop_affect.session.naming import DEFAULT_TEMPLATE

NEWEST = "newest"
"""Of a participant's baselines the newest that fits the model: the default."""
NONE = "none"


class FilmConsent(Enum):
    """Which picture the participant agreed to have kept; what is not agreed to is not recorded."""

    NONE = "none"
    BLURRED = "blurred"
    FACE = "face"
    WHOLE = "whole"


@dataclass(frozen=True, slots=True)
class Consent:
    """What the participant agreed to; goes into session.json."""

    film: FilmConsent = FilmConsent.NONE
    note: str = ""
    """Which form, when, by whom."""


@dataclass(frozen=True, slots=True)
class SessionPlan:
    """Where a session goes and whose it is."""

    root: Path
    study: str = ""
    participant: str = ""
    condition: str = ""
    consent: Consent = field(default_factory=Consent)
    template: str = DEFAULT_TEMPLATE
    """See `session/naming.py`."""
    baseline: str = NEWEST
    """Which of the participant's kept baselines the session begins with: `newest`, `none`, or an id."""

    def texts(self) -> dict[str, str]:
        """The fields of the template that a person typed."""
        return {"study": self.study, "participant": self.participant, "condition": self.condition}
