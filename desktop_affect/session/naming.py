"""Session folders get names that every system takes and that never collide.

A template such as `{study}/{participant}/{date}_{time}` becomes a relative path. What a person typed is cleaned before
it is filled in, so a participant called `a/b` or `..` cannot leave the folder; session.json keeps the text as typed.
"""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import PurePosixPath

from desktop_affect.core.errors import SessionError

DEFAULT_TEMPLATE = "{study}/{participant}/{date}_{time}"
BIDS_TEMPLATE = (
    "{study}/sub-{participant_label}/ses-{date_label}T{time_label}/sub-{participant_label}_task-{condition_label}"
)
"""BIDS-like: labels hold letters and digits only."""

PRESETS = {"": DEFAULT_TEMPLATE, "bids": BIDS_TEMPLATE}
"""What the setting may say instead of a pattern."""

FIELDS = ("study", "participant", "condition", "date", "time")

# Windows refuses these, with any extension, in any case.
_RESERVED = frozenset(
    ["con", "prn", "aux", "nul", "conin$", "conout$"]
    + [f"{port}{n}" for port in ("com", "lpt") for n in [*"0123456789", "\u00b9", "\u00b2", "\u00b3"]]
)
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
# Windows paths end at 260 characters unless the person changed a policy; file systems count 255 bytes a name.
_MOST_BYTES = 60


def relative_folder(template: str, texts: Mapping[str, str], local: datetime) -> PurePosixPath:
    """Where a session goes below the root; `texts` holds study, participant and condition, `local` the start.

    A segment whose fields are all empty is left out. Raises SessionError for a template that cannot work.
    """
    fields = _fields(texts, local)
    segments = [made for part in template.split("/") if (made := _segment(part, fields))]
    return PurePosixPath(*(segments or [_segment("{date}_{time}", fields)]))


def check_template(template: str) -> None:
    """Raises SessionError in words for a template that cannot work."""
    relative_folder(template, {}, datetime(2000, 1, 1))


def _fields(texts: Mapping[str, str], local: datetime) -> dict[str, str]:
    plain = {name: clean(texts.get(name, "")) if texts.get(name, "").strip() else "" for name in FIELDS[:3]}
    plain |= {"date": local.strftime("%Y-%m-%d"), "time": local.strftime("%H-%M-%S")}
    return plain | {f"{name}_label": _label(text) for name, text in plain.items()}


def _segment(part: str, fields: Mapping[str, str]) -> str:
    names = list(_field_names(part))
    unknown = [name for name in names if name not in fields]
    if unknown:
        raise SessionError(
            f"The name pattern uses {{{unknown[0]}}}, which does not exist.",
            advice=f"Fields are {', '.join('{' + name + '}' for name in fields)}.",
        )
    if names and not any(fields[name] for name in names):
        return ""
    text = part.format_map(fields).strip()
    return clean(text) if text else ""


def _field_names(part: str) -> Iterator[str]:
    try:
        parsed = list(string.Formatter().parse(part))
    except ValueError as error:
        raise SessionError(
            f"The name pattern “{part}” is not complete.", advice="Every { needs its }.", detail=str(error)
        ) from error
    for _, name, spec, conversion in parsed:
        if spec or conversion:
            raise SessionError(f"The name pattern “{part}” has more than a name inside its braces.")
        if name is not None:
            yield name


def clean(text: str) -> str:
    """The text as one name that Windows, macOS and Linux all take; never empty, never hidden."""
    name = _FORBIDDEN.sub("_", unicodedata.normalize("NFC", text))
    name = name.encode("utf-8", "replace")[:_MOST_BYTES].decode("utf-8", "ignore")
    name = name.strip(". ")  # Windows drops them at the end; at the beginning they hide a folder
    if not name:
        return "_"
    stem, dot, rest = name.partition(".")
    return f"{stem.rstrip()}_{dot}{rest}" if stem.rstrip().lower() in _RESERVED else name


def _label(text: str) -> str:
    return "".join(mark for mark in text if mark.isalnum())


def numbered(folder: PurePosixPath) -> Iterator[PurePosixPath]:
    """The name, then the name with `_2`, `_3` ...: the first that is free is taken."""
    yield folder
    for number in range(2, 10_000):
        yield folder.with_name(f"{folder.name}_{number}")
