"""The camera source against a scripted device: what a lab's cameras do on a bad day."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from desktop_affect.core.errors import SourceError, SourceLostError
from desktop_affect.core.types import Frame, SourceKind
from desktop_affect.sources import camera as camera_module
from desktop_affect.sources.camera import CameraSource
from desktop_affect.sources.capture_device import CaptureMode, Place
from desktop_affect.sources.cv2_camera import busy
from desktop_affect.sources.picture_watch import FROZEN_AFTER_S
from tests.sources.scripted_camera import CAMERA, NAME, WANTED, Rig


@pytest.fixture
def rig() -> Iterator[Rig]:
    table = Rig()
    yield table
    table.opening.set()
    table.grabbing.set()


def source(rig: Rig, stable_id: str | None = None) -> CameraSource:
    return CameraSource(stable_id, WANTED, clock=rig.clock, device_factory=rig.device, cameras=rig.cameras)


def paced(rig: Rig) -> Callable[[CameraSource], Frame]:
    """Switch the rig to one picture per call; the first belongs to `open`."""
    rig.paced = True
    rig.taken.release()
    fresh = [True]

    def take(camera: CameraSource) -> Frame:
        if not fresh:
            rig.taken.release()
        fresh.clear()
        frame = camera.read()
        assert frame is not None
        return frame

    return take


def test_open_tells_what_really_arrives(rig: Rig) -> None:
    rig.mode, rig.claimed_fps = CaptureMode(32, 24, 10.0), 15.0
    camera = source(rig)
    info = camera.open()
    camera.close()
    assert (info.kind, info.name, info.stable_id) == (SourceKind.CAMERA, NAME, CAMERA.stable_id)
    assert (info.width_px, info.height_px, info.nominal_fps) == (32, 24, 15.0)
    assert info.live
    assert rig.released.is_set()


def test_camera_that_claims_no_rate_gets_the_asked_one(rig: Rig) -> None:
    rig.claimed_fps = 0.0
    camera = source(rig)
    assert camera.open().nominal_fps == WANTED.fps
    camera.close()


def test_frames_are_counted_stamped_and_read_as_they_come(rig: Rig) -> None:
    take = paced(rig)
    begin_s = rig.clock.now_s()
    camera = source(rig)
    camera.open()
    got = [take(camera) for _ in range(5)]
    camera.close()
    assert [f.seq for f in got] == [0, 1, 2, 3, 4]
    assert [f.t_s for f in got] == pytest.approx([begin_s + (k + 1) / 30 for k in range(5)])


def test_pictures_nobody_took_in_time_show_as_a_gap(rig: Rig) -> None:
    take = paced(rig)
    rig.undecodable = {2, 3}
    camera = source(rig)
    camera.open()
    first, second = take(camera), take(camera)
    rig.taken.release(2)  # two that the driver could not decode
    fifth = take(camera)
    camera.close()
    assert [f.seq for f in (first, second, fifth)] == [0, 1, 4]


def test_waiting_for_the_models_is_no_loss(rig: Rig) -> None:
    camera = source(rig)
    camera.open()
    begin_s = rig.clock.now_s()
    while rig.clock.now_s() < begin_s + 20:  # the free-running driver moves the clock
        threading.Event().wait(0.001)
    frame = camera.read()
    camera.close()
    assert frame is not None
    assert frame.seq == 0
    assert frame.t_s > begin_s + 15, "the newest picture, not the one of long ago"


def test_no_camera_is_said(rig: Rig) -> None:
    rig.connected = ()
    with pytest.raises(SourceError, match="No camera is connected") as caught:
        source(rig).open()
    assert "demo" in caught.value.advice


def test_absent_camera_is_named(rig: Rig) -> None:
    with pytest.raises(SourceError, match="“1234:5678/x” is not connected"):
        source(rig, "1234:5678/x").open()


def test_busy_camera_is_said_and_can_be_opened_later(rig: Rig) -> None:
    rig.open_error = busy(CAMERA)
    camera = source(rig)
    with pytest.raises(SourceError, match="another program is probably using it"):
        camera.open()
    camera.close()
    rig.open_error = None
    camera.open()
    assert camera.read() is not None
    camera.close()


def test_interrupt_ends_a_slow_open(rig: Rig) -> None:
    rig.opening.clear()
    camera = source(rig)
    threading.Timer(0.05, camera.interrupt).start()
    with pytest.raises(SourceError, match="was stopped"):
        camera.open()
    rig.opening.set()
    camera.close()
    assert rig.released.is_set()


def test_camera_that_never_opens_is_given_up(rig: Rig) -> None:
    rig.clock.step_s = 10.0
    rig.opening.clear()
    camera = source(rig)
    with pytest.raises(SourceError, match="did not open within 150 s"):
        camera.open()
    rig.opening.set()
    camera.close()


def test_camera_that_opens_but_shows_nothing_is_said(rig: Rig) -> None:
    rig.clock.step_s = 0.25
    rig.delivering.clear()
    camera = source(rig)
    with pytest.raises(SourceError, match="opens but delivers no picture") as caught:
        camera.open()
    camera.close()
    assert "video calls" in caught.value.advice


def test_unplugging_and_replugging_at_another_index(rig: Rig) -> None:
    camera = source(rig)
    camera.open()
    assert camera.read() is not None
    rig.unplug()
    rig.clock.step_s = 0.25
    with pytest.raises(SourceLostError, match=f"“{NAME}” was unplugged"):
        list(iter(camera.read, None))
    camera.close()
    with pytest.raises(SourceError, match="No camera is connected"):
        camera.open()
    camera.close()
    other = replace(CAMERA, stable_id="ffff:0001/other", name="Laptop", places=(Place("CAP_V4L2", 0),))
    back = replace(CAMERA, places=(Place("CAP_V4L2", 3),))
    rig.clock.step_s = 0.0
    rig.replug(back)
    rig.connected = (other, back)
    assert camera.open().stable_id == CAMERA.stable_id
    assert rig.opened == [CAMERA, back]
    frame = camera.read()
    camera.close()
    assert frame is not None
    assert frame.seq == 0


def test_camera_that_falls_silent_but_stays_connected(rig: Rig) -> None:
    camera = source(rig)
    camera.open()
    rig.delivering.clear()
    rig.clock.step_s = 0.25
    with pytest.raises(SourceLostError, match="stopped delivering pictures"):
        list(iter(camera.read, None))
    camera.close()


def test_read_that_hangs_in_the_driver_is_a_loss(rig: Rig) -> None:
    camera = source(rig)
    camera.open()
    rig.grabbing.clear()
    rig.clock.step_s = 0.25
    with pytest.raises(SourceLostError):
        list(iter(camera.read, None))
    rig.grabbing.set()
    camera.close()


@pytest.mark.expected_log
def test_driver_that_never_returns_is_left_behind_once(
    rig: Rig, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(camera_module, "CLOSE_WITHIN_S", 0.05)
    camera = source(rig)
    camera.open()
    rig.grabbing.clear()
    assert rig.hangs.wait(5)
    camera.interrupt()
    assert camera.read() is None
    camera.close()
    assert "left behind" in caplog.text
    with pytest.raises(SourceError, match="hangs"):
        camera.open()
    camera.close()
    rig.grabbing.set()
    assert rig.released.wait(5)
    for thread in threading.enumerate():
        if thread.name == "camera-driver":
            thread.join(5)
    camera.open()
    assert camera.read() is not None
    camera.close()


def test_interrupt_ends_a_read_and_close_forgets_it(rig: Rig) -> None:
    camera = source(rig)
    camera.open()
    rig.delivering.clear()
    camera.interrupt()
    assert camera.read() is None
    camera.close()
    camera.close()
    rig.delivering.set()
    camera.open()
    assert camera.read() is not None
    camera.close()


def test_frozen_picture_is_a_loss_and_live_again_after_reopening(rig: Rig) -> None:
    take = paced(rig)
    camera = source(rig)
    camera.open()
    take(camera)
    rig.frozen = True
    begin_s = rig.clock.now_s()
    with pytest.raises(SourceLostError, match="the very same picture"):
        [take(camera) for _ in range(100)]
    assert rig.clock.now_s() - begin_s >= FROZEN_AFTER_S
    camera.close()
    rig.frozen = False
    rig.taken.release()
    camera.open()
    assert camera.read() is not None
    camera.close()


def test_closed_shutter_is_darkness_and_no_fault(rig: Rig) -> None:
    take = paced(rig)
    rig.even = True
    camera = source(rig)
    camera.open()
    got = [take(camera) for _ in range(100)]
    camera.close()
    assert got[-1].t_s - got[0].t_s > FROZEN_AFTER_S
    assert not got[-1].pixels.any()


def test_single_picture_of_another_size_is_a_gap(rig: Rig) -> None:
    take = paced(rig)
    camera = source(rig)
    camera.open()
    take(camera)
    rig.narrow = {1}
    rig.taken.release()
    frame = take(camera)
    camera.close()
    assert frame.pixels.shape == (48, 64, 3)
    assert frame.seq == 2


def test_lasting_change_of_size_is_a_loss_and_the_new_size_is_told(rig: Rig) -> None:
    camera = source(rig)
    camera.open()
    rig.mode = replace(WANTED, width_px=32)
    with pytest.raises(SourceLostError, match="changed the size"):
        list(iter(camera.read, None))
    camera.close()
    assert camera.open().width_px == 32
    camera.close()


def test_driver_that_breaks_is_heard_on_the_reading_thread(rig: Rig) -> None:
    camera = source(rig)
    camera.open()
    rig.grab_error = MemoryError("no buffer")
    with pytest.raises(MemoryError, match="no buffer"):
        list(iter(camera.read, None))
    camera.close()
    assert rig.released.is_set()
