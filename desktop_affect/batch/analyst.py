"""Does one job after another: a film or a folder of pictures in, a finished session folder out.

The engine of a live run does the work, at the pace of the machine: analysis and writing are threads of their own, and
decoding where a core is idle (`overlap`); no frame is left out, and times are the film's. What a film needs goes with
it; only the model is kept.
"""

from __future__ import annotations

import logging
import math
import os
import shutil
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol, TypeAlias

from desktop_affect.assembly import Chosen, Run, RunPlan, build_run, parts_around, still_parts
from desktop_affect.batch import results
from desktop_affect.batch.figures import Figures
from desktop_affect.batch.fingerprint import content_sha256, stamp_of
from desktop_affect.batch.jobs import Document, Job, JobKind, Outcome, Problem, Progress, Recipe, State
from desktop_affect.batch.kept_model import KeptModel, StillModel
from desktop_affect.batch.neutral import NeutralWatch
from desktop_affect.batch.picture_list import PICTURES_FILE, write_pictures
from desktop_affect.batch.thumbnail import ThumbnailKeeper
from desktop_affect.core.errors import AffectError, SessionError, SourceError
from desktop_affect.core.ports import Clock, FrameSource, Sink
from desktop_affect.core.types import EngineState, Event, Fault, Frame, Marker, RunStart, Sample, Severity
from desktop_affect.inference.pinned import load_pinned
from desktop_affect.session.aggregate import NOTE
from desktop_affect.session.export.exporter import OWN_FOLDER, export_session, file_name
from desktop_affect.session.export.options import ExportOptions, Format
from desktop_affect.session.plan import SessionPlan
from desktop_affect.session.reader import read_session
from desktop_affect.signals.baseline import Baseline
from desktop_affect.sinks.recording import RecorderState
from desktop_affect.sources.pictures import STEP_S, PictureSource, PictureTaken

log = logging.getLogger(__name__)

Tell: TypeAlias = Callable[[Progress], None]


class Stop(Protocol):
    """Says when somebody wants to stop; a `threading.Event` is one."""

    def is_set(self) -> bool: ...


_TELL_S = 0.25
_NO_NEUTRAL = Problem(
    "No neutral face could be measured: the face was hardly seen in the first seconds.",
    "The rows hold the values as the model gave them. Name a baseline of the same person, or leave --baseline out.",
)


class Abandoned(Exception):  # noqa: N818  no error: somebody wanted it
    """Somebody wants to stop; the film is left as if it had never been begun."""


class Faults:
    """A sink: what stopped while the run went on."""

    name = "faults"

    def __init__(self) -> None:
        self.errors: list[Fault] = []

    def open(self, start: RunStart) -> None:
        """Nothing to open."""

    def on_sample(self, sample: Sample, frame: Frame | None) -> None:
        """Only events count."""

    def on_event(self, event: Event) -> None:
        if isinstance(event, Fault) and event.severity is Severity.ERROR:
            self.errors.append(event)

    def close(self) -> None:
        """Nothing is held."""


