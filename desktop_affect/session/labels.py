"""What a person adds to a session afterwards: tags and a note, in a small file of the session's own folder."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from desktop_affect.core.errors import SessionError
from desktop_affect.session.format import LABELS_FILE
from desktop_affect.system.store import write_atomically

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Labels:
    """Tags are single words or phrases without line breaks, each once, in the order in which they were added."""

    tags: tuple[str, ...] = ()
    note: str = ""


def tidy(tags: Iterable[str]) -> tuple[str, ...]:
    """Tags as they are kept: spaces joined, empty ones and repetitions left out."""
    return tuple(dict.fromkeys(word for tag in tags if (word := " ".join(tag.split()))))


def read_labels(session: Path) -> Labels:
    """No labels where there is no such file, or none that can be read."""
    try:
        document = json.loads((session / LABELS_FILE).read_text(encoding="utf-8"))
        return Labels(tidy(str(tag) for tag in document["tags"]), str(document["note"]))
    except FileNotFoundError:
        return Labels()
    except (OSError, ValueError, KeyError, TypeError) as error:
        log.info("the labels of %s are left out: %s", session, error)
        return Labels()


def write_labels(session: Path, labels: Labels) -> None:
    """Raises SessionError in words."""
    document = {"tags": list(tidy(labels.tags)), "note": labels.note}
    try:
        write_atomically(session / LABELS_FILE, json.dumps(document, ensure_ascii=False, indent=2) + "\n")
    except OSError as error:
        raise SessionError(
            f"The tags and the note of “{session.name}” could not be saved.",
            advice="Check that you may write to the session's folder.",
            detail=str(error),
        ) from error
