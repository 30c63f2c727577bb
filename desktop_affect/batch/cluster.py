"""The same work on somebody's Dask cluster. Dask does what is hard about it: it hands jobs out, notices machines that
vanish, and gives their jobs to others.

Films are read where they lie, so every worker must see them under the same path. Sessions are either written to the
output folder by the workers (shared), or made in a temporary folder there and sent back (streamed).
"""

from __future__ import annotations

import io
import logging
import math
import shutil
import tarfile
import tempfile
import threading
import time
from dataclasses import replace
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from desktop_affect.batch import results
from desktop_affect.batch.analyst import Analyst
from desktop_affect.batch.crew import Happening
from desktop_affect.batch.jobs import Job, Outcome, Problem, Recipe, State
from desktop_affect.core.errors import AffectError, SettingsError

log = logging.getLogger(__name__)

_CONNECT_S = 15.0
_LOOK_S = 5.0
# Enough that a worker never waits for its next job and that a cluster which grows with its queue sees one; few enough
# that ten thousand films are no burden for the scheduler.
_LEAST_GIVEN, _GIVEN_A_THREAD = 64, 2
_RETRIES = 1


class ClusterCrew:
    """See `crew.Crew`. A worker that dies costs its film a try; Dask's own setting `allowed-failures` says how many."""

    def __init__(self, address: str, recipe: Recipe, root: Path, *, back: bool) -> None:
        """Raises SettingsError in words where there is no such cluster, or no Dask here."""
        self._client: Any = _connected(address)
        self._address = address
        self._recipe = recipe
        self._root = root
        self._back = back
        self._given: dict[str, Any] = {}
        self._ended: SimpleQueue[tuple[Job, Any]] = SimpleQueue()
        self._threads, self._looked_s = 0, -math.inf

    def room(self) -> int:
        if time.monotonic() - self._looked_s > _LOOK_S:
            self._looked_s = time.monotonic()
            self._threads = sum(self._client.nthreads().values())
        return max(_LEAST_GIVEN, _GIVEN_A_THREAD * self._threads) - len(self._given)

    def give(self, job: Job) -> None:
        root = None if self._back and not job.only_exports else self._root
        if self._back and job.only_exports:  # the session lies here, not there
            self._ended.put((job, _AtOnce(job, self._recipe, self._root)))
            return
        future = self._client.submit(
            analyse_there, job, self._recipe, root, key=f"analyze-{job.folder}-{id(self)}", retries=_RETRIES, pure=False
        )
        self._given[job.folder] = future
        future.add_done_callback(lambda done: self._ended.put((job, done)))

    def happened(self, timeout_s: float) -> list[Happening]:
        found: list[Happening] = []
        try:
            found.append(self._outcome(*self._ended.get(timeout=timeout_s)))
            while True:
                found.append(self._outcome(*self._ended.get_nowait()))
        except Empty:
            pass
        if self._client.status not in ("running", "connecting", "newly-created"):
            raise AffectError(
                f"The cluster at {self._address} is gone.",
                advice="What is finished stays; go on with --resume when it is back.",
                detail=str(self._client.status),
            )
        return found

    def _outcome(self, job: Job, future: Any) -> Outcome:
        self._given.pop(job.folder, None)
        try:
            outcome, packed = future.result()
            if packed is not None:
                unpack(packed, job.folder, self._root)
        except AffectError as error:
            return _failed(job, Problem.of(error))
        except Exception as error:  # noqa: BLE001  whatever a cluster can say: KilledWorker, CancelledError, ...
            log.info("%s: %r", job.path, error)
            advice = "Look at the workers' own logs; it is tried again with --resume."
            return _failed(job, Problem("The cluster could not finish it.", advice, f"{type(error).__name__}: {error}"))
        return outcome  # type: ignore[no-any-return]

    def leave(self, folder: str) -> None:
        future = self._given.pop(folder, None)
        if future is not None:
            future.cancel()

    def close(self) -> None:
        for future in self._given.values():
            future.cancel()
        self._given.clear()
        self._client.close()


