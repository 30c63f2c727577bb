"""The columns of our own exports: those of samples.csv with one value per signal, plus markers, alerts and annotations.

Where samples.csv holds a signal twice, as the model gave it (`_raw`) and as it was shown, an export holds it once,
under its plain name, as the person chose.
"""

from __future__ import annotations

from dataclasses import dataclass

from desktop_affect.session.format import SAMPLE_COLUMNS, SAMPLE_NAMES, Kind, Part

RAW_SUFFIX = "_raw"
TEXT_SEPARATOR = " | "


@dataclass(frozen=True, slots=True)
class Field:
    """One column of an export."""

    name: str
    unit: str
    meaning: str
    kind: Kind
    smoothed: bool = False
    """Depends on the chosen smoothing."""


_BETTER_WORDS = {Part.AFFECT, Part.ACTION_UNITS, Part.EXPRESSIONS, Part.MIMICRY}


def _fields() -> tuple[Field, ...]:
    found = []
    for column in SAMPLE_COLUMNS:
        if column.name.endswith(RAW_SUFFIX):
            continue
        smoothed = column.part in _BETTER_WORDS and column.name + RAW_SUFFIX in SAMPLE_NAMES
        meaning = column.meaning.split(", after")[0] if smoothed else column.meaning
        found.append(Field(column.name, column.unit, meaning, column.kind, smoothed))
    return tuple(found)


MARKER = Field("marker", "", "markers set at this row or since the row before, as text", Kind.TEXT)
ALERT = Field("alert", "", "rules that were firing at this row", Kind.TEXT)

ANNOTATION = Field("annotation", "", "what a person wrote about this row afterwards, as `category: text`", Kind.TEXT)

FIELDS: tuple[Field, ...] = (*_fields(), MARKER, ALERT, ANNOTATION)
"""In the order of samples.csv."""

NAMES: tuple[str, ...] = tuple(field.name for field in FIELDS)
BY_NAME = {field.name: field for field in FIELDS}
