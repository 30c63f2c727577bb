"""Opening a session for review, in a process of its own: mended if it was cut off, read, its curves and film ready."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from desktop_affect.core.errors import SessionError
from desktop_affect.core.types import Fault, Severity
from desktop_affect.session.header import SessionState
from desktop_affect.session.reader import Session, read_header, read_session
from desktop_affect.session.recover import is_live, recover
from desktop_affect.system.side_process import Tell
from desktop_affect.ui.pictures import PictureSource, pictures_of
from desktop_affect.ui.recording import BASE, Curves, Recording, curves
from desktop_affect.ui.words import clock_label

WHERE = "review"
# Shares of the progress: checking and reading the rows, then putting the curves together.
_READING, _WHOLE = 70, 100


@dataclass(frozen=True, slots=True, eq=False)
class Opened:
    """Ready to be shown."""

    recording: Recording
    pictures: PictureSource
    notes: tuple[Fault, ...]
    """What the person should know about it."""


def open_recording(folder: Path, names: Sequence[str], tell: Tell) -> Opened:
    """Raises SessionError in words. `names`: the signals whose curves are wanted."""
    wanted = (*BASE, *names)
    notes, session = mended(folder, wanted)
    session = session or read_session(
        folder, lambda done, total: tell(done * _READING // max(total, 1), _WHOLE), wanted=wanted
    )
    if session.rows == 0:
        raise SessionError(
            f"The session “{folder.name}” has no rows: it ended before the first picture came.",
            advice="Its header and log are in its folder; there is nothing to show.",
            detail=str(folder),
        )
    drawn = curves(session, names, lambda done, total: tell(_READING + done * 30 // max(total, 1), _WHOLE))
    session.keep(())  # the curves hold what is drawn: handing it over twice would take a quarter of a second
    return Opened(Recording(session, drawn), pictures_of(session), (*notes, *_state_notes(session, notes)))


def read_curves(folders: Sequence[Path], names: Sequence[str], tell: Tell) -> list[Curves]:
    """Other signals of sessions that are shown already. Raises SessionError in words."""
    found = []
    for folder in folders:
        session = read_session(folder, tell, wanted=(*BASE, *names))
        found.append(curves(session, names))
    return found


def mended(folder: Path, wanted: Sequence[str]) -> tuple[tuple[Fault, ...], Session | None]:
    """Close a session that was cut off, and hand it over as it was read for that; what cannot be mended, and what needs
    it not, is still to be read."""
    if read_header(folder)["state"] != SessionState.RECORDING.value:
        return (), None
    if is_live(folder):
        words = "This session is being recorded: it is shown as far as it had come when it was opened."
        return (_note(words, ""),), None
    try:
        done = recover(folder, wanted)
    except SessionError as error:
        words = f"This session was cut off, and could not be repaired. {error.message}"
        return (_note(words, error.advice, error.detail),), None
    length = clock_label(done.duration_s) if math.isfinite(done.duration_s) else "nothing"
    note = _note(
        f"This session was cut off while it was recorded, and is now repaired: {length} in {done.rows:,} rows.",
        "At most the last second before the cut is missing.",
        "; ".join(done.did),
    )
    return (note,), done.session


def _state_notes(session: Session, notes: Sequence[Fault]) -> list[Fault]:
    found = []
    if session.state is SessionState.RECOVERED and not notes:
        found.append(
            _note(
                "This session was cut off while it was recorded, and repaired afterwards.",
                "Its last second may be missing.",
            )
        )
    if session.bad_rows:
        found.append(
            _note(
                f"{session.bad_rows:,} lines of the table are damaged and were left out.",
                "Keep a copy of the folder before you change anything in it.",
                str(session.path),
            )
        )
    return found


def _note(message: str, advice: str, detail: str = "") -> Fault:
    return Fault(math.nan, WHERE, Severity.WARNING, message, advice, detail)
