"""Makes the pictures of the window for the README and for looking at the design: the real window on the real demo.

    python tools/screenshots.py                       # those that the README and the documentation show
    python tools/screenshots.py --all build/screens   # every screen, at 1280×800, 1920×1080, double and triple scale,
                                                      # dark and light

The window runs as it does for a person, without a display (Qt's offscreen platform), until the demo smiles for the
second time; there it is held still and drawn with its dialogs, its other windows and its empty places.
"""

from __future__ import annotations

import argparse
import math
import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from PySide6.QtCore import QTimer  # noqa: E402  the platform must be chosen first
from PySide6.QtGui import QPixmap  # noqa: E402
from PySide6.QtWidgets import QApplication, QDialog, QWidget  # noqa: E402

from desktop_affect.core.settings import Value  # noqa: E402
from desktop_affect.core.settings_table import default_settings  # noqa: E402
from desktop_affect.core.types import Alert, AlertPhase, Fault, Severity  # noqa: E402
from desktop_affect.session.plan import SessionPlan  # noqa: E402
from desktop_affect.ui.alerts import AlertTable  # noqa: E402
from desktop_affect.ui.app import WindowOptions, open_window  # noqa: E402
from desktop_affect.ui.backend import RealBackend  # noqa: E402
from desktop_affect.ui.help import HelpDialog  # noqa: E402
from desktop_affect.ui.theme import DARK, LIGHT, Theme  # noqa: E402
from desktop_affect.ui.time_plot import TimePlot  # noqa: E402
from desktop_affect.ui.window import NUMBERS_EVERY, MainWindow  # noqa: E402
from tools.review_scenes import review_scenes  # noqa: E402

