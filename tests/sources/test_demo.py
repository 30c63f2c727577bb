"""The demo participant as a source."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_affect.core.errors import SourceError
from desktop_affect.core.types import SourceKind
from desktop_affect.sources.demo import DemoSource, truth
from tests.fakes import FakeClock
from tests.sources.films import NEEDS_FFMPEG, pattern


@NEEDS_FFMPEG
def test_demo_is_a_live_endless_participant(tmp_path: Path) -> None:
    film = pattern(tmp_path / "participant.mp4", fps=10, seconds=0.3)
    demo = DemoSource(clock=FakeClock(now_s=50.0), film=film)
    info = demo.open()
    got = [frame for _ in range(7) if (frame := demo.read()) is not None]
    demo.close()
    assert (info.kind, info.name, info.stable_id) == (SourceKind.DEMO, "Demo participant", "demo")
    assert info.live
    assert info.frame_count == 0
    assert [f.t_s for f in got] == pytest.approx([50 + k / 10 for k in range(7)])


def test_missing_demo_is_said(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="missing from this installation") as caught:
        DemoSource(clock=FakeClock(), film=tmp_path / "participant.mp4").open()
    assert "again" in caught.value.advice


def test_truth_is_columns_of_numbers(tmp_path: Path) -> None:
    table = tmp_path / "participant.csv"
    table.write_text("# rendered\nframe,time_s,part,yaw_deg\n0,0.0,neutral,1.5\n1,0.1,neutral,-2\n", encoding="utf-8")
    columns = truth(table)
    assert set(columns) == {"frame", "time_s", "yaw_deg"}
    assert columns["yaw_deg"].tolist() == [1.5, -2.0]
