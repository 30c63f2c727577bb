"""What goes wrong around a running window: it stays alive and says so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from desktop_affect.core.ports import Clock
from desktop_affect.pipeline import capture
from desktop_affect.pipeline.engine import Engine
from desktop_affect.session.plan import SessionPlan
from desktop_affect.session.reader import read_session
from desktop_affect.sinks.recorder import Recorder
from desktop_affect.sources.camera import CameraSource
from desktop_affect.ui.window import MainWindow
from tests.fakes import ScriptedModel, clock_pair
from tests.sinks.disks import TroubledDisk
from tests.sources.scripted_camera import CAMERA, NAME, WANTED, Rig
from tests.ui.conftest import MakeWindow
from tests.ui.scripted import ScriptedBackend, ScriptedRecording, ScriptedRun

pytestmark = pytest.mark.expected_log  # every fault is logged, too


def messages(window: MainWindow) -> list[str]:
    return [notice.fault.message for notice in window.rooms.notices.notices()]


@pytest.fixture
def rig() -> Iterator[Rig]:
    table = Rig()
    table.paced = True
    yield table
    table.grabbing.set()


def test_a_pulled_camera_is_told_and_goes_on_when_it_is_back(
    rig: Rig, make_window: MakeWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(capture, "RETRY_S", 0.001)
    backend = ScriptedBackend(
        lambda: CameraSource(None, WANTED, clock=rig.clock, device_factory=rig.device, cameras=rig.cameras)
    )
    backend.clock = rig.clock
    window = make_window(backend)
    window.start("camera")
    rig.taken.release(3)
    qtbot.waitUntil(lambda: window.rooms.picture.painted_seq >= 0)
    rig.unplug()
    rig.clock.step_s = 0.25
    rig.taken.release(1000)
    place, told = window.rooms.empty, f"The camera “{NAME}” was unplugged; it is looked for."
    qtbot.waitUntil(lambda: place.title.text() == "The camera is gone")
    qtbot.waitUntil(lambda: place.advice.text().startswith(f"{told} Plug it in again."))
    qtbot.waitUntil(lambda: window.rooms.state.text() == "Camera lost")
    qtbot.waitUntil(lambda: not messages(window))  # once is enough
    assert place.copy.isVisible()
    place.copy.click()
    assert told in QGuiApplication.clipboard().text()
    assert CAMERA.stable_id in QGuiApplication.clipboard().text()
    rig.clock.step_s = 0.0
    painted = window.rooms.picture.painted_seq
    rig.replug(replace(CAMERA))
    qtbot.waitUntil(lambda: window.rooms.picture.painted_seq > painted)
    qtbot.waitUntil(lambda: any("is back" in message for message in messages(window)))
    qtbot.waitUntil(window.rooms.empty.isHidden)


class RecordedRun(ScriptedRun):
    """Records for real, on a disk that the test troubles."""

    def __init__(self, disk: TroubledDisk, engine: Engine, clock: Clock) -> None:
        super().__init__(engine, clock)
        self._disk = disk
        self.recorder: Recorder | None = None

    def record(self, plan: SessionPlan) -> ScriptedRecording:
        report = self.engine.publish
        made = Recorder(plan, clock=self.clock, report=report, ops=self._disk, read_clocks=clock_pair)
        self.recorder = made
        self.engine.add_sink(made)
        return made  # type: ignore[return-value]  # more than the scripted one

    def stop_recording(self) -> None:
        if self.recorder is not None:
            self.engine.remove_sink(self.recorder)
            self.recorder.close()


def test_a_full_disk_is_told_and_recording_goes_on_when_there_is_room(
    make_window: MakeWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    disk, backend = TroubledDisk(), ScriptedBackend(model=ScriptedModel())
    backend.make_run = partial(RecordedRun, disk)
    window = make_window(backend)
    window.start("demo")
    window.record(SessionPlan(tmp_path, "Interview", "P07"))
    badge = window.rooms.session_bar.badge
    qtbot.waitUntil(lambda: badge.text().startswith("● REC 00"))
    for _ in range(3):  # rows, not only the header: a disk that is full from the start is another matter
        disk.written.clear()
        qtbot.waitUntil(disk.written.is_set)
    disk.room = 0
    qtbot.waitUntil(lambda: badge.text() == "! REC waits for the disk")
    qtbot.waitUntil(lambda: any("no space left" in message for message in messages(window)))
    seen = window.control.status().analysed
    qtbot.waitUntil(lambda: window.control.status().analysed > seen + 5)
    disk.room = None
    qtbot.waitUntil(lambda: badge.text().startswith("● REC 00"))
    window.rooms.session_bar.button.click()
    qtbot.waitUntil(lambda: window.control.session is None)
    run = backend.runs[0]
    assert isinstance(run, RecordedRun)
    assert run.recorder is not None
    assert run.recorder.folder is not None
    seqs = list(read_session(run.recorder.folder)["seq"])
    assert seqs == list(range(int(seqs[0]), int(seqs[0]) + len(seqs)))


def test_a_model_that_is_deleted_is_told_once_and_the_run_goes_on(make_window: MakeWindow, qtbot: QtBot) -> None:
    backend = ScriptedBackend(model=ScriptedModel())
    window = make_window(backend)
    window.start("demo")
    qtbot.waitUntil(lambda: window.rooms.picture.painted_seq >= 0)
    backend.has_model = False
    window.control.look_around()
    window.control.look_around()
    qtbot.waitUntil(lambda: messages(window) == ["The files of the model “scripted” are gone."])
    seen = window.control.status().analysed
    qtbot.waitUntil(lambda: window.control.status().analysed > seen + 5)
    window.rooms.notices.clear()
    qtbot.wait(50)
    assert messages(window) == []


def test_sleep_and_waking_are_told_and_written_down(make_window: MakeWindow, qtbot: QtBot) -> None:
    window = make_window(ScriptedBackend())
    window.start("demo")
    qtbot.waitUntil(lambda: window.rooms.picture.painted_seq >= 0)
    right = window.wall_s
    window.wall_s = lambda: right() + 1800.0
    qtbot.waitUntil(lambda: messages(window) == ["The computer slept, or its clock was set ahead, by 30 min."])
    events = [event for _, event in window.control.history.events_after(0)]
    assert [getattr(event, "where", "") for event in events] == ["clock"]
    painted = window.rooms.picture.painted_seq
    qtbot.waitUntil(lambda: window.rooms.picture.painted_seq > painted)
