"""The settings of a run: the person's file, overruled by what the command line says."""

from __future__ import annotations

import argparse
import logging

from desktop_affect.core.settings import Settings, Value
from desktop_affect.system.settings_file import load_settings

log = logging.getLogger(__name__)


def settings_for(args: argparse.Namespace) -> Settings:
    loaded = load_settings()
    for problem in loaded.problems:
        log.warning("settings: %s", problem)
    changes: dict[str, Value] = {}
    if args.model:
        changes["model.name"] = args.model
    if args.device:
        changes["model.device"] = args.device
    return loaded.settings.with_changes(changes)
