"""The recorder as the fan-out uses it: a thread of its own, a folder, rows, events, a footer."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from desktop_affect.core.errors import SessionError
from desktop_affect.core.types import NAN, Alert, AlertPhase, Fault, Marker, Severity
from desktop_affect.session.baselines import BaselineStore
from desktop_affect.session.plan import Consent, FilmConsent, SessionPlan
from desktop_affect.session.reader import read_session
from desktop_affect.sinks import inbox as inbox_module
from desktop_affect.sinks.inbox import Inbox
from desktop_affect.sinks.recorder import Recorder
from desktop_affect.sinks.recording import RecorderState
from tests.fakes import FakeClock, clock_pair
from tests.session.samples import bare_sample, full_sample, start
from tests.signals.made import affect
from tests.signals.test_baseline import at_rest
from tests.sinks.disks import TroubledDisk


@dataclass
class Setup:
    root: Path
    disk: TroubledDisk = field(default_factory=TroubledDisk)
    faults: list[Fault] = field(default_factory=list)
    report: Callable[[Fault], None] | None = None
    baseline_of: Callable[[], Mapping[str, object] | None] = lambda: None

    def recorder(self) -> Recorder:
        plan = SessionPlan(self.root, "Calm", "P07", "B", Consent(FilmConsent.NONE, "form 3"))
        report = self.report or self.faults.append
        return Recorder(
            plan,
            clock=FakeClock(),
            report=report,
            ops=self.disk,
            read_clocks=clock_pair,
            baseline_of=self.baseline_of,
        )


@pytest.fixture
def setup(tmp_path: Path) -> Setup:
    return Setup(tmp_path)


def test_records_rows_events_and_a_footer(setup: Setup) -> None:
    recorder = setup.recorder()
    assert (recorder.state, recorder.folder) == (RecorderState.IDLE, None)
    recorder.open(start())
    for seq in range(50):
        recorder.on_sample(full_sample(seq, 100 + seq / 25), None)
    recorder.on_event(Marker(101.0, "stimulus"))
    recorder.on_event(Alert(1, AlertPhase.BEGAN, "hesitancy", 101.0, 101.0, NAN, 0.7, 0.5, ("lips",)))
    recorder.on_event(Fault(101.5, "camera", Severity.WARNING, "gone"))
    recorder.on_event(Fault(NAN, "camera", Severity.NOTICE, "nobody knows when"))
    recorder.close()
    recorder.close()
    assert recorder.state is RecorderState.CLOSED
    assert recorder.rows_written == 50
    assert recorder.lost_rows == 0
    folder = recorder.folder
    assert folder is not None
    assert folder.parent == setup.root / "Calm" / "P07"
    assert recorder.size_bytes == sum(p.stat().st_size for p in folder.iterdir() if p.name != "session.json")
    assert (folder / "markers.csv").read_text() == "t_s,kind,text\n1.000000,marker,stimulus\n"
    assert [event["t_s"] for event in read_session(folder).events] == [1.5, None]
    header = json.loads((folder / "session.json").read_text(encoding="utf-8"))
    assert (header["state"], header["participant"], header["consent"]["note"]) == ("closed", "P07", "form 3")
    assert header["clock"]["origin_s"] == 100.0
    assert header["source"]["measured_fps"] == 25.0
    assert header["end"] == {
        "reason": "stopped", "rows": 50, "duration_s": 1.96, "measured_fps": 25.0, "faces": 50, "skipped": 0,
        "missing": 0, "lost_rows": 0, "markers": 1, "alerts": 1, "faults": 2,
    }  # fmt: skip
    assert setup.faults == []


def test_a_session_counts_its_own_alerts(setup: Setup) -> None:
    """Recorded in the middle of a run that had six of them before."""
    recorder = setup.recorder()
    recorder.open(start())
    recorder.on_sample(full_sample(0, 100.0), None)
    for number, phase in ((7, AlertPhase.BEGAN), (9, AlertPhase.BEGAN), (7, AlertPhase.ENDED), (9, AlertPhase.ENDED)):
        recorder.on_event(Alert(number, phase, "hesitancy", 100.0, 100.0, NAN, 0.7, 0.5, ("lips",)))
    recorder.close()
    assert recorder.folder is not None
    lines = (recorder.folder / "alerts.csv").read_text().splitlines()[1:]
    assert [line.split(",")[0] for line in lines] == ["1", "2", "1", "2"]
    assert json.loads((recorder.folder / "session.json").read_text())["end"]["alerts"] == 2


def test_the_header_is_there_before_the_first_row(setup: Setup) -> None:
    recorder = setup.recorder()
    recorder.open(start())
    assert recorder.wait_open(10)
    assert recorder.folder is not None
    header = json.loads((recorder.folder / "session.json").read_text())
    assert (header["state"], header["schema"], header["model"]["name"]) == ("recording", 1, "scripted")
    assert header["end"] is None
    recorder.close()


def test_sessions_of_the_same_second_do_not_collide(setup: Setup) -> None:
    folders = set()
    for _ in range(3):
        recorder = setup.recorder()
        recorder.open(start())
        recorder.close()
        folders.add(recorder.folder)
    assert len(folders) == 3


def test_a_session_without_a_frame_is_whole(setup: Setup) -> None:
    recorder = setup.recorder()
    recorder.open(start())
    recorder.on_event(Marker(100.5, "nobody came"))
    recorder.close()
    assert recorder.folder is not None
    assert "0.500000,marker,nobody came" in (recorder.folder / "markers.csv").read_text()
    header = json.loads((recorder.folder / "session.json").read_text())
    assert header["end"]["rows"] == 0
    assert header["end"]["duration_s"] is None


def test_faults_of_an_offline_film_have_no_time_on_the_films_clock(setup: Setup) -> None:
    recorder = setup.recorder()
    recorder.open(start(live=False))
    recorder.on_sample(full_sample(0, 0.0), None)
    recorder.on_event(Fault(5000.0, "model", Severity.NOTICE, "slow"))
    recorder.close()
    assert recorder.folder is not None
    (event,) = read_session(recorder.folder).events
    assert (event["t_s"], event["row"]) == (None, 1)


def test_the_analysis_does_not_wait_for_a_disk_that_stands_still(setup: Setup) -> None:
    recorder = setup.recorder()
    recorder.open(start())
    assert recorder.wait_open(10)
    setup.disk.moving.clear()
    recorder.on_sample(full_sample(0, 100.0), None)
    assert setup.disk.held.wait(10)
    for seq in range(1, 300):  # ten seconds of a camera, while the recorder's thread hangs in a write
        recorder.on_sample(full_sample(seq, 100 + seq / 30), None)
    setup.disk.moving.set()
    recorder.close()
    assert recorder.rows_written == 300
    assert recorder.lost_rows == 0


def test_rows_reach_the_system_while_the_disk_is_busy_with_a_sync(setup: Setup) -> None:
    recorder = setup.recorder()
    recorder.open(start())
    assert recorder.wait_open(10)
    setup.disk.syncing.clear()
    recorder.on_sample(full_sample(0, 100.0), None)
    assert setup.disk.sync_held.wait(10)
    setup.disk.written.clear()
    recorder.on_sample(full_sample(1, 100.1), None)
    assert setup.disk.written.wait(10)
    assert recorder.folder is not None
    assert (recorder.folder / "samples.csv").read_bytes().count(b"\n") == 3
    setup.disk.syncing.set()
    recorder.close()
    assert recorder.state is RecorderState.CLOSED


def test_rows_that_are_refused_are_told_once_and_counted(setup: Setup, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox_module.Inbox.__init__, "__defaults__", (5, 10))
    recorder = setup.recorder()
    recorder.open(start())
    assert recorder.wait_open(10)
    setup.disk.moving.clear()
    recorder.on_sample(full_sample(0, 100.0), None)
    assert setup.disk.held.wait(10)
    for seq in range(1, 9):
        recorder.on_sample(full_sample(seq, 100 + seq / 30), None)
    assert len(setup.faults) == 1
    assert "from frame 6 on" in setup.faults[0].message
    setup.disk.moving.set()
    recorder.close()
    assert (recorder.rows_written, recorder.lost_rows) == (6, 3)


def test_a_recording_that_was_stopped_before_it_began_does_not_begin(setup: Setup) -> None:
    recorder = setup.recorder()
    recorder.close()
    recorder.open(start())
    recorder.on_sample(full_sample(0, 100.0), None)
    assert recorder.state is RecorderState.IDLE
    assert list(setup.root.iterdir()) == []


def test_the_baselines_behind_the_rows_are_kept(setup: Setup) -> None:
    one, two = at_rest(affect(0.25)), at_rest(affect(0.5))
    in_force = [one.to_dict()]
    setup.baseline_of = lambda: in_force[-1]
    recorder = setup.recorder()
    recorder.open(start())
    for seq, name in enumerate(("", one.id, one.id, two.id, "stale", two.id)):
        if name == two.id:
            in_force.append(two.to_dict())
        recorder.on_sample(replace(bare_sample(seq, 100.0 + seq), baseline_id=name), None)
    recorder.close()
    assert recorder.folder is not None
    session = read_session(recorder.folder)
    assert {key: known["centre"]["valence"] for key, known in session.baselines.items()} == {one.id: 0.25, two.id: 0.5}
    assert [event["id"] for event in session.events] == [one.id, two.id, two.id]
    assert [(used["id"], used["from_row"]) for used in session.header["baselines"]] == [(one.id, 1), (two.id, 3)]
    shelf = BaselineStore(setup.root).shelf("Calm", "P07")
    assert {stored.baseline.id for stored in shelf.stored} == {one.id, two.id}


@pytest.mark.expected_log
def test_a_baseline_that_cannot_be_read_is_told_and_recording_goes_on(setup: Setup) -> None:
    setup.baseline_of = lambda: {"id": "b1"}
    recorder = setup.recorder()
    recorder.open(start())
    for seq in range(3):
        recorder.on_sample(replace(bare_sample(seq, 100.0 + seq), baseline_id="b1"), None)
    recorder.close()
    assert recorder.state is RecorderState.CLOSED
    assert [fault.message for fault in setup.faults] == ["The participant's baseline cannot be read."]


def test_a_recorder_records_once(setup: Setup) -> None:
    recorder = setup.recorder()
    recorder.open(start())
    with pytest.raises(SessionError, match="one session"):
        recorder.open(start())
    recorder.close()


def test_a_bad_name_pattern_is_told_before_anything_runs(tmp_path: Path) -> None:
    with pytest.raises(SessionError, match="pattern"):
        Recorder(SessionPlan(tmp_path, template="{nobody}"), clock=FakeClock(), report=print)


def test_a_folder_that_cannot_be_made_is_a_fault_and_the_rest_goes_on(setup: Setup) -> None:
    setup.disk.failing["make_folder"] = PermissionError(13, "Permission denied")
    recorder = setup.recorder()
    recorder.open(start())
    assert not recorder.wait_open(10)
    recorder.on_sample(full_sample(0, 100.0), None)
    recorder.close()
    assert recorder.state is RecorderState.FAILED
    assert [fault.severity for fault in setup.faults] == [Severity.ERROR]


@pytest.mark.expected_log
def test_an_error_of_ours_is_told_and_does_not_hang(setup: Setup, caplog: pytest.LogCaptureFixture) -> None:
    recorder = setup.recorder()
    recorder.open(start())
    recorder.on_event("not an event")  # type: ignore[arg-type]
    recorder.close()
    assert recorder.state is RecorderState.FAILED
    assert "the recorder broke" in caplog.text
    assert setup.faults[-1].severity is Severity.ERROR


def test_our_own_faults_are_in_the_log_once(setup: Setup) -> None:
    recorder = setup.recorder()
    setup.disk.free = 4 * 10**9

    def report(fault: Fault) -> None:
        setup.faults.append(fault)
        recorder.on_event(fault)

    setup.report = report
    recorder = setup.recorder()
    recorder.open(start())
    recorder.on_sample(full_sample(0, 100.0), None)
    recorder.close()
    assert recorder.folder is not None
    (event,) = read_session(recorder.folder).events
    assert "4.0 GB" in event["message"]
    assert len(setup.faults) == 1


def test_a_film_waits_for_room_instead_of_losing_rows() -> None:
    box = Inbox(waits=True, room_rows=2)
    assert box.put(full_sample(0))
    assert box.put(full_sample(1))
    put = threading.Event()

    def third() -> None:
        assert box.put(full_sample(2))
        put.set()

    thread = threading.Thread(target=third)
    thread.start()
    assert not put.is_set()
    assert len(box.take().items) == 2
    assert put.wait(10)
    thread.join()
    assert box.take().gap is None


def test_events_have_a_room_of_their_own() -> None:
    box = Inbox(waits=False, room_rows=1, room_events=2)
    box.put(full_sample(0))
    for number in range(5):
        box.put_event(Marker(0.0, str(number)))
    delivery = box.take()
    assert len(delivery.items) == 3
    assert delivery.lost_events == 3
    assert box.take().lost_events == 0
