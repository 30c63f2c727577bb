"""Adds models to the person's own folder, whole or not at all, and removes them again."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from desktop_affect.core.errors import ModelError
from desktop_affect.inference.catalog import Catalog, verify
from desktop_affect.inference.emotiefflib import conventions, manifest_text
from desktop_affect.inference.manifest import Family, Manifest
from desktop_affect.inference.manifest_file import FILE_NAME, read_manifest
from desktop_affect.inference.network import DeviceError
from desktop_affect.inference.onnx_runtime import OnnxRuntime
from desktop_affect.system.paths import ensure_dir

CARD = "CARD.md"


def add(catalog: Catalog, source: Path, family: str | None = None) -> Manifest:
    """Copy a model folder, or make one from an ONNX file of a known family. Raises ModelError in words; then the
    person's folder is as it was before."""
    if source.is_dir():
        return _add_folder(catalog, source)
    if not source.is_file():
        raise ModelError(f"“{source}” is neither a folder nor a file.")
    if family is None:
        raise ModelError(
            f"“{source.name}” is a single file, and its family is not known.",
            advice=f"Say what it is with “--family {Family.EMOTIEFFLIB.value}”, or add a folder with a {FILE_NAME}.",
        )
    if family != Family.EMOTIEFFLIB.value:
        raise ModelError(f"“{family}” is not a family of single files.", advice=f"Known: {Family.EMOTIEFFLIB.value}.")
    return _add_emotiefflib(catalog, source)


def remove(catalog: Catalog, name: str) -> None:
    """Delete a model that the person added. Raises ModelError for one that came with the installation."""
    entry = catalog.entry(name)
    if not entry.users_own:
        raise ModelError(f"“{name}” came with Desktop Affect and stays.", advice="Only added models can be removed.")
    # Renamed first: what is left of a failed deletion is no half model.
    with _staging(catalog) as staging, _in_words(f"“{name}” could not be removed"):
        entry.folder.rename(staging / name)


def _add_folder(catalog: Catalog, source: Path) -> Manifest:
    manifest = read_manifest(source.resolve())
    _refuse_taken(catalog, manifest.name)
    files = [file.path for network in manifest.networks for file in network.files.values()]
    with _staging(catalog) as staging, _in_words(f"“{source}” could not be copied"):
        staged = staging / manifest.name
        staged.mkdir()
        for name in dict.fromkeys((FILE_NAME, CARD, *files)):
            if name != CARD or (source / CARD).is_file():
                shutil.copyfile(source / name, staged / name)
        return _settle(catalog, staged)


def _add_emotiefflib(catalog: Catalog, source: Path) -> Manifest:
    with _in_words(f"“{source}” could not be read"):
        data = source.read_bytes()
    try:
        inputs, outputs = OnnxRuntime().signature(source.name, data)
    except DeviceError as error:
        raise ModelError(f"“{source.name}” is not a network that can be read.", detail=error.detail) from error
    text = manifest_text(source, hashlib.sha256(data).hexdigest(), inputs, outputs)
    name = conventions(source.stem).name
    _refuse_taken(catalog, name)
    with _staging(catalog) as staging, _in_words(f"“{source}” could not be copied"):
        staged = staging / name
        staged.mkdir()
        (staged / FILE_NAME).write_text(text, "utf-8")
        (staged / source.name).write_bytes(data)
        return _settle(catalog, staged)


def _settle(catalog: Catalog, staged: Path) -> Manifest:
    """Check the copy, then give it its place in one step."""
    verify(read_manifest(staged))
    place = catalog.users_own / staged.name
    staged.rename(place)
    return read_manifest(place)


def _refuse_taken(catalog: Catalog, name: str) -> None:
    for entry in catalog.entries():
        if entry.name == name:
            advice = f"Remove it first: desktop-affect models remove {name}." if entry.users_own else ""
            raise ModelError(f"There already is a model called “{name}”.", advice=advice)


@contextmanager
def _staging(catalog: Catalog) -> Iterator[Path]:
    """A folder on the same drive, so that a rename is one step; gone afterwards with whatever is left in it."""
    with tempfile.TemporaryDirectory(prefix=".staging-", dir=ensure_dir(catalog.users_own)) as folder:
        yield Path(folder)


@contextmanager
def _in_words(message: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ModelError(f"{message}.", advice="Check the drive and its free space.", detail=str(error)) from error
