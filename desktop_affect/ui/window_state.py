"""What the window remembers from one start to the next: place, docks, switches, the source that was used last.

Not a setting: nobody edits it, and when it cannot be read the window opens as on the first day.
"""

from __future__ import annotations

import base64
import json
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QPoint
from PySide6.QtWidgets import QWidget

from desktop_affect.system.store import write_atomically

if TYPE_CHECKING:
    from desktop_affect.ui.window import MainWindow

log = logging.getLogger(__name__)


def read_state(path: Path) -> Mapping[str, object]:
    """Empty when there is none."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        log.info("the window's state cannot be read: %s", error)
        return {}
    return document if isinstance(document, dict) else {}


def write_state(path: Path, state: Mapping[str, object]) -> None:
    """A failure is logged and no more: it costs the person a layout, not data."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, json.dumps(state, indent=1) + "\n", durable=False)
    except OSError as error:
        log.info("the window's state cannot be kept: %s", error)


def state_of(window: MainWindow) -> dict[str, object]:
    rooms = window.rooms
    return {
        "geometry": base64.b64encode(window.saveGeometry().data()).decode("ascii"),
        "desk": rooms.desk.keep(),
        "off": [name for name, chip in rooms.seen.layer_chips.items() if not chip.isChecked()],
        "hide_face": rooms.seen.hide_face.isChecked(),
        "span": rooms.curves.affect.spans.chosen_number,
        "by_activity": rooms.faces.by_activity.isChecked(),
        "source": window.control.source,
    }


def take_up(window: MainWindow, state: Mapping[str, object]) -> None:
    """What makes no sense is passed over."""
    rooms = window.rooms
    geometry, desk, off, span = (state.get(name) for name in ("geometry", "desk", "off", "span"))
    if isinstance(geometry, str):
        try:
            window.restoreGeometry(QByteArray(base64.b64decode(geometry, validate=True)))
        except ValueError as error:
            log.info("the window's place is unreadable: %s", error)
    if isinstance(desk, dict):
        rooms.desk.take_up(desk)
    if isinstance(off, list):
        for name, chip in rooms.seen.layer_chips.items():
            chip.setChecked(name not in off)
    rooms.seen.hide_face.setChecked(state.get("hide_face") is True)
    rooms.faces.by_activity.setChecked(state.get("by_activity") is True)
    if isinstance(span, int):
        rooms.curves.affect.spans.choose(span)
    window.control.source = last_source(state)
    rooms.chooser.set_source(window.control.source or rooms.chooser.source)


def fit_screen(window: QWidget) -> None:
    """No larger than its screen and wholly on it, as far as the window can be that small: the screen it was on may have
    gone, or be a smaller one today."""
    screen = window.screen().availableGeometry()
    edges = window.frameGeometry().size() - window.size()
    window.resize(window.size().boundedTo(screen.size() - edges))
    frame = window.frameGeometry()
    x = max(min(frame.x(), screen.right() + 1 - frame.width()), screen.left())
    y = max(min(frame.y(), screen.bottom() + 1 - frame.height()), screen.top())
    if window.pos() != QPoint(x, y):
        window.move(x, y)


def last_source(state: Mapping[str, object]) -> str:
    """Empty on the first day."""
    source = state.get("source")
    return source if isinstance(source, str) else ""
