"""What the models of all families share: opening, closing, and telling people what went wrong."""

from __future__ import annotations

import logging

from desktop_affect.core.errors import ModelError
from desktop_affect.core.ports import ModelNotice
from desktop_affect.core.types import Affect, FaceCrop, ModelInfo
from desktop_affect.inference.fallback import SteadyNetworks
from desktop_affect.inference.heads import Reading
from desktop_affect.inference.manifest import Manifest
from desktop_affect.inference.preprocess import Preprocessor

log = logging.getLogger(__name__)


class ModelBase:
    """Half of an `AffectModel`; the families add `estimate`. Closed → open → closed, any number of times."""

    def __init__(self, manifest: Manifest, networks: SteadyNetworks) -> None:
        self._manifest = manifest
        self._networks = networks
        self._prepare = Preprocessor(manifest.input)
        self._notices: list[ModelError] = []
        self._told_broken = False

    def open(self) -> ModelInfo:
        self._told_broken = False
        plan = self._networks.open()
        manifest = self._manifest
        return ModelInfo(
            name=manifest.name,
            version=manifest.version,
            family=manifest.family.value,
            sha256=manifest.sha256,
            outputs=tuple(head.name for head in manifest.heads),
            crop=manifest.crop,
            window_s=manifest.window.span_s if manifest.window is not None else 0.0,
            device=plan.label,
            thresholds=manifest.thresholds,
            trained_on=manifest.trained_on,
        )

    def estimate(self, crop: FaceCrop) -> Affect:
        """See the `AffectModel` port."""
        raise NotImplementedError

    def forget(self) -> None:
        """Another film begins: nothing that came before reaches an estimate from now on."""
        self._told_broken = False

    def take_notices(self) -> list[ModelNotice]:
        notices, self._notices = self._notices, []
        return [*self._networks.take_notices(), *notices]

    def close(self) -> None:
        self._networks.close()

    def _told(self, reading: Reading) -> Affect:
        if reading.broken:
            self._note_broken(reading.broken)
        return reading.affect

    def _note_broken(self, heads: tuple[str, ...]) -> None:
        """Once per opening: thirty notices a second would help nobody, and the values themselves say NaN."""
        if self._told_broken:
            return
        self._told_broken = True
        log.warning("%s gave values that are not numbers: %s", self._manifest.name, ", ".join(heads))
        self._notices.append(
            ModelError(
                f"The model {self._manifest.name} gave values that are not numbers; they are left empty.",
                advice="If this goes on, choose another model or verify this one: desktop-affect models verify.",
                detail=f"heads: {', '.join(heads)}",
            )
        )