class _AtOnce:
    """A future of something that is done here and now."""

    def __init__(self, job: Job, recipe: Recipe, root: Path) -> None:
        self._outcome = Analyst(replace(recipe, pin=None), root, threading.Event()).do(job, lambda progress: None)

    def result(self) -> tuple[Outcome, None]:
        return self._outcome, None


def _connected(address: str) -> Any:
    try:
        from distributed import Client
    except ImportError as error:
        raise SettingsError(
            "Dask is not installed here, so there is no way to a cluster.",
            advice="Install it with: pip install “desktop-affect[cluster]”.",
            detail=str(error),
        ) from error
    try:
        return Client(address, timeout=_CONNECT_S, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError, TypeError) as error:
        raise SettingsError(
            f"There is no cluster at {address}.",
            advice="Start its scheduler and name the address that it prints, such as tcp://10.0.0.5:8786.",
            detail=str(error),
        ) from error


def _failed(job: Job, problem: Problem) -> Outcome:
    return Outcome(str(job.path), job.kind.value, job.folder, State.FAILED, problem)


# Below: what runs on the workers.


class _Bench:
    """Analysts that wait for their next film, with their models open. A worker process has one thread or several."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._idle: dict[str, list[Analyst]] = {}

    def take(self, recipe: Recipe, root: Path) -> tuple[str, Analyst]:
        key = f"{recipe.key()} {recipe.formats} {root}"
        with self._lock:
            waiting = self._idle.setdefault(key, [])
            if waiting:
                return key, waiting.pop()
        # A cluster gives a worker one core and one film.
        return key, Analyst(recipe, root, threading.Event(), overlap=False)

    def put_back(self, key: str, analyst: Analyst) -> None:
        with self._lock:
            self._idle.setdefault(key, []).append(analyst)


_bench = _Bench()


def analyse_there(job: Job, recipe: Recipe, root: Path | None) -> tuple[Outcome, bytes | None]:
    """One job on a worker. `root`: the shared output folder; None to send the session back."""
    place = root if root is not None else _own_place()
    try:
        key, analyst = _bench.take(recipe, place)
    except AffectError as error:
        return _failed(job, Problem.of(error)), None
    # A job whose worker died after it had put the session in place is done.
    there = results.read_record(place / job.folder) if root is not None and not job.only_exports else None
    if there is not None and there.recipe_key == recipe.key():
        outcome = there
    else:
        outcome = analyst.do(job, lambda progress: None)
    _bench.put_back(key, analyst)
    if root is not None or outcome.state is State.FAILED:
        return outcome, None
    return outcome, _packed(place, job.folder)


_place: list[Path] = []


def _own_place() -> Path:
    """A folder of this process's own for sessions on their way."""
    if not _place:
        _place.append(Path(tempfile.mkdtemp(prefix="desktop-affect-")))
    return _place[0]


def _packed(place: Path, folder: str) -> bytes:
    """The session as one compressed piece; it is gone from here."""
    memory = io.BytesIO()
    with tarfile.open(fileobj=memory, mode="w:gz", compresslevel=1) as archive:
        archive.add(place / folder, arcname=folder)
    shutil.rmtree(place / folder)
    return memory.getvalue()


def unpack(packed: bytes, folder: str, root: Path) -> None:
    """A session that came back, into its place. Raises AffectError in words."""
    shop = results.workshop(root)
    try:
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            for member in archive.getmembers():
                inside = member.name == folder or member.name.startswith(f"{folder}/")
                if not inside or ".." in Path(member.name).parts or not (member.isfile() or member.isdir()):
                    raise AffectError("What came back from the cluster is no session.", detail=member.name)
            archive.extractall(shop)
        results.put_in_place(shop / folder, root, folder)
    finally:
        shutil.rmtree(shop, ignore_errors=True)