class Analyst:
    """One thread at a time. `stop` is looked at several times a second."""

    def __init__(self, recipe: Recipe, root: Path, stop: Stop, *, overlap: bool = True) -> None:
        """`overlap`: decode on a thread of its own; changes no row."""
        self._recipe = recipe
        self._root = root
        self._overlap = overlap
        self._stop = stop
        self._settings = recipe.all_settings()
        self._model = None if recipe.pin is None else KeptModel(load_pinned(recipe.pin))
        self._baseline = None if recipe.baseline is None else Baseline.from_dict(recipe.baseline)

    def close(self) -> None:
        if self._model is not None:
            self._model.let_go()

    def do(self, job: Job, tell: Tell) -> Outcome:
        """Never raises but `Abandoned`: what goes wrong is the outcome."""
        began_s = time.perf_counter()
        try:
            outcome = self._export_again(job) if job.only_exports else self._make(job, tell)
        except AffectError as error:
            outcome = self._failed(job, Problem.of(error))
        except OSError as error:
            text = f"The session could not be finished: {error.strerror or error}."
            outcome = self._failed(job, Problem(text, "Check the drive of the output folder.", str(error)))
        return replace(outcome, took_s=round(time.perf_counter() - began_s, 3))

    def _failed(self, job: Job, problem: Problem) -> Outcome:
        return Outcome(str(job.path), job.kind.value, job.folder, State.FAILED, problem)

    def _make(self, job: Job, tell: Tell) -> Outcome:
        shop = results.workshop(self._root)
        try:
            stamp, content = stamp_of(job), content_sha256(job)
            run = _FilmRun(self._recipe, job, shop, self._stop, tell, self._overlap)
            outcome = run.go(self._parts(job))
            outcome = replace(outcome, content_sha256=content, stamp=stamp, recipe_key=self._recipe.key())
            made = shop / job.folder
            outcome = self._exported(made, outcome)
            results.write_record(made, outcome)
            results.put_in_place(made, self._root, job.folder)
        finally:
            shutil.rmtree(shop, ignore_errors=True)
        return outcome

    def _parts(self, job: Job) -> Callable[[Baseline | None], Chosen]:
        """Fresh ones around the kept model, for one run."""
        if job.kind is JobKind.PICTURES:
            model = None if self._model is None else StillModel(self._model)
            return lambda found: still_parts(model, self._settings, found or self._baseline)
        return lambda found: parts_around(self._model, self._settings, found or self._baseline)

    def _export_again(self, job: Job) -> Outcome:
        folder = self._root / job.folder
        known = results.read_record(folder)
        if known is None:
            raise SessionError(f"“{folder}” has no record any more.", advice="Start again with --resume.")
        outcome = self._exported(folder, known)
        results.write_record(folder, outcome)
        return outcome

    def _exported(self, folder: Path, outcome: Outcome) -> Outcome:
        """Only what is not there yet."""
        if not self._recipe.formats:
            return outcome
        session = read_session(folder)
        files, problem = dict(outcome.exports), None
        for look in map(Format, self._recipe.formats):
            name = f"{OWN_FOLDER}/{file_name(session, look, ExportOptions())}"
            if look.value not in files:
                try:
                    export_session(session, look, ExportOptions(), folder / name)
                    files[look.value] = name
                except AffectError as error:
                    problem = Problem.of(error)
        return replace(outcome, exports=files, export_problem=problem)


