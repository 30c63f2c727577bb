"""Rows as columns of text that line up."""

from __future__ import annotations

from collections.abc import Sequence


def aligned(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A heading and its rows; the last column is as long as it likes."""
    table = [head, *rows]
    widths = [max(len(row[k]) for row in table) for k in range(len(head) - 1)]
    return "\n".join(
        "  ".join([*(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=False)), row[-1]]).rstrip()
        for row in table
    )
