"""The models of this machine: those of the installation and those the person added.

A model is whole when its manifest is in order and its files have the hashes and tensors that the manifest says.
Whatever is not whole is refused in words and never loaded.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from desktop_affect.core.errors import ModelError
from desktop_affect.inference.manifest import Family, FileSpec, Manifest, NetworkSpec, Precision
from desktop_affect.inference.manifest_file import FILE_NAME, read_manifest
from desktop_affect.inference.network import DeviceError, Graph, check_signature
from desktop_affect.inference.onnx_runtime import OnnxRuntime
from desktop_affect.system.paths import bundled, user_models_dir

log = logging.getLogger(__name__)

_GET_AGAIN = "Get the model again from where it came from, or install Desktop Affect again."

_PREFERENCE = {Family.MIXER: 2, Family.FRAME: 1, Family.EMOTIEFFLIB: 0}
"""A model that sees movement before one that sees a frame, and ours, whose outputs we checked, before others'."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A model folder, in order or not."""

    name: str
    folder: Path
    users_own: bool
    """The person added it, and may remove it."""
    manifest: Manifest | None
    problem: ModelError | None
    """Why it cannot be used; exactly one of `manifest` and `problem` is there."""


class Catalog:
    """Looks into the folders anew at every call: they are small, and a person may change them any time."""

    def __init__(self, installed: Path, users_own: Path) -> None:
        self.installed = installed
        self.users_own = users_own

    def entries(self) -> list[Entry]:
        """Every model, by name. The person's own hides one of the installation with the same name."""
        found = {entry.name: entry for entry in _entries(self.installed, users_own=False)}
        found |= {entry.name: entry for entry in _entries(self.users_own, users_own=True)}
        return sorted(found.values(), key=lambda entry: entry.name)

    def entry(self, name: str) -> Entry:
        """Raises ModelError when there is no model of that name."""
        entries = self.entries()
        for entry in entries:
            if entry.name == name:
                return entry
        there = ", ".join(entry.name for entry in entries) or "none"
        raise ModelError(f"There is no model called “{name}”.", advice=f"Installed models: {there}.")

    def manifest(self, name: str) -> Manifest:
        """The manifest of a model that is whole as far as its hashes tell. Raises ModelError in words."""
        entry = self.entry(name)
        if entry.manifest is None:
            raise entry.problem or ModelError(f"{name} cannot be used.")
        check_files(entry.manifest)
        return entry.manifest

    def best(self) -> tuple[Manifest | None, list[ModelError]]:
        """The best model that is whole, and the problems of those that were passed over on the way to it."""
        entries = self.entries()
        problems = [entry.problem for entry in entries if entry.problem is not None]
        for manifest in sorted((e.manifest for e in entries if e.manifest is not None), key=_rank, reverse=True):
            try:
                check_files(manifest)
            except ModelError as error:
                problems.append(error)
            else:
                return manifest, problems
        return None, problems


def this_catalog() -> Catalog:
    """Of this installation and this person."""
    return Catalog(bundled("models"), user_models_dir())


def is_there(catalog: Catalog, name: str) -> bool:
    """Whether the folder of a model and all its files are there, unread: cheap enough to look now and then."""
    try:
        manifest = catalog.entry(name).manifest
    except ModelError:
        return False
    return manifest is not None and all((manifest.folder / file.path).is_file() for file in _files(manifest))


def read_file(manifest: Manifest, file: FileSpec) -> bytes:
    """The bytes of a network's file, which are the ones that the manifest describes. Raises ModelError."""
    try:
        data = (manifest.folder / file.path).read_bytes()
    except OSError as error:
        raise ModelError(
            f"{manifest.label}: {file.path} cannot be read.", advice=_GET_AGAIN, detail=str(error)
        ) from error
    found = hashlib.sha256(data).hexdigest()
    if found != file.sha256:
        raise ModelError(
            f"{manifest.label}: {file.path} is not the file that the manifest describes.",
            advice=_GET_AGAIN,
            detail=f"sha256 {found}, {len(data)} bytes, instead of {file.sha256}",
        )
    return data


def graphs(manifest: Manifest, precision: Precision) -> dict[str, Graph]:
    """The verified networks of a model by role; fp32 where a network has no file of the precision."""
    return {network.role: _graph(manifest, network, network.file(precision)) for network in manifest.networks}


def check_files(manifest: Manifest) -> None:
    """Every file has the hash of the manifest. Raises ModelError for the first that has not."""
    for file in _files(manifest):
        read_file(manifest, file)


def verify(manifest: Manifest) -> None:
    """Every file has the hash and, read by ONNX Runtime, the tensors of the manifest. Raises ModelError in words."""
    runtime = OnnxRuntime()
    for network in manifest.networks:
        for file in network.files.values():
            graph = _graph(manifest, network, file)
            try:
                check_signature(graph, *runtime.signature(graph.label, graph.data))
            except DeviceError as error:
                raise ModelError(
                    f"{graph.label} is not a network that can be read.", advice=_GET_AGAIN, detail=error.detail
                ) from error


def _graph(manifest: Manifest, network: NetworkSpec, file: FileSpec) -> Graph:
    return Graph(f"{manifest.label}: {file.path}", read_file(manifest, file), network.inputs, network.outputs)


def _files(manifest: Manifest) -> list[FileSpec]:
    return [file for network in manifest.networks for file in network.files.values()]


def _entries(parent: Path, *, users_own: bool) -> Iterable[Entry]:
    try:
        folders = sorted(folder for folder in parent.iterdir() if (folder / FILE_NAME).is_file())
    except OSError as error:
        log.debug("no models in %s: %s", parent, error)
        return
    for folder in folders:
        try:
            yield Entry(folder.name, folder, users_own, read_manifest(folder), None)
        except ModelError as problem:
            yield Entry(folder.name, folder, users_own, None, problem)


def _rank(manifest: Manifest) -> tuple[int, tuple[int, ...], str]:
    numbers = tuple(int(part) if part.isdigit() else 0 for part in manifest.version.split("."))
    return _PREFERENCE[manifest.family], numbers, manifest.name
