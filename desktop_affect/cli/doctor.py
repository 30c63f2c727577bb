"""`desktop-affect doctor`: is everything here that a study needs, and if not, what to do."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING

from desktop_affect.cli.overrides import settings_for

if TYPE_CHECKING:
    from desktop_affect.cli.check import Check
    from desktop_affect.cli.parsers import Verbs

_SIGNS = {"ok": "ok     ", "warning": "warning", "problem": "PROBLEM"}


def add_parser(verbs: Verbs) -> argparse.ArgumentParser:
    parser = verbs.add_parser("doctor", help="check cameras, models, devices, display and disk")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of lines")
    parser.set_defaults(go=go, model=None, device=None)
    return parser


def go(args: argparse.Namespace) -> int:
    """0 when nothing is a problem; warnings are allowed."""
    from desktop_affect.cli.check import Outcome
    from desktop_affect.cli.checks import run_checks

    checks = []
    for check in run_checks(settings_for(args)):
        checks.append(check)
        if not args.json:
            print(*_lines(check), sep="\n", flush=True)
    worst = Outcome.PROBLEM if any(c.outcome is Outcome.PROBLEM for c in checks) else Outcome.OK
    if args.json:
        print(json.dumps({"outcome": worst.value, "checks": [_document(check) for check in checks]}, indent=2))
    return 1 if worst is Outcome.PROBLEM else 0


def _lines(check: Check) -> list[str]:
    lines = [f"{_SIGNS[check.outcome.value]}  {check.name}: {check.summary}"]
    if check.advice:
        lines.append(f"         → {check.advice}")
    return lines


def _document(check: Check) -> dict[str, object]:
    return {
        "name": check.name,
        "outcome": check.outcome.value,
        "summary": check.summary,
        "advice": check.advice,
        "details": check.details,
    }
