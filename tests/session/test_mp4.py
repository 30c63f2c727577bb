"""Packets of small MP4 files, as FFmpeg writes them; what is torn or something else is refused."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest

from desktop_affect.session.film_decoder import Decoder
from desktop_affect.session.matroska import Packet
from desktop_affect.session.mp4 import read_mp4
from desktop_affect.system.cv2_import import cv2
from tests.session.films import number_of, numbered

PICTURES = 20


@pytest.fixture
def film(tmp_path: Path) -> bytes:
    path = tmp_path / "f.mp4"
    writer = cv2.VideoWriter(str(path), cv2.CAP_FFMPEG, cv2.VideoWriter.fourcc(*"mp4v"), 30.0, (64, 48))
    for number in range(PICTURES):
        writer.write(numbered(number))
    writer.release()
    return path.read_bytes()


def test_every_packet_is_found_and_shows_its_picture(film: bytes) -> None:
    made = read_mp4(film)
    assert (made.track.codec, made.track.width_px, made.track.height_px) == ("V_MPEG4/ISO/ASP", 64, 48)
    assert made.track.private.startswith(b"\x00\x00\x01")
    assert len(made.packets) == len(made.keys) == PICTURES
    assert made.keys[0]
    packets = [Packet(n, data, key) for n, (data, key) in enumerate(zip(made.packets, made.keys, strict=True))]
    decoder = Decoder()
    for number in (0, 3, 4, 19, 7):
        assert number_of(decoder.picture(made.track, packets, number)) == number
    decoder.close()


def test_a_file_cut_at_any_byte_is_refused(film: bytes) -> None:
    for size in range(0, len(film), 7):
        with pytest.raises(ValueError, match="MP4"):
            read_mp4(film[:size])


def test_what_is_something_else_is_refused() -> None:
    for data in (b"", b"text that is long enough for a box", np.random.default_rng(1).bytes(500)):
        with pytest.raises(ValueError, match="MP4"):
            read_mp4(data)


def _box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(content), kind) + content


def made_by_hand(ctts: bytes = b"", kind: bytes = b"avc1") -> bytes:
    """H.264 in three chunks with 64-bit places, as Apple writes it; the packets are nonsense."""
    packets = [bytes([n]) * (5 + n) for n in range(5)]
    mdat = _box(b"mdat", b"".join(packets))
    entry = bytes(24) + struct.pack(">HH", 320, 240) + bytes(50) + _box(b"avcC", b"setup")
    sizes = [len(packet) for packet in packets]
    chunks = [8, 8 + sum(sizes[:2]), 8 + sum(sizes[:4])]
    table = (
        _box(b"stsd", struct.pack(">II", 0, 1) + _box(kind, entry))
        + _box(b"stsz", struct.pack(">III", 0, 0, 5) + struct.pack(">5I", *sizes))
        + _box(b"stsc", struct.pack(">II", 0, 2) + struct.pack(">6I", 1, 2, 1, 3, 1, 1))
        + _box(b"co64", struct.pack(">II", 0, 3) + struct.pack(">3Q", *chunks))
        + _box(b"stss", struct.pack(">III", 0, 1, 1))
        + ctts
    )
    moov = _box(b"moov", _box(b"trak", _box(b"mdia", _box(b"minf", _box(b"stbl", table)))))
    return mdat + moov


def test_several_chunks_and_long_places() -> None:
    made = read_mp4(made_by_hand())
    assert made.packets == tuple(bytes([n]) * (5 + n) for n in range(5))
    assert made.keys == (True, False, False, False, False)
    assert (made.track.codec, made.track.width_px, made.track.private) == ("V_MPEG4/ISO/AVC", 320, b"setup")


def test_pictures_out_of_order_are_refused() -> None:
    even = _box(b"ctts", struct.pack(">II", 0, 1) + struct.pack(">Ii", 5, 2))
    assert len(read_mp4(made_by_hand(even)).packets) == 5
    mixed = _box(b"ctts", struct.pack(">II", 0, 2) + struct.pack(">IiIi", 2, 0, 3, 2))
    with pytest.raises(ValueError, match="out of order"):
        read_mp4(made_by_hand(mixed))


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="of kind"):
        read_mp4(made_by_hand(kind=b"hvc1"))
