"""`desktop-affect recover`: closes sessions that a crash or a power cut left open."""

from __future__ import annotations

import argparse
import json
import math
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_affect.cli.sessions_folder import sessions_folder
from desktop_affect.core.errors import SessionError

if TYPE_CHECKING:
    from desktop_affect.cli.parsers import Verbs
    from desktop_affect.session.recover import Recovered


def add_parser(verbs: Verbs) -> argparse.ArgumentParser:
    parser = verbs.add_parser("recover", help="repair and close sessions that were cut short")
    parser.add_argument(
        "path", nargs="?", type=Path, metavar="PATH", help="a session, or a folder of sessions (default: yours)"
    )
    parser.add_argument("--list", action="store_true", dest="only_list", help="name them, change nothing")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(go=go)
    return parser


def go(args: argparse.Namespace) -> int:
    """0 when every session is whole now, 1 when one could not be repaired."""
    folders = _folders(args.path) if args.path else _own_folders()
    outcomes = [_listed(folder) if args.only_list else _repaired(folder) for folder in folders]
    if args.json:
        print(json.dumps(outcomes, ensure_ascii=False, indent=2))
    else:
        print("\n".join(map(_line, outcomes)) or "No session was cut short.")
    return int(any("problem" in outcome for outcome in outcomes))


def _own_folders() -> list[Path]:
    """Of somebody who has not recorded yet there is no folder, and nothing to repair."""
    folder = sessions_folder()
    return _folders(folder) if folder.exists() else []


def _folders(path: Path) -> list[Path]:
    from desktop_affect.session.format import HEADER_FILE
    from desktop_affect.session.recover import find_unclosed

    if not path.exists():
        raise SessionError(f"There is no folder “{path}”.", advice="Name a session or a folder of sessions.")
    return [path] if (path / HEADER_FILE).exists() else find_unclosed(path)


def _listed(folder: Path) -> dict[str, object]:
    return {"session": str(folder)}


def _repaired(folder: Path) -> dict[str, object]:
    from desktop_affect.session.recover import recover

    try:
        return {"session": str(folder), **_facts(recover(folder))}
    except SessionError as error:
        return {"session": str(folder), "problem": error.message, "advice": error.advice}


def _facts(done: Recovered) -> dict[str, object]:
    duration_s = None if math.isnan(done.duration_s) else round(done.duration_s, 3)
    return {"state": done.state.value, "rows": done.rows, "duration_s": duration_s, "did": list(done.did)}


def _line(outcome: dict[str, object]) -> str:
    if "problem" in outcome:
        return f"{outcome['session']}: {outcome['problem']} {outcome['advice']}"
    did = outcome.get("did")
    if not isinstance(did, list):
        return str(outcome["session"])
    return f"{outcome['session']}: {'; '.join(did) or 'nothing to do'}"
