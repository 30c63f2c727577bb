"""The streaming mixer: the backbone once per new frame, the temporal head over the last second of its features."""

from __future__ import annotations

from desktop_affect.core.errors import ModelError
from desktop_affect.core.types import Affect, FaceCrop, ModelInfo
from desktop_affect.inference.base import ModelBase
from desktop_affect.inference.fallback import SteadyNetworks, are_finite
from desktop_affect.inference.heads import nothing, read_heads
from desktop_affect.inference.manifest import Manifest
from desktop_affect.inference.window import FeatureWindow

MAX_GAP_S = 0.5
"""After a longer gap the face may have done anything; interpolating over it would invent what was not seen."""


class MixerModel(ModelBase):
    """An `AffectModel`. What happened before a gap, another track or a jump back in time never reaches an estimate."""

    def __init__(self, manifest: Manifest, networks: SteadyNetworks) -> None:
        super().__init__(manifest, networks)
        if manifest.window is None:
            raise ModelError(f"{manifest.label}: a mixer needs a window.")
        self._window = FeatureWindow(manifest.network("backbone").outputs, manifest.window)
        self._image = manifest.network("backbone").inputs[0].name
        self._track: int | None = None

    def open(self) -> ModelInfo:
        self.forget()
        return super().open()

    def forget(self) -> None:
        super().forget()
        self._window.clear()
        self._track = None

    def estimate(self, crop: FaceCrop) -> Affect:
        if self._is_new_start(crop):
            self._window.clear()
        self._track = crop.track
        features = self._networks.run("backbone", {self._image: self._prepare(crop.pixels)})
        if not are_finite(features):
            # They would poison every window of the next second.
            self._note_broken(tuple(head.name for head in self._manifest.heads))
            return nothing(self._manifest)
        self._window.push(crop.t_s, features)
        outputs = self._networks.run("temporal", self._window.resampled())
        return self._told(read_heads(self._manifest, outputs, self._window.filled))

    def _is_new_start(self, crop: FaceCrop) -> bool:
        # NaN, the newest of an empty window, makes the comparison false: also a new start.
        return crop.track != self._track or not 0 <= crop.t_s - self._window.newest_s <= MAX_GAP_S
