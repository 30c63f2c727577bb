"""What is written is read back equal, by us and by FFmpeg; a file cut at any byte is read up to its last cluster."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from desktop_affect.session.matroska import (
    MOST_TICKS,
    TICK_S,
    Packet,
    Track,
    closing_patches,
    cluster,
    cues,
    layout,
)
from desktop_affect.session.matroska_index import FilmIndex, packets_in, read_index, read_packets
from desktop_affect.sources.film import Film
from desktop_affect.system.cv2_import import cv2
from tests.session.films import SIZE_PX, film_bytes, number_of

TRACK = Track("V_MPEG4/ISO/ASP", 640, 360, b"\x00\x00\x01 private")

PACKETS = st.lists(
    st.builds(Packet, st.integers(0, MOST_TICKS), st.binary(min_size=1, max_size=300), st.booleans()),
    min_size=1,
    max_size=8,
).map(lambda packets: sorted(packets, key=lambda packet: packet.ticks))


def index_of(path: Path) -> FilmIndex:
    with path.open("rb") as file:
        index = read_index(file)
    assert index is not None
    return index


@settings(max_examples=60, deadline=None)
@given(clusters=st.lists(PACKETS, max_size=4), begin=st.integers(0, 10**10))
def test_what_is_written_is_read_back_equal(
    clusters: list[list[Packet]], begin: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    shifted = [
        [Packet(begin + n * 10**6 + packet.ticks, packet.data, packet.key) for packet in packets]
        for n, packets in enumerate(clusters)
    ]
    path = tmp_path_factory.mktemp("film") / "f.mkv"
    path.write_bytes(layout(TRACK, "test").head + b"".join(map(cluster, shifted)))
    index = index_of(path)
    with path.open("rb") as file:
        assert [read_packets(file, place) for place in index.clusters] == shifted
    assert index.track == TRACK
    assert index.tick_s == pytest.approx(TICK_S)
    assert index.whole_end == index.size
    assert not index.stated


def test_a_film_cut_at_any_byte_is_read_up_to_its_last_whole_cluster(tmp_path: Path) -> None:
    head = layout(TRACK, "test").head
    clusters = [cluster([Packet(n * 1000 + k, bytes([n, k]) * 5, k == 0) for k in range(3)]) for n in range(3)]
    whole = head + b"".join(clusters)
    path = tmp_path / "f.mkv"
    for size in range(len(whole) + 1):
        path.write_bytes(whole[:size])
        with path.open("rb") as file:
            index = read_index(file)
        if index is None:
            assert size < len(head)
            continue
        ends = [len(head) + sum(map(len, clusters[:n])) for n in range(4)]
        assert len(index.clusters) == sum(end <= size for end in ends[1:])
        assert index.whole_end == max(end for end in ends if end <= size)


def test_the_whole_pictures_of_a_torn_cluster_are_found() -> None:
    packets = [Packet(n, bytes(40), key=True) for n in range(3)]
    content = cluster(packets)[6:]  # behind its id and size
    assert packets_in(content, 0) == packets
    assert packets_in(content[:-1], 0) == packets[:2]


@settings(max_examples=150, deadline=None)
@given(junk=st.binary(max_size=40), whole=st.booleans())
def test_what_stands_behind_the_pictures_costs_none_of_them(
    junk: bytes, whole: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    packets = [Packet(k, bytes(9), key=True) for k in range(3)]
    film = layout(TRACK, "test").head + cluster(packets)
    path = tmp_path_factory.mktemp("film") / "f.mkv"
    path.write_bytes(film + junk if whole else film[:-5] + junk)
    with path.open("rb") as file:
        index = read_index(file)
        assert index is not None
        if whole:
            assert read_packets(file, index.clusters[0]) == packets


@settings(max_examples=150, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(data=st.data())
def test_a_head_with_a_wrong_byte_is_a_film_or_none(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    film = bytearray(layout(TRACK, "test").head + cluster([Packet(0, bytes(9), key=True)]))
    film[data.draw(st.integers(0, len(film) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.mktemp("film") / "f.mkv"
    path.write_bytes(film)
    with path.open("rb") as file:
        index = read_index(file)
        assert index is None or all(isinstance(read_packets(file, place), list) for place in index.clusters)


OLD_HEAD = bytes.fromhex(
    "1a45dfa3a34286810142f7810142f2810442f381084282886d6174726f736b61428781044285810218538067"
    "01ffffffffffffffeca600000000000000000000000000000000000000000000000000000000000000000000"
    "000000001549a9669e2ad7b1830186a04d80836f6c645741836f6c64ec890000000000000000001654ae6bab"
    "aea9d7810173c581018381019c81008687565f4d4a50454763a2880170726976617465e086b08140ba8130"
)
OLD_CLUSTER = bytes.fromhex("1f43b67596e7827530a387810000806f6e65a38781014d0074776f")


def test_a_film_of_the_first_version_opens(tmp_path: Path) -> None:
    """Its rooms were filled with zeros; written before a library put the elements together."""
    path = tmp_path / "f.mkv"
    path.write_bytes(OLD_HEAD + OLD_CLUSTER)
    with path.open("rb") as file:
        index = read_index(file)
        assert index is not None
        assert index.track == Track("V_MJPEG", 64, 48, b"\x01private")
        packets = read_packets(file, index.clusters[0])
    assert packets == [Packet(30000, b"one", key=True), Packet(30333, b"two", key=False)]
    rooms_emptied = re.sub(rb"\xff{9,}", lambda room: bytes(len(room[0])), layout(index.track, "old").head)
    assert (rooms_emptied, cluster(packets)) == (OLD_HEAD, OLD_CLUSTER)


def test_what_is_no_film_is_none(tmp_path: Path) -> None:
    for content in (b"", b"text", bytes(100), b"\x1a\x45\xdf\xa3", b"\xff" * 64):
        (tmp_path / "f").write_bytes(content)
        with (tmp_path / "f").open("rb") as file:
            assert read_index(file) is None


@pytest.mark.parametrize("closed", [False, True])
def test_ffmpeg_reads_every_picture_with_its_time(tmp_path: Path, closed: bool) -> None:
    rng = np.random.default_rng(3)
    times_s = np.cumsum(np.concatenate([[0.0], rng.uniform(0.005, 0.09, 23)])).round(4).tolist()
    path = tmp_path / "film.mkv"
    path.write_bytes(film_bytes(times_s))
    if closed:
        close_by_hand(path, round(times_s[-1] / TICK_S))
        assert index_of(path).stated
        assert index_of(path).cues_at is not None
    film = Film(path)
    shown = []
    while (frame := film.next()) is not None:
        shown.append((number_of(frame.pixels), frame.time_s))
    film.close()
    assert [number for number, _ in shown] == list(range(24))
    assert [t_s for _, t_s in shown] == pytest.approx(times_s, abs=1e-4)


def close_by_hand(path: Path, duration_ticks: int) -> None:
    index = index_of(path)
    data = bytearray(path.read_bytes())
    cues_at = len(data)
    data += cues((place.ticks, place.at - index.segment_at) for place in index.clusters)
    for at, patch in closing_patches(layout(Track("V_MJPEG", *SIZE_PX), "test"), cues_at, len(data), duration_ticks):
        data[at : at + len(patch)] = patch
    path.write_bytes(data)


def test_a_closed_film_states_its_duration(tmp_path: Path) -> None:
    path = tmp_path / "film.mkv"
    path.write_bytes(film_bytes([n / 10 for n in range(20)]))
    close_by_hand(path, 20_000)
    capture = cv2.VideoCapture(str(path))
    fps, frames = capture.get(cv2.CAP_PROP_FPS), capture.get(cv2.CAP_PROP_FRAME_COUNT)
    capture.release()
    assert frames / fps == pytest.approx(2.0, abs=0.1)
