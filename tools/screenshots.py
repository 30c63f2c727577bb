"""Makes the pictures of the window for the README and for looking at the design: the real window on the real demo.

    python tools/screenshots.py [--seconds S] [--output docs/screenshots]

The window runs as it does for a person, without a display (Qt's offscreen platform), until the demo smiles for the
second time; then it is drawn at every size, at double scale, dark and light, with its dialogs and its empty places.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from PySide6.QtCore import QTimer  # noqa: E402  the platform must be chosen first
from PySide6.QtGui import QPixmap  # noqa: E402
from PySide6.QtWidgets import QApplication, QDialog, QWidget  # noqa: E402

from desktop_affect.core.settings_table import default_settings  # noqa: E402
from desktop_affect.session.plan import SessionPlan  # noqa: E402
from desktop_affect.ui.app import WindowOptions, open_window  # noqa: E402
from desktop_affect.ui.backend import RealBackend  # noqa: E402
from desktop_affect.ui.help import HelpDialog  # noqa: E402
from desktop_affect.ui.settings_dialog import SettingsDialog  # noqa: E402
from desktop_affect.ui.theme import DARK, LIGHT, Theme  # noqa: E402
from desktop_affect.ui.window import MainWindow  # noqa: E402

SMALL, LARGE = (1280, 800), (1920, 1080)
MARKERS = ((12.0, 1), (22.0, 2), (31.0, 3))


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture of the main window."""

    name: str
    theme: Theme
    size: tuple[int, int] = SMALL
    scale: int = 1
    span: int = 1


SHOTS = (
    Shot("window-dark", DARK),
    Shot("window-light", LIGHT),
    Shot("window-dark-1920", DARK, LARGE),
    Shot("window-light-1920", LIGHT, LARGE),
    Shot("window-dark-2x", DARK, scale=2),
    Shot("window-dark-10s", DARK, span=0),
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=69.7, help="how long the demo runs before the pictures")
    parser.add_argument("--output", type=Path, default=ROOT / "docs" / "screenshots")
    args = parser.parse_args()
    args.output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as sessions:
        settings = default_settings().with_changes({"recording.folder": sessions, "window.look": "dark"})
        app, window = open_window(RealBackend(settings), WindowOptions(source=""))
        settle(app)
        save(window, args.output / "empty.png")
        plan = SessionPlan(Path(sessions), "Interview", "P07", "B")
        window.on_painted = lambda: begin(window, plan, args.seconds, lambda: shoot(app, window, args.output))
        window.start("demo")
        return int(app.exec())


def begin(window: MainWindow, plan: SessionPlan, seconds: float, then: Callable[[], None]) -> None:
    """From the first picture on: record, set markers, and take the pictures at the end."""
    window.record(plan)
    for at_s, key in MARKERS:
        QTimer.singleShot(int(at_s * 1000), window, window.rooms.markers.buttons[key].click)
    QTimer.singleShot(int(seconds * 1000), window, then)


def shoot(app: QApplication, window: MainWindow, folder: Path) -> None:
    for shot in SHOTS:
        window.resize(*shot.size)
        window.rooms.curves.affect.spans.choose(shot.span)
        window.set_theme(shot.theme)
        settle(app)
        save(window, folder / f"{shot.name}.png", shot.scale)
    window.resize(*SMALL)
    for name, dialog in dialogs(window).items():
        dialog.show()
        settle(app)
        save(dialog, folder / f"{name}.png")
        dialog.reject()
    save(reviewed(app, window), folder / "review.png")
    print(window.rooms.foot.text())
    window.force_close()


def reviewed(app: QApplication, window: MainWindow) -> QWidget:
    """The session that is being recorded, as it is so far."""
    window.show_sessions()
    review = window.review
    if review is None:
        raise AssertionError("no review was opened")
    wait(app, lambda: bool(review.browser.model.rows))
    review.open_session(review.browser.model.rows[0].entry.path)
    wait(app, lambda: review.session is not None)
    review.player.jump(forward=True)
    wait(app, lambda: review.player.picture.pixels is not None)
    settle(app)
    return review


def wait(app: QApplication, ready: Callable[[], bool]) -> None:
    until_s = time.monotonic() + 20.0
    while not ready():
        if time.monotonic() > until_s:
            raise TimeoutError("the session was not read in time")
        app.processEvents()
        time.sleep(0.02)


def dialogs(window: MainWindow) -> dict[str, QDialog]:
    session = window.new_session_dialog()
    session.participant.setText("P08")
    session.agreed.setChecked(True)
    return {
        "session": session,
        "settings": SettingsDialog(window.settings, lambda settings: None, window),
        "help": HelpDialog(window.theme, window),
    }


def settle(app: QApplication) -> None:
    """Let what was changed be laid out and painted, numbers included."""
    for _ in range(3):
        app.processEvents()
    for widget in app.topLevelWidgets():
        if isinstance(widget, MainWindow):
            for _ in range(9):
                widget.tick()
    app.processEvents()


def save(widget: QWidget, path: Path, scale: int = 1) -> None:
    picture = QPixmap(widget.size() * scale)
    picture.setDevicePixelRatio(scale)
    widget.render(picture)
    picture.save(str(path))
    print(path)


if __name__ == "__main__":
    sys.exit(main())