class _FilmRun:
    """One job from its first frame to a closed session in the workshop."""

    def __init__(self, recipe: Recipe, job: Job, shop: Path, stop: Stop, tell: Tell, overlap: bool) -> None:
        self._settings = recipe.all_settings()
        self._recipe = recipe
        self._job = job
        self._shop = shop
        self._stop = stop
        self._tell = tell
        self._overlap = overlap
        self._taken: list[PictureTaken] = []
        self._run: Run | None = None

    def go(self, parts: Callable[[Baseline | None], Chosen]) -> Outcome:
        """Raises AffectError when there is no session to keep, `Abandoned` when somebody stops it."""
        baseline, problem = self._measured(parts)
        figures, faults = Figures(), Faults()
        thumbnail = ThumbnailKeeper(self._recipe.thumbnails)
        plan = RunPlan(live=False, session=SessionPlan(self._shop, template="session"), overlap=self._overlap)
        run = self._started(plan, parts(baseline), (figures, thumbnail, faults))
        self._watch(run, run.engine.finished)
        problem = self._problem(run, faults) or problem
        self._finish(figures, thumbnail)
        return Outcome(
            path=str(self._job.path),
            kind=self._job.kind.value,
            folder=self._job.folder,
            state=State.DONE if problem is None else State.PARTIAL,
            problem=problem,
            figures=_plain(figures.row()) | self._source_facts(run),
            curves=_curves(figures),
            thumbnail=results.THUMBNAIL_FILE if (self._made / results.THUMBNAIL_FILE).exists() else "",
        )

    @property
    def _made(self) -> Path:
        return self._shop / self._job.folder

    def _measured(self, parts: Callable[[Baseline | None], Chosen]) -> tuple[Baseline | None, Problem | None]:
        """The film's own neutral face, from a first look at its beginning."""
        if self._recipe.baseline_first_s <= 0 or self._job.kind is JobKind.PICTURES:
            return None, None
        watch = NeutralWatch(self._recipe.baseline_first_s)
        run = self._started(RunPlan(live=False, overlap=self._overlap), parts(None), (watch,))
        self._watch(run, run.engine.finished, watch.over)
        found = watch.baseline()
        return found, None if found is not None else _NO_NEUTRAL

    def _started(self, plan: RunPlan, chosen: Chosen, sinks: Sequence[Sink]) -> Run:
        self._run = run = build_run(plan, self._settings, sinks, chosen=chosen, make=self._source)
        run.engine.start()
        return run

    def _source(self, clock: Clock) -> FrameSource:
        if self._job.kind is JobKind.PICTURES:
            return PictureSource(self._job.path, self._job.pictures, self._take)
        from desktop_affect.sources.video import VideoSource

        return VideoSource(self._job.path, clock=clock)

    def _take(self, picture: PictureTaken) -> None:
        """The file's name goes into the session as a note at its row, so that every export has it there."""
        self._taken.append(picture)
        if self._run is not None and not picture.problem:
            self._run.engine.publish(Marker(picture.seq * STEP_S, picture.path.name, NOTE))

    def _watch(self, run: Run, finished: threading.Event, enough: threading.Event | None = None) -> None:
        """Until the film is over or enough was seen; the run is stopped in any case."""
        try:
            while not finished.wait(_TELL_S) and not (enough is not None and enough.is_set()):
                if self._stop.is_set():
                    raise Abandoned
                if enough is None:  # the first look of a baseline is no part of the film's progress
                    self._tell(self._progress(run))
        finally:
            run.stop()

    def _progress(self, run: Run) -> Progress:
        status = run.engine.status()
        total = status.source.frame_count if status.source is not None else 0
        share = min(status.analysed / total, 1.0) if total else math.nan
        return Progress(self._job.folder, status.analysed, share)

    def _problem(self, run: Run, faults: Faults) -> Problem | None:
        """None when every frame has its row. Raises where what is there cannot be kept."""
        status, recorder = run.engine.status(), run.recorder
        for fault in faults.errors:
            if fault.where != "capture":
                raise AffectError(fault.message, advice=fault.advice, detail=fault.detail)
        failed = status.state is EngineState.FAILED
        if failed and (recorder is None or recorder.rows_written == 0) and status.fault is not None:
            raise SourceError(status.fault.message, advice=status.fault.advice, detail=status.fault.detail)
        if recorder is None or recorder.state is not RecorderState.CLOSED:
            raise SessionError("The session could not be written to the end.", advice="Check the drive.")
        if failed and status.fault is not None:
            return Problem(status.fault.message, status.fault.advice, status.fault.detail)
        if recorder.lost_rows or recorder.rows_written != status.captured - self._unread():
            return Problem("Rows are missing: the disk stood still for too long.", "Analyse this film again.")
        return self._unread_problem()

    def _unread(self) -> int:
        """Pictures that could not be read count among the captured, but only before the last that could."""
        if self._job.kind is JobKind.FILM:
            return 0
        read = [picture.seq for picture in self._taken if not picture.problem]
        return sum(bool(picture.problem) and picture.seq < max(read) for picture in self._taken)

    def _unread_problem(self) -> Problem | None:
        problems = [picture.problem for picture in self._taken if picture.problem]
        if not problems:
            return None
        more = f" ({len(problems)} of {len(self._taken)} pictures)" if len(problems) > 1 else ""
        return Problem(problems[0] + more, f"See {PICTURES_FILE} in the session's folder.", "\n".join(problems))

    def _finish(self, figures: Figures, thumbnail: ThumbnailKeeper) -> None:
        """The session under its own name, with what stands beside its rows."""
        os.rename(self._shop / "session", self._made)
        picture = thumbnail.jpeg()
        if picture is not None:
            (self._made / results.THUMBNAIL_FILE).write_bytes(picture)
        if self._job.kind is JobKind.PICTURES:
            write_pictures(self._made / PICTURES_FILE, self._taken)

    def _source_facts(self, run: Run) -> Document:
        status = run.engine.status()
        source, model = status.source, status.model
        return {
            "width_px": source.width_px if source else 0,
            "height_px": source.height_px if source else 0,
            "model": model.name if model else "",
            "device": model.device if model else "",
        }


def _plain(row: dict[str, float]) -> Document:
    """JSON has no NaN."""
    return {name: value if math.isfinite(value) else None for name, value in row.items()}


def _curves(figures: Figures) -> Document:
    curves = {"valence": figures.valence, "arousal": figures.arousal, "face": figures.faces}
    return {name: {"step_s": curve.width_s, "values": curve.values()} for name, curve in curves.items()}
