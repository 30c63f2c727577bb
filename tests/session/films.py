"""Films for tests: each picture shows its own number, so that a test can tell which one it was given."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from desktop_affect.core.types import RgbImage
from desktop_affect.session.format import DROPPED_FILE, DROPPED_NAMES, FILM_FILE, header_line
from desktop_affect.session.matroska import TICK_S, Packet, Track, cluster, layout
from desktop_affect.system.cv2_import import cv2

SIZE_PX = (64, 48)


def numbered(number: int, size_px: tuple[int, int] = SIZE_PX) -> RgbImage:
    """Grey whose brightness is the number (below 25)."""
    return np.full((size_px[1], size_px[0], 3), 10 * number, dtype=np.uint8)


def number_of(pixels: RgbImage | None) -> int | None:
    return None if pixels is None else round(float(pixels.mean()) / 10)


def packet(number: int, t_s: float) -> Packet:
    data = cv2.imencode(".jpg", numbered(number))[1].tobytes()
    return Packet(round(t_s / TICK_S), data, key=True)


def film_bytes(times_s: Sequence[float], in_cluster: int = 5) -> bytes:
    groups: list[list[Packet]] = [[]]
    for number, t_s in enumerate(times_s):
        made = packet(number, t_s)
        if groups[-1] and (len(groups[-1]) == in_cluster or made.ticks - groups[-1][0].ticks > 1 / TICK_S):
            groups.append([])
        groups[-1].append(made)
    return layout(Track("V_MJPEG", *SIZE_PX), "test").head + b"".join(map(cluster, groups))


def write_film(folder: Path, times_s: Sequence[float], dropped: Iterable[tuple[int, float, str]] = ()) -> Path:
    """As a kill leaves it: no index, no duration."""
    path = folder / FILM_FILE
    path.write_bytes(film_bytes(times_s))
    lines = [f"{seq},{t_s:.6f},{reason}\n" for seq, t_s, reason in dropped]
    (folder / DROPPED_FILE).write_text(header_line(DROPPED_NAMES) + "".join(lines), encoding="utf-8")
    return path
