"""Where a camera's driver may hang without anybody hanging with it.

Opening can take 20 s, a read can block for ever when a camera is pulled out. So the device lives on a daemon thread of
its own, and whoever waits for it waits with a deadline. A thread that does not come back is left behind: it lets the
device go when the driver returns, if it ever does.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

from desktop_affect.core.ports import Clock
from desktop_affect.core.types import RgbImage
from desktop_affect.sources.capture_device import Camera, CaptureDevice, CaptureMode

# A device that refuses at once is asked again at this pace, not as fast as a processor can.
_REFUSED_PAUSE_S = 0.02


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture as it left the driver."""

    number: int
    """Counts every grab since the device was opened, also those that gave no picture."""
    t_s: float
    """Taken right after the grab."""
    pixels: RgbImage


class DriverThread:
    """OPENING → DELIVERING → ENDED; an error goes to ENDED from anywhere and is raised to whoever waits.

    Room for one shot. Overflow rule: the newest replaces the one that waits, and the numbers show the gap.
    """

    def __init__(
        self,
        make_device: Callable[[Callable[[], bool]], CaptureDevice],
        camera: Camera,
        mode: CaptureMode,
        clock: Clock,
    ) -> None:
        self._make_device = make_device
        self._camera = camera
        self._wanted = mode
        self._clock = clock
        self._stop = threading.Event()
        self._changed = threading.Condition()
        self._mode: CaptureMode | None = None
        self._shot: Shot | None = None
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="camera-driver", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def wait_open(self, timeout_s: float) -> CaptureMode | None:
        """What the device claims once it is open, None when it is not open yet. Raises what opening raised."""
        with self._changed:
            self._changed.wait_for(lambda: self._mode or self._error, timeout_s)
            self._raise_error()
            return self._mode

    def wait_shot(self, timeout_s: float, *, take: bool) -> Shot | None:
        """The newest shot, None when there is no new one. Raises what the device raised."""
        with self._changed:
            self._changed.wait_for(lambda: self._shot or self._error, timeout_s)
            shot = self._shot
            if shot is None:
                self._raise_error()
            if take:
                self._shot = None
            return shot

    def stop(self, timeout_s: float) -> bool:
        """Ask it to end and wait; False when the driver does not come back in time."""
        self.request_stop()
        if self._thread.ident is not None:
            self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def request_stop(self) -> None:
        """Wakes whoever waits. Any thread."""
        self._stop.set()
        with self._changed:
            self._changed.notify_all()

    def _raise_error(self) -> None:
        if self._error is not None:
            raise self._error

    def _run(self) -> None:
        try:
            device = self._make_device(self._stop.is_set)
            try:
                self._deliver(device)
            finally:
                device.release()
        except BaseException as error:  # noqa: BLE001  raised again on the thread that waits for a shot
            with self._changed:
                self._error = error
                self._changed.notify_all()

    def _deliver(self, device: CaptureDevice) -> None:
        self._publish_mode(device.open(self._camera, self._wanted))
        number = 0
        while not self._stop.is_set():
            number += self._turn(device, number)

    def _publish_mode(self, mode: CaptureMode) -> None:
        with self._changed:
            self._mode = mode
            self._changed.notify_all()

    def _turn(self, device: CaptureDevice, number: int) -> int:
        """One grab; how many pictures it counts for."""
        if not device.grab():
            self._stop.wait(_REFUSED_PAUSE_S)
            return 0
        t_s = self._clock.now_s()
        pixels = device.retrieve()
        if pixels is not None:
            with self._changed:
                self._shot = Shot(number, t_s, pixels)
                self._changed.notify_all()
        return 1
