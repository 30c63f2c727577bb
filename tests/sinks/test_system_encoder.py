"""The system's encoder, on Linux for real: every picture at its time, nothing left behind, no trust without a test."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from desktop_affect.core.errors import SessionError
from desktop_affect.core.types import Fault, Frame, RgbImage
from desktop_affect.session.film_decoder import Decoder
from desktop_affect.session.film_reader import FilmReader
from desktop_affect.session.format import FILM_FILE, GROUP_FILE
from desktop_affect.session.matroska import Packet, Track
from desktop_affect.session.plan import FilmConsent
from desktop_affect.sinks import system_encoder
from desktop_affect.sinks.film_encoder import JpegEncoder, encoders
from desktop_affect.sinks.film_inbox import FilmInbox, Shot
from desktop_affect.sinks.film_recording import FilmRecording
from desktop_affect.sinks.film_words import FilmOutside
from desktop_affect.sinks.system_encoder import SystemEncoder
from desktop_affect.sources.film import Film
from tests.fakes import FakeClock
from tests.session.films import number_of, numbered
from tests.session.recorded import record
from tests.session.samples import bare_sample
from tests.sinks.disks import TroubledDisk

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the encoders of other systems are not to be had here")
SIZE_PX = (64, 48)


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system_encoder, "TEST_DEADLINE_S", 60.0)


def group(encoder: SystemEncoder, numbers: range) -> list[Packet]:
    for number in numbers:
        assert encoder.encode(numbered(number), 1000 + 333 * number) == []
    return encoder.end_group()


def test_groups_stand_by_themselves_and_nothing_is_left(tmp_path: Path) -> None:
    encoder = SystemEncoder(*SIZE_PX, tmp_path)
    decoder = Decoder()
    for numbers in (range(8), range(8, 20), range(20, 21)):
        packets = group(encoder, numbers)
        assert [packet.ticks for packet in packets] == [1000 + 333 * number for number in numbers]
        assert packets[0].key
        assert [number_of(decoder.picture(encoder.track(), packets, n)) for n in range(len(numbers))] == list(numbers)
        assert list(tmp_path.iterdir()) == []
    decoder.close()
    assert encoder.end_group() == []
    encoder.encode(numbered(1), 9999)
    assert (tmp_path / GROUP_FILE).exists()
    encoder.close()
    encoder.close()
    assert list(tmp_path.iterdir()) == []


def test_an_encoder_that_mixes_colours_up_is_not_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Mixed(Decoder):
        def picture(self, track: Track, packets: list[Packet], number: int) -> RgbImage | None:
            shown = super().picture(track, packets, number)
            return None if shown is None else shown[:, :, ::-1]

    monkeypatch.setattr(system_encoder, "Decoder", Mixed)
    with pytest.raises(SessionError, match="does not give back"):
        SystemEncoder(*SIZE_PX, tmp_path)


def test_an_encoder_that_is_too_slow_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system_encoder, "TEST_DEADLINE_S", -1.0)
    with pytest.raises(SessionError, match="needed"):
        SystemEncoder(*SIZE_PX, tmp_path)


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_encoders_of_other_systems_are_not_to_be_had_here(tmp_path: Path, platform: str) -> None:
    with pytest.raises(SessionError, match="not to be had"):
        SystemEncoder(*SIZE_PX, tmp_path, platform)


def test_an_encoder_that_loses_a_picture_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    encoder = SystemEncoder(*SIZE_PX, tmp_path)
    encoder.encode(numbered(1), 1)
    encoder._ticks.append(2)
    with pytest.raises(SessionError, match="made 1 pictures of 2"):
        encoder.end_group()
    encoder.close()


def test_a_folder_that_is_gone_is_told(tmp_path: Path) -> None:
    with pytest.raises(SessionError, match="not to be had"):
        SystemEncoder(*SIZE_PX, tmp_path / "gone")


def test_a_film_of_groups_is_read_by_time_and_by_ffmpeg(tmp_path: Path) -> None:
    """Irregular times, a picture a row, as the recording writes them."""
    folder = record(tmp_path / "s", [bare_sample()])
    inbox, clock, faults = FilmInbox(waits=False), FakeClock(), list[Fault]()
    outside = FilmOutside(TroubledDisk(), clock, faults.append, encoders(compact=True))
    film = FilmRecording(FilmConsent.WHOLE, inbox, outside)
    film.begin(folder, lambda: 100.0)
    times_s = [n * 0.04 + (n % 3) * 0.007 for n in range(60)]
    for seq, t_s in enumerate(times_s):
        inbox.put(Shot(bare_sample(seq, 100 + t_s), Frame(seq, 100 + t_s, numbered(seq % 25))))
        film.step()
    inbox.close()
    assert film.finish()
    facts = film.facts()
    assert (facts["encoders"], facts["codecs"], facts["dropped"]) == (["MPEG-4 (FFmpeg)"], ["V_MPEG4/ISO/ASP"], 0)
    assert faults == []
    with FilmReader.open(folder) or pytest.fail("no film") as shown:
        assert shown.times() == pytest.approx(times_s, abs=1e-4)
        for seq in (0, 1, 2, 59, 30, 31, 29, 7):
            assert number_of(shown.frame_at(times_s[seq])) == seq % 25
    whole, seen = Film(folder / FILM_FILE), []
    while (frame := whole.next()) is not None:
        seen.append(frame.time_s)
    whole.close()
    assert seen == pytest.approx(times_s, abs=1e-4)
    assert sorted(path.name for path in folder.glob(".*")) == []


def test_the_compact_form_has_the_robust_one_behind_it() -> None:
    assert encoders() == (JpegEncoder,)
    assert encoders(compact=True) == (SystemEncoder, JpegEncoder)
