"""The action units in the words of the Facial Action Coding System."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

NAMES: Mapping[str, str] = MappingProxyType(
    {
        "AU01": "inner brow raiser",
        "AU02": "outer brow raiser",
        "AU04": "brow lowerer",
        "AU06": "cheek raiser",
        "AU07": "lid tightener",
        "AU10": "upper lip raiser",
        "AU12": "lip corner puller",
        "AU15": "lip corner depressor",
        "AU23": "lip tightener",
        "AU24": "lip pressor",
        "AU25": "lips part",
        "AU26": "jaw drop",
    }
)
