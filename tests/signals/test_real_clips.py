"""Tracker, shipped model and signals over real films: speech is no hesitation, a face that leaves is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from desktop_affect.core.ports import AffectModel
from desktop_affect.core.types import Affect, AlertPhase, ModelInfo, Sample, Seen
from desktop_affect.inference.catalog import Catalog
from desktop_affect.inference.load import build
from desktop_affect.inference.onnx_runtime import OnnxRuntime
from desktop_affect.inference.runtime import Machine
from desktop_affect.sources.video import VideoSource
from desktop_affect.system.clock import MonotonicClock
from desktop_affect.system.paths import HOME_VARIABLE, bundled
from desktop_affect.vision.crop import crop_face
from desktop_affect.vision.tracker import MediaPipeTracker
from tests.shared_data import shared
from tests.signals.made import chain, judged

LONG_S = 12.0


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "home"))


@pytest.fixture
def model(own_home: None) -> Iterator[AffectModel]:
    manifest, problems = Catalog(bundled("models"), Path("nobody's")).best()
    if manifest is None:
        pytest.skip(f"no model is installed: {problems}")
    made = build(manifest, "cpu", 1, Machine([OnnxRuntime()]))
    yield made
    made.close()


def analysed(
    film: Path, model: AffectModel | None, seconds: float = 3.8, *, mirrored: bool = False
) -> tuple[ModelInfo | None, list[Sample]]:
    """The first seconds as the analysis gives them to the signals."""
    source, tracker = VideoSource(film, clock=MonotonicClock()), MediaPipeTracker()
    info = model.open() if model else None
    samples = []
    try:
        source.open()
        tracker.open()
        while (frame := source.read()) is not None and frame.t_s < seconds:
            if mirrored:
                frame = replace(frame, pixels=np.ascontiguousarray(frame.pixels[:, ::-1]))
            face = tracker.track(frame)
            affect = model.estimate(crop_face(frame, face, info.crop)) if face and model and info else None
            seen = Seen.NO_FACE if face is None else Seen.FACE
            samples.append(Sample(frame.seq, frame.t_s, seen, frame.media_t_s, face, affect, affect))
    finally:
        tracker.close()
        source.close()
    return info, samples


def there_and_back(samples: list[Sample]) -> list[Sample]:
    """Three seconds played forwards and backwards, so that the rules have learnt the face's rest and speech goes on."""
    step_s = samples[1].t_s - samples[0].t_s
    once = [*samples, *samples[::-1]]
    times = round(LONG_S / (len(once) * step_s)) + 1
    return [replace(s, seq=k, t_s=k * step_s) for k, s in enumerate(once * times)]


def test_speech_is_no_hesitation(model: AffectModel) -> None:
    info, samples = analysed(shared("clips/grid/lbbc2a.mpg"), model)
    spoken = [s for s in samples if s.raw is not None]
    assert len(spoken) == len(samples)
    out, alerts = judged(chain(model=info), there_and_back(spoken))
    assert alerts == []
    assert max(s.cues["hesitancy"] for s in out) < 0.4


def test_a_face_that_leaves_is_told() -> None:
    _, samples = analysed(shared("clips/pyfeat/face_noface.mov"), None)
    through = chain({"alerts.rules": "face lost for 1 s"}, model=None)
    out, alerts = judged(through, samples)
    alerts += through.finish()
    gone_s = next(s.t_s for s in out if s.face is None)
    assert [(a.rule, a.phase) for a in alerts] == [
        ("face lost for 1 s", AlertPhase.BEGAN),
        ("face lost for 1 s", AlertPhase.ENDED),
    ]
    assert alerts[0].begin_s == pytest.approx(gone_s, abs=0.1)
    assert any(s.quality.usable for s in out)
    assert all(s.quality.reasons == ("no_face",) for s in out if s.face is None)


MIRRORED = (
    "intel_asl/bird.mkv",
    "pyfeat/single_face.mp4",
    "intel_headpose_gif/head-pose-face-detection-female-and-male.gif",
)


@pytest.mark.parametrize("name", MIRRORED)
def test_a_mirrored_film_says_the_same(name: str, model: AffectModel) -> None:
    """Those of 31 clips that a mirror moved most while the tracker looked at the picture alone: by up to 0.15."""
    film = shared(f"clips/{name}")
    straight, mirrored = ([s.raw for s in analysed(film, model, mirrored=way)[1]] for way in (False, True))
    assert any(said is not None for said in straight)
    for one, other in zip(straight, mirrored, strict=True):
        assert (one is None) == (other is None)
        if one is not None and other is not None:
            np.testing.assert_allclose(outputs(other), outputs(one), atol=0.1)


def outputs(said: Affect) -> list[float]:
    return [said.valence, said.arousal, *said.expressions.values(), *said.action_units.values()]
