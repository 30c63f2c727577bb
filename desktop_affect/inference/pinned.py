"""One model on one device for a whole batch, whichever process or machine does a film.

“Automatic” measures, and could choose differently in the next process; two runtimes agree to the sixth digit only. So
the choice is made once, travels with the work, and a process that cannot keep to it says so instead of taking another.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from desktop_affect.core.errors import ModelError
from desktop_affect.core.settings import Settings
from desktop_affect.inference.base import ModelBase
from desktop_affect.inference.catalog import Catalog, this_catalog
from desktop_affect.inference.load import build, choose_manifest, networks_of
from desktop_affect.inference.manifest import Precision
from desktop_affect.inference.network import Plan
from desktop_affect.inference.runtime import Machine, this_machine
from desktop_affect.system.paths import cache_dir


@dataclass(frozen=True, slots=True)
class Pin:
    """A model and what runs it, in words that travel between processes."""

    name: str
    """Of its folder."""
    label: str
    """Name and version, as sessions and baselines name it."""
    sha256: str
    """Of its manifest, which holds the hashes of the networks."""
    runtime: str
    device: str
    precision: str
    threads: int


def choose_pin(settings: Settings, catalog: Catalog | None = None, machine: Machine | None = None) -> Pin | None:
    """The model and device of the settings; None where no model is installed. Opens the model once.

    Raises ModelError for a named model that is not whole, and where nothing here can run it.
    """
    manifest, problems = choose_manifest(catalog or this_catalog(), settings.text("model.name"))
    if manifest is None:
        if settings.text("model.name") != "automatic":
            raise problems[0]
        return None
    threads = settings.whole("model.threads")
    networks = networks_of(manifest, settings.text("model.device"), threads, machine)
    try:
        plan = networks.open()
        notices = networks.take_notices()
    finally:
        networks.close()
    if notices and settings.text("model.device") != "automatic":
        # A device that was asked for and is not there: better said before ten thousand films.
        advice = "Choose the device “automatic” or “cpu”."
        raise ModelError(notices[0].message, advice=advice, detail=notices[0].detail)
    label = f"{manifest.name} {manifest.version}"
    return Pin(manifest.folder.name, label, manifest.sha256, plan.runtime, plan.device, plan.precision.value, threads)


def load_pinned(pin: Pin, catalog: Catalog | None = None, machine: Machine | None = None) -> ModelBase:
    """The model, not opened. Raises ModelError where this machine has another one of that name, or none."""
    manifest = (catalog or this_catalog()).manifest(pin.name)
    if manifest.sha256 != pin.sha256:
        raise ModelError(
            f"The model {pin.name} on this machine is not the one that the other films are analysed with.",
            advice="Install the same model on every machine that takes part.",
            detail=f"manifest {manifest.sha256}, expected {pin.sha256}",
        )
    plan = Plan(pin.runtime, pin.device, Precision(pin.precision))
    return build(manifest, "automatic", pin.threads, _PinnedMachine(machine or this_machine(cache_dir()), plan))


class _PinnedMachine(Machine):
    """A machine on which one plan alone is offered."""

    def __init__(self, machine: Machine, plan: Plan) -> None:
        super().__init__(machine.runtimes)
        self._plan = plan

    def plans(self, wanted: str, precisions: Iterable[Precision]) -> list[Plan]:
        return [self._plan]
