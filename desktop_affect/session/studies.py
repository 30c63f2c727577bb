"""A study: who takes part, in which conditions, in which order. A small file that a person may edit:

    <sessions folder>/<study>/study.json

What was done is not in it: that is what the session folders say. Progress is worked out from both, every time.
"""

from __future__ import annotations

import json
import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from pathlib import Path
from types import MappingProxyType
from typing import Any

from desktop_affect.core.errors import SessionError
from desktop_affect.session.library import Entry
from desktop_affect.session.naming import clean
from desktop_affect.system.store import write_atomically

log = logging.getLogger(__name__)

STUDY_FILE = "study.json"
FORMAT_NAME = "desktop-affect study"
SCHEMA = 1
DISCARDED = "discarded"
"""A session with this tag does not count as done: the condition is planned again."""


class Order(Enum):
    """How the conditions of participants who have no order of their own are counterbalanced."""

    FIXED = "fixed"
    """As they are listed, for everybody."""
    ROTATED = "rotated"
    """A Latin square by rotation: ABC, BCA, CAB. Every condition is as often first, second ..., but A always precedes B
    except where the row begins anew."""
    BALANCED = "balanced"
    """A Williams square: every condition also follows every other equally often, over as many participants as there are
    conditions (twice as many when their number is odd)."""


@dataclass(frozen=True, slots=True)
class Study:
    """One study as its file holds it."""

    name: str
    """What sessions call it; also the folder's name, cleaned."""
    title: str = ""
    participants: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    order: Order = Order.FIXED
    orders: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    """Participant → conditions, for those whose order was given; a condition may come twice."""
    note: str = ""

    def order_of(self, participant: str) -> tuple[str, ...]:
        """What is planned for a participant, in order; somebody who is not on the list yet comes next on it."""
        if participant in self.orders:
            return self.orders[participant]
        known = self.participants
        place = known.index(participant) if participant in known else len(known)
        return tuple(self.conditions[k] for k in _sequence(self.order, len(self.conditions), place))

    def with_participants(self, more: Iterable[str]) -> Study:
        """Added at the end, each once: the places of the others, and so their orders, stay."""
        wanted = (code.strip() for code in more)
        return replace(self, participants=tuple(dict.fromkeys((*self.participants, *filter(None, wanted)))))


