"""From the settings to a model that is ready to be opened: what the assembly calls."""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

from desktop_affect.core.errors import ModelError
from desktop_affect.core.settings import Settings
from desktop_affect.inference.base import ModelBase
from desktop_affect.inference.catalog import Catalog, graphs, this_catalog
from desktop_affect.inference.choice import ChoiceMemory
from desktop_affect.inference.fallback import SteadyNetworks
from desktop_affect.inference.frame_level import FrameModel
from desktop_affect.inference.manifest import Family, Manifest
from desktop_affect.inference.mixer import MixerModel
from desktop_affect.inference.runtime import Machine, this_machine
from desktop_affect.system.paths import cache_dir

AUTOMATIC = "automatic"

_NONE_INSTALLED = ModelError(
    "No model is installed: faces are tracked, but no affect is estimated.",
    advice="Add a model folder with “desktop-affect models add FOLDER”, or install Desktop Affect again.",
)


class Loaded(NamedTuple):
    """A model, not yet opened, or none; and what a person should know about the choice."""

    model: ModelBase | None
    notices: tuple[ModelError, ...]


def load_model(settings: Settings, catalog: Catalog | None = None, machine: Machine | None = None) -> Loaded:
    """The model of the settings. Does not raise for a model that is absent or broken: then `model` is None and the
    notices say why. A named model is never silently replaced by another. Reads the files, compiles nothing."""
    manifest, notices = choose_manifest(catalog or this_catalog(), settings.text("model.name"))
    if manifest is None:
        return Loaded(None, tuple(notices))
    model = build(manifest, settings.text("model.device"), settings.whole("model.threads"), machine)
    return Loaded(model, tuple(notices))


def build(manifest: Manifest, device: str, threads: int, machine: Machine | None = None) -> ModelBase:
    """The model of a manifest; `device` is a word of the setting `model.device`."""
    return assemble(manifest, networks_of(manifest, device, threads, machine))


def networks_of(manifest: Manifest, device: str, threads: int, machine: Machine | None) -> SteadyNetworks:
    """The networks of a model, not opened."""
    return SteadyNetworks(
        partial(this_machine, cache_dir()) if machine is None else lambda: machine,
        partial(graphs, manifest),
        manifest.precisions,
        model_sha256=manifest.sha256,
        wanted=device,
        threads=threads,
        memory=ChoiceMemory(cache_dir() / "devices.json"),
    )


def assemble(manifest: Manifest, networks: SteadyNetworks) -> ModelBase:
    """The class of the manifest's family."""
    return MixerModel(manifest, networks) if manifest.family is Family.MIXER else FrameModel(manifest, networks)


def choose_manifest(catalog: Catalog, name: str) -> tuple[Manifest | None, list[ModelError]]:
    """The manifest that a name (or “automatic”) means, or none; and the problems on the way to it."""
    if name != AUTOMATIC:
        try:
            return catalog.manifest(name), []
        except ModelError as error:
            return None, [error]
    manifest, problems = catalog.best()
    return manifest, problems if manifest is not None else [*problems, _NONE_INSTALLED]