SMALL, LARGE, SQUARE, TINY = (1280, 800), (1920, 1080), (800, 800), (720, 560)
MARKERS = ((12.0, 1), (22.0, 2), (31.0, 3))
THEMES = {"dark": DARK, "light": LIGHT}
SHOWN = ("window-dark", "window-light", "review")
"""Those in the repository; pictures are heavy."""
TWELVE: dict[str, Value] = {f"markers.f{key}": f"stimulus {key}" for key in range(1, 13)}


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture of the main window; made in both themes."""

    name: str
    size: tuple[int, int] = SMALL
    scale: int = 1
    span: int = 1


SHOTS = (
    Shot("window"),
    Shot("window-1920", LARGE),
    Shot("window-2x", scale=2),
    Shot("window-3x", scale=3),
    Shot("window-10s", span=0),
    Shot("window-30min", span=3),
    Shot("window-square", SQUARE),
    Shot("window-tiny", TINY),
)


class Album:
    """Where pictures go; only the wanted ones are drawn."""

    def __init__(self, folder: Path, wanted: tuple[str, ...] | None) -> None:
        self._folder = folder
        self._wanted = wanted
        folder.mkdir(parents=True, exist_ok=True)

    def wants(self, name: str) -> bool:
        return self._wanted is None or name in self._wanted

    def add(self, name: str, widget: QWidget, scale: int = 1) -> None:
        if not self.wants(name):
            return
        for plot in widget.findChildren(TimePlot):
            plot.set_pixel_ratio(scale)
            plot.forget()  # what is kept was painted for this screen, not for a finer one
        picture = QPixmap(widget.size() * scale)
        picture.setDevicePixelRatio(scale)
        widget.render(picture)
        path = self._folder / f"{name}.png"
        picture.save(str(path))
        print(path)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=69.7, help="how long the demo runs before the pictures")
    parser.add_argument("--all", type=Path, metavar="FOLDER", help="every screen, into this folder")
    args = parser.parse_args()
    album = Album(args.all or ROOT / "docs" / "screenshots", None if args.all else SHOWN)
    with tempfile.TemporaryDirectory() as home:
        # A first day: no settings of whoever runs this, no window of theirs.
        os.environ["DESKTOP_AFFECT_HOME"] = home
        sessions = Path(home) / "sessions"
        settings = default_settings().with_changes({"recording.folder": str(sessions), "window.look": "dark"})
        app, window = open_window(RealBackend(settings), WindowOptions(source=""))
        shoot_welcome(app, window, album)
        plan = SessionPlan(sessions, "Interview", "P07", "B")
        window.on_painted = lambda: begin(window, plan, args.seconds, lambda: shoot(app, window, album))
        window.start("demo")
        return int(app.exec())


def begin(window: MainWindow, plan: SessionPlan, seconds: float, then: Callable[[], None]) -> None:
    """From the first picture on: record, set markers, and take the pictures at the end."""
    window.record(plan)
    for at_s, key in MARKERS:
        QTimer.singleShot(int(at_s * 1000), window, window.rooms.markers.buttons[key].click)
    QTimer.singleShot(int(seconds * 1000), window, then)


def shoot_welcome(app: QApplication, window: MainWindow, album: Album) -> None:
    for name, theme in THEMES.items():
        window.set_theme(theme)
        for size, words in ((SQUARE, "-square"), (SMALL, "")):
            window.resize(*size)
            settle(app)
            album.add(f"welcome{words}-{name}", window)


def shoot(app: QApplication, window: MainWindow, album: Album) -> None:
    """Everything, of one moment."""
    hold_still(window)
    for name, theme in THEMES.items():
        shoot_main(app, window, album, theme, name)
        shoot_others(app, window, album, name)
    if any(album.wants(f"twelve-markers-{name}") for name in THEMES):
        shoot_troubles(app, window, album)
    window.set_theme(DARK)
    review_scenes(window, partial(add_settled, app, album), partial(wait, app))
    print(window.rooms.foot.text())
    window.force_close()


def hold_still(window: MainWindow) -> None:
    """From now on the window is told the same of the run, so that every picture shows the same moment: the newest one
    that was analysed, with which the curves end, too."""
    control = window.control
    preview, status = control.preview(), control.status()
    if preview is None:
        raise AssertionError("the demo shows nothing")
    now_s = preview.sample.t_s
    vars(control).update(preview=lambda: preview, status=lambda: status, now_s=lambda: now_s)


def shoot_main(app: QApplication, window: MainWindow, album: Album, theme: Theme, name: str) -> None:
    window.set_theme(theme)
    for shot in SHOTS:
        if album.wants(f"{shot.name}-{name}"):
            window.resize(*shot.size)
            window.rooms.curves.affect.spans.choose(shot.span)
            settle(app)
            album.add(f"{shot.name}-{name}", window, shot.scale)
    window.resize(*SMALL)
    window.rooms.curves.affect.spans.choose(1)


def shoot_others(app: QApplication, window: MainWindow, album: Album, name: str) -> None:
    """Dialogs and the second window."""
    for title, dialog in dialogs(window).items():
        dialog.show()
        settle(app)
        album.add(f"{title}-{name}", dialog)
        dialog.reject()
    window.show_second()
    second = window.side.second
    if second is None:
        raise AssertionError("no second window was opened")
    for size in ((640, 360), SMALL):
        second.resize(*size)
        settle(app)
        album.add(f"second-{size[0]}-{name}", second)
    second.close()


def shoot_troubles(app: QApplication, window: MainWindow, album: Album) -> None:
    """Notices, an alert that lasts, twelve markers, a hidden face, a lost camera."""
    rooms, now_s = window.rooms, window.control.now_s()
    lost = Fault(now_s, "source", Severity.WARNING, "The camera “Studio webcam” was unplugged; it is looked for.",
                 "Plug it in again.", "grab refused for 2 s")  # fmt: skip
    full = Fault(now_s, "recorder", Severity.ERROR, "The session cannot be written at the moment: no space left on "
                 "device.", "Rows wait in memory. Make room: recording goes on by itself.", "ENOSPC")  # fmt: skip
    alert = Alert(99, AlertPhase.BEGAN, "hesitancy", now_s - 4, now_s - 4, math.nan, 0.8, 0.6,
                  ("a smile with lowered brows", "looks away twice"), True)  # fmt: skip
    window.use_settings(window.settings.with_changes(TWELVE))
    for fault in (lost, full):
        rooms.notices.add(fault)
    window.alerts.add(alert)
    for name, theme in THEMES.items():
        window.set_theme(theme)
        settle(app)
        album.add(f"twelve-markers-{name}", window)
    rooms.notices.clear()
    rooms.seen.hide_face.setChecked(True)
    settle(app)
    album.add("hidden-face", window)
    rooms.seen.hide_face.setChecked(False)


def add_settled(app: QApplication, album: Album, widget: QWidget, name: str, scale: int) -> None:
    settle(app)
    album.add(name, widget, scale)


def wait(app: QApplication, ready: Callable[[], bool]) -> None:
    until_s = time.monotonic() + 20.0
    while not ready():
        if time.monotonic() > until_s:
            raise TimeoutError("the session was not read in time")
        app.processEvents()
        time.sleep(0.02)


def dialogs(window: MainWindow) -> dict[str, QDialog]:
    session = window.dialogs.made_session_dialog()
    session.participant.setText("P08")
    session.agreed.setChecked(True)
    table = AlertTable(window.theme, window)
    table.look(window.alerts, window.control.history.begin_s)
    settings = window.dialogs.made_settings_dialog()
    settings.chosen()  # asks for every row: none is still to come when the picture is taken
    return {
        "session": session,
        "settings": settings,
        "help": HelpDialog(window.theme, window),
        "alerts": table,
    }


def settle(app: QApplication) -> None:
    """Let what was changed be laid out and painted, numbers included."""
    for _ in range(3):
        app.processEvents()
    for widget in app.topLevelWidgets():
        if isinstance(widget, MainWindow):
            for _ in range(NUMBERS_EVERY + 1):
                widget.tick()
    app.processEvents()


if __name__ == "__main__":
    sys.exit(main())
