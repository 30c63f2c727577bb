"""`desktop-affect analyze`: exit codes, words, JSON lines, resuming, Ctrl-C."""

from __future__ import annotations

import csv
import json
import signal
from pathlib import Path

import pytest

from desktop_affect.batch import batch as batch_module
from desktop_affect.batch.jobs import Outcome, Progress
from desktop_affect.cli import analyze
from desktop_affect.cli import main as front
from tests.batch.films import face_film, faces, pin, write_film

pytestmark = pytest.mark.timeout(600)  # worker processes, on machines that may be busy


@pytest.fixture(autouse=True)
def known_device(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is measured."""
    monkeypatch.setattr("desktop_affect.inference.pinned.choose_pin", lambda settings: pin())


@pytest.fixture
def films(tmp_path: Path) -> Path:
    folder = tmp_path / "films"
    folder.mkdir()
    face_film(folder / "a.mp4", 12)
    write_film(folder / "b.mp4", faces(12, 300))
    return folder


def summary(root: Path) -> dict[str, dict[str, str]]:
    with (root / "summary.csv").open(encoding="utf-8", newline="") as file:
        return {row["film"]: row for row in csv.DictReader(file)}


def lines(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


def test_films_in_tables_out_and_resuming(films: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    words = ["analyze", str(films), "--output", str(out), "--jobs", "1"]
    assert front.main(words) == 0
    told = capfd.readouterr()
    assert "times real time" in told.out
    assert "a.mp4  12 frames  face 100%" in told.err
    rows = summary(out)
    assert list(rows) == ["a.mp4", "b.mp4"]
    assert rows["a.mp4"]["frames"] == "12"
    assert float(rows["a.mp4"]["face_share"]) == 1
    assert (out / "a" / "session.json").is_file()

    assert front.main(words) == 1
    assert "already holds 2 analysed films" in capfd.readouterr().err

    before = (out / "a" / "samples.csv").stat().st_mtime_ns
    (films / "c.mp4").write_bytes(b"")
    (films / "b.mp4").rename(films / "renamed.mp4")
    assert front.main([*words, "--resume", "--format", "csv", "--json"]) == 1
    events = lines(capfd.readouterr().out)
    assert events[0] == {"event": "begin", "films": 3, "skipped": 0}  # both lack the export
    end = events[-1]
    assert end["event"] == "end"
    assert [problem["problem"] for problem in end["problems"]] == ["“c.mp4” is empty (0 bytes)."]  # type: ignore[attr-defined]
    assert (out / "a" / "samples.csv").stat().st_mtime_ns == before
    assert len(list(out.glob("*/exports/*.csv"))) == 2
    assert list(summary(out)) == ["a.mp4", "b.mp4", "c.mp4"]

    assert front.main([*words, "--resume", "--format", "csv", "--json"]) == 1
    assert lines(capfd.readouterr().out)[0] == {"event": "begin", "films": 1, "skipped": 2}


def test_another_way_of_analysing_puts_the_old_session_away(
    films: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    words = ["analyze", str(films / "a.mp4"), "--output", str(out), "--jobs", "1", "--resume"]
    assert front.main(words) == 0
    assert front.main([*words, "--thumbnails", "blurred"]) == 0
    assert (out / "a" / "thumbnail.jpg").is_file()
    assert [path.name for path in (out / ".trash").iterdir()] == ["a"]
    face_film(films / "a.mp4", 8)  # the film itself has changed
    assert front.main([*words, "--thumbnails", "blurred"]) == 0
    assert summary(out)["a.mp4"]["frames"] == "8"
    capfd.readouterr()


def test_ctrl_c_keeps_what_is_finished(
    films: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    hear = batch_module.Batch._hear

    def press(self: batch_module.Batch, happening: Progress | Outcome, listener: batch_module.Listener) -> None:
        hear(self, happening, listener)
        if isinstance(happening, Outcome):
            signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(batch_module.Batch, "_hear", press)
    out = tmp_path / "out"
    assert front.main(["analyze", str(films), "--output", str(out), "--jobs", "1"]) == analyze.INTERRUPTED
    assert "go on with --resume" in capfd.readouterr().out
    assert list(summary(out)) == ["a.mp4"]
    monkeypatch.undo()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--resume"], "none is named"),
        (["--baseline", "first:500s"], "first 1 to 60 seconds"),
        (["--baseline", "nothing.json"], "cannot be read"),
    ],
)
def test_what_cannot_be_is_told_before_anything_is_done(
    films: Path, words: list[str], told: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert front.main(["analyze", str(films), *words]) == 1
    assert told in capfd.readouterr().err


def test_the_neutral_face_of_another_model_is_refused(
    films: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    from desktop_affect.signals.baseline import _baseline

    known = _baseline("another 1.0", 10.0, 300, {"valence": 0.1}, {"valence": 0.01})
    (tmp_path / "neutral.json").write_text(json.dumps(known.to_dict()))
    out = tmp_path / "out"
    words = ["analyze", str(films), "--output", str(out), "--baseline", str(tmp_path / "neutral.json")]
    assert front.main(words) == 1
    assert "measured with another 1.0" in capfd.readouterr().err
    assert not out.exists()
