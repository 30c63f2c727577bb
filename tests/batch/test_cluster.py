"""A real Dask cluster on the loopback: the same rows as one process here, also when a worker is killed."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import tarfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest

from desktop_affect.core.errors import AffectError, SettingsError
from desktop_affect.session.format import SAMPLE_COLUMNS
from desktop_affect.session.reader import read_session
from tests.batch.films import face_film, faces, recipe, write_film
from tests.batch.test_analyst import TIMINGS

pytest.importorskip("distributed", reason="needs the extra “cluster”")
pytestmark = [pytest.mark.skipif(os.name == "nt", reason="kills with signals"), pytest.mark.timeout(900)]

ROOT = Path(__file__).resolve().parents[2]
# Seconds of work, on a machine that may give it a twentieth of its time.
PATIENCE_S = 400.0


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """One home for all, so that the device is measured once."""
    home = tmp_path_factory.mktemp("home")
    (home / "config").mkdir()
    settings = {"schema": 1, "values": {"model.device": "cpu"}}
    (home / "config" / "settings.json").write_text(json.dumps(settings))
    paths = {"PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])}
    return {
        **os.environ,
        **paths,
        "DESKTOP_AFFECT_HOME": str(home),
        "DASK_DISTRIBUTED__ADMIN__LOW_LEVEL_LOG_LENGTH": "0",
    }


@pytest.fixture(scope="module")
def cluster(home: dict[str, str]) -> Iterator[tuple[psutil.Process, str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.batch.local_cluster", "2"],
        env=home,
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    address = process.stdout.readline().strip()
    assert address.startswith("tcp://127.0.0.1:")
    yield psutil.Process(process.pid), address
    process.communicate(timeout=60)


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("films")
    face_film(folder / "a.mp4", 12)
    write_film(folder / "long.mp4", faces(20) * 8)
    (folder / "empty.mp4").write_bytes(b"")
    return folder


def analyze(home: dict[str, str], films: Path, out: Path, *words: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "desktop_affect", "analyze", str(films), "--output", str(out), "--json", *words]
    return subprocess.Popen(command, env=home, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def outcomes(process: subprocess.Popen[str]) -> dict[str, str]:
    told, _ = process.communicate(timeout=PATIENCE_S)
    events = [json.loads(line) for line in told.splitlines()]
    return {Path(event["path"]).name: event["state"] for event in events if event["event"] == "film"}


@pytest.fixture(scope="module")
def here(home: dict[str, str], films: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What one process of this machine makes of the films."""
    out = tmp_path_factory.mktemp("here") / "out"
    assert set(outcomes(analyze(home, films, out, "--jobs", "1"))) == {"a.mp4", "long.mp4", "empty.mp4"}
    return out


def assert_same_rows(one: Path, two: Path) -> None:
    for name in ("a", "long"):
        ours, theirs = read_session(one / name), read_session(two / name)
        for column in SAMPLE_COLUMNS:
            if column.name not in TIMINGS:
                np.testing.assert_array_equal(ours[column.name], theirs[column.name], err_msg=column.name)


DONE = {"a.mp4": "done", "long.mp4": "done", "empty.mp4": "failed"}


def test_a_shared_folder_and_a_killed_worker(
    home: dict[str, str], films: Path, here: Path, tmp_path: Path, cluster: tuple[psutil.Process, str]
) -> None:
    process, address = cluster
    out = tmp_path / "out"
    running = analyze(home, films, out, "--scheduler", address)
    kill_whoever_writes(process, out)
    assert outcomes(running) == DONE
    assert running.returncode == 1  # one film is empty
    assert_same_rows(here, out)
    assert (out / "index.html").is_file()


def kill_whoever_writes(cluster: psutil.Process, out: Path) -> None:
    """The worker that has the rows of the long film open."""
    until_s = time.monotonic() + PATIENCE_S
    while time.monotonic() < until_s:
        for child in cluster.children(recursive=True):
            try:
                files = [file.path for file in child.open_files()]
            except psutil.Error:
                continue
            if any(str(out) in name and name.endswith("samples.csv") for name in files):
                os.kill(child.pid, signal.SIGKILL)
                return
        time.sleep(0.01)
    pytest.fail("nobody wrote")


def test_sessions_are_sent_back(
    home: dict[str, str], films: Path, here: Path, tmp_path: Path, cluster: tuple[psutil.Process, str]
) -> None:
    out = tmp_path / "out"
    words = ("--scheduler", cluster[1], "--stream-back")
    assert outcomes(analyze(home, films, out, *words)) == DONE
    assert_same_rows(here, out)
    again = analyze(home, films, out, *words, "--resume", "--format", "csv")
    assert outcomes(again) == DONE
    assert len(list(out.glob("*/exports/*.csv"))) == 2


def test_no_cluster_there_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from desktop_affect.batch import cluster

    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(SettingsError, match="Dask is not installed"):
        cluster.ClusterCrew("tcp://127.0.0.1:9", recipe(), tmp_path, back=False)


def test_what_comes_back_stays_in_its_place(tmp_path: Path) -> None:
    from desktop_affect.batch.cluster import unpack

    memory = io.BytesIO()
    with tarfile.open(fileobj=memory, mode="w:gz") as archive:
        archive.addfile(tarfile.TarInfo("a/../../elsewhere"), io.BytesIO())
    with pytest.raises(AffectError, match="no session"):
        unpack(memory.getvalue(), "a", tmp_path / "out")
    assert [path.name for path in tmp_path.rglob("*")] == ["out", ".unfinished"]
