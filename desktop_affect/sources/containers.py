"""What the bytes of a film file tell before anything is decoded: text in disguise, and recordings that were cut off.

FFmpeg reads what is left of a cut file and then reports an ordinary end, and it shows plain text as a scrolling film.
Neither may pass for a film that was analysed whole, so the sizes that the containers state are held against the file.
"""

from __future__ import annotations

import os
import struct
from enum import Enum
from pathlib import Path
from typing import BinaryIO

_MP4_BOXES = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip")
_MP4_CONTENT = (b"moov", b"mdat", b"moof")
_EBML, _SEGMENT = 0x1A45DFA3, 0x18538067
# Enough to tell text from a container: every container has a zero byte among its first sizes and counters.
_SNIFF_BYTES = 4096


def is_text(path: Path) -> bool:
    """True for plain text, which FFmpeg would play as a film of a terminal."""
    with path.open("rb") as file:
        head = file.read(_SNIFF_BYTES)
    return bool(head) and b"\0" not in head and not head.startswith((b"GIF8", b"\xff\xd8"))


def damage(path: Path) -> str:
    """What is missing from the file, as a sentence; empty when its container says that it is whole, or says nothing."""
    with path.open("rb") as file:
        head = file.read(16)
        file.seek(0)
        if head[4:8] in _MP4_BOXES:
            return _mp4_damage(file)
        if head[:4] == _EBML.to_bytes(4, "big"):
            return _missing(_matroska_bytes(file), _length(file))
        if head[:4] == b"RIFF" and len(head) >= 8:
            return _missing(struct.unpack("<I", head[4:8])[0] + 8, _length(file))
    return ""


def _length(file: BinaryIO) -> int:
    return os.fstat(file.fileno()).st_size


def _missing(stated: int, there: int) -> str:
    if stated <= there:
        return ""
    return f"The file breaks off: {max(1, round(100 * (stated - there) / stated))} % of it is missing."


def _mp4_damage(file: BinaryIO) -> str:
    """Walk the top-level boxes: each states its size, the index (`moov`) must be among them."""
    there, offset, indexed = _length(file), 0, False
    while offset + 8 <= there:
        size, kind = _mp4_box(file, offset)
        # What some cameras append behind the last box is no box, whatever size it seems to state.
        if size < 8 or (offset + size > there and kind not in _MP4_CONTENT):
            break
        indexed = indexed or kind == b"moov"
        offset += size
    if not indexed:
        return "The recording was not finished: the index at its end is missing."
    return _missing(offset, there)


def _mp4_box(file: BinaryIO, offset: int) -> tuple[int, bytes]:
    """Size and kind of the box there; a size of 0 reaches to the end of the file, 1 announces a 64-bit size."""
    file.seek(offset)
    size, kind = struct.unpack(">I4s", file.read(8))
    if size == 1:
        long_size = file.read(8)
        return (struct.unpack(">Q", long_size)[0] if len(long_size) == 8 else 0), kind
    return (size or _length(file) - offset), kind


def _matroska_bytes(file: BinaryIO) -> int:
    """Where the segment ends by its own word; 0 when it was written as a stream and does not say."""
    file.seek(4)
    header = _varint(file)
    if header is None:
        return 0
    file.seek(header, os.SEEK_CUR)
    if int.from_bytes(file.read(4), "big") != _SEGMENT:
        return 0
    size = _varint(file)
    return 0 if size is None else file.tell() + size


def _varint(file: BinaryIO) -> int | None:
    """Matroska's length: the leading zeros of the first byte count the bytes that follow; all ones mean unknown."""
    first = file.read(1)
    if not first or first[0] == 0:
        return None
    extra = 8 - first[0].bit_length()
    value = int.from_bytes(bytes([first[0] ^ (1 << (7 - extra))]) + file.read(extra), "big")
    unknown = (1 << (7 * (extra + 1))) - 1
    return None if value == unknown else value


class Content(Enum):
    """What the first bytes of a file say it is."""

    PICTURE = "picture"
    FILM = "film"
    UNKNOWN = "unknown"


_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"II*\0", b"MM\0*", b"P5\n", b"P6\n", b"\0\0\0\x0cjP  ")
_FILMS = (
    _EBML.to_bytes(4, "big"), b"\0\0\x01\xba", b"\0\0\x01\xb3", b"FLV\x01", b"\x30\x26\xb2\x75", b"GIF8",
    b"\x06\x0e\x2b\x34", b".RMF",
)  # fmt: skip
_BRANDS = {
    **dict.fromkeys((b"heic", b"heix", b"mif1", b"avif", b"msf1"), Content.PICTURE),
    **dict.fromkeys((b"M4A ", b"M4B "), Content.UNKNOWN),  # sound
}


def content_of(path: Path) -> Content:
    """UNKNOWN also for a file that cannot be read: whoever opens it tells why."""
    try:
        with path.open("rb") as file:
            head = file.read(16)
    except OSError:
        return Content.UNKNOWN
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], Content.FILM)
    if head[:4] == b"RIFF":
        return {b"WEBP": Content.PICTURE, b"AVI ": Content.FILM}.get(head[8:12], Content.UNKNOWN)
    if head.startswith(_PICTURES) or (head.startswith(b"BM") and head[6:10] == b"\0\0\0\0"):
        return Content.PICTURE
    return Content.FILM if head[4:8] in _MP4_BOXES or head.startswith(_FILMS) else Content.UNKNOWN
