"""Models that look at one frame: our own frame family, and the EmotiEffLib family that people may bring along."""

from __future__ import annotations

from desktop_affect.core.types import Affect, FaceCrop
from desktop_affect.inference.base import ModelBase
from desktop_affect.inference.fallback import SteadyNetworks
from desktop_affect.inference.heads import read_emotiefflib, read_heads
from desktop_affect.inference.manifest import Family, Manifest

_NO_WINDOW = 1.0
"""The confidence of a model that has no window to fill."""


class FrameModel(ModelBase):
    """An `AffectModel` without memory."""

    def __init__(self, manifest: Manifest, networks: SteadyNetworks) -> None:
        super().__init__(manifest, networks)
        self._read = read_emotiefflib if manifest.family is Family.EMOTIEFFLIB else read_heads
        self._input = manifest.network("network").inputs[0].name

    def estimate(self, crop: FaceCrop) -> Affect:
        outputs = self._networks.run("network", {self._input: self._prepare(crop.pixels)})
        return self._told(self._read(self._manifest, outputs, _NO_WINDOW))