def _sequence(order: Order, count: int, place: int) -> tuple[int, ...]:
    """Row `place` of the design."""
    if order is Order.FIXED or count == 0:
        return tuple(range(count))
    if order is Order.ROTATED:
        return tuple((k + place) % count for k in range(count))
    zigzag = [(k + 1) // 2 if k % 2 else (count - k // 2) % count for k in range(count)]
    row = tuple((k + place) % count for k in zigzag)
    # With an odd number the second half of the participants gets the rows backwards.
    backwards = count % 2 == 1 and place // count % 2 == 1
    return row[::-1] if backwards else row


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a participant is."""

    participant: str
    planned: tuple[str, ...]
    done: tuple[str, ...]
    """Conditions of the sessions there are, in order of time; may hold some that were not planned."""
    left: tuple[str, ...]
    """Planned and not done, in order."""

    @property
    def next(self) -> str:
        """Empty when nothing is left."""
        return self.left[0] if self.left else ""


def progress(study: Study, entries: Iterable[Entry]) -> tuple[Progress, ...]:
    """Of everybody on the list, and of whoever has sessions without being on it; `entries` may be of other studies."""
    done: dict[str, list[Entry]] = {participant: [] for participant in study.participants}
    for entry in entries:
        if entry.study.strip() == study.name and entry.participant and DISCARDED not in entry.labels.tags:
            done.setdefault(entry.participant, []).append(entry)
    return tuple(_progress(study, participant, sessions) for participant, sessions in done.items())


def progress_of(study: Study, participant: str, entries: Iterable[Entry]) -> Progress:
    """Of one participant, who need not be on the list yet."""
    found = (one for one in progress(study, entries) if one.participant == participant)
    return next(found, _progress(study, participant, []))


def _progress(study: Study, participant: str, sessions: list[Entry]) -> Progress:
    planned = study.order_of(participant)
    in_time = sorted(sessions, key=lambda entry: entry.started_utc)
    done = tuple(entry.condition for entry in in_time)
    spent, left = Counter(done), []
    for condition in planned:
        if spent[condition]:
            spent[condition] -= 1
        else:
            left.append(condition)
    return Progress(participant, planned, done, tuple(left))


def study_file(root: Path, name: str) -> Path:
    """Where the plan of a study lies; it need not exist."""
    return root / clean(name) / STUDY_FILE


def read_study(root: Path, name: str) -> Study:
    """Raises SessionError in words where there is none, or none that can be read."""
    path = study_file(root, name)
    if not path.is_file():
        known = ", ".join(f"“{study.name}”" for study in studies(root))
        advice = f"There are: {known}." if known else "Make one: desktop-affect studies make NAME --conditions A B"
        raise SessionError(f"There is no study “{name}” in “{root}”.", advice=advice)
    return _read(path)


def studies(root: Path) -> tuple[Study, ...]:
    """All plans below a sessions folder, by name. One that cannot be read is left out, with a word in the log."""
    return tuple(sorted(_readable(root), key=lambda study: study.name.casefold()))


def _readable(root: Path) -> Iterator[Study]:
    for path in root.glob(f"*/{STUDY_FILE}"):
        try:
            yield _read(path)
        except SessionError as error:
            log.info("left out: %s %s", error.message, error.detail)


def write_study(root: Path, study: Study) -> Path:
    """Replace the plan as a whole. Raises SessionError in words."""
    _check(study)
    path = study_file(root, study.name)
    if path.is_file() and _read(path).name != study.name:
        raise SessionError(
            f"The study “{_read(path).name}” has the folder that “{study.name}” would have.",
            advice="Choose a name that differs by more than punctuation.",
        )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, json.dumps(_document(study), indent=2, ensure_ascii=False) + "\n")
    except OSError as error:
        raise SessionError(
            f"The study “{study.name}” cannot be saved.",
            advice=f"Check that “{path.parent}” can be written.",
            detail=str(error),
        ) from error
    return path


def _check(study: Study) -> None:
    if not study.name.strip():
        raise SessionError("A study needs a name.")
    if study.name != study.name.strip():
        raise SessionError(f"The study's name “{study.name}” has spaces at its ends.")
    for participant, order in study.orders.items():
        if unknown := [condition for condition in order if condition not in study.conditions]:
            raise SessionError(
                f"The order of {participant} names “{unknown[0]}”, which is no condition of the study.",
                advice=f"Conditions are: {', '.join(study.conditions) or 'none'}.",
            )


def _document(study: Study) -> dict[str, Any]:
    return {
        "format": FORMAT_NAME,
        "schema": SCHEMA,
        "name": study.name,
        "title": study.title,
        "participants": list(study.participants),
        "conditions": list(study.conditions),
        "order": study.order.value,
        "orders": {participant: list(order) for participant, order in study.orders.items()},
        "note": study.note,
    }


def _read(path: Path) -> Study:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        if document["format"] != FORMAT_NAME or document["schema"] > SCHEMA:
            raise ValueError(f"format {document['format']} {document['schema']}")
        study = Study(
            name=str(document["name"]),
            title=str(document.get("title", "")),
            participants=_texts(document.get("participants", [])),
            conditions=_texts(document.get("conditions", [])),
            order=Order(document.get("order", Order.FIXED.value)),
            orders=MappingProxyType({str(who): _texts(order) for who, order in document.get("orders", {}).items()}),
            note=str(document.get("note", "")),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise SessionError(
            f"The study in “{path}” cannot be read.",
            advice="Mend the file, or take it from a backup.",
            detail=repr(error),
        ) from error
    _check(study)
    return study


def _texts(values: object) -> tuple[str, ...]:
    if not isinstance(values, list):
        raise TypeError(f"{values!r} is no list")
    return tuple(str(value) for value in values)
