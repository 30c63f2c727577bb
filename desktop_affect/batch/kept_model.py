"""A model that stays open from film to film, because compiling it takes longer than a short film does."""

from __future__ import annotations

from dataclasses import replace

from desktop_affect.core.errors import ModelError
from desktop_affect.core.ports import ModelNotice
from desktop_affect.core.types import Affect, FaceCrop, ModelInfo
from desktop_affect.inference.base import ModelBase


class KeptModel:
    """An `AffectModel`. `close` ends a film; `let_go` ends the model. One that failed is opened anew."""

    def __init__(self, model: ModelBase) -> None:
        self._model = model
        self._info: ModelInfo | None = None

    def open(self) -> ModelInfo:
        if self._info is None:
            self._info = self._model.open()
        else:
            self._model.forget()
        return self._info

    def estimate(self, crop: FaceCrop) -> Affect:
        try:
            return self._model.estimate(crop)
        except ModelError:
            self.let_go()
            raise

    def take_notices(self) -> list[ModelNotice]:
        return self._model.take_notices()

    def close(self) -> None:
        """The next film goes on with it."""

    def let_go(self) -> None:
        """Safe to call twice."""
        self._info = None
        self._model.close()


class StillModel:
    """An `AffectModel` for photographs: each is a track of its own, so the model behind it forgets by itself.

    A model that sees movement is told that the person has been standing like this for its whole window, which is how it
    was taught to begin; so its window counts as full.
    """

    def __init__(self, model: KeptModel) -> None:
        self._model = model

    def open(self) -> ModelInfo:
        return self._model.open()

    def estimate(self, crop: FaceCrop) -> Affect:
        return replace(self._model.estimate(crop), confidence=1.0)

    def take_notices(self) -> list[ModelNotice]:
        return self._model.take_notices()

    def close(self) -> None:
        self._model.close()
