"""The mechanism of the one settings table: defaults, validation, migration and help come from rows.

The rows stand in `settings_table.py`. A `Settings` is a frozen mapping from key to value; changing it makes a new one.
Reading a file never fails as a whole: a value that is unknown or out of bounds falls back to its default and is named
in `problems`, so that a hand-edited file cannot keep the application from starting.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

from desktop_affect.core.errors import SettingsError

Value: TypeAlias = bool | int | float | str
SCHEMA_VERSION = 1
RENAMED: Mapping[int, Mapping[str, str]] = MappingProxyType({1: MappingProxyType({})})
"""For every schema version that can be read: its keys that are called otherwise today."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One row: everything the dialog, the command line, the file and the help need to know."""

    key: str
    """`group.name`, lower case."""
    default: Value
    label: str
    help: str
    """What it does and why the default is what it is."""
    unit: str = ""
    minimum: float = -math.inf
    maximum: float = math.inf
    choices: tuple[str, ...] = ()
    """Allowed texts; empty for any."""
    restart: bool = False
    """Takes effect at the next start of the engine."""

    @property
    def group(self) -> str:
        return self.key.partition(".")[0]

    def check(self, value: object) -> Value:
        """The value in this row's type, or SettingsError in words."""
        typed = self._typed(value)
        if isinstance(typed, float | int) and not isinstance(typed, bool) and not self._in_bounds(typed):
            raise SettingsError(f"{self.label}: {typed} is not between {self.minimum:g} and {self.maximum:g}.")
        if self.choices and typed not in self.choices:
            raise SettingsError(f"{self.label}: “{typed}” is not one of {', '.join(self.choices)}.")
        return typed

    def _in_bounds(self, value: float) -> bool:
        return math.isfinite(value) and self.minimum <= value <= self.maximum

    def _typed(self, value: object) -> Value:
        kind = type(self.default)
        if kind is float and isinstance(value, int) and not isinstance(value, bool):
            return float(value)
        if isinstance(value, bool | int | float | str) and type(value) is kind:
            return value
        raise SettingsError(f"{self.label}: {value!r} is not {_KIND_WORDS[kind]}.")


_KIND_WORDS: Mapping[type, str] = MappingProxyType(
    {bool: "yes or no (true or false)", int: "a whole number", float: "a number", str: "a text"}
)


class Settings(Mapping[str, Value]):
    """Values for every row of a table. Immutable."""

    def __init__(self, table: tuple[Setting, ...], values: Mapping[str, Value] | None = None) -> None:
        self._rows = MappingProxyType({row.key: row for row in table})
        self._values = {row.key: row.default for row in table}
        for key, value in (values or {}).items():
            self._values[key] = self.row(key).check(value)

    def row(self, key: str) -> Setting:
        try:
            return self._rows[key]
        except KeyError:
            raise SettingsError(f"There is no setting called “{key}”.") from None

    @property
    def table(self) -> tuple[Setting, ...]:
        return tuple(self._rows.values())

    def __getitem__(self, key: str) -> Value:
        return self._values[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def number(self, key: str) -> float:
        value = self._values[key]
        if isinstance(value, str):
            raise TypeError(f"{key} is a text")
        return float(value)

    def whole(self, key: str) -> int:
        return int(self.number(key))

    def text(self, key: str) -> str:
        return str(self._values[key])

    def yes(self, key: str) -> bool:
        return bool(self._values[key])

    def with_changes(self, changes: Mapping[str, Value]) -> Settings:
        """A new `Settings`; raises SettingsError for an unknown key or a bad value."""
        return Settings(self.table, {**self._values, **changes})

    def changed(self) -> dict[str, Value]:
        """Only what differs from the defaults: what the settings file holds."""
        return {key: value for key, value in self._values.items() if value != self._rows[key].default}


@dataclass(frozen=True, slots=True)
class LoadedSettings:
    """The outcome of reading a settings file."""

    settings: Settings
    problems: tuple[str, ...]


def from_document(table: tuple[Setting, ...], document: Mapping[str, object]) -> LoadedSettings:
    """Settings from a parsed file (`{"schema": 1, "values": {...}}`), keeping every value that is acceptable."""
    settings, problems = Settings(table), []
    schema = document.get("schema", SCHEMA_VERSION)
    if not isinstance(schema, int) or schema > SCHEMA_VERSION:
        problems.append("The settings were written by a newer version; what this one does not know is left out.")
    values = document.get("values", {})
    renamed = RENAMED.get(schema, {}) if isinstance(schema, int) else {}
    for old, value in values.items() if isinstance(values, Mapping) else ():
        key = renamed.get(str(old), str(old))
        try:
            settings = settings.with_changes({key: settings.row(key).check(value)})
        except SettingsError as error:
            problems.append(error.message)
    return LoadedSettings(settings, tuple(problems))


def to_document(settings: Settings) -> dict[str, object]:
    """What the settings file holds."""
    return {"schema": SCHEMA_VERSION, "values": settings.changed()}
