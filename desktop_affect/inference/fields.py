"""Reads a parsed TOML table key by key and says in words what is missing or of the wrong kind.

A manifest is written by people, so a wrong one must name the key and what was expected, never show a traceback.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from desktop_affect.core.errors import ModelError

_REQUIRED = object()


class Fields:
    """One table of a `model.toml`. `model` is how messages name the model, `where` the dotted path of the table."""

    def __init__(self, table: Mapping[str, object], model: str, where: str = "") -> None:
        self._table = table
        self._model = model
        self._where = where

    def __contains__(self, key: str) -> bool:
        return key in self._table

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(self._table)

    def refuse(self, key: str, problem: str) -> ModelError:
        """The error that says what is wrong with one key."""
        return ModelError(
            f"{self._model}: “{self._path(key)}” in model.toml {problem}.",
            advice="Get the model again from where it came from, or correct the file.",
        )

    def text(self, key: str, default: object = _REQUIRED) -> str:
        value = self._get(key, default)
        if not isinstance(value, str):
            raise self.refuse(key, "is not a text")
        return value

    def whole(self, key: str, minimum: int = 1) -> int:
        value = self._get(key)
        if not isinstance(value, int) or isinstance(value, bool) or value < minimum:
            raise self.refuse(key, f"is not a whole number of at least {minimum}")
        return value

    def number(self, key: str, default: object = _REQUIRED) -> float:
        return self._as_number(key, self._get(key, default))

    def numbers(self, key: str, count: int) -> tuple[float, ...]:
        values = self._get(key)
        if not isinstance(values, list) or len(values) != count:
            raise self.refuse(key, f"is not a list of {count} numbers")
        return tuple(self._as_number(key, value) for value in values)

    def shape(self, key: str) -> tuple[int, ...]:
        values = self._get(key)
        if not isinstance(values, list) or not values or not all(type(v) is int and v > 0 for v in values):
            raise self.refuse(key, "is not a list of whole numbers above 0")
        return tuple(values)

    def texts(self, key: str) -> tuple[str, ...]:
        values = self._get(key)
        if not isinstance(values, list) or not values or not all(isinstance(v, str) for v in values):
            raise self.refuse(key, "is not a list of texts")
        return tuple(values)

    def table(self, key: str, default: object = _REQUIRED) -> Fields:
        value = self._get(key, default)
        if not isinstance(value, Mapping):
            raise self.refuse(key, "is not a table")
        return Fields(cast(Mapping[str, object], value), self._model, self._path(key))

    def tables(self, key: str) -> tuple[Fields, ...]:
        values = self._get(key)
        if not isinstance(values, list) or not values or not all(isinstance(v, Mapping) for v in values):
            raise self.refuse(key, "is not a list of tables")
        path = self._path(key)
        return tuple(Fields(value, self._model, f"{path}[{i}]") for i, value in enumerate(values))

    def _get(self, key: str, default: object = _REQUIRED) -> object:
        value = self._table.get(key, default)
        if value is _REQUIRED:
            raise self.refuse(key, "is missing")
        return value

    def _as_number(self, key: str, value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.refuse(key, "is not a number")
        return float(value)

    def _path(self, key: str) -> str:
        return f"{self._where}.{key}" if self._where else key
